/**
 * Text that came as bytes, without loss: git and Linux keep names as bytes that need not be UTF-8.
 * Each byte that is not part of valid UTF-8 becomes a lone surrogate U+DC80 to U+DCFF, as Python's
 * `surrogateescape` does, so that the bytes can be had back to open the very file.
 */
import { isUtf8 } from "node:buffer";

const ESCAPE_BASE = 0xdc00;

export function decodeByteText(bytes: Buffer): string {
  if (isUtf8(bytes)) return bytes.toString("utf8");
  let text = "";
  let position = 0;
  while (position < bytes.length) {
    const length = utf8SequenceLength(bytes, position);
    if (length === 0) {
      text += String.fromCharCode(ESCAPE_BASE + bytes[position]!);
      position += 1;
    } else {
      text += bytes.toString("utf8", position, position + length);
      position += length;
    }
  }
  return text;
}

export function encodeByteText(text: string): Buffer {
  if (!/[\udc00-\udcff]/.test(text)) return Buffer.from(text, "utf8");
  const pieces: Buffer[] = [];
  for (const character of text) {
    const code = character.codePointAt(0)!;
    pieces.push(
      code >= ESCAPE_BASE && code <= ESCAPE_BASE + 0xff ? Buffer.from([code - ESCAPE_BASE]) : Buffer.from(character),
    );
  }
  return Buffer.concat(pieces);
}

/** The length of the valid UTF-8 sequence at `position`, or 0 where there is none. */
function utf8SequenceLength(bytes: Buffer, position: number): number {
  const first = bytes[position]!;
  const length = first < 0x80 ? 1 : first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0;
  if (length === 0 || position + length > bytes.length) return 0;
  return isUtf8(bytes.subarray(position, position + length)) ? length : 0;
}
