import { beforeAll, describe, expect, it } from "vitest";
import { scan, type ScanRun } from "../support/cli.ts";
import { GitRepository } from "../support/git-repository.ts";
import { expectFound, expectNothing } from "../support/report.ts";
import { scanFiles, tokensIn } from "../support/scan-files.ts";
import { rememberSecret } from "../support/secret-guard.ts";
import { makeTempDir } from "../support/temp-dir.ts";
import { makeToken, randomHex } from "../support/token.ts";

const scanText = (input: string | Buffer, args: readonly string[] = []) =>
  scan(["--stdin", ...args], { cwd: makeTempDir(), input });

const hex = (digits: number) => randomHex(undefined, Math.ceil(digits / 2)).slice(0, digits);

const placeholders = [
  "ik_sdk_...",
  "ik_live_…",
  "ik_sdk_xxxxxxxxxxxxxxxxxxxxxxxx",
  "ik_live_your_workload_key",
  "ik_sdk_your_control_plane_token",
  "ik_sdk_<8hex>_<64hex>",
  "ik_sdk_a1b2c3d4_...",
  "ik_sdk_a1b2c3d4…",
  "ik_live_support_...",
  "ik_live_default...",
  "ik_sdk_",
  "ik_live_",
  "ik_sdk_a1b2c3d4_",
  "ik_live_********",
  "ik_sdk_a1b2c3d4_[REDACTED]",
  `ik_sdk_a1b2c3d4_${"*".repeat(64)}`,
  `ik_sdk_a1b2c3d4_${"x".repeat(64)}`,
  `ik_sdk_a1b2c3d4_${"X".repeat(64)}`,
  `ik_sdk_xxxxxxxx_${"x".repeat(64)}`,
  "ik_live_${PUBLIC_ID}_${SECRET}",
  "ik_sdk_{id}_{secret}",
];

const strangers = [
  "hik_live_worker",
  "mikrotik_live_snapshot",
  "traffik_sdk_version_2_0_1_linux_amd64_static_release",
  "ik_sdk_client_factory_for_the_management_plane_of_the_workloads",
];

/** Shapes that random digits fill, so that nothing but the shape keeps them out. */
const nearMisses: readonly [string, () => string][] = [
  ["a secret of 63 digits", () => `ik_sdk_${hex(8)}_${hex(63)}`],
  ["a secret of 65 digits", () => `ik_sdk_${hex(8)}_${hex(65)}`],
  ["a secret of 128 digits", () => `ik_live_${hex(8)}_${hex(128)}`],
  ["a secret cut to 32 digits", () => `ik_live_${hex(8)}_${hex(32)}...`],
  ["an id of 7 digits", () => `ik_sdk_${hex(7)}_${hex(64)}`],
  ["an id of 9 digits", () => `ik_sdk_${hex(9)}_${hex(64)}`],
  ["no id", () => `ik_sdk_${hex(64)}`],
  ["an id that is not hex", () => `ik_live_proj1234_${hex(64)}`],
  ["a secret with one letter beyond f", () => `ik_sdk_${hex(8)}_${hex(30)}g${hex(33)}`],
  ["a hyphen for the underscore", () => `ik_sdk_${hex(8)}-${hex(64)}`],
  ["two underscores", () => `ik_sdk_${hex(8)}__${hex(64)}`],
  ["a prefix in upper case", () => `IK_SDK_${hex(8)}_${hex(64)}`],
  ["a prefix of another kind", () => `ik_test_${hex(8)}_${hex(64)}`],
  ["a line break inside", () => `ik_sdk_${hex(8)}_${hex(32)}\n${hex(32)}`],
  ["masked digits at its end", () => `ik_sdk_${hex(8)}_${hex(56)}********`],
  ["masked digits in its middle", () => `ik_sdk_${hex(8)}_${hex(28)}********${hex(28)}`],
  ["another vendor's key of 32 letters", () => `ik_live_${Buffer.from(hex(48), "hex").toString("base64url")}`],
  ["another vendor's prefix and shape", () => `pik_live_${hex(40)}`],
  ["another vendor's public key", () => `public_ik_live_${Buffer.from(hex(40), "hex").toString("base64url")}`],
];

/** What may stand around a placeholder in prose and in code; once more in UTF-16. */
function documentsOf(text: string): Buffer {
  const document = `export KEY="${text}"\n${text}\n# ${text}: see the docs\nX=${text}`;
  return Buffer.concat([Buffer.from(`${document}\n`), Buffer.from(document, "utf16le")]);
}

const fixed = [...placeholders, ...strangers];

describe("what is not a token", () => {
  let scanned: ScanRun;
  beforeAll(() => {
    const files: Record<string, string | Buffer> = {};
    for (const [index, text] of fixed.entries()) files[`fixed-${index}`] = documentsOf(text);
    for (const [index, [, make]] of nearMisses.entries()) {
      files[`near-${index}`] = `KEY=${make()}\nKEY="${make()}"\n`;
      files[`near-wide-${index}`] = Buffer.from(`KEY=${make()}\nKEY="${make()}"\n`, "utf16le");
    }
    scanned = scanFiles(files);
  });

  it.each(fixed.map((text, index) => [text, index] as const))("is not reported: %s", (_, index) => {
    expect(tokensIn(scanned, `fixed-${index}`)).toEqual([]);
  });

  it.each(nearMisses.map(([name], index) => [name, index] as const))("is not reported: %s", (_, index) => {
    expect(tokensIn(scanned, `near-${index}`)).toEqual([]);
    expect(tokensIn(scanned, `near-wide-${index}`)).toEqual([]);
  });

  it("makes no scan fail", () => expectNothing(scanned));

  it("is not reported in the tree, the index and the history either", () => {
    const repository = GitRepository.init();
    const text = [...placeholders, ...strangers, ...nearMisses.map(([, make]) => make())].join("\n");
    repository.write("docs/tokens.md", text).stage();
    expectNothing(scan([], { cwd: repository.dir }));
    expectNothing(scan(["--staged"], { cwd: repository.dir }));
    repository.commitIndex(text);
    expectNothing(scan(["--history"], { cwd: repository.dir }));
  });
});

