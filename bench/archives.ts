// How fast archives are unpacked and searched, and how much memory that takes, whatever their size.
//
//   node bench/archives.ts
//
// It writes up to 2 GB at a time into the directory for temporary files (TMPDIR) and removes them again. Linux only, as
// bench/memory.ts. The times are wall time and contain the start of Node.

import { spawnSync } from "node:child_process";
import { closeSync, mkdtempSync, openSync, rmSync, statSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { crc32, deflateRawSync } from "node:zlib";
import { ordinaryText, takeBytes } from "./support/large-text.ts";
import { peakMemory } from "./support/memory.ts";
import { printHeader, printLoad } from "./support/print.ts";
import { findTool, keyrecall } from "./support/tools.ts";

const GIGABYTE = 1e9;
const LIMIT_MB = 300;
const BLOCK_BYTES = 4 * 1024 * 1024;
const STREAM_BYTES = 10 * GIGABYTE;
const TEXT_BYTES = 512 * 1024 * 1024;

const directory = mkdtempSync(path.join(tmpdir(), "keyrecall-bench-"));
try {
  printHeader("Archives", [{ name: "node", file: process.execPath, version: process.version }]);
  console.log("\n| | packed | unpacked | time | unpacked a second | peak | wanted |");
  console.log("| --- | --: | --: | --: | --: | --: | --- |");
  await measureInput("standard input: gzip of 10 GB, half of it noise", STREAM_BYTES);
  await measureFile("file: zip of 2 GB, deflated and stored", "large.zip", (file) => writeZip(file, 2 * GIGABYTE));
  await measureFile("file: text in gzip", "text.gz", (file) => packText("gzip", file));
  await measureFile("file: text in bzip2", "text.bz2", (file) => packText("bzip2", file));
  console.log("");
  printLoad("after");
} finally {
  rmSync(directory, { recursive: true });
}

/** Half of it can be packed, so that the ratio is that of ordinary data. */
function* mixed(): Generator<Buffer> {
  const noise = Buffer.alloc(BLOCK_BYTES);
  let state = 1;
  for (let at = 0; at + 4 <= noise.length; at += 4) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    noise.writeUInt32LE(state, at);
  }
  for (const text of ordinaryText()) {
    yield text;
    yield noise;
  }
}

/** One gzip stream, of blocks that are packed each by itself. */
function* gzipOf(bytes: number): Generator<Buffer> {
  yield Buffer.from("1f8b0800000000000003", "hex");
  let checksum = 0;
  let noise: Buffer | null = null;
  let isNoise = false;
  for (const block of takeBytes(mixed(), bytes)) {
    checksum = crc32(block, checksum);
    // Packing takes longer than what is measured, and the noise is the same each time.
    if (isNoise && block.length === BLOCK_BYTES) yield (noise ??= flushed(block));
    else yield flushed(block);
    isNoise = !isNoise;
  }
  const end = Buffer.alloc(8);
  end.writeUInt32LE(checksum, 0);
  end.writeUInt32LE(bytes % 2 ** 32, 4);
  yield Buffer.concat([Buffer.from("0300", "hex"), end]);
}

/** Deflated, without an end. */
function flushed(block: Buffer): Buffer {
  return deflateRawSync(block, { level: 1, finishFlush: 3 });
}

async function measureInput(what: string, bytes: number): Promise<void> {
  let packed = 0;
  function* counted(): Generator<Buffer> {
    for (const piece of gzipOf(bytes)) {
      packed += piece.length;
      yield piece;
    }
  }
  const start = performance.now();
  const peaks = await peakMemory([process.execPath, keyrecall, "scan", "--stdin"], {
    directory,
    input: { text: counted(), bytes: Infinity },
  });
  print(what, () => packed, bytes, performance.now() - start, peaks[0]!.megabytes);
}

async function measureFile(what: string, name: string, write: (file: string) => number | null): Promise<void> {
  const tree = mkdtempSync(path.join(directory, "tree-"));
  const file = path.join(tree, name);
  const unpacked = write(file);
  if (unpacked !== null) {
    const start = performance.now();
    const peaks = await peakMemory([process.execPath, keyrecall, "scan", tree], { directory: tree });
    print(what, () => statSync(file).size, unpacked, performance.now() - start, peaks[0]!.megabytes);
  }
  rmSync(tree, { recursive: true });
}

function print(what: string, packed: () => number, unpacked: number, milliseconds: number, peak: number): void {
  const cells = [
    what,
    `${(packed() / 1e6).toFixed(0)} MB`,
    `${(unpacked / 1e6).toFixed(0)} MB`,
    `${(milliseconds / 1000).toFixed(1)} s`,
    `${(unpacked / 1000 / milliseconds).toFixed(0)} MB`,
    `${peak.toFixed(0)} MB`,
    `${peak < LIMIT_MB ? "met" : "MISSED"}: below ${LIMIT_MB} MB`,
  ];
  console.log(`| ${cells.join(" | ")} |`);
}

/** Entries of a text and of noise in turns, one deflated and one stored. */
function writeZip(file: string, bytes: number): number {
  const descriptor = openSync(file, "w");
  const directoryRecords: Buffer[] = [];
  let offset = 0;
  let unpacked = 0;
  for (const [number, content] of numbered(mixed())) {
    if (offset > bytes) break;
    const isStored = number % 2 === 1;
    const packed = isStored ? content : deflateRawSync(content, { level: 1 });
    const name = Buffer.from(`part ${number}.bin`);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(isStored ? 0 : 8, 4);
    common.writeUInt32LE(crc32(content), 10);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(content.length, 18);
    common.writeUInt16LE(name.length, 22);
    const local = Buffer.concat([Buffer.from("PK\u0003\u0004"), common, name, packed]);
    writeSync(descriptor, local);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(offset, 10);
    directoryRecords.push(Buffer.concat([Buffer.from("PK\u0001\u0002\u0014\0"), common, rest, name]));
    offset += local.length;
    unpacked += content.length;
  }
  const records = Buffer.concat(directoryRecords);
  const end = Buffer.alloc(22);
  end.write("PK\u0005\u0006", 0, "latin1");
  end.writeUInt16LE(directoryRecords.length, 8);
  end.writeUInt16LE(directoryRecords.length, 10);
  end.writeUInt32LE(records.length, 12);
  end.writeUInt32LE(offset, 16);
  writeSync(descriptor, Buffer.concat([records, end]));
  closeSync(descriptor);
  return unpacked;
}

function* numbered(blocks: Iterable<Buffer>): Generator<[number, Buffer]> {
  let number = 0;
  for (const block of blocks) {
    yield [number, block];
    number += 1;
  }
}

/** @returns null where the program is not there */
function packText(program: "gzip" | "bzip2", file: string): number | null {
  const tool = findTool(program, ["--version"], program);
  if (tool === null) return null;
  const plain = file.replace(/\.\w+$/, "");
  const descriptor = openSync(plain, "w");
  for (const piece of takeBytes(ordinaryText(), TEXT_BYTES)) writeSync(descriptor, piece);
  closeSync(descriptor);
  const { status } = spawnSync(tool.file, ["-1", plain]);
  if (status !== 0) throw new Error(`${program} ended with ${status}`);
  return TEXT_BYTES;
}
