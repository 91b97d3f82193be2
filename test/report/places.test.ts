import { describe, expect, it } from "vitest";
import { annotationsOf } from "../../src/report/annotations.ts";
import { formatGithub } from "../../src/report/github.ts";
import { placesOf } from "../../src/report/places.ts";
import { SourceLines } from "../../src/report/source-lines.ts";
import type { Report, ReportedOccurrence, ReportedToken } from "../../src/scan/report.ts";

const DISCLOSURE = { isPublic: false, prefixes: ["ik_sdk_"], honoursInlineMarks: true };

const OCCURRENCE: ReportedOccurrence = {
  kind: "file",
  object: null,
  paths: ["backup.zip"],
  line: 1,
  column: 90,
  encoding: [],
  container: [],
  introducedBy: [],
  removedBy: [],
  refs: [],
  reachable: true,
  inlineMark: false,
  variable: null,
};

function tokenIn(occurrence: Partial<ReportedOccurrence>): ReportedToken {
  return {
    fingerprint: `sha256:${"0".repeat(64)}`,
    rule: "inferencekey-control-token",
    plane: "control",
    publicId: "a1b2c3d4",
    masked: "ik_sdk_a1b2c3d4…",
    confidence: "certain",
    allowed: null,
    overruled: null,
    verdict: { state: "unchecked", reason: "not asked" },
    blastRadius: { summary: "does things", can: [], cannot: [] },
    misplaced: [],
    occurrences: [{ ...OCCURRENCE, ...occurrence }],
  };
}

function reportOf(token: ReportedToken): Report {
  const none = {
    refs: 0,
    packs: 0,
    commits: 0,
    trees: 0,
    blobs: 0,
    tags: 0,
    files: 1,
    bytes: 1,
    fallback: 0,
    reused: 0,
  };
  return {
    schema: 1,
    tool: { name: "keyrecall", version: "0.0.0" },
    scan: {
      source: "tree",
      target: ".",
      complete: true,
      incomplete: [],
      coverage: { ...none, skipped: [] },
      durationMs: 1,
    },
    policy: { file: null, unused: [], expired: [] },
    tokens: [token],
  };
}

function wordsOf(occurrence: Partial<ReportedOccurrence>): string {
  const [place] = placesOf(tokenIn(occurrence), DISCLOSURE);
  return `${place?.before}${place?.name ?? ""}${place?.after}`;
}

describe("a place in words", () => {
  it("goes through containers to the line in the innermost, and names encodings", () => {
    expect(wordsOf({})).toBe("backup.zip line 1");
    expect(wordsOf({ container: ["zip:deploy/.env"], inner: { line: 3, column: 25 } })).toBe(
      "backup.zip!deploy/.env line 3",
    );
    expect(wordsOf({ container: ["gzip", "tar:a:b"], inner: { line: 2, column: 1 }, encoding: ["base64"] })).toBe(
      "backup.zip!gzip!a:b line 2 (base64)",
    );
    const blob = { kind: "blob", object: "0".repeat(40), paths: [] } as const;
    expect(wordsOf(blob)).toBe("object 000000000000, line 1");
    expect(wordsOf({ ...blob, container: ["zip:x"], inner: { line: 9, column: 1 } })).toBe(
      "object 000000000000, x line 9",
    );
  });

  it("keeps what strangers named an entry out of the commands of a workflow", () => {
    const token = tokenIn({ container: ["zip:a\n::error::faked,b:c"], inner: { line: 1, column: 1 } });
    const output = formatGithub(reportOf(token), DISCLOSURE, "1 leaked token");
    expect(output.trimEnd().split("\n")).toHaveLength(2);
    expect(output).toContain("::error file=backup.zip,line=1,title=A leaked InferenceKey token::ik_sdk_a1b2c3d4…");
    expect(annotationsOf(reportOf(token), DISCLOSURE, []).shown[0]?.message).toContain("a\\n::error::faked,b:c");
  });
});

describe("SourceLines", () => {
  const spanOf = (content: string | Buffer, occurrence: Partial<ReportedOccurrence>, length = 80): [number, number] => {
    const token = tokenIn({ paths: ["a"], ...occurrence });
    const lines = new SourceLines(reportOf(token), () => true);
    expect(lines.paths).toEqual(["a"]);
    lines.take({ path: "a" }, Buffer.from(content));
    const { startColumn, endColumn } = lines.spanOf(token.occurrences[0]!, length);
    return [startColumn, endColumn];
  };

  it("turns bytes into UTF-16 code units, and ends with the line", () => {
    expect(spanOf("x\nü𝒳: token\r\n", { line: 2, column: 9 }, 5)).toEqual([6, 11]);
    expect(spanOf("x\nü𝒳: token\r\n", { line: 2, column: 9 }, 80)).toEqual([6, 11]);
    expect(spanOf(Buffer.from([0xff, 0xfe, 0x41, 0x42]), { line: 1, column: 3 }, 1)).toEqual([3, 4]);
  });

  it("takes a byte for a character where the content has no such line or column", () => {
    expect(spanOf("short\n", { line: 9, column: 7 }, 5)).toEqual([7, 12]);
    expect(spanOf("short\n", { line: 1, column: 70 }, 5)).toEqual([70, 75]);
    expect(spanOf("", { line: 1, column: 1 }, 5)).toEqual([1, 6]);
  });

  it("gives no hash of what can be guessed", () => {
    const token = tokenIn({ paths: ["a"], line: 1, column: 1 });
    const hashes = [true, false].map((isHashable) => {
      const lines = new SourceLines(reportOf(token), () => isHashable);
      lines.take({ path: "a" }, Buffer.from("token\n"));
      return lines.hashOf(token.occurrences[0]!);
    });
    expect(hashes).toEqual([expect.stringMatching(/^[0-9a-f]+:1$/) as string, null]);
  });
});