describe("secrets that nobody generated", () => {
  const upward = "0123456789abcdef";
  const downward = Array.from(upward).toReversed().join("");
  const invented = new Map([
    ["zeros", "0".repeat(64)],
    ["one letter", "a".repeat(64)],
    ["a word", "deadbeef".repeat(8)],
    ["all digits upward", upward.repeat(4)],
    ["all digits downward", downward.repeat(4)],
    ["each digit four times", Array.from(upward, (digit) => digit.repeat(4)).join("")],
    ["decimal digits", "1234567890".repeat(7).slice(0, 64)],
    ["upper case", "DEADBEEF".repeat(8)],
    ["pairs upward", Array.from({ length: 32 }, (_, index) => index.toString(16).padStart(2, "0")).join("")],
  ]);
  const eight = hex(8);
  const decimal = Array.from({ length: 64 }, (_, index) => (Number.parseInt(hex(4), 16) + index) % 10).join("");
  const lucky = new Map([
    ["it begins with twelve zeros", `${"0".repeat(12)}${hex(52)}`],
    ["it ends with twelve equal digits", `${hex(52)}${"f".repeat(12)}`],
    ["a counted scanned stands in it", `${hex(20)}0123456789ab${hex(32)}`],
    ["a word repeats in it", `${hex(24)}deadbeefdeadbeef${hex(24)}`],
    ["one of its digits never shows", hex(64).replaceAll("7", "8")],
    ["it has decimal digits alone", decimal],
    ["eight digits of it come twice", `${eight}${hex(20)}${eight}${hex(28)}`],
  ]);
  const publicIds = ["00000000", "a1b2c3d4", "12345678", "deadbeef"];
  const real = new Map([...lucky].map(([name, secret]) => [name, makeToken({ secret, plane: "data" })]));
  for (const publicId of publicIds) real.set(`only the public id ${publicId} is one`, makeToken({ publicId }));
  let scanned: ScanRun;
  beforeAll(() => {
    const files: Record<string, string> = {};
    for (const [name, secret] of invented) files[name] = `KEY=${makeToken({ secret }).raw}\n`;
    for (const [name, { raw }] of real) files[name] = `KEY=${raw}\n`;
    scanned = scanFiles(files);
  });

  it.each([...invented.keys()])("are placeholders: %s", (name) => {
    expect(tokensIn(scanned, name)).toEqual([]);
  });

  it.each([...real.keys()])("are told from random ones that look a little like it: found when %s", (name) => {
    expect(tokensIn(scanned, name)).toMatchObject([
      { fingerprint: real.get(name)?.fingerprint, confidence: "certain" },
    ]);
  });

  it("do not hide a real token beside them", () => {
    const token = makeToken();
    const fake = makeToken({ secret: "0".repeat(64) });
    expectFound(scanText(`${fake.raw} ${token.raw} example placeholder your_key xxxx\n`), [token]);
  });
});

describe("--min-confidence suspect", () => {
  // Where it has its hyphens decides whether a piece is long enough to look random, so it is the same in every run.
  const BASE64URL = Buffer.from(randomHex("base64url", 32), "hex").toString("base64url");
  const suspects: readonly [string, () => string][] = [
    ["an id that is no hex", () => `ik_live_proj1234_${secretOf(hex(64))}`],
    ["a secret of another length", () => `ik_sdk_${hex(8)}_${secretOf(hex(48))}`],
    ["a secret in base64url", () => `ik_live_${secretOf(BASE64URL)}`],
  ];
  const secretOf = (secret: string): string => {
    rememberSecret(secret, "chosen");
    return secret;
  };

  it.each(suspects)("reports %s", (_, make) => {
    const text = `KEY=${make()}\n`;
    expectNothing(scanText(text));
    expectNothing(scanText(text, ["--min-confidence", "certain"]));
    const run = scanText(text, ["--min-confidence", "suspect"]);
    expect(run.report.tokens.map(({ confidence }) => confidence)).toEqual(["suspect"]);
    expect(run.report.tokens.map(({ masked }) => masked)).toEqual([
      text.startsWith("KEY=ik_sdk_") ? "ik_sdk_…" : "ik_live_…",
    ]);
    expect(run.status).toBe(1);
  });

  it("reports no placeholder and no stranger", () => {
    const files = Object.fromEntries(fixed.map((text, index) => [`${index}`, documentsOf(text)]));
    const run = scanFiles(files, ["--min-confidence=suspect"]);
    expect(fixed.filter((_, index) => tokensIn(run, `${index}`).length > 0)).toEqual([]);
    expectNothing(run);
  });

  it("does not report what stands behind a letter", () => {
    expectNothing(scanText(`pik_live_${hex(40)} public_ik_live_${hex(40)}\n`, ["--min-confidence", "suspect"]));
  });

  it("still reports certain tokens as certain", () => {
    const token = makeToken();
    expectFound(scanText(token.raw, ["--min-confidence", "suspect"]), [token]);
  });

  it("does not take counting for a secret", () => {
    const texts = ["0123456789abcdef", "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123", "9876543210zyxwvutsrqp"];
    for (const text of texts) expectNothing(scanText(`ik_live_${text}\n`, ["--min-confidence", "suspect"]));
  });
});
