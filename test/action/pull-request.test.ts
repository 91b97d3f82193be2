import { describe, expect, it } from "vitest";
import { expectClean, expectLeak, pullRequestPayload, runAction } from "../support/action.ts";
import { snapshotDirectory } from "../support/directory-snapshot.ts";
import { GitRepository } from "../support/git-repository.ts";
import { makeToken, makeTokens } from "../support/token.ts";
import { startUpstream } from "../support/upstream.ts";

describe("the Action on a pull request", () => {
  it("finds what a commit brings in, with file and line, and says what helps", async () => {
    const token = makeToken();
    const { repository, base, server } = await startUpstream();
    const head = repository.commitFile("deploy/.env", `# staging\nINFERENCEKEY_SDK_TOKEN=${token.raw}\n`);
    const run = await runAction({ event: "pull_request", payload: pullRequestPayload({ base, head }), server });
    expectLeak(run, [token]);
    const [error] = run.annotations;
    expect(error).toMatchObject({ name: "error", properties: { file: "deploy/.env", line: "2" } });
    expect(error!.message).toContain("rotating");
    expect(run.summary).toContain("`deploy/.env` line 2");
    expect(run.summary).toContain(token.masked);
    expect(run.summary).toMatch(/also where a later commit takes it out again/);
  });

  it("is green for a clean branch, whatever its base has, and fetches no file of it", async () => {
    const old = makeToken();
    const { repository, server } = await startUpstream();
    for (let number = 0; number < 30; number++) repository.write(`src/${number}.txt`, `${number}`);
    const base = repository.commitFile("old.env", old.raw);
    const head = repository.commitFile("src/app.js", "go();\n");
    const run = await runAction({ event: "pull_request", payload: pullRequestPayload({ base, head }), server });
    expectClean(run);
    expect(run.summary).toContain("no leaked token found");
    expect(run.summary).toContain("1 commit ");
    // Six commits, two versions of two trees, and the one new file.
    expect(server.requests.reduce((sum, { objects }) => sum + objects, 0)).toBeLessThanOrEqual(11);
  });

  it("counts every commit, also one that a later commit undoes", async () => {
    const [kept, undone] = makeTokens(2);
    const { repository, base, server } = await startUpstream();
    repository.commitFile("a.env", undone.raw);
    repository.remove("a.env").commit("Remove it");
    const head = repository.commitFile("b.env", kept.raw);
    const run = await runAction({ event: "pull_request", payload: pullRequestPayload({ base, head }), server });
    expectLeak(run, [kept, undone]);
    expect(run.summary).toMatch(/`a\.env` line 1, in with [0-9a-f]{12}, out with [0-9a-f]{12}/);
  });

  it("reads messages, identities and names", async () => {
    const [inMessage, inAuthor, inName] = makeTokens(3);
    const { repository, base, server } = await startUpstream();
    repository.write("a.txt", "1").commit(`Try\n\n${inMessage.raw}\n`);
    repository.write("a.txt", "2").commit("Again", { author: inAuthor.raw });
    const head = repository.commitFile(`logs/${inName.raw}/out.txt`, "1");
    const run = await runAction({ event: "pull_request", payload: pullRequestPayload({ base, head }), server });
    expectLeak(run, [inMessage, inAuthor, inName]);
    expect(run.summary).toMatch(/message of commit [0-9a-f]{12}, line 3/);
    expect(run.summary).toMatch(/author or committer of commit [0-9a-f]{12}/);
  });

  it("leaves out what a merge of the base brings along, and finds what only the merge has", async () => {
    const [ofMain, ofMerge] = makeTokens(2);
    const { repository, server } = await startUpstream();
    repository.commitFile("topic.txt", "1");
    repository.git(["switch", "-q", "main"]);
    const base = repository.commitFile("main.env", ofMain.raw);
    repository.git(["switch", "-q", "topic"]);
    repository.git(["merge", "-q", "--no-commit", "--no-ff", "main"]);
    const head = repository.write("merged.env", ofMerge.raw).commit("Merge main");
    const run = await runAction({ event: "pull_request", payload: pullRequestPayload({ base, head }), server });
    expectLeak(run, [ofMerge]);
    expect(run.report.scan.coverage).toMatchObject({ commits: 2 });
  });

  it("tells a rename that comes in with a merge from a new leak", async () => {
    const [known, fresh] = makeTokens(2);
    const { repository } = await startUpstream();
    const text = Array.from({ length: 40 }, (_, line) => `setting_${line}=${line}\n`).join("");
    repository.git(["switch", "-q", "main"]);
    repository.commitFile("old.env", `${text}token=${known.raw}\n`);
    repository.git(["switch", "-qC", "topic"]);
    repository.git(["mv", "old.env", "new.env"]);
    repository.write("new.env", `${text}token=${known.raw}\nmore=1\n`).commit("Rename");
    repository.git(["switch", "-qc", "side"]);
    repository.commitFile("side.txt", "1");
    repository.git(["switch", "-q", "topic"]);
    repository.commitFile("leak.env", fresh.raw);
    repository.git(["merge", "-q", "--no-ff", "-m", "Merge side", "side"]);
    const { server } = await startUpstream({ repositories: { "acme/shop": repository.gitDir } });
    const payload = pullRequestPayload({ base: repository.id("main"), head: repository.id("HEAD") });
    expectLeak(await runAction({ event: "pull_request", payload, server }), [fresh]);
  });

  it("finds what stands on a side branch with dates before the base's", async () => {
    const token = makeToken();
    const { repository, base, server } = await startUpstream();
    repository.git(["switch", "-qc", "side"]);
    repository.write("side.env", token.raw).commit("Old work", { date: Date.UTC(2001, 0, 1) / 1000 });
    repository.remove("side.env").commit("Remove", { date: Date.UTC(2001, 0, 2) / 1000 });
    repository.git(["switch", "-q", "topic"]);
    repository.commitFile("topic.txt", "1");
    repository.git(["merge", "-q", "--no-ff", "-m", "Merge side", "side"]);
    const payload = pullRequestPayload({ base, head: repository.id("HEAD") });
    expectLeak(await runAction({ event: "pull_request", payload, server }), [token]);
  });

  it("compares with where the branch left the base, also when the base has moved on", async () => {
    const [ofMain, ofTopic] = makeTokens(2);
    const { repository, server } = await startUpstream();
    const head = repository.commitFile("topic.env", ofTopic.raw);
    repository.git(["switch", "-q", "main"]);
    for (const version of ["1", "2", "3"]) repository.commitFile("main.env", `${ofMain.raw} ${version}`);
    const payload = pullRequestPayload({ base: repository.id("main"), head });
    expectLeak(await runAction({ event: "pull_request", payload, server }), [ofTopic]);
  });

  it.each([1, 2])("is complete from a checkout of depth %i, and writes nothing into it", async (depth) => {
    const tokens = makeTokens(4);
    const { repository, base, server } = await startUpstream({});
    for (const [number, { raw }] of tokens.entries()) repository.commitFile(`${number}.env`, raw);
    const checkout = repository.clone([`--depth=${depth}`, "--branch=topic"]);
    const before = snapshotDirectory(checkout.dir);
    const run = await runAction({
      event: "pull_request",
      payload: pullRequestPayload({ base, head: repository.id("HEAD") }),
      server,
      workspace: checkout.dir,
    });
    expectLeak(run, tokens);
    expect(snapshotDirectory(checkout.dir)).toEqual(before);
  });

  it("reads a fork's head, which the server has as refs/pull/N/head only, and says what it did not check", async () => {
    const token = makeToken();
    const { repository, base, server } = await startUpstream();
    const fork = repository.clone();
    const head = fork.commitFile("fork.env", token.raw);
    repository.git(["fetch", "-q", fork.dir, `${head}:refs/pull/7/head`]);
    const payload = pullRequestPayload({ base, head, from: "stranger/shop" });
    const run = await runAction({ event: "pull_request", payload, server, inputs: { verify: "" } });
    expectLeak(run, [token]);
    expect(run.report.tokens[0]!.verdict.state).toBe("unchecked");
    expect(run.summary).toMatch(/Not checked: whether a token still works.*fork/);
    expect(run.annotations.filter(({ name }) => name === "notice").map(({ message }) => message)).toContainEqual(
      expect.stringContaining("from a fork"),
    );
    expect(run.report.tokens[0]!.occurrences[0]!.refs).toEqual(["refs/pull/7/head"]);
  });

  it.each([
    { what: "a fork that was deleted", from: null, env: {} },
    { what: "Dependabot", from: "acme/shop", env: { GITHUB_ACTOR: "dependabot[bot]" } },
  ])("detects the same for $what, and says what it did not check", async ({ from, env }) => {
    const token = makeToken();
    const { repository, base, server } = await startUpstream();
    const head = repository.commitFile("a.env", token.raw);
    const payload = pullRequestPayload({ base, head, from });
    const run = await runAction({ event: "pull_request", payload, server, inputs: { verify: "" }, env });
    expectLeak(run, [token]);
    expect(run.summary).toMatch(/Not checked: whether a token still works/);
  });

  it("reads objects only on pull_request_target, with nothing checked out", async () => {
    const token = makeToken();
    const { repository, base, server } = await startUpstream();
    const head = repository.commitFile("a.env", token.raw);
    const payload = pullRequestPayload({ base, head, from: "stranger/shop" });
    const run = await runAction({ event: "pull_request_target", payload, server });
    expectLeak(run, [token]);
  });

  it("does not mistake an empty commit or an empty file for something missing", async () => {
    const { repository, base, server } = await startUpstream();
    repository.commit("Nothing");
    repository.commitFile("empty", "");
    repository.git(["rm", "-rq", "."]);
    const head = repository.commit("All gone");
    expectClean(await runAction({ event: "pull_request", payload: pullRequestPayload({ base, head }), server }));
  });

  it("reads thousands of commits, for which it fetches the whole history instead of a list", async () => {
    const token = makeToken();
    const repository = GitRepository.init();
    const ids = repository.graph(
      Array.from({ length: 5003 }, (_, index) => ({
        name: `c${index}`,
        parents: index === 0 ? [] : [`c${index - 1}`],
        files: index === 2 ? { "a.env": token.raw } : index === 3 ? { "a.env": null } : {},
      })),
      { main: "c0", topic: "c5002" },
    );
    const { server } = await startUpstream({ repositories: { "acme/shop": repository.gitDir } });
    const payload = pullRequestPayload({ base: ids["c0"]!, head: ids["c5002"]! });
    const run = await runAction({ event: "pull_request", payload, server });
    expectLeak(run, [token]);
    expect(run.report.scan.coverage).toMatchObject({ commits: 5002 });
  });

  it("reads a repository of SHA-256", async () => {
    const token = makeToken();
    const repository = GitRepository.init({ objectFormat: "sha256" });
    const base = repository.commitFile("a.txt", "1");
    const head = repository.commitFile("a.env", token.raw);
    const { server } = await startUpstream({ repositories: { "acme/shop": repository.gitDir } });
    expectLeak(await runAction({ event: "pull_request", payload: pullRequestPayload({ base, head }), server }), [
      token,
    ]);
  });
});
