// The one issue of an incident on GitHub: found by what the App wrote, opened once, kept current, never lost to a refusal.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { keepRotationIssue, type KeptIssue } from "../../../app/github/keep-rotation-issue.ts";
import {
  assignable,
  commentOnce,
  createRotationIssue,
  ensureLabels,
  findRotationIssue,
} from "../../../app/github/rotation-issues.ts";
import type { Incident } from "../../../app/incident.ts";
import { markerOf } from "../../../app/issues/marker.ts";
import { rotationIssue } from "../../../app/issues/rotation-issue.ts";
import { builtinRules, type Rule } from "../../../src/index.ts";
import { connect, type Setup, setUpGitHub } from "../support/github.ts";
import { contained, makeIncident } from "../support/incident.ts";

let all: Setup;
let number = 0;

beforeAll(async () => {
  all = await setUpGitHub();
});

afterAll(() => all.close());

/** A repository of its own for each test. */
async function newRepository(
  fields: { private?: boolean; archived?: boolean; hasIssues?: boolean } = {},
): Promise<string> {
  number += 1;
  const name = `acme/r${number}`;
  await all.emulator.addRepository(name, { private: true, ...fields });
  return name;
}

const LABELS = [{ name: "keyrecall", color: "b60205", description: "A leaked token" }];

function keep(fullName: string, incident: Incident, changes: Partial<KeptIssue> = {}) {
  return keepRotationIssue(all.client, all.identity, {
    fullName,
    marker: markerOf(incident),
    number: null,
    text: (previous) =>
      rotationIssue({
        incident,
        rule: builtinRules.find(({ plane }) => plane === incident.plane) as Rule,
        consumers: [],
        teams: [],
        place: { isPrivate: true },
        previousBody: previous?.body ?? null,
        webUrl: "https://github.com",
      }),
    assignees: [],
    shouldBeOpen: () => true,
    ...changes,
  });
}

describe("opening", () => {
  it("writes one issue with labels and people, however often it runs", async () => {
    const name = await newRepository();
    const incident = makeIncident();
    const assignees = ["ada", "nobody-here", "grace"];
    expect(await keep(name, incident, { assignees })).toMatchObject({ kind: "issue", did: "opened", refusals: [] });
    expect(await keep(name, incident, { assignees })).toMatchObject({ kind: "issue", did: "nothing" });
    const issues = all.emulator.issuesOf(name);
    expect(issues.length).toBe(1);
    expect(issues[0]).toMatchObject({
      state: "open",
      title: `Rotate the leaked control-plane token ${incident.masked}`,
    });
    expect(issues[0]?.assignees?.map(({ login }) => login)).toEqual(["ada", "grace"]);
    expect(issues[0]?.labels.map((label) => (label as { color: string }).color)).toEqual(["b60205", "d93f0b"]);
  });

  it("finds the issue of a first try whose answer was lost", async () => {
    const name = await newRepository();
    const incident = makeIncident();
    all.emulator.inject(
      { kind: "reset-before-headers", actFirst: true },
      { route: "POST /repos/{owner}/{repo}/issues", times: 1 },
    );
    await expect(keep(name, incident)).rejects.toThrow(/no answer/);
    expect(await keep(name, incident)).toMatchObject({ did: "nothing", issue: { number: 1 } });
    expect(all.emulator.issuesOf(name).length).toBe(1);
  });

  it("does not heed a marker that somebody else wrote", async () => {
    const name = await newRepository();
    const incident = makeIncident();
    all.emulator.addUser(`${all.identity.slug}-bot`);
    for (const by of ["ada", `${all.identity.slug}-bot`])
      all.emulator.addIssue(name, { title: "mine", body: markerOf(incident), by });
    expect(await keep(name, incident)).toMatchObject({ did: "opened", issue: { number: 3 } });
  });

  it("tells incidents apart among many issues", async () => {
    const name = await newRepository();
    const fields = { labels: [], assignees: [] };
    all.emulator.set({ contentPerMinute: null });
    for (let n = 0; n < 103; n += 1)
      await createRotationIssue(all.client, name, { ...fields, title: `${n}`, body: markerOf(makeIncident()) });
    const incident = makeIncident();
    const body = `first\r\n${markerOf(incident)}\r\nlast`;
    await createRotationIssue(all.client, name, { ...fields, title: "this", body });
    const found = await findRotationIssue(all.client, all.identity, name, markerOf(incident));
    expect(found).toMatchObject({ kind: "issue", number: 104, title: "this" });
    const other = await findRotationIssue(all.client, all.identity, name, markerOf(makeIncident()));
    expect(other).toEqual({ kind: "none" });
  });

  it("does without labels that it may not make", async () => {
    const name = await newRepository();
    all.emulator.inject(
      { kind: "api-error", status: 403, code: null, message: "Resource not accessible by integration" },
      // The first is asked again with a fresh token: the permission may have been granted since.
      { route: "POST /repos/{owner}/{repo}/labels", times: 3 },
    );
    const outcome = await keep(name, makeIncident());
    expect(outcome).toMatchObject({ did: "opened" });
    expect(outcome.kind === "issue" && outcome.refusals.map(({ reason }) => reason)).toEqual([
      "missing-permission",
      "missing-permission",
    ]);
  });
});

