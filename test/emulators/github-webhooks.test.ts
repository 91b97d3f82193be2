// Webhooks of the emulator of GitHub: as the published descriptions and examples have them (closing the emulator fails
// where a payload is not), verified by the library that Apps use.
import { Webhooks } from "@octokit/webhooks";
import definitions from "@octokit/webhooks-examples" with { type: "json" };
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startGitHub, type GitHubEmulator } from "./github/emulator.ts";
import { appClient, receiveWebhooks, type WebhookReceiver } from "./support/github.ts";

// The types of that package are not what it exports.
const examples = definitions as unknown as readonly {
  readonly name: string;
  readonly examples: readonly Readonly<Record<string, unknown>>[];
}[];

const SECRET = "a secret for tests";

/** What an App has chosen, and what is no longer part of an issue. */
const NOT_HERE = [/\.permissions\./, /^issues .* \.issue\.draft$/];

let hooks: WebhookReceiver;
let github: GitHubEmulator;
let installation: number;

beforeEach(async () => {
  hooks = await receiveWebhooks();
  github = await startGitHub({ settings: { webhookUrl: hooks.url, webhookSecret: SECRET } });
  github.addOrganization("acme", { members: ["ada"] });
  await github.addRepository("acme/app", { private: true });
  installation = github.addInstallation("acme", { silent: true });
});

afterEach(async () => {
  await github.close();
  await hooks.close();
});

/** Where there is something in a payload; of lists the first entry stands for all. */
function pathsOf(value: unknown, prefix = ""): string[] {
  if (Array.isArray(value)) return value.length === 0 ? [] : pathsOf(value[0], `${prefix}[]`);
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => {
    const path = `${prefix}.${name}`;
    return [path, ...pathsOf(inner, path)];
  });
}

/** Where a payload has nothing that could be looked into: an empty list, or null. */
function emptyPathsOf(value: unknown, prefix = ""): string[] {
  if (value === null || (Array.isArray(value) && value.length === 0)) return [prefix];
  if (Array.isArray(value)) return emptyPathsOf(value[0], `${prefix}[]`);
  if (typeof value !== "object") return [];
  return Object.entries(value).flatMap(([name, inner]) => emptyPathsOf(inner, `${prefix}.${name}`));
}

/** What every example of an event has; of a few events there are none. */
function commonPaths(event: string, action: string | undefined): string[] {
  const named = examples.find(({ name }) => name === event)?.examples ?? [];
  const all = named.filter((example) => example["action"] === action);
  const [first, ...rest] = all.map((example) => pathsOf(example));
  return (first ?? []).filter((path) => rest.every((paths) => paths.includes(path)));
}

