import { once } from "node:events";
import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import {
  type ActionOptions,
  type ActionRun,
  examplePayload,
  expectClean,
  expectFailure,
  expectLeak,
  pullRequestPayload,
  runAction,
} from "../support/action.ts";
import { startGitServer } from "../support/git-http-server.ts";
import { makeTempDir } from "../support/temp-dir.ts";
import { makeToken, type MadeToken, makeTokens, randomHex } from "../support/token.ts";
import { startUpstream, type Upstream } from "../support/upstream.ts";

/** A pull request with one leak. */
async function leak(upstream: Upstream): Promise<{ token: MadeToken; options: ActionOptions }> {
  const token = makeToken();
  const { repository, base, server } = upstream;
  const head = repository.commitFile("a.env", token.raw);
  // For a server that gives out only what a ref names.
  repository.git(["update-ref", "refs/pull/7/head", head]);
  return { token, options: { event: "pull_request", payload: pullRequestPayload({ base, head }), server } };
}

const githubToken = (): string => `ghs_${randomHex(undefined, 18)}`;

describe("the Action and its server", () => {
  it.each([
    { what: "leaves nothing out", filters: false },
    { what: "speaks protocol 0", protocol: 0 as const },
    { what: "speaks protocol 0 and leaves nothing out", protocol: 0 as const, filters: false },
  ])("copes with one that $what", async (options) => {
    const { token, options: run } = await leak(await startUpstream(options));
    expectLeak(await runAction(run), [token]);
  });

  it.each(["tree", "blob:none"])("copes with one that refuses the filter %s", async (filter) => {
    const upstream = await startUpstream();
    const { token, options } = await leak(upstream);
    upstream.repository.git(["config", `uploadpackfilter.${filter}.allow`, "false"]);
    expectLeak(await runAction(options), [token]);
  });

  it.each([0, 2] as const)("is not content with the end of a history, by protocol %i", async (protocol) => {
    const { repository } = await startUpstream();
    const shallow = repository.clone(["--depth=2", "--no-single-branch"], { bare: true });
    const { server } = await startUpstream({ repositories: { "acme/shop": shallow.gitDir }, protocol });
    const payload = examplePayload("workflow_dispatch", null);
    const run = await runAction({ event: "schedule", payload, server });
    expect(run.outputs).toMatchObject({ found: "0", incomplete: "true" });
    expect(run.summary).toContain("shallow");
    expect(run.status).toBe(1);
  });

  it("does not take one that shows nothing for one that has nothing", async () => {
    const { repository } = await startUpstream();
    repository.git(["config", "transfer.hideRefs", "refs"]);
    const { server } = await startUpstream({ repositories: { "acme/shop": repository.gitDir } });
    const payload = examplePayload("workflow_dispatch", null);
    expectFailure(await runAction({ event: "schedule", payload, server }), "shows no ref");
  });

  it("does not keep a cancelled workflow waiting for one that does not answer", async () => {
    const { options } = await leak(await startUpstream());
    const closed: Promise<unknown>[] = [];
    const http = createServer();
    const cancelled = once(http, "request").then(([request]) =>
      closed.push(once((request as IncomingMessage).socket, "close")),
    );
    http.listen(0, "127.0.0.1");
    await once(http, "listening");
    const origin = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
    const run = await runAction({ ...options, server: { origin }, cancelled });
    expectFailure(run, "interrupted");
    expect(readdirSync(run.temp)).toEqual([]);
    // Whoever asked has ended too.
    await Promise.all(closed);
    http.close();
  });

  it("tries again where trouble may pass", async () => {
    let failures = 2;
    const upstream = await startUpstream({ intercept: () => (failures-- > 0 ? { status: 503 } : undefined) });
    const { token, options } = await leak(upstream);
    expectLeak(await runAction(options), [token]);
  });

  it("gives up where it does not pass", async () => {
    const { options } = await leak(await startUpstream({ intercept: () => ({ status: 502 }) }));
    expectFailure(await runAction(options), "cannot be fetched from", "502");
  });

  it("names a repository that is not there", async () => {
    const { options } = await leak(await startUpstream({ repositories: {} }));
    expectFailure(await runAction(options), "acme/shop");
  });

  it.each(["http://git.example", "ssh://git.example", "https://user:word@git.example", "no url"])(
    "sends no token to %s",
    async (origin) => {
      const { options } = await leak(await startUpstream());
      const inputs = { "github-token": githubToken() };
      expectFailure(await runAction({ ...options, server: { origin }, inputs }), "GITHUB_SERVER_URL");
    },
  );
});

