// Draws the picture of docs/reports.md: a made-up repository with leaks of two years, verified against the emulated API, and
// the page as a browser shows it. Nothing leaves this machine. It needs Chromium.

import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { startInferenceKey } from "../test/emulators/inferencekey/emulator.ts";
import { findChromium, startChromium } from "../test/support/browser.ts";

const root = join(import.meta.dirname, "..");
const cli = join(root, "dist/cli.js");
const chromium = findChromium();
if (chromium === undefined) throw new Error("needs Chromium on PATH, or KEYRECALL_CHROMIUM with its path");
const directory = mkdtempSync(join(tmpdir(), "keyrecall-report-"));
const repository = join(directory, "shop");
const page = join(directory, "report.html");
const api = await startInferenceKey();
try {
  api.addWorkload("acme", { slug: "support", gpu_resource_id: "gpu_1" });
  api.addWorkload("acme", { slug: "search" });
  makeRepository();
  await scan();
  await draw(`${root}/docs/report.png`);
} finally {
  await api.close();
  rmSync(directory, { recursive: true, force: true });
}

function makeRepository(): void {
  const [control, data, old, forgotten] = [
    api.mintControlToken("acme"),
    api.mintDataToken(["acme/support"]),
    api.mintDataToken(["acme/search"]),
    api.mintControlToken("acme"),
  ];
  mkdirSync(repository);
  git(["init", "-q", "-b", "main"]);
  commit("2025-02-03", "grace", "Deploy to the cluster", { "deploy/.env": `TOKEN=${control.raw}\n` });
  commit("2025-06-17", "linus", "First client", { "app/client.ts": `const key = "${old.raw}";\n` });
  commit("2025-11-05", "ada", "Read the key from the environment", { "app/client.ts": "const key = env.KEY;\n" });
  commit("2026-01-20", "ada", "Take the token out", { "deploy/.env": "TOKEN=\n" });
  commit("2026-04-02", "grace", "Notebook of the demo", { "notebooks/demo.ipynb": `{"source": ["${data.raw}"]}\n` });
  commit("2026-07-14", "linus", `Try it with ${forgotten.raw}`, { "README.md": "# Shop\n" });
  api.revoke(old);
}

function commit(day: string, name: string, message: string, files: Readonly<Record<string, string>>): void {
  for (const [file, content] of Object.entries(files)) {
    mkdirSync(dirname(join(repository, file)), { recursive: true });
    writeFileSync(join(repository, file), content);
  }
  git(["add", "-A"]);
  const date = `${day}T10:00:00Z`;
  const who = { NAME: name, EMAIL: `${name}@example.org`, DATE: date };
  const environment = Object.entries(who).flatMap(([key, value]) => [
    [`GIT_AUTHOR_${key}`, value],
    [`GIT_COMMITTER_${key}`, value],
  ]);
  git(["commit", "-q", "-m", message], Object.fromEntries(environment) as Record<string, string>);
}

function git(args: readonly string[], environment: Readonly<Record<string, string>> = {}): void {
  const isolated = { GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_NOSYSTEM: "1" };
  const { status, stderr } = spawnSync("git", args, {
    cwd: repository,
    encoding: "utf8",
    env: { ...process.env, ...isolated, ...environment },
  });
  if (status !== 0) throw new Error(`git ${args[0]}: ${stderr}`);
}

/** Not waited for in place: the API answers in this process. */
async function scan(): Promise<void> {
  const configuration = join(directory, "config.yml");
  writeFileSync(configuration, "version: 1\n");
  const verifying = ["--verify", "--base-url", api.baseUrl, "--no-cache", "--user-config", configuration];
  const args = [cli, "scan", "--history", "--output", page, "--project", "acme", ...verifying];
  const child = spawn(process.execPath, args, { cwd: repository, stdio: ["ignore", "ignore", "pipe"] });
  let errors = "";
  for await (const chunk of child.stderr) errors += String(chunk);
  const status = child.exitCode ?? (await new Promise<number | null>((done) => child.once("exit", done)));
  if (status !== 1) throw new Error(`the scan ended with ${status}: ${errors}`);
}

async function draw(file: `${string}.png`): Promise<void> {
  const browser = await startChromium(chromium!);
  try {
    const tab = await browser.newPage();
    await tab.emulateMediaFeatures([{ name: "prefers-color-scheme", value: "light" }]);
    await tab.setViewport({ width: 940, height: 900 });
    await tab.goto(pathToFileURL(page).href);
    await tab.screenshot({ path: file });
  } finally {
    await browser.close();
  }
}
