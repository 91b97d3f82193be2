// The client: who it says it is, what its errors mean, and what it never does twice.
import { inspect } from "node:util";
import { afterEach, describe, expect, it } from "vitest";
import { createGitHub } from "../../../app/github/client.ts";
import {
  GitHubError,
  GitHubUnreachableError,
  InstallationUnavailableError,
  MissingPermissionError,
  RateLimitedError,
} from "../../../app/github/errors.ts";
import { installations } from "../../../app/github/installations.ts";
import { installedRepositories } from "../../../app/github/repositories.ts";
import { createRotationIssue } from "../../../app/github/rotation-issues.ts";
import { mintGitToken } from "../../../app/github/tokens.ts";
import { makeToken } from "../../support/token.ts";
import { connect, type Setup, setUpGitHub, type SetupOptions } from "../support/github.ts";

let setup: Setup | undefined;

afterEach(async () => {
  const last = setup;
  setup = undefined;
  await last?.close();
});

async function start(options: SetupOptions = {}): Promise<Setup> {
  setup = await setUpGitHub(options);
  setup.emulator.clearRequests();
  return setup;
}

const failureOf = async (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  );

async function collect<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const all: Item[] = [];
  for await (const item of items) all.push(item);
  return all;
}

const readWebsite = ({ client }: Setup) => client.rest.repos.get({ owner: "acme", repo: "website" });
const openIssue = ({ client }: Setup, body = "text") =>
  createRotationIssue(client, "acme/billing", { title: "A title", body, labels: [], assignees: [] });
const POST_ISSUE = "POST /repos/{owner}/{repo}/issues";

describe("every request", () => {
  it("names version and agent, and is signed in", async () => {
    const all = await start();
    await readWebsite(all);
    await all.app.rest.apps.getAuthenticated();
    expect(all.emulator.requests.map(({ route }) => route)).toEqual([
      "POST /app/installations/{installation_id}/access_tokens",
      "GET /repos/{owner}/{repo}",
      "GET /app",
    ]);
    for (const request of all.emulator.requests) {
      expect(request.apiVersion).toBe("2022-11-28");
      expect(request.userAgent).toContain("keyrecall-app");
    }
    expect(all.emulator.requests.map(({ credential }) => credential)).toEqual(["app", "installation", "app"]);
  });

  it("logs messages and no bodies", async () => {
    const all = await start();
    const secret = makeToken().raw;
    await openIssue(all, secret);
    all.emulator.inject({ kind: "api-error", status: 500, code: null }, { times: 1 });
    await failureOf(openIssue(all, secret));
    expect(all.log.some((line) => line.startsWith("POST /repos/acme/billing/issues - 201"))).toBe(true);
    expect(all.log.join("\n")).not.toMatch(/ik_|ghs_|eyJ/);
  });
});

