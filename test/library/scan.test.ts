// The library's `scan`, from the built bundle: findings while they come, an end on request, errors of one type.
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { inspect } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type * as Library from "../../src/index.ts";
import { startInferenceKey, type InferenceKeyEmulator } from "../emulators/inferencekey/emulator.ts";
import { GitRepository } from "../support/git-repository.ts";
import { validateReport } from "../support/report-schema.ts";
import { assertNoSecret } from "../support/secret-guard.ts";
import { makeTempDir } from "../support/temp-dir.ts";
import { makeToken, makeTokens, type MadeToken } from "../support/token.ts";

const bundle = new URL("../../dist/index.js", import.meta.url).href;
const { KeyrecallError, scan, ScanInterruptedError } = (await import(bundle)) as typeof Library;

async function fingerprintsOf(run: Library.Scan): Promise<string[]> {
  const found: string[] = [];
  for await (const finding of run) {
    assertNoSecret(
      Buffer.from(inspect(finding, { depth: 9, showHidden: true }) + JSON.stringify(finding)),
      "a finding",
    );
    found.push(finding.token.fingerprint);
  }
  return found;
}

function fingerprints(tokens: readonly MadeToken[]): string[] {
  return tokens.map(({ fingerprint }) => fingerprint).toSorted();
}

/** Processes that this one has started and that are still there. */
function children(): string[] {
  return readdirSync("/proc").flatMap((id) => {
    try {
      const [, state = "", parent = ""] = /\) (\S) (\d+)/.exec(readFileSync(`/proc/${id}/stat`, "latin1")) ?? [];
      return Number(parent) === process.pid && state !== "Z" ? [readFileSync(`/proc/${id}/cmdline`, "latin1")] : [];
    } catch {
      return [];
    }
  });
}

function largeRepository(tokens: readonly MadeToken[]): GitRepository {
  const repository = GitRepository.init();
  for (let index = 0; index < 3000; index += 1) repository.write(`d${index % 50}/f${index}.txt`, `text ${index}\n`);
  for (const [index, { raw }] of tokens.entries()) repository.write(`d${index}/a.env`, `KEY=${raw}\n`);
  repository.commit();
  return repository;
}

describe("a report", () => {
  const [one, two] = makeTokens(2);
  const repository = GitRepository.init();
  const first = repository.commitFile("a.env", `KEY=${one.raw}\n`);
  repository.remove("a.env").commit();
  repository.write("b.env", `KEY=${two.raw}\n`).stage();

  it.each<[string, Library.Source, readonly MadeToken[]]>([
    ["history", { kind: "history", path: repository.dir }, [one, two]],
    ["a range", { kind: "range", path: repository.dir, range: `${first}..HEAD` }, []],
    ["the index", { kind: "staged", path: repository.dir }, [two]],
    ["a tree", { kind: "tree", path: repository.dir }, [two]],
    [
      "a stream",
      { kind: "stream", stream: Readable.from([`a ${one.raw.slice(0, 30)}`, "", one.raw.slice(30)]) },
      [one],
    ],
    ["a text", { kind: "text", text: `é ${two.raw}` }, [two]],
    ["bytes", { kind: "bytes", bytes: new Uint8Array(Buffer.from(one.raw, "utf16le")) }, [one]],
    [
      "a patch",
      {
        kind: "text",
        isPatch: true,
        text: `--- a/x\n+++ b/x\n@@ -1 +1 @@\n-KEY=${one.raw}\n+KEY=${two.raw}\n`,
      },
      [two],
    ],
  ])("of %s is the one that the command prints, and its findings are the same", async (_, source, tokens) => {
    const run = scan({ source });
    const found = await fingerprintsOf(run);
    const report = await run.report();
    validateReport(structuredClone(report));
    expect(report.scan.complete).toBe(true);
    expect(report.tokens.map(({ fingerprint }) => fingerprint).toSorted()).toEqual(fingerprints(tokens));
    expect([...new Set(found)].toSorted()).toEqual(fingerprints(tokens));
    assertNoSecret(Buffer.from(inspect(report, { depth: 20 })), "the report");
  });

  it("is made once, however often it is asked for", async () => {
    const run = scan({ source: { kind: "text", text: one.raw } });
    expect(await run.report()).toBe(await run.report());
    expect(await fingerprintsOf(run)).toEqual([one.fingerprint]);
    expect(await fingerprintsOf(run)).toEqual([one.fingerprint]);
  });

  it("says what could not be read", async () => {
    const lost = GitRepository.init();
    lost.commitFile("a.txt", "a\n");
    const blob = lost.id("HEAD:a.txt");
    lost.remove(`.git/objects/${blob.slice(0, 2)}/${blob.slice(2)}`);
    const report = await scan({ source: { kind: "history", path: lost.dir } }).report();
    expect(report.scan.complete).toBe(false);
    expect(JSON.stringify(report.scan.incomplete)).toContain(blob);
  });
});

