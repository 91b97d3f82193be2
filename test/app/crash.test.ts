// The App is killed at every step of its work, and started again: nothing is done twice, and nothing is left undone.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { MadeToken } from "../support/token.ts";
import { type AppProcess, AppWorld, type Tenant, until } from "./support/app-world.ts";
import { checkRunOn, issuesAbout, rotationIssue } from "./support/outcomes.ts";

let world: AppWorld;
let app: AppProcess;

beforeAll(async () => {
  world = await AppWorld.make();
  app = await world.start();
});

afterAll(() => world.close());

type Service = "github" | "api" | "provider";

interface Step {
  readonly at: string;
  readonly service: Service;
  readonly route?: string;
  /** What is asked for takes effect, and the answer never comes. */
  readonly actFirst?: boolean;
}

const STEPS: readonly Step[] = [
  {
    at: "while it asks for a token for git",
    service: "github",
    route: "POST /app/installations/{installation_id}/access_tokens",
  },
  { at: "while it fetches", service: "github", route: "git-upload-pack" },
  { at: "while the API is asked", service: "api" },
  { at: "while the provider is asked, which has not acted", service: "provider" },
  { at: "while the provider is asked, which has acted", service: "provider", actFirst: true },
  { at: "before the check run is made", service: "github", route: "POST /repos/{owner}/{repo}/check-runs" },
  {
    at: "after the check run was made",
    service: "github",
    route: "POST /repos/{owner}/{repo}/check-runs",
    actFirst: true,
  },
  { at: "before the issue is opened", service: "github", route: "POST /repos/{owner}/{repo}/issues" },
  { at: "after the issue was opened", service: "github", route: "POST /repos/{owner}/{repo}/issues", actFirst: true },
  {
    at: "after the comment was written",
    service: "github",
    route: "POST /repos/{owner}/{repo}/issues/{issue_number}/comments",
    actFirst: true,
  },
];

describe("kill -9", () => {
  it.each(STEPS)("$at", async (step) => {
    const tenant = await world.addTenant();
    const token = world.api.mintControlToken("acme");
    const { head } = await stopAt(step, tenant, token, "SIGKILL");
    app = await world.start();
    await expectOneOfEach(tenant, token, head);
  });
});

describe("SIGTERM", () => {
  it.each(STEPS.filter(({ at }) => /fetches|not acted|issue was opened/.test(at)))(
    "$at: that is broken off after a while, and made again",
    async (step) => {
      const tenant = await world.addTenant();
      const token = world.api.mintControlToken("acme");
      const { head, stopped } = await stopAt(step, tenant, token, "SIGTERM");
      expect(stopped).toMatchObject({ exitCode: 0 });
      app = await world.start();
      await expectOneOfEach(tenant, token, head);
    },
  );
});

async function stopAt(step: Step, { repository }: Tenant, token: MadeToken, signal: NodeJS.Signals) {
  const service = world[step.service];
  const fault = { kind: "hang", actFirst: step.actFirst ?? false } as const;
  const isHanging = (): boolean => service.requests.some((request) => request.fault === "hang");
  service.clearRequests();
  // A repetition would hang as well.
  service.inject(fault, step.route === undefined ? {} : ({ route: step.route } as never));
  const head = await world.github.commit(repository, { files: { ".env": token.raw } });
  await until(isHanging);
  if (step.actFirst === true) await until(() => hasActed(step, repository, token));
  await app.stop(signal);
  service.clearFaults();
  return { head, stopped: app.child };
}

function hasActed({ service, route }: Step, repository: string, token: MadeToken): boolean {
  if (service === "provider") return world.api.statusOf(token) === "revoked";
  if (route?.endsWith("/check-runs") ?? false) return world.github.checkRunsOf(repository).length > 0;
  const issues = issuesAbout(world, repository);
  return (route?.endsWith("/comments") ?? false) ? (issues[0]?.comments ?? 0) > 0 : issues.length > 0;
}

async function expectOneOfEach({ repository }: Tenant, token: MadeToken, head: string): Promise<void> {
  const issue = await rotationIssue(world, repository, token, "**Contained.**");
  expect(world.api.statusOf(token)).toBe("revoked");
  const run = await checkRunOn(
    world,
    repository,
    head,
    ({ output }) => output.summary?.includes("**revoked**") ?? false,
  );
  expect(run.conclusion).toBe("failure");
  const asked = world.provider.requests.filter(({ fingerprints }) => fingerprints.includes(token.fingerprint));
  expect(new Set(asked.map(({ idempotencyKey }) => idempotencyKey)).size).toBeLessThanOrEqual(1);
  const comments = await until(() => {
    const all = world.github.commentsOf(repository, issue.number);
    return all.length > 0 ? all : null;
  });
  expect(comments.map(({ body }) => body)).toEqual([expect.stringContaining("is out of service")]);
  expect(issuesAbout(world, repository)).toHaveLength(1);
}
