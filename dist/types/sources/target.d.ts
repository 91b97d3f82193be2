/** What a path on the command line names. */
export interface Target {
    /** Links in the way resolved; a link that is named itself and leads to a file is read as a link. */
    readonly path: string;
    readonly isDirectory: boolean;
    /** A link that leads to a file: whoever names it means the file as well. */
    readonly isLinkToFile: boolean;
    /** The directory itself, or the one that the file is in. */
    readonly directory: string;
}
/** @throws {KeyrecallError} `path-not-found`, or `usage` where it is neither file nor directory */
export declare function resolveTarget(target: string): Target;
