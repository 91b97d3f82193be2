/** From the event that started the workflow to what is to be scanned. */
import { readFileSync } from "node:fs";
import { KeyrecallError, messageOf } from "../core/errors.ts";
import { field } from "../core/field.ts";
import type { RangeEnd } from "../git/range-fetch.ts";
import type { Inputs } from "./inputs.ts";

export interface WorkflowEvent {
  readonly name: string;
  readonly payload: unknown;
  /** `owner/name` */
  readonly repository: string;
  readonly actor: string;
}

/** Where something begins that is not of the event itself. */
export type Base =
  | { readonly kind: "commit"; readonly end: RangeEnd }
  /** What the server's default branch is at now. */
  | { readonly kind: "default-branch"; readonly ref: string }
  | { readonly kind: "none" };

export type Plan =
  | {
      readonly kind: "range";
      readonly head: RangeEnd;
      /** The name that the head gets, as people know it. */
      readonly headRef: string;
      readonly base: Base;
      readonly notes: readonly string[];
    }
  /** Configuration, allowlist and baseline come from `policy`. */
  | { readonly kind: "history" | "tree"; readonly policy: Base; readonly notes: readonly string[] }
  | { readonly kind: "nothing"; readonly why: string };

/** @throws {KeyrecallError} */
export function readEvent(environment: NodeJS.ProcessEnv): WorkflowEvent {
  const required = (name: string): string => {
    const value = environment[name] ?? "";
    if (value === "") {
      throw new KeyrecallError("usage", `${name} is not set`, { hint: "run this as a step of a GitHub workflow" });
    }
    return value;
  };
  const name = required("GITHUB_EVENT_NAME");
  const file = required("GITHUB_EVENT_PATH");
  const repository = required("GITHUB_REPOSITORY");
  if (!/^[\w.-]+\/[\w.-]+$/.test(repository)) {
    throw new KeyrecallError("usage", `GITHUB_REPOSITORY is ${repository}, which is no owner/name`);
  }
  let payload: unknown;
  try {
    payload = JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw new KeyrecallError("usage", `the event's payload cannot be read: ${messageOf(error)}`, { cause: error });
  }
  return { name, payload, repository, actor: environment["GITHUB_ACTOR"] ?? "" };
}

function textField(payload: unknown, ...path: readonly string[]): string | null {
  const value = field(payload, ...path);
  return typeof value === "string" && value !== "" ? value : null;
}

/** @throws {KeyrecallError} where the event says too little, or asks for what it has not */
export function planScan(event: WorkflowEvent, scan: Inputs["scan"]): Plan {
  const range = rangeOf(event);
  if (scan === "auto" && range === null) {
    if (WITHOUT_RANGE.has(event.name)) return { kind: "history", policy: defaultBranch(event), notes: [] };
    throw new KeyrecallError("usage", `the event ${event.name} has no range of commits`, {
      hint: "set the input scan to history or tree",
    });
  }
  if (scan === "range" && range === null) {
    throw new KeyrecallError("usage", `input scan is range, and the event ${event.name} has no range of commits`, {
      hint: "set it to history or tree, or leave it out",
    });
  }
  if (scan === "auto" || scan === "range") return range!;
  const policy = range?.kind === "range" ? range.base : defaultBranch(event);
  const notes =
    scan === "tree" && event.name === "pull_request_target"
      ? ["The working tree is not the pull request's, whose commits were not read."]
      : [];
  return { kind: scan, policy, notes };
}

/** Never to be mixed up with a ref of the server. */
export const UNNAMED_HEAD = "refs/keyrecall/head";

/** Events that are about the repository as it is. */
const WITHOUT_RANGE = new Set(["schedule", "workflow_dispatch", "repository_dispatch"]);

function rangeOf(event: WorkflowEvent): Plan | null {
  const { name, payload } = event;
  if (name === "push") return pushedRange(event);
  if (name === "merge_group") {
    return {
      kind: "range",
      head: end(event, ["merge_group", "head_sha"], textField(payload, "merge_group", "head_ref")),
      headRef: refNameOf(textField(payload, "merge_group", "head_ref")) ?? UNNAMED_HEAD,
      base: commitBase(end(event, ["merge_group", "base_sha"], textField(payload, "merge_group", "base_ref"))),
      notes: [],
    };
  }
  const isPullRequest = name.startsWith("pull_request") || field(payload, "pull_request", "head", "sha") !== undefined;
  return isPullRequest ? pullRequestRange(event) : null;
}

