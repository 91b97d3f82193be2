// The repositories of the emulator of GitHub, through git itself.
import { randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { makeCertificate } from "../support/certificate.ts";
import { makeTempDir } from "../support/temp-dir.ts";
import { startGitHub, type GitHubEmulator } from "./github/emulator.ts";
import {
  appClient,
  gitClient,
  gitCredential,
  installationToken,
  receiveWebhooks,
  type WebhookReceiver,
} from "./support/github.ts";

const ZERO = "0".repeat(40);

let hooks: WebhookReceiver;
let github: GitHubEmulator;
let installation: number;
let url: string;
let asApp: Record<string, string>;
let asBob: Record<string, string>;

beforeEach(async () => {
  hooks = await receiveWebhooks();
  github = await startGitHub({ settings: { webhookUrl: hooks.url, webhookSecret: "a secret for tests" } });
  github.addUser("bob", { name: "Bob", email: "ada@example.org" });
  await github.addRepository("acme/app", { private: true, collaborators: { bob: "write" } });
  installation = github.addInstallation("acme", { silent: true });
  url = `${github.baseUrl}/acme/app.git`;
  asApp = gitCredential(github, await installationToken(github, installation));
  asBob = gitCredential(github, github.createUserToken("bob"));
});

afterEach(async () => {
  await github.close();
  await hooks.close();
});

/** A clone with a first commit that is pushed. */
async function startWork(): Promise<{ dir: string; git: (...args: string[]) => Promise<string> }> {
  const dir = makeTempDir("work");
  const git = async (...args: string[]): Promise<string> => {
    const { status, output } = await gitClient(args, { cwd: dir, env: asBob });
    if (status !== 0) throw new Error(`git ${args.join(" ")}: ${output}`);
    return output;
  };
  await git("init", "--quiet", "--initial-branch=main", ".");
  await git("remote", "add", "origin", url);
  writeFileSync(join(dir, "a.txt"), "one\n");
  await git("add", ".");
  await git("commit", "--quiet", "--message", "First");
  await git("push", "--quiet", "origin", "main");
  await github.settled();
  return { dir, git };
}

async function pushes() {
  await github.settled();
  // The order of arrival is nobody's promise; that of the deliveries is the order of sending.
  return github
    .deliveries()
    .filter(({ event }) => event === "push")
    .map(({ body }) => JSON.parse(body) as Readonly<Record<string, never>>);
}

describe("access", () => {
  const lsRemote = (env: Readonly<Record<string, string>> = {}) => gitClient(["ls-remote", url], { env });

  it("to a private repository is for those who may see it", async () => {
    await github.commit("acme/app", { files: { a: "a" } });
    expect((await lsRemote(asApp)).status).toBe(0);
    expect((await lsRemote(asBob)).status).toBe(0);
    expect((await lsRemote()).output).toContain("could not read Username");
    expect((await lsRemote(gitCredential(github, github.createUserToken("stranger")))).output).toContain("not found");
    expect((await lsRemote(gitCredential(github, "ghs_wrong"))).status).toBe(128);
    const response = await fetch(`${url}/info/refs?service=git-upload-pack`);
    expect([response.status, response.headers.get("www-authenticate")]).toEqual([401, 'Basic realm="GitHub"']);
  });

  it("to a public repository is for all, but not for wrong credentials", async () => {
    github.publicizeRepository("acme/app");
    expect((await lsRemote()).status).toBe(0);
    expect((await lsRemote(gitCredential(github, "ghs_wrong"))).status).toBe(128);
  });

  it("ends with the token, and needs the permission", async () => {
    github.expireTokens(installation);
    expect((await lsRemote(asApp)).status).toBe(128);
    github.setPermissions(installation, { metadata: "read" });
    const token = await installationToken(github, installation);
    expect((await lsRemote(gitCredential(github, token))).output).toContain("403");
  });

  it("follows a new name, and ends where the repository does", async () => {
    await github.commit("acme/app", { files: { a: "a" } });
    github.renameRepository("acme/app", "renamed");
    expect((await lsRemote(asApp)).output).toContain("refs/heads/main");
    github.deleteRepository("acme/renamed");
    expect((await lsRemote(asApp)).output).toContain("not found");
  });

  it("breaks off where a fault says so", async () => {
    await github.commit("acme/app", { files: { a: "a" } });
    github.inject({ kind: "truncated-body" }, { route: "git-upload-pack", times: 1 });
    expect((await lsRemote(asApp)).status).toBe(128);
    github.inject({ kind: "unavailable" }, { route: "git-info-refs", times: 1 });
    expect((await lsRemote(asApp)).output).toContain("503");
    // A token that expires between the two requests of one fetch.
    github.inject({ kind: "api-error", status: 401, code: null }, { route: "git-upload-pack", times: 1 });
    expect((await lsRemote(asApp)).status).toBe(128);
    expect((await lsRemote(asApp)).status).toBe(0);
    const routes = github.requests.map(({ route }) => route).filter((route) => route.startsWith("git-"));
    expect(routes.slice(-2)).toEqual(["git-info-refs", "git-upload-pack"]);
  });

  it("works over TLS, and under the address of an Enterprise server", async () => {
    const identity = makeCertificate();
    const secure = await startGitHub({ tls: identity });
    await secure.addRepository("acme/open");
    await secure.commit("acme/open", { files: { a: "a" } });
    const ca = join(makeTempDir("ca"), "ca.pem");
    writeFileSync(ca, identity.cert);
    const listed = await gitClient(["ls-remote", `${secure.baseUrl}/acme/open.git`], { env: { GIT_SSL_CAINFO: ca } });
    expect(listed.output).toContain("refs/heads/main");
    await secure.close();
    const response = await fetch(`${github.baseUrl}/api/v3/rate_limit`, { headers: { "user-agent": "test" } });
    expect(await response.json()).toMatchObject({ rate: { limit: 60 } });
  });
});

describe("fetching", () => {
  it("leaves blobs out, and brings them when asked for", async () => {
    await github.commit("acme/app", { files: { a: "a\n", b: "b\n" } });
    const head = await github.commit("acme/app", { files: { a: "c\n" } });
    const dir = makeTempDir("partial");
    const clone = ["clone", "--quiet", "--bare", "--filter=blob:none", url, dir];
    expect(await gitClient(clone, { env: asApp })).toEqual({ status: 0, output: "" });
    const missing = await gitClient(["rev-list", "--objects", "--missing=print", head], { cwd: dir });
    const blobs = missing.output.split("\n").filter((line) => line.startsWith("?"));
    expect(blobs).toHaveLength(3);
    const wanted = blobs.map((line) => line.slice(1)).join("\n");
    const noop = ["-c", "fetch.negotiationAlgorithm=noop", "fetch", "--quiet", "--no-tags", "--no-write-fetch-head"];
    const fetched = await gitClient([...noop, "--filter=blob:none", "--stdin", "origin"], {
      cwd: dir,
      env: asApp,
      input: `${wanted}\n`,
    });
    expect(fetched).toEqual({ status: 0, output: "" });
    const env = { GIT_NO_LAZY_FETCH: "1" };
    expect((await gitClient(["cat-file", "blob", `${head}:a`], { cwd: dir, env })).output).toBe("c");
  });

  it("brings what a forced push left behind, and heads of pull requests from forks", async () => {
    const first = await github.commit("acme/app", { files: { a: "a\n" } });
    const lost = await github.commit("acme/app", { files: { secret: "s\n" } });
    await github.commit("acme/app", { files: { b: "b\n" }, parent: first });
    await github.fork("acme/app", "bob");
    const head = await github.commit("bob/app", { branch: "fix", files: { c: "c\n" }, parent: first, by: "bob" });
    const number = await github.createPullRequest("acme/app", { head: "fix", from: "bob/app", by: "bob" });
    const dir = makeTempDir("bare");
    await gitClient(["init", "--quiet", "--bare", dir]);
    const fetch = async (what: string) => gitClient(["fetch", "--quiet", url, what], { cwd: dir, env: asApp });
    expect((await fetch(lost)).status).toBe(0);
    expect((await fetch(`refs/pull/${number}/head`)).status).toBe(0);
    expect((await gitClient(["rev-parse", "FETCH_HEAD"], { cwd: dir })).output).toBe(head);
    expect((await fetch(`refs/pull/${number}/merge`)).status).toBe(0);
    const pushed = await gitClient(["push", url, `${lost}:refs/pull/${number}/head`], { cwd: dir, env: asBob });
    expect(pushed.output).toContain("hidden ref");
  });
});

describe("pushing", () => {
  it("is refused to those who may only read, and in an archived repository", async () => {
    const { dir } = await startWork();
    const push = (env: Readonly<Record<string, string>>) =>
      gitClient(["push", "origin", "main:refs/heads/other"], { cwd: dir, env });
    expect((await push(asApp)).output).toContain("403");
    github.archiveRepository("acme/app");
    expect((await push(asBob)).output).toContain("403");
    expect(await pushes()).toHaveLength(1);
  });

  it("tells of new branches, of commits on top, of forced ones, and of branches that go", async () => {
    const { dir, git } = await startWork();
    const first = await git("rev-parse", "HEAD");
    writeFileSync(join(dir, "a.txt"), "two\n");
    writeFileSync(join(dir, "b.txt"), "b\n");
    await git("add", ".");
    await git("commit", "--quiet", "--message", "Second");
    const second = await git("rev-parse", "HEAD");
    await git("rm", "--quiet", "a.txt");
    await git("commit", "--quiet", "--message", "Third");
    const third = await git("rev-parse", "HEAD");
    await git("push", "--quiet", "origin", "main");
    await git("reset", "--quiet", "--hard", first);
    await git("commit", "--quiet", "--allow-empty", "--message", "Instead");
    const instead = await git("rev-parse", "HEAD");
    await git("push", "--quiet", "--force", "origin", "main");
    await git("push", "--quiet", "origin", "main:same");
    await git("push", "--quiet", "origin", ":same");
    const all = await pushes();
    const none = { created: false, deleted: false, forced: false };
    expect(all).toMatchObject([
      { ref: "refs/heads/main", before: ZERO, after: first, ...none, created: true, head_commit: { id: first } },
      { before: first, after: third, ...none, pusher: { name: "bob" }, sender: { login: "bob" } },
      { before: third, after: instead, ...none, forced: true, commits: [{ id: instead, distinct: true }] },
      { ref: "refs/heads/same", ...none, created: true, base_ref: "refs/heads/main", commits: [] },
      { ref: "refs/heads/same", before: instead, after: ZERO, ...none, deleted: true, head_commit: null },
    ]);
    expect(all[1]?.["commits"]).toMatchObject([
      {
        id: second,
        message: "Second",
        added: ["b.txt"],
        modified: ["a.txt"],
        removed: [],
        author: { username: "bob" },
      },
      { id: third, message: "Third", added: [], modified: [], removed: ["a.txt"] },
    ]);
    const { data } = await appClient(github, installation).rest.repos.getCommit({
      owner: "acme",
      repo: "app",
      ref: third,
    });
    expect(data.sha).toBe(third);
  });

  it("takes what git sends in chunks", async () => {
    const { dir, git } = await startWork();
    writeFileSync(join(dir, "large.bin"), randomBytes(3_000_000));
    await git("add", ".");
    await git("commit", "--quiet", "--message", "Large");
    await git("push", "--quiet", "origin", "main");
    expect((await pushes()).at(-1)?.["commits"]).toMatchObject([{ message: "Large", added: ["large.bin"] }]);
  });

  it("tells of tags as they are, and of no more than three at once", async () => {
    const { git } = await startWork();
    await git("tag", "light");
    await git("tag", "--annotate", "heavy", "--message", "A tag");
    await git("push", "--quiet", "origin", "light", "heavy");
    const tag = await git("rev-parse", "heavy");
    const told = (await pushes()).filter(({ ref }) => String(ref).startsWith("refs/tags/"));
    expect(told.map(({ ref, after, commits }) => [ref, after, commits])).toEqual([
      ["refs/tags/heavy", tag, []],
      ["refs/tags/light", await git("rev-parse", "HEAD"), []],
    ]);
    for (const name of ["t1", "t2", "t3", "t4"]) await git("tag", name);
    await git("push", "--quiet", "origin", "t1", "t2", "t3", "t4");
    expect(await pushes()).toHaveLength(3);
    const object = await appClient(github, installation).rest.git.getTag({ owner: "acme", repo: "app", tag_sha: tag });
    expect(object.data).toMatchObject({ tag: "heavy", message: "A tag", object: { type: "commit" } });
  });

  it("tells of 2,048 commits and of 3,000 paths of one", async () => {
    const { dir, git } = await startWork();
    const data = Array.from(
      { length: 2100 },
      (_none, number) =>
        `commit refs/heads/main\ncommitter Ada <ada@example.org> ${1_800_000_000 + number} +0000\ndata 1\nx` +
        (number === 0 ? "\nfrom refs/heads/main^0" : "") +
        (number === 2099
          ? `\n${Array.from({ length: 3100 }, (_no, file) => `M 644 inline f${file}\ndata 1\ny`).join("\n")}`
          : ""),
    );
    const imported = await gitClient(["fast-import", "--quiet", "--force"], {
      cwd: dir,
      input: `${data.join("\n")}\n`,
    });
    expect(imported.output).toBe("");
    await git("push", "--quiet", "origin", "main");
    const push = (await pushes()).at(-1) as unknown as { commits: { id: string; added: string[] }[]; after: string };
    expect(push.commits).toHaveLength(2048);
    expect(push.commits.at(-1)?.id).toBe(push.after);
    expect(push.commits.at(-1)?.added).toHaveLength(3000);
  });

  it("moves pull requests along, and asks for a check of each head", async () => {
    const { dir, git } = await startWork();
    await git("push", "--quiet", "origin", "main:topic");
    const number = await github.createPullRequest("acme/app", { head: "topic", by: "bob" });
    writeFileSync(join(dir, "b.txt"), "b\n");
    await git("add", ".");
    await git("commit", "--quiet", "--message", "More");
    await git("push", "--quiet", "origin", "main:topic");
    const head = await git("rev-parse", "HEAD");
    await github.settled();
    const [synchronize] = hooks.of("pull_request", "synchronize");
    expect(synchronize?.payload).toMatchObject({
      number,
      after: head,
      pull_request: { head: { sha: head }, commits: 1 },
    });
    const suites = hooks
      .of("check_suite", "requested")
      .map(({ payload }) => (payload["check_suite"] as unknown as { head_sha: string }).head_sha);
    expect(suites).toContain(head);
    expect((await git("ls-remote", "origin", `refs/pull/${number}/head`)).split("\t")[0]).toBe(head);
    await git("push", "--quiet", "origin", ":topic");
    await github.settled();
    expect(hooks.of("pull_request", "closed")).toHaveLength(1);
  });
});
