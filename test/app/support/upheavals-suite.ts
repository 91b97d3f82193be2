// What happens to an organisation in the middle of a response: the App is suspended there, a repository changes hands.
// Through the App as a process, whichever backend keeps the data.
import { afterAll, beforeAll, expect, it } from "vitest";
import type { MadeToken } from "../../support/token.ts";
import { type AppProcess, AppWorld, type Tenant, until } from "./app-world.ts";
import { runCommand } from "./command.ts";
import { ALL_EVENTS, FULL_PERMISSIONS } from "./full-app.ts";
import { checkRunOn, issuesAbout, outcomesOf, rotationIssue } from "./outcomes.ts";

/** @param environment where the data is kept, for a new App */
export function describeUpheavals(environment: () => Promise<Record<string, string>>): void {
  let world: AppWorld;
  let app: AppProcess;

  beforeAll(async () => {
    world = await AppWorld.make(await environment(), { app: { permissions: FULL_PERMISSIONS, events: ALL_EVENTS } });
    app = await world.start();
  });
  afterAll(() => world.close());

  const keysOf = (token: MadeToken) =>
    new Set(world.revocationsOf(token).map(({ idempotencyKey }) => idempotencyKey)).size;

  /** A token that is just being revoked, until what is given back is called. */
  async function inTheMiddle({ repository }: Tenant): Promise<{ token: MadeToken; head: string; goOn: () => void }> {
    const token = world.api.mintControlToken("acme");
    const goOn = world.provider.inject({ kind: "unavailable" });
    const head = await world.github.commit(repository, { files: { ".env": token.raw } });
    await rotationIssue(world, repository, token, "has not got it revoked");
    expect(world.api.statusOf(token)).toBe("live");
    return { token, head, goOn };
  }

  const status = async (): Promise<string> => (await runCommand(["backfill", "--status"], world.environment)).stdout;
  const lineOf = (text: string, organization: string): string =>
    text.split("\n\n").find((block) => block.startsWith(`${organization} (`)) ?? "";

  it("a suspension: the token dies, the status says why nothing is written, and what was pushed meanwhile is read", async () => {
    const tenant = await world.addTenant({ silent: false });
    const { repository, organization, installation } = tenant;
    await until(async () => / (done|waiting)/.test(lineOf(await status(), organization)));
    const { token, head, goOn } = await inTheMiddle(tenant);
    world.github.suspendInstallation(installation);
    await until(() => outcomesOf(app.output(), "installation").includes(`installation ${installation} is suspended`));
    goOn();
    await until(() => world.api.statusOf(token) === "revoked");
    await until(() => app.output().includes("the App is on none of the repositories any more, or is suspended there"));
    expect(lineOf(await status(), organization)).toContain("it is suspended: GitHub tells of nothing");
    const [issue] = issuesAbout(world, repository, token);
    expect(issue?.body).not.toContain("**Contained.**");
    // GitHub tells of none of these, not later either.
    const missed = world.api.mintControlToken("acme");
    const onBranch = world.api.mintDataToken([]);
    await world.github.commit(repository, { files: { "missed.env": missed.raw } });
    await world.github.commit(repository, { files: { "branch.env": onBranch.raw }, branch: "meanwhile" });
    await world.github.settled();
    expect(issuesAbout(world, repository, missed)).toEqual([]);
    world.github.unsuspendInstallation(installation);
    await rotationIssue(world, repository, token, "**Contained.**");
    for (const one of [missed, onBranch]) await rotationIssue(world, repository, one, "**Contained.**");
    expect((await checkRunOn(world, repository, head)).conclusion).toBe("failure");
    expect([keysOf(token), keysOf(missed), keysOf(onBranch)]).toEqual([1, 1, 1]);
    expect(issuesAbout(world, repository)).toHaveLength(3);
    await until(async () => !lineOf(await status(), organization).includes("suspended"));
  });

  it("a transfer to an organisation with the App: one revocation, and its issue goes along", async () => {
    const [from, to] = [await world.addTenant(), await world.addTenant()];
    const { token, goOn } = await inTheMiddle(from);
    const [issue] = issuesAbout(world, from.repository, token);
    const moved = `${to.organization}/moved`;
    world.github.renameRepository(from.repository, "moved");
    await until(() => outcomesOf(app.output(), "repository").includes("the repository was renamed"));
    world.github.transferRepository(`${from.organization}/moved`, to.organization);
    await until(() => outcomesOf(app.output(), "repository").includes("the repository was transferred"));
    goOn();
    const after = await rotationIssue(world, moved, token, "**Contained.**");
    expect(after.number).toBe(issue?.number);
    expect(after.body).toContain(`in \`${moved}\``);
    expect(keysOf(token)).toBe(1);
    const later = world.api.mintControlToken("acme");
    await world.github.commit(moved, { files: { "later.env": later.raw } });
    await rotationIssue(world, moved, later, "**Contained.**");
    const rows = await incidentsOf([token, later]);
    expect(rows).toEqual([
      { login: to.organization, state: "contained" },
      { login: to.organization, state: "contained" },
    ]);
  });

  it("a transfer to one without the App: the token dies, and the log says that nothing can be written", async () => {
    const from = await world.addTenant();
    const { token, goOn } = await inTheMiddle(from);
    world.github.addOrganization("elsewhere", { members: ["ada"] });
    world.github.transferRepository(from.repository, "elsewhere");
    goOn();
    await until(() => world.api.statusOf(token) === "revoked");
    await until(async () => (await unpublishedOf(token)).length > 0);
    const [said] = await unpublishedOf(token);
    expect(said?.why).toMatch(/cannot be read|on none of the repositories/);
    expect(keysOf(token)).toBe(1);
    expect(await incidentsOf([token])).toEqual([{ login: from.organization, state: "contained" }]);
    const metrics = await (await fetch(`${app.address}/metrics`)).text();
    expect(metrics).toMatch(/^keyrecall_unpublished_total\{what="issue"\} [1-9]/m);
  });

  const incidentsOf = (tokens: readonly MadeToken[]) =>
    world.query<{ login: string; state: string }>(
      `select n.account_login as login, i.state from keyrecall.incident i
       join keyrecall.installation n on n.account_id = i.account_id where fingerprint = any($1) order by i.found_at`,
      [tokens.map(({ fingerprint }) => fingerprint)],
    );

  const unpublishedOf = ({ fingerprint }: MadeToken) =>
    world.query<{ why: string }>(
      `select a.detail->>'why' as why from keyrecall.audit a join keyrecall.incident i on i.id = a.incident_id
       where a.action = 'issue-not-published' and i.fingerprint = $1`,
      [fingerprint],
    );
}
