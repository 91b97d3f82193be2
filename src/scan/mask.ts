/** Names, messages and paths are shown to people, and each of them can hold a token. */
import { decodeByteText, encodeByteText } from "../core/byte-text.ts";
import type { Detector } from "../detect/detector.ts";

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