describe("limits", () => {
  it.each([403, 429] as const)("tell the queue how long to wait (secondary, %s)", async (status) => {
    const all = await start();
    all.emulator.limitSecondary({ retryAfterSeconds: 47, status });
    const error = await failureOf(readWebsite(all));
    expect(error).toBeInstanceOf(RateLimitedError);
    expect((error as RateLimitedError).retryAfterMs).toBe(47_000);
  });

  it("are read from a date too", async () => {
    const all = await start();
    await readWebsite(all);
    all.emulator.inject({ kind: "rate-limit", retryAfterSeconds: 90, retryAfterForm: "http-date" }, { times: 1 });
    const { retryAfterMs } = (await failureOf(readWebsite(all))) as RateLimitedError;
    expect(retryAfterMs).toBeGreaterThan(80_000);
    expect(retryAfterMs).toBeLessThanOrEqual(91_000);
  });

  it("ask for a minute where GitHub names no time", async () => {
    const all = await start();
    all.emulator.limitSecondary({});
    expect(await failureOf(readWebsite(all))).toMatchObject({ retryAfterMs: 60_000 });
  });

  it.each([
    "API rate limit exceeded for installation ID 7.",
    "You have triggered an abuse detection mechanism. Please wait a few minutes before you try again.",
  ])("are known by their words where no header names them (%s)", async (message) => {
    const all = await start();
    await readWebsite(all);
    all.emulator.inject({ kind: "api-error", status: 403, code: null, message }, { times: 1 });
    const error = await failureOf(readWebsite(all));
    expect(error).toBeInstanceOf(RateLimitedError);
    expect(error).toMatchObject({ retryAfterMs: 60_000 });
  });

  it("read the time of the primary limit by GitHub's clock", async () => {
    const all = await start({ settings: { clockSkewSeconds: 5 } });
    await readWebsite(all);
    all.emulator.leaveRequests(all.installation, 0, 600);
    const { retryAfterMs } = (await failureOf(readWebsite(all))) as RateLimitedError;
    expect(retryAfterMs).toBeGreaterThan(580_000);
    expect(retryAfterMs).toBeLessThan(610_000);
  });

  it("hold for all that the installation asks, and for no other", async () => {
    const all = await start();
    all.emulator.addOrganization("other");
    await all.emulator.addRepository("other/thing");
    const other = await all.github.forInstallation(all.emulator.addInstallation("other", { repositories: "all" }));
    all.emulator.limitSecondary({ retryAfterSeconds: 30 });
    await failureOf(readWebsite(all));
    const before = all.emulator.requests.length;
    const again = await all.github.forInstallation(all.installation);
    expect(await failureOf(again.rest.repos.get({ owner: "acme", repo: "website" }))).toBeInstanceOf(RateLimitedError);
    expect(all.emulator.requests.length).toBe(before);
    await other.rest.repos.get({ owner: "other", repo: "thing" });
  });

  it("repeat nothing by themselves", async () => {
    const all = await start();
    await readWebsite(all);
    all.emulator.limitSecondary({ retryAfterSeconds: 1 });
    expect(await failureOf(openIssue(all))).toBeInstanceOf(RateLimitedError);
    expect(all.emulator.requests.filter(({ route }) => route === POST_ISSUE).length).toBe(1);
    expect(all.emulator.issuesOf("acme/billing")).toEqual([]);
  });
});

describe("reading calls", () => {
  it.each([
    { kind: "unavailable", status: 502 },
    { kind: "reset-before-headers" },
    { kind: "truncated-body" },
    { kind: "html-page", status: 503 },
  ] as const)("are made again after a failure that may pass ($kind)", async (fault) => {
    const all = await start();
    await readWebsite(all);
    all.emulator.clearRequests();
    all.emulator.inject(fault, { times: 2 });
    expect((await readWebsite(all)).data.full_name).toBe("acme/website");
    expect(all.emulator.requests).toHaveLength(3);
  });

  it("are made three times, and what changes something once", async () => {
    const all = await start();
    await readWebsite(all);
    all.emulator.clearRequests();
    all.emulator.inject({ kind: "unavailable", status: 500 });
    expect(await failureOf(readWebsite(all))).toMatchObject({ httpStatus: 500 });
    expect(all.emulator.requests).toHaveLength(3);
    all.emulator.clearRequests();
    expect(await failureOf(openIssue(all))).toMatchObject({ httpStatus: 500 });
    expect(all.emulator.requests.filter(({ route }) => route === POST_ISSUE)).toHaveLength(1);
  });

  it("are not made again where GitHub says no, or says when", async () => {
    const all = await start();
    await readWebsite(all);
    all.emulator.clearRequests();
    all.emulator.inject({ kind: "api-error", status: 404, code: null }, { times: 1 });
    expect(await failureOf(readWebsite(all))).toMatchObject({ httpStatus: 404 });
    all.emulator.inject({ kind: "rate-limit", retryAfterSeconds: 5 }, { times: 1 });
    expect(await failureOf(readWebsite(all))).toBeInstanceOf(RateLimitedError);
    expect(all.emulator.requests).toHaveLength(2);
  });

  it("do not multiply with the question for a token", async () => {
    const all = await start();
    all.emulator.inject(
      { kind: "unavailable", status: 500 },
      { route: "POST /app/installations/{installation_id}/access_tokens" },
    );
    expect(await failureOf(readWebsite(all))).toMatchObject({ httpStatus: 500 });
    expect(all.emulator.requests).toHaveLength(3);
  });
});

