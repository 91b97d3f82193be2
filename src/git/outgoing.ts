/** What a push brings to the other side: the commits that it does not have, and what else its refs name. */
import type { Gap } from "../core/gap.ts";
import { typesOf } from "./object-store.ts";
import { errorLines, runGit } from "./process.ts";
import type { Repository } from "./repository.ts";
import { tagTargets } from "./tags.ts";

export interface RefUpdate {
  /** The name of the ref on the receiving side. */
  readonly ref: string;
  /** What the receiving side has there; null where it has nothing. */
  readonly oldId: string | null;
  readonly newId: string;
}

export interface Outgoing {
  readonly commits: readonly string[];
  /** Tag objects, from the outermost to the innermost. */
  readonly tags: readonly string[];
  /** Blobs and trees, with all that is in the trees, where a ref names no commit. */
  readonly others: readonly string[];
}

/** What the receiving side has: the remote of this name as it was last seen here, every ref of this repository, nothing. */
export type KnownSide = { readonly remote: string } | "all-refs" | "nothing";

/** @param onGap takes what could not be found out */
export async function outgoing(
  repository: Repository,
  updates: readonly RefUpdate[],
  known: KnownSide,
  onGap: (gap: Gap) => void,
): Promise<Outgoing> {
  const tips = await sortTips(repository, updates, onGap);
  const oldIds = new Set(updates.flatMap(({ oldId }) => oldId ?? []));
  // What the receiving side has and this one has not cannot be named here; it shortens nothing.
  const here = await typesOf(repository, [...oldIds], onGap);
  const exclude = [...here.keys()];
  const commits = await list(repository, tips.commits, exclude, known, [], onGap);
  const others = await list(repository, tips.others, [], "nothing", ["--objects", "--no-object-names"], onGap);
  return { commits, tags: tips.tags, others };
}

async function sortTips(
  repository: Repository,
  updates: readonly RefUpdate[],
  onGap: (gap: Gap) => void,
): Promise<{ commits: string[]; tags: string[]; others: string[] }> {
  const [commits, tags, others] = [new Set<string>(), new Set<string>(), new Set<string>()];
  for (let open = [...new Set(updates.map(({ newId }) => newId))]; open.length > 0;) {
    const types = await typesOf(repository, open, onGap);
    const found: string[] = [];
    for (const objectId of open) {
      const type = types.get(objectId);
      if (type === "commit") commits.add(objectId);
      else if (type === "tag") found.push(objectId);
      else if (type !== undefined) others.add(objectId);
      else onGap({ what: `object ${objectId}`, why: "missing from the repository; run git fsck" });
    }
    for (const tag of found) tags.add(tag);
    open = [...(await tagTargets(repository, found, onGap)).values()].filter((objectId) => !tags.has(objectId));
  }
  return { commits: [...commits], tags: [...tags], others: [...others] };
}

async function list(
  repository: Repository,
  include: readonly string[],
  exclude: readonly string[],
  known: KnownSide,
  options: readonly string[],
  onGap: (gap: Gap) => void,
): Promise<string[]> {
  if (include.length === 0) return [];
  const input = [...include.map((id) => `${id}\n`), ...exclude.map((id) => `^${id}\n`)];
  const args = ["rev-list", ...options, "--stdin", ...(await argumentsOf(repository, known))];
  const { status, output, errorText } = await runGit(repository.git, args, input);
  if (status !== 0) onGap({ what: "what is pushed", why: `${errorLines(errorText).join("; ")}; run git fsck` });
  return output
    .toString("latin1")
    .split("\n")
    .filter((line) => line !== "");
}

async function argumentsOf(repository: Repository, known: KnownSide): Promise<string[]> {
  if (known === "nothing") return [];
  if (known === "all-refs") return ["--not", "--all"];
  const { output } = await runGit(repository.git, ["remote"]);
  // The branches of a remote `a/b` stand among those of a remote `a`, which does not have them.
  const within = output
    .toString("utf8")
    .split("\n")
    .filter((name) => name.startsWith(`${known.remote}/`));
  return [
    "--not",
    ...within.map((name) => `--exclude=${escapePattern(name)}/*`),
    `--remotes=${escapePattern(known.remote)}/*`,
  ];
}

/** git reads names as patterns; characters that mean something in one stand for themselves. */
function escapePattern(name: string): string {
  return name.replace(/[*?[\]\\]/g, "\\$&");
}
