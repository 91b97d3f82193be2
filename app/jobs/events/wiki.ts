/** Pages of a wiki were written: the event has no text, so that the wiki's own repository is read, old versions too. */
import { scanWiki } from "../scan-wiki.ts";
import { coverRepository } from "./covered-repository.ts";
import type { EventHandler } from "./handler.ts";
import { wikiPayload } from "./payloads.ts";

export const handleWiki: EventHandler = async (context, delivery, signal) => {
  const { pages, sender, ...payload } = wikiPayload.parse(delivery.payload);
  const repository = await coverRepository(context, payload.repository, payload.installation.id);
  if (typeof repository === "string") return repository;
  const tips = [...new Set(pages.map(({ sha }) => sha))];
  if (tips.length === 0) return "no page was written";
  const source = {
    repository,
    deliveryId: delivery.id,
    actor: sender?.login ?? null,
    receivedAt: delivery.receivedAt,
  };
  return scanWiki(context, source, tips, signal);
};
