import type { Gap } from "../core/gap.js";
import type { CommitNode } from "./changes.js";
import type { Repository } from "./repository.js";
export interface ResolvedRange {
    /** Every commit of the range, on whatever line of history and with whatever date. */
    readonly commits: readonly string[];
    /** The objects that the range's ends name: commits, or tags. */
    readonly tips: readonly string[];
}
/**
 * @param range as git writes it: `A..B` or `A...B`
 * @throws {KeyrecallError} `unresolvable-range`
 */
export declare function resolveRange(repository: Repository, range: string): Promise<ResolvedRange>;
/** Brings objects in that a repository lacks on purpose. What is missing afterwards is a gap. */
export type ObtainObjects = (objectIds: readonly string[]) => Promise<void>;
/**
 * All that the tips reach and the known objects do not. A known object that is not here is left out of account: then
 * more is listed, never less.
 *
 * @param tips object ids that exist
 * @throws {KeyrecallError} `unresolvable-range`
 */
export declare function newCommits(repository: Repository, tips: readonly string[], known: readonly string[]): Promise<string[]>;
/** The commit that HEAD names, or null before the first commit. */
export declare function headCommit(repository: Repository): Promise<string | null>;
/** All commits that the given ones reach, themselves included. */
export declare function reachableCommits(repository: Repository, tips: readonly string[], onGap: (gap: Gap) => void): Promise<CommitNode[]>;
/** The commits that are being merged, while a merge is not yet committed. */
export declare function mergeHeads(repository: Repository): string[];
/** The tree without entries, which git knows without storing it. */
export declare function emptyTree(repository: Repository): Promise<string>;
export interface PathInCommit {
    readonly commit: string;
    readonly path: string;
}
/** Which of the paths exist, as files or directories. */
export declare function existingPaths(repository: Repository, paths: readonly PathInCommit[], onGap: (gap: Gap) => void): Promise<(path: PathInCommit) => boolean>;
