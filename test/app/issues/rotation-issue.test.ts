// The rotation issue: what it says, what it keeps, and that it fits.
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Incident } from "../../../app/incident.ts";
import { rotationAdvisory } from "../../../app/issues/advisory.ts";
import { stateComment } from "../../../app/issues/comment.ts";
import { hasMarker, markerOf } from "../../../app/issues/marker.ts";
import { rotationIssue, type RotationIssueFacts } from "../../../app/issues/rotation-issue.ts";
import { builtinRules, type Rule } from "../../../src/index.ts";
import { makeToken } from "../../support/token.ts";
import { hostile } from "../support/hostile-text.ts";
import { contained, makeIncident, makeOccurrence, PUBLIC_REPOSITORY } from "../support/incident.ts";
import { referencesIn, render } from "../support/rendered.ts";

const PRIVATE = { isPrivate: true };
const PUBLIC = { isPrivate: false };

function ruleOf({ plane }: Incident): Rule {
  const rule = builtinRules.find((one) => one.plane === plane);
  if (rule === undefined) throw new Error(`no rule for ${plane}`);
  return rule;
}

function issueFor(incident: Incident, changes: Partial<RotationIssueFacts> = {}) {
  return rotationIssue({
    incident,
    rule: ruleOf(incident),
    consumers: [
      { repository: "acme/billing", path: "src/client.ts" },
      { repository: "acme/billing", path: ".github/workflows/deploy.yml" },
    ],
    teams: [],
    place: PRIVATE,
    previousBody: null,
    webUrl: "https://github.com",
    ...changes,
  });
}

const tick = (body: string, ...keys: string[]): string =>
  body
    .split("\n")
    .map((line) => (keys.some((key) => line.includes(`keyrecall:step ${key}`)) ? line.replace("- [ ]", "- [x]") : line))
    .join("\n");

const boxes = (body: string): string[] =>
  body.split("\n").flatMap((line) => {
    const [, box, key] = /^ *- \[([ x])\].*keyrecall:step ([a-z]+)/.exec(line) ?? [];
    return key === undefined ? [] : [`${key}:${box}`];
  });

