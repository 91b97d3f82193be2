// `scan --verify`: what was found, and what still works of it.
import { writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { startInferenceKey, type InferenceKeyEmulator } from "../emulators/inferencekey/emulator.ts";
import { DEFAULT_SWITCHES } from "../emulators/inferencekey/switches.ts";
import { expectStatus, withReport } from "../support/cli.ts";
import { GitRepository } from "../support/git-repository.ts";
import { expectHarmless } from "../support/harmless.ts";
import { reported } from "../support/report.ts";
import { makeTempDir } from "../support/temp-dir.ts";
import { makeToken, makeTokens, type MadeToken } from "../support/token.ts";
import { scanAndVerify, startWithInput, verificationArgs, verify } from "../support/verification.ts";

let api: InferenceKeyEmulator;
let live: MadeToken;
let data: MadeToken;
let dead: MadeToken;
let unclear: MadeToken;

beforeAll(async () => {
  api = await startInferenceKey();
  api.addWorkload("acme", { slug: "support", gpu_resource_id: "gpu_1" });
  api.addWorkload("acme", { slug: "search" });
  api.addWorkload("beta", { slug: "billing" });
  live = api.mintControlToken("acme");
  data = api.mintDataToken(["acme/support"]);
  dead = makeToken({ plane: "data" });
  unclear = api.mintControlToken("acme");
  api.revoke(unclear);
});

afterAll(() => api.close());

beforeEach(() => {
  api.set(DEFAULT_SWITCHES);
  api.clearFaults();
  api.clearRequests();
});

function directoryWith(files: Readonly<Record<string, string>>): string {
  const cwd = makeTempDir();
  for (const [name, content] of Object.entries(files)) writeFileSync(join(cwd, name), content);
  return cwd;
}

function failOn(when: string, tokens: readonly MadeToken[]): Promise<{ status: number | null }> {
  const cwd = directoryWith({ "a.env": tokens.map(({ raw }) => `KEY=${raw}\n`).join("") });
  return scanAndVerify([".", "--fail-on", when], { cwd, baseUrl: api.baseUrl });
}

describe("verdicts in the report", () => {
  it("are given to each token, wherever it was found", async () => {
    const repository = GitRepository.init();
    repository.commitFile("old.env", `A=${live.raw}\nB=${dead.raw}\n`);
    repository.remove("old.env").commit();
    repository.commitFile("new.env", `A=${live.raw}\nC=${data.raw}\nD=${unclear.raw}\n`);
    const run = await scanAndVerify(["--history"], { cwd: repository.dir, baseUrl: api.baseUrl });
    expectStatus(run, 1);
    const states = [live, data, dead, unclear].map((token) => reported(run, token).verdict.state);
    expect(states).toEqual(["live", "live", "revoked", "unknown"]);
    for (const { verdict } of run.report.tokens) {
      expect(verdict).toMatchObject({ api: api.baseUrl, checkedAt: expect.stringMatching(/^\d{4}-.*Z$/) });
    }
    // One request a token, and one control a route.
    expect(api.requests).toHaveLength(6);
    expectHarmless(api);
  });

  it("cost one request, however often a token stands there", async () => {
    const lines = Array.from({ length: 3000 }, (_, index) => `K${index}=${live.raw}\n`).join("");
    const run = await scanAndVerify(["."], { cwd: directoryWith({ "a.env": lines }), baseUrl: api.baseUrl });
    expect(reported(run, live).occurrences).toHaveLength(3000);
    expect(api.requests).toHaveLength(2);
  });

  it("stand in the text for people", async () => {
    const cwd = directoryWith({ "a.env": `A=${live.raw}\nB=${dead.raw}\n` });
    const args = ["scan", "--verify", ...verificationArgs({ baseUrl: api.baseUrl }), "."];
    const run = await startWithInput(args, { cwd }).ended;
    expect(run.stdout).toContain(`${live.masked}  control plane · live`);
    expect(run.stdout).toContain(`${dead.masked}  data plane · revoked`);
    expect(run.stdout).toContain("a random token is not recognised");
  });

  it("are asked of a patch, of standard input and of the index too", async () => {
    const patch = `--- a/x\n+++ b/x\n@@ -0,0 +1 @@\n+KEY=${live.raw}\n`;
    const options = { baseUrl: api.baseUrl, cwd: makeTempDir() };
    const piped = await scanAndVerify(["--stdin", "--diff"], { ...options, input: patch });
    expect(reported(piped, live).verdict.state).toBe("live");
    const plain = await scanAndVerify(["--stdin"], { ...options, input: live.raw });
    expect(reported(plain, live).verdict.state).toBe("live");
    const repository = GitRepository.init();
    repository.commitFile("a", "a");
    repository.write("b.env", live.raw).stage();
    const staged = await scanAndVerify(["--staged"], { cwd: repository.dir, baseUrl: api.baseUrl });
    expect(reported(staged, live).verdict.state).toBe("live");
  });
});

describe("workloads", () => {
  it("are listed of a project that is named, and of no other", async () => {
    const cwd = directoryWith({ "a.env": `INFERENCEKEY_PROJECT=beta\nA=${live.raw}\n` });
    const run = await scanAndVerify([".", "--project", "acme"], { cwd, baseUrl: api.baseUrl });
    expect(reported(run, live)).toMatchObject({
      blastRadius: {
        workloads: [
          { project: "acme", slug: "support", gpu: true },
          { project: "acme", slug: "search", gpu: false },
        ],
      },
    });
    expectHarmless(api, ["acme"]);
    expect(api.requests.filter(({ effect }) => effect === "read")).toHaveLength(1);
  });

  it("are listed of none where none is named", async () => {
    const cwd = directoryWith({ "a.env": `INFERENCEKEY_PROJECT=acme\nA=${live.raw}\n` });
    const run = await scanAndVerify(["."], { cwd, baseUrl: api.baseUrl });
    expect(reported(run, live)).toMatchObject({ blastRadius: { notes: [expect.stringContaining("--project")] } });
    expectHarmless(api);
  });

  it("that cannot be had are said to be so, and the rest stands", async () => {
    api.set({ listScope: "read" });
    const refused = await verify([live], { baseUrl: api.baseUrl, args: ["--project", "acme"] });
    expect(refused.tokens[0]).toMatchObject({ verdict: { state: "live" } });
    expect(JSON.stringify(refused.tokens[0]!.blastRadius)).toContain("lacks workload:read");
    const foreign = await verify([live], { baseUrl: api.baseUrl, args: ["--project", "beta"] });
    expect(JSON.stringify(foreign.tokens[0]!.blastRadius)).toContain("beta: the token is of another project");
  });

  it("that never come are waited for once, however many tokens there are", async () => {
    const tokens = makeTokens(40);
    const known = new Set(tokens.map(({ raw }) => `Bearer ${raw}`));
    let lists = 0;
    const server = createServer((request, response) => {
      if (request.url === "/api/projects/acme/workloads") {
        lists += 1;
        return;
      }
      const [status, error] = known.has(request.headers.authorization ?? "")
        ? [403, "project_scope_mismatch"]
        : [401, "unauthorized"];
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify({ error }));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const run = await verify(tokens, { baseUrl, args: ["--project", "acme", "--timeout", "8"] });
    expectStatus(run, 1);
    for (const { verdict, blastRadius } of run.tokens) {
      expect(verdict.state).toBe("live");
      expect(JSON.stringify(blastRadius.notes)).toContain("could not be had: the API did not answer within 8 s");
    }
    // As many as are asked for at a time, and none after the first has failed.
    expect(lists).toBeLessThanOrEqual(8);
    server.closeAllConnections();
    server.close();
  });
});

describe("--fail-on live", () => {
  it("counts what is live, and what nobody could tell", async () => {
    expect((await failOn("live", [dead])).status).toBe(0);
    expect((await failOn("live", [dead, live])).status).toBe(1);
    expect((await failOn("live", [dead, unclear])).status).toBe(1);
  });

  it("counts all where nothing answers", async () => {
    api.inject({ kind: "html-page" });
    expect((await failOn("live", [dead])).status).toBe(1);
  });

  it("is no pardon for what could not be asked", async () => {
    api.inject({ kind: "html-page" });
    expect((await failOn("never", [dead])).status).toBe(4);
    api.clearFaults();
    expect((await failOn("never", [live])).status).toBe(0);
  });
});

describe("a token that is allowed", () => {
  function allowing(token: MadeToken): string {
    const allow = `version: 1\nallow:\n  - fingerprint: ${token.fingerprint}\n    reason: an example\n`;
    return directoryWith({ ".keyrecall.yml": allow, "a.env": `A=${token.raw}\n` });
  }

  it("counts all the same when it verifies live", async () => {
    const run = await scanAndVerify(["."], { cwd: allowing(live), baseUrl: api.baseUrl });
    expectStatus(run, 1);
    expect(reported(run, live)).toMatchObject({ allowed: null, overruled: { reason: "an example" } });
  });

  it("does not count when it is dead", async () => {
    const run = await scanAndVerify(["."], { cwd: allowing(dead), baseUrl: api.baseUrl });
    expectStatus(run, 0);
    expect(reported(run, dead).allowed).toMatchObject({ reason: "an example" });
  });

  it("is no clean result where nobody could say whether it is live", async () => {
    api.inject({ kind: "unavailable" });
    const cwd = allowing(dead);
    expectStatus(await scanAndVerify([".", "--timeout", "1"], { cwd, baseUrl: api.baseUrl }), 4);
  });

  it("by a mark on its line or a baseline counts too when it is live", async () => {
    const cwd = directoryWith({ "a.env": `A=${live.raw} # keyrecall:allow an example\n` });
    expectStatus(await scanAndVerify(["."], { cwd, baseUrl: api.baseUrl }), 1);
    const baseline = join(makeTempDir(), "baseline.json");
    writeFileSync(join(cwd, "a.env"), `A=${live.raw}\n`);
    await startWithInput(["baseline", ".", "--output", baseline], { cwd }).ended;
    const without = await startWithInput(["scan", ".", "--baseline", baseline], { cwd }).ended;
    expectStatus(without, 0);
    expectStatus(await scanAndVerify([".", "--baseline", baseline], { cwd, baseUrl: api.baseUrl }), 1);
  });
});

describe("hints", () => {
  it("of an endpoint beside the token tell where the first question does not, and the reason says so", async () => {
    api.set({ lookup: "before-authentication" });
    const line = `curl -H "Authorization: Bearer ${data.raw}" https://HOST/endpoint/acme/support/v1/chat/completions`;
    const cwd = directoryWith({ "call.sh": line.replace("https://HOST", api.baseUrl) });
    const run = await scanAndVerify(["."], { cwd, baseUrl: api.baseUrl });
    expect(reported(run, data).verdict).toMatchObject({
      state: "live",
      reason: expect.stringContaining("asked about acme/support, which is named near it"),
    });
    expectHarmless(api);
    expect(api.requests.every(({ route }) => route === "jobs")).toBe(true);
  });

  it("of a project beside the token are told, and not used", async () => {
    api.set({ lookup: "before-authentication" });
    const cwd = directoryWith({ ".env": `INFERENCEKEY_PROJECT=acme\nINFERENCEKEY_SDK_TOKEN=${live.raw}\n` });
    const run = await scanAndVerify(["."], { cwd, baseUrl: api.baseUrl });
    expect(reported(run, live).verdict).toMatchObject({
      state: "unknown",
      reason: expect.stringContaining("give --project acme"),
    });
    expectHarmless(api);
  });
});

describe("an interruption while tokens are verified", () => {
  it.each(["SIGINT", "SIGTERM"] as const)("reports what was found, after %s", async (signal) => {
    const cwd = directoryWith({ "a.env": `A=${live.raw}\nB=${dead.raw}\n` });
    api.inject({ kind: "hang" });
    const args = ["scan", "--verify", "--format", "json", ...verificationArgs({ baseUrl: api.baseUrl }), "."];
    const started = startWithInput(args, { cwd });
    await expect.poll(() => api.requests.length, { timeout: 30_000 }).toBeGreaterThan(0);
    started.child.kill(signal);
    const run = withReport(await started.ended);
    expectStatus(run, 130);
    expect(run.report.tokens).toHaveLength(2);
    for (const { verdict } of run.report.tokens) {
      expect(verdict).toMatchObject({ state: "unknown", reason: expect.stringContaining("interrupted") });
    }
  });

  it("ends `verify` with what is known", async () => {
    api.inject({ kind: "hang" }, { fingerprint: live.fingerprint });
    const args = ["verify", "--format", "json", ...verificationArgs({ baseUrl: api.baseUrl })];
    const started = startWithInput(args, { input: `${live.raw}\n${dead.raw}\n` });
    await expect
      .poll(() => api.requests.filter(({ status, route }) => route === "jobs" && status !== null).length, {
        timeout: 30_000,
      })
      .toBe(2);
    await expect.poll(() => api.requests.some(({ fingerprint }) => fingerprint === live.fingerprint)).toBe(true);
    started.child.kill("SIGINT");
    const run = await started.ended;
    expectStatus(run, 130);
    expect(run.stdout).toContain(live.masked);
    expect(run.json).toMatchObject({ tokens: [{ verdict: { state: "unknown" } }, { verdict: { state: "revoked" } }] });
  });
});

describe("exit codes of verify", () => {
  it.each([
    ["all revoked", () => [dead, makeToken()], 0],
    ["one live", () => [dead, live, unclear], 1],
    ["one unknown", () => [dead, unclear], 4],
  ])("%s", async (_what, tokens, status) => {
    const run = await verify(tokens(), { baseUrl: api.baseUrl });
    expectStatus(run, status);
    expect(run.stderr).toBe("");
  });
});
