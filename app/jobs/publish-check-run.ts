/** The check run on a commit: made of all that was scanned for it, and again when an incident of it changes. */
import { createHash } from "node:crypto";
import { beginCheckRun, type CheckRunPlace, publishCheckRun as publish } from "../github/check-runs.ts";
import { isRefusal } from "../github/refusal.ts";
import { type CheckedLeak, checkRunReport } from "../issues/check-run.ts";
import { audit } from "../store/audit-log.ts";
import { findIncident } from "../store/incidents.ts";
import { findInstallation, findRepository } from "../store/repositories.ts";
import { saveCheckRun, summarizeHead } from "../store/scans.ts";
import type { JobContext } from "./context.ts";

/** What branch protection names. */
const NAME = "keyrecall";

export async function publishCheckRun(context: JobContext, repositoryId: number, head: string): Promise<void> {
  const { database, github, log } = context;
  const [summary, repository] = await Promise.all([
    summarizeHead(database, repositoryId, head),
    findRepository(database, repositoryId),
  ]);
  if (summary === null || repository === null || !repository.isCovered) return;
  if ((await findInstallation(database, repository.installationId))?.state !== "active") return;
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
    if (!isRefusal(begun)) await saveCheckRun(database, repositoryId, head, begun.id, "");
    return;
  }
  const leaks: CheckedLeak[] = [];
  for (const id of summary.incidentIds) {
    const incident = await findIncident(database, id);
    if (incident === null) continue;
    leaks.push({ incident, occurrences: incident.occurrences.filter((one) => one.repository.id === repositoryId) });
  }
  const { isComplete, gaps } = summary;
  const report = checkRunReport({ isPrivate: repository.isPrivate, leaks, isComplete, gaps, commits: null });
  const digest = createHash("sha256").update(JSON.stringify(report)).digest("hex");
  if (digest === summary.published) return;
  const outcome = await publish(client, identity, place, report);
  if (isRefusal(outcome)) {
    // The conclusion cannot be shown where it belongs, so it is said where the operator looks.
    log.error({ repository: repositoryId, head, why: outcome.sentence }, "a check run could not be published");
    await audit(database, {
      actor: "keyrecall",
      action: "check-run-published",
      repositoryId,
      detail: { head, refused: outcome.sentence },
    });
    return;
  }
  await saveCheckRun(database, repositoryId, head, outcome.id, digest);
  await audit(database, {
    actor: "keyrecall",
    action: "check-run-published",
    repositoryId,
    detail: { head, conclusion: report.conclusion, checkRun: outcome.id },
  });
}
