// The scheme in which InferenceKey signs its webhooks: `t=<unix seconds>,v1=<hex hmac-sha256>` over `"{t}.{body}"`.
import { createHmac, timingSafeEqual } from "node:crypto";

const TOLERANCE_SECONDS = 300;

export type SignatureVerdict = "valid" | "missing" | "invalid" | "stale";

/** More signatures than any rotation needs are not looked at: each costs a comparison. */
const MAX_SIGNATURES = 8;

/** The header for a body; during a rotation with one `v1` for each secret. */
export function signatureHeader(body: Buffer | string, secrets: readonly string[], seconds: number): string {
  return [`t=${seconds}`, ...secrets.map((secret) => `v1=${hmac(body, secret, String(seconds)).toString("hex")}`)].join(
    ",",
  );
}

/**
 * Any signature may match any secret. Only a signature that matches is told that its time is wrong: a stranger learns
 * nothing but that it is one.
 */
export function checkSignature(
  header: string | undefined,
  body: Buffer,
  secrets: readonly string[],
  nowSeconds: number,
): SignatureVerdict {
  if (header === undefined) return "missing";
  const fields = header.split(",").map((field) => field.trim().split("=", 2));
  const time = fields.find(([name]) => name === "t")?.[1] ?? "";
  const signatures = fields.filter(([name]) => name === "v1").map(([, value = ""]) => value);
  if (!/^\d{1,12}$/.test(time)) return "invalid";
  let matches = false;
  for (const secret of secrets) {
    const expected = hmac(body, secret, time);
    // No early exit: how long this takes must not tell which secret or signature was close.
    for (const signature of signatures.slice(0, MAX_SIGNATURES)) matches = equals(signature, expected) || matches;
  }
  if (!matches) return "invalid";
  return Math.abs(nowSeconds - Number(time)) > TOLERANCE_SECONDS ? "stale" : "valid";
}

function hmac(body: Buffer | string, secret: string, time: string): Buffer {
  return createHmac("sha256", secret).update(`${time}.`).update(body).digest();
}

function equals(signature: string, expected: Buffer): boolean {
  if (!/^[0-9a-f]{64}$/i.test(signature)) return false;
  return timingSafeEqual(Buffer.from(signature, "hex"), expected);
}
