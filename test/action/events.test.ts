import { describe, expect, it } from "vitest";
import {
  examplePayload,
  expectClean,
  expectFailure,
  expectLeak,
  pullRequestPayload,
  pushPayload,
  runAction,
} from "../support/action.ts";
import { GitRepository } from "../support/git-repository.ts";
import { makeToken, makeTokens } from "../support/token.ts";
import { startUpstream } from "../support/upstream.ts";

const ZERO = "0".repeat(40);

describe("the Action on a push", () => {
  it("reads what came since the commit before", async () => {
    const [old, fresh] = makeTokens(2);
    const { repository, server } = await startUpstream();
    const before = repository.commitFile("old.env", old.raw);
    const after = repository.commitFile("new.env", fresh.raw);
    expectLeak(await runAction({ event: "push", payload: pushPayload({ before, after }), server }), [fresh]);
  });

  it("measures a new branch by the default branch", async () => {
    const [ofMain, ofTopic] = makeTokens(2);
    const { repository, server } = await startUpstream();
    repository.git(["switch", "-q", "main"]);
    repository.commitFile("main.env", ofMain.raw);
    repository.git(["switch", "-qC", "topic"]);
    const after = repository.commitFile("topic.env", ofTopic.raw);
    expectLeak(await runAction({ event: "push", payload: pushPayload({ before: ZERO, after }), server }), [ofTopic]);
  });

  it.each([
    { what: "the first push of the default branch", ref: "refs/heads/main", changes: {} },
    { what: "a default branch that the server does not have", changes: { repository: { default_branch: "trunk" } } },
    { what: "no default branch in the payload", changes: { repository: { default_branch: null } } },
  ])("reads everything that the head reaches where there is nothing to measure it by: $what", async (push) => {
    const [first, second] = makeTokens(2);
    const repository = GitRepository.init();
    repository.commitFile("a.env", first.raw);
    const after = repository.commitFile("a.env", second.raw);
    const { server } = await startUpstream({ repositories: { "acme/shop": repository.gitDir } });
    const payload = pushPayload({ before: ZERO, after, ...push });
    expectLeak(await runAction({ event: "push", payload, server }), [first, second]);
  });

  it("reads a force push against the commit that it replaced, although no ref has that any more", async () => {
    const [replaced, fresh] = makeTokens(2);
    const { repository, base, server } = await startUpstream();
    const before = repository.commitFile("a.env", replaced.raw);
    repository.git(["reset", "-q", "--hard", base]);
    const after = repository.commitFile("b.env", fresh.raw);
    const payload = pushPayload({ before, after, changes: { forced: true } });
    expectLeak(await runAction({ event: "push", payload, server }), [fresh]);
  });

  it("reads a new tag, its message and what only it reaches", async () => {
    const [inMessage, inFile] = makeTokens(2);
    const { repository, server } = await startUpstream();
    repository.commitFile("a.env", inFile.raw);
    repository.git(["tag", "-a", "v1", "-m", `Release\n\n${inMessage.raw}`]);
    const payload = pushPayload({ ref: "refs/tags/v1", before: ZERO, after: repository.id("v1") });
    const run = await runAction({ event: "push", payload, server });
    expectLeak(run, [inMessage, inFile]);
    expect(run.summary).toMatch(/message of tag [0-9a-f]{12}, line 3/);
  });

  it("reads a tag that was moved against what it was before", async () => {
    const [old, fresh] = makeTokens(2);
    const { repository, server } = await startUpstream();
    repository.commitFile("a.env", old.raw);
    repository.git(["tag", "-a", "latest", "-m", "Latest"]);
    const before = repository.id("latest");
    repository.commitFile("b.env", fresh.raw);
    repository.git(["tag", "-f", "-a", "latest", "-m", "Latest"]);
    const payload = pushPayload({ ref: "refs/tags/latest", before, after: repository.id("latest") });
    expectLeak(await runAction({ event: "push", payload, server }), [fresh]);
  });

  it("has nothing to read when a branch is deleted", async () => {
    const { base, server } = await startUpstream();
    const run = await runAction({ event: "push", payload: pushPayload({ before: base, after: ZERO }), server });
    expectClean(run);
    expect(run.stdout).toContain("deleted");
    expect(server.requests).toEqual([]);
  });

  it("does not print a token in the name of the branch that is deleted, nor what is public of it", async () => {
    const token = makeToken();
    const { base, server } = await startUpstream();
    const payload = pushPayload({ ref: `refs/heads/${token.raw}`, before: base, after: ZERO });
    const run = await runAction({ event: "push", payload, server });
    expectClean(run);
    expect(run.stdout).toContain("refs/heads/ik_sdk_… was deleted");
    expect(run.stdout).not.toContain(token.publicId);
  });

  it("is green for a branch that is made at the tip of the default branch", async () => {
    const { base, server } = await startUpstream();
    expectClean(await runAction({ event: "push", payload: pushPayload({ before: ZERO, after: base }), server }));
  });
});

