import { chmodSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import {
  examplePayload,
  expectClean,
  expectFailure,
  expectLeak,
  type Payload,
  pullRequestPayload,
  pushPayload,
  runAction,
} from "../support/action.ts";
import { makeTempDir } from "../support/temp-dir.ts";
import { makeToken } from "../support/token.ts";
import { startUpstream } from "../support/upstream.ts";

const UNKNOWN = "1234567890123456789012345678901234567890";

describe("what the Action cannot use is named, and never green", () => {
  it.each([
    { end: "base", payload: (known: string) => pullRequestPayload({ base: UNKNOWN, head: known }) },
    { end: "head", payload: (known: string) => pullRequestPayload({ base: known, head: UNKNOWN }) },
    { end: "base", payload: (known: string) => pushPayload({ before: UNKNOWN, after: known }) },
  ])("a $end that the server does not have", async ({ end, payload }) => {
    const { repository, server } = await startUpstream();
    const event = payload(repository.id("HEAD"));
    const run = await runAction({ event: "pull_request" in event ? "pull_request" : "push", payload: event, server });
    expectFailure(run, end, UNKNOWN);
  });

  it("a base that is no commit", async () => {
    const { repository, server } = await startUpstream();
    const payload = pullRequestPayload({ base: repository.id("HEAD:readme.md"), head: repository.id("HEAD") });
    expectFailure(await runAction({ event: "pull_request", payload, server }), /range|commit/);
  });

  it.each([
    { event: "pull_request", payload: {}, field: "pull_request.head.sha" },
    { event: "pull_request", payload: { pull_request: { head: { sha: UNKNOWN } } }, field: "pull_request.base.sha" },
    { event: "pull_request", payload: { pull_request: { head: { sha: "main" } } }, field: "pull_request.head.sha" },
    { event: "pull_request", payload: { pull_request: null }, field: "pull_request.head.sha" },
    { event: "pull_request_target", payload: [], field: "pull_request.head.sha" },
    { event: "push", payload: {}, field: "ref" },
    { event: "push", payload: { ref: "refs/heads/main", after: UNKNOWN }, field: "before" },
    { event: "push", payload: { ref: "refs/heads/main", before: UNKNOWN }, field: "after" },
    { event: "push", payload: { ref: "refs/heads/main", before: UNKNOWN, after: "--all" }, field: "after" },
    { event: "merge_group", payload: { merge_group: { head_sha: UNKNOWN } }, field: "merge_group.base_sha" },
  ])("a payload of $event without a usable $field", async ({ event, payload, field }) => {
    const { server } = await startUpstream();
    const run = await runAction({ event, payload: payload as Payload, server });
    expectFailure(run, event, field);
    expect(server.requests).toEqual([]);
  });

  it.each(["", "{", "null"])("a payload that is %j", async (payload) => {
    const { server } = await startUpstream();
    expectFailure(await runAction({ event: "push", payload, server }), /payload/);
  });

  it.each(["GITHUB_EVENT_NAME", "GITHUB_EVENT_PATH", "GITHUB_REPOSITORY"])(
    "an environment without %s",
    async (name) => {
      const { server } = await startUpstream();
      const payload = examplePayload("workflow_dispatch", null);
      expectFailure(await runAction({ event: "schedule", payload, server, without: [name] }), name);
    },
  );

  it.each([
    ["scan", "everything", "auto, range, history, tree"],
    ["verify", "perhaps", "true or false"],
    ["fail-on", "sometimes", "found, live, never"],
    ["min-confidence", "low", "certain, suspect"],
    ["config", "../outside.yml", "from its root on"],
    ["baseline", "/etc/passwd", "from its root on"],
    ["base-url", "http://api.inferencekey.example", "not encrypted"],
    ["base-url", "nonsense", "no URL"],
  ])("an input %s that is %s", async (name, value, hint) => {
    const { repository, base, server } = await startUpstream();
    const payload = pullRequestPayload({ base, head: repository.id("HEAD") });
    const run = await runAction({ event: "pull_request", payload, server, inputs: { [name]: value } });
    expectFailure(run, `input ${name}`, hint);
    expect(server.requests).toEqual([]);
  });

  it("a token in an input is not shown", async () => {
    const token = makeToken();
    const { repository, base, server } = await startUpstream();
    const payload = pullRequestPayload({ base, head: repository.id("HEAD") });
    const run = await runAction({ event: "pull_request", payload, server, inputs: { scan: token.raw } });
    expectFailure(run, "input scan", "ik_sdk_…");
    expect(run.stdout).not.toContain(token.publicId);
  });

  it.each(["GITHUB_STEP_SUMMARY", "GITHUB_OUTPUT"])("a file of %s that cannot be written", async (name) => {
    const token = makeToken();
    const { repository, base, server } = await startUpstream();
    for (const [head, isLeak] of [
      [base, false],
      [repository.commitFile("a.env", token.raw), true],
    ] as const) {
      const payload = pullRequestPayload({ base, head });
      const run = await runAction({ event: "pull_request", payload, server, env: { [name]: "/nowhere/at/all" } });
      expect(run.status).toBe(1);
      expect(run.stdout).toContain(name);
      // What can still be said is.
      expect(run.annotations.some(({ properties }) => properties["file"] === "a.env")).toBe(isLeak);
      if (name === "GITHUB_STEP_SUMMARY") expect(run.outputs["found"]).toBe(isLeak ? "1" : "0");
    }
  });

  it.each([
    { what: "no git", env: { PATH: "/nowhere" }, named: "git was not found" },
    { what: "no room for what is fetched", env: { RUNNER_TEMP: "/nowhere/at/all" }, named: "/nowhere/at/all" },
  ])("$what", async ({ env, named }) => {
    const { repository, base, server } = await startUpstream();
    const payload = pullRequestPayload({ base, head: repository.id("HEAD") });
    expectFailure(await runAction({ event: "pull_request", payload, server, env }), named);
  });

  it("a runner that names no files at all", async () => {
    const { repository, base, server } = await startUpstream();
    const payload = pullRequestPayload({ base, head: repository.id("HEAD") });
    const without = ["GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY"];
    const run = await runAction({ event: "pull_request", payload, server, without });
    expect(run.status).toBe(1);
    for (const name of without) expect(run.stdout).toContain(name);
  });

  it("a shallow boundary on the server, inside of the range", async () => {
    const { repository, base } = await startUpstream();
    for (const version of ["1", "2", "3", "4"]) repository.commitFile("a.txt", version);
    const shallow = repository.clone(["--depth=3", "--branch=topic"], { bare: true });
    shallow.git(["fetch", "-q", "--depth=1", repository.dir, `${base}:refs/heads/main`]);
    const { server } = await startUpstream({ repositories: { "acme/shop": shallow.gitDir } });
    const payload = pullRequestPayload({ base, head: repository.id("HEAD") });
    expectFailure(await runAction({ event: "pull_request", payload, server }), /shallow/);
  });

  it("an object that the server lost", async () => {
    const { repository, base } = await startUpstream();
    const head = repository.commitFile("a.txt", "lost");
    const blob = repository.id("HEAD:a.txt");
    chmodSync(repository.looseObject(blob), 0o644);
    writeFileSync(repository.looseObject(blob), "");
    const { server } = await startUpstream({ repositories: { "acme/shop": repository.gitDir } });
    expectFailure(
      await runAction({ event: "pull_request", payload: pullRequestPayload({ base, head }), server }),
      "fetched",
    );
  });
});

describe("the file of sarif-file", () => {
  it.each(["results.sarif", "out/deep/results.sarif"])("is written to %s", async (name) => {
    const { repository, base, server } = await startUpstream();
    const payload = pullRequestPayload({ base, head: repository.id("HEAD") });
    const run = await runAction({ event: "pull_request", payload, server, inputs: { "sarif-file": name } });
    expectClean(run);
    expect(run.outputs["sarif"]).toBe(join(run.workspace, name));
    expect(existsSync(run.outputs["sarif"]!)).toBe(true);
  });

  it("replaces a link instead of writing where it leads", async () => {
    const outside = join(makeTempDir(), "precious");
    writeFileSync(outside, "precious\n");
    const workspace = makeTempDir("workspace");
    symlinkSync(outside, join(workspace, "results.sarif"));
    const { repository, base, server } = await startUpstream();
    const payload = pullRequestPayload({ base, head: repository.id("HEAD") });
    const inputs = { "sarif-file": "results.sarif" };
    expectClean(await runAction({ event: "pull_request", payload, server, inputs, workspace }));
    expect(readFileSync(outside, "utf8")).toBe("precious\n");
    expect(readFileSync(join(workspace, "results.sarif"), "utf8")).toContain("2.1.0");
  });

  it("is not written through a directory that is a link, and the leaks are still told", async () => {
    const token = makeToken();
    const outside = makeTempDir();
    const workspace = makeTempDir("workspace");
    symlinkSync(outside, join(workspace, "out"));
    mkdirSync(join(outside, "kept"));
    const { repository, base, server } = await startUpstream();
    const payload = pullRequestPayload({ base, head: repository.commitFile("a.env", token.raw) });
    const inputs = { "sarif-file": "out/results.sarif" };
    const run = await runAction({ event: "pull_request", payload, server, inputs, workspace });
    expectLeak(run, [token]);
    expect(run.stdout).toContain("is a link");
    expect(existsSync(join(outside, "results.sarif"))).toBe(false);
  });
});
