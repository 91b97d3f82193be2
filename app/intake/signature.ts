/** `X-Hub-Signature-256: sha256=<hex HMAC-SHA256 of the raw body>`. Source: GitHub's page on validating deliveries. */
import { createHmac, timingSafeEqual } from "node:crypto";

const FORM = /^sha256=[0-9a-f]{64}$/;

/** @param secrets all of which are tried, whichever fits, so that the time tells nothing */
export function isSigned(body: Buffer, header: string | undefined, secrets: readonly string[]): boolean {
  if (header === undefined || !FORM.test(header)) return false;
  const given = Buffer.from(header.slice("sha256=".length), "hex");
  let fits = false;
  for (const secret of secrets) {
    const expected = createHmac("sha256", secret).update(body).digest();
    fits = timingSafeEqual(given, expected) || fits;
  }
  return fits;
}
