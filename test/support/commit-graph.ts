// Builds a whole commit graph with one process of `git fast-import`: shapes such as criss-cross merges, and many commits.
import type { Content, GitRepository } from "./git-repository.ts";

export interface GraphCommit {
  readonly name: string;
  /** Names of commits before this one in the list; the files start as those of the first parent. */
  readonly parents?: readonly string[];
  /** What changes against the first parent; `null` deletes. */
  readonly files?: Readonly<Record<string, Content | null>>;
  readonly message?: Content;
  readonly author?: string;
  /** Seconds since 1970. */
  readonly date?: number;
}

const SCRATCH_REF = "refs/heads/graph-under-construction";
const FIRST_DATE = Date.UTC(2026, 1, 2, 9) / 1000;

export function writeGraph(
  repository: GitRepository,
  commits: readonly GraphCommit[],
  branches: Readonly<Record<string, string>>,
): Record<string, string> {
  const marks = new Map(commits.map(({ name }, index) => [name, index + 1]));
  const parts = commits.flatMap((commit, index) => commitCommands(commit, index, marks));
  for (const [branch, name] of Object.entries(branches))
    parts.push(`reset refs/heads/${branch}\nfrom ${markOf(marks, name)}\n\n`);
  for (const { name } of commits) parts.push(`get-mark ${markOf(marks, name)}\n`);
  const input = Buffer.concat(parts.map((part) => Buffer.from(part)));
  const ids = repository.git(["fast-import", "--quiet", "--force"], { input }).split("\n");
  repository.git(["update-ref", "-d", SCRATCH_REF]);
  return Object.fromEntries(commits.map(({ name }, index) => [name, ids[index] ?? ""]));
}

function commitCommands(commit: GraphCommit, index: number, marks: ReadonlyMap<string, number>): Content[] {
  const date = commit.date ?? FIRST_DATE + index * 60;
  const [first, ...others] = commit.parents ?? [];
  const parts: Content[] = first === undefined ? [`reset ${SCRATCH_REF}\n\n`] : [];
  parts.push(`commit ${SCRATCH_REF}\nmark :${index + 1}\n`);
  parts.push(`author ${commit.author ?? "Ada Example"} <ada@example.org> ${date} +0000\n`);
  parts.push(`committer Ada Example <ada@example.org> ${date} +0000\n`);
  parts.push(...data(commit.message ?? commit.name));
  if (first !== undefined) parts.push(`from ${markOf(marks, first)}\n`);
  for (const other of others) parts.push(`merge ${markOf(marks, other)}\n`);
  for (const [path, content] of Object.entries(commit.files ?? {})) {
    if (content === null) parts.push(`D ${quotePath(path)}\n`);
    else parts.push(`M 100644 inline ${quotePath(path)}\n`, ...data(content));
  }
  parts.push("\n");
  return parts;
}

function data(content: Content): Content[] {
  return [`data ${Buffer.byteLength(content)}\n`, content, "\n"];
}

function markOf(marks: ReadonlyMap<string, number>, name: string): string {
  const mark = marks.get(name);
  if (mark === undefined) throw new Error(`no commit named ${name} in this graph`);
  return `:${mark}`;
}

/** C-style quoting, every byte that is not plain as three octal digits. */
function quotePath(path: string): string {
  const bytes = [...Buffer.from(path)];
  const quoted = bytes.map((byte) =>
    /[\w./-]/.test(String.fromCodePoint(byte)) ? String.fromCodePoint(byte) : `\\${byte.toString(8).padStart(3, "0")}`,
  );
  return `"${quoted.join("")}"`;
}
