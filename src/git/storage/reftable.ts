/**
 * A table of refs and their logs. Source: git's technical/reftable, "File format". All of it is read in the order in which it is
 * stored; what only helps to find single names is passed over.
 */
import { crc32 } from "node:zlib";
import { ByteCursor } from "./byte-cursor.ts";
import { Damage, NotForUs } from "./damage.ts";
import { inflate } from "./inflate.ts";
import type { IdBytes } from "./pack-index.ts";
import type { LogEntry, RefValue } from "./ref-names.ts";

const SIGNATURE = "REFT";
const SHA1 = "sha1";
const SHA256 = "s256";
/** Offsets of sections, and a checksum of the footer. */
const FOOTER_REST_BYTES = 5 * 8 + 4;
const BLOCK_HEADER_BYTES = 4;
const RESTART_BYTES = 3;
const RESTART_COUNT_BYTES = 2;
/** Of blocks of logs once they are inflated, and of names once they are whole. */
const MAX_TOTAL_BYTES = 256 * 1024 * 1024;

export interface RefRecord {
  readonly name: Buffer;
  /** Null where an earlier table's ref is deleted. */
  readonly value: RefValue | null;
}

export interface LogRecord {
  readonly name: Buffer;
  /** Later updates of a ref have larger numbers. */
  readonly update: number;
  /** Null where an earlier table's line is deleted. */
  readonly entry: LogEntry | null;
}

export interface Reftable {
  readonly refs: readonly RefRecord[];
  readonly logs: readonly LogRecord[];
}

interface Layout {
  readonly headerBytes: number;
  readonly blockBytes: number;
  readonly logsAt: number;
  /** Where the footer begins. */
  readonly end: number;
}

/**
 * @param bytes the whole file
 * @throws {Damage | NotForUs}
 */
export function readReftable(bytes: Buffer, idBytes: IdBytes): Reftable {
  const layout = readEnds(bytes, idBytes);
  const refs: RefRecord[] = [];
  const logs: LogRecord[] = [];
  readSection(bytes, layout, "r", 0, (key, kind, cursor) => refs.push(readRef(key, kind, cursor, idBytes)));
  const firstType = layout.end > layout.headerBytes ? String.fromCharCode(bytes[layout.headerBytes]!) : "";
  if (layout.logsAt > 0 || firstType === "g") {
    readSection(bytes, layout, "g", layout.logsAt, (key, kind, cursor) =>
      logs.push(readLog(key, kind, cursor, idBytes)),
    );
  }
  return { refs, logs };
}

function readEnds(bytes: Buffer, idBytes: IdBytes): Layout {
  const header = new ByteCursor(bytes);
  if (header.take(4).toString("latin1") !== SIGNATURE) throw new Damage("does not begin as a table of refs");
  const version = header.uint8();
  if (version !== 1 && version !== 2) throw new NotForUs(`has version ${version}`);
  const blockBytes = header.uint24();
  const [first, last] = [header.uint64(), header.uint64()];
  if (first > last) throw new Damage("has updates that do not rise");
  const hash = version === 1 ? SHA1 : header.take(4).toString("latin1");
  if (hash !== SHA1 && hash !== SHA256) throw new NotForUs("has another kind of object names");
  if ((hash === SHA1 ? 20 : 32) !== idBytes) throw new Damage("is for another kind of object names");
  const headerBytes = header.position;
  const end = bytes.length - headerBytes - FOOTER_REST_BYTES;
  if (end < headerBytes) throw new Damage("is too short");
  if (!bytes.subarray(0, headerBytes).equals(bytes.subarray(end, end + headerBytes))) {
    throw new Damage("ends in another footer than its header");
  }
  const checksumAt = bytes.length - 4;
  if (crc32(bytes.subarray(end, checksumAt)) !== bytes.readUInt32BE(checksumAt)) {
    throw new Damage("has a wrong checksum");
  }
  const footer = new ByteCursor(bytes, end + headerBytes, checksumAt);
  footer.take(3 * 8);
  const logsAt = footer.uint64();
  if (logsAt > end || (logsAt > 0 && logsAt < headerBytes)) throw new Damage("has logs outside of it");
  return { headerBytes, blockBytes, logsAt, end };
}

type OnRecord = (key: Buffer, kind: number, cursor: ByteCursor) => void;

function readSection(bytes: Buffer, layout: Layout, type: "r" | "g", start: number, onRecord: OnRecord): void {
  let before: Buffer | null = null;
  let total = 0;
  const count: OnRecord = (key, kind, cursor) => {
    total += key.length;
    onRecord(key, kind, cursor);
  };
  for (let offset = start; offset < layout.end;) {
    const skipped = offset === 0 ? layout.headerBytes : 0;
    if (offset + skipped >= layout.end || bytes[offset + skipped] !== type.charCodeAt(0)) return;
    const { block, next } = type === "r" ? plainBlock(bytes, layout, offset) : logBlock(bytes, layout, offset);
    before = readRecords(block, skipped + BLOCK_HEADER_BYTES, before, count);
    total += block.length;
    if (total > MAX_TOTAL_BYTES) throw new NotForUs("has more in it than is kept");
    offset = next;
  }
}

interface OpenBlock {
  /** From the block's beginning on, the file's header included in the first. */
  readonly block: Buffer;
  readonly next: number;
}

