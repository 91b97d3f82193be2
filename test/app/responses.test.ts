// What comes of a token, whatever the API and the provider answer: dead in the end, or people are told what to do.
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type InferenceKeyEmulator, startInferenceKey } from "../emulators/inferencekey/emulator.ts";
import { DEFAULT_SWITCHES } from "../emulators/inferencekey/switches.ts";
import type { MadeToken } from "../support/token.ts";
import { AppWorld, until } from "./support/app-world.ts";
import { checkRunOn, issuesAbout, rotationIssue } from "./support/outcomes.ts";
import { UserGit } from "./support/user-git.ts";

let world: AppWorld;

const callsAbout = ({ fingerprint }: MadeToken) =>
  world.provider.requests.filter(({ route, fingerprints }) => route === "revoke" && fingerprints.includes(fingerprint));

async function leak(): Promise<{ repository: string; token: MadeToken; head: string }> {
  const { repository } = await world.addTenant();
  const token = world.api.mintControlToken("acme");
  const head = await world.github.commit(repository, { files: { ".env": token.raw } });
  return { repository, token, head };
}

/** Of contained tokens, while the App is stopped. */
async function passTime(seconds: number): Promise<void> {
  await world.query("update keyrecall.incident set contained_at = contained_at - $1 * interval '1 second'", [seconds]);
  await world.query("update keyrecall_queue.job set start_after = now() where name = 'respond' and state = 'created'");
}

describe("a provider", () => {
  beforeAll(async () => {
    world = await AppWorld.make();
    await world.start();
  });
  afterAll(() => world.close());

  it("that answers with what is no answer is asked for the same again", async () => {
    world.provider.inject({ kind: "html-page", status: 200 }, { times: 1 });
    const { repository, token, head } = await leak();
    const issue = await rotationIssue(world, repository, token, "**Live: revoke it now.**");
    expect(issue.body).toContain("gave no answer that could be read");
    await checkRunOn(
      world,
      repository,
      head,
      ({ output }) => output.summary?.includes("revoke it in the dashboard now") ?? false,
    );
    const contained = await rotationIssue(world, repository, token, "**Contained.**");
    expect(contained.body).toContain("| Revocation | by Keyrecall |");
    const [, deadAt = ""] = /Exposure window \| .* to ([\d-]+ [\d:.]+)/.exec(contained.body ?? "") ?? [];
    // It counts from the request that worked.
    const workedAt = callsAbout(token)[1]!.receivedAt.toISOString().replace("T", " ");
    expect(deadAt >= workedAt.slice(0, deadAt.length)).toBe(true);
    expect(new Set(callsAbout(token).map(({ idempotencyKey }) => idempotencyKey)).size).toBe(1);
    expect(callsAbout(token)).toHaveLength(2);
  });

  it("that acts and says nothing that could be read has acted", async () => {
    world.provider.inject({ kind: "html-page", status: 200, actFirst: true }, { times: 1 });
    const { repository, token } = await leak();
    await rotationIssue(world, repository, token, "**Contained.**");
    expect(callsAbout(token)).toHaveLength(1);
  });

  it("that takes its time is asked how it gets on", async () => {
    world.provider.misbehave({ pendingAnswers: 2 });
    const { repository, token } = await leak();
    await rotationIssue(world, repository, token, "**Contained.**");
    expect(callsAbout(token)).toHaveLength(1);
    world.provider.misbehave({});
  });

  it.each(["not_owned", "failed"] as const)(
    "that answers %s is asked anew, and people are told meanwhile",
    async (status) => {
      world.provider.misbehave({ pretend: status });
      const { repository, token } = await leak();
      const issue = await rotationIssue(world, repository, token, "**Live: revoke it now.**");
      expect(issue.body).toContain(`answered \`${status}\``.replace(/`failed`/, "failed"));
      world.provider.misbehave({});
      await rotationIssue(world, repository, token, "**Contained.**");
      expect(new Set(callsAbout(token).map(({ idempotencyKey }) => idempotencyKey)).size).toBeGreaterThan(1);
    },
  );

  it("that lies is found out, and a person can still do it", async () => {
    world.provider.misbehave({ pretend: "revoked" });
    const { repository, token } = await leak();
    const issue = await rotationIssue(world, repository, token, "and the API still accepts it");
    expect(issue.body).toContain("**Live: revoke it now.**");
    expect(issue.body).toContain("- [ ] **Confirm**");
    world.api.revoke(token);
    await rotationIssue(world, repository, token, "**Contained.**");
    expect(new Set(callsAbout(token).map(({ idempotencyKey }) => idempotencyKey)).size).toBe(1);
    world.provider.misbehave({});
  });

  it("that repeats tokens in what it says does not get them into the issue", async () => {
    world.provider.misbehave({ echoTokens: true });
    const { repository, token } = await leak();
    await rotationIssue(world, repository, token, "**Contained.**");
    world.provider.misbehave({});
  });
});

