import { isRecord } from "../../http/request-body.ts";
// Check runs and suites: only an App has them, and only its own can be changed.
import { createRun, requestSuite, rerequestRun, suiteOf, updateRun, type RunFields } from "../domain/checks.ts";
import { findCommit, readCommit } from "../git/store.ts";
import { forbidden, GitHubError, notFound } from "../github-error.ts";
import { actorOf, created, list, ok, text, type RepositoryCall, type Result, type Route } from "../route.ts";
import { annotationShape, checkRunShape, suiteWithRepository } from "../shapes/checks.ts";
import type { Annotation, CheckConclusion, CheckRun, CheckStatus, CheckSuite } from "../world/entities.ts";

const reads = [{ checks: "read" }] as const;
const writes = [{ checks: "write" }] as const;
const LONGEST_TEXT = 65_535;
const MOST_ANNOTATIONS = 50;
const LONGEST_MESSAGE = 64 * 1024;
const MOST_ACTIONS = 3;

export const checkRoutes: readonly Route[] = [
  {
    route: "POST /repos/{owner}/{repo}/check-runs",
    by: "repository",
    needs: writes,
    handle: create,
  },
  {
    route: "PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}",
    by: "repository",
    needs: writes,
    handle: (call) => {
      onlyApps(call);
      const run = findRun(call);
      updateRun(call.github, call.repository, run, readFields(call));
      return ok(checkRunShape(call.github, call.repository, run));
    },
  },
  {
    route: "GET /repos/{owner}/{repo}/check-runs/{check_run_id}",
    by: "repository",
    needs: reads,
    handle: (call) => ok(checkRunShape(call.github, call.repository, findRun(call))),
  },
  {
    route: "GET /repos/{owner}/{repo}/check-runs/{check_run_id}/annotations",
    by: "repository",
    needs: reads,
    handle: (call) => {
      const run = findRun(call);
      return list(run.annotations, (annotation) => annotationShape(call.github, call.repository, run, annotation));
    },
  },
  {
    route: "POST /repos/{owner}/{repo}/check-runs/{check_run_id}/rerequest",
    by: "repository",
    needs: writes,
    handle: (call) => {
      rerequestRun(call.github, call.repository, findRun(call), actorOf(call));
      return created({});
    },
  },
  {
    route: "GET /repos/{owner}/{repo}/check-suites/{check_suite_id}",
    by: "repository",
    needs: reads,
    handle: async (call) => ok(await renderSuite(call, findSuite(call))),
  },
  {
    route: "GET /repos/{owner}/{repo}/check-suites/{check_suite_id}/check-runs",
    by: "repository",
    needs: reads,
    handle: (call) => {
      const suite = findSuite(call);
      return listRuns(
        call,
        call.repository.checkRuns.filter((run) => run.suite === suite),
      );
    },
  },
  {
    route: "POST /repos/{owner}/{repo}/check-suites/{check_suite_id}/rerequest",
    by: "repository",
    needs: writes,
    handle: async (call) => {
      await requestSuite(call.github, call.repository, findSuite(call), "rerequested", actorOf(call));
      return created({});
    },
  },
  {
    route: "GET /repos/{owner}/{repo}/commits/{ref}/check-runs",
    by: "repository",
    needs: reads,
    handle: async (call) => {
      const sha = await requireCommit(call);
      return listRuns(
        call,
        call.repository.checkRuns.filter((run) => run.headSha === sha),
      );
    },
  },
  {
    route: "GET /repos/{owner}/{repo}/commits/{ref}/check-suites",
    by: "repository",
    needs: reads,
    handle: async (call) => {
      const sha = await requireCommit(call);
      const suites = call.repository.checkSuites.filter((suite) => suite.headSha === sha);
      const shapes = await Promise.all(suites.map((suite) => renderSuite(call, suite)));
      return list(
        shapes,
        (shape) => shape,
        (page, total) => ({ total_count: total, check_suites: page }),
      );
    },
  },
];

async function create(call: RepositoryCall): Promise<Result> {
  const { github, repository, body } = call;
  onlyApps(call);
  const asked = text(body["head_sha"]) ?? "";
  const sha = /^[0-9a-f]{40}$/.test(asked) ? await findCommit(repository.gitDir, asked) : undefined;
  if (sha === undefined) throw new GitHubError(422, `No commit found for SHA: ${asked}`);
  const suite = suiteOf(github, repository, sha, { branch: null, before: null });
  const run = createRun(github, repository, suite, { ...readFields(call), name: text(body["name"]) ?? "" });
  return created(checkRunShape(github, repository, run));
}