describe("what is allowed", () => {
  it("is nothing that was not asked for", async () => {
    const [byFile, byMark] = makeTokens(2);
    const repository = GitRepository.init();
    const allow = `version: 1\nallow:\n  - fingerprint: ${byFile.fingerprint}\n    reason: an example\n`;
    repository.write(".keyrecall.yml", allow);
    repository.write("a.env", `A=${byFile.raw}\nB=${byMark.raw} # keyrecall:allow sample\n`);
    const source = { kind: "tree", path: repository.dir } as const;
    const allowedBy = async (options: Library.AllowOptions): Promise<(string | undefined)[]> => {
      const { tokens } = await scan({ source, allow: options }).report();
      return [byFile, byMark].map(
        (token) => tokens.find(({ fingerprint }) => fingerprint === token.fingerprint)?.allowed?.by,
      );
    };
    expect(await allowedBy({})).toEqual([undefined, undefined]);
    expect(await allowedBy({ configuration: true })).toEqual(["fingerprint", undefined]);
    expect(await allowedBy({ inlineMarks: true })).toEqual([undefined, "inline"]);
    const ignore = join(makeTempDir(), "ignored");
    writeFileSync(ignore, "a.env:inferencekey-control-token:1\n");
    expect(await allowedBy({ gitleaksIgnore: [ignore] })).toEqual(["gitleaks-ignore", undefined]);
  });
});

describe("findings of a large history", () => {
  it("come before its end", async () => {
    const tokens = makeTokens(3);
    const repository = largeRepository(tokens);
    let isRead = false;
    const run = scan({ source: { kind: "history", path: repository.dir } });
    const report = run.report().then((made) => {
      isRead = true;
      return made;
    });
    const before: boolean[] = [];
    for await (const { token } of run) before.push(!isRead && token.fingerprint !== "");
    expect(before[0]).toBe(true);
    expect(new Set((await report).tokens.map(({ fingerprint }) => fingerprint))).toEqual(new Set(fingerprints(tokens)));
  });
});

