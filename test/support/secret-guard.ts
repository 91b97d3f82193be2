// The promise that no output holds a secret part is not left to single tests: every run of the tool is checked here.
const WINDOW = 16;

/** All in lower case. */
const chosenSecrets = new Set<string>();
const piecesOfRandomSecrets = new Set<string>();

/**
 * A random secret (of hex digits) may not even show in part. Of a chosen one (all zeros, say) only the whole counts: its
 * pieces can be anybody's, such as the null object id.
 */
export function rememberSecret(secret: string, origin: "random" | "chosen"): void {
  const lower = secret.toLowerCase();
  if (origin === "chosen") {
    chosenSecrets.add(lower);
    return;
  }
  for (let start = 0; start + WINDOW <= lower.length; start += 1)
    piecesOfRandomSecrets.add(lower.slice(start, start + WINDOW));
}

/** Throws if `output` holds a known secret: plain, in another case, in part, in UTF-16, in base64, or as hex of its bytes. */
export function assertNoSecret(output: Buffer, where: string): void {
  for (const text of readings(output)) {
    const found = findPiece(text) ?? findWhole(text);
    if (found !== undefined)
      throw new Error(`${where} shows a secret part: …${found.slice(0, 6)}… (${found.length} digits)`);
  }
}

/** The output as it stands, without the NULs of UTF-16, and with everything decoded that looks encoded. */
function* readings(output: Buffer): Generator<string> {
  const text = output.toString("latin1").toLowerCase();
  yield text;
  if (text.includes("\0")) yield text.replaceAll("\0", "");
  const original = output.toString("latin1");
  for (const [run] of original.matchAll(/[A-Za-z0-9+/_-]{20,}/g)) {
    // A secret can start at any of the four digits of a base64 group.
    for (let shift = 0; shift < 4; shift += 1)
      yield Buffer.from(run.slice(shift), "base64").toString("latin1").toLowerCase();
    if (/^[0-9a-f]+$/i.test(run)) {
      for (let shift = 0; shift < 2; shift += 1)
        yield Buffer.from(run.slice(shift), "hex").toString("latin1").toLowerCase();
    }
  }
}

function findPiece(text: string): string | undefined {
  for (const [run] of text.matchAll(/[0-9a-f]{16,}/g)) {
    for (let start = 0; start + WINDOW <= run.length; start += 1) {
      const piece = run.slice(start, start + WINDOW);
      if (piecesOfRandomSecrets.has(piece)) return piece;
    }
  }
  return undefined;
}

function findWhole(text: string): string | undefined {
  for (const secret of chosenSecrets) if (text.includes(secret)) return secret;
  return undefined;
}
