// The check run's conclusion and what it shows, in private and in public repositories.
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkRunReport, type CheckRunFacts } from "../../../app/issues/check-run.ts";
import { makeToken } from "../../support/token.ts";
import { hostile } from "../support/hostile-text.ts";
import { contained, makeIncident, makeOccurrence } from "../support/incident.ts";
import { referencesIn, render } from "../support/rendered.ts";

function report(changes: Partial<CheckRunFacts> = {}) {
  return checkRunReport({ isPrivate: true, leaks: [], isComplete: true, gaps: [], commits: 2, ...changes });
}

const gap = { what: "object 3f2a", why: "missing from the repository" };
const leakOf = (incident = makeIncident(), occurrences = incident.occurrences) => ({ incident, occurrences });

describe("conclusion", () => {
  it.each([
    ["success", { leaks: [], isComplete: true, gaps: [] }],
    ["action_required", { leaks: [], isComplete: false, gaps: [] }],
    ["action_required", { leaks: [], isComplete: true, gaps: [gap] }],
    ["failure", { leaks: [leakOf()], isComplete: true, gaps: [] }],
    ["failure", { leaks: [leakOf()], isComplete: false, gaps: [gap] }],
    ["failure", { leaks: [leakOf(contained())], isComplete: true, gaps: [] }],
  ] as const)("is %s", (conclusion, facts) => {
    for (const isPrivate of [true, false]) expect(report({ ...facts, isPrivate }).conclusion).toBe(conclusion);
  });

  it("is failure for a token that a later commit removed", () => {
    const { conclusion, annotations } = report({
      leaks: [leakOf(makeIncident(), [makeOccurrence({ removedBy: ["cd".repeat(20)] })])],
    });
    expect(conclusion).toBe("failure");
    expect(annotations[0]?.message).toContain("leaked all the same");
  });
});

describe("a private repository", () => {
  it("shows file, line, plane, verdict and the next step", () => {
    const incident = makeIncident();
    const { title, summary, annotations } = report({ leaks: [leakOf(incident)] });
    expect(title).toBe("1 leaked token");
    expect(summary).toContain(`| \`${incident.masked}\` | control | **live** | 1 | revoke it |`);
    expect(annotations).toEqual([
      {
        path: "deploy/.env",
        line: 3,
        title: `Leaked control-plane token ${incident.masked}`,
        message: "Whether it works, and what is to be done, is said in the summary of this check.",
      },
    ]);
  });

  it("names the entry of an archive", () => {
    const incident = makeIncident({
      occurrences: [
        makeOccurrence({ path: "app.jar", line: 1, container: ["zip:x/.env"], innerLine: 4 }),
        makeOccurrence({ path: "app.jar", line: 0, container: ["zip:y/.env"], innerLine: 4 }),
      ],
    });
    const { summary, annotations } = report({ leaks: [leakOf(incident)] });
    expect(annotations.map(({ message }) => message)).toEqual([expect.stringContaining("in the entry x/.env of")]);
    expect(summary).toContain("- file `app.jar!y/.env` of commit");
  });

  it("links to the issue", () => {
    const url = "https://github.com/acme/security/issues/7";
    const incident = contained({ issue: { repositoryId: 9, repository: "acme/security", number: 7, url } });
    expect(report({ leaks: [leakOf(incident)] }).summary).toContain(`[\`acme/security#7\`](${url})`);
  });

  it("lists what no line of a file holds", () => {
    const token = makeToken();
    const occurrences = [
      makeOccurrence({ kind: "commit-message", path: null }),
      makeOccurrence({ kind: "path", path: `x/${token.raw}` }),
      makeOccurrence({ path: `x/${token.raw}` }),
      makeOccurrence({ path: "bad\udcff" }),
      makeOccurrence({ line: 0 }),
    ];
    const { summary, annotations } = report({ leaks: [leakOf(makeIncident({ occurrences }))] });
    expect(annotations).toEqual([]);
    expect(summary).toContain("- message of commit `abababababab`");
    expect(summary).toContain(`- name of a file \`x/${token.masked}\``);
    expect(summary).toContain("`bad\\xff`");
    expect(summary).not.toContain(token.secret);
  });

  it("names what could not be read", () => {
    expect(report({ isComplete: false, gaps: [gap] }).summary).toContain(
      "- `object 3f2a`: `missing from the repository`",
    );
    expect(report({ isComplete: false }).summary).toContain("did not reach its end");
  });

  it("stays within the limits", () => {
    const long = "`\u200b|é".repeat(500);
    const occurrences = Array.from({ length: 3000 }, (_, n) =>
      makeOccurrence(n % 2 ? { path: long } : { line: n + 1 }),
    );
    const leaks = Array.from({ length: 300 }, () => leakOf(makeIncident({ occurrences })));
    const { summary, annotations } = report({
      leaks,
      gaps: Array.from({ length: 900 }, () => ({ what: long, why: long })),
    });
    expect(Buffer.byteLength(summary)).toBeLessThanOrEqual(65_535);
    expect(annotations.length).toBeLessThanOrEqual(500);
  });

  it("shows strangers' texts as they are", () => {
    fc.assert(
      fc.property(hostile, hostile, hostile, (path, reason, ref) => {
        const occurrences = [
          makeOccurrence({ path, ref, commit: null }),
          makeOccurrence({ kind: "ref-name", path: null, ref, commit: null }),
        ];
        const incident = makeIncident({ occurrences, verdict: { state: "unknown", reason } });
        const { summary, annotations } = report({ leaks: [leakOf(incident)], gaps: [{ what: path, why: reason }] });
        const rendered = render(summary);
        expect([...rendered.links, ...rendered.images, ...rendered.html]).toEqual([]);
        expect(referencesIn(rendered.text)).toEqual([]);
        for (const { message } of annotations) expect(message.split("\n").length).toBe(1);
      }),
      { numRuns: 300 },
    );
  });
});

describe("a public repository", () => {
  it("shows the conclusion and a count", () => {
    const incident = makeIncident();
    const { title, summary, annotations } = report({ isPrivate: false, leaks: [leakOf(incident)], gaps: [gap] });
    expect(title).toBe("1 leaked token, and not everything could be read");
    expect(annotations).toEqual([]);
    for (const fact of [incident.masked, incident.publicId, "control", "live", ".env", "3f2a", "revoke"])
      expect(title + summary).not.toContain(fact);
  });
});
