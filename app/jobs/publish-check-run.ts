/** The check run on a commit: made of all that was scanned for it, and again when an incident of it changes. */
import { createHash } from "node:crypto";
import { beginCheckRun, type CheckRunPlace, publishCheckRun as publish } from "../github/check-runs.ts";
import type { GitHubClient } from "../github/client.ts";
import { InstallationUnavailableError } from "../github/errors.ts";
import { isRefusal } from "../github/refusal.ts";
import { findRepository as findOnGitHub } from "../github/repositories.ts";
import { type CheckedLeak, checkRunReport } from "../issues/check-run.ts";
import { audit } from "../store/audit-log.ts";
import { findIncident } from "../store/incidents.ts";
import { type CoveredRepository, findInstallation, findRepository, noteUnavailable } from "../store/repositories.ts";
import { type HeadSummary, noteCheckRunProblem, saveCheckRun, summarizeHead } from "../store/scans.ts";
import type { JobContext } from "./context.ts";
import { installationSentence } from "./permanent-error.ts";

/** What branch protection names. */
const NAME = "keyrecall";

export async function publishCheckRun(context: JobContext, repositoryId: number, head: string): Promise<void> {
  const { database } = context;
  const [summary, repository] = await Promise.all([
    summarizeHead(database, repositoryId, head),
    findRepository(database, repositoryId),
  ]);
  if (summary === null || repository === null || !repository.isCovered) return;
  const refuse = (why: string): Promise<void> => reportUnpublished(context, repositoryId, head, summary, why);
  const { installationId } = repository;
  const state = (await findInstallation(database, installationId))?.state;
  if (state !== "active") {
    return refuse(state === "suspended" ? "the installation is suspended" : "the App was uninstalled");
  }
  try {
    await publishNow(context, repository, head, summary, refuse);
  } catch (error) {
    if (!(error instanceof InstallationUnavailableError)) throw error;
    await noteUnavailable(database, installationId);
    await refuse(installationSentence(error));
  }
}

async function publishNow(
  context: JobContext,
  repository: CoveredRepository,
  head: string,
  summary: HeadSummary,
  refuse: (why: string) => Promise<void>,
): Promise<void> {
  const { database, github } = context;
  const repositoryId = repository.id;
  const client = await github.forInstallation(repository.installationId);
  const identity = await context.identity();
  const place: CheckRunPlace = {
    fullName: repository.fullName,
    headSha: head,
    externalId: `keyrecall ${head}`,
    name: NAME,
  };
  if (summary.isComplete === null) {
    // What was said of it before is no longer its conclusion.
    if (summary.checkRunId === null) return;
    const begun = await beginCheckRun(client, identity, place);
    if (isRefusal(begun)) return refuse(begun.sentence);
    return saveCheckRun(database, repositoryId, head, begun.id, "");
  }
  const leaks: CheckedLeak[] = [];
  for (const id of summary.incidentIds) {
    const incident = await findIncident(database, id);
    if (incident === null) continue;
    const occurrences = incident.occurrences.filter((one) => one.repository.id === repositoryId);
    leaks.push({ incident, occurrences, issueProblem: incident.issueProblem });
  }
  const { isComplete, gaps } = summary;
  const isPrivate = leaks.length + gaps.length === 0 || (await isPrivateNow(client, repository));
  const report = checkRunReport({ isPrivate, leaks, isComplete, gaps, commits: null });
  const digest = createHash("sha256").update(JSON.stringify(report)).digest("hex");
  if (digest === summary.published) return;
  const outcome = await publish(client, identity, place, report);
  if (isRefusal(outcome)) return refuse(outcome.sentence);
  await saveCheckRun(database, repositoryId, head, outcome.id, digest);
  await noteCheckRunProblem(database, repositoryId, head, null);
  await audit(database, {
    actor: "keyrecall",
    action: "check-run-published",
    repositoryId,
    detail: { head, conclusion: report.conclusion, checkRun: outcome.id },
  });
}

/** Events come late and in any order: what one of them said may not hold any more. */
async function isPrivateNow(client: GitHubClient, repository: CoveredRepository): Promise<boolean> {
  const now = await findOnGitHub(client, repository);
  return !isRefusal(now) && now.isPrivate;
}

/** The conclusion cannot be shown where it belongs: it is said to the operator, and in the issues of what was found. */
async function reportUnpublished(
  { database, queue, log, metrics }: JobContext,
  repositoryId: number,
  head: string,
  { incidentIds }: HeadSummary,
  why: string,
): Promise<void> {
  metrics.unpublished.inc({ what: "check-run" });
  log.error({ repository: repositoryId, head, why }, "a check run could not be published");
  await database.transaction(async (transaction) => {
    if (!(await noteCheckRunProblem(transaction, repositoryId, head, why))) return;
    const line = { actor: "keyrecall", action: "check-run-not-published", repositoryId } as const;
    const what = `no check run on commit ${head.slice(0, 12)}: ${why}`;
    await audit(transaction, { ...line, detail: { head, why } });
    for (const incidentId of incidentIds) {
      await audit(transaction, { ...line, incidentId, detail: { head, what } });
      await queue.send("issue", { incidentId }, { key: incidentId, within: transaction.boss });
    }
  });
}
