/** Refusals that asking again does not change: they are outcomes, with a sentence for people, and no errors. */
import { GitHubError, MissingPermissionError } from "./errors.ts";

export type RefusalReason =
  | "missing"
  | "archived"
  | "issues-disabled"
  | "missing-permission"
  | "blocked"
  | "forbidden"
  | "invalid";

export interface Refusal {
  readonly kind: "refused";
  readonly reason: RefusalReason;
  /** For people: what was refused, and what helps. */
  readonly sentence: string;
}

/**
 * @param what was to be done, as in `open an issue in acme/billing`
 * @returns null for what is no refusal, or one that may pass: that is to be thrown
 */
export function refusalOf(error: unknown, what: string): Refusal | null {
  if (error instanceof MissingPermissionError) {
    const lacking = error.permissions === "" ? "a permission" : `the permission ${error.permissions}`;
    return refused(
      "missing-permission",
      `Keyrecall cannot ${what}: the App lacks ${lacking}, or is not installed there. Grant it in the settings of the App and approve it for the installation, or add the repository to it.`,
    );
  }
  // Limits, missing installations and answers that did not come have types of their own.
  if (!(error instanceof GitHubError) || error.name !== "GitHubError") return null;
  const { httpStatus, message } = error;
  switch (httpStatus) {
    case 404:
      return refused("missing", `Keyrecall cannot ${what}: it is gone, or the App may not see it.`);
    case 410:
      return /issue was deleted/i.test(message)
        ? refused("missing", `Keyrecall cannot ${what}: it was deleted.`)
        : refused("issues-disabled", `Keyrecall cannot ${what}: issues are disabled there.`);
    case 451:
      return refused("blocked", `Keyrecall cannot ${what}: GitHub blocks it for legal reasons.`);
    case 403:
      if (/archived/i.test(message))
        return refused("archived", `Keyrecall cannot ${what}: the repository is archived.`);
      if (/access blocked|disabled by|suspended/i.test(message))
        return refused("blocked", `Keyrecall cannot ${what}: GitHub has blocked it.`);
      return refused(
        "forbidden",
        `Keyrecall cannot ${what}: GitHub forbids it (an allow list of addresses, or a rule of the organisation).`,
      );
    case 422:
      if (/not accessible to the parent installation|no commit found/i.test(message)) {
        return refused("missing", `Keyrecall cannot ${what}: it is gone, or the App may not see it.`);
      }
      return refused("invalid", `Keyrecall cannot ${what}: GitHub calls it invalid.`);
    default:
      return null;
  }
}

export function refused(reason: RefusalReason, sentence: string): Refusal {
  return { kind: "refused", reason, sentence };
}

/** Runs a call, and makes an outcome of a lasting refusal. */
export async function orRefusal<Result>(what: string, call: () => Promise<Result>): Promise<Result | Refusal> {
  try {
    return await call();
  } catch (error) {
    const refusal = refusalOf(error, what);
    if (refusal === null) throw error;
    return refusal;
  }
}

export function isRefusal(outcome: unknown): outcome is Refusal {
  return typeof outcome === "object" && outcome !== null && "kind" in outcome && outcome.kind === "refused";
}
