import type { Gap } from "../core/gap.js";
import type { Repository } from "./repository.js";
/**
 * One path that differs from every parent. In a merge, a path that equals one parent's is not a change:
 * its content came in with that parent.
 */
export interface Change {
    readonly commit: string;
    readonly path: string;
    /** The blob; null where the path is gone, and for a submodule, which has no content here. */
    readonly newId: string | null;
    /** The blob that each parent has at the path, null where it has none; a root commit has one empty parent. */
    readonly oldIds: readonly (string | null)[];
    /** No parent has the path. */
    readonly isAdded: boolean;
    readonly isDeleted: boolean;
}
export interface CommitNode {
    readonly id: string;
    readonly parents: readonly string[];
}
export interface ChangeVisitor {
    commit(node: CommitNode): void;
    /** Decides by ids and raw path bytes (latin1) whether the change is wanted, before it is built. */
    wants(newId: string | null, oldIds: readonly (string | null)[], rawPath: string): boolean;
    change(change: Change): void;
}
/** Visits the changes of the given commits in the given order. A commit that git cannot compare becomes a gap. */
export declare function visitChanges(repository: Repository, commits: readonly string[], visitor: ChangeVisitor, onGap: (gap: Gap) => void): Promise<void>;
/**
 * What each merge changes against each of its parents by itself, at the given paths. The commit that the
 * visitor sees has the one parent that it was compared with.
 */
export declare function visitMerges(repository: Repository, merges: readonly CommitNode[], paths: readonly string[], visitor: ChangeVisitor, onGap: (gap: Gap) => void): Promise<void>;
export interface Rename {
    readonly source: string;
    readonly target: string;
    /** The blob at the source. */
    readonly sourceId: string;
}
export interface CommitPair {
    readonly commit: string;
    readonly parent: string;
}
/** Files that commits have renamed, as git's rename detection sees them. */
export declare function findRenames(repository: Repository, pairs: readonly CommitPair[], onRename: (commit: string, rename: Rename) => void, onGap: (gap: Gap) => void): Promise<void>;
/** The blobs that {@link findRenames} compares: of paths that are gone, and of those that are new. */
export declare function contentsOfRenames(repository: Repository, pairs: readonly CommitPair[], onGap: (gap: Gap) => void): Promise<string[]>;
/** Files that the index has renamed against a tree. */
export declare function findStagedRenames(repository: Repository, against: string, onRename: (rename: Rename) => void, onGap: (gap: Gap) => void): Promise<void>;
/**
 * What the index holds against one tree, in the form of a commit that has not been made yet.
 *
 * @param onUnmerged an unmerged path has no single content, and nothing can be committed before it is resolved
 */
export declare function indexChanges(repository: Repository, against: string, onUnmerged: (path: string) => void): Promise<Omit<Change, "commit">[]>;
/** The index is damaged, or not of a version that git reads. */
export declare class IndexUnreadableError extends Error {
    readonly name = "IndexUnreadableError";
}
