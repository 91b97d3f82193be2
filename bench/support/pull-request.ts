/** A copy of a repository that borrows its objects, with a pull request of synthetic commits on its main branch. */
import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import path from "node:path";

export interface ServedPullRequest {
  readonly gitDir: string;
  readonly base: string;
  readonly head: string;
  /** The first commit that is not of the base. */
  readonly first: string;
  /** What GitHub makes for a pull request: the commit that a workflow checks out. */
  readonly merge: string;
}

const FILES_OF_COMMIT = 4;
const LINES = 200;

/** @param repository is read only */
export function servePullRequest(repository: string, directory: string, commits: number): ServedPullRequest {
  const gitDir = path.join(directory, "served.git");
  git(["clone", "--quiet", "--bare", "--shared", "--no-tags", repository, gitDir]);
  const base = git(["-C", gitDir, "rev-parse", "HEAD"]);
  git(["-C", gitDir, "fast-import", "--quiet"], patchSeries(base, commits));
  const head = git(["-C", gitDir, "rev-parse", "refs/pull/1/head"]);
  const merge = git([
    "-C",
    gitDir,
    "-c",
    "user.name=Ada",
    "-c",
    "user.email=ada@example.org",
    "commit-tree",
    `${head}^{tree}`,
    ...[base, head].flatMap((parent) => ["-p", parent]),
    "-m",
    "Merge",
  ]);
  git(["-C", gitDir, "update-ref", "refs/pull/1/merge", merge]);
  const first = git(["-C", gitDir, "rev-list", "--reverse", `${base}..${head}`]).split("\n")[0] ?? "";
  return { gitDir, base, head, first, merge };
}

/** Commits that each change some files of a directory of their own, as text that compresses as little as code does. */
function patchSeries(base: string, commits: number): string {
  const parts: string[] = [];
  for (let commit = 0; commit < commits; commit++) {
    const seconds = 1_790_000_000 + commit * 60;
    parts.push(
      `commit refs/pull/1/head\ncommitter Ada <ada@example.org> ${seconds} +0000\n${data(`Change ${commit}\n`)}`,
      commit === 0 ? `from ${base}\n` : "",
    );
    for (let file = 0; file < FILES_OF_COMMIT; file++) {
      parts.push(`M 100644 inline synthetic/part-${(commit + file) % 10}/file-${file}.c\n${data(textOfFile())}`);
    }
    parts.push("\n");
  }
  return parts.join("");
}

function data(text: string): string {
  return `data ${Buffer.byteLength(text)}\n${text}\n`;
}

function textOfFile(): string {
  return Array.from({ length: LINES }, () => `static int f_${randomBytes(6).toString("base64url")}(void);\n`).join("");
}

export function git(args: readonly string[], input = ""): string {
  const env = { ...process.env, GIT_CONFIG_NOSYSTEM: "1", GIT_CONFIG_GLOBAL: "/dev/null", GIT_TERMINAL_PROMPT: "0" };
  return execFileSync("git", args, { input, encoding: "utf8", env, maxBuffer: 1 << 28 }).trim();
}
