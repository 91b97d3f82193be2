/** gzip (RFC 1952): one stream in one or several members. */
import { crc32 } from "node:zlib";
import { type ArchiveVisitor, CUT_OFF, DAMAGED, WRONG_CHECKSUM } from "./archive.ts";
import { type ByteInput, need, type Steps } from "./byte-input.ts";
import { Inflater } from "./inflate.ts";

const HEADER_BYTES = 10;
const TRAILER_BYTES = 8;
const DEFLATE = 8;
const HAS_HEADER_CHECKSUM = 2;
const HAS_EXTRA = 4;
const HAS_NAME = 8;
const HAS_COMMENT = 16;
const RESERVED_FLAGS = 0xe0;
const MAX_KNOWN_SYSTEM = 13;
const UNKNOWN_SYSTEM = 255;
/** A name or comment in a header is looked at up to this length. */
const MAX_TEXT_BYTES = 64 * 1024;
/** Data that is none of deflate's shows it within its first bytes. */
const CONVINCING_BYTES = 64;
const MAX_DEFLATE_RATIO = 1032;

export function beginsLikeGzip(bytes: Buffer): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b && bytes[2] === DEFLATE && (bytes[3]! & RESERVED_FLAGS) === 0;
}

/** As every program writes the bytes that nothing depends on. */
function isUsualHeader(header: Buffer): boolean {
  const [flags, system] = [header[8]!, header[9]!];
  return (flags === 0 || flags === 2 || flags === 4) && (system <= MAX_KNOWN_SYSTEM || system === UNKNOWN_SYSTEM);
}

/** Behind the last member anything may follow, as gzip itself has it: those bytes stand there as they are. */
export function* readGzip(input: ByteInput, visitor: ArchiveVisitor): Steps<void> {
  const entry = visitor.open(null);
  const inflater = new Inflater();
  for (let isFirst = true; ; isFirst = false) {
    yield* need(input, HEADER_BYTES);
    if (!beginsLikeGzip(input.rest) || input.length < HEADER_BYTES) {
      if (isFirst || beginsLikeGzip(input.rest)) visitor.unread(null, CUT_OFF);
      break;
    }
    if (isUsualHeader(input.rest)) visitor.confirm();
    visitor.begin(null);
    const isIntact = yield* readMember(input, visitor, inflater, (bytes) => entry.write(bytes));
    if (!isIntact) break;
  }
  entry.close();
}

function* readMember(
  input: ByteInput,
  visitor: ArchiveVisitor,
  inflater: Inflater,
  onPiece: (bytes: Buffer) => void,
): Steps<boolean> {
  if (!(yield* readHeader(input, visitor))) {
    visitor.unread(null, CUT_OFF);
    return false;
  }
  let checksum = 0;
  let length = 0;
  const { outcome, used } = yield* inflater.inflate(input, Infinity, saidLength(input), (bytes) => {
    checksum = crc32(bytes, checksum);
    length += bytes.length;
    onPiece(bytes);
  });
  if (used >= CONVINCING_BYTES) visitor.confirm();
  if (outcome !== "whole") {
    visitor.unread(null, outcome === "cut" ? CUT_OFF : DAMAGED);
    return false;
  }
  if (!(yield* need(input, TRAILER_BYTES))) {
    visitor.unread(null, CUT_OFF);
    return false;
  }
  const trailer = input.take(TRAILER_BYTES);
  if (trailer.readUInt32LE(0) === checksum && trailer.readUInt32LE(4) === length % 2 ** 32) visitor.confirm();
  else visitor.unread(null, WRONG_CHECKSUM);
  return true;
}

/** What the end of the input says of the length, where that is there; true of a stream with one member and nothing behind it. */
function saidLength(input: ByteInput): number {
  if (!input.isEnded || input.length < TRAILER_BYTES) return -1;
  const length = input.rest.readUInt32LE(input.length - 4);
  return length <= MAX_DEFLATE_RATIO * input.length ? length : -1;
}

/** False where the input ends within it. */
function* readHeader(input: ByteInput, visitor: ArchiveVisitor): Steps<boolean> {
  const flags = input.take(HEADER_BYTES)[3]!;
  if ((flags & HAS_EXTRA) !== 0) {
    if (!(yield* need(input, 2))) return false;
    const length = input.take(2).readUInt16LE();
    if (!(yield* need(input, length))) return false;
    visitor.text(null, input.take(length));
  }
  for (const flag of [HAS_NAME, HAS_COMMENT]) {
    if ((flags & flag) !== 0 && !(yield* readText(input, visitor))) return false;
  }
  if ((flags & HAS_HEADER_CHECKSUM) === 0) return true;
  if (!(yield* need(input, 2))) return false;
  input.take(2);
  return true;
}

/** Up to a zero byte. */
function* readText(input: ByteInput, visitor: ArchiveVisitor): Steps<boolean> {
  for (let searched = 0; ; searched = input.length) {
    if (!(yield* need(input, searched + 1))) return false;
    const end = input.rest.indexOf(0, searched);
    if (end !== -1) {
      visitor.text(null, input.take(end + 1).subarray(0, end));
      return true;
    }
    // So long a text is none; its bytes are searched as they stand.
    if (input.length > MAX_TEXT_BYTES) input.take(input.length - 1);
  }
}