describe("the API", () => {
  beforeAll(async () => {
    world = await AppWorld.make();
    await world.start();
  });
  afterEach(() => {
    world.api.set(DEFAULT_SWITCHES);
    world.api.clearFaults();
  });
  afterAll(() => world.close());

  it("that does not tell is asked again, until it does", async () => {
    world.api.set({ lookup: "before-authentication" });
    const { repository, token, head } = await leak();
    const issue = await rotationIssue(world, repository, token, "**It is not known whether it works.**");
    expect(issue.body).toContain("treat it as live");
    await checkRunOn(world, repository, head, ({ output }) => output.summary?.includes("**unknown**") ?? false);
    const [comment] = await until(() => {
      const all = world.github.commentsOf(repository, issue.number);
      return all.length > 0 ? all : null;
    });
    expect(comment?.body).toContain("cannot be told");
    world.api.set(DEFAULT_SWITCHES);
    await rotationIssue(world, repository, token, "**Contained.**");
    expect(world.api.statusOf(token)).toBe("revoked");
  });

  it("that cannot be reached is asked again", async () => {
    const heal = world.api.inject({ kind: "reset-before-headers" });
    const { repository, token } = await leak();
    await rotationIssue(world, repository, token, "**It is not known whether it works.**");
    expect(callsAbout(token)).toEqual([]);
    heal();
    await rotationIssue(world, repository, token, "**Contained.**");
  });

  it("that is a captive portal for a while makes nobody believe anything", async () => {
    const heal = world.api.inject({ kind: "html-page", status: 401 });
    const { repository, token } = await leak();
    await rotationIssue(world, repository, token, "**It is not known whether it works.**");
    heal();
    await rotationIssue(world, repository, token, "**Contained.**");
  });

  it.each(["403", "403-coded", "401"] as const)(
    "that refuses a revoked token with %s has it contained",
    async (way) => {
      world.api.set({ revokedControl: way, revokedData: way });
      const { repository } = await world.addTenant();
      const tokens = [world.api.mintControlToken("acme"), world.api.mintDataToken([])];
      await world.github.commit(repository, { files: { ".env": tokens.map(({ raw }) => raw).join("\n") } });
      for (const token of tokens) await rotationIssue(world, repository, token, "**Contained.**");
    },
  );
});

describe("a contained token", () => {
  beforeAll(async () => {
    world = await AppWorld.make();
    world.api.set({ revokedControl: "401" });
  });
  afterAll(() => world.close());

  it("is asked about after a minute, an hour and a day, and begins anew if it works again", async () => {
    let app = await world.start();
    const { repository, token } = await leak();
    const { number } = await rotationIssue(world, repository, token, "**Contained.**");
    for (const [round, seconds] of [60, 3600, 86_400].entries()) {
      await app.stop();
      const [row] = await world.query<{ checks_done: number; token: unknown }>(
        "select checks_done, token from keyrecall.incident",
      );
      expect(row).toEqual({ checks_done: round, token: null });
      await passTime(seconds);
      world.api.clearRequests();
      app = await world.start();
      await until(() => world.api.requests.some(({ fingerprint }) => fingerprint === token.fingerprint));
      await rotationIssue(world, repository, token, "**Contained.**");
      await until(() => world.api.requests.filter(({ fingerprint }) => fingerprint === token.fingerprint).length > 1);
      await world.github.settled();
    }
    await app.stop();
    const waiting = await world.query("select 1 from keyrecall_queue.job where name = 'respond' and state = 'created'");
    expect(waiting).toEqual([]);
    const lines = await world.query("select 1 from keyrecall.audit where action = 'still-dead'");
    expect(lines).toHaveLength(3);

    // It turns up by nobody's push, only because it is asked about.
    await world.query("update keyrecall.incident set checks_done = 2");
    world.api.restore(token);
    world.github.changeIssue(repository, number, { state: "closed" });
    await world.query(
      "update keyrecall.incident set updated_at = now() - interval '3 hours', contained_at = contained_at - interval '3 hours'",
    );
    app = await world.start();
    await until(() => world.api.statusOf(token) === "revoked");
    await until(() => issuesAbout(world, repository, token)[0]?.state === "open");
    const issue = await rotationIssue(world, repository, token, "**Contained.**");
    expect(issue.body).toContain("accepts it again");
    expect(new Set(callsAbout(token).map(({ idempotencyKey }) => idempotencyKey)).size).toBe(2);
  });
});

