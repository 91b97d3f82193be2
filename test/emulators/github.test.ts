// Who may do what on the emulator of GitHub, seen through the real clients.
import { createHash, createPrivateKey, createSign, generateKeyPairSync, type KeyObject } from "node:crypto";
import { Octokit } from "@octokit/rest";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { makeToken } from "../support/token.ts";
import { startGitHub, type GitHubEmulator } from "./github/emulator.ts";
import { findOperation } from "./github/openapi.ts";
import { allRoutes } from "./github/routes/all.ts";
import { appClient, installationToken } from "./support/github.ts";

const REPOSITORY = { owner: "acme", repo: "app" };

let github: GitHubEmulator;
let installation: number;

beforeEach(async () => {
  github = await startGitHub();
  github.addOrganization("acme", { members: ["ada"] });
  await github.addRepository("acme/app", { private: true });
  installation = github.addInstallation("acme");
});

afterEach(() => github.close());

/** A JWT as an App makes it, with claims that can be wrong. */
function jwt(claims: Readonly<Record<string, unknown>>, key?: KeyObject): string {
  const now = Math.floor(Date.now() / 1000);
  const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  const body = { iat: now - 30, exp: now + 500, iss: String(github.appCredentials().appId), ...claims };
  const text = `${part({ alg: "RS256", typ: "JWT" })}.${part(body)}`;
  return `${text}.${createSign("RSA-SHA256")
    .update(text)
    .sign(key ?? createPrivateKey(github.appCredentials().privateKey))
    .toString("base64url")}`;
}

async function get(path: string, token?: string, headers: Readonly<Record<string, string>> = {}) {
  const authorization = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const response = await fetch(`${github.baseUrl}${path}`, {
    headers: { "user-agent": "test", ...authorization, ...headers },
  });
  const text = await response.text();
  const json = text === "" ? {} : (JSON.parse(text) as Record<string, unknown>);
  return { status: response.status, headers: response.headers, json };
}

describe("the App itself", () => {
  it("is known by its id or its client id", async () => {
    const { data } = await appClient(github).rest.apps.getAuthenticated();
    expect(data).toMatchObject({ id: 424_242, slug: "keyrecall-test", installations_count: 1 });
    expect((await get("/app", jwt({ iss: github.appCredentials().clientId }))).status).toBe(200);
  });

  it.each([
    ["expired", { exp: Math.floor(Date.now() / 1000) - 10 }, 401],
    ["valid for more than ten minutes", { exp: Math.floor(Date.now() / 1000) + 900 }, 401],
    ["issued in the future", { iat: Math.floor(Date.now() / 1000) + 120 }, 401],
    ["without a time of issue", { iat: undefined }, 401],
    ["of another App", { iss: "7" }, 404],
  ])("is refused with a JWT that is %s", async (_name, claims, status) => {
    expect((await get("/app", jwt(claims))).status).toBe(status);
  });

  it("is refused with a JWT that another key has signed", async () => {
    const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    expect((await get("/app", jwt({}, privateKey))).status).toBe(401);
  });

  it("is refused when its clock is wrong, and its client finds out by the date of the answer", async () => {
    github.set({ clockSkewSeconds: -1800 });
    expect((await get("/app", jwt({}))).json["message"]).toMatch(/'Issued at' claim/);
    const { data } = await appClient(github).rest.apps.getAuthenticated();
    expect(data?.id).toBe(424_242);
  });

  it("cannot use what is for installations, nor the other way round", async () => {
    expect((await get("/installation/repositories", jwt({}))).status).toBe(403);
    expect((await get("/app", await installationToken(github, installation))).status).toBe(401);
  });
});

