import {
  decodeByteText,
  encodeByteText
} from "./chunk-QQ2TBE5L.js";

// src/scan/mask.ts
function maskPieces(detector, rules, text) {
  return rules.reduce(
    (masked, { grammar: { prefix } }) => masked.split(prefix).map((piece, index) => index === 0 ? piece : piece.replace(/^[\w-]{12,}/, "…")).join(prefix),
    mask(detector, text)
  );
}
function mask(detector, text) {
  const bytes = encodeByteText(text);
  const hits = [...detector.find(bytes)].toSorted((a, b) => a.start - b.start);
  if (hits.length === 0) return text;
  const pieces = [];
  let position = 0;
  for (const hit of hits) {
    if (hit.start < position) continue;
    pieces.push(decodeByteText(bytes.subarray(position, hit.start)), hit.token.masked);
    position = hit.end;
  }
  return [...pieces, decodeByteText(bytes.subarray(position))].join("");
}

export {
  maskPieces,
  mask
};
