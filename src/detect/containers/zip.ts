/**
 * zip, read from its first byte to its last: by the header before each entry, and by the directory at the end for what those
 * headers hide. Source: APPNOTE.TXT of PKWARE, version 6.3.10.
 */
import { crc32 } from "node:zlib";
import { type ArchiveVisitor, CUT_OFF, DAMAGED, type EntryWriter, WRONG_CHECKSUM } from "./archive.ts";
import { ByteInput, Decoding, need, pass, skipPiece, type Steps, wholeInput } from "./byte-input.ts";
import { beginsLikeBzip2, readBzip2 } from "./bzip2.ts";
import { Inflater } from "./inflate.ts";

const LOCAL = 0x0403_4b50;
const CENTRAL = 0x0201_4b50;
const END = 0x0605_4b50;
const LOCATOR_64 = 0x0706_4b50;
const DESCRIPTOR = 0x0807_4b50;
const LOCAL_BYTES = 30;
const CENTRAL_BYTES = 46;
const END_BYTES = 22;
const LOCATOR_64_BYTES = 20;
/** Between a directory and the record that ends the archive stand at most records of this length. */
const MAX_BEHIND_DIRECTORY = 1024;
const SIGNATURE_BYTES = 4;
/** Behind the shortest end of a directory a comment of this length may follow. */
const MAX_COMMENT_BYTES = 0xffff;
export const ZIP_TAIL_BYTES = END_BYTES + MAX_COMMENT_BYTES;
const UNKNOWN_32 = 0xffff_ffff;
const ZIP64_EXTRA = 1;

const SLASH = 0x2f;

const IS_ENCRYPTED = 1;
const HAS_DESCRIPTOR = 8;
const STORED = 0;
const DEFLATED = 8;
const BZIP2 = 12;
const METHODS: ReadonlyMap<number, string> = new Map([
  [1, "shrink"],
  [2, "reduce"],
  [3, "reduce"],
  [4, "reduce"],
  [5, "reduce"],
  [6, "implode"],
  [7, "tokenize"],
  [9, "Deflate64"],
  [10, "implode"],
  [14, "LZMA"],
  [16, "CMPSC"],
  [18, "TERSE"],
  [19, "LZ77"],
  [20, "Zstandard"],
  [93, "Zstandard"],
  [94, "MP3"],
  [95, "XZ"],
  [96, "JPEG"],
  [97, "WavPack"],
  [98, "PPMd"],
  [99, "AES"],
]);

/** Entries of the directory that no header was met for are remembered up to this number. */
const MAX_UNMET = 10_000;
const MAX_UNMET_NAME_BYTES = 4 * 1024 * 1024;
const NOT_IN_ENTRIES =
  "stands in the archive's directory only, and a large archive is read from its beginning: unpack it and scan that";

interface Header {
  readonly flags: number;
  readonly method: number;
  readonly checksum: number;
  /** -1 where it follows the content. */
  readonly packedSize: number;
  readonly size: number;
}

interface DirectoryEntry extends Header {
  readonly name: Buffer;
  readonly localOffset: number;
}

export function beginsLikeZip(bytes: Buffer): boolean {
  if (bytes[0] !== 0x50 || bytes[1] !== 0x4b) return false;
  const first = signatureAt(bytes, 0);
  // An archive that was split, or might have been, begins with a mark of that.
  if (first === DESCRIPTOR || first === 0x3030_4b50) return isLocalHeader(bytes.subarray(SIGNATURE_BYTES));
  return isLocalHeader(bytes);
}

/** Where the record that ends a zip archive stands, or -1. Whatever is before an archive, and a comment behind it, is part of no format. */
export function findZipEnd(bytes: Buffer): number {
  const from = Math.max(0, bytes.length - ZIP_TAIL_BYTES);
  // The record has zeros in it, and text has none.
  const zero = bytes.indexOf(0, from);
  if (zero === -1) return -1;
  const start = Math.max(from, zero - END_BYTES);
  let found = -1;
  for (let at = bytes.indexOf(END_TEXT, start); at !== -1; at = bytes.indexOf(END_TEXT, at + 1)) {
    if (isEnd(bytes, at)) found = at;
  }
  return found;
}

