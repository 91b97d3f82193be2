// The whole path through the App as a process: a push over real git, a dead token, a check run, one issue.
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type AppProcess, AppWorld, until } from "./support/app-world.ts";
import { checkRunOn, issuesAbout, rotationIssue } from "./support/outcomes.ts";

let world: AppWorld;
let app: AppProcess;

beforeAll(async () => {
  world = await AppWorld.make({ INFERENCEKEY_PROJECTS: "acme" });
  world.github.addOrganization("acme", { members: ["ada", "grace"] });
  world.api.addWorkload("acme", { slug: "support", gpu_resource_id: "gpu_1" });
  app = await world.start();
  await world.github.addRepository("acme/shop", { private: true });
  world.github.addInstallation("acme");
});

afterAll(() => world.close());

describe("a push that leaks a live token", () => {
  it("ends with a dead token, a failed check and one rotation issue, closed when its boxes are ticked", async () => {
    const { github, api, provider } = world;
    const token = api.mintControlToken("acme");
    const head = await github.commit("acme/shop", {
      files: { "deploy/.env": `INFERENCEKEY_SDK_TOKEN=${token.raw}\n`, CODEOWNERS: "/deploy/ @grace\n" },
    });

    const issue = await rotationIssue(world, "acme/shop", token, "**Contained.**");
    expect(api.statusOf(token)).toBe("revoked");
    expect(provider.requests.map(({ route }) => route)).toEqual(["revoke"]);
    expect(issue).toMatchObject({ state: "open", title: `Rotate the leaked control-plane token ${token.masked}` });
    expect(issue.user?.login).toBe(github.appCredentials().botLogin);
    expect(issue.assignees?.map(({ login }) => login).toSorted()).toEqual(["ada", "grace"]);
    const body = issue.body ?? "";
    for (const said of [
      "| State | **contained** |",
      "Verified live |",
      "Revoked (asked for) |",
      "Confirmed dead |",
      "| `acme/support` |",
      "call inference or read prompts",
      `/acme/shop/blob/${head}/deploy/.env#L1`,
      "- [x] **Revoke** the leaked one (done by Keyrecall",
      "- [ ] **Mint** a replacement",
    ]) {
      expect(body).toContain(said);
    }
    const window = /Exposure window \| \*\*([\d.]+) s\*\*/.exec(body)?.[1];
    expect(Number(window)).toBeGreaterThan(0);

    const run = await checkRunOn(world, "acme/shop", head, ({ output }) => output.summary?.includes("#1") ?? false);
    expect(run).toMatchObject({ name: "keyrecall", conclusion: "failure", output: { title: "1 leaked token" } });
    expect(run.annotations).toMatchObject([{ path: "deploy/.env", start_line: 1, annotation_level: "failure" }]);
    expect(run.output.summary).toContain(`\`${token.masked}\` | control | **revoked** |`);

    github.changeIssue("acme/shop", issue.number, { body: body.replaceAll("- [ ]", "- [x]") });
    await until(() => github.issuesOf("acme/shop").find(({ state }) => state === "closed"));
    const resolved = await rotationIssue(world, "acme/shop", token, "**Resolved.**");
    expect(resolved.state).toBe("closed");
    const comments = await until(() => {
      const all = github.commentsOf("acme/shop", issue.number);
      return all.length > 1 ? all.map(({ body: text }) => text) : null;
    });
    expect(comments).toEqual([
      expect.stringContaining("is out of service."),
      expect.stringContaining("the rotation is complete"),
    ]);
  });

  it("counts what it did", async () => {
    const metrics = await (await fetch(`${app.address}/metrics`)).text();
    expect(metrics).toMatch(/keyrecall_deliveries_total\{event="push",outcome="stored"\} 1/);
    expect(metrics).toMatch(/keyrecall_exposure_window_seconds_count 1/);
    expect(metrics).toMatch(/keyrecall_incidents\{state="resolved"\} 1/);
    expect((await fetch(`${app.address}/readyz`)).status).toBe(200);
    expect((await fetch(`${app.address}/healthz`)).status).toBe(200);
  });

  it("asks the platform for nothing that has an effect, and leaves the token nowhere", async () => {
    expect(world.api.requests.every(({ effect }) => effect === "none" || effect === "read")).toBe(true);
    expect(world.api.requests.flatMap(({ misplacedTokens }) => misplacedTokens)).toEqual([]);
    await world.github.settled();
    expect(issuesAbout(world, "acme/shop")).toHaveLength(1);
    await app.stop();
    expect(app.child.exitCode).toBe(0);
    world.expectNoSecrets();
  });

  it("wrote an audit log of every step, with who did it", async () => {
    const lines = await world.query<{ actor: string; action: string }>(
      "select actor, action from keyrecall.audit where action <> 'delivery-ignored' order by id",
    );
    const provider = new URL(world.provider.url).origin;
    expect(lines).toEqual(
      expect.arrayContaining([
        { actor: "GitHub", action: "delivery-received" },
        { actor: "@ada", action: "installation-changed" },
        { actor: "keyrecall", action: "found" },
        { actor: "keyrecall", action: "scanned" },
        { actor: "InferenceKey's API", action: "verified" },
        { actor: "keyrecall", action: "revocation-requested" },
        { actor: provider, action: "revocation-answered" },
        { actor: "InferenceKey's API", action: "contained" },
        { actor: "keyrecall", action: "token-erased" },
        { actor: "keyrecall", action: "check-run-published" },
        { actor: "keyrecall", action: "issue-published" },
        { actor: "keyrecall", action: "resolved" },
      ]),
    );
    for (const change of [
      "update keyrecall.audit set actor = 'x'",
      "delete from keyrecall.audit",
      "truncate keyrecall.audit",
    ]) {
      await expect(world.query(change)).rejects.toThrow("append-only");
    }
    const [left] = await world.query<{ tokens: number; payloads: number }>(
      `select (select count(*)::int from keyrecall.incident where token is not null) as tokens,
         (select count(*)::int from keyrecall.delivery where payload is not null) as payloads`,
    );
    expect(left).toEqual({ tokens: 0, payloads: 0 });
    const scheduled = await world.query("select name, cron from keyrecall_queue.schedule order by name");
    expect(scheduled).toEqual([
      { name: "policies", cron: "*/15 * * * *" },
      { name: "reconcile", cron: "*/5 * * * *" },
      { name: "sweep", cron: "* * * * *" },
    ]);
    expect(readFileSync(`${world.environment["DATA_DIRECTORY"]}/pglite/PG_VERSION`, "utf8")).toMatch(/^\d+/);
  });
});
