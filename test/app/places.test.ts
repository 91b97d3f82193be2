// Where something may be said, and what happens where it cannot be: public, archived, renamed, gone, not permitted.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeTempDir } from "../support/temp-dir.ts";
import type { MadeToken } from "../support/token.ts";
import { type AppProcess, AppWorld, type Tenant, until } from "./support/app-world.ts";
import { checkRunOn, issuesAbout, outcomesOf, rotationIssue } from "./support/outcomes.ts";

let world: AppWorld;
let app: AppProcess;

const PERMISSIONS = {
  metadata: "read",
  contents: "read",
  pull_requests: "read",
  issues: "write",
  checks: "write",
} as const;

/** All that anybody can read in a repository, by the history of what was sent too. */
function saidIn(repository: string): string {
  const { github } = world;
  const bodies = github.requests
    .filter(({ method, path }) => method !== "GET" && path.startsWith(`/repos/${repository}/`))
    // Who may not read it sees none of that.
    .filter(({ path }) => !path.includes("/security-advisories"))
    .map(({ body }) => body);
  return JSON.stringify([bodies, github.issuesOf(repository), github.checkRunsOf(repository)]);
}

async function leakIn({ repository }: Tenant, path = ".env"): Promise<{ token: MadeToken; head: string }> {
  const token = world.api.mintControlToken("acme");
  const head = await world.github.commit(repository, { files: { [path]: token.raw } });
  return { token, head };
}

describe("public repositories", () => {
  beforeAll(async () => {
    world = await AppWorld.make();
    // No provider, so that what is said while a token works can be looked at.
    app = await world.start({ REVOCATION_URL: "", PRIVATE_ISSUE_REPOSITORY: "acme-1/security" });
  });
  afterAll(() => world.close());

  it("say no more than a count; the issue goes to the configured private repository", async () => {
    const tenant = await world.addTenant({ private: false });
    await world.github.addRepository(`${tenant.organization}/security`, { private: true });
    const { token, head } = await leakIn(tenant, "deploy/.env");
    const issue = await rotationIssue(world, "acme-1/security", token, "**Live: revoke it now.**");
    const run = await checkRunOn(world, tenant.repository, head);
    expect(run).toMatchObject({ conclusion: "failure", annotations: [] });
    expect(run.output.summary).toContain("1 leaked token was found. Who has to act on it is told in private.");
    const said = saidIn(tenant.repository);
    for (const fact of [token.publicId, token.masked, "deploy/.env", "live", "control"]) {
      expect(said).not.toContain(fact);
    }
    world.api.revoke(token);
    const contained = await rotationIssue(world, "acme-1/security", token, "**Contained.**");
    expect(contained.number).toBe(issue.number);
    expect(issuesAbout(world, tenant.repository)).toEqual([]);
  });

  it("and private ones that refuse an issue after all: it goes to the configured repository too", async () => {
    const repository = "acme-1/late";
    await world.github.addRepository(repository, { private: true });
    world.github.inject(
      { kind: "api-error", status: 410, code: null, message: "Issues has been disabled in this repository." },
      { route: "POST /repos/{owner}/{repo}/issues", times: 1 },
    );
    const token = world.api.mintControlToken("acme");
    await world.github.commit(repository, { files: { ".env": token.raw } });
    await rotationIssue(world, "acme-1/security", token, "**Live: revoke it now.**");
    expect(issuesAbout(world, repository)).toEqual([]);
    world.api.revoke(token);
    await rotationIssue(world, "acme-1/security", token, "**Contained.**");
  });

  it("take back what was said when they were private", async () => {
    const tenant = await world.addTenant({ private: true });
    const { token, head } = await leakIn(tenant);
    const { number } = await rotationIssue(world, tenant.repository, token, "**Live: revoke it now.**");
    await checkRunOn(world, tenant.repository, head, ({ output }) => output.summary?.includes(token.masked) ?? false);
    world.github.addComment(tenant.repository, number, "I am on it");
    world.github.publicizeRepository(tenant.repository);
    const withheld = await rotationIssue(world, tenant.repository, token, "Details are withheld here");
    expect(withheld.title).not.toContain(token.publicId);
    expect(withheld.labels).toHaveLength(1);
    await checkRunOn(world, tenant.repository, head, ({ output }) => !(output.summary ?? "").includes(token.publicId));
    expect(world.github.commentsOf(tenant.repository, number).map(({ body }) => body)).toEqual(["I am on it"]);
    // It is out of service, and that may be said.
    world.api.revoke(token);
    await rotationIssue(world, tenant.repository, token, "**Contained.**");
  });

  it("say no more than a count also where the push is told of after they became public", async () => {
    const tenant = await world.addTenant({ private: true });
    world.github.holdWebhooks();
    const { token, head } = await leakIn(tenant);
    world.github.publicizeRepository(tenant.repository);
    world.github.releaseWebhooks("reversed");
    const run = await checkRunOn(world, tenant.repository, head);
    expect(run).toMatchObject({ conclusion: "failure", annotations: [], output: { title: "1 leaked token" } });
    await until(() => app.output().includes(`${tenant.repository} is public and the token is not out of service`));
    for (const fact of [token.publicId, token.masked, ".env"]) expect(saidIn(tenant.repository)).not.toContain(fact);
  });

  it("are told where nobody can be told in private", async () => {
    const tenant = await world.addTenant({ private: false });
    const { token, head } = await leakIn(tenant);
    const run = await checkRunOn(
      world,
      tenant.repository,
      head,
      ({ output }) => output.summary?.includes("ask whoever runs") ?? false,
    );
    expect(run.conclusion).toBe("failure");
    expect(app.output()).toContain("is public and the token is not out of service");
    expect(issuesAbout(world, tenant.repository)).toEqual([]);
    world.api.revoke(token);
    await rotationIssue(world, tenant.repository, token, "**Contained.**");
    await checkRunOn(
      world,
      tenant.repository,
      head,
      ({ output }) => output.summary?.includes("told in private") ?? false,
    );
  });
});

