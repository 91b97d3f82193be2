/** Names, messages and paths are shown to people, and each of them can hold a token. */
import { decodeByteText, encodeByteText } from "../core/byte-text.ts";
import type { Detector } from "../detect/detector.ts";
import type { Rule } from "../rules/schema.ts";

/**
 * As {@link mask}, for messages of git, which cut what they quote: a piece of a token is no token any more, but
 * most of its secret.
 */
export function maskPieces(detector: Detector, rules: readonly Rule[], text: string): string {
  return rules.reduce(
    (masked, { grammar: { prefix } }) =>
      masked
        .split(prefix)
        .map((piece, index) => (index === 0 ? piece : piece.replace(/^[\w-]{12,}/, "…")))
        .join(prefix),
    mask(detector, text),
  );
}

/** The text with every token in it replaced by its masked form. */
export function mask(detector: Detector, text: string): string {
  const bytes = encodeByteText(text);
  const hits = [...detector.find(bytes)].toSorted((a, b) => a.start - b.start);
  if (hits.length === 0) return text;
  const pieces: string[] = [];
  let position = 0;
  for (const hit of hits) {
    if (hit.start < position) continue;
    pieces.push(decodeByteText(bytes.subarray(position, hit.start)), hit.token.masked);
    position = hit.end;
  }
  return [...pieces, decodeByteText(bytes.subarray(position))].join("");
}
