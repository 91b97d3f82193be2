import { describe, expect, it } from "vitest";
import { type ActionRun, expectLeak, pullRequestPayload, runAction } from "../support/action.ts";
import { makeToken, makeTokens } from "../support/token.ts";
import { startUpstream } from "../support/upstream.ts";

const HOSTILE = [
  "::error::stranger",
  "  ::set-output name=found::0",
  "a\n::error::stranger",
  "a\r::warning::stranger",
  "##[error]stranger",
  "a##[set-env name=PATH;]stranger",
  "%0A::error::stranger",
  "a,line=1::stranger",
  "`stranger`",
  "``stranger` `",
  "`<img src=http://stranger.example>",
  "[stranger](http://stranger.example)",
  "![stranger](http:stranger.example)",
  "@stranger #1 stranger#2",
  "<script>stranger</script>",
  "<!-- stranger",
  "|stranger|",
  "*stranger*",
  "\u202estranger",
  "\u001b[31mstranger",
  "::stop-commands::stranger",
  "\\`stranger",
];

/** The Markdown without its code spans: what is left can be a link, a mention or HTML. */
function outsideOfCode(markdown: string): string {
  return markdown.replace(/(?<!`)(`+)(?!`)([\s\S]*?[^`])\1(?!`)/g, "");
}

function expectNoInjection(run: ActionRun): void {
  const names = new Set(run.commands.map(({ name }) => name));
  names.delete("add-mask");
  names.delete("error");
  names.delete("notice");
  expect([...names]).toEqual([]);
  for (const { message, properties } of run.annotations) {
    expect(properties["title"]).toMatch(/^A leaked InferenceKey token$|^Keyrecall$|^Not everything/);
    expect(message).not.toMatch(/[\r\n]/);
  }
  expect(outsideOfCode(run.summary)).not.toContain("stranger");
  // oxlint-disable-next-line no-control-regex
  expect(run.summary).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/);
  // oxlint-disable-next-line no-control-regex
  expect(run.stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/);
}

describe("nothing that a stranger writes becomes a command or Markdown", () => {
  it.each(["private", "public"])("names of files, in a %s repository", async (visibility) => {
    const token = makeToken();
    const { repository, base, server } = await startUpstream();
    for (const [number, name] of HOSTILE.entries()) {
      // A slash would be a directory.
      repository.write(`${number}/${name.replaceAll("/", "_")}`, token.raw);
    }
    const head = repository.commit("::error::stranger\n\n##[error]stranger", { author: "::error::@stranger" });
    const changes = { repository: { private: visibility === "private", visibility } };
    const payload = pullRequestPayload({ base, head, changes });
    const run = await runAction({ event: "pull_request", payload, server, inputs: { "sarif-file": "out.sarif" } });
    expectLeak(run, [token]);
    expect(run.annotations.filter(({ name }) => name === "error")).toHaveLength(10);
    expectNoInjection(run);
    expect(run.summary).toContain("stranger");
  });

  it("names of branches and tags", async () => {
    const token = makeToken();
    const { repository, server } = await startUpstream();
    repository.commitFile("a.env", token.raw);
    const branch = "refs/heads/`@stranger`<b>stranger</b>|##x";
    repository.git(["update-ref", branch, "HEAD"]);
    const run = await runAction({
      event: "schedule",
      payload: { repository: { private: true, default_branch: "`@stranger`<b>stranger</b>|##x" } },
      server,
    });
    expectLeak(run, [token]);
    expectNoInjection(run);
  });

  it("what a server says", async () => {
    const { repository, base, server } = await startUpstream({
      intercept: ({ action }) => ({
        status: action === "info/refs" ? 301 : 200,
        location: "http://x/##[error]stranger",
      }),
    });
    const payload = pullRequestPayload({ base, head: repository.id("HEAD") });
    const run = await runAction({ event: "pull_request", payload, server });
    expect(run.status).toBe(1);
    expect(run.commands.map(({ name }) => name)).toEqual(["error"]);
  });
});

describe("the limits of annotations and summaries", () => {
  it("shows ten errors, each token once before any of them twice, and counts the rest", async () => {
    const tokens = makeTokens(12);
    const { repository, base, server } = await startUpstream();
    for (const { raw } of tokens.slice(0, 3)) {
      for (const place of ["a", "b", "c", "d"]) repository.write(`${place}-${raw.slice(7, 15)}.env`, raw);
    }
    for (const { raw } of tokens.slice(3)) repository.write(`z-${raw.slice(7, 15)}.env`, raw);
    const head = repository.commit();
    const payload = pullRequestPayload({ base, head });
    const run = await runAction({ event: "pull_request", payload, server });
    expectLeak(run, tokens);
    const errors = run.annotations.filter(({ name }) => name === "error");
    expect(errors).toHaveLength(10);
    expect(new Set(errors.map(({ message }) => /ik_sdk_[0-9a-f]{8}/.exec(message)?.[0])).size).toBe(10);
    expect(run.summary).toContain("11 places more than GitHub shows as annotations");
  });

  it("keeps a summary of thousands of places below what GitHub takes", async () => {
    const tokens = makeTokens(400);
    const { repository, base, server } = await startUpstream();
    for (const [number, { raw }] of tokens.entries()) {
      for (let copy = 0; copy < 10; copy++) {
        repository.write(`${"deep".repeat(40)}/${"long".repeat(50)}/${number}-${copy}.env`, raw);
      }
    }
    const head = repository.commit();
    const payload = pullRequestPayload({ base, head });
    const inputs = { "sarif-file": "out.sarif" };
    const run = await runAction({ event: "pull_request", payload, server, inputs });
    expectLeak(run, tokens);
    expect(Buffer.byteLength(run.summary)).toBeLessThan(1024 * 1024);
    expect(run.summary).toContain("more than fits here");
  });
});