const END_TEXT = Buffer.from("PK\u0005\u0006", "latin1");
const HEADER_TEXT = Buffer.from("PK", "latin1");

/** That the directory stands where the record says tells it from bytes that merely look like one. */
function isEnd(bytes: Buffer, at: number): boolean {
  if (!isEndShaped(bytes, at) || bytes.readUInt16LE(at + 10) === 0) return false;
  const size = bytes.readUInt32LE(at + 12);
  return signatureAt(bytes, at - LOCATOR_64_BYTES) === LOCATOR_64 || signatureAt(bytes, at - size) === CENTRAL;
}

function isEndShaped(bytes: Buffer, at: number): boolean {
  return at + END_BYTES <= bytes.length && at + END_BYTES + bytes.readUInt16LE(at + 20) <= bytes.length;
}

/** Whether the last bytes of something may be those of a zip archive. */
export function mayEndZip(tail: Buffer): boolean {
  const at = tail.lastIndexOf(END_TEXT);
  return at !== -1 && isEndShaped(tail, at);
}

/** Without it nothing is a zip archive that does not begin as one. */
export function hasZipEndMark(bytes: Buffer): boolean {
  return bytes.includes(END_TEXT);
}

/** As {@link mayEndZip}, with nothing behind the archive. */
export function endsAsZip(tail: Buffer): boolean {
  const at = tail.lastIndexOf(END_TEXT);
  return at !== -1 && isEndShaped(tail, at) && at + END_BYTES + tail.readUInt16LE(at + 20) === tail.length;
}

/** Where a record of an archive may begin, of those bytes that are there, or -1. */
function findRecord(bytes: Buffer): number {
  for (let at = bytes.indexOf(HEADER_TEXT); at !== -1; at = bytes.indexOf(HEADER_TEXT, at + 1)) {
    // What is cut off by the end may be one.
    if (at + SIGNATURE_BYTES > bytes.length || RECORDS.has(bytes.readUInt32LE(at))) return at;
  }
  return -1;
}

const RECORDS: ReadonlySet<number> = new Set([LOCAL, CENTRAL, END, DESCRIPTOR]);

function signatureAt(bytes: Buffer, at: number): number {
  return at >= 0 && at + SIGNATURE_BYTES <= bytes.length ? bytes.readUInt32LE(at) : 0;
}

/** Whether a header of an entry stands at the beginning, and no other bytes that happen to be the same four. */
function isLocalHeader(bytes: Buffer): boolean {
  if (signatureAt(bytes, 0) !== LOCAL) return false;
  if (bytes.length < LOCAL_BYTES) return false;
  const method = bytes.readUInt16LE(8);
  const isKnown = method === STORED || method === DEFLATED || method === BZIP2 || METHODS.has(method);
  return isKnown && bytes[4]! < 100 && bytes.readUInt16LE(26) > 0;
}

/** @param whole all of the archive, where it is at hand */
export function* readZip(input: ByteInput, visitor: ArchiveVisitor, whole: Buffer | null): Steps<void> {
  yield* new ZipReader(input, visitor, whole).read();
}

class ZipReader {
  #input: ByteInput;
  readonly #visitor: ArchiveVisitor;
  readonly #whole: Buffer | null;
  readonly #inflater = new Inflater();
  /** By where the header stands, the {@link contentKey} of what was read behind it. */
  readonly #met = new Map<number, number>();
  readonly #unmet: DirectoryEntry[] = [];
  #unmetNameBytes = 0;
  #hasMoreUnmet = false;
  #hasDirectory = false;
  /** Where the directory begins that is being read, or -1. */
  #directoryAt = -1;
  #start = -1;

