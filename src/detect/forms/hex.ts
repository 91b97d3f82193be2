/** Text in hex digits, with whatever separates them, and as `xxd` and `hexdump -C` print it. */
import { type Decoded, endsPiece, isText, Run } from "./decoded.ts";
import { digitValue } from "./escapes.ts";
import { canStartGap, joinsEncoded, readGap } from "./gaps.ts";

const MAX_SEPARATORS = 8;
const LINE_FEED = 0x0a;

/** The digits that the one at `at` belongs to, `reach` bytes to its left and twice as many to its right. */
export function readHexRun(text: Uint8Array, at: number, reach: number): Run {
  return readDump(text, at, reach) ?? readDigits(text, at, reach);
}

function readDigits(text: Uint8Array, at: number, reach: number): Run {
  let index = at;
  const lowest = Math.max(0, at - reach);
  while (index > lowest && MAY_STAND_IN_A_RUN[text[index - 1]!] === 1) index -= 1;
  const limit = Math.min(text.length, at + 2 * reach);
  const run = new Run();
  while (index < limit) {
    const end = endOfDigits(text, index, limit);
    if (end > index) {
      run.add(text, index, end);
      index = end;
      continue;
    }
    const byte = text[index]!;
    const next = skipSeparators(text, index);
    const gap = next === -1 && canStartGap(byte) ? readGap(text, index, isDigit) : null;
    if (next !== -1) {
      index = next;
    } else if (gap !== null && joinsEncoded(gap)) {
      run.cut(index, gap.by);
      index = gap.end;
    } else {
      if (index > at) break;
      run.restart();
      index += 1;
    }
  }
  run.end = index;
  return run;
}

/** Where digits end that begin at `at`, with the mark of a number. */
function endOfDigits(text: Uint8Array, at: number, limit: number): number {
  let end = at;
  while (end < limit && digitValue(text[end]!) !== -1 && !isMark(text, end)) end += 1;
  return end;
}

/** `0x` in front of a number. */
function isMark(text: Uint8Array, at: number): boolean {
  return text[at] === 0x30 && (text[at + 1] === 0x78 || text[at + 1] === 0x58);
}

/** As far as digits are looked at to tell whether they are text. */
const SAMPLE_REACH = 96;
const SAMPLE_BYTES = 10;
const MIN_SAMPLE_BYTES = 6;

/** The digits right behind `at`. */
export function sampleHex(text: Uint8Array, at: number): Run {
  const run = new Run();
  const limit = Math.min(text.length, at + SAMPLE_REACH);
  let index = isMark(text, at) ? at + 2 : at;
  while (index !== -1 && index < limit && run.length <= 2 * SAMPLE_BYTES) {
    const end = endOfDigits(text, index, limit);
    if (end > index) run.add(text, index, end);
    index = end > index ? end : skipSeparators(text, index);
  }
  return run;
}

function isDigit(byte: number): boolean {
  return digitValue(byte) !== -1;
}

const IS_SEPARATOR = new Uint8Array(256);
for (const byte of Buffer.from(" \t\r\n:,;-")) IS_SEPARATOR[byte] = 1;
const MAY_STAND_IN_A_RUN = new Uint8Array(256);
for (const byte of Buffer.from("0123456789abcdefABCDEFxX \t\r\n:,;-\"'`+.&\\")) MAY_STAND_IN_A_RUN[byte] = 1;

/** The end of what separates two digits here, with the mark of the next one, or -1. */
function skipSeparators(text: Uint8Array, at: number): number {
  let end = at;
  let blanks = 0;
  while (end < text.length && IS_SEPARATOR[text[end]!] === 1) {
    // Indentation is as long as it is.
    if (text[end] !== 0x20 && text[end] !== 0x09) blanks += 1;
    if (blanks > MAX_SEPARATORS || end - at > 128) return -1;
    end += 1;
    // Of `hex:69,00,\\`, as regedit writes it.
    if (text[end] === 0x5c && text[end - 1] === 0x2c && isLineBreak(text, end + 1)) end += 1;
  }
  if (isMark(text, end)) end += 2;
  return end > at && digitValue(text[end] ?? 0) !== -1 ? end : -1;
}

function isLineBreak(text: Uint8Array, at: number): boolean {
  return text[at] === LINE_FEED || (text[at] === 0x0d && text[at + 1] === LINE_FEED);
}

