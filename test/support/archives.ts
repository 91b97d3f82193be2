// Archives made byte by byte, so that tests need no program for them, and can have archives that no program makes.
import { crc32, deflateRawSync } from "node:zlib";

export interface ZipEntry {
  readonly name: string | Buffer;
  readonly content: Buffer;
  readonly method?: "stored" | "deflated" | number;
  /** Sizes and checksum follow the content; `bare` without their mark. */
  readonly descriptor?: "marked" | "bare";
  readonly zip64?: boolean;
  readonly encrypted?: boolean;
  readonly extra?: Buffer;
  readonly comment?: string;
  /** Fields of the header before the content that say something else than is true. */
  readonly local?: Partial<LocalFields>;
  readonly checksum?: number;
  readonly isIn?: "both" | "headers" | "directory";
}

interface LocalFields {
  readonly signature: number;
  readonly method: number;
  readonly packedSize: number;
  readonly size: number;
  readonly checksum: number;
}

export interface ZipOptions {
  readonly prefix?: Buffer;
  readonly comment?: string;
  readonly hasDirectory?: boolean;
  /** Whether offsets count from the beginning of the file and not of the archive. */
  readonly countsPrefix?: boolean;
}

const LOCAL = 0x0403_4b50;

export function zip(entries: readonly ZipEntry[], options: ZipOptions = {}): Buffer {
  const prefix = options.prefix ?? Buffer.alloc(0);
  const base = options.countsPrefix === true ? prefix.length : 0;
  const pieces: Buffer[] = [prefix];
  const directory: Buffer[] = [];
  let offset = base;
  for (const entry of entries) {
    const local = localRecord(entry);
    if (entry.isIn !== "headers") directory.push(centralRecord(entry, offset));
    pieces.push(local);
    offset += local.length;
  }
  if (options.hasDirectory === false) return Buffer.concat(pieces);
  const records = Buffer.concat(directory);
  const comment = Buffer.from(options.comment ?? "");
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x0605_4b50, 0);
  end.writeUInt16LE(directory.length, 8);
  end.writeUInt16LE(directory.length, 10);
  end.writeUInt32LE(records.length, 12);
  end.writeUInt32LE(offset, 16);
  end.writeUInt16LE(comment.length, 20);
  return Buffer.concat([...pieces, records, end, comment]);
}

function methodOf({ method = "deflated" }: ZipEntry): number {
  if (method === "stored") return 0;
  return method === "deflated" ? 8 : method;
}

function packed(entry: ZipEntry): Buffer {
  if (methodOf(entry) === 12) return bzip2(entry.content);
  return methodOf(entry) === 8 ? deflateRawSync(entry.content) : entry.content;
}

function flagsOf({ descriptor, encrypted }: ZipEntry): number {
  return (encrypted === true ? 1 : 0) | (descriptor === undefined ? 0 : 8);
}

function sizes64(entry: ZipEntry, values: readonly number[]): Buffer {
  if (entry.zip64 !== true) return Buffer.alloc(0);
  const field = Buffer.alloc(4 + 8 * values.length);
  field.writeUInt16LE(1, 0);
  field.writeUInt16LE(8 * values.length, 2);
  for (const [index, value] of values.entries()) field.writeBigUInt64LE(BigInt(value), 4 + 8 * index);
  return field;
}

function localRecord(entry: ZipEntry): Buffer {
  const content = packed(entry);
  const checksum = entry.checksum ?? crc32(entry.content);
  const name = Buffer.from(entry.name);
  const isUnknown = entry.descriptor !== undefined;
  const extra = Buffer.concat([
    isUnknown ? Buffer.alloc(0) : sizes64(entry, [entry.content.length, content.length]),
    entry.extra ?? Buffer.alloc(0),
  ]);
  const header = Buffer.alloc(30);
  const size = (value: number): number => (isUnknown ? 0 : entry.zip64 === true ? 0xffff_ffff : value);
  header.writeUInt32LE(entry.local?.signature ?? (entry.isIn === "directory" ? 0x7878_7878 : LOCAL), 0);
  header.writeUInt16LE(20, 4);
  header.writeUInt16LE(flagsOf(entry), 6);
  header.writeUInt16LE(entry.local?.method ?? methodOf(entry), 8);
  header.writeUInt32LE(entry.local?.checksum ?? (isUnknown ? 0 : checksum), 14);
  header.writeUInt32LE(entry.local?.packedSize ?? size(content.length), 18);
  header.writeUInt32LE(entry.local?.size ?? size(entry.content.length), 22);
  header.writeUInt16LE(name.length, 26);
  header.writeUInt16LE(extra.length, 28);
  return Buffer.concat([
    header,
    name,
    extra,
    content,
    isUnknown ? descriptorOf(entry, content.length, checksum) : EMPTY,
  ]);
}