function plainBlock(bytes: Buffer, { blockBytes, headerBytes, end }: Layout, offset: number): OpenBlock {
  const length = lengthOfBlock(bytes, headerBytes, offset, end);
  if (offset + length > end) throw new Damage(`has a block at ${offset} that leads out of it`);
  // A block is filled up with zeros, or the next one follows at once.
  const isPadded = length < blockBytes && bytes[offset + length] === 0 && offset + length < end;
  return { block: bytes.subarray(offset, offset + length), next: offset + (isPadded ? blockBytes : length) };
}

/** Only the beginning of a block of logs stands there as it is. */
function logBlock(bytes: Buffer, { headerBytes, end }: Layout, offset: number): OpenBlock {
  const length = lengthOfBlock(bytes, headerBytes, offset, end);
  const plainBytes = (offset === 0 ? headerBytes : 0) + BLOCK_HEADER_BYTES;
  const packed = bytes.subarray(offset + plainBytes, end);
  const { buffer, consumed } = inflateWithin(packed, length - plainBytes, offset);
  const block = Buffer.concat([bytes.subarray(offset, offset + plainBytes), buffer]);
  return { block, next: offset + plainBytes + consumed };
}

function inflateWithin(packed: Buffer, size: number, offset: number): { buffer: Buffer; consumed: number } {
  try {
    const inflated = inflate(packed, size);
    if (inflated.buffer.length === size) return inflated;
  } catch (error) {
    if (!(error instanceof Damage || error instanceof NotForUs)) throw error;
  }
  throw new Damage(`has a block at ${offset} that cannot be inflated to the length that it says`);
}

function lengthOfBlock(bytes: Buffer, headerBytes: number, offset: number, end: number): number {
  const skipped = offset === 0 ? headerBytes : 0;
  const length = new ByteCursor(bytes, offset + skipped + 1, end).uint24();
  if (length < skipped + BLOCK_HEADER_BYTES + RESTART_COUNT_BYTES)
    throw new Damage(`has a block at ${offset} without room`);
  return length;
}

/** @returns the last key, to which the next block's first is compared */
function readRecords(block: Buffer, start: number, before: Buffer | null, onRecord: OnRecord): Buffer | null {
  const restartCount = block.readUInt16BE(block.length - RESTART_COUNT_BYTES);
  const restartsAt = block.length - RESTART_COUNT_BYTES - restartCount * RESTART_BYTES;
  if (restartsAt < start) throw new Damage("has a block of restarts only");
  const restarts = new Set<number>();
  for (let at = restartsAt; at < restartsAt + restartCount * RESTART_BYTES; at += RESTART_BYTES) {
    restarts.add(block.readUIntBE(at, RESTART_BYTES));
  }
  const cursor = new ByteCursor(block, start, restartsAt);
  let last = before;
  let inBlock: Buffer = Buffer.alloc(0);
  while (!cursor.isAtEnd) {
    const isRestart = restarts.delete(cursor.position);
    const shared = cursor.varint();
    const written = cursor.varint();
    if (shared > inBlock.length || (isRestart && shared > 0))
      throw new Damage("has a name that begins as none before it");
    const suffix = cursor.take(Math.floor(written / 8));
    const key = Buffer.concat([inBlock.subarray(0, shared), suffix]);
    if (key.length === 0 || (last !== null && last.compare(key) >= 0))
      throw new Damage("has names that are not in order");
    onRecord(key, written % 8, cursor);
    last = key;
    inBlock = key;
  }
  if (restarts.size > 0) throw new Damage("has a restart where no record begins");
  return last;
}

function readRef(name: Buffer, kind: number, cursor: ByteCursor, idBytes: IdBytes): RefRecord {
  cursor.varint();
  switch (kind) {
    case 0:
      return { name, value: null };
    case 1:
      return { name, value: { objectId: cursor.id(idBytes), peeled: null } };
    case 2:
      return { name, value: { objectId: cursor.id(idBytes), peeled: cursor.id(idBytes) } };
    case 3:
      return { name, value: { target: cursor.take(cursor.varint()) } };
    default:
      throw new NotForUs(`has a ref of kind ${kind}`);
  }
}

/** The name, a zero, and the number of the update, the other way around so that the last comes first. */
const UPDATE_BYTES = 8;

function readLog(key: Buffer, kind: number, cursor: ByteCursor, idBytes: IdBytes): LogRecord {
  const nameEnd = key.length - UPDATE_BYTES - 1;
  if (nameEnd < 1 || key[nameEnd] !== 0) throw new Damage("has a line of a log that belongs to no ref");
  const update = Number(0xffffffffffffffffn - key.readBigUInt64BE(nameEnd + 1));
  if (!Number.isSafeInteger(update)) throw new Damage("has an impossible number");
  const name = key.subarray(0, nameEnd);
  if (kind === 0) return { name, update, entry: null };
  if (kind !== 1) throw new NotForUs(`has a line of a log of kind ${kind}`);
  const oldId = cursor.id(idBytes);
  const newId = cursor.id(idBytes);
  const [person, address] = [cursor.take(cursor.varint()), cursor.take(cursor.varint())];
  const seconds = cursor.varint();
  const zone = formatZone(cursor.take(2).readInt16BE());
  const message = cursor.take(cursor.varint());
  const who = Buffer.concat([person, Buffer.from(" <"), address, Buffer.from(`> ${seconds} ${zone}`)]);
  return { name, update, entry: { oldId, newId, who, message: withoutLineFeed(message) } };
}

/** It is stored as it is shown: `+0130` as 130. */
function formatZone(zone: number): string {
  return `${zone < 0 ? "-" : "+"}${String(Math.abs(zone)).padStart(4, "0")}`;
}

function withoutLineFeed(message: Buffer): Buffer {
  return message.at(-1) === 0x0a ? message.subarray(0, -1) : message;
}