  constructor(input: ByteInput, visitor: ArchiveVisitor, whole: Buffer | null) {
    this.#input = input;
    this.#visitor = visitor;
    this.#whole = whole;
  }

  /**
   * Certain is what begins or ends as an archive. One in the middle of something else, as of a picture or in an old Office
   * file, which is cut into sectors, need not be whole to be rightly there.
   */
  *read(): Steps<void> {
    if (this.#whole !== null && endsAsZip(this.#whole)) this.#visitor.confirm();
    const isCut = !(yield* this.#readRecords());
    if (!this.#hasDirectory) yield* this.#readSwallowed();
    if (isCut) this.#visitor.unread(null, CUT_OFF);
    else if (this.#met.size > 0 && !this.#hasDirectory) {
      this.#visitor.unread(null, "has no directory at its end: it is cut off, or more is missing");
    }
  }

  /** False where the archive ends within one. */
  *#readRecords(): Steps<boolean> {
    const input = this.#input;
    while (yield* need(input, SIGNATURE_BYTES)) {
      const signature = signatureAt(input.rest, 0);
      if (signature === LOCAL && (yield* need(input, LOCAL_BYTES)) && isLocalHeader(input.rest)) {
        if (input.offset <= SIGNATURE_BYTES) this.#visitor.confirm();
        if (!(yield* this.#readLocal())) return false;
      } else if (signature === CENTRAL && (yield* need(input, CENTRAL_BYTES))) {
        if (!(yield* this.#readCentral())) return false;
      } else if (signature === END && (yield* need(input, END_BYTES))) {
        yield* this.#readEnd();
      } else {
        yield* this.#search();
      }
    }
    return true;
  }

  /** A length that is not true can hide the directory in an entry. */
  *#readSwallowed(): Steps<void> {
    const whole = this.#whole;
    const end = whole === null ? -1 : findZipEnd(whole);
    if (whole === null || end === -1) return;
    const start = end - whole.readUInt32LE(end + 12);
    if (start < 0) return;
    this.#input = wholeInput(whole.subarray(start), { base: start });
    this.#directoryAt = -1;
    yield* this.#readRecords();
  }

  /** To the next bytes that may begin a record. What is between stands there as it is. */
  *#search(): Steps<void> {
    const input = this.#input;
    input.take(1);
    for (;;) {
      const at = findRecord(input.rest);
      if (at !== -1) {
        input.take(at);
        return;
      }
      input.take(Math.max(0, input.length - 1));
      if (!(yield* need(input, input.length + 1))) {
        input.take(input.length);
        return;
      }
    }
  }

  /** False where the archive ends within it. */
  *#readLocal(): Steps<boolean> {
    const input = this.#input;
    const at = input.offset;
    if (this.#start === -1) this.#start = at;
    const fixed = Buffer.from(input.rest.subarray(0, LOCAL_BYTES));
    const nameLength = fixed.readUInt16LE(26);
    const extraLength = fixed.readUInt16LE(28);
    if (!(yield* need(input, LOCAL_BYTES + nameLength + extraLength))) {
      input.take(input.length);
      return false;
    }
    input.take(LOCAL_BYTES);
    const name = Buffer.from(input.rest.subarray(0, nameLength));
    this.#visitor.begin(name);
    input.take(nameLength);
    const extra = Buffer.from(input.rest.subarray(0, extraLength));
    this.#visitor.text(name, extra);
    input.take(extraLength);
    const content = new Content(input, this.#visitor, this.#inflater, name, localHeader(fixed, name, extra));
    const isWhole = yield* content.read();
    const isNamed = content.isNamed && this.#whole === null;
    this.#met.set(at, isNamed ? NAMED : content.isRefused ? REFUSED : contentKey(content));
    return isWhole;
  }

  *#readCentral(): Steps<boolean> {
    const input = this.#input;
    const fixed = Buffer.from(input.rest.subarray(0, CENTRAL_BYTES));
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((at) => fixed.readUInt16LE(at)) as [
      number,
      number,
      number,
    ];
    const length = CENTRAL_BYTES + nameLength + extraLength + commentLength;
    if (!(yield* need(input, length))) {
      input.take(input.length);
      return false;
    }
    if (this.#directoryAt === -1) this.#directoryAt = input.offset;
    const record = input.rest.subarray(0, length);
    const name = Buffer.from(record.subarray(CENTRAL_BYTES, CENTRAL_BYTES + nameLength));
    const extra = record.subarray(CENTRAL_BYTES + nameLength, CENTRAL_BYTES + nameLength + extraLength);
    const entry = directoryEntry(fixed, name, extra);
    this.#visitor.text(name, name);
    this.#visitor.text(name, extra);
    this.#visitor.text(name, record.subarray(length - commentLength));
    input.take(length);
    if (this.#isMet(entry, 0) || (this.#start > 0 && this.#isMet(entry, this.#start))) return true;
    this.#unmetNameBytes += nameLength;
    if (this.#unmet.length < MAX_UNMET && this.#unmetNameBytes <= MAX_UNMET_NAME_BYTES) this.#unmet.push(entry);
    else this.#hasMoreUnmet = true;
    return true;
  }

  /** Whether its content was read as the directory has it. */
  #isMet(entry: DirectoryEntry, shift: number): boolean {
    const met = this.#met.get(entry.localOffset + shift);
    if (met === REFUSED) return refusal(entry) !== null;
    return met === NAMED || met === contentKey({ checksum: entry.checksum, length: entry.size });
  }

  *#readEnd(): Steps<void> {
    const input = this.#input;
    const fixed = Buffer.from(input.rest.subarray(0, END_BYTES));
    const end = input.offset;
    input.take(END_BYTES);
    const commentLength = fixed.readUInt16LE(20);
    yield* need(input, commentLength);
    this.#visitor.text(null, input.rest.subarray(0, commentLength));
    input.take(commentLength);
    const size = fixed.readUInt32LE(12);
    const directoryAt = this.#directoryAt;
    this.#directoryAt = -1;
    const isEmpty = size === 0 && this.#met.size === 0;
    const fits = size === UNKNOWN_32 || (directoryAt + size <= end && directoryAt + size + MAX_BEHIND_DIRECTORY > end);
    // Without its directory it is no end of an archive, but bytes that look like one.
    if (isEmpty || directoryAt === -1 || !fits) return;
    this.#hasDirectory = true;
    if (!(yield* need(input, 1))) this.#visitor.confirm();
    const part = fixed.readUInt16LE(4);
    if (part !== 0 && part !== 0xffff) {
      this.#visitor.unread(null, "is one part of an archive that was split: put the parts together and scan that");
    }
    // What comes before the archive shifts it against what its directory says.
    const directoryOffset = fixed.readUInt32LE(16);
    const shift = directoryOffset === UNKNOWN_32 ? 0 : directoryAt - directoryOffset;
    const unmet = this.#unmet.splice(0).filter((entry) => !(shift > 0 && this.#isMet(entry, shift)));
    if (this.#hasMoreUnmet)
      this.#visitor.unread(null, "has a directory that tells of too many entries otherwise than they do");
    this.#hasMoreUnmet = false;
    this.#unmetNameBytes = 0;
    for (const entry of unmet.toSorted((a, b) => a.localOffset - b.localOffset)) yield* this.#readUnmet(entry, shift);
  }

  /** An entry that the directory has, and the headers have not or otherwise. */
  *#readUnmet(entry: DirectoryEntry, shift: number): Steps<void> {
    const whole = this.#whole;
    if (isDirectoryName(entry)) return;
    this.#visitor.begin(entry.name);
    const why = refusal(entry) ?? (whole === null ? NOT_IN_ENTRIES : null);
    if (whole === null || why !== null) {
      this.#visitor.unread(entry.name, why ?? NOT_IN_ENTRIES);
      return;
    }
    const at = [entry.localOffset + shift, entry.localOffset].find((offset) => signatureAt(whole, offset) === LOCAL);
    const headerAt = at ?? entry.localOffset + shift;
    if (headerAt < 0 || headerAt + LOCAL_BYTES > whole.length) {
      this.#visitor.unread(entry.name, "does not stand where the archive's directory says");
      return;
    }
    const contentAt = headerAt + LOCAL_BYTES + whole.readUInt16LE(headerAt + 26) + whole.readUInt16LE(headerAt + 28);
    const input = wholeInput(whole.subarray(contentAt), { base: contentAt });
    const content = new Content(input, this.#visitor, this.#inflater, entry.name, entry, contentAt);
    if (!(yield* content.read())) this.#visitor.unread(entry.name, CUT_OFF);
  }
}

function isDirectoryName({ name, packedSize, size }: DirectoryEntry): boolean {
  return packedSize === 0 && size === 0 && name.length > 0;
}

/** What an entry was told as unread by, whatever the directory says of it. */
const NAMED = -1;
/** Told as unread for what the directory may say otherwise of. */
const REFUSED = -2;

/** Checksum and the lower bits of the length, as one number. */
function contentKey({ checksum, length }: { readonly checksum: number; readonly length: number }): number {
  return checksum + (length % 2 ** 20) * 2 ** 32;
}

function localHeader(fixed: Buffer, name: Buffer, extra: Buffer): Header {
  const flags = fixed.readUInt16LE(6);
  const [packedSize, size] = [fixed.readUInt32LE(18), fixed.readUInt32LE(22)];
  const [size64, packedSize64] = sizes64(extra, [size, packedSize]);
  // A directory has no content, whatever else is said of it.
  const isDirectory = name.at(-1) === SLASH;
  const followsContent = (flags & HAS_DESCRIPTOR) !== 0 && packedSize64 === 0 && !isDirectory;
  return {
    flags,
    method: fixed.readUInt16LE(8),
    checksum: fixed.readUInt32LE(14),
    packedSize: followsContent ? -1 : packedSize64!,
    size: followsContent ? -1 : size64!,
  };
}

function directoryEntry(fixed: Buffer, name: Buffer, extra: Buffer): DirectoryEntry {
  const [packedSize, size, offset] = [fixed.readUInt32LE(20), fixed.readUInt32LE(24), fixed.readUInt32LE(42)];
  const [size64, packedSize64, offset64] = sizes64(extra, [size, packedSize, offset]);
  return {
    // Its sizes are those of the content, whatever follows that.
    flags: fixed.readUInt16LE(8) & ~HAS_DESCRIPTOR,
    method: fixed.readUInt16LE(10),
    checksum: fixed.readUInt32LE(16),
    packedSize: packedSize64!,
    size: size64!,
    name,
    localOffset: offset64!,
  };
}

/** Those values that do not fit stand in a field of their own, in their order. */
function sizes64(extra: Buffer, values: readonly number[]): number[] {
  if (!values.includes(UNKNOWN_32)) return [...values];
  for (let at = 0; at + 4 <= extra.length; at += 4 + extra.readUInt16LE(at + 2)) {
    if (extra.readUInt16LE(at) !== ZIP64_EXTRA) continue;
    let next = at + 4;
    return values.map((value) => {
      if (value !== UNKNOWN_32 || next + 8 > extra.length) return value;
      next += 8;
      return Number(extra.readBigUInt64LE(next - 8));
    });
  }
  return [...values];
}

/** Why an entry cannot be read, or null. */
function refusal({ flags, method }: Header): string | null {
  if ((flags & IS_ENCRYPTED) !== 0) return "is encrypted";
  if (method === STORED || method === DEFLATED || method === BZIP2) return null;
  return `is packed with ${METHODS.get(method) ?? `method ${method}`}, which is not read`;
}

/** The content of one entry, and what may follow it. */
class Content {
  readonly #input: ByteInput;
  readonly #visitor: ArchiveVisitor;
  readonly #name: Buffer;
  readonly #header: Header;
  /** As the header says, or as a descriptor behind the content says. */
  checksum: number;
  /** What was unpacked. */
  length = 0;
  /** Something of it was told as unread. */
  isNamed = false;
  /** It is packed in a way that is not read. */
  isRefused = false;
  readonly #inflater: Inflater;
  readonly #at: number | undefined;
  #entry: EntryWriter | null = null;
  #actual = 0;

  /** @param at where the content begins, if that is not where the archive is being read */
  constructor(
    input: ByteInput,
    visitor: ArchiveVisitor,
    inflater: Inflater,
    name: Buffer,
    header: Header,
    at?: number,
  ) {
    this.#inflater = inflater;
    this.#at = at;
    this.#input = input;
    this.#visitor = visitor;
    this.#name = name;
    this.#header = header;
    this.checksum = header.checksum;
  }

  /** False where the archive ends within it. */
  *read(): Steps<boolean> {
    const { method } = this.#header;
    const why = refusal(this.#header);
    if (why !== null) {
      this.isRefused = true;
      return yield* this.#skip(why);
    }
    if (this.#header.packedSize === 0) {
      this.#check(this.checksum, this.#header.size);
      return true;
    }
    this.#entry = this.#visitor.open(this.#name, this.#at);
    const isWhole = yield* method === DEFLATED ? this.#inflate() : method === BZIP2 ? this.#bunzip() : this.#copy();
    this.#entry.close();
    return isWhole;
  }

  #unread(why: string): void {
    this.isNamed = true;
    this.#visitor.unread(this.#name, why);
  }

  readonly #onPiece = (bytes: Buffer): void => {
    this.#actual = crc32(bytes, this.#actual);
    this.length += bytes.length;
    this.#entry?.write(bytes);
  };

  *#skip(why: string): Steps<boolean> {
    this.#unread(why);
    const { packedSize } = this.#header;
    if (packedSize === -1) return (yield* this.#toDescriptor(skipPiece)) !== null;
    return yield* pass(this.#input, packedSize, skipPiece);
  }

  *#copy(): Steps<boolean> {
    const { packedSize } = this.#header;
    if (packedSize === -1) {
      const checksum = yield* this.#toDescriptor(this.#onPiece);
      if (checksum === null) return false;
      this.#check(checksum, this.length);
      return true;
    }
    const isWhole = yield* pass(this.#input, packedSize, this.#onPiece);
    if (!isWhole) return false;
    yield* this.#readDescriptor(packedSize);
    this.#check(this.checksum, this.#header.size);
    return true;
  }

  /** It may say what the header leaves out. */
  *#readDescriptor(packedSize: number): Steps<void> {
    if ((this.#header.flags & HAS_DESCRIPTOR) !== 0)
      this.checksum = (yield* this.#descriptor(packedSize)) ?? this.checksum;
  }

  *#bunzip(): Steps<boolean> {
    const { packedSize } = this.#header;
    if (packedSize === -1) return yield* this.#skip("is packed in one go, with no size: unpack it and scan that");
    const inner = new ByteInput();
    let decoding: Decoding | null = null;
    let hasProblem = false;
    const visitor: ArchiveVisitor = {
      open: () => ({ write: this.#onPiece, close: () => {} }),
      begin: () => this.#visitor.begin(null),
      text: () => {},
      confirm: () => {},
      unread: (_name, why) => {
        hasProblem = true;
        this.#unread(why);
      },
    };
    const isThere = yield* need(this.#input, Math.min(packedSize, 10));
    if (isThere && !beginsLikeBzip2(this.#input.rest)) hasProblem = true;
    else decoding = new Decoding(inner, readBzip2(inner, visitor));
    const isWhole = yield* pass(this.#input, packedSize, (bytes) => decoding?.write(bytes));
    decoding?.close();
    if (decoding === null) this.#unread(DAMAGED);
    else if (isWhole && !hasProblem) this.#check(this.checksum, this.#header.size);
    return isWhole;
  }

  *#inflate(): Steps<boolean> {
    const { packedSize, size } = this.#header;
    const limit = packedSize === -1 ? Infinity : packedSize;
    const { outcome, used } = yield* this.#inflater.inflate(this.#input, limit, size, this.#onPiece);
    if (outcome === "cut" && used < limit) return false;
    if (outcome !== "whole") {
      this.#unread(DAMAGED);
      return true;
    }
    yield* this.#readDescriptor(used);
    if (packedSize === -1) {
      this.#check(this.checksum, this.length);
      return true;
    }
    if (used < packedSize) this.#unread("ends before its header says; what is behind was not unpacked");
    this.#check(this.checksum, size);
    return true;
  }

  #check(checksum: number, size: number): void {
    this.checksum = checksum;
    if (checksum !== this.#actual) this.#unread(WRONG_CHECKSUM);
    else if (size !== this.length) this.#unread("is not as long as its header says");
  }

  /** The checksum that follows a content of so many bytes, or null where none does that fits. */
  *#descriptor(packedSize: number): Steps<number | null> {
    yield* need(this.#input, 24);
    const { rest } = this.#input;
    const start = signatureAt(rest, 0) === DESCRIPTOR ? SIGNATURE_BYTES : 0;
    for (const width of [4, 8] as const) {
      if (start + 4 + 2 * width > rest.length || readSize(rest, start + 4, width) !== packedSize) continue;
      const checksum = rest.readUInt32LE(start);
      this.#input.take(start + 4 + 2 * width);
      return checksum;
    }
    return null;
  }

  /**
   * Passes on a content of unknown length: up to a descriptor that tells the length it has.
   *
   * @returns its checksum; null where the archive ends first
   */
  *#toDescriptor(onPiece: (bytes: Buffer) => void): Steps<number | null> {
    const input = this.#input;
    let passed = 0;
    const hand = (count: number): void => {
      passed += count;
      onPiece(input.take(count));
    };
    for (;;) {
      const isMore = yield* need(input, 24);
      if (!isMore && input.length < 12) {
        hand(input.length);
        return null;
      }
      const at = findRecord(input.rest);
      // The last bytes are held back: a descriptor without a mark stands before the next header.
      const safe = at === -1 ? input.length - 24 : at - 20;
      if (safe > 0) {
        hand(safe);
        continue;
      }
      if (at === -1) {
        if (!(yield* need(input, input.length + 1))) {
          hand(input.length);
          return null;
        }
        continue;
      }
      yield* need(input, at + 24);
      const end = descriptorAt(input.rest, at, passed);
      if (end === null) {
        hand(at + 1);
        continue;
      }
      hand(end.start);
      input.take(end.length);
      return end.checksum;
    }
  }
}

function readSize(bytes: Buffer, at: number, width: 4 | 8): number {
  return width === 4 ? bytes.readUInt32LE(at) : Number(bytes.readBigUInt64LE(at));
}

/** @param at where `PK` stands, with `passed` bytes of the content before the first byte */
function descriptorAt(
  bytes: Buffer,
  at: number,
  passed: number,
): { start: number; length: number; checksum: number } | null {
  const signature = signatureAt(bytes, at);
  const isMarked = signature === DESCRIPTOR;
  if (!isMarked && signature !== LOCAL && signature !== CENTRAL) return null;
  for (const width of [4, 8] as const) {
    const length = 4 + 2 * width;
    const fields = isMarked ? at + SIGNATURE_BYTES : at - length;
    if (fields < 0 || fields + length > bytes.length) continue;
    const start = isMarked ? at : fields;
    if (readSize(bytes, fields + 4, width) !== passed + start) continue;
    return { start, length: isMarked ? SIGNATURE_BYTES + length : length, checksum: bytes.readUInt32LE(fields) };
  }
  return null;
}
