/** What the events that carry a text have in common: who wrote what where, and what an edit replaced. */
import * as z from "zod";
import { type PostedTexts, scanTexts, type TextPart } from "../scan-texts.ts";
import { coverRepository } from "./covered-repository.ts";
import type { EventHandler } from "./handler.ts";
import { textEventPayload } from "./payloads.ts";

/** Reads one kind of event. @throws {z.ZodError} where it has not the fields that GitHub documents */
export type TextReader = (payload: unknown) => Omit<PostedTexts, "replaced" | "isDeleted">;

const change = z.object({ from: z.string() });

export function textHandler(read: TextReader): EventHandler {
  return async (context, delivery, signal) => {
    const payload = textEventPayload.parse(delivery.payload);
    const { sender, installation, changes, action } = payload;
    // What the App writes comes back as an event too, and holds no token.
    if (sender?.login === (await context.identity()).botLogin) return "the App's own text";
    const repository = await coverRepository(context, payload.repository, installation.id);
    if (typeof repository === "string") return repository;
    const source = {
      repository,
      deliveryId: delivery.id,
      actor: sender?.login ?? null,
      receivedAt: delivery.receivedAt,
    };
    const texts = { ...read(delivery.payload), replaced: replacedBy(changes), isDeleted: action === "deleted" };
    return scanTexts(context, source, texts, signal);
  };
}

/** Whatever was edited: a token that was taken out of a text stands in here. */
function replacedBy(changes: Readonly<Record<string, unknown>>): TextPart[] {
  return Object.entries(changes).flatMap(([part, value]): TextPart[] => {
    const { success, data } = change.safeParse(value);
    return success && data.from !== "" ? [{ part, text: data.from }] : [];
  });
}

/** Fields of a text, without those that are empty. */
export function partsOf(fields: Readonly<Record<string, string | null | undefined>>): TextPart[] {
  return Object.entries(fields).flatMap(([part, text]) => (text == null || text === "" ? [] : [{ part, text }]));
}