const EMPTY = Buffer.alloc(0);

function descriptorOf(entry: ZipEntry, packedSize: number, checksum: number): Buffer {
  const fields = Buffer.alloc(entry.zip64 === true ? 20 : 12);
  fields.writeUInt32LE(checksum, 0);
  if (entry.zip64 === true) {
    fields.writeBigUInt64LE(BigInt(packedSize), 4);
    fields.writeBigUInt64LE(BigInt(entry.content.length), 12);
  } else {
    fields.writeUInt32LE(packedSize, 4);
    fields.writeUInt32LE(entry.content.length, 8);
  }
  return entry.descriptor === "bare" ? fields : Buffer.concat([Buffer.from("PK\u0007\u0008", "latin1"), fields]);
}

function centralRecord(entry: ZipEntry, offset: number): Buffer {
  const content = packed(entry);
  const name = Buffer.from(entry.name);
  const comment = Buffer.from(entry.comment ?? "");
  const extra = sizes64(entry, [entry.content.length, content.length, offset]);
  const field = (value: number): number => (entry.zip64 === true ? 0xffff_ffff : value);
  const header = Buffer.alloc(46);
  header.writeUInt32LE(0x0201_4b50, 0);
  header.writeUInt16LE(20, 4);
  header.writeUInt16LE(20, 6);
  header.writeUInt16LE(flagsOf(entry), 8);
  header.writeUInt16LE(methodOf(entry), 10);
  header.writeUInt32LE(entry.checksum ?? crc32(entry.content), 16);
  header.writeUInt32LE(field(content.length), 20);
  header.writeUInt32LE(field(entry.content.length), 24);
  header.writeUInt16LE(name.length, 28);
  header.writeUInt16LE(extra.length, 30);
  header.writeUInt16LE(comment.length, 32);
  header.writeUInt32LE(field(offset), 42);
  return Buffer.concat([header, name, extra, comment]);
}

export interface TarEntry {
  readonly name: string;
  readonly content?: Buffer;
  readonly type?: string;
  readonly link?: string;
  readonly owner?: string;
  /** Instead of the length of the content. */
  readonly size?: number;
}

export type TarFormat = "old" | "ustar" | "gnu";

export function tar(entries: readonly TarEntry[], format: TarFormat = "ustar", isEnded = true): Buffer {
  const pieces = entries.flatMap((entry) => tarRecords(entry, format));
  return Buffer.concat([...pieces, Buffer.alloc(isEnded ? 1024 : 0)]);
}

function tarRecords(entry: TarEntry, format: TarFormat): Buffer[] {
  const content = entry.content ?? EMPTY;
  const header = Buffer.alloc(512);
  header.write(entry.name, 0, 100, "utf8");
  header.write("0000644\0", 100, "latin1");
  header.write("0000000\0", 108, "latin1");
  header.write("0000000\0", 116, "latin1");
  header.write(`${(entry.size ?? content.length).toString(8).padStart(11, "0")}\0`, 124, "latin1");
  header.write("14700000000\0", 136, "latin1");
  header.write(entry.type ?? (format === "old" ? "\0" : "0"), 156, "latin1");
  header.write(entry.link ?? "", 157, 100, "utf8");
  if (format !== "old") {
    header.write(format === "ustar" ? "ustar\u000000" : "ustar  \0", 257, "latin1");
    header.write(entry.owner ?? "root", 265, 32, "latin1");
  }
  header.fill(" ", 148, 156);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148, "latin1");
  return [header, content, Buffer.alloc((512 - (content.length % 512)) % 512)];
}

/** A name that is too long for a header, as GNU tar has it: an entry of its own in front. */
export function gnuLongName(name: string, content: Buffer): TarEntry[] {
  const long: TarEntry = { name: "././@LongLink", type: "L", content: Buffer.from(`${name}\0`) };
  return [long, { name: name.slice(0, 99), content }];
}

/** What POSIX puts in front of an entry. */
export function paxRecords(records: Readonly<Record<string, string>>): TarEntry {
  const content = Object.entries(records).map(([key, value]) => {
    const rest = Buffer.byteLength(` ${key}=${value}\n`);
    let length = rest + String(rest).length;
    if (String(length).length !== String(rest).length) length += 1;
    return `${length} ${key}=${value}\n`;
  });
  return { name: "PaxHeaders/x", type: "x", content: Buffer.from(content.join("")) };
}