function pullRequestRange(event: WorkflowEvent): Plan {
  const { payload } = event;
  const number = field(payload, "pull_request", "number") ?? field(payload, "number");
  const headRef = Number.isSafeInteger(number) ? `refs/pull/${String(number)}/head` : null;
  const baseName = textField(payload, "pull_request", "base", "ref");
  return {
    kind: "range",
    head: end(event, ["pull_request", "head", "sha"], headRef),
    headRef: headRef ?? UNNAMED_HEAD,
    base: commitBase(end(event, ["pull_request", "base", "sha"], baseName === null ? null : `refs/heads/${baseName}`)),
    notes: [],
  };
}

function pushedRange(event: WorkflowEvent): Plan {
  const { payload } = event;
  const ref = textField(payload, "ref");
  const after = textField(payload, "after");
  if (field(payload, "deleted") === true || (after !== null && isZero(after))) {
    return { kind: "nothing", why: `${ref ?? "a ref"} was deleted: nothing came in` };
  }
  if (ref === null || refNameOf(ref) === null) throw lacks(event, ["ref"]);
  const before = textField(payload, "before");
  if (before === null) throw lacks(event, ["before"]);
  const head = end(event, ["after"], ref);
  if (!isZero(before)) {
    const base = commitBase(end(event, ["before"], null));
    return { kind: "range", head, headRef: ref, base, notes: [] };
  }
  const base = defaultBranch(event);
  // The first push of the branch that all others are measured by.
  const isFirst = base.kind === "default-branch" && base.ref === ref;
  return { kind: "range", head, headRef: ref, base: isFirst ? { kind: "none" } : base, notes: [] };
}

function defaultBranch({ payload }: WorkflowEvent): Base {
  const ref = `refs/heads/${textField(payload, "repository", "default_branch") ?? ""}`;
  return refNameOf(ref) === null ? { kind: "none" } : { kind: "default-branch", ref };
}

function commitBase(range: RangeEnd): Base {
  return { kind: "commit", end: range };
}

/** @param ref where the server has the object; one that git would not take for a name is passed over */
function end(event: WorkflowEvent, path: readonly string[], ref: string | null): RangeEnd {
  const objectId = textField(event.payload, ...path);
  if (objectId === null || !/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(objectId) || isZero(objectId)) {
    throw lacks(event, path);
  }
  return { objectId, ref: refNameOf(ref) };
}

/** Null for a pattern, half of a refspec, more than one line: what git takes for no name. Source: git-check-ref-format. */
function refNameOf(ref: string | null): string | null {
  // oxlint-disable-next-line no-control-regex
  const isName = /^refs\/.*[^/]$/.test(ref ?? "") && !/[\u0000-\u0020\u007f~^:?*[\\]|\.\.|@\{/.test(ref ?? "");
  return isName ? ref : null;
}

function isZero(objectId: string): boolean {
  return /^0+$/.test(objectId);
}

function lacks({ name }: WorkflowEvent, path: readonly string[]): KeyrecallError {
  return new KeyrecallError("usage", `the payload of the event ${name} has no ${path.join(".")} that can be used`, {
    hint: "without it the range of commits is not known, and nothing was scanned",
  });
}

/** Why a run has no secrets, or null where it may have them. */
export function withoutSecrets({ payload, actor }: WorkflowEvent): string | null {
  const author = field(payload, "pull_request", "user", "login");
  if (actor === "dependabot[bot]" || author === "dependabot[bot]") return "a run of Dependabot";
  if (field(payload, "pull_request") === undefined) return null;
  const head = field(payload, "pull_request", "head", "repo", "full_name");
  const base = field(payload, "pull_request", "base", "repo", "full_name") ?? field(payload, "repository", "full_name");
  // A fork that was deleted has no repository, and what says nothing may be one.
  return typeof head === "string" && head === base ? null : "a pull request from a fork";
}
