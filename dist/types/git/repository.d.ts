import { type GitContext } from "./process.js";
import type { IdBytes } from "./storage/pack-index.js";
export interface Repository {
    /** The top of the working tree, or null in a bare repository. */
    readonly workTree: string | null;
    /** This working tree's own git directory. */
    readonly gitDirectory: string;
    /** The git directory that all linked working trees share. */
    readonly commonDirectory: string;
    readonly objectDirectory: string;
    readonly objectIdLength: 40 | 64;
    readonly isShallow: boolean;
    /** True where objects may be missing on purpose: a partial clone. */
    readonly isPartial: boolean;
    /** True where git itself tries to fetch what is missing: then it gives up at a missing object of a list. */
    readonly hasPromisorRemote: boolean;
    /** Why git refuses the repository, where it does; then only objects can be read. */
    readonly refusal: string | null;
    readonly git: GitContext;
    /** Removes what was made to read a refused repository. */
    readonly dispose: () => void;
}
/**
 * @param directory any directory in the repository
 * @returns null outside of a repository
 * @throws {KeyrecallError} `not-a-repository` where a `.git` leads nowhere
 */
export declare function openRepository(directory: string, signal?: AbortSignal, environment?: GitContext["environment"]): Promise<Repository | null>;
/** As the files of storage have names. */
export declare function idBytesOf({ objectIdLength }: Pick<Repository, "objectIdLength">): IdBytes;
/** What is known of a bare repository by whoever made it, and wrote all of its configuration. */
export interface OwnRepository {
    readonly objectIdLength: 40 | 64;
    readonly isShallow: boolean;
}
/** Git is not asked what it is: for a small scan the two questions are a third of all that git is run for. */
export declare function openOwnRepository(directory: string, { objectIdLength, isShallow }: OwnRepository, signal?: AbortSignal): Repository;
/** For a repository inside of another: what names the outer one does not hold for it. */
export declare const WITHOUT_CALLERS_REPOSITORY: Readonly<Record<string, undefined>>;
