/** tar: old, POSIX (ustar, pax) and GNU. Sources: POSIX.1-2017 "pax", the manual of GNU tar, "Basic Tar Format" and its extensions. */
import { type ArchiveVisitor, CUT_OFF } from "./archive.ts";
import { type ByteInput, need, pass, skipPiece, type Steps } from "./byte-input.ts";

export const BLOCK_BYTES = 512;
const NAME_BYTES = 100;
const SIZE_AT = 124;
const CHECKSUM_AT = 148;
const CHECKSUM_BYTES = 8;
const TYPE_AT = 156;
const LINK_AT = 157;
const MAGIC_AT = 257;
const OWNER_AT = 265;
const GROUP_AT = 297;
const OWNER_BYTES = 32;
const PREFIX_AT = 345;
const PREFIX_BYTES = 155;
/** In GNU's own format of sparse files: whether further blocks describe the holes, in the header and in such a block. */
const SPARSE_MORE_AT = 482;
const SPARSE_BLOCK_MORE_AT = 504;
/** What describes the next entry is held up to this size; more is content like any other. */
const MAX_DESCRIPTION_BYTES = 1024 * 1024;

const DAMAGED_HEADER = "has a damaged header: what stands behind it up to the next header was not told apart";

type Description = "pax" | "name" | "link";

/** What describes the entry that follows it, by type. */
const DESCRIPTIONS: Readonly<Record<string, Description>> = {
  x: "pax",
  X: "pax",
  g: "pax",
  L: "name",
  K: "link",
  N: "name",
};
/** Entries that have no content, though the size of what they stand for may be given: links, devices, directories, labels. */
const WITHOUT_CONTENT = "123456V";

export function beginsLikeTar(bytes: Buffer): boolean {
  if (bytes.length < BLOCK_BYTES || bytes[0] === 0) return false;
  return hasMagic(bytes) || (looksChecked(bytes) && hasRightChecksum(bytes));
}

/** `ustar` alone is a word; with what follows it in either format it is none. */
function hasMagic(bytes: Buffer): boolean {
  if (bytes[MAGIC_AT] !== 0x75) return false;
  const magic = bytes.toString("latin1", MAGIC_AT, MAGIC_AT + 8);
  return magic === "ustar\x0000" || magic === "ustar  \0";
}

/** Cheap, for it is asked of everything: old tar has nothing but its numbers to be known by. */
function looksChecked(bytes: Buffer): boolean {
  const end = bytes[CHECKSUM_AT + 7]!;
  if ((end !== 0 && end !== 0x20) || !isDigit(bytes[CHECKSUM_AT + 5]!)) return false;
  const last = bytes[CHECKSUM_AT + 6]!;
  if (last !== 0 && last !== 0x20 && !isDigit(last)) return false;
  return readSize(bytes) !== null && (bytes[TYPE_AT] === 0 || isDigit(bytes[TYPE_AT]!));
}

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x37;
}

function hasRightChecksum(block: Buffer): boolean {
  const expected = readOctal(block.subarray(CHECKSUM_AT, CHECKSUM_AT + CHECKSUM_BYTES));
  if (expected === null || expected === 0) return false;
  let unsigned = 0;
  let signed = 0;
  for (let index = 0; index < BLOCK_BYTES; index++) {
    const isChecksum = index >= CHECKSUM_AT && index < CHECKSUM_AT + CHECKSUM_BYTES;
    const byte = isChecksum ? 0x20 : block[index]!;
    unsigned += byte;
    signed += byte < 0x80 ? byte : byte - 256;
  }
  return expected === unsigned || expected === signed;
}

function readOctal(field: Buffer): number | null {
  const [digits] = /^ *([0-7]*)/.exec(field.toString("latin1")) ?? [];
  const rest = field.toString("latin1", digits?.length ?? 0);
  if (!/^[ \0]*/.test(rest) || (rest !== "" && rest[0] !== " " && rest[0] !== "\0")) return null;
  const text = digits?.trim() ?? "";
  return text === "" ? 0 : Number.parseInt(text, 8);
}

/** Octal, or where it is too large for that, binary behind a bit that says so. */
function readSize(header: Buffer): number | null {
  const field = header.subarray(SIZE_AT, SIZE_AT + 12);
  if ((field[0]! & 0x80) === 0) return readOctal(field);
  if (field[0] !== 0x80) return null;
  const size = field.readUIntBE(6, 6);
  return field.subarray(1, 6).every((byte) => byte === 0) ? size : null;
}

function readField(header: Buffer, start: number, length: number): Buffer {
  const field = header.subarray(start, start + length);
  const end = field.indexOf(0);
  return Buffer.from(end === -1 ? field : field.subarray(0, end));
}

/** What the records before a header say of the entry. */
interface Described {
  name: Buffer | null;
  link: Buffer | null;
  size: number | null;
}