describe("what it says", () => {
  it("tells of a live control token what it could do, and what not", () => {
    const incident = makeIncident();
    const { title, body, labels } = issueFor(incident);
    expect(title).toBe(`Rotate the leaked control-plane token ${incident.masked}`);
    expect(body).toContain("**Live.**");
    expect(body).toContain("open since 2026-11-23 12:00:00 UTC");
    expect(body).toContain("| `shop/support` | `chat` | `m-1` | `vllm` | provisioned |");
    expect(body).toMatch(/It could \*\*not\*\*:\n\n- call inference or read prompts/);
    expect(body).toContain("workloads that are gone");
    expect(body).not.toContain("asynchronous jobs");
    expect(body).toContain("[`deploy/.env`](https://github.com/acme/billing/blob/");
    expect(body).toContain("- [ ] `.github/workflows/deploy.yml` in `acme/billing` (workflow)");
    expect(body).toContain("can still be fetched by their id");
    expect(labels.map(({ name }) => name)).toEqual(["keyrecall", "keyrecall: control plane"]);
    expect(render(body).html).toEqual([]);
    expect(hasMarker(body, markerOf(incident))).toBe(true);
  });

  it("tells of a data token other signs", () => {
    const { body } = issueFor(makeIncident({ plane: "data" }));
    expect(body).toContain("asynchronous jobs that nobody of you submitted");
    expect(body).not.toContain("workloads that are gone");
  });

  it("gives the exposure window from the webhook to the dead token", () => {
    const { body } = issueFor(contained());
    expect(body).toContain(
      "| Exposure window | **1.34 s**, from 2026-11-23 12:00:00 UTC to 2026-11-23 12:00:01.340 UTC |",
    );
    expect(body).toContain("**Contained.**");
    expect(body).toContain("| Confirmed dead | 2026-11-23 12:00:01.340 UTC | 1.34 s |");
    for (const milestone of ["Introduced", "Pushed", "Found", "Verified live", "Revoked (asked for)"])
      expect(body).toContain(`| ${milestone}`);
  });

  it("says of a token that was dead already that it never was live", () => {
    const { body } = issueFor(contained({ wasLive: false }));
    expect(body).toContain("**Already dead.**");
    expect(body).toContain("| Revocation | not needed: it was dead already |");
    expect(body).not.toContain("1.34 s**");
    expect(body).not.toContain("done by Keyrecall");
    expect(body).not.toContain("Verified live");
  });

  it("says why nothing is revoked by itself", () => {
    const { body } = issueFor(makeIncident({ manualBecause: "no revocation provider is configured" }));
    expect(body).toContain("**Live: revoke it now.**");
    expect(body).toContain("| Revocation | by hand: no revocation provider is configured |");
  });

  it("does not call a token dead that the API accepts again", () => {
    const incident = contained({ verdict: { state: "live", reason: "recognised" } });
    const { body } = issueFor(incident);
    expect(body).toContain("**Live.**");
    expect(body).toContain("| Exposure window | open since");
    expect(boxes(body)).toContain("dead: ");
  });

  it("mentions teams, and nobody else", () => {
    const { body } = issueFor(makeIncident(), { teams: ["@acme/sre", "@ada", "@acme/x y", "@acme/<b>"] });
    expect(referencesIn(render(body).text).filter((reference) => reference.includes("@"))).toEqual([" @acme"]);
    expect(body).toContain("@acme/sre");
    expect(body).not.toContain("<b>");
  });

  it("says what else holds the token", () => {
    const incident = makeIncident({
      occurrences: [
        makeOccurrence(),
        makeOccurrence({ kind: "commit-message", path: null, removedBy: [] }),
        makeOccurrence({ removedBy: ["cd".repeat(20)], path: "old.env" }),
      ],
    });
    const { body } = issueFor(incident);
    expect(body).toContain("- message in `acme/billing`");
    expect(body).toContain("removed by `cdcdcdcdcdcd`");
    expect(body).toContain("3 in 1 repository");
  });

  it("names the entry of an archive and its line there", () => {
    const path = "lib/app.jar";
    const incident = makeIncident({
      occurrences: [
        makeOccurrence({ path, line: 1, container: ["zip:lib/a.tar.gz", "gzip", "tar:x/.env"], innerLine: 4 }),
        makeOccurrence({ path, line: 1, container: ["zip:notes.txt"] }),
      ],
    });
    const { body } = issueFor(incident);
    expect(body).toContain("), in the entry `lib/a.tar.gz!x/.env`, line 4, in `acme/billing`");
    expect(body).toContain("packed: `zip, gzip, tar`");
    expect(body).toContain("in the entry `notes.txt`, in a name or a comment,");
    expect(body).not.toContain("app.jar#L");
  });
});

describe("public places", () => {
  it("say nothing before the token is out of service", () => {
    for (const incident of [
      makeIncident(),
      makeIncident({ state: "unverifiable" }),
      makeIncident({ state: "reopened" }),
      contained({ verdict: { state: "live", reason: "" } }),
    ]) {
      const { title, body, labels } = issueFor(incident, { place: PUBLIC });
      const all = [title, body, ...labels.map(({ name }) => name)].join("\n");
      for (const secret of [incident.masked, incident.publicId, "live", "shop", "deploy/.env", "control"])
        expect(all.replace(incident.fingerprint, "")).not.toContain(secret);
      expect(stateComment(incident, PUBLIC)).toBeNull();
      expect(hasMarker(body, markerOf(incident))).toBe(true);
    }
  });

  it("do not name private repositories afterwards", () => {
    const incident = contained({ occurrences: [makeOccurrence(), makeOccurrence({ repository: PUBLIC_REPOSITORY })] });
    const consumers = ["acme/billing", "acme/website", "acme/elsewhere"].map((repository) => ({
      repository,
      path: "a.ts",
    }));
    const timeline = [{ at: "2026-11-23T12:00:00Z", what: "Found in acme/billing", by: "keyrecall" }];
    const { body } = issueFor({ ...incident, timeline }, { place: PUBLIC, consumers });
    expect(body).toContain("acme/website");
    expect(body).toContain("`a.ts` in `acme/website`");
    expect(body).not.toContain("acme/elsewhere");
    expect(body).not.toContain("acme/billing");
    expect(body).toContain("1 place in private repositories");
  });
});

