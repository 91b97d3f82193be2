/** What a push brings to the other side: the commits that it does not have, and what else its refs name. */
import type { Gap } from "../core/gap.js";
import type { Repository } from "./repository.js";
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
export type KnownSide = {
    readonly remote: string;
} | "all-refs" | "nothing";
/** @param onGap takes what could not be found out */
export declare function outgoing(repository: Repository, updates: readonly RefUpdate[], known: KnownSide, onGap: (gap: Gap) => void): Promise<Outgoing>;
