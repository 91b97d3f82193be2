/** Trades the code that GitHub hands out for the new App and its secrets. A code is good for one time and an hour. */
import { createPrivateKey } from "node:crypto";
import * as z from "zod";
import { SettingsError } from "../settings-error.ts";

const conversion = z.object({
  id: z.number().int().positive(),
  slug: z.string().optional(),
  name: z.string().optional(),
  html_url: z.string().optional(),
  pem: z.string(),
  webhook_secret: z.string().nullable().optional(),
});

export interface NewApp {
  readonly id: number;
  readonly slug: string | null;
  /** The App's page. */
  readonly pageUrl: string | null;
  readonly privateKey: string;
  /** Null where GitHub made none. */
  readonly webhookSecret: string | null;
}

const TIMEOUT_MS = 30_000;
const MAX_BYTES = 256 * 1024;
const AGAIN = "run init again: GitHub shows the App, which may be there already, under the owner's settings";

/** @throws {SettingsError} with what GitHub answered, and nothing of what it sent */
export async function convertCode(apiUrl: string, code: string): Promise<NewApp> {
  const url = `${apiUrl}/app-manifests/${encodeURIComponent(code)}/conversions`;
  let status: number;
  let text: string;
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: {
        accept: "application/vnd.github+json",
        "user-agent": "keyrecall-app",
        "x-github-api-version": "2022-11-28",
      },
      // The answer has the App's private key: it comes from this server or not at all.
      redirect: "error",
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    status = response.status;
    text = await boundedText(response);
  } catch {
    throw new SettingsError(`${new URL(apiUrl).host} could not be asked for the new App`, AGAIN);
  }
  if (status !== 201) {
    const hint = status === 404 ? "the code is used up, or older than an hour: run init again" : AGAIN;
    throw new SettingsError(`${new URL(apiUrl).host} answered ${status} to the code of the new App`, hint);
  }
  const parsed = conversion.safeParse(parse(text));
  if (!parsed.success || !isPrivateKey(parsed.data.pem)) {
    throw new SettingsError(`${new URL(apiUrl).host} answered with something that is no App`, AGAIN);
  }
  const { id, slug, html_url: page, pem, webhook_secret: secret } = parsed.data;
  return {
    id,
    slug: slug !== undefined && /^[\w-]{1,100}$/.test(slug) ? slug : null,
    pageUrl: page !== undefined && URL.canParse(page) ? new URL(page).href : null,
    privateKey: pem,
    webhookSecret: secret === undefined || secret === null || secret === "" ? null : secret,
  };
}

async function boundedText({ body }: Response): Promise<string> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of body ?? []) {
    length += piece.length;
    if (length > MAX_BYTES) throw new Error("too long");
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString("utf8");
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isPrivateKey(pem: string): boolean {
  try {
    return createPrivateKey(pem).asymmetricKeyType === "rsa";
  } catch {
    return false;
  }
}
