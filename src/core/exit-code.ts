/** Exit codes of every command; `docs/architecture.md` lists them for users. */
export const ExitCode = {
  clean: 0,
  found: 1,
  usage: 2,
  incomplete: 3,
  responseFailed: 4,
  stillLive: 5,
  bug: 70,
  interrupted: 130,
} as const;

export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];

/** When several hold, the first of these is the one that the process ends with. */
const PRECEDENCE: readonly ExitCode[] = [130, 70, 2, 5, 1, 4, 3, 0];

/** The one exit code of all that hold. */
export function strongestExitCode(codes: Iterable<ExitCode>): ExitCode {
  const held = new Set(codes);
  return PRECEDENCE.find((code) => held.has(code)) ?? ExitCode.clean;
}