describe("payloads", () => {
  it("have all that every example of their event has", async () => {
    github.set({ contentPerMinute: null });
    const head = await github.commit("acme/app", { files: { a: "a\n" } });
    await github.commit("acme/app", { branch: "topic", files: { b: "b\n" }, parent: head });
    const pull = await github.createPullRequest("acme/app", { head: "topic" });
    await github.commit("acme/app", { branch: "topic", files: { b: "c\n" } });
    await github.closePullRequest("acme/app", pull);
    await github.reopenPullRequest("acme/app", pull);
    const client = appClient(github, installation);
    const { data: run } = await client.rest.checks.create({ owner: "acme", repo: "app", name: "K", head_sha: head });
    github.rerunCheck("acme/app", run.id);
    github.pressCheckAction("acme/app", run.id, "rotate");
    await github.rerunSuite("acme/app", head);
    const issue = github.addIssue("acme/app", { title: "One", labels: ["bug"], assignees: ["ada"] });
    github.changeIssue("acme/app", issue, { body: "changed", state: "closed" });
    github.changeIssue("acme/app", issue, { state: "open" });
    github.addComment("acme/app", issue, "a comment");
    await github.addRepository("acme/new");
    github.renameRepository("acme/new", "renamed");
    github.archiveRepository("acme/renamed");
    github.publicizeRepository("acme/app");
    await github.addRepository("globex/app");
    github.addInstallation("globex");
    github.suspendInstallation(installation);
    github.unsuspendInstallation(installation);
    github.setPermissions(installation, { metadata: "read" });
    github.deleteInstallation(installation);
    await github.settled();
    const sent = hooks.received.map(({ event, payload }) => ({
      event,
      payload,
      action: payload["action"] as string | undefined,
    }));
    const names = new Set(sent.map(({ event, action }) => `${event} ${action ?? ""}`.trim()));
    expect([...names].toSorted()).toEqual([
      "check_run requested_action",
      "check_run rerequested",
      "check_suite requested",
      "check_suite rerequested",
      "installation created",
      "installation deleted",
      "installation new_permissions_accepted",
      "installation suspend",
      "installation unsuspend",
      "installation_repositories added",
      "issue_comment created",
      "issues closed",
      "issues edited",
      "issues opened",
      "issues reopened",
      "public",
      "pull_request closed",
      "pull_request opened",
      "pull_request reopened",
      "pull_request synchronize",
      "push",
      "repository archived",
      "repository publicized",
      "repository renamed",
    ]);
    const missing = sent.flatMap(({ event, action, payload }) => {
      const own = new Set(pathsOf(payload));
      const empty = emptyPathsOf(payload);
      return commonPaths(event, action)
        .filter((path) => !own.has(path) && !empty.some((prefix) => path.startsWith(prefix)))
        .map((path) => `${event} ${action ?? ""} ${path}`);
    });
    expect([...new Set(missing)].filter((path) => !NOT_HERE.some((pattern) => pattern.test(path)))).toEqual([]);
  });

  it("go to whoever covers the repository, wants the event, and may know of it", async () => {
    await github.addRepository("globex/app");
    github.addInstallation("globex", { silent: true, events: [] });
    await github.commit("globex/app", { files: { a: "a" } });
    github.setPermissions(installation, { metadata: "read", contents: "read" });
    await github.commit("acme/app", { files: { a: "a" } });
    github.addIssue("acme/app", { title: "One" });
    github.suspendInstallation(installation);
    await github.commit("acme/app", { files: { a: "b" } });
    await github.settled();
    const told = hooks.received.map(
      ({ event, payload }) => `${event} ${(payload["installation"] as unknown as { id: number }).id}`,
    );
    expect(told.filter((line) => line.startsWith("push"))).toEqual([`push ${installation}`]);
    expect(told.filter((line) => line.startsWith("issues"))).toEqual([]);
  });

  it("are not sent where they would be too large", async () => {
    github.deliver("push", { padding: "x".repeat(26 * 1024 * 1024) }, { validate: false });
    await github.settled();
    expect(hooks.received).toEqual([]);
    expect(github.undeliverable()).toMatchObject([{ event: "push" }]);
  });
});

