/** Exit codes of every command; `docs/architecture.md` lists them for users. */
export declare const ExitCode: {
    readonly clean: 0;
    readonly found: 1;
    readonly usage: 2;
    readonly incomplete: 3;
    readonly responseFailed: 4;
    readonly stillLive: 5;
    readonly bug: 70;
    readonly interrupted: 130;
};
export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];
/** The one exit code of all that hold. */
export declare function strongestExitCode(codes: Iterable<ExitCode>): ExitCode;