describe("private advisories", () => {
  beforeAll(async () => {
    world = await AppWorld.make();
    app = await world.start({ REVOCATION_URL: "", PRIVATE_ADVISORIES: "true" });
  });
  afterAll(() => world.close());

  const advised = { ...PERMISSIONS, repository_advisories: "write" } as const;

  it("tell all while the token works; the issue takes their place when it is dead", async () => {
    const tenant = await world.addTenant({ private: false, privateReporting: true });
    world.github.setPermissions(tenant.installation, advised);
    const { token, head } = await leakIn(tenant, "deploy/.env");
    const advisory = (says: string) =>
      until(() => {
        const all = world.github.advisoriesOf(tenant.repository);
        if (all.length > 1) throw new Error(`there are ${all.length} advisories`);
        return all[0]?.description?.includes(says) === true ? all[0] : null;
      });
    const { summary, state } = await advisory("**Live: revoke it now.**");
    expect(summary).toContain(token.masked);
    expect(state).toBe("triage");
    const run = await checkRunOn(world, tenant.repository, head);
    expect(run).toMatchObject({ conclusion: "failure", annotations: [] });
    expect(run.output.summary).toContain("told in private");
    expect(issuesAbout(world, tenant.repository)).toEqual([]);
    world.api.revoke(token);
    await rotationIssue(world, tenant.repository, token, "**Contained.**");
    await until(async () => (await advisory("**Contained.**")).state === "closed");
  });

  it("that a repository does not take: the log and the check run say so", async () => {
    const tenant = await world.addTenant({ private: false, privateReporting: false });
    world.github.setPermissions(tenant.installation, advised);
    const { token, head } = await leakIn(tenant);
    const says = "ask whoever runs";
    await checkRunOn(world, tenant.repository, head, ({ output }) => output.summary?.includes(says) ?? false);
    expect(app.output()).toContain(`cannot report a private advisory in ${tenant.repository}`);
    for (const fact of [token.publicId, token.masked, ".env"]) expect(saidIn(tenant.repository)).not.toContain(fact);
  });
});

