// From nothing to an App that runs: `init`, `doctor`, and the first contained leak with the settings that init wrote.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { EVENTS, PERMISSIONS } from "../../app/github/requirements.ts";
import { assertNoSecret } from "../support/secret-guard.ts";
import { makeTempDir } from "../support/temp-dir.ts";
import { makeToken } from "../support/token.ts";
import { AppWorld, until } from "./support/app-world.ts";
import { type Ended, runCommand, type RunningCommand, startCommand } from "./support/command.ts";
import { rotationIssue } from "./support/outcomes.ts";

let world: AppWorld;
let installation = 0;
const directory = makeTempDir();
const file = join(directory, ".env");

beforeAll(async () => {
  world = await AppWorld.make();
  world.github.addOrganization("acme", { members: ["ada"] });
});

afterAll(() => world.close());

function init(args: readonly string[], webhookUrl = "https://keyrecall.acme.example"): RunningCommand {
  const { baseUrl } = world.github;
  const servers = ["--server-url", baseUrl, "--api-url", baseUrl];
  return startCommand(["init", "--webhook-url", webhookUrl, ...servers, ...args], {}, directory);
}

async function pageOf(command: RunningCommand): Promise<string> {
  return until(() => /http:\/\/127\.0\.0\.1:\d+\/[0-9a-f]{32}/.exec(command.stdout())?.[0]);
}

interface Form {
  readonly action: string;
  readonly manifest: Readonly<Record<string, unknown>>;
}

async function formOn(page: string): Promise<Form> {
  const html = await (await fetch(page)).text();
  const unescape = (text: string) => text.replaceAll("&quot;", '"').replaceAll("&lt;", "<").replaceAll("&amp;", "&");
  const action = unescape(/action="([^"]+)"/.exec(html)?.[1] ?? "");
  return {
    action,
    manifest: JSON.parse(unescape(/name="manifest" value="([^"]+)"/.exec(html)?.[1] ?? "")) as Form["manifest"],
  };
}

/** What the browser does when the person presses the button. */
async function submit({ action, manifest }: Form): Promise<string> {
  const response = await fetch(action, {
    method: "POST",
    body: new URLSearchParams({ manifest: JSON.stringify(manifest) }),
    redirect: "manual",
  });
  expect(response.status).toBe(302);
  return response.headers.get("location") ?? "";
}

describe("keyrecall-app", () => {
  it("has help and completion for each of its commands", async () => {
    const commands = ["init", "doctor", "start", "completion"];
    const help = await runCommand(["--help"]);
    expect(help).toMatchObject({ code: 0, stderr: "" });
    for (const command of commands) expect(help.stdout).toMatch(new RegExp(`^ {2}${command} `, "m"));
    const [bash, zsh, fish] = await Promise.all(
      ["bash", "zsh", "fish"].map(async (shell) => (await runCommand(["completion", shell])).stdout),
    );
    expect(bash).toContain("complete -F _keyrecall_app keyrecall-app");
    expect(zsh).toContain("bashcompinit");
    expect(fish).toContain("complete -c keyrecall-app");
    const ask = `${bash}\nCOMP_WORDS=(keyrecall-app doctor --); COMP_CWORD=2; _keyrecall_app; echo "\${COMPREPLY[*]}"`;
    const { stdout, status } = spawnSync("bash", ["-c", ask], { encoding: "utf8" });
    expect(status).toBe(0);
    expect(stdout.trim().split(" ")).toEqual(expect.arrayContaining(["--settings", "--base-url", "--format"]));
    const missing = await runCommand(["doctor", "--settings", "no-such-file"]);
    expect(missing).toMatchObject({ code: 2, stdout: "" });
    expect(missing.stderr).toContain("no-such-file cannot be read (ENOENT)");
  });
});

describe("a command line that is wrong", () => {
  const { raw, masked } = makeToken();

  it.each([
    ["no command", [], "Usage: keyrecall-app"],
    ["an unknown command", ["begin"], "unknown command 'begin'"],
    ["an unknown option", ["start", "--fast"], "unknown option '--fast'"],
    ["a choice that there is not", ["start", "--role", "leader"], "Allowed choices are all, front, worker."],
    ["an option that is missing", ["init"], "required option '--webhook-url <url>'"],
    ["a token for a command", [raw], masked],
    ["a token for an argument", ["completion", raw], masked],
    ["a token for a file", ["start", "--settings", raw], masked],
  ])("is refused: %s", async (_what, args, said) => {
    const { code, stderr } = await runCommand(args);
    expect(stderr).toContain(said);
    expect(stderr).not.toMatch(/^ {4}at /m);
    expect(code).toBe(2);
    assertNoSecret(Buffer.from(stderr), "what was said of the command line");
  });
});

