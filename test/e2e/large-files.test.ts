// Files come in pieces. Wherever a piece ends, a token that stands across the border is found.
import { randomBytes } from "node:crypto";
import { describe, expect, it } from "vitest";
import { scan, startCli, withReport } from "../support/cli.ts";
import { GitRepository } from "../support/git-repository.ts";
import { expectFound, onlyOccurrence } from "../support/report.ts";
import { makeTempDir } from "../support/temp-dir.ts";
import { makeToken, makeTokens, randomHex, type MadeToken } from "../support/token.ts";

const KIB = 1024;
const MIB = 1024 * KIB;

interface Planted {
  readonly bytes: Buffer;
  readonly tokens: readonly MadeToken[];
}

/** One token across each multiple of `step`: the first ends right before it, the last begins right at it. */
function plantAcrossBorders(step: number, encode: (text: string) => Buffer): Planted {
  const length = encode(makeToken({ seed: "length" }).raw).length;
  const bytes = Buffer.alloc(step * (length + 2), "young rows: xyz uvw\n");
  const tokens = Array.from({ length: length + 1 }, () => makeToken());
  for (const [index, token] of tokens.entries()) encode(token.raw).copy(bytes, step * (index + 1) - length + index);
  return { bytes, tokens };
}

const encodings: readonly [string, (text: string) => Buffer][] = [
  ["plain text", (text) => Buffer.from(text)],
  ["UTF-16", (text) => Buffer.from(text, "utf16le")],
];

describe("scan of large files", () => {
  it.each(encodings)("finds %s across every border of 64 KiB in a file, the index and the history", (_, encode) => {
    const { bytes, tokens } = plantAcrossBorders(64 * KIB, encode);
    const repository = GitRepository.init();
    repository.write("big.txt", bytes).stage();
    for (const args of [[], ["--staged"], ["--history"]]) expectFound(scan(args, { cwd: repository.dir }), tokens);
    repository.commitIndex();
    repository.git(["repack", "-q", "-a", "-d"]);
    expectFound(scan(["--history"], { cwd: repository.dir }), tokens);
  });

  it.each(encodings)("finds %s across borders of standard input when it comes in odd pieces", async (_, encode) => {
    const { bytes, tokens } = plantAcrossBorders(4 * KIB, encode);
    const { child, ended } = startCli(["scan", "--stdin", "--format", "json"], { cwd: makeTempDir() });
    for (let at = 0; at < bytes.length; at += 7919) child.stdin.write(bytes.subarray(at, at + 7919));
    child.stdin.end();
    expectFound(withReport(await ended), tokens);
  });

  it("finds tokens around the borders of a mebibyte and tells their columns", () => {
    const distances = [-100, -79, -78, -40, -1, 0, 1, 41, 80];
    const tokens = makeTokens(distances.length);
    const bytes = Buffer.alloc((distances.length + 1) * MIB, "x");
    const offsets = distances.map((distance, index) => (index + 1) * MIB + distance);
    for (const [index, offset] of offsets.entries()) bytes.write(tokens[index]?.raw ?? "", offset);
    const run = scan(["--stdin"], { cwd: makeTempDir(), input: bytes });
    expectFound(run, tokens);
    const columns = tokens.map((token) => onlyOccurrence(run, token).column);
    expect(columns).toEqual(offsets.map((offset) => offset + 1));
  });

  it("finds the token at the end of a single line of 30 MB, in a file and in the history", () => {
    const token = makeToken();
    const repository = GitRepository.init();
    const bytes = Buffer.alloc(30 * MIB, '{"key": "value", "ik_": "ik_sdk_ ik_live"}, ');
    bytes.write(token.raw, bytes.length - 200);
    repository.write("line.json", bytes).stage();
    for (const args of [[], ["--staged"], ["--history"]]) {
      const run = scan(args, { cwd: repository.dir });
      expectFound(run, [token]);
      expect(onlyOccurrence(run, token)).toMatchObject({ line: 1, column: bytes.length - 199 });
    }
  });

  it("finds tokens at the first and the last byte of random data, and after line number one million", () => {
    const [first, last, deep] = makeTokens(3);
    const random = randomBytes(3 * MIB).map((byte) => (byte === 0x0a ? 0 : byte));
    const lines = Buffer.alloc(1_000_000, "\n");
    const bytes = Buffer.concat([
      Buffer.from(first.raw),
      random,
      lines,
      Buffer.from(`\0${deep.raw}\0`),
      random,
      Buffer.from(last.raw),
    ]);
    const run = scan(["--stdin"], { cwd: makeTempDir(), input: bytes });
    expectFound(run, [first, last, deep]);
    expect(onlyOccurrence(run, deep)).toMatchObject({ line: 1_000_001, column: 2 });
  });

  it("reads a file of prefixes and of hex digits alone without finding anything in it", () => {
    const prefixes = Buffer.alloc(4 * MIB, "ik_sdk_ik_live_ik_sik_l");
    const digits = Buffer.alloc(4 * MIB, `ik_sdk_${randomHex("long run", 200)}`);
    expectFound(scan(["--stdin"], { cwd: makeTempDir(), input: Buffer.concat([prefixes, digits]) }), []);
  });

  it("finds a token at the end of a patch's line of many megabytes, and those behind it", () => {
    const [far, next, kept] = makeTokens(3);
    const filler = "x".repeat(6 * MIB);
    const patch = [
      "diff --git a/f b/f",
      "--- a/f",
      "+++ b/f",
      "@@ -1 +1,3 @@",
      ` ${kept.raw} ${filler}`,
      `+${filler}${far.raw}`,
      `+${next.raw} ${kept.raw}`,
      "",
    ].join("\n");
    const run = scan(["--stdin", "--diff"], { cwd: makeTempDir(), input: patch });
    expectFound(run, [far, next]);
    expect(onlyOccurrence(run, far)).toMatchObject({ line: 2, column: filler.length + 1, paths: ["f"] });
    expect(onlyOccurrence(run, next)).toMatchObject({ line: 3, column: 1 });
  });
});
