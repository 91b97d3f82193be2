// Check suites and runs of the one App.
import { readCommit, type CommitFacts } from "../git/store.ts";
import type { GitHub } from "../github.ts";
import { checkRunWithSuite, fullSuite } from "../shapes/checks.ts";
import type {
  Account,
  Annotation,
  CheckConclusion,
  CheckRun,
  CheckStatus,
  CheckSuite,
  Repository,
} from "../world/entities.ts";

export interface RunFields {
  readonly name?: string | undefined;
  readonly status?: CheckStatus | undefined;
  readonly conclusion?: CheckConclusion | undefined;
  readonly externalId?: string | undefined;
  readonly detailsUrl?: string | undefined;
  readonly startedAt?: Date | undefined;
  readonly completedAt?: Date | undefined;
  readonly output?: Partial<CheckRun["output"]> | undefined;
  /** Added to those that are there. */
  readonly annotations?: readonly Annotation[] | undefined;
  readonly actions?: CheckRun["actions"] | undefined;
}

/** One suite for each commit; it comes with the push, or with the first run. */
export function suiteOf(
  github: GitHub,
  repository: Repository,
  headSha: string,
  facts: { readonly branch: string | null; readonly before: string | null },
): CheckSuite {
  const known = repository.checkSuites.find((suite) => suite.headSha === headSha);
  if (known !== undefined) return known;
  const now = new Date();
  const suite: CheckSuite = {
    id: github.world.nextId(),
    headSha,
    headBranch: facts.branch,
    before: facts.before,
    status: "queued",
    conclusion: null,
    createdAt: now,
    updatedAt: now,
  };
  repository.checkSuites.push(suite);
  return suite;
}

export async function requestSuite(
  github: GitHub,
  repository: Repository,
  suite: CheckSuite,
  action: "requested" | "rerequested",
  sender: Account,
  known?: CommitFacts,
): Promise<void> {
  const head = known ?? (await readCommit(repository.gitDir, suite.headSha));
  const payload = { action, check_suite: fullSuite(github, repository, suite, head) };
  github.emit("check_suite", repository, payload, { sender, isForCheckWriters: true });
}

export function createRun(
  github: GitHub,
  repository: Repository,
  suite: CheckSuite,
  fields: RunFields & { readonly name: string },
): CheckRun {
  const run: CheckRun = {
    id: github.world.nextId(),
    suite,
    name: fields.name,
    headSha: suite.headSha,
    externalId: "",
    detailsUrl: null,
    status: "queued",
    conclusion: null,
    startedAt: new Date(),
    completedAt: null,
    output: { title: null, summary: null, text: null },
    annotations: [],
    actions: [],
  };
  repository.checkRuns.push(run);
  applyRun(run, fields);
  settleSuite(repository, suite);
  emitRun(github, repository, run, "created", github.bot);
  return run;
}

export function updateRun(github: GitHub, repository: Repository, run: CheckRun, fields: RunFields): void {
  const wasCompleted = run.status === "completed";
  applyRun(run, fields);
  settleSuite(repository, run.suite);
  if (!wasCompleted && run.status === "completed") emitRun(github, repository, run, "completed", github.bot);
}

export function rerequestRun(github: GitHub, repository: Repository, run: CheckRun, sender: Account): void {
  emitRun(github, repository, run, "rerequested", sender);
}

/** A person presses a button of the run. */
export function pressAction(
  github: GitHub,
  repository: Repository,
  run: CheckRun,
  identifier: string,
  sender: Account,
): void {
  emitRun(github, repository, run, "requested_action", sender, { requested_action: { identifier } });
}

function applyRun(run: CheckRun, fields: RunFields): void {
  run.name = fields.name ?? run.name;
  run.externalId = fields.externalId ?? run.externalId;
  run.detailsUrl = fields.detailsUrl ?? run.detailsUrl;
  run.startedAt = fields.startedAt ?? run.startedAt;
  run.actions = fields.actions ?? run.actions;
  run.output = { ...run.output, ...fields.output };
  run.annotations.push(...(fields.annotations ?? []));
  if (fields.conclusion !== undefined) {
    run.conclusion = fields.conclusion;
    run.status = "completed";
    run.completedAt = fields.completedAt ?? new Date();
  } else if (fields.status !== undefined) {
    // A run that is taken up again has no conclusion.
    run.status = fields.status;
    run.conclusion = null;
    run.completedAt = null;
  }
}

function emitRun(
  github: GitHub,
  repository: Repository,
  run: CheckRun,
  action: string,
  sender: Account,
  more: Readonly<Record<string, unknown>> = {},
): void {
  const isForCheckWriters = action === "rerequested" || action === "requested_action";
  const payload = { action, ...more, check_run: checkRunWithSuite(github, repository, run) };
  github.emit("check_run", repository, payload, { sender, isForCheckWriters });
}

const WORST_FIRST: readonly CheckConclusion[] = [
  "failure",
  "timed_out",
  "action_required",
  "cancelled",
  "stale",
  "success",
  "neutral",
  "skipped",
];

/** A suite is what its runs are: done when all are, and as bad as the worst. */
function settleSuite(repository: Repository, suite: CheckSuite): void {
  const latest = new Map<string, CheckRun>();
  for (const run of repository.checkRuns) if (run.suite === suite) latest.set(run.name, run);
  const runs = [...latest.values()];
  const isDone = runs.length > 0 && runs.every(({ status }) => status === "completed");
  suite.status = isDone ? "completed" : runs.some(({ status }) => status === "in_progress") ? "in_progress" : "queued";
  suite.conclusion = isDone
    ? (WORST_FIRST.find((conclusion) => runs.some((run) => run.conclusion === conclusion)) ?? null)
    : null;
  suite.updatedAt = new Date();
}