function readFields({ body }: RepositoryCall): RunFields {
  const output = isRecord(body["output"]) ? body["output"] : {};
  const annotations = Array.isArray(output["annotations"]) ? (output["annotations"] as Annotation[]) : [];
  checkOutput(output, annotations);
  const actions = body["actions"];
  if (Array.isArray(actions) && actions.length > MOST_ACTIONS) throw tooLong("actions", MOST_ACTIONS, "items");
  if (body["status"] === "completed" && body["conclusion"] === undefined) {
    throw new GitHubError(422, "Invalid request.\n\nMissing conclusion for a completed check run.");
  }
  const texts = (["title", "summary", "text"] as const).flatMap((name) => {
    const value = text(output[name]);
    return value === undefined ? [] : [[name, value] as const];
  });
  return {
    name: text(body["name"]),
    status: body["status"] as CheckStatus | undefined,
    conclusion: body["conclusion"] as CheckConclusion | undefined,
    externalId: text(body["external_id"]),
    detailsUrl: text(body["details_url"]),
    startedAt: date(body["started_at"]),
    completedAt: date(body["completed_at"]),
    output: Object.fromEntries(texts),
    annotations,
    actions: Array.isArray(actions) ? (actions as CheckRun["actions"]) : undefined,
  };
}

function checkOutput(output: Readonly<Record<string, unknown>>, annotations: readonly Annotation[]): void {
  for (const name of ["summary", "text"]) {
    if ((text(output[name]) ?? "").length > LONGEST_TEXT) throw tooLong(`output.${name}`, LONGEST_TEXT, "characters");
  }
  if (annotations.length > MOST_ANNOTATIONS) throw tooLong("output.annotations", MOST_ANNOTATIONS, "items");
  for (const annotation of annotations) {
    if (Buffer.byteLength(annotation.message) > LONGEST_MESSAGE) throw tooLong("message", LONGEST_MESSAGE, "bytes");
    if ((annotation.title ?? "").length > 255) throw tooLong("title", 255, "characters");
    if (Buffer.byteLength(annotation.raw_details ?? "") > LONGEST_MESSAGE) {
      throw tooLong("raw_details", LONGEST_MESSAGE, "bytes");
    }
    const hasColumns = annotation.start_column !== undefined || annotation.end_column !== undefined;
    if (hasColumns && annotation.start_line !== annotation.end_line) {
      throw new GitHubError(422, "Invalid request.\n\nColumns are for annotations of a single line.");
    }
  }
}

function tooLong(field: string, limit: number, unit: string): GitHubError {
  return new GitHubError(422, `Invalid request.\n\n${field} exceeds the limit of ${limit} ${unit}.`);
}

function listRuns({ github, repository, query }: RepositoryCall, runs: readonly CheckRun[]): Result {
  const name = query.get("check_name");
  const status = query.get("status");
  const appId = query.get("app_id");
  const matching = runs.filter(
    (run) =>
      (name === null || run.name === name) &&
      (status === null || run.status === status) &&
      (appId === null || Number(appId) === github.app.id),
  );
  const latest = new Map(matching.map((run) => [run.name, run]));
  const found = query.get("filter") === "all" ? matching : [...latest.values()];
  return list(
    found.toReversed(),
    (run) => checkRunShape(github, repository, run),
    (page, total) => ({ total_count: total, check_runs: page }),
  );
}

function onlyApps({ principal }: RepositoryCall): void {
  if (principal.kind !== "installation") throw new GitHubError(403, "You must authenticate via a GitHub App.");
  if (principal.token.permissions["checks"] !== "write") throw forbidden();
}

function findRun({ repository, params }: RepositoryCall): CheckRun {
  const run = repository.checkRuns.find(({ id }) => id === Number(params["check_run_id"]));
  if (run === undefined) throw notFound();
  return run;
}

function findSuite({ repository, params }: RepositoryCall): CheckSuite {
  const suite = repository.checkSuites.find(({ id }) => id === Number(params["check_suite_id"]));
  if (suite === undefined) throw notFound();
  return suite;
}

async function requireCommit({ repository, params }: RepositoryCall): Promise<string> {
  const sha = await findCommit(repository.gitDir, params["ref"] ?? "");
  if (sha === undefined) throw new GitHubError(422, `No commit found for SHA: ${params["ref"]}`);
  return sha;
}

async function renderSuite({ github, repository }: RepositoryCall, suite: CheckSuite) {
  const head = await readCommit(repository.gitDir, suite.headSha);
  return suiteWithRepository(github, repository, suite, head);
}

function date(value: unknown): Date | undefined {
  return typeof value === "string" ? new Date(value) : undefined;
}
