/** The vendor's own signing style: `t=<unix>,v1=<hex hmac-sha256>` over `"{t}.{raw body}"`. */
import { createHmac } from "node:crypto";

export const SIGNATURE_HEADER = "x-inferencekey-signature";

/** @param secrets one, or two while one takes the other's place: a signature by each of them */
export function signBody(body: string, secrets: readonly string[], unixSeconds: number): string {
  const signatures = secrets.map((secret) =>
    createHmac("sha256", secret).update(`${unixSeconds}.${body}`).digest("hex"),
  );
  return [`t=${unixSeconds}`, ...signatures.map((signature) => `v1=${signature}`)].join(",");
}