describe("keyrecall-app init", () => {
  let ended: Ended;

  it("posts a manifest with all that is needed, and writes the settings for their owner only", async () => {
    const command = init(["--organization", "acme", "--name", "Keyrecall of acme"]);
    const page = await pageOf(command);
    const form = await formOn(page);
    expect(form.action).toMatch(/\/organizations\/acme\/settings\/apps\/new\?state=[0-9a-f]{64}$/);
    expect(form.manifest).toMatchObject({
      name: "Keyrecall of acme",
      public: false,
      hook_attributes: { url: "https://keyrecall.acme.example/api/github/webhooks", active: true },
      default_events: EVENTS.map(({ name }) => name),
      default_permissions: Object.fromEntries(PERMISSIONS.map(({ name, level }) => [name, level])),
    });
    const back = await submit(form);
    // What comes with another state, or from another name of this machine, is not taken.
    const forged = new URL(back);
    forged.searchParams.set("state", "0".repeat(64));
    expect((await fetch(forged)).status).toBe(403);
    expect(existsSync(file)).toBe(false);
    expect((await fetch(new URL("/", page))).status).toBe(404);
    expect((await fetch(back)).status).toBe(200);
    ended = await command.ended();
    expect(ended).toMatchObject({ code: 0, stderr: "" });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const { appId, privateKey } = world.github.appCredentials();
    const settings = parseEnv(readFileSync(file, "utf8"));
    expect(settings).toMatchObject({ APP_ID: String(appId), GITHUB_API_URL: world.github.baseUrl });
    expect(Buffer.from(settings["PRIVATE_KEY"]!, "base64").toString()).toBe(privateKey);
    expect(Buffer.from(settings["KEYRECALL_SEAL_KEY"]!, "base64")).toHaveLength(32);
  });

  it("makes a webhook's secret where GitHub made none, and gives it to GitHub", () => {
    const { WEBHOOK_SECRET: secret } = parseEnv(readFileSync(file, "utf8"));
    expect(secret).toMatch(/^[0-9a-f]{64}$/);
    expect(world.github.settings().webhookSecret).toBe(secret);
  });

  it("prints no secret", () => {
    const said = ended.stdout + ended.stderr;
    for (const value of Object.values(parseEnv(readFileSync(file, "utf8"))).filter((one) => one!.length > 20)) {
      if (value !== world.github.baseUrl) expect(said).not.toContain(value);
    }
  });

  it("never writes over a file without being told, and asks nobody before it knows", async () => {
    const before = readFileSync(file);
    const requests = world.github.requests.length;
    const refused = await init([]).ended();
    expect(refused).toMatchObject({ code: 2, stdout: "" });
    expect(refused.stderr).toContain("is there already");
    expect(readFileSync(file)).toEqual(before);
    expect(world.github.requests).toHaveLength(requests);
    symlinkSync("nowhere", join(directory, "link.env"));
    expect((await init(["--settings", "link.env"]).ended()).code).toBe(2);
    expect((await init(["--settings", "no/such/place.env"]).ended()).code).toBe(2);
    const plain = await init(["--settings", "other.env"], "http://keyrecall.acme.example").ended();
    expect(plain).toMatchObject({ code: 2 });
    expect(plain.stderr).toContain("not encrypted");
  });

  it("replaces an App when it is told to, and keeps the seal key and what others have written", async () => {
    const other = join(directory, "second.env");
    const pem = '"-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----"';
    const key = Buffer.alloc(32, 7).toString("base64");
    writeFileSync(
      other,
      `# ours\nAPP_ID=1\nPRIVATE_KEY=${pem}\nKEYRECALL_SEAL_KEY=${key}\nREVOCATION_URL=https://revoke.acme.example/\n`,
      { mode: 0o644 },
    );
    const secret = "a-secret-that-github-has-made";
    world.github.set({ webhookSecret: secret });
    const command = init(["--settings", "second.env", "--replace", "--advisories"]);
    const form = await formOn(await pageOf(command));
    expect(form.action).toMatch(/\/settings\/apps\/new\?state=/);
    expect(form.action).not.toContain("/organizations/");
    expect(form.manifest).toMatchObject({ default_permissions: { repository_advisories: "write" } });
    await fetch(await submit(form));
    expect(await command.ended()).toMatchObject({ code: 0 });
    expect(statSync(other).mode & 0o777).toBe(0o600);
    const text = readFileSync(other, "utf8");
    expect(text).toMatch(/^# ours\nREVOCATION_URL=/);
    expect(text).not.toContain("AAAA");
    expect(parseEnv(text)).toMatchObject({
      KEYRECALL_SEAL_KEY: key,
      WEBHOOK_SECRET: secret,
      APP_ID: String(world.github.appCredentials().appId),
    });
    world.github.set({ webhookSecret: parseEnv(readFileSync(file, "utf8"))["WEBHOOK_SECRET"]! });
  });

  it("says what to do when the code is used up, and writes nothing", async () => {
    const command = init(["--settings", "third.env"]);
    const back = new URL(await submit(await formOn(await pageOf(command))));
    back.searchParams.set("code", "0".repeat(40));
    await fetch(back);
    const { code, stderr } = await command.ended();
    expect(code).toBe(2);
    expect(stderr).toContain("run init again");
    expect(existsSync(join(directory, "third.env"))).toBe(false);
  });
});

describe("keyrecall-app doctor", () => {
  let settings: Record<string, string>;
  const extra: Record<string, string> = {};

  beforeAll(async () => {
    const { environment, provider, api, github } = world;
    const names = ["REVOCATION_URL", "REVOCATION_SECRET", "INFERENCEKEY_BASE_URL", "DATA_DIRECTORY", "PORT"];
    for (const name of names) extra[name] = environment[name]!;
    expect(provider.url).toBe(extra["REVOCATION_URL"]);
    expect(api.baseUrl).toBe(extra["INFERENCEKEY_BASE_URL"]);
    settings = parseEnv(readFileSync(file, "utf8")) as Record<string, string>;
    Object.assign(environment, settings);
    await github.addRepository("acme/shop", { private: true });
    await github.addRepository("acme/leaks", { private: true });
    extra["PRIVATE_ISSUE_REPOSITORY"] = "acme/leaks";
    extra["CACHE_MAX_BYTES"] = "1000000";
    installation = github.addInstallation("acme", { silent: true });
    github.set({ webhookUrl: "https://127.0.0.1:9/api/github/webhooks" });
  });

  interface Finding {
    readonly check: string;
    readonly state: string;
    readonly what: string;
    readonly remedy: string | null;
  }

  async function doctor(changes: Record<string, string> = {}): Promise<{ code: number | null; findings: Finding[] }> {
    const args = ["doctor", "--settings", file, "--format", "json"];
    const { code, stdout, stderr } = await runCommand(args, { ...extra, ...changes });
    expect(stderr).toBe("");
    assertNoSecret(Buffer.from(stdout), "what doctor says");
    for (const secret of [...Object.values(settings), extra["REVOCATION_SECRET"]!, ...Object.values(changes)]) {
      if (/^[\w+/=-]{20,}$/.test(secret)) expect(stdout).not.toContain(secret);
    }
    return { code, findings: (JSON.parse(stdout) as { findings: Finding[] }).findings };
  }

  const of = (findings: readonly Finding[], check: string) => findings.filter((one) => one.check === check);

  it("finds nothing to do where all is well", async () => {
    const { code, findings } = await doctor();
    expect(findings.filter(({ state }) => state === "problem" || state === "unknown")).toEqual([]);
    expect(code).toBe(0);
    for (const check of [
      "tools",
      "files",
      "settings",
      "disk",
      "database",
      "seal-key",
      "github",
      "clock",
      "app",
      "permissions",
      "installations",
      "webhook",
      "deliveries",
      "issues",
      "revocation",
      "inferencekey",
    ]) {
      expect(
        of(findings, check).map(({ state }) => state),
        check,
      ).toContain("ok");
    }
    // Of its address nobody answers, which may be so seen from here.
    expect(of(findings, "front")).toMatchObject([{ state: "advice" }]);
    const text = await runCommand(["doctor", "--settings", file], extra);
    expect(text.code).toBe(0);
    expect(text.stdout).toMatch(/^ok {7}tools/m);
    expect(text.stdout).toContain("Everything that was looked at works.");
  });

  it("asks nobody to change anything", () => {
    expect(world.github.requests.filter(({ method, route }) => method !== "GET" && route === "unknown")).toEqual([]);
    expect(world.provider.requests.map(({ route }) => route)).not.toContain("revoke");
    expect(world.api.requests.every(({ effect }) => effect === "none" || effect === "read")).toBe(true);
  });

  it("names each thing that is wrong, with a remedy", async () => {
    const { github, provider } = world;
    const open = join(directory, "open.env");
    writeFileSync(open, readFileSync(file), { mode: 0o644 });
    const openFile = await runCommand(["doctor", "--settings", open], extra);
    expect(openFile.code).toBe(1);
    expect(openFile.stdout).toContain(`→ chmod 600 ${open}`);

    github.set({ webhookUrl: "http://keyrecall.acme.example/", clockSkewSeconds: 0 });
    github.setPermissions(installation, { metadata: "read", contents: "read", issues: "read", checks: "write" });
    await github.settled();
    provider.rotate(["another-secret-altogether"]);
    github.publicizeRepository("acme/leaks");
    const { code, findings } = await doctor({
      INFERENCEKEY_BASE_URL: "http://127.0.0.1:9",
      CACHE_DIRECTORY: join(file, "clones"),
    });
    expect(code).toBe(1);
    for (const [check, said] of [
      ["webhook", "the App listens at /api/github/webhooks"],
      ["installations", "issues: write"],
      ["installations", "discussions: read"],
      ["revocation", "invalid_signature"],
      ["issues", "acme/leaks is public"],
      ["inferencekey", "refused the connection"],
      ["disk", "cannot be written"],
      ["deliveries", "did not arrive"],
    ] as const) {
      const fitting = of(findings, check).filter(({ what }) => what.includes(said));
      expect(fitting.length, `${check}: ${said} in ${JSON.stringify(of(findings, check))}`).toBeGreaterThan(0);
      for (const { state, remedy } of fitting) {
        expect(["problem", "advice"]).toContain(state);
        expect(remedy).toMatch(/\w/);
      }
    }
  });

  it("tells a key that is another App's, settings that are missing, and a GitHub that is not there", async () => {
    const wrongApp = await doctor({ APP_ID: "1" });
    expect(wrongApp.code).toBe(1);
    expect(of(wrongApp.findings, "app")).toMatchObject([{ state: "problem" }]);
    const missing = await doctor({ KEYRECALL_SEAL_KEY: "short" });
    expect(of(missing.findings, "seal-key")).toMatchObject([
      { state: "problem", remedy: expect.stringContaining("openssl") },
    ]);
    const nowhere = await doctor({ GITHUB_API_URL: "http://127.0.0.1:9" });
    expect(of(nowhere.findings, "github")).toMatchObject([{ state: "problem" }]);
    const none = await runCommand(["doctor", "--format", "json"], {});
    expect(none.code).toBe(1);
    expect(none.stdout).toContain("WEBHOOK_SECRET is not set");
  });
});

describe("the App with the settings that init wrote", () => {
  it("contains its first leak", async () => {
    const { github, api, provider } = world;
    provider.rotate([world.environment["REVOCATION_SECRET"]!]);
    github.setPermissions(installation, Object.fromEntries(PERMISSIONS.map(({ name, level }) => [name, level])));
    // These come from the file alone.
    for (const name of ["APP_ID", "PRIVATE_KEY", "KEYRECALL_SEAL_KEY", "GITHUB_API_URL", "GITHUB_SERVER_URL"]) {
      delete world.environment[name];
    }
    const app = await world.start({}, ["--settings", file]);
    const front = await runCommand(["doctor", "--settings", file], { ...world.environment });
    expect(front.stdout).toMatch(/^skipped +database .* is in use by process/m);
    expect(front.stdout).toMatch(/^ok +front/m);
    const token = api.mintControlToken("acme");
    await github.commit("acme/shop", { files: { ".env": `INFERENCEKEY_SDK_TOKEN=${token.raw}\n` } });
    await rotationIssue(world, "acme/shop", token, "**Contained.**");
    expect(api.statusOf(token)).toBe("revoked");
    await app.stop();
  });
});
