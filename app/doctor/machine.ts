/** What the App needs of the machine that it runs on: git, files that others cannot read, room on the disk. */
import { execFile } from "node:child_process";
import { accessSync, constants, existsSync, statfsSync, statSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { systemCodeOf } from "keyrecall";
import type { Settings } from "../settings.ts";
import { VERSION } from "../version.ts";
import { type Finding, finding, ok } from "./finding.ts";

const OLDEST_GIT = [2, 31] as const;
const GIB = 1024 ** 3;
/** Less than this and the next clone may not fit. */
const LEAST_FREE_BYTES = GIB;

export async function checkTools(): Promise<Finding> {
  const remedy = `install git ${OLDEST_GIT.join(".")} or newer`;
  try {
    const { stdout } = await promisify(execFile)("git", ["--version"], { timeout: 10_000 });
    const [major = 0, minor = 0] = (/(\d+)\.(\d+)/.exec(stdout)?.slice(1) ?? []).map(Number);
    const what = `keyrecall-app ${VERSION}, Node ${process.versions.node}, git ${major}.${minor}`;
    const isOld = major < OLDEST_GIT[0] || (major === OLDEST_GIT[0] && minor < OLDEST_GIT[1]);
    return isOld ? finding("tools", "problem", what, remedy) : ok("tools", what);
  } catch {
    return finding("tools", "problem", "git does not run", remedy);
  }
}

/** Files that hold secrets are their owner's only. */
export function checkFiles(files: readonly string[]): Finding[] {
  return files
    .filter((file) => existsSync(file))
    .map((file) => {
      const mode = statSync(file).mode & 0o777;
      const octal = mode.toString(8).padStart(4, "0");
      return (mode & 0o077) === 0 || process.platform === "win32"
        ? ok("files", `${file} can be read by its owner only (${octal})`)
        : finding("files", "problem", `${file} can be read by others (${octal})`, `chmod 600 ${file}`);
    });
}

export function checkDisk({ dataDirectory, cacheDirectory, cacheMaxBytes, databaseUrl }: Settings): Finding[] {
  const directories = [
    ...(databaseUrl === null ? [{ directory: dataDirectory, wanted: LEAST_FREE_BYTES }] : []),
    { directory: cacheDirectory, wanted: cacheMaxBytes },
  ];
  return directories.map(({ directory, wanted }) => {
    // What is not there yet is made by the App, in what there is.
    let existing = directory;
    while (!existsSync(existing) && path.dirname(existing) !== existing) existing = path.dirname(existing);
    try {
      accessSync(existing, constants.W_OK | constants.X_OK);
      const { bavail, bsize } = statfsSync(existing);
      const free = bavail * bsize;
      const what = `${directory}: ${gib(free)} GiB free`;
      if (free < LEAST_FREE_BYTES) {
        return finding("disk", "problem", what, "make room, or name another directory");
      }
      if (free < wanted) {
        const remedy = `set CACHE_MAX_BYTES below what is free; it is ${gib(wanted)} GiB`;
        return finding("disk", "advice", what, remedy);
      }
      return ok("disk", what);
    } catch (error) {
      const what = `${directory} cannot be written (${systemCodeOf(error) ?? "unknown"})`;
      return finding("disk", "problem", what, "give it to the user that the App runs as");
    }
  });
}

function gib(bytes: number): string {
  return (bytes / GIB).toFixed(1);
}
