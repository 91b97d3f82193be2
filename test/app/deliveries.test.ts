// Deliveries that are forged, replayed, broken, lost or late, at the App as a process; and how it refuses to start.
import { spawnSync } from "node:child_process";
import { createHmac, randomUUID } from "node:crypto";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { isolatedEnv } from "../support/isolated-env.ts";
import { type AppProcess, AppWorld, until } from "./support/app-world.ts";
import { checkRunOn, issuesAbout, outcomesOf, rotationIssue } from "./support/outcomes.ts";
import { referencesIn, render } from "./support/rendered.ts";

let world: AppWorld;
let app: AppProcess;

beforeAll(async () => {
  world = await AppWorld.make();
  app = await world.start();
});

afterAll(() => world.close());

describe("deliveries", () => {
  it("that are forged, malformed or unknown change nothing", async () => {
    const { repository } = await world.addTenant();
    const token = world.api.mintControlToken("acme");
    await world.github.commit(repository, { files: { ".env": token.raw }, silent: true });
    const push = { ref: `refs/heads/${token.raw}`, note: token.raw };
    const { github } = world;
    const send = { validate: false } as const;
    const forged = github.deliver("push", push, { ...send, secret: "not the secret that was agreed" })!;
    const unsigned = github.deliver("push", push, { ...send, secret: null })!;
    const noJson = github.deliver("push", push, { ...send, rawBody: `{"a": ${token.raw}` })!;
    const noGuid = github.deliver("push", push, { ...send, headers: { "x-github-delivery": "" } })!;
    const unknown = github.deliver("star", { action: "created", note: token.raw }, send)!;
    const missing = github.deliver("push", push, send)!;
    const form = github.deliver("push", push, {
      ...send,
      headers: { "content-type": "application/x-www-form-urlencoded" },
    })!;
    await github.settled();
    const codes = [forged, unsigned, noJson, noGuid, unknown, missing, form].map(({ statusCode }) => statusCode);
    expect(codes).toEqual([401, 401, 400, 400, 200, 202, 415]);
    await until(() =>
      outcomesOf(app.output(), "push").includes("failed: its payload has not the fields that GitHub documents"),
    );
    expect(world.provider.requests).toEqual([]);
  });

  it("that lack what is only shown are worked up all the same", async () => {
    const { organization, repository: fullName, installation } = await world.addTenant();
    const { github } = world;
    const { id, owner } = github.repositoryOf(fullName);
    const [pushed, posted, proposed] = [1, 2, 3].map(() => world.api.mintControlToken("acme"));
    const first = await github.commit(fullName, { files: { "a.txt": "a" }, silent: true });
    const head = await github.commit(fullName, { files: { ".env": pushed!.raw }, silent: true });
    const of = {
      repository: {
        id,
        full_name: fullName,
        private: true,
        default_branch: "main",
        owner: { id: owner.id, login: organization },
        size: null,
        archived: null,
      },
      installation: { id: installation },
      sender: null,
    };
    const send = { validate: false } as const;
    github.deliver("push", { ref: "refs/heads/main", before: first, after: head, commits: null, ...of }, send);
    const comment = { id: github.nextId(), body: posted!.raw, user: null, html_url: null };
    github.deliver("issue_comment", { action: "created", issue: { number: 1 }, comment, ...of }, send);
    const release = { id: github.nextId(), tag_name: "v1", body: proposed!.raw, author: null, assets: null };
    github.deliver("release", { action: "published", changes: null, release, ...of }, send);
    for (const token of [pushed, posted, proposed]) await rotationIssue(world, fullName, token!, "**Contained.**");
    expect(outcomesOf(app.output(), "issue_comment")).toContain("comment: 1 leaked token; no command");
  });

  it("that are too large are refused, and the next one is taken", async () => {
    const body = Buffer.alloc(26 * 1024 * 1024, 0x20);
    const signature = createHmac("sha256", world.environment["WEBHOOK_SECRET"]!).update(body).digest("hex");
    const headers = {
      "content-type": "application/json",
      "x-github-event": "push",
      "x-github-delivery": randomUUID(),
      "x-hub-signature-256": `sha256=${signature}`,
    };
    const status = await fetch(`${app.address}/api/github/webhooks`, { method: "POST", headers, body }).then(
      (response) => response.status,
      // The connection is closed while there is more to come.
      () => 413,
    );
    expect(status).toBe(413);
    const { repository } = await world.addTenant();
    const head = await world.github.commit(repository, { files: { "README.md": "x" } });
    expect((await checkRunOn(world, repository, head)).conclusion).toBe("success");
  });

  it("that come again are not worked up again, under another id either; a failed one is", async () => {
    const { repository, installation } = await world.addTenant();
    const token = world.api.mintControlToken("acme");
    world.github.holdWebhooks();
    await world.github.commit(repository, { files: { ".env": token.raw } });
    world.github.suspendInstallation(installation);
    world.github.releaseWebhooks();
    await until(() => outcomesOf(app.output(), "push").includes("failed: the installation is suspended"));
    const push = world.github.deliveries().findLast(({ event }) => event === "push")!;
    // GitHub is asked to deliver it again, and nobody has told the App that the suspension is over.
    const { webhookUrl } = world.github.settings();
    world.github.set({ webhookUrl: null });
    world.github.unsuspendInstallation(installation);
    world.github.set({ webhookUrl });
    world.github.redeliver(push.id);
    await rotationIssue(world, repository, token, "**Contained.**");
    const payload = JSON.parse(push.body) as Record<string, unknown>;
    world.github.redeliver(push.id);
    world.github.deliver("push", payload, { guid: randomUUID() });
    world.github.deliver("push", payload, { guid: push.guid });
    await world.github.settled();
    expect(
      world.github
        .deliveries()
        .slice(-3)
        .map(({ responseBody }) => responseBody),
    ).toEqual(["duplicate\n", "duplicate\n", "duplicate\n"]);
    expect(issuesAbout(world, repository)).toHaveLength(1);
    expect(world.provider.requests.filter(({ fingerprints }) => fingerprints.includes(token.fingerprint))).toHaveLength(
      1,
    );
  });

  it("that were sent while the App was down are caught up with when it starts", async () => {
    const { repository } = await world.addTenant();
    const token = world.api.mintControlToken("acme");
    await app.stop("SIGKILL");
    const head = await world.github.commit(repository, { files: { ".env": token.raw } });
    await world.github.settled();
    app = await world.start();
    await rotationIssue(world, repository, token, "**Contained.**");
    expect((await checkRunOn(world, repository, head)).conclusion).toBe("failure");
  });

  it("that were acknowledged are worked up by the next process", async () => {
    const { repository } = await world.addTenant();
    const token = world.api.mintControlToken("acme");
    const heal = world.github.inject(
      { kind: "hang" },
      { route: "POST /app/installations/{installation_id}/access_tokens" },
    );
    await world.github.commit(repository, { files: { ".env": token.raw } });
    await world.github.settled();
    await app.stop("SIGKILL");
    heal();
    app = await world.start();
    await rotationIssue(world, repository, token, "**Contained.**");
  });

  it("are worked up also when nobody reads the log any more", async () => {
    const { repository } = await world.addTenant();
    const token = world.api.mintControlToken("acme");
    app.child.stdout?.destroy();
    app.child.stderr?.destroy();
    await world.github.commit(repository, { files: { ".env": token.raw } });
    await rotationIssue(world, repository, token, "**Contained.**");
    expect([app.child.exitCode, app.child.signalCode]).toEqual([null, null]);
    await app.stop();
    expect(app.child.exitCode).toBe(0);
    app = await world.start();
  });

  it("with hostile texts in every field end in an issue that shows them as they are", async () => {
    const { repository } = await world.addTenant();
    const token = world.api.mintControlToken("acme");
    const hostile = "`</details>|[x](http://evil.example) @acme/all <img src=x> #1 ::set-output name=a::b\u202e\u0007";
    const head = await world.github.commit(repository, {
      files: {
        [`a ${hostile.replaceAll("/", "_").replaceAll("\u0000", "")}/.env`]: `# ${hostile}\nINFERENCEKEY_SDK_TOKEN=${token.raw}`,
      },
      message: `${hostile}\n\n${hostile}`,
      branch: "try-`|$x",
      author: { name: hostile.replace(/[<>]/g, ""), email: "a|b@evil.example" },
    });
    const { body } = await rotationIssue(world, repository, token, "**Contained.**");
    const { output } = await checkRunOn(world, repository, head);
    for (const text of [body ?? "", output.summary ?? ""]) {
      const rendered = render(text);
      expect(rendered.links.filter((link) => !link.startsWith(world.github.baseUrl))).toEqual([]);
      expect([...rendered.images, ...referencesIn(rendered.text)]).toEqual([]);
      expect(rendered.html.filter((html) => !html.startsWith("<!-- keyrecall"))).toEqual([]);
      for (const invisible of ["\u202e", "\u0007"]) expect(text).not.toContain(invisible);
    }
  });
});