describe("keeping", () => {
  it("updates in place, keeps ticks, closes on completion and opens again", async () => {
    const name = await newRepository();
    const live = makeIncident();
    const dead = contained({ fingerprint: live.fingerprint, publicId: live.publicId, masked: live.masked });
    await keep(name, live);
    const before = all.emulator.issuesOf(name)[0];
    const ticked = (before?.body ?? "").replaceAll("- [ ]", "- [x]").replaceAll("\n", "\r\n");
    all.emulator.changeIssue(name, 1, { body: ticked });
    expect(await keep(name, dead, { number: 1, shouldBeOpen: () => false })).toMatchObject({ did: "closed" });
    const closed = all.emulator.issuesOf(name)[0];
    expect(closed).toMatchObject({ state: "closed", state_reason: "completed" });
    expect(closed?.body).toContain("**Contained.**");
    expect(closed?.body?.match(/- \[x\]/g)?.length).toBe(6);
    expect(await keep(name, { ...live, state: "reopened" }, { number: 1 })).toMatchObject({ did: "reopened" });
    expect(all.emulator.issuesOf(name)[0]).toMatchObject({ state: "open", number: 1 });
    expect(all.emulator.issuesOf(name).length).toBe(1);
  });

  it("writes nothing where nothing changed", async () => {
    const name = await newRepository();
    const incident = makeIncident();
    await keep(name, incident, { assignees: ["ada"] });
    all.emulator.clearRequests();
    await keep(name, incident, { number: 1, assignees: ["ada"] });
    expect(all.emulator.requests.map(({ method }) => method)).toEqual(["GET"]);
  });

  it("restores its text where somebody took the marker out", async () => {
    const name = await newRepository();
    const incident = makeIncident();
    await keep(name, incident);
    all.emulator.changeIssue(name, 1, { body: "gone" });
    expect(await keep(name, incident, { number: 1 })).toMatchObject({ did: "updated" });
    expect(all.emulator.issuesOf(name)[0]?.body).toContain(markerOf(incident));
  });

  it("takes away all that it said where that became a public place", async () => {
    const name = await newRepository();
    const incident = makeIncident();
    await keep(name, incident);
    all.emulator.changeIssue(name, 1, { labels: ["keyrecall", "keyrecall: control plane", "urgent"] });
    const text = (previous: { readonly body: string } | null) =>
      rotationIssue({
        incident,
        rule: builtinRules[0] as Rule,
        consumers: [],
        teams: [],
        place: { isPrivate: false },
        previousBody: previous?.body ?? null,
        webUrl: "https://github.com",
      });
    expect(await keep(name, incident, { number: 1, text })).toMatchObject({ did: "updated" });
    const [issue] = all.emulator.issuesOf(name);
    expect(issue?.labels.map((label) => (label as { name: string }).name)).toEqual(["keyrecall", "urgent"]);
    expect(`${issue?.title}${issue?.body}`).not.toMatch(new RegExp(`${incident.publicId}|control|live`));
  });

  it("assigns people who come later", async () => {
    const name = await newRepository();
    const incident = makeIncident();
    await keep(name, incident, { assignees: ["ada"] });
    await keep(name, incident, { number: 1, assignees: ["Ada", "grace"] });
    expect(all.emulator.issuesOf(name)[0]?.assignees?.map(({ login }) => login)).toEqual(["ada", "grace"]);
  });

  it("follows the repository's new name", async () => {
    const name = await newRepository();
    const incident = makeIncident();
    await keep(name, incident);
    all.emulator.renameRepository(name, `renamed-${number}`);
    const outcome = await keep(name, contained({ fingerprint: incident.fingerprint }), { number: 1 });
    expect(outcome).toMatchObject({ did: "updated", issue: { repository: `acme/renamed-${number}` } });
  });

  it("knows what it wrote also where the App has another name now", async () => {
    const name = await newRepository();
    const opened = await keep(name, makeIncident());
    if (opened.kind !== "issue") throw new Error(opened.sentence);
    const renamed = { ...all.identity, botLogin: "called-otherwise[bot]" };
    const again = await keepRotationIssue(all.client, renamed, {
      fullName: name,
      marker: markerOf(makeIncident()),
      number: opened.issue.number,
      text: () => ({ title: "New", body: markerOf(makeIncident()), labels: [] }),
      assignees: [],
      shouldBeOpen: () => true,
    });
    expect(again).toMatchObject({ kind: "issue", did: "updated" });
    expect(all.emulator.issuesOf(name)).toHaveLength(1);
  });

  it("comments once", async () => {
    const name = await newRepository();
    await keep(name, makeIncident());
    const issue = { repository: name, number: 1 };
    for (let n = 0; n < 2; n += 1)
      await commentOnce(all.client, all.identity, issue, {
        key: "contained:2026-11-23T12:00:00Z",
        body: "It is dead.",
      });
    await commentOnce(all.client, all.identity, issue, { key: "reopened", body: "It is back." });
    expect(all.emulator.commentsOf(name, 1).map(({ body }) => body?.split("\n").at(-1))).toEqual([
      "It is dead.",
      "It is back.",
    ]);
  });
});

