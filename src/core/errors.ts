/** What went wrong, as far as a caller has to tell cases apart. The message is for people and is never parsed. */
export type ErrorCode =
  | "usage"
  | "configuration"
  | "not-a-repository"
  | "path-not-found"
  | "unresolvable-range"
  | "git-unavailable"
  | "fetch-failed"
  | "interrupted"
  | "output";

/**
 * An operational failure: something outside the program is not as it has to be.
 * `message` says what failed and names the thing; `hint` says what to do about it.
 */
export class KeyrecallError extends Error {
  readonly code: ErrorCode;
  readonly hint: string | undefined;

  constructor(code: ErrorCode, message: string, options: { hint?: string; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "KeyrecallError";
    this.code = code;
    this.hint = options.hint;
  }
}

/** The message of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The `code` of a Node system error (`ENOENT`, `EPIPE`, …), or undefined. */
export function systemCodeOf(error: unknown): string | undefined {
  if (typeof error !== "object" || error === null || !("code" in error)) return undefined;
  return typeof error.code === "string" ? error.code : undefined;
}
