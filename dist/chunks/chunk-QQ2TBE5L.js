// src/core/byte-text.ts
import { isUtf8 } from "node:buffer";
var ESCAPE_BASE = 56320;
function decodeByteText(bytes) {
  if (isUtf8(bytes)) return bytes.toString("utf8");
  let text = "";
  let position = 0;
  while (position < bytes.length) {
    const length = utf8SequenceLength(bytes, position);
    if (length === 0) {
      text += String.fromCharCode(ESCAPE_BASE + bytes[position]);
      position += 1;
    } else {
      text += bytes.toString("utf8", position, position + length);
      position += length;
    }
  }
  return text;
}
function encodeByteText(text) {
  if (!/[\udc00-\udcff]/.test(text)) return Buffer.from(text, "utf8");
  const pieces = [];
  for (const character of text) {
    const code = character.codePointAt(0);
    pieces.push(
      code >= ESCAPE_BASE && code <= ESCAPE_BASE + 255 ? Buffer.from([code - ESCAPE_BASE]) : Buffer.from(character)
    );
  }
  return Buffer.concat(pieces);
}
function utf8SequenceLength(bytes, position) {
  const first = bytes[position];
  const length = first < 128 ? 1 : first < 194 ? 0 : first < 224 ? 2 : first < 240 ? 3 : first < 245 ? 4 : 0;
  if (length === 0 || position + length > bytes.length) return 0;
  return isUtf8(bytes.subarray(position, position + length)) ? length : 0;
}

export {
  decodeByteText,
  encodeByteText
};
