import { describe, expect, it } from "vitest";
import {
  type ActionRun,
  expectClean,
  expectFailure,
  expectLeak,
  pullRequestPayload,
  pushPayload,
  runAction,
} from "../support/action.ts";
import { type MadeToken, makeToken, makeTokens } from "../support/token.ts";
import { startUpstream } from "../support/upstream.ts";

function allowing({ fingerprint }: MadeToken): string {
  return `version: 1\nallow:\n  - fingerprint: ${fingerprint}\n    reason: an example\n`;
}

function baselineOf({ fingerprint, masked }: MadeToken): string {
  return JSON.stringify({ schema: 1, fingerprints: [{ fingerprint, masked, rule: "inferencekey-control-token" }] });
}

/** A pull request whose base and head have the given files, besides the leak in the head. */
async function review(
  token: MadeToken,
  files: { base?: Record<string, string>; head?: Record<string, string> },
  inputs: Record<string, string> = {},
): Promise<ActionRun> {
  const { repository, server } = await startUpstream();
  for (const [name, text] of Object.entries(files.base ?? {})) repository.write(name, text);
  const base = repository.commit("Base");
  for (const [name, text] of Object.entries(files.head ?? {})) repository.write(name, text);
  const head = repository.commitFile("a.env", `${token.raw} # keyrecall:allow it is fine\n`);
  return runAction({ event: "pull_request", payload: pullRequestPayload({ base, head }), server, inputs });
}

describe("what the base of a pull request allows", () => {
  it("holds, from .keyrecall.yml", async () => {
    const token = makeToken();
    const run = await review(token, { base: { ".keyrecall.yml": allowing(token) } });
    expectClean(run);
    expect(run.summary).toContain("1 token allowed");
  });

  it("holds, from the file of the input config", async () => {
    const token = makeToken();
    expectClean(await review(token, { base: { "ci/keys.yml": allowing(token) } }, { config: "./ci/keys.yml" }));
  });

  it("holds, from the baseline", async () => {
    const token = makeToken();
    expectClean(await review(token, { base: { "known.json": baselineOf(token) } }, { baseline: "known.json" }));
  });

  it("holds, from a .gitleaksignore, and not from that of the head", async () => {
    const token = makeToken();
    const files = { ".gitleaksignore": "a.env:inferencekey-control-token:1\nelsewhere\n" };
    const inputs = { "gitleaks-ignore": ".gitleaksignore" };
    const run = await review(token, { base: files }, inputs);
    expectClean(run);
    expect(run.summary).toContain("not understood: .gitleaksignore");
    expectLeak(await review(token, { base: files }), [token]);
    expectLeak(await review(token, { head: files }, inputs), [token]);
  });

  it("is not what the head allows", async () => {
    const token = makeToken();
    expectLeak(await review(token, { head: { ".keyrecall.yml": allowing(token) } }), [token]);
    const run = await review(token, { head: { "known.json": baselineOf(token) } }, { baseline: "known.json" });
    expectLeak(run, [token]);
    expect(run.summary).toContain("not in the base commit");
  });

  it("is not what the head has made of it", async () => {
    const [allowed, other] = makeTokens(2);
    const files = { base: { ".keyrecall.yml": allowing(allowed) }, head: { ".keyrecall.yml": allowing(other) } };
    expectLeak(await review(other, files), [other]);
    expectClean(await review(allowed, files));
  });

  it("is not what a mark on the line allows, and the mark is shown", async () => {
    const token = makeToken();
    const run = await review(token, {});
    expectLeak(run, [token]);
    expect(run.summary).toContain("the keyrecall:allow on its line does not count here");
  });

  it("is of the commit before on a push, and nothing on the first one", async () => {
    const token = makeToken();
    const { repository, server } = await startUpstream();
    const before = repository.commitFile(".keyrecall.yml", allowing(token));
    const after = repository.commitFile("a.env", token.raw);
    expectClean(await runAction({ event: "push", payload: pushPayload({ before, after }), server }));
    const first = pushPayload({ ref: "refs/heads/main", before: "0".repeat(40), after });
    expectLeak(await runAction({ event: "push", payload: first, server }), [token]);
  });

  it.each(["history", "tree"])("is of the base with scan: %s too", async (scan) => {
    const [allowed, other] = makeTokens(2);
    const { repository, server } = await startUpstream();
    const base = repository.commitFile(".keyrecall.yml", allowing(allowed));
    repository.write(".keyrecall.yml", allowing(other)).write("a.env", allowed.raw);
    const head = repository.commitFile("b.env", other.raw);
    const checkout = repository.clone(["--depth=1", "--branch=topic"]);
    const run = await runAction({
      event: "pull_request",
      payload: pullRequestPayload({ base, head }),
      server,
      workspace: checkout.dir,
      inputs: { scan },
    });
    expect(run.report.tokens.filter((token) => token.allowed === null).map(({ masked }) => masked)).toEqual([
      other.masked,
    ]);
    expect(run.status).toBe(1);
  });

  it("is named where it cannot be read", async () => {
    const token = makeToken();
    expectFailure(
      await review(token, { base: { ".keyrecall.yml": "version: 1\nallow: everything\n" } }),
      /\.keyrecall\.yml .*:2: allow/,
    );
  });

  it("is not the first file of a directory that is named", async () => {
    const token = makeToken();
    const run = await review(token, { base: { "conf/a.yml": allowing(token) } }, { config: "conf/" });
    expectFailure(run, "conf/", "no regular file");
  });

  it("is not read through a link", async () => {
    const token = makeToken();
    const { repository, server } = await startUpstream();
    repository.write("real.yml", allowing(token)).symlink(".keyrecall.yml", "real.yml");
    const base = repository.commit("Link");
    const head = repository.commitFile("a.env", token.raw);
    const payload = pullRequestPayload({ base, head });
    expectFailure(await runAction({ event: "pull_request", payload, server }), ".keyrecall.yml", "no regular file");
  });
});
