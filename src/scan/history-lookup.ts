/** What tracing asks about history: how commits hang together, what they renamed, which paths they have. */
import type { Gap } from "../core/gap.ts";
import {
  type CommitNode,
  type CommitPair,
  contentsOfRenames,
  findRenames,
  findStagedRenames,
  type Rename,
} from "../git/changes.ts";
import { missingObjects } from "../git/object-store.ts";
import type { Repository } from "../git/repository.ts";
import { existingPaths, type ObtainObjects, type PathInCommit } from "../git/revisions.ts";
import type { CommitGraph } from "./commit-graph.ts";

export interface HistoryLookup {
  parentsOf(commit: string): readonly string[];
  merges(): readonly CommitNode[];
  /** Whether all of the history is known, and not only a range of it. */
  readonly isWhole: boolean;
  /** Rises from ancestors to descendants; below zero for a commit that is not known. */
  orderOf(commit: string): number;
  /** Whether one of `ancestors` is the commit itself or stands in its history. */
  isReachedBy(commit: string, ancestors: ReadonlySet<string>): boolean;
  findRenames(pairs: readonly CommitPair[], onRename: (commit: string, rename: Rename) => void): Promise<void>;
  /** Which of the paths, files or directories, are there. */
  existing(paths: readonly PathInCommit[]): Promise<(path: PathInCommit) => boolean>;
}

export function lookupInGraph(
  repository: Repository,
  graph: CommitGraph,
  isWhole: boolean,
  onGap: (gap: Gap) => void,
  obtain: ObtainObjects | null = null,
): HistoryLookup {
  return {
    isWhole,
    orderOf: (commit) => graph.orderOf(commit),
    parentsOf: (commit) => graph.parentsOf(commit),
    merges: () => graph.merges(),
    isReachedBy: (commit, ancestors) => graph.isReachedBy(commit, ancestors),
    async findRenames(pairs, onRename) {
      // git compares contents to see a rename, and stops where one is missing.
      if (obtain !== null && pairs.length > 0) {
        const missing = await missingObjects(repository, await contentsOfRenames(repository, pairs, onGap), onGap);
        if (missing.length > 0) await obtain(missing);
      }
      await findRenames(repository, pairs, onRename, onGap);
    },
    existing: (paths) => existingPaths(repository, paths, onGap),
  };
}

/** The one commit that the index will become. */
export function lookupInIndex(
  repository: Repository,
  commit: string,
  parents: readonly string[],
  onGap: (gap: Gap) => void,
): HistoryLookup {
  return {
    parentsOf: () => parents,
    merges: () => [],
    isWhole: false,
    orderOf: () => -1,
    isReachedBy: () => false,
    async findRenames(pairs, onRename) {
      for (const { parent } of pairs) {
        await findStagedRenames(repository, parent, (rename) => onRename(commit, rename), onGap);
      }
    },
    existing: (paths) =>
      existingPaths(
        repository,
        paths.filter((path) => path.commit !== commit),
        onGap,
      ),
  };
}
