/** One attempt to hand a notification over: signed as requests to a revocation provider are, and never redirected. */
import { HttpClient, SIGNATURE_HEADER, signBody } from "keyrecall";
import { VERSION } from "../version.ts";

export interface Receiver {
  readonly url: URL;
  /** One, or two while one takes the other's place; none where the address itself is the secret. */
  readonly secrets: readonly string[];
}

export type Handover =
  | { readonly kind: "taken" }
  /** For people; nothing of the address but its host. */
  | { readonly kind: "refused"; readonly why: string }
  | { readonly kind: "passing"; readonly why: string; readonly retryAfterMs: number | null };

const LIMITS = { totalMs: 10_000, maxBytes: 64 * 1024, maxAttempts: 1 };

export async function handOver({ url, secrets }: Receiver, body: string, signal: AbortSignal): Promise<Handover> {
  const client = new HttpClient(url.href, LIMITS, 1, signal);
  try {
    const result = await client.send({
      method: "POST",
      url: url.href,
      headers: () => ({
        "content-type": "application/json",
        "user-agent": `keyrecall-app/${VERSION}`,
        ...(secrets.length === 0 ? {} : { [SIGNATURE_HEADER]: signBody(body, secrets, Math.floor(Date.now() / 1000)) }),
      }),
      body,
    });
    if (result.kind === "failure") return { kind: "passing", why: `${url.host} ${result.why}`, retryAfterMs: null };
    const { status, location, retryAfterMs } = result;
    if (status >= 200 && status < 300) return { kind: "taken" };
    if (location !== null) return { kind: "refused", why: `${url.host} redirects, which is not followed` };
    const why = `${url.host} answered ${status}`;
    const isPassing = status === 408 || status === 429 || status >= 500;
    return isPassing ? { kind: "passing", why, retryAfterMs } : { kind: "refused", why };
  } finally {
    await client.close();
  }
}
