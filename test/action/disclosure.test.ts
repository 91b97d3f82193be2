import { existsSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type InferenceKeyEmulator, startInferenceKey } from "../emulators/inferencekey/emulator.ts";
import {
  type ActionRun,
  expectFailure,
  expectLeak,
  type Payload,
  pullRequestPayload,
  runAction,
} from "../support/action.ts";
import { startConnectProxy } from "../support/connect-proxy.ts";
import { type MadeToken, makeToken } from "../support/token.ts";
import { startUpstream } from "../support/upstream.ts";

let api: InferenceKeyEmulator;

beforeAll(async () => {
  api = await startInferenceKey();
  api.addWorkload("acme", { slug: "support", gpu_resource_id: "gpu_1" });
});

afterAll(() => api.close());

const PUBLIC = { repository: { private: false, visibility: "public" } };

async function review(
  tokens: readonly MadeToken[],
  changes: Payload,
  inputs: Record<string, string> = {},
  env: Record<string, string> = {},
): Promise<ActionRun> {
  const { repository, base, server } = await startUpstream();
  for (const [number, { raw }] of tokens.entries()) repository.commitFile(`${number}.env`, `acme\n${raw}\n`);
  const payload = pullRequestPayload({ base, head: repository.id("HEAD"), changes });
  return runAction({
    event: "pull_request",
    payload,
    server,
    inputs: { verify: "true", "base-url": api.baseUrl, "sarif-file": "keyrecall.sarif", ...inputs },
    env,
  });
}

/** All that a stranger could read. */
function visible(run: ActionRun): string {
  const log = run.stdout.split("\n").filter((line) => !line.startsWith("::add-mask::"));
  return [...log, run.summary, readFileSync(run.outputs["sarif"] ?? "", "utf8")].join("\n");
}

describe("what the Action says where", () => {
  it("tells verdicts in a private repository", async () => {
    const live = api.mintControlToken("acme");
    const dead = api.mintControlToken("acme");
    api.set({ revokedControl: "401" });
    api.revoke(dead);
    const run = await review([dead, live], {});
    expectLeak(run, [live, dead]);
    expect(run.outputs).toMatchObject({ found: "2", live: "1" });
    expect(run.summary).toMatch(
      new RegExp(`${live.masked}.*\\*\\*live\\*\\*[\\s\\S]*${dead.masked}.*\\*\\*revoked\\*\\*`),
    );
    // The worse one first.
    expect(run.annotations.map(({ name, properties }) => `${name} ${properties["file"]}`)).toEqual([
      "error 1.env",
      "warning 0.env",
    ]);
  });

  it("tells places only in a public one: no verdict, no public id, no workload", async () => {
    const live = api.mintControlToken("acme");
    const dead = api.mintDataToken(["acme/*"]);
    api.revoke(dead);
    const run = await review([dead, live], PUBLIC);
    expectLeak(run, [live, dead]);
    for (const { publicId } of [live, dead]) expect(visible(run)).not.toContain(publicId);
    expect(visible(run)).not.toMatch(/\b(live|revoked|dead|unknown|unchecked|support|GPU provisioned)\b/);
    expect(run.summary).toContain("`0.env` line 2");
    expect(run.summary).toContain("`1.env` line 2");
    expect(run.annotations.map(({ name, properties }) => [name, properties["file"], properties["line"]])).toEqual([
      ["error", "1.env", "2"],
      ["error", "0.env", "2"],
    ]);
    // Later steps of the job may know.
    expect(run.outputs["live"]).toBe("1");
    expect(run.report.tokens.map(({ verdict }) => verdict.state).toSorted()).toEqual(["live", "revoked"]);
  });

  it("writes the page of html-file in a private repository, and not in a public one", async () => {
    const live = api.mintControlToken("acme");
    const told = await review(
      [live],
      { repository: { private: true, visibility: "private" } },
      { "html-file": "out/report.html" },
    );
    const page = readFileSync(told.outputs["html"] ?? "", "utf8");
    expect(told.outputs["html"]).toBe(join(told.workspace, "out/report.html"));
    expect(page).toContain("<h1>1 token found, 1 still works.</h1>");
    expect(page).toContain(live.masked);
    const silent = await review([live], PUBLIC, { "html-file": "out/report.html" });
    expect(silent.outputs["html"]).toBe("");
    expect(existsSync(join(silent.workspace, "out/report.html"))).toBe(false);
    expect(silent.summary).toContain("was not written");
  });

  it("hides the public id in the name of a file too", async () => {
    const token = api.mintControlToken("acme");
    const { repository, base, server } = await startUpstream();
    const head = repository.commitFile(`logs/${token.raw}.txt`, token.raw);
    const run = await runAction({
      event: "pull_request",
      payload: pullRequestPayload({ base, head, changes: PUBLIC }),
      server,
      inputs: { "sarif-file": "keyrecall.sarif" },
    });
    expectLeak(run, [token]);
    expect(visible(run)).not.toContain(token.publicId);
    expect(run.summary).toContain("`logs/ik_sdk_….txt`");
  });

  it.each([
    { what: "GitHub fails", answer: null },
    { what: "GitHub says that it is", answer: { private: false, visibility: "public" } },
    { what: "GitHub answers nonsense", answer: { visibility: 7 } },
  ])("takes a repository for public where the event does not say and $what", async ({ answer }) => {
    const token = api.mintControlToken("acme");
    const github = await startGitHub(answer);
    const unsaid = { repository: { private: undefined, visibility: undefined } };
    const inputs = { "github-token": "token-of-the-job" };
    const run = await review([token], unsaid, inputs, { GITHUB_API_URL: github.origin });
    await github.close();
    expectLeak(run, [token]);
    expect(visible(run)).not.toContain(token.publicId);
    expect(github.requests).toEqual(["GET /repos/acme/shop"]);
  });

  it("asks GitHub where the event does not say", async () => {
    const token = api.mintControlToken("acme");
    const github = await startGitHub({ private: true, visibility: "internal" });
    const unsaid = { repository: { private: undefined, visibility: undefined } };
    const inputs = { "github-token": "token-of-the-job" };
    const run = await review([token], unsaid, inputs, { GITHUB_API_URL: github.origin });
    await github.close();
    expectLeak(run, [token]);
    expect(run.summary).toContain(token.masked);
  });
});