/** Decodes digits in pairs from the digit number `first` on. */
export function decodeHex(text: Uint8Array, run: Run, first: number): Decoded {
  return {
    bytes: Buffer.from(run.characters.toString("latin1", first), "hex"),
    startOf: (index) => run.positionOf(first + 2 * index),
    endOf: (index) => run.positionOf(first + 2 * index + 1) + 1,
    mayEnd: (index) => endsPiece(text, run, first + 2 * index - 1),
  };
}

/** The byte that the two digits at `at` are, behind `0x` where that is there, or -1. */
export function hexByteAt(text: Uint8Array, at: number): number {
  const first = isMark(text, at) ? at + 2 : at;
  const [high, low] = [digitValue(text[first] ?? 0), digitValue(text[first + 1] ?? 0)];
  return high === -1 || low === -1 ? -1 : high * 16 + low;
}

/** Whether the digits from number `first` on are text, as far as they go. */
export function isTextInHex({ characters }: Run, first: number): boolean {
  const bytes = Buffer.from(characters.toString("latin1", first, first + 2 * SAMPLE_BYTES), "hex");
  return bytes.length >= MIN_SAMPLE_BYTES && isText(bytes);
}

/**
 * A line of a dump: what stands before it, an offset, bytes, and often the same bytes as characters, which can be hex digits
 * too. `xxd` has two blanks in front of those and nowhere else, `hexdump -C` a bar.
 */
const DUMP_LINE =
  /^[^\r\n0-9a-fA-F]{0,40}?(?:([0-9a-fA-F]{4,16}): ((?:[0-9a-fA-F]{2}){1,8}(?: (?:[0-9a-fA-F]{2}){1,8}){0,31})(?= {2}| ?$)|([0-9a-fA-F]{4,16})[ \t]{1,4}([0-9a-fA-F]{2}(?:[ \t]{1,3}[0-9a-fA-F]{2}){0,31})(?=[ \t]{1,80}[|>]|[ \t]{0,4}$))/;
const MAX_DUMP_LINE = 256;
const MAX_DUMP_LINES = 64;

/** The digits of the lines of a dump around `at`, or null where this is no line of one. */
function readDump(text: Uint8Array, at: number, reach: number): Run | null {
  const own = dumpLine(text, lineStart(text, at));
  if (own === null) return null;
  const lines = [own];
  const lowest = Math.max(0, at - reach);
  for (let count = 0; count < MAX_DUMP_LINES && lines[0]!.start > lowest; count++) {
    const line = dumpLine(text, lineStart(text, lines[0]!.start - 1));
    if (line === null || !follows(line, lines[0]!)) break;
    lines.unshift(line);
  }
  const limit = Math.min(text.length, at + 2 * reach);
  for (let last = own; last.end + 1 < limit;) {
    const line = dumpLine(text, last.end + 1);
    if (line === null || !follows(last, line)) break;
    lines.push(line);
    last = line;
  }
  // One line can be anything.
  if (lines.length === 1) return null;
  const run = new Run();
  for (const { digits } of lines) {
    for (const position of digits) run.add(text, position, position + 1);
    run.end = digits.at(-1)! + 1;
  }
  return run;
}

interface DumpLine {
  readonly start: number;
  readonly end: number;
  readonly offset: string;
  readonly digits: readonly number[];
}

/** Offsets are hex digits, of `od` octal ones, and decimal ones where that is asked for. */
function follows(first: DumpLine, second: DumpLine): boolean {
  return [16, 8, 10].some(
    (base) => Number.parseInt(second.offset, base) - Number.parseInt(first.offset, base) === first.digits.length / 2,
  );
}

function lineStart(text: Uint8Array, at: number): number {
  let start = at;
  while (start > 0 && text[start - 1] !== LINE_FEED && at - start < MAX_DUMP_LINE) start -= 1;
  return start;
}

function dumpLine(text: Uint8Array, start: number): DumpLine | null {
  let end = start;
  while (end < text.length && text[end] !== LINE_FEED && end - start < MAX_DUMP_LINE) end += 1;
  if (end - start === MAX_DUMP_LINE) return null;
  const line = Buffer.from(text.buffer, text.byteOffset + start, end - start)
    .toString("latin1")
    .replace(/\r$/, "");
  const match = DUMP_LINE.exec(line);
  if (match === null) return null;
  const whole = match[0];
  const [offset, body] = match[1] === undefined ? [match[3]!, match[4]!] : [match[1], match[2]!];
  const bodyStart = start + whole.length - body.length;
  const digits = [...body].flatMap((character, index) =>
    digitValue(character.charCodeAt(0)) === -1 ? [] : [bodyStart + index],
  );
  return { start, end, offset, digits };
}
