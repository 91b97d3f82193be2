// An organisation's policy through the App as a process: read, refused, changed, and what it makes of leaks. Each case
// has an organisation of its own.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { MadeToken } from "../../support/token.ts";
import { type AppProcess, AppWorld, type Tenant, until } from "./app-world.ts";
import { MEMBERS } from "./full-app.ts";
import { issuesAbout, outcomesOf, rotationIssue } from "./outcomes.ts";

const POLICY_ISSUE = "Keyrecall: the policy that holds";
const PROBLEM_ISSUE = "Keyrecall: keyrecall.yml is not valid";

const ON_APPROVAL = ["version: 1", "revocation: { default: on-approval }", "approvers: { users: [ada] }", ""].join(
  "\n",
);
const AT_ONCE = "version: 1\n";
const days = (count: number): string => new Date(Date.now() + count * 86_400_000).toISOString().slice(0, 10);
const dryRun = (day: string): string => `version: 1\ndryRun: { until: ${day} }\n`;

/** @param environment where the data is kept, for a new App */
export function describePolicy(environment: () => Promise<Record<string, string>>): void {
  let world: AppWorld;
  let app: AppProcess;

  const revocationsOf = (token: MadeToken): number => world.revocationsOf(token).length;

  /** An organisation with a policy, which the App has read. */
  async function withPolicy(text: string, place = ".github-private", isPrivate = true): Promise<Tenant> {
    const tenant = await world.addTenant();
    world.github.setPermissions(tenant.installation, MEMBERS);
    await setPolicy(tenant, text, place, isPrivate);
    return tenant;
  }

  async function setPolicy({ organization }: Tenant, text: string | null, place = ".github-private", isPrivate = true) {
    const name = `${organization}/${place}`;
    if (!world.github.has(name)) await world.github.addRepository(name, { private: isPrivate });
    await world.github.commit(name, { files: { "keyrecall.yml": text, "README.md": String(Math.random()) } });
  }

  async function leak({ repository }: Tenant, token = world.api.mintControlToken("acme")): Promise<MadeToken> {
    await world.github.commit(repository, { files: { [`${token.publicId}.env`]: token.raw } });
    return token;
  }

  const issueTitled = (repository: string, title: string) =>
    world.github.issuesOf(repository).filter((issue) => issue.title === title);

  /** The issue of the policy says so. */
  async function announced({ organization }: Tenant, says: string, place = ".github-private") {
    return until(() => {
      const issues = issueTitled(`${organization}/${place}`, POLICY_ISSUE);
      if (issues.length > 1) throw new Error("there are two issues of the policy");
      const [issue] = issues;
      if (issue === undefined || !(issue.body ?? "").includes(says)) throw new Error(`the issue says: ${issue?.body}`);
      return issue;
    });
  }

  async function problem({ organization }: Tenant, says: string, place = ".github-private") {
    return until(() => {
      const issues = issueTitled(`${organization}/${place}`, PROBLEM_ISSUE);
      if (issues.length > 1) throw new Error("there are two issues of the problem");
      const [issue] = issues;
      if (issue === undefined || !(issue.body ?? "").includes(says)) throw new Error(`the issue says: ${issue?.body}`);
      return issue;
    });
  }

  async function remainsUnrevoked(token: MadeToken, tenant: Tenant): Promise<void> {
    await rotationIssue(world, tenant.repository, token, "somebody has to approve it");
    expect(revocationsOf(token)).toBe(0);
    expect(world.api.statusOf(token)).toBe("live");
  }

  beforeAll(async () => {
    world = await AppWorld.make(await environment());
    app = await world.start();
  });
  afterAll(() => world.close());

  describe.concurrent("a policy", () => {
    it("is there before the first leak is revoked, also where its webhook never came", async () => {
      const tenant = await world.addTenant();
      await world.github.addRepository(`${tenant.organization}/.github-private`, { private: true });
      await world.github.commit(`${tenant.organization}/.github-private`, {
        files: { "keyrecall.yml": ON_APPROVAL },
        silent: true,
      });
      const token = await leak(tenant);
      await remainsUnrevoked(token, tenant);
    });

    it("is announced with who pushed it, and each change with what it was before", async () => {
      const tenant = await withPolicy(ON_APPROVAL);
      const first = await announced(tenant, "are revoked `on-approval`".replace("`on-approval`", "on approval"));
      await until(() => world.github.commentsOf(`${tenant.organization}/.github-private`, first.number).length === 1);
      const [comment] = world.github.commentsOf(`${tenant.organization}/.github-private`, first.number);
      expect(comment?.body).toMatch(/`@ada` pushed commit/);
      await setPolicy(tenant, AT_ONCE);
      await announced(tenant, "Tokens that work are revoked at once");
      const comments = await until(() => {
        const all = world.github.commentsOf(`${tenant.organization}/.github-private`, first.number);
        return all.length === 2 ? all : null;
      });
      expect(comments[1]?.body).toMatch(/revoked at once[\s\S]*Before:[\s\S]*revoked on approval/);
    });

    it("that is loosened leaves what waits waiting no longer", async () => {
      const tenant = await withPolicy(ON_APPROVAL);
      await announced(tenant, "on approval");
      const token = await leak(tenant);
      await remainsUnrevoked(token, tenant);
      await setPolicy(tenant, AT_ONCE);
      await rotationIssue(world, tenant.repository, token, "**Contained.**");
    });

    it("counts for the planes and repositories that it names, and the strictest of several places holds", async () => {
      const tenant = await world.addTenant();
      const other = `${tenant.organization}/legacy`;
      await world.github.addRepository(other, { private: true });
      await setPolicy(
        tenant,
        [
          "version: 1",
          "approvers: { users: [ada] }",
          "revocation:",
          "  exceptions: [{ revoke: on-approval, planes: [control], repositories: [legacy] }]",
        ].join("\n"),
      );
      await announced(tenant, "Exception");
      const [waiting, ofData] = [world.api.mintControlToken("acme"), world.api.mintDataToken([])];
      await world.github.commit(other, { files: { "a.env": waiting.raw, "b.env": ofData.raw } });
      await rotationIssue(world, other, ofData, "**Contained.**");
      await rotationIssue(world, other, waiting, "somebody has to approve it");
      expect(revocationsOf(waiting)).toBe(0);
      // Where it turns up as well, it is revoked at once.
      await world.github.commit(tenant.repository, { files: { "a.env": waiting.raw } });
      await rotationIssue(world, other, waiting, "**Contained.**");
    });

    it("is not extended to a repository that takes over a name", async () => {
      const tenant = await world.addTenant();
      const { organization, repository } = tenant;
      await world.github.addRepository(`${organization}/legacy`, { private: true });
      await setPolicy(
        tenant,
        "version: 1\napprovers: { users: [ada] }\nrevocation: { exceptions: [{ revoke: on-approval, repositories: [legacy] }] }\n",
      );
      await announced(tenant, "Exception");
      world.github.deleteRepository(`${organization}/legacy`);
      world.github.renameRepository(repository, "legacy");
      const token = await leak({ ...tenant, repository: `${organization}/legacy` });
      await rotationIssue(world, `${organization}/legacy`, token, "**Contained.**");
    });

    it("says where issues go and who is assigned", async () => {
      const tenant = await world.addTenant();
      const desk = `${tenant.organization}/desk`;
      await world.github.addRepository(desk, { private: true, collaborators: { grace: "write" } });
      await setPolicy(tenant, "version: 1\nissues: { repository: desk, assignees: [grace] }\n");
      await announced(tenant, "desk");
      const token = await leak(tenant);
      const issue = await rotationIssue(world, desk, token, "**Contained.**");
      expect((issue.assignees ?? []).map(({ login }) => login)[0]).toBe("grace");
      expect(issuesAbout(world, tenant.repository, token)).toEqual([]);
    });

    it("holds a dry run to its end", async () => {
      const tenant = await withPolicy(dryRun(days(3)));
      await announced(tenant, "Dry run: until");
      const token = await leak(tenant);
      const issue = await rotationIssue(world, tenant.repository, token, "**Live: revoke it now.**");
      expect(issue.body).toMatch(/a dry run by the `?organisation's`? policy/);
      expect(revocationsOf(token)).toBe(0);
      await setPolicy(tenant, dryRun(days(-1)));
      await rotationIssue(world, tenant.repository, token, "**Contained.**");
    });

    it("that is not valid leaves the last valid one, and one issue says why until it is valid again", async () => {
      const tenant = await withPolicy(ON_APPROVAL);
      await announced(tenant, "on approval");
      for (const [text, says] of [
        ["version: [1\n", "keyrecall.yml"],
        ["version: 1\nrevocation: { url: https://example.com }\n", "unknown field"],
        [dryRun(days(400)), "the operator allows 30 days"],
        [ON_APPROVAL.replace("ada", "nobody-at-all"), "no person on GitHub"],
        [ON_APPROVAL.replace("users: [ada]", "teams: [nobody]"), "no team of"],
        ["version: 1\nissues: { repository: nowhere }\n", "nowhere is no repository"],
      ] as const) {
        await setPolicy(tenant, text);
        await until(async () =>
          ((await problem(tenant, "last valid one holds")).body ?? "").replaceAll("`", "").includes(says),
        );
      }
      const token = await leak(tenant);
      await remainsUnrevoked(token, tenant);
      await setPolicy(tenant, `${ON_APPROVAL}# again\n`);
      await until(() => issueTitled(`${tenant.organization}/.github-private`, PROBLEM_ISSUE)[0]?.state === "closed");
      await setPolicy(tenant, "version: 3\n");
      const issue = await problem(tenant, "version");
      await until(() => issueTitled(`${tenant.organization}/.github-private`, PROBLEM_ISSUE)[0]?.state === "open");
      expect(issue.number).toBe((await problem(tenant, "version")).number);
    });

    it("that was never valid does not hold anything back", async () => {
      const tenant = await withPolicy("version: 1\nrevocation: never\n");
      await problem(tenant, "none holds");
      const token = await leak(tenant);
      await rotationIssue(world, tenant.repository, token, "**Contained.**");
    });

    it("of .github counts only where there is no .github-private", async () => {
      const tenant = await withPolicy(ON_APPROVAL, ".github", false);
      await announced(tenant, "on approval", ".github");
      const first = await leak(tenant);
      await remainsUnrevoked(first, tenant);
      await setPolicy(tenant, AT_ONCE);
      await rotationIssue(world, tenant.repository, first, "**Contained.**");
      const { body } = await announced(tenant, "at once");
      expect(body).not.toContain("on approval");
      // Whoever can write to the other one changes nothing by it.
      await setPolicy(tenant, `${ON_APPROVAL}# more\n`, ".github");
      const second = await leak(tenant);
      await rotationIssue(world, tenant.repository, second, "**Contained.**");
    });

    it("does not fall back to .github because the App cannot see .github-private any more", async () => {
      const tenant = await withPolicy(AT_ONCE);
      const { organization, installation } = tenant;
      await announced(tenant, "at once");
      await world.github.addRepository(`${organization}/.github`);
      await world.github.commit(`${organization}/.github`, { files: { "keyrecall.yml": ON_APPROVAL } });
      world.github.uncoverRepository(installation, `${organization}/.github-private`);
      await until(() =>
        outcomesOf(app.output(), "installation_repositories").includes("0 repositories added, 1 removed"),
      );
      await setPolicy(tenant, `${ON_APPROVAL}# seen\n`, ".github");
      const token = await leak(tenant);
      await rotationIssue(world, tenant.repository, token, "**Contained.**");
    });

    it("of a repository that is deleted or renamed holds no longer", async () => {
      for (const remove of ["deleteRepository", "renameRepository"] as const) {
        const tenant = await withPolicy(ON_APPROVAL);
        await announced(tenant, "on approval");
        const token = await leak(tenant);
        await remainsUnrevoked(token, tenant);
        const name = `${tenant.organization}/.github-private`;
        if (remove === "deleteRepository") world.github.deleteRepository(name);
        else world.github.renameRepository(name, "attic");
        await rotationIssue(world, tenant.repository, token, "**Contained.**");
      }
    });

    it("on another branch, in a pull request, in the leaking repository or of another owner is none", async () => {
      const tenant = await withPolicy(AT_ONCE);
      const { organization, repository } = tenant;
      await announced(tenant, "at once");
      const name = `${organization}/.github-private`;
      await world.github.commit(name, { files: { "keyrecall.yml": ON_APPROVAL }, branch: "other" });
      await world.github.createPullRequest(name, { head: "other" });
      const fork = await world.github.fork(name, "eve");
      await world.github.commit(fork.full_name, { files: { "keyrecall.yml": ON_APPROVAL } });
      await world.github.commit(repository, { files: { "keyrecall.yml": ON_APPROVAL, ".keyrecall.yml": ON_APPROVAL } });
      const token = await leak(tenant);
      await rotationIssue(world, repository, token, "**Contained.**");
      await announced(tenant, "at once");
    });
  });

  it("is read again when the App starts, as it is every quarter of an hour: a lost push is none that is lost", async () => {
    const tenant = await withPolicy(ON_APPROVAL);
    await announced(tenant, "on approval");
    await app.stop();
    await world.github.commit(`${tenant.organization}/.github-private`, {
      files: { "keyrecall.yml": AT_ONCE },
      by: "grace",
      silent: true,
    });
    const changes = await world.query<{ actor: string; detail: { by: string; after: string[] } }>(
      "select actor, detail from keyrecall.audit where action = 'policy-changed' and detail->>'account' = $1 order by id",
      [String(world.github.installationOf(tenant.installation).account.id)],
    );
    expect(changes.map(({ actor }) => actor)).toEqual(["@ada"]);
    app = await world.start();
    const issue = await announced(tenant, "at once");
    // GitHub knows who pushed, whatever the commit says of itself.
    const { number } = issue;
    const comments = await until(() => {
      const all = world.github.commentsOf(`${tenant.organization}/.github-private`, number);
      return all.length === 2 ? all : null;
    });
    expect(comments[1]?.body).toMatch(/`@grace` pushed commit/);
  });

  it("goes no further than the operator lets it, also where it was accepted before", async () => {
    const tenant = await withPolicy(ON_APPROVAL);
    await announced(tenant, "on approval");
    const token = await leak(tenant);
    await remainsUnrevoked(token, tenant);
    await app.stop();
    app = await world.start({ POLICY_APPROVAL_PLANES: "none", POLICY_MAX_DRY_RUN_DAYS: "0", POLICY_ISSUES: "false" });
    await problem(tenant, "does not let tokens of the");
    await rotationIssue(world, tenant.repository, token, "**Contained.**");
    await setPolicy(tenant, dryRun(days(1)));
    await problem(tenant, "the operator allows none");
    await setPolicy(tenant, "version: 1\nissues: { repository: shop }\n");
    await problem(tenant, "the operator decides where issues go");
  });
}
