// What is known of a repository, by whatever name it was met; who is behind a commit; private advisories.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { keepAdvisory } from "../../../app/github/advisories.ts";
import { findRepository, installedPage, repositoryByName } from "../../../app/github/repositories.ts";
import { loginBehindCommit } from "../../../app/github/users.ts";
import { rotationAdvisory } from "../../../app/issues/advisory.ts";
import { markerOf } from "../../../app/issues/marker.ts";
import { builtinRules, type Rule } from "../../../src/index.ts";
import { type Setup, setUpGitHub } from "../support/github.ts";
import { contained, makeIncident } from "../support/incident.ts";

let all: Setup;

beforeAll(async () => {
  all = await setUpGitHub({
    app: {
      permissions: {
        metadata: "read",
        contents: "read",
        issues: "write",
        checks: "write",
        repository_advisories: "write",
      },
    },
  });
});

afterAll(() => all.close());

describe("a repository", () => {
  it("is described as it is", async () => {
    const { id } = all.emulator.repositoryOf("acme/billing");
    const facts = await findRepository(all.client, { id, fullName: "acme/billing" });
    expect(facts).toMatchObject({
      kind: "repository",
      id,
      owner: "acme",
      name: "billing",
      fullName: "acme/billing",
      isPrivate: true,
      isArchived: false,
      hasIssues: true,
      defaultBranch: "main",
      cloneUrl: expect.stringMatching(/acme\/billing\.git$/),
    });
    expect(await repositoryByName(all.client, "acme/billing")).toEqual(facts);
  });

  it("is asked for by routes that GitHub documents", async () => {
    const { id } = await all.emulator.addRepository("acme/by-number", { private: true });
    all.emulator.clearRequests();
    expect(await findRepository(all.client, { id, fullName: "acme/called-otherwise" })).toMatchObject({ id });
    const routes = all.emulator.requests.map(({ route }) => route);
    expect(routes).toEqual(["GET /repos/{owner}/{repo}", "GET /installation/repositories"]);
  });

  it("is found under its new name, and not mistaken for the one that has its old name", async () => {
    const { id } = await all.emulator.addRepository("acme/old", { private: true });
    all.emulator.renameRepository("acme/old", "new");
    expect(await repositoryByName(all.client, "acme/old")).toMatchObject({ id, fullName: "acme/new" });
    await all.emulator.addRepository("acme/old");
    expect(await findRepository(all.client, { id, fullName: "acme/old" })).toMatchObject({ id, fullName: "acme/new" });
  });

  it("is listed with all others, however few a page has", async () => {
    all.emulator.set({ largestPage: 2 });
    const names: string[] = [];
    let total = 0;
    for (let page = 1, isLast = false; !isLast; page += 1) {
      const listed = await installedPage(all.client, page);
      ({ isLast, total } = listed);
      names.push(...listed.repositories.map(({ fullName }) => fullName));
    }
    all.emulator.set({ largestPage: 100 });
    expect(total).toBeGreaterThan(2);
    expect(new Set(names).size).toBe(total);
  });

  it("is an outcome where it is gone", async () => {
    const { id } = await all.emulator.addRepository("acme/gone", { private: true });
    all.emulator.deleteRepository("acme/gone");
    expect(await findRepository(all.client, { id, fullName: "acme/gone" })).toMatchObject({
      kind: "refused",
      reason: "missing",
    });
  });

  it.each([
    [451, "Repository access blocked", "blocked"],
    [403, "Repository access blocked", "blocked"],
    [403, "Although you appear to have the correct authorization, an IP allow list forbids it", "forbidden"],
  ] as const)("is told apart by what GitHub says (%s %s)", async (status, message, reason) => {
    all.emulator.inject({ kind: "api-error", status, code: null, message }, { times: 1 });
    expect(await repositoryByName(all.client, "acme/website")).toMatchObject({ kind: "refused", reason });
    all.emulator.takeComplaints();
  });
});

describe("who is behind a commit", () => {
  it("is the account of its mail, or nobody", async () => {
    const files = { "a.txt": "1" };
    const known = await all.emulator.commit("acme/billing", { files, by: "grace" });
    expect(await loginBehindCommit(all.client, "acme/billing", known)).toBe("grace");
    const author = { name: "Eve", email: "eve@nowhere.example" };
    const stranger = await all.emulator.commit("acme/billing", { files: { "a.txt": "2" }, author, by: "grace" });
    expect(await loginBehindCommit(all.client, "acme/billing", stranger)).toBe("grace");
    expect(await loginBehindCommit(all.client, "acme/billing", "f".repeat(40))).toBeNull();
    expect(await loginBehindCommit(all.client, "acme/none", known)).toBeNull();
  });
});

describe("an advisory", () => {
  const textOf =
    (incident = makeIncident()) =>
    (previousBody: string | null) =>
      rotationAdvisory({
        incident,
        rule: builtinRules[0] as Rule,
        consumers: [],
        teams: [],
        previousBody,
        webUrl: "https://github.com",
      });

  it("is reported once, in private, and kept current", async () => {
    await all.emulator.addRepository("acme/open", { privateReporting: true });
    const live = makeIncident();
    const dead = contained({ fingerprint: live.fingerprint });
    const keep = (incident: typeof live, shouldBeOpen: boolean | null) =>
      keepAdvisory(all.client, all.identity, {
        fullName: "acme/open",
        marker: markerOf(live),
        text: textOf(incident),
        shouldBeOpen,
      });
    const there = () => {
      const advisories = all.emulator.advisoriesOf("acme/open");
      expect(advisories.length).toBe(1);
      return advisories[0]!;
    };
    expect(await keep(dead, false)).toBeNull();
    expect(all.emulator.advisoriesOf("acme/open")).toEqual([]);
    const first = await keep(live, true);
    expect(first).toMatchObject({ kind: "advisory" });
    expect(await keep(live, true)).toEqual(first);
    await keep(dead, null);
    expect(there()).toMatchObject({ state: "triage", description: expect.stringContaining("**Contained.**") });
    await keep(dead, false);
    expect(there().state).toBe("closed");
    await keep(live, true);
    expect(there()).toMatchObject({ state: "draft", description: expect.stringContaining("**Live.**") });
  });

  it("is an outcome where the repository takes none", async () => {
    const outcome = await keepAdvisory(all.client, all.identity, {
      fullName: "acme/website",
      marker: "<!-- m -->",
      text: textOf(),
      shouldBeOpen: true,
    });
    expect(outcome).toMatchObject({ kind: "refused" });
  });
});