describe("creating calls", () => {
  it.each([
    ["a server error", { kind: "unavailable" }],
    ["a broken connection", { kind: "reset-before-headers", actFirst: true }],
    ["an answer that is cut", { kind: "invalid-json" }],
    ["a body that is cut", { kind: "truncated-body" }],
    ["a page of a proxy", { kind: "html-page", status: 200 }],
    ["an empty answer", { kind: "empty-body" }],
  ] as const)("are sent once, and fail, after %s", async (_, fault) => {
    const all = await start();
    all.emulator.inject(fault, { route: POST_ISSUE });
    const error = await failureOf(openIssue(all));
    expect(error).toBeInstanceOf(GitHubError);
    expect(all.emulator.requests.filter(({ route }) => route === POST_ISSUE).length).toBe(1);
  });

  it("follow a renamed repository as what they are", async () => {
    const all = await start();
    all.emulator.renameRepository("acme/billing", "invoices");
    expect(await openIssue(all)).toMatchObject({ kind: "issue", repository: "acme/invoices", number: 1 });
    expect(all.emulator.issuesOf("acme/invoices").length).toBe(1);
  });

  it("follow no redirect to another host", async () => {
    const all = await start();
    all.emulator.inject({ kind: "redirect", location: "http://127.0.0.1:9/", status: 307 }, { route: POST_ISSUE });
    expect(await failureOf(openIssue(all))).toBeInstanceOf(GitHubUnreachableError);
  });
});

describe("what GitHub refuses", () => {
  it("names the permission that is missing", async () => {
    const all = await start();
    all.emulator.setPermissions(all.installation, {
      metadata: "read",
      contents: "read",
      checks: "write",
      issues: "read",
    });
    const error = await failureOf(all.client.rest.issues.create({ owner: "acme", repo: "billing", title: "x" }));
    expect(error).toBeInstanceOf(MissingPermissionError);
    expect((error as MissingPermissionError).permissions).toBe("issues=write");
  });

  it("tells an installation that is gone from one that is suspended", async () => {
    const all = await start();
    all.emulator.suspendInstallation(all.installation);
    const { github } = connect(all.emulator);
    const read = async () =>
      (await github.forInstallation(all.installation)).rest.repos.get({ owner: "acme", repo: "billing" });
    expect(await failureOf(read())).toMatchObject({ name: "InstallationUnavailableError", why: "suspended" });
    all.emulator.deleteInstallation(all.installation);
    const error = await failureOf(read());
    expect(error).toBeInstanceOf(InstallationUnavailableError);
    expect(error).toMatchObject({ why: "uninstalled" });
    github.close();
  });

  it("carries no request and no answer", async () => {
    const all = await start();
    const secret = makeToken();
    all.emulator.inject({ kind: "api-error", status: 500, code: null }, { route: POST_ISSUE });
    const error = await failureOf(openIssue(all, secret.raw));
    expect(inspect(error, { depth: 9, showHidden: true })).not.toMatch(
      new RegExp(`${secret.secret}|ghs_|Bearer|authorization`, "i"),
    );
    expect(error).toMatchObject({ httpStatus: 500, route: POST_ISSUE });
  });

  it("is not read into a proxy's page", async () => {
    const all = await start();
    for (const status of [403, 404, 410]) {
      all.emulator.inject({ kind: "html-page", status }, { times: 3 });
      expect(await failureOf(readWebsite(all))).toBeInstanceOf(GitHubUnreachableError);
    }
  });
});