describe("when the Action fails", () => {
  it.each([
    { failOn: "found", state: "live", status: 1 },
    { failOn: "found", state: "revoked", status: 1 },
    { failOn: "live", state: "live", status: 1 },
    { failOn: "live", state: "revoked", status: 0 },
    { failOn: "live", state: "unchecked", status: 1 },
    { failOn: "never", state: "live", status: 0 },
  ])("with fail-on $failOn and a token that is $state, it ends with $status", async ({ failOn, state, status }) => {
    api.set({ revokedControl: "401" });
    const token = api.mintControlToken("acme");
    if (state === "revoked") api.revoke(token);
    const run = await review([token], {}, { "fail-on": failOn, ...(state === "unchecked" ? { verify: "false" } : {}) });
    expect(run.report.tokens.map(({ verdict }) => verdict.state)).toEqual([state]);
    expect(run.status).toBe(status);
    expect(run.outputs).toMatchObject({ found: "1", live: state === "live" ? "1" : "0" });
  });

  it("verifies by default, and not for a fork", async () => {
    const token = api.mintControlToken("acme");
    const run = await review([token], {}, { verify: "" });
    expect(run.outputs["live"]).toBe("1");
    api.clearRequests();
    const fork = { pull_request: { head: { repo: { full_name: "stranger/shop" } } } };
    const unverified = await review([token], fork, { verify: "" });
    expect(unverified.outputs).toMatchObject({ found: "1", live: "0" });
    expect(api.requests).toEqual([]);
    // Whoever asks for it gets it.
    expect((await review([token], fork, { verify: "true" })).outputs["live"]).toBe("1");
  });

  it("is not green when the API cannot be asked, whatever fail-on says", async () => {
    const token = makeToken();
    const run = await review([token], {}, { "base-url": "http://127.0.0.1:9", "fail-on": "never" });
    expect(run.report.tokens[0]!.verdict.state).toBe("unknown");
    expect(run.status).toBe(1);
  });

  it("asks through a proxy where there is one", async () => {
    const proxy = await startConnectProxy(Number(new URL(api.baseUrl).port));
    try {
      const inputs = { "base-url": "https://api.acme.invalid", "fail-on": "never" };
      const run = await review([makeToken()], {}, inputs, { HTTPS_PROXY: proxy.url, NO_PROXY: "127.0.0.1" });
      // What is at the other end of the tunnel speaks no TLS.
      expect(run.report.tokens[0]!.verdict.state).toBe("unknown");
      expect(new Set(proxy.tunnels)).toEqual(new Set(["api.acme.invalid:443"]));
      expect(proxy.plainRequests).toEqual([]);
    } finally {
      await proxy.close();
    }
  });

  it("takes the API from the input only", async () => {
    const token = makeToken();
    const run = await review([token], {}, { "base-url": "http://127.0.0.1:9" }, { INFERENCEKEY_BASE_URL: api.baseUrl });
    expect(run.report.tokens[0]!.verdict.state).toBe("unknown");
  });

  it.each(["found", "live", "never"])(
    "is never green with fail-on %s when something could not be read",
    async (failOn) => {
      const { repository, base, server } = await startUpstream();
      const head = repository.commitFile("a.txt", "1");
      const checkout = repository.clone(["--depth=1", "--branch=topic"]);
      checkout.write(".git/index", "damaged");
      const run = await runAction({
        event: "pull_request",
        payload: pullRequestPayload({ base, head }),
        server,
        workspace: checkout.dir,
        inputs: { scan: "tree", "fail-on": failOn },
      });
      expectFailure(run, "index");
      expect(run.outputs["incomplete"]).toBe("true");
      expect(run.summary).toContain("not everything could be read");
    },
  );
});

/** The one route that is asked. */
async function startGitHub(
  answer: unknown,
): Promise<{ origin: string; requests: string[]; close: () => Promise<void> }> {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`);
    response.writeHead(answer === null ? 500 : 200, { "content-type": "application/json" });
    response.end(JSON.stringify(answer));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => {
        server.close(() => resolve());
      });
    },
  };
}
