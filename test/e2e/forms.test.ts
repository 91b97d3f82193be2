import { beforeAll, describe, expect, it } from "vitest";
import { scan, type ScanRun } from "../support/cli.ts";
import { GitRepository } from "../support/git-repository.ts";
import { expectFound, onlyOccurrence } from "../support/report.ts";
import { scanFiles, tokensIn } from "../support/scan-files.ts";
import { makeTempDir } from "../support/temp-dir.ts";
import { makeToken, makeTokens, randomHex } from "../support/token.ts";

const scanBytes = (input: string | Buffer) => scan(["--stdin"], { cwd: makeTempDir(), input });

const utf16le = (text: string) => Buffer.from(text, "utf16le");
const utf16be = (text: string) => Buffer.from(text, "utf16le").swap16();

const before: Readonly<Record<string, string | Buffer>> = {
  nothing: "",
  "an escaped newline in JSON": '{"key":"a\\n',
  "an escaped tab": "\\t",
  "a percent-encoded equals sign": "https://example.org/?key%3D",
  "a percent-encoded newline": "%0A",
  "a letter": "key",
  "the letter p": "p",
  "the word public_": "public_",
  "a digit": "7",
  "an underscore": "_",
  "a hyphen": "Bearer-",
  "a quote": '"',
  "half of another token": `ik_live_${randomHex(1, 4)}_`,
  "its own prefix": "ik_sdk_",
  "the start of its prefix": "ik_sik_",
  "a byte that is not UTF-8": Buffer.from([0xff]),
  "a NUL": Buffer.from([0]),
};
const after = `" ' \n \r\n \\n %0A , ; ) } / - _ . g Z ik_sdk_ é \0 &x=1 </key>`.split(" ").concat(" ");

describe("forms of a token", () => {
  const tokens = makeTokens(Object.keys(before).length);
  const dataTokens = makeTokens(after.length, { plane: "data" });
  let neighbours: ScanRun;
  beforeAll(() => {
    const files: Record<string, Buffer> = {};
    for (const [index, left] of Object.values(before).entries()) {
      files[`before-${index}`] = Buffer.concat([Buffer.from(left), Buffer.from(tokens[index]?.raw ?? "")]);
    }
    for (const [index, right] of after.entries())
      files[`after-${index}`] = Buffer.from(`key: ${dataTokens[index]?.raw}${right}`);
    neighbours = scanFiles(files);
  });

  it.each(Object.entries(before).map(([name, left], index) => [name, left, index] as const))(
    "are found after %s",
    (_, left, index) => {
      const [found] = tokensIn(neighbours, `before-${index}`);
      expect(found).toMatchObject({ fingerprint: tokens[index]?.fingerprint });
      expect(found?.occurrences).toMatchObject([{ line: 1, column: Buffer.byteLength(left) + 1 }]);
    },
  );

  it.each(after.map((right, index) => [right, index] as const))("are found before %j", (_, index) => {
    const [found] = tokensIn(neighbours, `after-${index}`);
    expect(found).toMatchObject({ fingerprint: dataTokens[index]?.fingerprint, occurrences: [{ line: 1, column: 6 }] });
  });

  it("are found when two tokens touch", () => {
    const [first, second] = [makeToken(), makeToken({ plane: "data" })];
    const run = scanBytes(first.raw + second.raw);
    expectFound(run, [first, second]);
    expect(onlyOccurrence(run, second).column).toBe(first.raw.length + 1);
  });

  it("are found with hex digits in upper and in mixed case", () => {
    const upper = makeToken({ upperCase: true });
    const secret = [...randomHex("mixed case", 32)]
      .map((digit, index) => (index % 2 ? digit.toUpperCase() : digit))
      .join("");
    const mixed = makeToken({ secret });
    expectFound(scanBytes(`${upper.raw}\n${mixed.raw}\n`), [upper, mixed]);
  });

  it("are found in a binary when the byte behind happens to be a hex digit", () => {
    const token = makeToken();
    const binary = Buffer.concat([Buffer.from([0, 200, 3]), Buffer.from(`${token.raw}a`), Buffer.from([0, 1, 255, 0])]);
    expectFound(scanBytes(binary), [token]);
  });

  it.each(["\n", "\r\n"])("have the right line and column when lines end with %j", (newline) => {
    const token = makeToken();
    const run = scanBytes(`one${newline}two${newline}  x=${token.raw}${newline}`);
    expectFound(run, [token]);
    expect(onlyOccurrence(run, token)).toMatchObject({ line: 3, column: 5 });
  });

  it("have columns in bytes", () => {
    const token = makeToken();
    expect(onlyOccurrence(scanBytes(`über "ключ": ${token.raw}`), token).column).toBe(
      Buffer.byteLength('über "ключ": ') + 1,
    );
  });
});

describe("forms of a token in UTF-16", () => {
  it.each([
    ["little endian with a mark", "\ufeff", utf16le],
    ["little endian without a mark", "", utf16le],
    ["big endian with a mark", "\ufeff", utf16be],
    ["big endian without a mark", "", utf16be],
  ])("are found in %s", (_, mark, encode) => {
    const token = makeToken();
    // Ċ and its neighbours hold the byte 0A without being a newline.
    const run = scanBytes(encode(`${mark}one\r\nzwölf Ċ\u0a0a\u0a00\n\tkey=${token.raw}\r\nend\r\n`));
    expectFound(run, [token]);
    expect(onlyOccurrence(run, token)).toMatchObject({ line: 3, column: 11 });
    expect(onlyOccurrence(run, token).encoding.join()).toMatch(/utf-?16-?(le|be)/i);
  });

  it.each([
    ["little endian", utf16le],
    ["big endian", utf16be],
  ])("are found at any offset when %s text stands inside other bytes", (_, encode) => {
    const tokens = [makeToken(), makeToken({ plane: "data" }), makeToken({ upperCase: true })];
    const parts = tokens.flatMap((token, index) => [
      Buffer.from("plain\n".repeat(index + 1) + "x".repeat(index)),
      encode(` ${token.raw} `),
    ]);
    expectFound(scanBytes(Buffer.concat(parts)), tokens);
  });

  it.each([
    ["the end of the input", utf16le(""), utf16be("")],
    ["another hex digit of one byte", Buffer.from("a"), Buffer.from("a")],
  ])("are found before %s", (_, afterLittle, afterBig) => {
    const [little, big] = [makeToken(), makeToken()];
    expectFound(scanBytes(Buffer.concat([utf16le(`=${little.raw}`), afterLittle])), [little]);
    expectFound(scanBytes(Buffer.concat([utf16be(`=${big.raw}`), afterBig])), [big]);
  });

  it("are found in files, the index, a range and the history", () => {
    const token = makeToken();
    const repository = GitRepository.init();
    repository.commitFile("a.txt", "1\n");
    repository.write("a.reg", utf16le(`\ufeffkey=1\r\nkey=${token.raw}\r\n`)).stage();
    const place = { line: 2, column: 9 };
    for (const args of [[], ["--staged"]]) {
      const run = scan(args, { cwd: repository.dir });
      expectFound(run, [token]);
      expect(onlyOccurrence(run, token)).toMatchObject(place);
    }
    repository.commitIndex();
    for (const args of [["--history"], ["--range", "HEAD~1..HEAD"]]) {
      const run = scan(args, { cwd: repository.dir });
      expectFound(run, [token]);
      expect(onlyOccurrence(run, token)).toMatchObject(place);
    }
  });
});