/** Text packed as bzip2 does, without its pains to find good codes: all words are of the same length. */
export function bzip2(content: Buffer): Buffer {
  const bits = new BitWriter();
  bits.text("BZh1");
  let total = 0;
  for (let at = 0; at < content.length; at += BLOCK_BYTES) {
    const block = content.subarray(at, at + BLOCK_BYTES);
    const checksum = bzip2Checksum(block);
    total = (((total << 1) | (total >>> 31)) ^ checksum) >>> 0;
    bits.write(0x314159, 24);
    bits.write(0x265359, 24);
    bits.write32(checksum);
    writeBlock(bits, withRuns(block));
  }
  bits.write(0x177245, 24);
  bits.write(0x385090, 24);
  bits.write32(total);
  return bits.bytes();
}

const BLOCK_BYTES = 20_000;

class BitWriter {
  readonly #bytes: number[] = [];
  #held = 0;
  #count = 0;

  text(text: string): void {
    for (const byte of Buffer.from(text, "latin1")) this.write(byte, 8);
  }

  write(value: number, count: number): void {
    for (let bit = count - 1; bit >= 0; bit--) {
      this.#held = this.#held * 2 + ((value >>> bit) & 1);
      this.#count += 1;
      if (this.#count < 8) continue;
      this.#bytes.push(this.#held);
      this.#held = 0;
      this.#count = 0;
    }
  }

  write32(value: number): void {
    this.write(value >>> 16, 16);
    this.write(value & 0xffff, 16);
  }

  bytes(): Buffer {
    while (this.#count > 0) this.write(0, 1);
    return Buffer.from(this.#bytes);
  }
}

/** Behind four equal bytes stands how many more there are. */
function withRuns(block: Buffer): number[] {
  const coded: number[] = [];
  for (let at = 0; at < block.length;) {
    let length = 1;
    while (length < 259 && block[at + length] === block[at]) length += 1;
    for (let count = 0; count < Math.min(length, 4); count++) coded.push(block[at]!);
    if (length >= 4) coded.push(length - 4);
    at += length;
  }
  return coded;
}

function writeBlock(bits: BitWriter, text: readonly number[]): void {
  const bytes = Buffer.from(text);
  const doubled = Buffer.concat([bytes, bytes]);
  const order = Array.from(text.keys()).toSorted((a, b) =>
    doubled.compare(doubled, b, b + bytes.length, a, a + bytes.length),
  );
  const last = order.map((start) => bytes[(start + bytes.length - 1) % bytes.length]!);
  const alphabet = [...new Set(text)].toSorted((a, b) => a - b);
  const end = alphabet.length + 1;
  const symbols = toSymbols(last, [...alphabet], end);
  bits.write(0, 1);
  bits.write(order.indexOf(0), 24);
  const rows = Array.from({ length: 16 }, (_, row) => alphabet.filter((byte) => byte >> 4 === row));
  for (const row of rows) bits.write(row.length > 0 ? 1 : 0, 1);
  for (const [row, members] of rows.entries()) {
    for (let column = 0; members.length > 0 && column < 16; column++) {
      bits.write(members.includes(row * 16 + column) ? 1 : 0, 1);
    }
  }
  const groups = Math.ceil(symbols.length / 50);
  bits.write(2, 3);
  bits.write(groups, 15);
  // The codes take turns: the other one is always the second in the list.
  for (let group = 0; group < groups; group++) bits.write(group === 0 ? 0 : 0b10, group === 0 ? 1 : 2);
  const width = Math.max(1, Math.ceil(Math.log2(end + 1)));
  for (let code = 0; code < 2; code++) {
    bits.write(width, 5);
    for (let symbol = 0; symbol <= end; symbol++) bits.write(0, 1);
  }
  for (const symbol of symbols) bits.write(symbol, width);
}

function toSymbols(text: readonly number[], front: number[], end: number): number[] {
  const symbols: number[] = [];
  let zeros = 0;
  const endRun = (): void => {
    for (; zeros > 0; zeros = (zeros - 1) >> 1) symbols.push((zeros - 1) & 1);
  };
  for (const byte of text) {
    const index = front.indexOf(byte);
    if (index === 0) {
      zeros += 1;
      continue;
    }
    endRun();
    front.splice(index, 1);
    front.unshift(byte);
    symbols.push(index + 1);
  }
  endRun();
  return [...symbols, end];
}

function bzip2Checksum(bytes: Buffer): number {
  let checksum = 0xffff_ffff;
  for (const byte of bytes) {
    checksum ^= byte << 24;
    for (let bit = 0; bit < 8; bit++) checksum = checksum < 0 ? (checksum << 1) ^ 0x04c1_1db7 : checksum << 1;
  }
  return ~checksum >>> 0;
}