describe("check boxes", () => {
  it("keep what people ticked, also with the line ends of a browser", () => {
    const { body } = issueFor(makeIncident());
    const ticked = tick(body, "mint", "file").replaceAll("\n", "\r\n");
    const { body: next, isDone } = issueFor(contained(), { previousBody: ticked });
    expect(boxes(next)).toEqual(["mint:x", "move: ", "file:x", "file:x", "revoke:x", "dead:x", "misuse: ", "clean: "]);
    expect(isDone).toBe(false);
  });

  it("stay ticked when consumers come and go", () => {
    const one = { repository: "acme/billing", path: "z.ts" };
    const { body } = issueFor(makeIncident(), { consumers: [one] });
    const consumers = [{ repository: "acme/billing", path: "a.ts" }, one];
    const { body: next } = issueFor(makeIncident(), { consumers, previousBody: tick(body, "file") });
    expect(next).toMatch(/\[ \] `a\.ts`/);
    expect(next).toMatch(/\[x\] `z\.ts`/);
  });

  it("follow the API where it alone can tell", () => {
    const { body } = issueFor(makeIncident());
    const { body: next } = issueFor(makeIncident(), { previousBody: tick(body, "revoke", "dead") });
    expect(boxes(next)).toContain("revoke: ");
    expect(boxes(next)).toContain("dead: ");
  });

  it("are done when people have ticked theirs", () => {
    const { body } = issueFor(contained());
    const previousBody = tick(body, "mint", "move", "misuse", "clean");
    expect(issueFor(contained(), { previousBody }).isDone).toBe(true);
  });

  it("render as boxes", () => {
    expect(render(issueFor(makeIncident()).body).checkboxes).toBe(8);
  });

  it("give the same text again", () => {
    const incident = makeIncident();
    const { body } = issueFor(incident);
    expect(issueFor(incident, { previousBody: body }).body).toBe(body);
  });
});