describe("a scan that is ended", () => {
  it("by its signal, throws an AbortError with what was found, and leaves no process behind", async () => {
    const [token] = makeTokens(1);
    const repository = largeRepository([token]);
    const abort = new AbortController();
    const run = scan({
      source: { kind: "history", path: repository.dir },
      signal: abort.signal,
      onProgress: ({ blobs }) => blobs > 0 && abort.abort(new Error("enough")),
    });
    const error = await run.report().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ScanInterruptedError);
    const { name, code, cause, report } = error as Library.ScanInterruptedError;
    expect({ name, code, cause: (cause as Error).message }).toEqual({
      name: "AbortError",
      code: "interrupted",
      cause: "enough",
    });
    expect(report?.scan.complete).toBe(false);
    expect(children().filter((command) => command.startsWith("git"))).toEqual([]);
    await expect(fingerprintsOf(run)).rejects.toBe(error);
  });

  it("before it began, reads nothing", async () => {
    const error = await scan({ source: { kind: "history" }, signal: AbortSignal.abort() })
      .report()
      .catch((e: unknown) => e);
    expect(error).toMatchObject({ name: "AbortError", report: null });
  });

  it("by leaving the loop, leaves no process behind", async () => {
    const tokens = makeTokens(2);
    const repository = largeRepository(tokens);
    for await (const { token } of scan({ source: { kind: "history", path: repository.dir } })) {
      expect(fingerprints(tokens)).toContain(token.fingerprint);
      break;
    }
    expect(children().filter((command) => command.startsWith("git"))).toEqual([]);
  });

  it("by leaving the loop, goes on where its report is wanted", async () => {
    const tokens = makeTokens(2);
    const run = scan({ source: { kind: "text", text: tokens.map(({ raw }) => raw).join(" ") } });
    const report = run.report();
    for await (const _ of run) break;
    expect((await report).tokens).toHaveLength(2);
  });
});

describe("errors", () => {
  it.each<[string, Library.ScanOptions, string]>([
    ["no such path", { source: { kind: "tree", path: "/nowhere/at/all" } }, "path-not-found"],
    ["no repository", { source: { kind: "history", path: makeTempDir() } }, "not-a-repository"],
    [
      "no such range",
      { source: { kind: "range", path: GitRepository.init().dir, range: "x..y" } },
      "unresolvable-range",
    ],
    ["no such kind", { source: { kind: "cloud" } as unknown as Library.Source }, "usage"],
    ["no such baseline", { source: { kind: "text", text: "" }, allow: { baseline: "/nowhere" } }, "configuration"],
    [
      "no such ignore file",
      { source: { kind: "text", text: "" }, allow: { gitleaksIgnore: ["/nowhere"] } },
      "configuration",
    ],
    ["a mark that is everywhere", { source: { kind: "text", text: "" }, allow: { allowSignatures: ["a"] } }, "usage"],
    [
      "an API that is not encrypted",
      { source: { kind: "text", text: "" }, verify: { baseUrl: "http://a.example" } },
      "usage",
    ],
  ])("are KeyrecallErrors: %s", async (_, options, code) => {
    const run = scan(options);
    const error = await run.report().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(KeyrecallError);
    expect((error as Library.KeyrecallError).code).toBe(code);
    await expect(fingerprintsOf(run)).rejects.toBe(error);
  });

  it("end no process that has not asked for them", () => {
    const code = `import { scan } from ${JSON.stringify(bundle)};
      const run = scan({ source: { kind: "tree", path: "/nowhere/at/all" } });
      run.report().catch(() => {}); await new Promise((resolve) => setTimeout(resolve, 200)); console.log("alive");`;
    const output = execFileSync(process.execPath, ["--input-type=module", "--eval", code], { encoding: "utf8" });
    expect(output).toBe("alive\n");
  });
});

describe("verification", () => {
  let api: InferenceKeyEmulator;
  beforeAll(async () => {
    api = await startInferenceKey();
    api.addWorkload("acme", { slug: "support" });
  });
  afterAll(() => api.close());

  it("is asked for, and then said in the report", async () => {
    const live = api.mintControlToken("acme");
    const source = { kind: "text", text: `${live.raw}\n${makeToken().raw}` } as const;
    const unasked = await scan({ source }).report();
    expect(unasked.tokens.map(({ verdict }) => verdict.state)).toEqual(["unchecked", "unchecked"]);
    expect(api.requests).toEqual([]);
    const phases = new Set<string>();
    const { tokens } = await scan({
      source,
      verify: { baseUrl: api.baseUrl, projects: ["acme"] },
      onProgress: ({ phase, verified, toVerify }) => phases.add(`${phase} ${verified}/${toVerify}`),
    }).report();
    expect(tokens.map(({ verdict }) => verdict.state)).toEqual(["live", "revoked"]);
    expect(phases).toContain("verifying 2/2");
  });
});