describe("tokens of installations", () => {
  it("are long and have dots, or 40 characters", async () => {
    expect(await installationToken(github, installation)).toMatch(/^ghs_424242_[\w-]+\.[\w-]+\.[\w-]+$/);
    expect((await installationToken(github, installation)).length).toBeGreaterThan(450);
    const app = appClient(github);
    const asked = { installation_id: installation, headers: { "x-github-stateless-s2s-token": "disabled" } };
    const { data } = await app.rest.apps.createInstallationAccessToken(asked);
    expect(data.token).toMatch(/^ghs_\w{36}$/);
    github.set({ tokenFormat: "opaque" });
    expect(await installationToken(github, installation)).toHaveLength(40);
  });

  it("last an hour, or as long as the switch says", async () => {
    const create = () => appClient(github).rest.apps.createInstallationAccessToken({ installation_id: installation });
    const { data } = await create();
    expect(Date.parse(data.expires_at) - Date.now()).toBeGreaterThan(3_500_000);
    github.set({ tokenLifetimeSeconds: 0 });
    const { data: short } = await create();
    expect((await get("/installation/repositories", short.token)).json).toMatchObject({ message: "Bad credentials" });
    expect((await get("/installation/repositories", data.token)).status).toBe(200);
    github.expireTokens(installation);
    expect((await get("/installation/repositories", data.token)).status).toBe(401);
  });

  it("can be narrowed down to repositories and permissions", async () => {
    const other = await github.addRepository("acme/other", { private: true });
    const app = appClient(github);
    const { data } = await app.rest.apps.createInstallationAccessToken({
      installation_id: installation,
      repository_ids: [other.id],
      permissions: { contents: "read" },
    });
    expect(data).toMatchObject({ repository_selection: "selected", repositories: [{ name: "other" }] });
    expect((await get("/repos/acme/other", data.token)).status).toBe(200);
    expect((await get("/repos/acme/app", data.token)).status).toBe(404);
    expect((await get("/repos/acme/other/issues", data.token)).status).toBe(403);
    expect((await get("/installation/repositories", data.token)).json).toMatchObject({ total_count: 1 });
    const tooMuch = { installation_id: installation, permissions: { contents: "write" as const } };
    await expect(app.rest.apps.createInstallationAccessToken(tooMuch)).rejects.toMatchObject({ status: 422 });
    const unknown = { installation_id: installation, repositories: ["nowhere"] };
    await expect(app.rest.apps.createInstallationAccessToken(unknown)).rejects.toMatchObject({ status: 422 });
  });

  it("end with the installation, and are refused while it is suspended", async () => {
    const token = await installationToken(github, installation);
    github.suspendInstallation(installation);
    expect((await get("/installation/repositories", token)).status).toBe(403);
    await expect(installationToken(github, installation)).rejects.toMatchObject({ status: 403 });
    github.unsuspendInstallation(installation);
    expect((await get("/installation/repositories", token)).status).toBe(200);
    github.deleteInstallation(installation);
    expect((await get("/installation/repositories", token)).status).toBe(401);
    await expect(installationToken(github, installation)).rejects.toMatchObject({ status: 404 });
  });
});

describe("permissions", () => {
  it("are what the header names, or the answer is 403", async () => {
    github.setPermissions(installation, { metadata: "read", contents: "read" });
    const client = appClient(github, installation);
    const refused = client.rest.issues.create({ ...REPOSITORY, title: "Rotate" });
    await expect(refused).rejects.toMatchObject({
      status: 403,
      response: {
        data: { message: "Resource not accessible by integration" },
        headers: { "x-accepted-github-permissions": "issues=write" },
      },
    });
    expect(github.issuesOf("acme/app")).toEqual([]);
  });

  it("do not reach beyond the repositories of the installation", async () => {
    await github.addRepository("globex/secret", { private: true });
    await github.addRepository("globex/open");
    const client = appClient(github, installation);
    await expect(client.rest.repos.get({ owner: "globex", repo: "secret" })).rejects.toMatchObject({ status: 404 });
    expect((await client.rest.issues.listForRepo({ owner: "globex", repo: "open" })).data).toEqual([]);
    const write = client.rest.issues.create({ owner: "globex", repo: "open", title: "x" });
    await expect(write).rejects.toMatchObject({ status: 403 });
  });

  it("are those of the installation when selected repositories change", async () => {
    await github.addRepository("globex/one", { private: true });
    await github.addRepository("globex/two", { private: true });
    const selected = github.addInstallation("globex", { repositories: ["globex/one"] });
    const client = appClient(github, selected);
    const names = async () =>
      (await client.rest.apps.listReposAccessibleToInstallation()).data.repositories.map(({ name }) => name);
    expect(await names()).toEqual(["one"]);
    github.addRepositoriesTo(selected, ["globex/two"]);
    github.removeRepositoriesFrom(selected, ["globex/one"]);
    expect(await names()).toEqual(["two"]);
  });

  it("nobody but those who are told sees a private repository", async () => {
    expect((await get("/repos/acme/app")).status).toBe(404);
    expect((await get("/repos/acme/app", github.createUserToken("stranger"))).status).toBe(404);
    expect((await get("/repos/acme/app", github.createUserToken("ada"))).status).toBe(200);
    expect((await get("/repos/acme/app", "ghp_wrong")).status).toBe(401);
  });

  it("a person acts by the same API", async () => {
    const client = new Octokit({ auth: github.createUserToken("ada"), baseUrl: github.baseUrl });
    await client.rest.issues.create({ ...REPOSITORY, title: "By a person", labels: ["dropped"] });
    expect(github.issuesOf("acme/app")).toMatchObject([
      { user: { login: "ada", type: "User" }, labels: [], performed_via_github_app: null },
    ]);
  });
});

