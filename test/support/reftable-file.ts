// Tables of refs as git's technical/reftable describes them, for a git that writes none, and for damage.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { crc32, deflateSync } from "node:zlib";

export interface WrittenRef {
  readonly name: string;
  /** An object, an object and what it leads to, a ref, or nothing: deleted. */
  readonly value: string | readonly [string, string] | { readonly target: string } | null;
}

export interface WrittenLog {
  readonly name: string;
  readonly update: number;
  readonly line: {
    readonly oldId: string;
    readonly newId: string;
    readonly message: string;
    readonly zone?: number;
  } | null;
}

export interface WrittenTable {
  readonly idBytes: 20 | 32;
  /** 0 where blocks follow each other at once. */
  readonly blockBytes?: number;
  readonly refs: readonly WrittenRef[];
  readonly logs?: readonly WrittenLog[];
  readonly updates: readonly [number, number];
}

const RESTART_EVERY = 4;

/** Puts tables where git looks for those of a git directory. */
export function writeTables(gitDirectory: string, tables: readonly Buffer[]): void {
  const directory = join(gitDirectory, "reftable");
  mkdirSync(directory, { recursive: true });
  const names = tables.map((_, number) => `0x00000000000${number}-0x00000000000${number}-0000000${number}.ref`);
  for (const [number, bytes] of tables.entries()) writeFileSync(join(directory, names[number]!), bytes);
  writeFileSync(join(directory, "tables.list"), names.map((name) => `${name}\n`).join(""));
}

export function reftable(table: WrittenTable): Buffer {
  const { idBytes, blockBytes = 256, refs, logs = [], updates } = table;
  const header = Buffer.concat([
    Buffer.from("REFT"),
    Buffer.from([idBytes === 20 ? 1 : 2]),
    integer(blockBytes, 3),
    integer(updates[0], 8),
    integer(updates[1], 8),
    Buffer.from(idBytes === 20 ? "" : "s256"),
  ]);
  const file: Buffer[] = [];
  let size = 0;
  const add = (bytes: Buffer): void => {
    file.push(bytes);
    size += bytes.length;
  };
  const refRecords = byKey(refs.map((ref) => ({ key: Buffer.from(ref.name), ...refValue(ref) })));
  const logRecords = byKey(logs.map((log) => ({ key: logKey(log), ...logValue(log) })));
  const limit = blockBytes === 0 ? 200 : blockBytes;
  for (const records of blocksOf(refRecords, limit - header.length)) {
    const block = blockOf("r", records, size === 0 ? header : Buffer.alloc(0));
    add(block);
    if (blockBytes > 0) add(Buffer.alloc(blockBytes - block.length));
  }
  const logsAt = size;
  for (const records of blocksOf(logRecords, limit - header.length)) {
    const head = size === 0 ? header : Buffer.alloc(0);
    const block = blockOf("g", records, head);
    const plain = head.length + 4;
    add(Buffer.concat([block.subarray(0, plain), deflateSync(block.subarray(plain))]));
  }
  if (size === 0) add(header);
  const footer = Buffer.concat([header, Buffer.alloc(24), integer(logs.length === 0 ? 0 : logsAt, 8), Buffer.alloc(8)]);
  return Buffer.concat([...file, footer, integer(crc32(footer), 4)]);
}

interface Written {
  readonly key: Buffer;
  readonly kind: number;
  readonly value: Buffer;
}

function byKey(records: readonly Written[]): Written[] {
  return records.toSorted((a, b) => a.key.compare(b.key));
}

function refValue({ value }: WrittenRef): { kind: number; value: Buffer } {
  const update = varint(0);
  if (value === null) return { kind: 0, value: update };
  if (typeof value === "string") return { kind: 1, value: Buffer.concat([update, Buffer.from(value, "hex")]) };
  if ("target" in value) {
    const target = Buffer.from(value.target);
    return { kind: 3, value: Buffer.concat([update, varint(target.length), target]) };
  }
  return { kind: 2, value: Buffer.concat([update, ...value.map((id) => Buffer.from(id, "hex"))]) };
}

function logKey({ name, update }: WrittenLog): Buffer {
  const reversed = Buffer.alloc(8);
  reversed.writeBigUInt64BE(0xffffffffffffffffn - BigInt(update));
  return Buffer.concat([Buffer.from(`${name}\0`), reversed]);
}

function logValue({ line }: WrittenLog): { kind: number; value: Buffer } {
  if (line === null) return { kind: 0, value: Buffer.alloc(0) };
  const zone = Buffer.alloc(2);
  zone.writeInt16BE(line.zone ?? 0);
  const value = Buffer.concat([
    Buffer.from(line.oldId + line.newId, "hex"),
    text("Ada Example"),
    text("ada@example.org"),
    varint(1_767_603_600),
    zone,
    text(`${line.message}\n`),
  ]);
  return { kind: 1, value };
}

function text(written: string): Buffer {
  const bytes = Buffer.from(written);
  return Buffer.concat([varint(bytes.length), bytes]);
}

function blocksOf(records: readonly Written[], limit: number): Written[][] {
  const blocks: Written[][] = [];
  let room = 0;
  for (const record of records) {
    const size = record.key.length + record.value.length + 16;
    if (room < size) {
      blocks.push([]);
      room = limit - 32;
    }
    blocks.at(-1)!.push(record);
    room -= size;
  }
  return blocks;
}

/** @param head the file's header, where this is its first block */
function blockOf(type: string, records: readonly Written[], head: Buffer): Buffer {
  const parts: Buffer[] = [];
  const restarts: Buffer[] = [];
  let at = head.length + 4;
  let before = Buffer.alloc(0);
  for (const [position, { key, kind, value }] of records.entries()) {
    const isRestart = position % RESTART_EVERY === 0;
    if (isRestart) restarts.push(integer(at, 3));
    const shared = isRestart ? 0 : lengthInCommon(key, before);
    const suffix = key.subarray(shared);
    const record = Buffer.concat([varint(shared), varint(suffix.length * 8 + kind), suffix, value]);
    parts.push(record);
    at += record.length;
    before = Buffer.from(key);
  }
  const end = [...restarts, integer(restarts.length, 2)];
  const length = at + restarts.length * 3 + 2;
  return Buffer.concat([head, Buffer.from(type), integer(length, 3), ...parts, ...end]);
}

function lengthInCommon(a: Buffer, b: Buffer): number {
  let length = 0;
  while (length < a.length && length < b.length && a[length] === b[length]) length++;
  return length;
}

function integer(value: number, bytes: number): Buffer {
  const written = Buffer.alloc(bytes);
  let rest = value;
  for (let at = bytes - 1; at >= 0; at--) {
    written[at] = rest % 256;
    rest = Math.floor(rest / 256);
  }
  return written;
}

function varint(value: number): Buffer {
  const bytes = [value % 128];
  for (let rest = Math.floor(value / 128); rest > 0; rest = Math.floor(rest / 128)) {
    rest -= 1;
    bytes.unshift(128 + (rest % 128));
  }
  return Buffer.from(bytes);
}