describe("transport", () => {
  it("is signed over the raw body, and says what it is", async () => {
    await github.commit("acme/app", { files: { "naïve.txt": "ü\n" } });
    await github.settled();
    const [push] = hooks.of("push");
    expect(push?.headers).toMatchObject({
      "content-type": "application/json",
      "user-agent": expect.stringMatching(/^GitHub-Hookshot\//),
      "x-github-event": "push",
      "x-github-delivery": expect.stringMatching(/^[0-9a-f-]{36}$/),
      "x-github-hook-id": "515151",
      "x-github-hook-installation-target-id": "424242",
      "x-github-hook-installation-target-type": "integration",
    });
    const signature = String(push?.headers["x-hub-signature-256"]);
    expect(await new Webhooks({ secret: SECRET }).verify(push?.body ?? "", signature)).toBe(true);
    expect(await new Webhooks({ secret: "another" }).verify(push?.body ?? "", signature)).toBe(false);
    expect(await new Webhooks({ secret: SECRET }).verify(`${push?.body}\n`, signature)).toBe(false);
  });

  it("can be forged, broken and reordered on purpose", async () => {
    github.deliver("push", { ref: "refs/heads/main" }, { secret: "wrong", validate: false });
    github.deliver("push", {}, { rawBody: "{broken", validate: false, secret: null });
    await github.settled();
    expect(hooks.received.map(({ body }) => body).toSorted()).toEqual(['{"ref":"refs/heads/main"}', "{broken"]);
    const broken = hooks.received.find(({ body }) => body === "{broken");
    expect(broken?.headers).not.toHaveProperty("x-hub-signature-256");
    const forged = hooks.received.find(({ body }) => body !== "{broken");
    const signature = String(forged?.headers["x-hub-signature-256"]);
    expect(await new Webhooks({ secret: SECRET }).verify(forged?.body ?? "", signature)).toBe(false);
    github.deliver("push", { ref: 7 });
    expect(github.takeComplaints()).toContain("webhook push: /ref must be string");
    github.holdWebhooks();
    await github.commit("acme/app", { files: { a: "1" } });
    hooks.received.length = 0;
    github.releaseWebhooks("reversed");
    await github.settled();
    expect(hooks.received).toHaveLength(2);
  });
});

describe("deliveries", () => {
  const statuses = async (query: Readonly<Record<string, string>> = {}) =>
    (await appClient(github).request("GET /app/hook/deliveries", query)).data.map(({ status, status_code }) => [
      status,
      status_code,
    ]);

  it("are on record with what came of them, and only failures can be asked for", async () => {
    github.addIssue("acme/app", { title: "One" });
    await github.settled();
    hooks.answer = 500;
    github.addIssue("acme/app", { title: "Two" });
    await github.settled();
    hooks.answer = "hang";
    github.set({ webhookTimeoutMilliseconds: 200 });
    github.addIssue("acme/app", { title: "Three" });
    await github.settled();
    github.set({ webhookUrl: "http://127.0.0.1:1/" });
    github.addIssue("acme/app", { title: "Four" });
    await github.settled();
    expect(await statuses()).toEqual([
      ["failed to connect to host", 0],
      ["timed out", 0],
      ["Invalid HTTP Response: 500", 500],
      ["OK", 202],
    ]);
    // As the API has it, what never was answered is no failure.
    expect(await statuses({ status: "failure" })).toEqual([["Invalid HTTP Response: 500", 500]]);
    expect(hooks.received).toHaveLength(3);
  });

  it("are listed by a cursor, and one by one with their payload", async () => {
    for (let number = 1; number <= 5; number += 1) github.addIssue("acme/app", { title: `Issue ${number}` });
    await github.settled();
    const app = appClient(github);
    const all = await app.paginate(app.rest.apps.listWebhookDeliveries, { per_page: 2 });
    expect(all).toHaveLength(5);
    expect(new Set(all.map(({ guid }) => guid)).size).toBe(5);
    const { data } = await app.rest.apps.getWebhookDelivery({ delivery_id: all[0]?.id ?? 0 });
    expect(data).toMatchObject({
      event: "issues",
      action: "opened",
      installation_id: installation,
      request: { payload: { issue: { title: "Issue 5" } } },
      response: { payload: "received" },
    });
  });

  it("are sent again only when asked, under the same id", async () => {
    hooks.answer = 500;
    github.addIssue("acme/app", { title: "One" });
    await github.settled();
    hooks.answer = 200;
    const app = appClient(github);
    const [failed] = (await app.rest.apps.listWebhookDeliveries()).data;
    expect(hooks.received).toHaveLength(1);
    const { status } = await app.rest.apps.redeliverWebhookDelivery({ delivery_id: failed?.id ?? 0 });
    await github.settled();
    expect(status).toBe(202);
    expect(hooks.received).toHaveLength(2);
    expect(hooks.received[0]?.guid).toBe(hooks.received[1]?.guid);
    expect(hooks.received[0]?.body).toBe(hooks.received[1]?.body);
    const { data } = await app.rest.apps.listWebhookDeliveries();
    expect(data.map(({ redelivery, status: outcome }) => [redelivery, outcome])).toEqual([
      [true, "OK"],
      [false, "Invalid HTTP Response: 500"],
    ]);
    const missing = app.rest.apps.redeliverWebhookDelivery({ delivery_id: 1 });
    await expect(missing).rejects.toMatchObject({ status: 404 });
  });

  it("go where the App says, with its new secret", async () => {
    const other = await receiveWebhooks();
    const app = appClient(github);
    // A parameter that is called `url` would be taken for the address of the request.
    const config = { url: other.url, secret: "rotated" };
    const { data } = await app.request("PATCH /app/hook/config", { data: config });
    expect(data).toMatchObject({ url: other.url, secret: "********" });
    expect((await app.rest.apps.getWebhookConfigForApp()).data.content_type).toBe("json");
    github.addIssue("acme/app", { title: "One" });
    await github.settled();
    const signature = String(other.received[0]?.headers["x-hub-signature-256"]);
    expect(await new Webhooks({ secret: "rotated" }).verify(other.received[0]?.body ?? "", signature)).toBe(true);
    await other.close();
  });
});