export function* readTar(input: ByteInput, visitor: ArchiveVisitor): Steps<void> {
  visitor.confirm();
  let described: Described = { name: null, link: null, size: null };
  let hasEnded = false;
  let isLost = false;
  for (;;) {
    if (!(yield* need(input, BLOCK_BYTES))) {
      const isPadding = input.rest.every((byte) => byte === 0);
      if (!isPadding && !hasEnded && !isLost) visitor.unread(null, CUT_OFF);
      return;
    }
    const block = input.rest.subarray(0, BLOCK_BYTES);
    if (block[0] === 0 && block.every((byte) => byte === 0)) {
      hasEnded = true;
      isLost = false;
      input.take(BLOCK_BYTES);
      continue;
    }
    const size = hasRightChecksum(block) ? readSize(block) : null;
    if (size === null) {
      // Behind the end anything may follow, another archive too.
      if (!hasEnded && !isLost) visitor.unread(described.name ?? readName(block), DAMAGED_HEADER);
      isLost = true;
      input.take(BLOCK_BYTES);
      continue;
    }
    hasEnded = false;
    isLost = false;
    const type = String.fromCharCode(block[TYPE_AT]!);
    const description = DESCRIPTIONS[type];
    if (description !== undefined && size <= MAX_DESCRIPTION_BYTES) {
      input.take(BLOCK_BYTES);
      if (!(yield* need(input, size))) {
        visitor.text(null, input.take(size));
        visitor.unread(null, CUT_OFF);
        return;
      }
      describe(described, description, input.take(size), visitor);
      yield* skipPadding(input, size);
      continue;
    }
    const isWhole = yield* readEntry(input, visitor, described, size);
    described = { name: null, link: null, size: null };
    if (!isWhole) return;
  }
}

function readName(header: Buffer): Buffer {
  const name = readField(header, 0, NAME_BYTES);
  const prefix = header[MAGIC_AT + 5] === 0 ? readField(header, PREFIX_AT, PREFIX_BYTES) : Buffer.alloc(0);
  return prefix.length === 0 ? name : Buffer.concat([prefix, Buffer.from("/"), name]);
}

function* readEntry(
  input: ByteInput,
  visitor: ArchiveVisitor,
  described: Described,
  headerSize: number,
): Steps<boolean> {
  const header = Buffer.from(input.rest.subarray(0, BLOCK_BYTES));
  const type = String.fromCharCode(header[TYPE_AT]!);
  const name = described.name ?? readName(header);
  const size = described.size ?? headerSize;
  visitor.begin(name);
  visitor.text(name, described.link ?? readField(header, LINK_AT, NAME_BYTES));
  if (header[MAGIC_AT] === 0x75) {
    visitor.text(name, readField(header, OWNER_AT, OWNER_BYTES));
    visitor.text(name, readField(header, GROUP_AT, OWNER_BYTES));
  }
  input.take(BLOCK_BYTES);
  let more = type === "S" ? header[SPARSE_MORE_AT] : 0;
  while (more !== 0) {
    if (!(yield* need(input, BLOCK_BYTES))) break;
    more = input.take(BLOCK_BYTES)[SPARSE_BLOCK_MORE_AT];
  }
  if (size === 0) return true;
  if (WITHOUT_CONTENT.includes(type) && (yield* isAtHeader(input))) return true;
  const entry = visitor.open(name);
  const isWhole = yield* pass(input, size, (bytes) => entry.write(bytes));
  entry.close();
  if (isWhole) yield* skipPadding(input, size);
  else visitor.unread(name, CUT_OFF);
  return isWhole;
}

/** Whether the archive goes on right here: then a size that was given is not that of a content. */
function* isAtHeader(input: ByteInput): Steps<boolean> {
  if (!(yield* need(input, BLOCK_BYTES))) return true;
  const block = input.rest.subarray(0, BLOCK_BYTES);
  return block.every((byte) => byte === 0) || hasRightChecksum(block);
}

function* skipPadding(input: ByteInput, size: number): Steps<void> {
  yield* pass(input, (BLOCK_BYTES - (size % BLOCK_BYTES)) % BLOCK_BYTES, skipPiece);
}

function describe(described: Described, kind: Description, bytes: Buffer, visitor: ArchiveVisitor): void {
  if (kind === "pax") {
    readPaxRecords(described, bytes, visitor);
    return;
  }
  const end = bytes.indexOf(0);
  described[kind] = Buffer.from(end === -1 ? bytes : bytes.subarray(0, end));
  if (end !== -1) visitor.text(described.name, bytes.subarray(end));
}

/** Records of the form `LENGTH KEY=VALUE\n`, where LENGTH is that of the whole record. */
function readPaxRecords(described: Described, bytes: Buffer, visitor: ArchiveVisitor): void {
  let position = 0;
  while (position < bytes.length) {
    const [head = "", digits = ""] = /^(\d{1,10}) /.exec(bytes.toString("latin1", position, position + 11)) ?? [];
    const end = position + Number(digits);
    const equals = bytes.indexOf(0x3d, position);
    if (head === "" || end > bytes.length || equals === -1 || equals >= end) {
      visitor.text(described.name, bytes.subarray(position));
      return;
    }
    const key = bytes.toString("latin1", position + head.length, equals);
    const value = bytes.subarray(equals + 1, end - 1);
    if (key === "path" || key === "GNU.sparse.name") described.name = Buffer.from(value);
    else if (key === "linkpath") described.link = Buffer.from(value);
    else if (key === "size") described.size = /^\d{1,15}$/.test(value.toString("latin1")) ? Number(value) : null;
    else visitor.text(described.name, bytes.subarray(position + head.length, end));
    position = end;
  }
}