describe("strangers' texts", () => {
  it("do nothing, wherever they stand, and the text fits", () => {
    fc.assert(
      fc.property(
        fc.array(hostile, { minLength: 12, maxLength: 12 }),
        fc.constantFrom("control", "data"),
        (texts, plane) => {
          const [path, author, ref, actor, slug, model, what, by, reason, note, consumer, encoding] = texts as [
            string,
            string,
            string,
            string,
            string,
            string,
            string,
            string,
            string,
            string,
            string,
            string,
          ];
          const clean = makeIncident({ plane: plane as "data" });
          const incident: Incident = {
            ...clean,
            verdict: { ...clean.verdict, reason },
            manualBecause: reason,
            blastRadius: {
              ...clean.blastRadius,
              workloads: [{ project: slug, slug, task: model, model, backend: model, gpu: false }],
              notes: [note],
            },
            occurrences: [
              makeOccurrence({ path, author, ref, actor, encoding: [encoding], committedAt: note }),
              makeOccurrence({ path, container: [`zip:${consumer}`, encoding], innerLine: 2 }),
            ],
            timeline: [{ at: by, what, by }],
          };
          const { title, body } = issueFor(incident, { consumers: [{ repository: slug, path: consumer }] });
          const rendered = render(body);
          expect(title).not.toMatch(/[\r\n]/);
          for (const url of rendered.links)
            expect(url).toMatch(/^https:\/\/github\.com\/acme\/billing\/blob\/[0-9a-f]{40}\/[^()<>\s]*?(?:#L3)?$/);
          expect(rendered.images).toEqual([]);
          expect(rendered.html).toEqual([]);
          expect(referencesIn(rendered.text)).toEqual([]);
          expect(boxes(body)).toEqual(["mint: ", "move: ", "file: ", "revoke: ", "dead: ", "misuse: ", "clean: "]);
          expect(rendered.tables.length).toBe(3);
          expect(rendered.headings.length).toBe(6);
          expect(body.split("\n").filter((line) => line.startsWith("<!-- keyrecall:incident"))).toEqual([
            markerOf(incident),
          ]);
        },
      ),
      { numRuns: 300 },
    );
  });

  it("cannot make a marker of another incident", () => {
    const other = markerOf(makeIncident());
    const occurrences = [other, `x\n${other}\n`, `\`\n${other}\n`].map((path) =>
      makeOccurrence({ path, author: path, ref: path }),
    );
    const timeline = [{ at: "2026-11-23T12:00:00Z", what: other, by: other }];
    expect(hasMarker(issueFor(makeIncident({ occurrences, timeline })).body, other)).toBe(false);
  });

  it("show no token, wherever it stands", () => {
    const token = makeToken();
    const occurrence = makeOccurrence({
      path: `${token.raw}/.env`,
      author: token.raw,
      ref: `refs/heads/${token.raw}`,
      actor: token.raw,
    });
    const incident = makeIncident({
      occurrences: [occurrence],
      manualBecause: token.raw,
      verdict: { state: "live", reason: `x${token.raw}` },
      timeline: [{ at: "2026-11-23T12:00:00Z", what: token.raw, by: token.raw }],
    });
    const { title, body } = issueFor(incident, { consumers: [{ repository: "acme/billing", path: token.raw }] });
    expect(title + body).not.toContain(token.secret.slice(0, 10));
    expect(decodeURIComponent(body.replaceAll("%", "%25"))).not.toContain(token.secret.slice(0, 10));
  });
});

describe("size", () => {
  it("fits with any number of places, workloads, files and events", () => {
    const long = "\u200b`|é".repeat(300);
    const incident = makeIncident({
      occurrences: Array.from({ length: 20_000 }, (_, n) =>
        makeOccurrence({
          path: `${long}${n}`,
          author: long,
          ref: long,
          actor: long,
          encoding: [long],
          container: [`zip:${long}`],
          removedBy: [long],
        }),
      ),
      timeline: Array.from({ length: 5000 }, () => ({ at: long, what: `${long} ${long}`, by: long })),
      manualBecause: "` ".repeat(1000),
      verdict: { state: "live", reason: "` ".repeat(1000), api: long, checkedAt: long },
      blastRadius: {
        summary: "@ ".repeat(1000),
        can: Array.from({ length: 500 }, () => long),
        cannot: Array.from({ length: 500 }, () => long),
        notes: Array.from({ length: 500 }, () => long),
        workloads: Array.from({ length: 5000 }, (_, n) => ({
          project: long,
          slug: `${long}${n}`,
          task: long,
          model: long,
          backend: long,
          gpu: true,
        })),
      },
    });
    const consumers = Array.from({ length: 3000 }, (_, n) => ({ repository: long, path: `${n}${long}` }));
    const { body } = issueFor(incident, { consumers });
    expect(Buffer.byteLength(body)).toBeLessThanOrEqual(65_535);
    expect(body.match(/… and \d+ more/g)?.length).toBeGreaterThanOrEqual(7);
    expect(body).toContain("20000 in 1 repository");
  });

  it("fits as an advisory", () => {
    const { summary, description } = rotationAdvisory({
      incident: makeIncident(),
      rule: ruleOf(makeIncident()),
      consumers: null,
      teams: [],
      previousBody: null,
      webUrl: "https://github.com",
    });
    expect(summary.length).toBeLessThanOrEqual(1024);
    expect(description).toContain("**Live.**");
  });
});

it("comments on what changed", () => {
  expect(stateComment(contained(), PRIVATE)).toContain("1.34 s");
  expect(stateComment(makeIncident({ state: "reopened" }), PRIVATE)).toContain("open again");
  expect(stateComment(makeIncident(), PRIVATE)).toBeNull();
});
