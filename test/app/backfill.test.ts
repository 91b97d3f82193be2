// The history of installations through the App as a process: what is found, in which order, what is left when something
// goes wrong in the middle, and what people see of it.
import { execFileSync, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { askRunningApp } from "../../app/control/client.ts";
import { isolatedEnv } from "../support/isolated-env.ts";
import type { MadeToken } from "../support/token.ts";
import { type AppProcess, AppWorld, until } from "./support/app-world.ts";
import { issuesAbout, rotationIssue } from "./support/outcomes.ts";

const MAIN = fileURLToPath(new URL("../../app/main.ts", import.meta.url));
const MIB = 1024 * 1024;
const CACHE_BYTES = 4 * MIB;

let world: AppWorld;
let app: AppProcess;
let count = 0;

/** An organisation with repositories that nobody has told the App of. */
async function organizationWith(repositories: Readonly<Record<string, { private?: boolean; size?: number }>>) {
  count += 1;
  const login = `past-${count}`;
  world.github.addOrganization(login, { members: ["ada"] });
  for (const [name, fields] of Object.entries(repositories)) {
    await world.github.addRepository(`${login}/${name}`, { private: true, ...fields });
  }
  return login;
}

function commit(repository: string, files: Readonly<Record<string, string | null>>, branch?: string): Promise<string> {
  return world.github.commit(repository, { files, silent: true, ...(branch === undefined ? {} : { branch }) });
}

function deadToken(): MadeToken {
  const token = world.api.mintControlToken("acme");
  world.api.revoke(token);
  return token;
}

/** Runs the command as an operator does. */
async function command(...args: string[]): Promise<{ status: number | null; output: string; errors: string }> {
  const env = { ...isolatedEnv(), ...world.environment };
  const child = spawn(process.execPath, [MAIN, "backfill", ...args], { env, stdio: ["ignore", "pipe", "pipe"] });
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  const [output, errors] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { status: await ended, output, errors };
}

/** What `--status` says of an account; of an App that runs without a process of its own for each look. */
async function statusOf(account: string): Promise<string> {
  const asked = { status: true, by: "somebody" };
  const answer = await askRunningApp(world.environment["DATA_DIRECTORY"]!, asked);
  const output = answer ?? (await command("--status")).output;
  return output.split("\n\n").find((block) => block.startsWith(`${account} `)) ?? "";
}

function untilStatus(account: string, says: RegExp): Promise<string> {
  return until(async () => {
    const status = await statusOf(account);
    if (!says.test(status)) throw new Error(status);
    return status;
  });
}

interface Line {
  readonly msg: string;
  readonly repository?: string;
  readonly state?: string;
  readonly refs?: number;
  readonly commits?: number;
}

function linesOf(output: string, message: string): Line[] {
  return output.split("\n").flatMap((line) => {
    if (!line.startsWith("{")) return [];
    const entry = JSON.parse(line) as Line;
    return entry.msg === message ? [entry] : [];
  });
}

/** Repositories in the order in which their histories came to an end. */
function finished(from = 0): string[] {
  const output = app.output().slice(from);
  return [...linesOf(output, "a history was read"), ...linesOf(output, "a history was not read, or not whole")].flatMap(
    ({ repository }) => repository ?? [],
  );
}

async function start(): Promise<void> {
  app = await world.start({ CACHE_MAX_BYTES: String(CACHE_BYTES) });
}

/** Begins something, and waits until its fetch from a repository hangs; others may hang as well, and are made again. */
async function hangAt(repository: string, begin: () => unknown): Promise<void> {
  world.github.clearRequests();
  const clear = world.github.inject({ kind: "hang" }, { route: "git-upload-pack" });
  await begin();
  await until(() =>
    world.github.requests.some(({ fault, path }) => fault === "hang" && path.startsWith(`/${repository}.git`)),
  );
  clear();
}

function summaryIn(repository: string) {
  const found = issuesAbout(world, repository).filter(({ body }) => body?.includes("<!-- keyrecall:history "));
  if (found.length > 1) throw new Error(`there are ${found.length} summaries in ${repository}`);
  return found[0] ?? null;
}

beforeAll(async () => {
  world = await AppWorld.make();
  world.api.set({ revokedControl: "401" });
  await start();
});

afterAll(() => world.close());

describe("on installation", () => {
  let organization: string;
  const dead: MadeToken[] = [];

  it("reads whatever a ref reaches, has what works revoked, and tells of what is dead in one issue", async () => {
    organization = await organizationWith({ billing: {}, website: { private: false }, tools: {}, blank: {} });
    const [billing, website, tools] = ["billing", "website", "tools"].map((name) => `${organization}/${name}`) as [
      string,
      string,
      string,
    ];
    const mint = (): MadeToken => world.api.mintControlToken("acme");
    const [old, onBranch, inPull, inName, inBlob] = [mint(), mint(), mint(), mint(), mint()];
    const live = [old, onBranch, inPull, inName, inBlob];
    await commit(billing, { ".env": old.raw });
    await commit(billing, { ".env": "" });
    await commit(billing, { "a.env": onBranch.raw }, "feature");
    await world.github.pushRef(billing, "refs/pull/7/head", await commit(billing, { "b.env": inPull.raw }, "gone"), {
      silent: true,
    });
    await world.github.pushRef(billing, "refs/heads/gone", null, { silent: true });
    // A tag can name a file directly, and no commit has it.
    const blob = execFileSync(
      "git",
      ["--git-dir", world.github.repositoryOf(billing).gitDir, "hash-object", "-w", "--stdin"],
      {
        input: `key: ${inBlob.raw}`,
        env: isolatedEnv(),
        encoding: "utf8",
      },
    ).trim();
    await world.github.pushRef(billing, "refs/tags/key", blob, { silent: true });
    await commit(website, { "README.md": "x" });
    await commit(website, { "README.md": "y" }, `try/${inName.raw}`);
    for (let index = 0; index < 12; index += 1) {
      dead.push(deadToken());
      await commit(index % 2 === 0 ? tools : billing, { [`old/${index}.env`]: dead[index]!.raw });
    }
    world.github.addInstallation(organization, { silent: false });
    for (const token of [old, onBranch, inPull, inBlob]) await rotationIssue(world, billing, token, "**Contained.**");
    await rotationIssue(world, website, inName, "**Contained.**");
    for (const token of live) expect(world.api.statusOf(token)).toBe("revoked");
    const summary = await until(() => {
      const one = summaryIn(billing) ?? summaryIn(tools);
      return one?.title.startsWith("12 leaked tokens") ? one : null;
    });
    for (const { masked } of dead) expect(summary.body).toContain(masked);
    const issues = [billing, website, tools].flatMap((repository) => issuesAbout(world, repository));
    expect(issues).toHaveLength(live.length + 1);
    const status = await untilStatus(organization, /: done/);
    expect(status).toMatch(/4 repositories: 3 read, 1 empty/);
    expect(await command("--status")).toMatchObject({ status: 0, output: expect.stringContaining(status.trim()) });
  });

  it("reads in a second run what is new, and changes the summary in place", async () => {
    const before = app.output().length;
    world.github.clearRequests();
    expect(await command("--installation", organization)).toMatchObject({
      status: 0,
      output: expect.stringContaining(`The App begins to read the history of all repositories of ${organization}`),
    });
    await until(() => finished(before).length === 4);
    // Each is asked for its refs, and for nothing else.
    expect(linesOf(app.output().slice(before), "a part of a history was read").map(({ refs }) => refs)).toEqual([
      0, 0, 0,
    ]);
    const fetches = world.github.requests.filter(({ route }) => route === "git-upload-pack");
    expect(fetches.length).toBeLessThanOrEqual(4);

    const later = deadToken();
    await commit(`${organization}/tools`, { "later.env": later.raw });
    const between = app.output().length;
    expect((await command("--repository", `${organization}/tools`)).status).toBe(0);
    await until(() => finished(between).length === 1);
    const [part] = linesOf(app.output().slice(between), "a part of a history was read");
    expect(part).toMatchObject({ refs: 1, commits: 1 });
    await until(() => {
      const [first, second] = ["billing", "tools"].map((name) => summaryIn(`${organization}/${name}`));
      return [first, second].filter((one) => one?.title.startsWith("13 ")).length === 1;
    });
    expect(["billing", "tools"].flatMap((name) => summaryIn(`${organization}/${name}`) ?? [])).toHaveLength(1);
  });
});

describe("the order", () => {
  it("is public first, then the most recently pushed, and installations take turns", async () => {
    const [first, second] = [
      await organizationWith({ a: {}, b: {}, c: { private: false } }),
      await organizationWith({ a: {}, b: {}, c: { private: false } }),
    ];
    for (const organization of [first, second]) {
      for (const name of ["c", "a", "b"]) {
        await commit(`${organization}/${name}`, { "README.md": name });
        // GitHub counts pushes in seconds.
        await new Promise((resolve) => setTimeout(resolve, 1100));
      }
      world.github.addInstallation(organization, { silent: true });
    }
    const before = app.output().length;
    expect((await command()).status).toBe(0);
    const of = (organization: string): string[] =>
      finished(before).filter((name) => name.startsWith(`${organization}/`));
    await until(() => of(first).length === 3 && of(second).length === 3);
    for (const organization of [first, second]) {
      expect(of(organization)).toEqual(["c", "b", "a"].map((name) => `${organization}/${name}`));
    }
    const turns = finished(before).filter((name) => name.startsWith(`${first}/`) || name.startsWith(`${second}/`));
    expect(turns.map((name) => name.split("/")[1])).toEqual(["c", "c", "b", "b", "a", "a"]);
  });

  it("puts a push to the repository that is being read first", async () => {
    const organization = await organizationWith({ busy: {} });
    const repository = `${organization}/busy`;
    await commit(repository, { "README.md": "x" });
    world.github.addInstallation(organization, { silent: true });
    await hangAt(repository, () => command("--repository", repository));
    const token = world.api.mintControlToken("acme");
    await world.github.commit(repository, { files: { ".env": token.raw } });
    await rotationIssue(world, repository, token, "**Contained.**");
    expect(app.output()).toContain("a backfill made room for a push");
    await untilStatus(organization, /: done/);
  });
});

describe("in the middle of it", () => {
  it("repositories vanish, are renamed, emptied, or too large: each is told", async () => {
    const organization = await organizationWith({
      first: { private: false },
      gone: {},
      old: {},
      emptied: {},
      huge: { size: 5 * 1024 },
      larger: { size: 1 },
      last: {},
    });
    const name = (repository: string): string => `${organization}/${repository}`;
    for (const repository of ["first", "gone", "old", "emptied", "huge", "last"]) {
      await commit(name(repository), { "README.md": repository });
    }
    // It takes more than GitHub says, and long enough that this is noticed on the way.
    await commit(name("larger"), { "noise.txt": randomBytes(8 * CACHE_BYTES).toString("base64") });
    const token = world.api.mintControlToken("acme");
    await commit(name("old"), { ".env": token.raw });
    await hangAt(name("first"), () => world.github.addInstallation(organization, { silent: false }));
    // The first one is being read, and the others wait.
    world.github.renameRepository(name("old"), "new");
    await world.github.pushRef(name("emptied"), "refs/heads/main", null, { silent: true });
    world.github.deleteRepository(name("gone"));
    await world.github.settled();
    await app.stop("SIGKILL");
    await start();
    await rotationIssue(world, name("new"), token, "**Contained.**");
    const status = await untilStatus(organization, /: done.*, but not everything could be read/);
    expect(status).toMatch(/7 repositories: 3 read, 1 empty, 2 too large, 1 gone/);
    expect(status).toContain(`${name("huge")} is too large: GitHub says it takes 5 MiB, and a clone may take 4 MiB`);
    expect(status).toMatch(new RegExp(`${name("larger")} is too large: The fetch .* brought more than 4 MiB`));
    expect(status).toMatch(new RegExp(`${name("gone")} is gone: `));
  });

  it("the App is killed between repositories and within one, and goes on", async () => {
    const organization = await organizationWith({ one: {}, two: {}, three: {} });
    const tokens = await Promise.all(
      ["one", "two", "three"].map(async (name) => {
        const token = world.api.mintControlToken("acme");
        await commit(`${organization}/${name}`, { ".env": token.raw });
        return { name, token };
      }),
    );
    world.github.addInstallation(organization, { silent: true });
    const requests = () =>
      world.github.requests.filter(
        ({ route, path }) => route === "git-upload-pack" && path.startsWith(`/${organization}/`),
      );
    for (const answered of [1, 2]) {
      world.github.clearRequests();
      world.github.inject({ kind: "latency", milliseconds: 1000 }, { route: "git-upload-pack" });
      if (answered === 1) await command("--installation", organization);
      // The list of refs comes, and what it names does not; then that comes too, and the next list does not.
      await until(() => requests().length === answered);
      world.github.inject({ kind: "hang" }, { route: "git-upload-pack" });
      await until(() => requests().some(({ fault }) => fault === "hang"));
      await app.stop("SIGKILL");
      world.github.clearFaults();
      await start();
    }
    for (const { name, token } of tokens)
      await rotationIssue(world, `${organization}/${name}`, token, "**Contained.**");
    await until(() => finished().filter((name) => name.startsWith(`${organization}/`)).length > 0);
    await app.stop("SIGKILL");
    await start();
    expect(await untilStatus(organization, /: done/)).toMatch(/3 repositories: 3 read/);
    const asked = world.provider.requests.filter(({ route }) => route === "revoke");
    for (const { token } of tokens) {
      const own = asked.filter(({ fingerprints }) => fingerprints.includes(token.fingerprint));
      expect(new Set(own.map(({ idempotencyKey }) => idempotencyKey)).size).toBe(1);
    }
  });

  it("the installation is suspended, and it goes on when that ends; or the App is uninstalled", async () => {
    const organization = await organizationWith({ one: {}, two: {} });
    const token = world.api.mintControlToken("acme");
    await commit(`${organization}/one`, { ".env": token.raw });
    await commit(`${organization}/two`, { "README.md": "x" });
    const slow = world.github.inject({ kind: "latency", milliseconds: 1500 }, { route: "git-upload-pack" });
    const installation = world.github.addInstallation(organization, { silent: false });
    await until(() => app.output().includes('"msg":"repositories were listed"'));
    world.github.suspendInstallation(installation);
    slow();
    await untilStatus(organization, /: stopped: the installation is suspended/);
    expect(issuesAbout(world, `${organization}/one`)).toEqual([]);
    world.github.unsuspendInstallation(installation);
    await rotationIssue(world, `${organization}/one`, token, "**Contained.**");
    await untilStatus(organization, /: done/);
    const again = world.github.inject({ kind: "latency", milliseconds: 1500 }, { route: "git-upload-pack" });
    await command("--installation", organization);
    world.github.deleteInstallation(installation);
    again();
    await untilStatus(organization, /: stopped: the App was uninstalled/);
  });

  it("the API cannot be asked: such tokens wait, are no issue each, and are asked about again", async () => {
    const organization = await organizationWith({ shop: {} });
    const repository = `${organization}/shop`;
    const [dead, live] = [deadToken(), world.api.mintControlToken("acme")];
    await commit(repository, { "a.env": dead.raw });
    await commit(repository, { "b.env": live.raw });
    const clear = world.api.inject({ kind: "unavailable" });
    world.github.addInstallation(organization, { silent: false });
    await untilStatus(organization, /: done/);
    expect(issuesAbout(world, repository)).toEqual([]);
    clear();
    await rotationIssue(world, repository, live, "**Contained.**");
    const summary = await until(() => summaryIn(repository));
    expect(summary.body).toContain(dead.masked);
    expect(summary.body).not.toContain(live.masked);
  });

  it("a permission is lacking: that is told, and it is read when it is granted", async () => {
    const organization = await organizationWith({ shop: {} });
    const token = world.api.mintControlToken("acme");
    await commit(`${organization}/shop`, { ".env": token.raw });
    const installation = world.github.addInstallation(organization, { silent: true });
    const others = { metadata: "read", pull_requests: "read", issues: "write", checks: "write" } as const;
    world.github.setPermissions(installation, others);
    await world.github.settled();
    await command("--installation", organization);
    const status = await untilStatus(organization, /: done.*, but not everything could be read/);
    expect(status).toMatch(/shop is not readable: .*lacks the permission|shop is not readable: .*lacks a permission/);
    world.github.setPermissions(installation, { ...others, contents: "read" });
    await rotationIssue(world, `${organization}/shop`, token, "**Contained.**");
    await untilStatus(organization, /1 repository: 1 read/);
  });

  it("GitHub wants to be asked later", async () => {
    const organization = await organizationWith({ shop: {} });
    await commit(`${organization}/shop`, { "README.md": "x" });
    const installation = world.github.addInstallation(organization, { silent: true });
    await command("--installation", organization);
    await untilStatus(organization, /: done/);
    world.github.leaveRequests(installation, 0, 15);
    await command("--installation", organization);
    await untilStatus(organization, /: stopped: GitHub wants to be asked later/);
    await untilStatus(organization, /: done/);
  });
});

describe.concurrent("the summary", () => {
  it("names in a public place only what everybody can see there, and moves when its place becomes public", async () => {
    const organization = await organizationWith({ site: { private: false } });
    const site = `${organization}/site`;
    const [dead, hidden] = [deadToken(), deadToken()];
    await commit(site, { "a.env": dead.raw });
    world.github.addInstallation(organization, { silent: false });
    const shown = await until(() => summaryIn(site));
    expect(shown.body).toContain(dead.masked);
    expect(shown.title).toBe("1 leaked token of the past, out of service");
    const vault = `${organization}/vault`;
    await world.github.addRepository(vault, { private: true });
    await commit(vault, { "b.env": hidden.raw });
    await command("--repository", vault);
    const inPrivate = await until(() => summaryIn(vault));
    expect(inPrivate.body).toContain(hidden.masked);
    expect(inPrivate.body).toContain(dead.masked);
    const left = await until(() => (summaryIn(site)?.state === "closed" ? summaryIn(site) : null));
    expect(left.body).not.toContain(dead.masked);
    expect(JSON.stringify(world.github.issuesOf(site))).not.toContain(hidden.publicId);
  });

  it("stays closed until more is found", async () => {
    const organization = await organizationWith({ shop: {} });
    const repository = `${organization}/shop`;
    await commit(repository, { "a.env": deadToken().raw });
    world.github.addInstallation(organization, { silent: false });
    const { number } = await until(() => summaryIn(repository));
    world.github.changeIssue(repository, number, { state: "closed" });
    await command("--repository", repository);
    await untilStatus(organization, /: done/);
    expect(summaryIn(repository)?.state).toBe("closed");
    await commit(repository, { "b.env": deadToken().raw });
    await command("--repository", repository);
    await until(() => summaryIn(repository)?.state === "open");
    expect(summaryIn(repository)).toMatchObject({ number, title: "2 leaked tokens of the past, out of service" });
  });
});

describe("the command", () => {
  it("says what it cannot do", async () => {
    expect(await command("--installation", "nobody")).toMatchObject({
      status: 2,
      errors: expect.stringContaining("the App is not installed for nobody"),
    });
    expect(await command("--repository", "nobody/nothing")).toMatchObject({
      status: 2,
      errors: expect.stringContaining("the App does not see nobody/nothing"),
    });
    expect(await command("--repository", "nothing")).toMatchObject({
      status: 2,
      errors: expect.stringContaining("--repository is no owner/name"),
    });
  });

  it("writes down what is to be done where no App runs, and the next one does it", async () => {
    const organization = await organizationWith({ shop: {} });
    await commit(`${organization}/shop`, { "README.md": "x" });
    world.github.addInstallation(organization, { silent: true });
    await app.stop();
    expect(await command("--installation", organization)).toMatchObject({
      status: 0,
      output: expect.stringContaining("A worker of the App begins within a minute"),
    });
    expect(await statusOf(organization)).toContain("repositories are being listed");
    await start();
    await untilStatus(organization, /: done/);
  });

  it("and the metrics tell how far it is", async () => {
    const answer = await fetch(`${app.address}/metrics`);
    const metrics = await answer.text();
    expect(metrics).toMatch(/keyrecall_backfill_repositories\{state="done"\} [1-9]/);
    expect(metrics).toMatch(/keyrecall_backfill_repositories\{state="too-large"\} 2/);
    expect(metrics).toMatch(/keyrecall_backfill_estimated_seconds 0/);
  });
});