describe("private repositories", () => {
  beforeAll(async () => {
    world = await AppWorld.make();
    app = await world.start();
  });
  afterAll(() => world.close());

  it("without issues: the check run says why there is none, and there is one when they are enabled", async () => {
    const tenant = await world.addTenant();
    world.github.setIssuesEnabled(tenant.repository, false);
    const { token, head } = await leakIn(tenant);
    const says = `issues are disabled in`;
    await checkRunOn(world, tenant.repository, head, ({ output }) => output.summary?.includes(says) ?? false);
    expect(world.api.statusOf(token)).toBe("revoked");
    world.github.setIssuesEnabled(tenant.repository, true);
    world.github.setPermissions(tenant.installation, PERMISSIONS);
    await rotationIssue(world, tenant.repository, token, "**Contained.**");
    await checkRunOn(world, tenant.repository, head, ({ output }) => !(output.summary ?? "").includes(says));
  });

  it("archived in mid-work: the token is dead all the same, and the operator is told", async () => {
    const tenant = await world.addTenant();
    const slow = world.github.inject({ kind: "latency", milliseconds: 1500 }, { route: "git-upload-pack" });
    const { token } = await leakIn(tenant);
    world.github.archiveRepository(tenant.repository);
    await until(() => world.api.statusOf(token) === "revoked");
    slow();
    await until(() => app.output().includes(`${tenant.repository} is archived`));
    expect(issuesAbout(world, tenant.repository)).toEqual([]);
    world.github.archiveRepository(tenant.repository, false);
    await rotationIssue(world, tenant.repository, token, "**Contained.**");
  });

  it("renamed between the push and the scan, and later", async () => {
    const tenant = await world.addTenant();
    const slow = world.github.inject(
      { kind: "latency", milliseconds: 1000 },
      { route: "POST /app/installations/{installation_id}/access_tokens", times: 1 },
    );
    const { token, head } = await leakIn(tenant);
    world.github.renameRepository(tenant.repository, "renamed");
    const name = `${tenant.organization}/renamed`;
    await rotationIssue(world, name, token, "**Contained.**");
    slow();
    world.github.renameRepository(name, "renamed-again");
    const later = `${tenant.organization}/renamed-again`;
    await rotationIssue(world, later, token, `in \`${later}\``);
    expect((await checkRunOn(world, later, head)).conclusion).toBe("failure");
  });

  it("deleted before they are read: the delivery says so", async () => {
    const tenant = await world.addTenant();
    world.github.holdWebhooks();
    await leakIn(tenant);
    world.github.deleteRepository(tenant.repository);
    world.github.releaseWebhooks();
    await until(() =>
      outcomesOf(app.output(), "push").find(
        (outcome) => /not scanned|repository/.test(outcome) && /no such repository|cannot read/.test(outcome),
      ),
    );
  });

  it("empty, and then with their first push", async () => {
    const tenant = await world.addTenant({ silent: false });
    await world.github.settled();
    const { token, head } = await leakIn(tenant);
    await rotationIssue(world, tenant.repository, token, "**Contained.**");
    expect((await checkRunOn(world, tenant.repository, head)).conclusion).toBe("failure");
  });
});

describe("permissions", () => {
  beforeAll(async () => {
    world = await AppWorld.make();
    app = await world.start();
  });
  afterAll(() => world.close());

  const without = ({ installation }: Tenant, name: keyof typeof PERMISSIONS): void =>
    world.github.setPermissions(
      installation,
      Object.fromEntries(Object.entries(PERMISSIONS).filter(([key]) => key !== name)),
    );

  it("lacking for check runs: the issue says it", async () => {
    const tenant = await world.addTenant();
    without(tenant, "checks");
    const { token, head } = await leakIn(tenant);
    await rotationIssue(world, tenant.repository, token, "**Contained.**");
    const issue = await rotationIssue(world, tenant.repository, token, "no check run on commit");
    expect(issue.body).toContain("permission");
    world.github.setPermissions(tenant.installation, PERMISSIONS);
    expect((await checkRunOn(world, tenant.repository, head)).conclusion).toBe("failure");
  });

  it("lacking for issues: the check run says it", async () => {
    const tenant = await world.addTenant();
    without(tenant, "issues");
    const { token, head } = await leakIn(tenant);
    await until(() => world.api.statusOf(token) === "revoked");
    const run = await checkRunOn(
      world,
      tenant.repository,
      head,
      ({ output }) => output.summary?.includes("the issue: Keyrecall cannot") ?? false,
    );
    expect(run.conclusion).toBe("failure");
    world.github.setPermissions(tenant.installation, PERMISSIONS);
    await rotationIssue(world, tenant.repository, token, "**Contained.**");
  });

  it("lacking for contents: the check run asks for action, and it is scanned when they are granted", async () => {
    const tenant = await world.addTenant();
    await world.github.commit(tenant.repository, { files: { "README.md": "x" } });
    without(tenant, "contents");
    const token = world.api.mintControlToken("acme");
    const files = { ".env": token.raw };
    // Of pushes GitHub tells nobody who may not read contents; of pull requests it does.
    const head = await world.github.commit(tenant.repository, { files, branch: "fix" });
    await world.github.createPullRequest(tenant.repository, { head: "fix" });
    const run = await checkRunOn(world, tenant.repository, head);
    expect(run).toMatchObject({ conclusion: "action_required", output: { title: "Not everything could be read" } });
    expect(run.output.summary).toContain("Grant it in the settings of the App");
    expect(world.api.statusOf(token)).toBe("live");
    world.github.setPermissions(tenant.installation, PERMISSIONS);
    await rotationIssue(world, tenant.repository, token, "**Contained.**");
    await checkRunOn(world, tenant.repository, head, ({ conclusion }) => conclusion === "failure");
  });
});

