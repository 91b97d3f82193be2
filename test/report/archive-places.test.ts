// Tokens in archives, as the reports of a workflow tell of them: the outer place is the file's, the entry is named, and what
// a stranger has called it steers nothing.
import { describe, expect, it } from "vitest";
import { Detector } from "../../src/detect/detector.ts";
import { annotationsOf } from "../../src/report/annotations.ts";
import { formatMarkdown } from "../../src/report/markdown.ts";
import { formatSarif } from "../../src/report/sarif.ts";
import { SourceLines } from "../../src/report/source-lines.ts";
import { builtinRules } from "../../src/rules/builtin.generated.ts";
import { compileRules } from "../../src/rules/ruleset.ts";
import { buildReport } from "../../src/scan/build-report.ts";
import { tokensIn } from "../../src/scan/containers.ts";
import type { Report } from "../../src/scan/report.ts";
import { scan } from "../../src/scan/scan.ts";
import { tar, zip } from "../support/archives.ts";
import { GitRepository } from "../support/git-repository.ts";
import { makeTempDir } from "../support/temp-dir.ts";
import { makeToken, type MadeToken } from "../support/token.ts";

const prefixes = builtinRules.map(({ grammar }) => grammar.prefix);

async function reportOf(path: string, archive: Buffer): Promise<Report> {
  const directory = new GitRepository(makeTempDir("places")).write(path, archive).dir;
  const result = await scan({
    source: { kind: "tree", path: directory, directory, useIgnoreRules: false },
    rules: builtinRules,
    minConfidence: "certain",
  });
  return buildReport(result, {
    version: "0.0.0",
    target: ".",
    rules: builtinRules,
    policyFile: null,
    judge: () => null,
    response: () => undefined,
    policyNotes: () => ({ unused: [], expired: [], notUnderstood: [] }),
  });
}

function archiveWith(token: MadeToken, name: string): Buffer {
  const inner = tar([{ name, content: Buffer.from(`a\n  ${token.raw}\n`) }]);
  return zip([
    { name: "first\nline", content: Buffer.from("x") },
    { name: "in.tar", content: inner, method: "stored" },
  ]);
}

const sarifOf = (report: Report, isPublic: boolean): string =>
  formatSarif(report, {
    isPublic,
    honoursInlineMarks: true,
    rules: builtinRules,
    lengthOf: () => 80,
    lines: new SourceLines(report, () => true),
    provenance: null,
  });

const markdownOf = (report: Report, isPublic: boolean): string =>
  formatMarkdown(report, {
    isPublic,
    honoursInlineMarks: true,
    prefixes,
    scope: "all",
    notes: [],
    hiddenAnnotations: 0,
    rotation: new Map(),
  });

describe("a token in an archive", () => {
  it("is told with the file's own place and the name of the entry", async () => {
    const token = makeToken();
    const archive = archiveWith(token, "etc/app.env");
    const line = archive.toString("latin1", 0, archive.indexOf("etc/app.env")).split("\n").length;
    const report = await reportOf("backup.zip", archive);
    const [annotation] = annotationsOf(report, { isPublic: false, honoursInlineMarks: true, prefixes }, []).shown;
    expect(annotation).toMatchObject({ file: "backup.zip", line });
    expect(annotation?.message).toContain("backup.zip!in.tar!etc/app.env line 2");
    expect(markdownOf(report, false)).toContain("`backup.zip!in.tar!etc/app.env` line 2");
    const [result] = (JSON.parse(sarifOf(report, false)) as Sarif).runs[0]!.results;
    expect(result?.message.text).toContain(`${token.masked} is leaked here`);
    expect(result?.message.text).toContain("backup.zip!in.tar!etc/app.env line 2 (zip, tar)");
    expect(result?.locations[0]?.physicalLocation.region).toMatchObject({ startLine: line, endLine: line });
  });

  it("has different alerts for different entries", async () => {
    const token = makeToken();
    const entries = ["a", "b"].map((name) => ({ name, content: Buffer.from(token.raw) }));
    const { results } = (JSON.parse(sarifOf(await reportOf("a.zip", zip(entries)), false)) as Sarif).runs[0]!;
    expect(new Set(results.map(({ partialFingerprints }) => partialFingerprints["primaryLocationLineHash"])).size).toBe(
      2,
    );
  });

  it("steers nothing by an entry's name, and shows no public id in public", async () => {
    const token = makeToken();
    const name = `::error::x\n##[error]y \`@somebody\` | <b> ${token.raw} [x](http://y) {0}`.slice(0, 100 + 80);
    const report = await reportOf("b.zip", zip([{ name, content: Buffer.from(token.raw) }]));
    for (const isPublic of [true, false]) {
      const annotations = annotationsOf(report, { isPublic, honoursInlineMarks: true, prefixes }, []).shown;
      const texts = [
        markdownOf(report, isPublic),
        sarifOf(report, isPublic),
        ...annotations.map(({ message }) => message),
      ];
      for (const text of texts) {
        expect(text).not.toContain(token.secret);
        if (isPublic) expect(text).not.toContain(token.publicId);
      }
      for (const { message } of annotations) expect(message).not.toMatch(/\n|##\[/);
      expect(markdownOf(report, isPublic)).not.toMatch(/^::error/m);
    }
  });

  it("is read again out of the archive's bytes", () => {
    const token = makeToken();
    const detector = new Detector(compileRules(builtinRules));
    const found = tokensIn(detector, archiveWith(token, "x"));
    expect(found.map(({ fingerprint }) => fingerprint)).toContain(token.fingerprint);
  });
});

interface Sarif {
  readonly runs: readonly {
    readonly results: readonly {
      readonly message: { readonly text: string };
      readonly partialFingerprints: Readonly<Record<string, string>>;
      readonly locations: readonly { readonly physicalLocation: { readonly region: object } }[];
    }[];
  }[];
}
