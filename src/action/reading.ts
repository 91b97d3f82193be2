/** From a plan to something that can be scanned: fetches what it needs, and nothing into the checkout. */
import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import { KeyrecallError } from "../core/errors.ts";
import { fetchRange, type RangeEnd } from "../git/range-fetch.ts";
import type { Repository } from "../git/repository.ts";
import { type Remote, ScratchRepository } from "../git/scratch.ts";
import type { ScanResult, ScanSource } from "../scan/scan.ts";
import { objectIdLength } from "./environment.ts";
import { type Base, type Plan, UNNAMED_HEAD } from "./event.ts";
import type { PolicySource } from "./policy-files.ts";

export interface Reading {
  readonly source: ScanSource;
  /** In words. */
  readonly scope: string;
  readonly policy: PolicySource | null;
  /** Where the objects are that tokens were found in; null for files. */
  readonly repository: Repository | null;
  /** Whether a second scan can say more than the first: fetches what it needs for that. */
  readonly fetchMore: (result: ScanResult) => Promise<boolean>;
}

export interface ReadingContext {
  readonly remote: Remote;
  /** Of our own, and empty. */
  readonly directory: string;
  readonly workspace: string;
  readonly signal: AbortSignal;
}

/** @throws {KeyrecallError} where what is to be scanned cannot be had */
export async function prepareReading(
  plan: Exclude<Plan, { kind: "nothing" }>,
  context: ReadingContext,
): Promise<Reading> {
  if (plan.kind === "range") return prepareRange(plan, context);
  return plan.kind === "history" ? prepareHistory(plan.policy, context) : prepareTree(plan.policy, context);
}

async function prepareRange(plan: Plan & { kind: "range" }, context: ReadingContext): Promise<Reading> {
  const { head, headRef } = plan;
  const makeScratch = scratchMaker(context, head.objectId.length);
  const base = await resolveBase(plan.base, makeScratch);
  const fetched = await fetchRange(makeScratch, head, base);
  const { scratch, repository, fetchBlobs, commits } = fetched;
  if (!(await scratch.setRef(headRef, head.objectId))) await scratch.setRef(UNNAMED_HEAD, head.objectId);
  const from = fetched.base === null ? "" : `${fetched.base.slice(0, 12)}..`;
  let hasAll = false;
  return {
    source: { kind: "range", path: scratch.directory, range: fetched.range },
    scope: `${commits} commit${commits === 1 ? "" : "s"} (${from}${head.objectId.slice(0, 12)}), each by itself`,
    policy: fetched.base === null ? null : { repository, commit: fetched.base, fetchBlobs },
    repository,
    async fetchMore({ occurrences, coverage, isInterrupted }) {
      if (hasAll || isInterrupted || (occurrences.length === 0 && !coverage.hasGaps)) return false;
      hasAll = true;
      await fetched.fetchOldVersions();
      return true;
    },
  };
}

async function prepareHistory(base: Base, context: ReadingContext): Promise<Reading> {
  const end = base.kind === "commit" ? base.end : null;
  const makeScratch = scratchMaker(context, end?.objectId.length ?? objectIdLength());
  const scratch = await makeScratch();
  const failure = await scratch.fetch(["+refs/*:refs/*"], { takesShallow: true });
  if (failure !== null) throw new KeyrecallError("fetch-failed", `the history cannot be fetched: ${failure}`);
  if (!(await scratch.hasRefs())) {
    throw new KeyrecallError("fetch-failed", "the server shows no ref, so there is no history to scan", {
      hint: "check what the token may read",
    });
  }
  const repository = await scratch.open();
  const policy = await policyOf(base, scratch, repository);
  return {
    source: { kind: "history", path: scratch.directory },
    scope: "the history of all refs that the server shows",
    policy,
    repository,
    fetchMore: () => Promise.resolve(false),
  };
}

async function policyOf(base: Base, scratch: ScratchRepository, repository: Repository): Promise<PolicySource | null> {
  const fetchBlobs = (): Promise<void> => Promise.resolve();
  if (base.kind === "none") return null;
  const name = base.kind === "commit" ? base.end.objectId : base.ref;
  if (base.kind === "commit" && !(await scratch.has(name))) {
    const failure = await scratch.fetch([name]);
    if (failure !== null) throw unresolvableBase(name, failure);
  }
  const commit = await scratch.commitOf(name);
  return commit === null ? null : { repository, commit, fetchBlobs };
}

async function prepareTree(base: Base, context: ReadingContext): Promise<Reading> {
  const { workspace } = context;
  if (!existsSync(path.join(workspace, ".git")) || readdirSync(workspace).length < 2) {
    throw new KeyrecallError("path-not-found", `nothing is checked out in ${workspace}`, {
      hint: "put actions/checkout before this step, or scan history or the range",
    });
  }
  return {
    source: { kind: "tree", path: null, directory: workspace, useIgnoreRules: true },
    scope: "the working tree",
    policy: await policyAtBase(base, context),
    repository: null,
    fetchMore: () => Promise.resolve(false),
  };
}

async function policyAtBase(base: Base, context: ReadingContext): Promise<PolicySource | null> {
  const end = await resolveBase(base, scratchMaker(context, objectIdLength()));
  if (end === null) return null;
  const scratch = await scratchMaker(context, end.objectId.length)();
  const failure = await scratch.fetch([end.objectId], { filter: "blob:none", depth: 1 });
  if (failure !== null) throw unresolvableBase(end.objectId, failure);
  const repository = await scratch.open();
  return {
    repository,
    commit: end.objectId,
    async fetchBlobs(objectIds) {
      if (scratch.hasEverything) return;
      const why = await scratch.fetch(objectIds, { withoutNegotiation: true });
      if (why !== null) throw new KeyrecallError("fetch-failed", `a file of the base cannot be fetched: ${why}`);
    },
  };
}

async function resolveBase(base: Base, makeScratch: () => Promise<ScratchRepository>): Promise<RangeEnd | null> {
  if (base.kind === "none") return null;
  if (base.kind === "commit") return base.end;
  const objectId = await (await makeScratch()).lookUpRef(base.ref);
  // A server without that branch has nothing yet that a new commit could be measured by.
  return objectId === null ? null : { objectId, ref: base.ref };
}

function scratchMaker(
  { remote, directory, signal }: ReadingContext,
  idLength: number,
): () => Promise<ScratchRepository> {
  return () => ScratchRepository.create(directory, remote, idLength, signal);
}

function unresolvableBase(objectId: string, why: string): KeyrecallError {
  return new KeyrecallError("unresolvable-range", `the base commit ${objectId} cannot be fetched: ${why}`, {
    hint: "configuration and baseline are read from it, so nothing was scanned without it",
  });
}
