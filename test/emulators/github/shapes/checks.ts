import type { CommitFacts } from "../git/store.ts";
import type { Annotation, CheckRun, CheckSuite, Repository } from "../world/entities.ts";
import { nodeId } from "../world/world.ts";
import { integrationInWebhooks, maybeTime, time } from "./accounts.ts";
import { simpleCommit } from "./commits.ts";
import type { ShapeContext } from "./issues.ts";
import { minimalRepository } from "./repositories.ts";

export function checkRunShape(context: ShapeContext, repository: Repository, run: CheckRun) {
  const { urls, app } = context;
  const url = urls.repo(repository, `/check-runs/${run.id}`);
  return {
    id: run.id,
    node_id: nodeId("CR", run.id),
    name: run.name,
    head_sha: run.headSha,
    external_id: run.externalId,
    url,
    html_url: urls.html(repository, `/runs/${run.id}`),
    details_url: run.detailsUrl ?? urls.html(repository, `/runs/${run.id}`),
    status: run.status,
    conclusion: run.conclusion,
    started_at: time(run.startedAt),
    completed_at: maybeTime(run.completedAt),
    output: { ...run.output, annotations_count: run.annotations.length, annotations_url: `${url}/annotations` },
    check_suite: { id: run.suite.id },
    app: integrationInWebhooks(urls, app),
    pull_requests: pullsOf(context, repository, run.headSha),
  };
}

/** As webhooks describe it. */
export function checkRunWithSuite(context: ShapeContext, repository: Repository, run: CheckRun) {
  return { ...checkRunShape(context, repository, run), check_suite: suiteShape(context, repository, run.suite) };
}

function suiteShape(context: ShapeContext, repository: Repository, suite: CheckSuite) {
  const { urls, app } = context;
  return {
    id: suite.id,
    node_id: nodeId("CS", suite.id),
    head_branch: suite.headBranch,
    head_sha: suite.headSha,
    status: suite.status,
    conclusion: suite.conclusion,
    url: urls.repo(repository, `/check-suites/${suite.id}`),
    before: suite.before,
    after: suite.headSha,
    pull_requests: pullsOf(context, repository, suite.headSha),
    app: integrationInWebhooks(urls, app),
    created_at: time(suite.createdAt),
    updated_at: time(suite.updatedAt),
  };
}

export function fullSuite(context: ShapeContext, repository: Repository, suite: CheckSuite, head: CommitFacts) {
  const runs = repository.checkRuns.filter((run) => run.suite === suite);
  return {
    ...suiteShape(context, repository, suite),
    rerequestable: true,
    runs_rerequestable: true,
    latest_check_runs_count: runs.length,
    check_runs_url: context.urls.repo(repository, `/check-suites/${suite.id}/check-runs`),
    head_commit: simpleCommit(head),
  };
}

export function suiteWithRepository(
  context: ShapeContext,
  repository: Repository,
  suite: CheckSuite,
  head: CommitFacts,
) {
  return { ...fullSuite(context, repository, suite, head), repository: minimalRepository(context.urls, repository) };
}

export function annotationShape({ urls }: ShapeContext, repository: Repository, run: CheckRun, annotation: Annotation) {
  return {
    path: annotation.path,
    blob_href: urls.html(repository, `/blob/${run.headSha}/${annotation.path}`),
    start_line: annotation.start_line,
    end_line: annotation.end_line,
    start_column: annotation.start_column ?? null,
    end_column: annotation.end_column ?? null,
    annotation_level: annotation.annotation_level,
    title: annotation.title ?? null,
    message: annotation.message,
    raw_details: annotation.raw_details ?? null,
  };
}

/** Of forks nothing is named here. */
function pullsOf({ urls, world }: ShapeContext, repository: Repository, sha: string) {
  return repository.issues.flatMap(({ number, state, pull }) => {
    if (pull === undefined || state === "closed" || pull.headSha !== sha) return [];
    if (pull.headRepository !== repository.id) return [];
    const head = world.findRepositoryById(pull.headRepository) ?? repository;
    const repo = (of: Repository) => ({ id: of.id, url: urls.repo(of), name: of.name });
    return [
      {
        id: pull.id,
        number,
        url: urls.repo(repository, `/pulls/${number}`),
        head: { ref: pull.headRef, sha: pull.headSha, repo: repo(head) },
        base: { ref: pull.baseRef, sha: pull.baseSha, repo: repo(repository) },
      },
    ];
  });
}