describe("refusals are outcomes with a sentence", () => {
  it.each([
    ["issues-disabled", { hasIssues: false }, /issues are disabled/],
    ["archived", { archived: true }, /archived/],
  ] as const)("%s", async (reason, fields, sentence) => {
    const outcome = await keep(await newRepository(fields), makeIncident());
    expect(outcome).toMatchObject({ kind: "refused", reason });
    expect(outcome.kind === "refused" && outcome.sentence).toMatch(sentence);
  });

  it("missing", async () => {
    expect(await keep("acme/not-there", makeIncident())).toMatchObject({ kind: "refused", reason: "missing" });
  });

  it("missing-permission", async () => {
    const name = await newRepository();
    const permissions = all.emulator.installationOf(all.installation).permissions;
    all.emulator.setPermissions(all.installation, { metadata: "read", contents: "read", issues: "read" });
    // The one at hand has a token of before.
    const { github } = connect(all.emulator);
    const client = await github.forInstallation(all.installation);
    const outcome = await createRotationIssue(client, name, { title: "x", body: "x", labels: [], assignees: [] });
    all.emulator.setPermissions(all.installation, permissions);
    github.close();
    expect(outcome).toMatchObject({ kind: "refused", reason: "missing-permission" });
    expect(outcome.kind === "refused" && outcome.sentence).toContain("issues=write");
  });
});

it("asks who can be assigned, and asks for no name that is none", async () => {
  const name = await newRepository();
  expect(
    await assignable(all.client, name, ["ada", "ADA", "../../x", "dependabot[bot]", "", "stranger", "grace"]),
  ).toEqual(["ADA", "grace"]);
});

it("makes labels once", async () => {
  const name = await newRepository();
  expect(await ensureLabels(all.client, name, LABELS)).toEqual([]);
  expect(await ensureLabels(all.client, name, LABELS)).toEqual([]);
});