describe("a check that is asked for again", () => {
  beforeAll(async () => {
    world = await AppWorld.make();
    app = await world.start();
  });
  afterAll(() => world.close());

  it("and can no longer read what several refs brought comes to its end", async () => {
    const tenant = await world.addTenant();
    const head = await world.github.commit(tenant.repository, { files: { "README.md": "x" } });
    await world.github.pushRef(tenant.repository, "refs/heads/same", head);
    await until(() => outcomesOf(app.output(), "push").filter((one) => one.startsWith("scanned")).length === 2);
    const { id } = await checkRunOn(world, tenant.repository, head, ({ conclusion }) => conclusion === "success");
    const { contents: _, ...rest } = PERMISSIONS;
    world.github.setPermissions(tenant.installation, rest);
    // A clone that is there would do.
    await app.stop();
    app = await world.start({ CACHE_DIRECTORY: makeTempDir() });
    world.github.rerunCheck(tenant.repository, id);
    const run = await checkRunOn(world, tenant.repository, head, ({ conclusion }) => conclusion === "action_required");
    expect(run.output.summary).toContain("refs/heads/main");
    expect(run.output.summary).toContain("refs/heads/same");
  });
});

describe("installations", () => {
  beforeAll(async () => {
    world = await AppWorld.make();
    app = await world.start();
  });
  afterAll(() => world.close());

  it("suspended before it is read: it is read when the suspension ends", async () => {
    const tenant = await world.addTenant();
    world.github.holdWebhooks();
    const { token } = await leakIn(tenant);
    world.github.suspendInstallation(tenant.installation);
    world.github.releaseWebhooks();
    await until(() => outcomesOf(app.output(), "push").includes("failed: the installation is suspended"));
    world.github.unsuspendInstallation(tenant.installation);
    await rotationIssue(world, tenant.repository, token, "**Contained.**");
  });

  it("suspended while the token is being revoked: it is dead, and the issue comes when the suspension ends", async () => {
    const tenant = await world.addTenant();
    const slow = world.github.inject(
      { kind: "latency", milliseconds: 1500 },
      { route: "POST /repos/{owner}/{repo}/check-runs" },
    );
    const provider = world.provider.inject({ kind: "latency", milliseconds: 1500 });
    const { token } = await leakIn(tenant);
    await until(() => world.provider.requests.some(({ fingerprints }) => fingerprints.includes(token.fingerprint)));
    world.github.suspendInstallation(tenant.installation);
    await until(() => world.api.statusOf(token) === "revoked");
    await until(() => app.output().includes("the rotation issue could not be published"));
    slow();
    provider();
    world.github.unsuspendInstallation(tenant.installation);
    await rotationIssue(world, tenant.repository, token, "**Contained.**");
  });

  it("uninstalled in mid-work: what was found is dead, and nothing more is done there", async () => {
    const tenant = await world.addTenant({ silent: false });
    const provider = world.provider.inject({ kind: "latency", milliseconds: 1500 });
    const { token } = await leakIn(tenant);
    await until(() => world.provider.requests.some(({ fingerprints }) => fingerprints.includes(token.fingerprint)));
    world.github.deleteInstallation(tenant.installation);
    await until(() => world.api.statusOf(token) === "revoked");
    await until(() => app.output().includes("the App is on none of the repositories any more"));
    provider();
    await world.github.commit(tenant.repository, { files: { "b.env": "x" } });
  });

  it("that GitHub does not know for a moment are not given up: what came meanwhile is read", async () => {
    const tenant = await world.addTenant();
    const heal = world.github.inject(
      { kind: "api-error", status: 404, code: null, message: "Not Found" },
      { route: "POST /app/installations/{installation_id}/access_tokens" },
    );
    const { token } = await leakIn(tenant);
    await until(() => outcomesOf(app.output(), "push").includes("failed: the App was uninstalled"));
    heal();
    await rotationIssue(world, tenant.repository, token, "**Contained.**");
  });

  it("uninstalled while nobody listened are found to be gone, and what was sealed of them is erased", async () => {
    const { organization, repository, installation } = await world.addTenant();
    const { id, owner } = world.github.repositoryOf(repository);
    const after = await world.github.commit(repository, { files: { "a.txt": "a" }, silent: true });
    world.github.set({ webhookUrl: null });
    world.github.deleteInstallation(installation);
    world.github.set({ webhookUrl: `${app.address}/api/github/webhooks` });
    world.github.deliver(
      "push",
      {
        ref: "refs/heads/main",
        before: "0".repeat(40),
        after,
        installation: { id: installation },
        repository: {
          id,
          full_name: repository,
          private: true,
          default_branch: "main",
          owner: { id: owner.id, login: organization },
        },
      },
      { validate: false },
    );
    await until(() => outcomesOf(app.output(), "push").at(-1)?.startsWith("failed: the App was uninstalled"));
    await app.stop();
    const state = () =>
      world.query<{ state: string; payloads: number }>(
        `select i.state, (select count(*)::integer from keyrecall.delivery d where d.installation_id = i.id
           and d.event = 'push' and d.payload is not null) as payloads from keyrecall.installation i where i.id = $1`,
        [installation],
      );
    // What is gone for a moment only is not erased.
    expect(await state()).toEqual([{ state: "suspended", payloads: 1 }]);
    await world.query("update keyrecall.installation set updated_at = now() - interval '2 hours' where id = $1", [
      installation,
    ]);
    app = await world.start();
    await until(() => app.output().includes("found to be uninstalled"));
    await until(() => app.output().includes("what is not needed any more was erased"));
    await app.stop();
    expect(await state()).toEqual([{ state: "deleted", payloads: 0 }]);
    app = await world.start();
  });

  it("are on record, and their repositories, with who changed them", async () => {
    const tenant = await world.addTenant({ silent: false });
    const other = `${tenant.organization}/other`;
    await world.github.addRepository(other, { private: true });
    world.github.deleteRepository(other);
    await until(() =>
      outcomesOf(app.output(), "installation_repositories").includes("0 repositories added, 1 removed"),
    );
    await app.stop();
    const lines = await world.query<{ detail: Record<string, unknown> }>(
      "select detail from keyrecall.audit where action = 'installation-changed' and actor = '@ada' and detail->>'account' = $1 order by id",
      [tenant.organization],
    );
    expect(lines.map(({ detail }) => detail)).toEqual([
      expect.objectContaining({ action: "created", repositories: 1 }),
      expect.objectContaining({ added: 1, removed: 0 }),
      expect.objectContaining({ added: 0, removed: 1 }),
    ]);
    const covered = await world.query(
      "select full_name, is_covered from keyrecall.repository where full_name like $1 order by full_name",
      [`${tenant.organization}/%`],
    );
    expect(covered).toEqual([
      { full_name: other, is_covered: false },
      { full_name: tenant.repository, is_covered: true },
    ]);
    app = await world.start();
  });

  it("have their limits, which are kept", async () => {
    const tenant = await world.addTenant();
    world.github.limitSecondary({ retryAfterSeconds: 3 });
    const { token, head } = await leakIn(tenant);
    await until(() => app.output().includes("GitHub wants to be asked later"));
    await new Promise((resolve) => setTimeout(resolve, 3000));
    world.github.clearFaults();
    await rotationIssue(world, tenant.repository, token, "**Contained.**");
    expect((await checkRunOn(world, tenant.repository, head)).conclusion).toBe("failure");
  });

  it.each([403, 429] as const)(
    "have a number of requests an hour, used up with %d: they are left alone until then",
    async (status) => {
      const tenant = await world.addTenant();
      world.github.set({ limitStatus: status });
      world.github.clearRequests();
      world.github.leaveRequests(tenant.installation, 0, 6);
      const { token, head } = await leakIn(tenant);
      // What is asked of git and of InferenceKey does not wait for it.
      await until(() => world.api.statusOf(token) === "revoked");
      expect((await checkRunOn(world, tenant.repository, head)).conclusion).toBe("failure");
      await rotationIssue(world, tenant.repository, token, "**Contained.**");
      const refused = world.github.requests.filter((request) => request.status === status);
      expect(refused.length).toBeGreaterThan(0);
      // Those that were under way when the first one was refused.
      expect(refused.length).toBeLessThanOrEqual(2);
      expect(app.output()).toContain("GitHub wants to be asked later");
    },
  );

  it("have tokens that end in mid-work", async () => {
    const tenant = await world.addTenant();
    const first = await leakIn(tenant);
    await rotationIssue(world, tenant.repository, first.token, "**Contained.**");
    // Those that the App holds, for git and for the API, are of no use any more.
    world.github.expireTokens(tenant.installation);
    const second = await leakIn(tenant, "second.env");
    await rotationIssue(world, tenant.repository, second.token, "**Contained.**");
    expect((await checkRunOn(world, tenant.repository, second.head)).conclusion).toBe("failure");
  });
});