describe("tokens", () => {
  it("are asked for again when one died before its time, and the call goes on", async () => {
    const all = await start();
    await readWebsite(all);
    all.emulator.expireTokens(all.installation);
    expect(await openIssue(all)).toMatchObject({ kind: "issue" });
    expect(all.emulator.issuesOf("acme/billing").length).toBe(1);
  });

  it("for git reach one repository, and its contents only", async () => {
    const all = await start();
    const { id } = all.emulator.repositoryOf("acme/billing");
    const token = await mintGitToken(all.app, all.installation, id);
    if (token.kind !== "token") throw new Error(token.sentence);
    const as = (path: string, init: RequestInit = {}) =>
      fetch(`${all.emulator.baseUrl}${path}`, {
        ...init,
        headers: { authorization: `token ${token.reveal()}`, "user-agent": "a test" },
      });
    expect((await as("/repos/acme/billing/branches")).status).toBe(200);
    expect((await as("/repos/acme/billing/issues", { method: "POST", body: '{"title":"x"}' })).status).toBe(403);
    const list = (await (await as("/installation/repositories")).json()) as { total_count: number };
    expect(list.total_count).toBe(1);
    expect(Date.parse(token.expiresAt)).toBeGreaterThan(Date.now());
    expect([String(token), JSON.stringify(token), inspect(token)].join(" ")).toBe('ghs_… "ghs_…" ghs_…');
    const second = await mintGitToken(all.app, all.installation, id);
    expect(second.kind === "token" && second.reveal() !== token.reveal()).toBe(true);
  });

  it("for git are an outcome where the repository is gone", async () => {
    const all = await start();
    expect(await mintGitToken(all.app, all.installation, 7)).toMatchObject({ kind: "refused", reason: "missing" });
  });
});

it("lists installations over all pages, and their repositories", async () => {
  const all = await start();
  for (let n = 0; n < 104; n += 1) {
    all.emulator.addOrganization(`other-${n}`);
    all.emulator.addInstallation(`other-${n}`, { suspended: n === 103 });
  }
  const found = await collect(installations(all.app));
  expect(found.length).toBe(105);
  expect(found[0]).toMatchObject({ id: all.installation, account: "acme", isSuspended: false });
  expect(found[104]).toMatchObject({ account: "other-103", isSuspended: true });
  const repositories = await collect(installedRepositories(all.client));
  expect(repositories.map(({ fullName, isPrivate }) => [fullName, isPrivate])).toEqual([
    ["acme/billing", true],
    ["acme/website", false],
  ]);
});

describe("answers that never end", () => {
  it.each([
    ["a body of 64 MiB", { kind: "huge-body" }],
    ["a body without end", { kind: "endless-body" }],
    ["a body that trickles", { kind: "slow-body", millisecondsPerByte: 50 }],
    ["no answer", { kind: "hang" }],
    ["headers without end", { kind: "slow-headers" }],
  ] as const)("are given up: %s", async (_, fault) => {
    const all = await start({ client: { timeoutMs: 1500 } });
    all.emulator.inject(fault, { route: "GET /repos/{owner}/{repo}" });
    expect(await failureOf(readWebsite(all))).toBeInstanceOf(GitHubUnreachableError);
  });
});

it("ends what is under way", async () => {
  const all = await start();
  await readWebsite(all);
  all.emulator.inject({ kind: "hang" });
  const waiting = failureOf(readWebsite(all));
  await expect.poll(() => all.emulator.requests.at(-1)?.fault).toBe("hang");
  all.github.close();
  expect(await waiting).toBeInstanceOf(GitHubUnreachableError);
});

it("sends no key and no token unencrypted over a network", () => {
  const settings = { appId: 1, privateKey: "", log: { debug: () => {}, warn: () => {} } };
  expect(() => createGitHub({ ...settings, baseUrl: "http://github.example/api/v3" })).toThrow(/not encrypted/);
});
