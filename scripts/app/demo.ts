// The tour of the App: somebody pushes a token, and seconds later it is dead and one issue says all about it. Every part
// is a process of its own, and nothing leaves this machine. `npm run app:demo`.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startFleet } from "./fleet.ts";

const directory = mkdtempSync(join(tmpdir(), "keyrecall-app-demo-"));
const clone = join(directory, "shop");
const startedAt = performance.now();
const fleet = await step("GitHub, InferenceKey and a revocation provider start, all emulated, and the App.", () =>
  startFleet({ directory }),
);
try {
  const { github, gitHubUrl, tokens } = fleet;
  await step("The App is installed on the organisation acme, with its private repository shop.", async () => {
    await github.addOrganization("acme", { members: ["ada"] });
    await github.addRepository("acme/shop", { private: true });
    await github.addCollaborator("acme/shop", "ada");
    await github.addInstallation("acme");
  });
  await step("Ada pushes a control-plane token, in a file that her next commit takes away again.", async () => {
    const credential = await github.createUserToken("ada");
    const url = new URL(`${gitHubUrl}/acme/shop.git`);
    await git(["clone", "--quiet", url.href, clone], credential);
    await commit("deploy/.env", `INFERENCEKEY_SDK_TOKEN=${tokens["control acme write"]}\n`, "Deploy");
    await git(["-C", clone, "rm", "--quiet", "deploy/.env"]);
    await git(["-C", clone, ...identity(), "commit", "--quiet", "--message", "Remove the environment file"]);
    await git(["-C", clone, "push", "--quiet", "origin", "HEAD"], credential);
  });
  const issue = await step("The App finds it, asks whether it works, has it revoked, and asks until it is dead.", () =>
    until(async () =>
      (await github.issuesOf("acme/shop")).find(({ body }) => body?.includes("**Contained.**") ?? false),
    ),
  );
  process.stdout.write(
    `\n${issue.title} (#${issue.number}, assigned to ${issue.assignees?.map(({ login }) => login).join(", ")})\n\n`,
  );
  process.stdout.write(`${section(issue.body ?? "", "Time line")}\n`);
  const window = /Exposure window \| \*\*([^*]+)\*\*/.exec(issue.body ?? "")?.[1];
  if (window === undefined) throw new Error("the issue names no exposure window");
  process.stdout.write(`\nExposure window: ${window}, from the webhook's arrival to the API refusing the token.\n`);
  const [checkRun] = await until(async () => {
    const runs = await github.checkRunsOf("acme/shop");
    return runs.length > 0 ? runs : undefined;
  });
  process.stdout.write(`Check run on the pushed commit: ${checkRun?.conclusion} (${checkRun?.output.title})\n`);
  process.stdout.write(`\nThe whole tour took ${seconds(startedAt)}.\n`);
} finally {
  await fleet.close();
  rmSync(directory, { recursive: true, force: true });
}

function section(body: string, name: string): string {
  const text = body.split(/^## /m).find((part) => part.startsWith(`${name}\n`));
  if (text === undefined) throw new Error(`the issue has no section ${name}`);
  return text.slice(name.length).trim();
}

async function commit(file: string, text: string, message: string): Promise<void> {
  const path = join(clone, file);
  await run("mkdir", ["-p", join(path, "..")]);
  writeFileSync(path, text);
  await git(["-C", clone, "add", file]);
  await git(["-C", clone, ...identity(), "commit", "--quiet", "--message", message]);
}

function identity(): string[] {
  return ["-c", "user.name=Ada", "-c", "user.email=ada@acme.example", "-c", "commit.gpgSign=false"];
}

/** @param credential a user's token for the emulated GitHub, given by the environment and not by an argument */
function git(args: readonly string[], credential?: string): Promise<void> {
  const header = `AUTHORIZATION: basic ${Buffer.from(`ada:${credential}`).toString("base64")}`;
  return run("git", args, {
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_CONFIG_GLOBAL: join(directory, "none"),
    GIT_TERMINAL_PROMPT: "0",
    ...(credential === undefined
      ? {}
      : { GIT_CONFIG_COUNT: "1", GIT_CONFIG_KEY_0: "http.extraHeader", GIT_CONFIG_VALUE_0: header }),
  });
}

function run(command: string, args: readonly string[], environment: Record<string, string> = {}): Promise<void> {
  return new Promise((resolve, reject) => {
    const rest = Object.entries(process.env).filter(([name]) => !name.startsWith("GIT_"));
    const env = { ...Object.fromEntries(rest), ...environment };
    const child = spawn(command, args, { cwd: directory, env, stdio: ["ignore", "inherit", "inherit"] });
    child.on("error", reject);
    child.on("close", (status) => (status === 0 ? resolve() : reject(new Error(`${command} ended with ${status}`))));
  });
}

async function until<Value>(look: () => Promise<Value | undefined>): Promise<Value> {
  for (const deadline = Date.now() + 60_000; Date.now() < deadline;) {
    const value = await look();
    if (value !== undefined) return value;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error("nothing came of it within a minute");
}

async function step<Result>(text: string, act: () => Promise<Result>): Promise<Result> {
  const from = performance.now();
  process.stdout.write(`\n# ${text}\n`);
  const result = await act();
  process.stdout.write(`(${seconds(from)})\n`);
  return result;
}

function seconds(from: number): string {
  return `${((performance.now() - from) / 1000).toFixed(1)} s`;
}