describe("a contained token that stood in no file", () => {
  beforeAll(async () => {
    world = await AppWorld.make();
    world.api.set({ revokedControl: "401" });
  });
  afterAll(() => world.close());

  it("is asked about later all the same, and kept for that only where git cannot give it", async () => {
    let app = await world.start();
    const { repository } = await world.addTenant();
    const tokens = Array.from({ length: 5 }, () => world.api.mintControlToken("acme"));
    const [inBranch, inPath, inMessage, inAuthor, inTag] = tokens.map(({ raw }) => raw);
    const git = new UserGit(world, repository);
    git.commit({ [`backup/${inPath}.txt`]: "x" }, `Deploy with ${inMessage}`, `Ada ${inAuthor}`);
    await git.push(`HEAD:refs/heads/try/${inBranch}`);
    git.repository.git(["tag", "--annotate", "--message", `Release ${inTag}`, "v1"]);
    await git.push("refs/tags/v1");
    for (const token of tokens) await rotationIssue(world, repository, token, "**Contained.**");
    // Who has leaked it takes it away.
    await git.push(`:refs/heads/try/${inBranch}`);
    await app.stop();
    const kept = await world.query<{ masked: string }>("select masked from keyrecall.incident where token is not null");
    expect(kept.map(({ masked }) => masked).toSorted()).toEqual([tokens[0]!.masked, tokens[1]!.masked].toSorted());
    // The first of the later checks, and the last.
    for (const [done, seconds] of [
      [0, 60],
      [2, 86_400],
    ] as const) {
      await world.query("update keyrecall.incident set checks_done = $1", [done]);
      await passTime(seconds);
      app = await world.start();
      await until(async () => {
        const metrics = await (await fetch(`${app.address}/metrics`)).text();
        return Number(/keyrecall_jobs_total\{kind="respond",outcome="done"\} (\d+)/.exec(metrics)?.[1] ?? 0) >= 5;
      });
      await app.stop();
    }
    expect(await world.query("select 1 from keyrecall.audit where action = 'still-dead'")).toHaveLength(10);
    expect(await world.query("select 1 from keyrecall.incident where token is not null or checks_done < 3")).toEqual(
      [],
    );
  });
});

describe("an API that is another one than before", () => {
  let other: InferenceKeyEmulator;

  beforeAll(async () => {
    world = await AppWorld.make();
    other = await startInferenceKey();
  });
  afterAll(async () => {
    await world.close();
    await other.close();
  });

  it("and knows nothing of a token has not contained it", async () => {
    let app = await world.start({ REVOCATION_URL: "" });
    const { repository, token } = await leak();
    await rotationIssue(world, repository, token, "**Live: revoke it now.**");
    await app.stop();
    app = await world.start({ INFERENCEKEY_BASE_URL: other.baseUrl });
    const issue = await rotationIssue(world, repository, token, "it was live at");
    expect(issue.body).not.toContain("**Contained.**");
    expect(issue.body).toContain("- [ ] **Confirm**");
    expect(world.api.statusOf(token)).toBe("live");
    await app.stop();
    await world.start();
    await rotationIssue(world, repository, token, "**Contained.**");
    expect(world.api.statusOf(token)).toBe("revoked");
  });
});

describe("without a provider", () => {
  beforeAll(async () => {
    world = await AppWorld.make();
    await world.start({ REVOCATION_URL: "" });
  });
  afterAll(() => world.close());

  it("the issue has the steps, and verification goes on until somebody has taken them", async () => {
    const { repository, token, head } = await leak();
    const issue = await rotationIssue(world, repository, token, "**Live: revoke it now.**");
    expect(issue.body).toContain("no revocation provider is configured");
    expect(issue.body).toMatch(/- \[ \] \*\*Revoke\*\* the leaked one in the dashboard \(`Tokens`\)/);
    await checkRunOn(
      world,
      repository,
      head,
      ({ output }) => output.summary?.includes("revoke it in the dashboard now") ?? false,
    );
    // Whoever closes it before it is done finds it open again.
    world.github.changeIssue(repository, issue.number, { state: "closed" });
    await until(() => issuesAbout(world, repository, token)[0]?.state === "open");
    world.api.revoke(token);
    const contained = await rotationIssue(world, repository, token, "**Contained.**");
    expect(contained.body).toContain("by hand: no revocation provider is configured");
    expect(contained.body).not.toContain("not yet");
    expect(world.provider.requests).toEqual([]);
  });
});

describe("a dry run", () => {
  beforeAll(async () => {
    world = await AppWorld.make();
  });
  afterAll(() => world.close());

  it("revokes nothing until its end, and everything after it", async () => {
    const tomorrow = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10);
    const app = await world.start({ DRY_RUN_UNTIL: tomorrow });
    const { repository, token } = await leak();
    const issue = await rotationIssue(world, repository, token, "**Live: revoke it now.**");
    expect(issue.body).toMatch(/a dry run, until `?\d{4}-\d{2}-\d{2}/);
    expect(world.provider.requests).toEqual([]);
    await app.stop();
    const yesterday = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);
    await world.start({ DRY_RUN_UNTIL: yesterday });
    const contained = await rotationIssue(world, repository, token, "**Contained.**");
    expect(contained.body).toContain("| Revocation | by Keyrecall |");
  });
});