describe("the Action on other events", () => {
  it("reads what a merge group brings in", async () => {
    const token = makeToken();
    const { repository, base, server } = await startUpstream();
    const head = repository.commitFile("a.env", token.raw);
    const payload = examplePayload("merge_group", null, { merge_group: { base_sha: base, head_sha: head } });
    expectLeak(await runAction({ event: "merge_group", payload, server }), [token]);
  });

  it.each(["schedule", "workflow_dispatch"])(
    "reads all that the server keeps on %s, whatever is checked out",
    async (event) => {
      const [removed, onBranch, inTag, inPullRequest] = makeTokens(4);
      const { repository, server } = await startUpstream();
      repository.commitFile("a.env", removed.raw);
      repository.remove("a.env").commit("Remove");
      repository.git(["switch", "-qc", "other"]);
      repository.commitFile("b.env", onBranch.raw);
      repository.git(["tag", "-a", "v1", "-m", inTag.raw]);
      const ofPullRequest = repository.commitFile("c.env", inPullRequest.raw);
      repository.git(["update-ref", "refs/pull/3/head", ofPullRequest]);
      repository.git(["reset", "-q", "--hard", "HEAD~1"]);
      const checkout = repository.clone(["--depth=1", "--branch=main"]);
      const payload = examplePayload("workflow_dispatch", null);
      const run = await runAction({ event, payload, server, workspace: checkout.dir });
      expectLeak(run, [removed, onBranch, inTag, inPullRequest]);
    },
  );

  it.each(["history", "tree"])("reads the %s of a repository of SHA-256", async (scan) => {
    const token = makeToken();
    const repository = GitRepository.init({ objectFormat: "sha256" });
    const GITHUB_SHA = repository.commitFile("a.env", token.raw);
    const { server } = await startUpstream({ repositories: { "acme/shop": repository.gitDir } });
    const payload = examplePayload("workflow_dispatch", null);
    const workspace = repository.clone().dir;
    const run = await runAction({
      event: "schedule",
      payload,
      server,
      workspace,
      inputs: { scan },
      env: { GITHUB_SHA },
    });
    expectLeak(run, [token]);
  });

  it("reads the checked-out files where that is asked for", async () => {
    const [tracked, built] = makeTokens(2);
    const { repository, server } = await startUpstream();
    repository.git(["switch", "-q", "main"]);
    repository.commitFile("a.env", tracked.raw);
    const checkout = repository.clone(["--depth=1", "--branch=main"]);
    checkout.write("built.txt", built.raw);
    const run = await runAction({
      event: "workflow_dispatch",
      payload: examplePayload("workflow_dispatch", null),
      server,
      workspace: checkout.dir,
      inputs: { scan: "tree" },
    });
    expectLeak(run, [tracked, built]);
  });

  it("does not take an empty workspace for a clean tree", async () => {
    const { server } = await startUpstream();
    const payload = examplePayload("workflow_dispatch", null);
    const run = await runAction({ event: "workflow_dispatch", payload, server, inputs: { scan: "tree" } });
    expectFailure(run, "nothing is checked out", "actions/checkout");
  });

  it("reads the whole history on a pull request where that is asked for", async () => {
    const [ofMain, ofTopic] = makeTokens(2);
    const { repository, server } = await startUpstream();
    repository.git(["switch", "-q", "main"]);
    const base = repository.commitFile("old.env", ofMain.raw);
    repository.git(["switch", "-qC", "topic"]);
    const head = repository.commitFile("new.env", ofTopic.raw);
    const payload = pullRequestPayload({ base, head });
    const run = await runAction({ event: "pull_request", payload, server, inputs: { scan: "history" } });
    expectLeak(run, [ofMain, ofTopic]);
  });

  it.each([
    { event: "release", scan: "auto" },
    { event: "schedule", scan: "range" },
  ])("says that $event has no range of commits", async ({ event, scan }) => {
    const { server } = await startUpstream();
    const payload = examplePayload("workflow_dispatch", null);
    expectFailure(
      await runAction({ event, payload, server, inputs: { scan } }),
      event,
      "no range of commits",
      "history",
    );
  });
});