describe("start", () => {
  const MAIN = fileURLToPath(new URL("../../app/main.ts", import.meta.url));
  const start = (changes: Record<string, string>) => {
    const env = {
      ...isolatedEnv(),
      ...world.environment,
      DATA_DIRECTORY: join(world.environment["DATA_DIRECTORY"]!, "..", "other"),
      ...changes,
    };
    const { status, stderr } = spawnSync(process.execPath, [MAIN, "start"], { env, encoding: "utf8", timeout: 30_000 });
    return { status, stderr };
  };

  it.each([
    ["KEYRECALL_SEAL_KEY", "", "KEYRECALL_SEAL_KEY is not set"],
    ["KEYRECALL_SEAL_KEY", "c2hvcnQ=", "KEYRECALL_SEAL_KEY is not the base64 of 32 bytes"],
    ["WEBHOOK_SECRET", "", "WEBHOOK_SECRET is not set"],
    ["WEBHOOK_SECRET", "short", "fewer than 16 characters"],
    ["PRIVATE_KEY", "", "PRIVATE_KEY and PRIVATE_KEY_PATH are not set"],
    [
      "PRIVATE_KEY",
      "-----BEGIN RSA PRIVATE KEY-----\nbm90IG9uZQ==\n-----END RSA PRIVATE KEY-----",
      "no PEM of a private key",
    ],
    ["PRIVATE_KEY_PATH", "/nowhere/key.pem", "PRIVATE_KEY_PATH cannot be read"],
    ["APP_ID", "", "APP_ID is not set"],
    ["REVOCATION_SECRET", "", "REVOCATION_URL needs REVOCATION_SECRET"],
    ["REVOCATION_URL", "http://revoke.example/", "REVOCATION_URL"],
    ["INFERENCEKEY_BASE_URL", "https://api.evil.example", "evil.example"],
    ["DRY_RUN_UNTIL", "soon", "DRY_RUN_UNTIL is no date"],
    ["HOST", "203.0.113.1", "cannot listen on 203.0.113.1"],
    ["WEBHOOK_PATH", "hooks", "WEBHOOK_PATH is no path of its own"],
    ["DATABASE_URL", "postgres://app:a-password@127.0.0.1:1/app", "the database cannot be used (ECONNREFUSED)"],
    ["DATABASE_URL", "postgres://app:a-password@[/app", "the database cannot be used (ERR_INVALID_URL)"],
    ["DATA_DIRECTORY", MAIN, "cannot be used (EEXIST)"],
  ])("with %s=%j is refused with a sentence", (name, value, sentence) => {
    const { status, stderr } = start({ ...(name === "PRIVATE_KEY_PATH" ? { PRIVATE_KEY: "" } : {}), [name]: value });
    expect(stderr).toContain(sentence);
    expect(status).toBe(2);
    expect(stderr).not.toContain("    at ");
    expect(stderr).not.toContain("a-password");
  });

  it("with a data directory that another process has is refused", () => {
    const { status, stderr } = start({ DATA_DIRECTORY: world.environment["DATA_DIRECTORY"]! });
    expect(stderr).toContain(`is in use by process ${app.child.pid}`);
    expect(status).toBe(2);
  });
});
