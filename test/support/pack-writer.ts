// Packs made by hand: deltas that no git would choose, in families of any shape, and on request wrong ones.
import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { deflateSync } from "node:zlib";
import type { GitRepository } from "./git-repository.ts";
import { writeIndexFile } from "./pack-index-file.ts";

export type DeltaStep = { readonly insert: Buffer } | { readonly copy: readonly [from: number, length: number] };

export type PackedObject =
  | { readonly bytes: Buffer }
  | {
      /** Which of the objects before it. */
      readonly base: number;
      readonly steps: readonly DeltaStep[];
      /** Whether the base is named, instead of told by its distance. */
      readonly isNamed?: boolean;
    };

export interface WrittenObject {
  readonly id: string;
  readonly bytes: Buffer;
}

/** Writes a pack of blobs into the repository; no object twice. */
export function writePack(repository: GitRepository, objects: readonly PackedObject[]): WrittenObject[] {
  const written: WrittenObject[] = [];
  const offsets: number[] = [];
  const pieces: Buffer[] = [packHeader(objects.length)];
  let offset = pieces[0]!.length;
  for (const object of objects) {
    offsets.push(offset);
    const entry = entryOf(object, written, offset, offsets);
    pieces.push(entry);
    offset += entry.length;
    const bytes = "bytes" in object ? object.bytes : applySteps(written[object.base]!.bytes, object.steps);
    written.push({ id: blobId(bytes), bytes });
  }
  const body = Buffer.concat(pieces);
  const checksum = createHash("sha1").update(body).digest();
  const rows = written
    .map(({ id }, position): [number, string] => [offsets[position]!, id])
    .toSorted(([, a], [, b]) => (a < b ? -1 : 1));
  const name = join(repository.gitDir, "objects/pack", `pack-${checksum.toString("hex")}`);
  writeFileSync(`${name}.pack`, Buffer.concat([body, checksum]));
  writeFileSync(`${name}.idx`, writeIndexFile(rows, checksum));
  return written;
}

export function applySteps(base: Buffer, steps: readonly DeltaStep[]): Buffer {
  return Buffer.concat(
    steps.map((step) => ("insert" in step ? step.insert : base.subarray(step.copy[0], step.copy[0] + step.copy[1]))),
  );
}

export function blobId(bytes: Buffer): string {
  return createHash("sha1").update(`blob ${bytes.length}\0`).update(bytes).digest("hex");
}

function packHeader(count: number): Buffer {
  const header = Buffer.from("PACK\0\0\0\x02\0\0\0\0", "latin1");
  header.writeUInt32BE(count, 8);
  return header;
}

function entryOf(object: PackedObject, written: readonly WrittenObject[], offset: number, offsets: readonly number[]) {
  if ("bytes" in object) return Buffer.concat([entryHeader(3, object.bytes.length), deflateSync(object.bytes)]);
  const base = written[object.base]!;
  const delta = deltaOf(base.bytes.length, applySteps(base.bytes, object.steps).length, object.steps);
  return Buffer.concat(
    object.isNamed === true
      ? [entryHeader(7, delta.length), Buffer.from(base.id, "hex"), deflateSync(delta)]
      : [entryHeader(6, delta.length), distance(offset - offsets[object.base]!), deflateSync(delta)],
  );
}

function entryHeader(type: number, size: number): Buffer {
  const bytes = [(type << 4) | (size & 0x0f)];
  for (let rest = Math.floor(size / 16); rest > 0; rest = Math.floor(rest / 128)) {
    bytes[bytes.length - 1]! |= 0x80;
    bytes.push(rest & 0x7f);
  }
  return Buffer.from(bytes);
}

function distance(value: number): Buffer {
  const bytes = [value & 0x7f];
  for (let rest = Math.floor(value / 128) - 1; rest >= 0; rest = Math.floor(rest / 128) - 1) {
    bytes.unshift(0x80 | (rest & 0x7f));
  }
  return Buffer.from(bytes);
}

function deltaOf(baseSize: number, resultSize: number, steps: readonly DeltaStep[]): Buffer {
  const pieces = [varint(baseSize), varint(resultSize)];
  for (const step of steps) {
    if ("insert" in step) {
      for (let at = 0; at < step.insert.length; at += 0x7f) {
        const piece = step.insert.subarray(at, at + 0x7f);
        pieces.push(Buffer.from([piece.length]), piece);
      }
    } else {
      const [from, length] = step.copy;
      for (let done = 0; done < length; done += 0xffffff) {
        pieces.push(copyStep(from + done, Math.min(length - done, 0xffffff)));
      }
    }
  }
  return Buffer.concat(pieces);
}

function copyStep(from: number, length: number): Buffer {
  let flags = 0x80;
  const bytes: number[] = [];
  for (let byte = 0; byte < 4; byte++) {
    const value = Math.floor(from / 2 ** (8 * byte)) & 0xff;
    if (value === 0) continue;
    flags |= 1 << byte;
    bytes.push(value);
  }
  // Written as nothing at all, it is this length.
  const written = length === 0x10000 ? 0 : length;
  for (let byte = 0; byte < 3; byte++) {
    const value = (written >> (8 * byte)) & 0xff;
    if (value === 0) continue;
    flags |= 0x10 << byte;
    bytes.push(value);
  }
  return Buffer.from([flags, ...bytes]);
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 128)) bytes.push((rest & 0x7f) | 0x80);
  return Buffer.from([...bytes, rest]);
}