describe("the Action's credentials", () => {
  it("open a repository that is not public", async () => {
    const secret = githubToken();
    const { token, options } = await leak(await startUpstream({ token: secret }));
    expectLeak(await runAction({ ...options, inputs: { "github-token": secret } }), [token]);
  });

  it("are named where they are missing or wrong", async () => {
    const upstream = await startUpstream({ token: githubToken() });
    const { options } = await leak(upstream);
    expectFailure(await runAction(options), "refuses", "give a token");
    const wrong = githubToken();
    const run = await runAction({ ...options, inputs: { "github-token": wrong } });
    expectFailure(run, "refuses", "contents");
    expect(run.stdout).not.toContain(wrong);
  });

  it("do not follow a redirect", async () => {
    const elsewhere = await startGitServer();
    const upstream = await startUpstream({
      intercept: ({ repository, action }) => ({
        status: 301,
        location: `${elsewhere.origin}/${repository}/${action}?service=git-upload-pack`,
      }),
    });
    const { options } = await leak(upstream);
    const run = await runAction({ ...options, inputs: { "github-token": githubToken() } });
    expect(run.status).toBe(1);
    expect(run.outputs["incomplete"]).toBe("true");
    expect(elsewhere.requests).toEqual([]);
    await elsewhere.close();
  });

  it("do not come from a file of the user's, nor from configuration", async () => {
    const upstream = await startUpstream();
    const { token, options } = await leak(upstream);
    const home = makeTempDir("home");
    const secret = githubToken();
    writeFileSync(join(home, ".netrc"), `machine 127.0.0.1 login octocat password ${secret}\n`);
    writeFileSync(join(home, ".gitconfig"), `[http]\n\textraHeader = "AUTHORIZATION: basic ${secret}"\n`);
    const env = {
      HOME: home,
      GIT_CONFIG_GLOBAL: join(home, ".gitconfig"),
      GIT_CONFIG_COUNT: "1",
      GIT_CONFIG_KEY_0: "http.extraHeader",
      GIT_CONFIG_VALUE_0: `AUTHORIZATION: basic ${secret}`,
    };
    expectLeak(await runAction({ ...options, env }), [token]);
    expect(upstream.server.requests.map(({ authorization }) => authorization)).not.toContainEqual(expect.anything());
  });

  it("stand in no process's arguments and in no file", async () => {
    const secret = githubToken();
    const tokens = makeTokens(2);
    const { repository, base, server } = await startUpstream({ token: secret });
    repository.commitFile("a.env", tokens[0].raw);
    repository.git(["mv", "a.env", "b.env"]);
    const head = repository.commitFile("c.env", tokens[1].raw);
    const watch = watchGit([secret, Buffer.from(`x-access-token:${secret}`).toString("base64")]);
    const run = await runAction({
      event: "pull_request",
      payload: pullRequestPayload({ base, head }),
      server,
      inputs: { "github-token": secret },
      env: watch.env,
    });
    expectLeak(run, tokens);
    expectUnseen(watch.log(), run, secret);
    // The log is one of everything that git started, the helper that talks to the server too.
    expect(watch.log()).toContain("git-remote-http");
    expect(watch.log()).toContain("rev-list");
  });
});

/** A `git` in front of git, which has git log what it starts, and looks for the secrets in what it has written. */
function watchGit(secrets: readonly string[]): { env: Record<string, string>; log: () => string } {
  const directory = makeTempDir("watched-git");
  const bin = join(directory, "bin");
  const log = join(directory, "log");
  mkdirSync(bin);
  writeFileSync(join(directory, "secrets"), secrets.map((secret) => `${secret}\n`).join(""));
  writeFileSync(log, "");
  writeFileSync(
    join(bin, "git"),
    [
      "#!/bin/sh",
      `PATH=$(printf %s "$PATH" | sed 's|^[^:]*:||') GIT_TRACE2_EVENT='${log}' GIT_TRACE2_REDACT=0 git "$@"`,
      "status=$?",
      `if grep -raqFf '${directory}/secrets' "$RUNNER_TEMP" "$GITHUB_WORKSPACE"; then echo 'IN A FILE' >> '${log}'; fi`,
      "exit $status",
      "",
    ].join("\n"),
  );
  chmodSync(join(bin, "git"), 0o755);
  return { env: { PATH: `${bin}:${process.env["PATH"] ?? ""}` }, log: () => readFileSync(log, "utf8") };
}

function expectUnseen(log: string, run: ActionRun, secret: string): void {
  const encoded = Buffer.from(`x-access-token:${secret}`).toString("base64");
  for (const text of [log, run.stdout, run.stderr, run.summary, JSON.stringify(run.outputs)]) {
    expect(text).not.toContain(secret);
    expect(text).not.toContain(encoded);
  }
  expect(log).not.toContain("IN A FILE");
}

describe("the Action's git", () => {
  it("is not steered by what an earlier step has put into the environment", async () => {
    const upstream = await startUpstream();
    const { token, options } = await leak(upstream);
    const directory = makeTempDir();
    const env = {
      GIT_DIR: directory,
      GIT_WORK_TREE: directory,
      GIT_OBJECT_DIRECTORY: directory,
      GIT_TRACE: join(directory, "trace"),
      GIT_TRACE_CURL: join(directory, "trace"),
      GIT_EXEC_PATH: directory,
      GIT_TEMPLATE_DIR: directory,
      GIT_ALLOW_PROTOCOL: "",
      GIT_CONFIG_PARAMETERS: "'core.hookspath=/tmp'",
    };
    expectLeak(await runAction({ ...options, env }), [token]);
    expectClean(
      await runAction({
        ...options,
        payload: pullRequestPayload({ base: upstream.repository.id("HEAD"), head: upstream.repository.id("HEAD") }),
        env,
      }),
    );
  });
});