describe("what must not be overlooked", () => {
  it("a request without a user agent is forbidden, one of an unknown version is wrong", async () => {
    expect((await get("/rate_limit", undefined, { "user-agent": "" })).status).toBe(403);
    expect((await get("/rate_limit", undefined, { "x-github-api-version": "1999-01-01" })).status).toBe(400);
    const { headers } = await get("/rate_limit", undefined, { "x-github-api-version": "2026-03-10" });
    expect(headers.get("x-github-api-version-selected")).toBe("2026-03-10");
  });

  it("every route is one of the published description", () => {
    const unknown = allRoutes.map(({ route }) => route).filter((route) => findOperation(route) === undefined);
    expect(unknown).toEqual([]);
  });

  it("an unknown route is answered by 404, and closing the emulator fails", async () => {
    const own = await startGitHub();
    const response = await fetch(`${own.baseUrl}/repos/acme/app/secret-doors`, { headers: { "user-agent": "test" } });
    expect(response.status).toBe(404);
    expect(own.requests[0]).toMatchObject({ route: "unknown", status: 404 });
    expect(() => own.assertNothingUnknown()).toThrow("GET /repos/acme/app/secret-doors is not emulated");
    await fetch(`${own.baseUrl}/nowhere`, { headers: { "user-agent": "test" } });
    await expect(own.close()).rejects.toThrow("GET /nowhere is not emulated");
  });

  it("so are query parameters and fields that the API does not know, and values of the wrong kind", async () => {
    const client = appClient(github, installation);
    await client.request("GET /repos/{owner}/{repo}/issues", { ...REPOSITORY, label: "leak" } as typeof REPOSITORY);
    await client.request("POST /repos/{owner}/{repo}/issues", { ...REPOSITORY, title: "x", asignees: [] });
    const wrong = client.request("POST /repos/{owner}/{repo}/labels", { ...REPOSITORY, name: 7 as unknown as string });
    await expect(wrong).rejects.toMatchObject({ status: 422 });
    expect(github.takeComplaints()).toEqual([
      "GET /repos/acme/app/issues: there is no query parameter label",
      "POST /repos/acme/app/issues: body: / must NOT have additional properties (asignees)",
      "POST /repos/acme/app/labels: body: /name must be string",
    ]);
  });

  it("the log masks tokens of both kinds, and says where one stood that must not be there", async () => {
    const leaked = makeToken();
    const client = appClient(github, installation);
    await client.rest.issues.create({ ...REPOSITORY, title: "Rotate", body: `it is ${leaked.raw}` });
    const token = await installationToken(github, installation);
    await get(`/rate_limit?token=${token}`);
    github.takeComplaints();
    const log = JSON.stringify(github.requests);
    expect(log).not.toContain(leaked.secret);
    expect(log).not.toContain(token);
    expect(log).not.toMatch(/eyJ\w/);
    const created = github.requests.find(({ method, route }) => method === "POST" && route.endsWith("/issues"));
    expect(created).toMatchObject({ credential: "installation", leakedTokens: ["body"], status: 201 });
    expect(created?.body).toContain("it is [token]");
    expect(github.requests.at(-1)).toMatchObject({ misplacedCredentials: ["url"], query: "token=[credential]" });
    expect(github.requests.at(-2)?.fingerprint).toMatch(/^sha256:[0-9a-f]{64}$/);
    const fingerprint = `sha256:${createHash("sha256").update(token).digest("hex")}`;
    await get("/installation/repositories", token);
    expect(github.requests.at(-1)?.fingerprint).toBe(fingerprint);
  });
});
