export interface GitContext {
    /** The directory that git runs in. */
    readonly directory: string;
    /** Added to the environment; undefined takes a variable out of it. */
    readonly environment?: Readonly<Record<string, string | undefined>>;
    readonly signal?: AbortSignal | undefined;
    /** git starts programs that reach the network, which do not end with it: all of them are stopped together. */
    readonly reachesNetwork?: boolean;
}
export interface GitResult {
    readonly status: number;
    readonly errorText: string;
}
export interface GitOutput extends GitResult {
    readonly output: Buffer;
}
export interface RunOptions {
    /** Written to standard input as git takes it in, a character for a byte. */
    readonly input?: Iterable<string> | undefined;
    /** Called with each piece of standard output; the bytes are the callee's to keep. */
    readonly onData: (bytes: Buffer) => void;
}
/** Runs git to its end and gives all that it printed. */
export declare function runGit(context: GitContext, args: readonly string[], input?: Iterable<string>): Promise<GitOutput>;
/**
 * Runs git and hands over its output piece by piece.
 *
 * @throws {KeyrecallError} `git-unavailable` when git is not installed
 * @throws the signal's reason when it is aborted, or what `onData` threw
 */
export declare function streamGit(context: GitContext, args: readonly string[], options: RunOptions): Promise<GitResult>;
/** The lines that git printed on standard error, without its `fatal:`, `error:` and `warning:`. */
export declare function errorLines(errorText: string): string[];
