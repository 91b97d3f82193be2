// The tour: a leak in a scratch repository, from finding it to knowing that it is dead. InferenceKey and the revocation
// provider are the emulators of test/emulators, so nothing leaves this machine. `npm run demo` runs the bundled form,
// dist/demo.js, which needs nothing to be installed.

import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { colorsFor } from "../src/cli/colors.ts";
import { type InferenceKeyEmulator, startInferenceKey } from "../test/emulators/inferencekey/emulator.ts";
import { type RevocationServer, startRevocationServer } from "../test/emulators/revocation/server.ts";
import { revokingIn } from "../test/emulators/revocation/wire.ts";

const colors = colorsFor(true);
const cli = fileURLToPath(new URL("../dist/cli.js", import.meta.url));
const startedAt = performance.now();
const servers: { close(): Promise<void> }[] = [];
const directory = mkdtempSync(join(tmpdir(), "keyrecall-demo-"));
const repository = join(directory, "shop");
const configuration = join(directory, "config.yml");
/** Where verdicts are kept between two commands: that a token was live makes a later refusal a difference. */
const cache = join(directory, "verdicts.json");

try {
  const { api, provider, secret } = await step(
    "InferenceKey's API and a revocation provider start, both emulated.",
    startServers,
  );
  const token = api.mintControlToken("acme");
  writeConfiguration(api, provider, secret);

  await step("A repository gets a leak, and a commit that takes the file away again.", () => leak(token.raw));

  say("Is it still there? The scan reads all that git keeps.");
  await keyrecall(["scan", "--history"], 1);

  say("Does it still work, and what could its holder do? acme is ours, so its workloads may be listed.");
  await keyrecall(["scan", "--history", "--verify"], 1);

  say("Take it out of service, and ask the API until it is dead.");
  await keyrecall(["revoke", "--yes"], 0, `${token.raw}\n`);

  say("Once more: the token stays in history, and opens nothing.");
  await keyrecall(["verify"], 0, `${token.raw}\n`);

  process.stdout.write(`\nThe whole tour took ${seconds(startedAt)}.\n`);
} finally {
  for (const server of servers) await server.close();
  rmSync(directory, { recursive: true, force: true });
}

async function startServers(): Promise<{ api: InferenceKeyEmulator; provider: RevocationServer; secret: string }> {
  const api = await startInferenceKey();
  servers.push(api);
  const secret = randomBytes(32).toString("hex");
  const provider = await startRevocationServer({ secrets: [secret], revoke: revokingIn(api) });
  servers.push(provider);
  api.addWorkload("acme", {
    slug: "support",
    model_name: "meta-llama/Llama-3.1-8B-Instruct",
    gpu_resource_id: "gpu_1",
  });
  api.addWorkload("acme", { slug: "search", task_type: "embedding", model_name: "nomic-embed-text" });
  return { api, provider, secret };
}

function writeConfiguration(api: InferenceKeyEmulator, provider: RevocationServer, secret: string): void {
  writeFileSync(join(directory, "secret"), secret, { mode: 0o600 });
  writeFileSync(
    configuration,
    [
      "version: 1",
      `baseUrl: ${api.baseUrl}`,
      "projects: [acme]",
      `revocation: { url: ${provider.url}, secretFiles: [secret] }`,
      "",
    ].join("\n"),
  );
}

async function leak(rawToken: string): Promise<void> {
  await git(["init", "--quiet", "--initial-branch=main", repository]);
  await commit("README.md", "# shop\n", "Begin");
  await commit("deploy/.env", `INFERENCEKEY_PROJECT=acme\nINFERENCEKEY_SDK_TOKEN=${rawToken}\n`, "Deploy");
  await git(["-C", repository, "rm", "--quiet", "deploy/.env"]);
  await git(["-C", repository, ...identity(), "commit", "--quiet", "--message", "Remove the environment file"]);
}

function identity(): string[] {
  return ["-c", "user.name=Ada", "-c", "user.email=ada@shop.example", "-c", "commit.gpgSign=false"];
}

async function commit(file: string, text: string, message: string): Promise<void> {
  const blob = (await git(["-C", repository, "hash-object", "-w", "--stdin"], text)).trim();
  await git(["-C", repository, "update-index", "--add", "--cacheinfo", `100644,${blob},${file}`]);
  await git(["-C", repository, ...identity(), "commit", "--quiet", "--message", message]);
  await git(["-C", repository, "checkout", "--quiet", "--", "."]);
}

function say(text: string): void {
  process.stdout.write(`\n${colors.cyan(colors.bold(`# ${text}`))}\n`);
}

async function step<Result>(text: string, act: () => Promise<Result>): Promise<Result> {
  const from = performance.now();
  say(text);
  const result = await act();
  process.stdout.write(colors.dim(`(${seconds(from)})\n`));
  return result;
}

async function keyrecall(args: readonly string[], expected: number, input = ""): Promise<void> {
  const from = performance.now();
  const command = `keyrecall ${args.join(" ")}${input === "" ? "" : " < leaked-token"}`;
  process.stdout.write(`${colors.green("$")} ${colors.bold(command)}\n`);
  const asks = args.includes("--verify") || args[0] !== "scan";
  const options = asks ? ["--user-config", configuration, "--cache", cache] : [];
  const { status } = await run(process.execPath, [cli, ...args, ...options], input, true);
  process.stdout.write(colors.dim(`(exit code ${status}, ${seconds(from)})\n`));
  if (status !== expected) throw new Error(`${command} ended with ${status}, and should have with ${expected}`);
}

async function git(args: readonly string[], input = ""): Promise<string> {
  const { status, output } = await run("git", args, input, false);
  if (status !== 0) throw new Error(`git ended with ${status}`);
  return output;
}

function run(
  command: string,
  args: readonly string[],
  input: string,
  isShown: boolean,
): Promise<{ status: number | null; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: isShown ? repository : directory,
      // Who is given nothing may have ended before nothing is written to it.
      stdio: [input === "" ? "ignore" : "pipe", isShown ? "inherit" : "pipe", "inherit"],
      env: environment(),
    });
    let output = "";
    child.stdout?.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
    child.on("error", reject);
    child.on("close", (status) => resolve({ status, output }));
    child.stdin?.end(input);
  });
}

/** Without what names another repository, as in a hook, or another configuration. */
function environment(): NodeJS.ProcessEnv {
  const rest = Object.entries(process.env).filter(([name]) => !name.startsWith("GIT_"));
  return { ...Object.fromEntries(rest), GIT_CONFIG_NOSYSTEM: "1", GIT_CONFIG_GLOBAL: join(directory, "none") };
}

function seconds(from: number): string {
  return `${((performance.now() - from) / 1000).toFixed(1)} s`;
}
