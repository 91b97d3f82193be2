// Tokens for tests. They are generated while the tests run, because Keyrecall scans its own history:
// a literal of the full shape in this repository would be a finding. Every secret part that is made here is
// remembered, so that `secret-guard.ts` can look for it in whatever the tool prints.
import { createHash, randomBytes } from "node:crypto";
import { rememberSecret } from "./secret-guard.ts";

export type Plane = "control" | "data";

export interface MadeToken {
  readonly plane: Plane;
  readonly prefix: string;
  readonly publicId: string;
  readonly secret: string;
  readonly raw: string;
  readonly masked: string;
  readonly fingerprint: string;
}

export interface TokenOptions {
  readonly plane?: Plane;
  /** The same seed gives the same token. */
  readonly seed?: string | number;
  readonly publicId?: string;
  /** A given secret part, for placeholders and near misses. */
  readonly secret?: string;
  readonly upperCase?: boolean;
}

const PREFIXES: Readonly<Record<Plane, string>> = { control: "ik_sdk_", data: "ik_live_" };

export function makeToken(options: TokenOptions = {}): MadeToken {
  const plane = options.plane ?? "control";
  const digits = randomHex(options.seed, 36);
  const withCase = (hex: string): string => (options.upperCase === true ? hex.toUpperCase() : hex);
  const publicId = withCase(options.publicId ?? digits.slice(0, 8));
  const secret = withCase(options.secret ?? digits.slice(8, 72));
  rememberSecret(secret, options.secret === undefined ? "random" : "chosen");
  const prefix = PREFIXES[plane];
  const raw = `${prefix}${publicId}_${secret}`;
  return { plane, prefix, publicId, secret, raw, masked: `${prefix}${publicId}…`, fingerprint: fingerprintOf(raw) };
}

export function fingerprintOf(raw: string): string {
  return `sha256:${createHash("sha256").update(raw).digest("hex")}`;
}

type Tuple<Count extends number, Made extends MadeToken[] = []> = number extends Count
  ? MadeToken[]
  : Made["length"] extends Count
    ? Made
    : Tuple<Count, [...Made, MadeToken]>;

/** Several different tokens; with a literal count, a tuple of that length. */
export function makeTokens<Count extends number>(count: Count, options: TokenOptions = {}): Tuple<Count> {
  return Array.from({ length: count }, () => makeToken(options)) as Tuple<Count>;
}

/** Hex digits that look random; from a seed, or fresh. */
export function randomHex(seed: string | number | undefined, bytes: number): string {
  if (seed === undefined) return randomBytes(bytes).toString("hex");
  let hex = "";
  for (let block = 0; hex.length < bytes * 2; block += 1) {
    hex += createHash("sha256").update(`keyrecall test ${seed} ${block}`).digest("hex");
  }
  return hex.slice(0, bytes * 2);
}
