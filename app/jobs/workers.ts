/** Which job is done by what, and how many at a time. */
import { publishHistorySummary } from "../backfill/publish-summary.ts";
import { backfillStep } from "../backfill/step.ts";
import { RateLimitedError } from "../github/errors.ts";
import type { JobHandler, JobKind } from "../queue/queue.ts";
import { checkInstallations } from "./check-installations.ts";
import type { JobContext } from "./context.ts";
import { eraseInstallation } from "./erase.ts";
import { keepPolicies, keepPolicy } from "./keep-policy.ts";
import { sendNotification } from "./notify.ts";
import { processDelivery } from "./process-delivery.ts";
import { publishAlert } from "./publish-alert.ts";
import { publishCheckRun } from "./publish-check-run.ts";
import { publishIssue } from "./publish-issue.ts";
import { reconcileDeliveries } from "./reconcile.ts";
import { respond } from "./respond.ts";
import { sweep } from "./sweep.ts";

const RESPONSES_PER_SCAN = 2;
/** Of the scans that can go on at a time, one in so many may read history. */
const SCANS_PER_BACKFILL = 4;

export async function startWorkers(context: JobContext): Promise<void> {
  const { queue, settings } = context;
  const { concurrency } = settings;
  const work = <Kind extends JobKind>(kind: Kind, count: number, handle: JobHandler<Kind>): Promise<void> =>
    queue.work(kind, count, measured(context, kind, handle));
  await work("delivery", concurrency, ({ deliveryId }, info) => processDelivery(context, deliveryId, info));
  // Most of its time it waits, for others' answers and between its own questions.
  await work("respond", RESPONSES_PER_SCAN * concurrency, ({ incidentId }, { signal }) =>
    respond(context, incidentId, signal),
  );
  // The client paces the writes of each installation, and none waits for the writes of another.
  await work("check-run", concurrency, ({ repositoryId, head }) => publishCheckRun(context, repositoryId, head));
  await work("issue", concurrency, ({ incidentId }) => publishIssue(context, incidentId));
  await work("alert", concurrency, (place) => publishAlert(context, place));
  await work("policy", concurrency, ({ accountId }) => keepPolicy(context, accountId));
  await work("policies", 1, () => keepPolicies(context));
  await work("backfill", Math.max(1, Math.floor(concurrency / SCANS_PER_BACKFILL)), ({ installationId }, { signal }) =>
    backfillStep(context, installationId, signal),
  );
  await work("history-summary", 1, ({ accountId }) => publishHistorySummary(context, accountId));
  await work("reconcile", 1, async () => {
    await reconcileDeliveries(context);
    await checkInstallations(context);
  });
  await work("sweep", 1, () => sweep(context));
  await work("notify", concurrency, ({ notificationId }, info) => sendNotification(context, notificationId, info));
  await work("erase", 1, ({ installationId }, { signal }) => eraseInstallation(context, installationId, signal));
  await queue.schedule("policies", "*/15 * * * *");
  await queue.schedule("reconcile", "*/5 * * * *");
  await queue.schedule("sweep", "* * * * *");
  // What was missed while nobody listened does not wait for the clock.
  await queue.send("policies", {}, { key: "policies" });
  await queue.send("reconcile", {}, { key: "reconcile" });
  await queue.send("sweep", {}, { key: "sweep" });
}

class JobError extends Error {
  constructor(error: unknown) {
    super(error instanceof Error ? error.name : typeof error);
    this.name = "JobError";
    this.stack = "";
  }
}

function measured<Kind extends JobKind>(
  { metrics, log, queue }: JobContext,
  kind: Kind,
  handle: JobHandler<Kind>,
): JobHandler<Kind> {
  return async (data, info) => {
    try {
      await handle(data, info);
      metrics.jobs.inc({ kind, outcome: "done" });
    } catch (error) {
      if (error instanceof RateLimitedError) {
        // GitHub said how long: an attempt before that would be counted against the App.
        metrics.jobs.inc({ kind, outcome: "waits" });
        const afterSeconds = Math.ceil(error.retryAfterMs / 1000);
        log.warn({ job: kind, data, afterSeconds }, "GitHub wants to be asked later");
        await queue.send(kind, data, { key: info.key, afterSeconds });
        return;
      }
      if (info.signal.aborted) {
        metrics.jobs.inc({ kind, outcome: "broken-off" });
        log.info({ job: kind, data }, "a job was broken off, and is made again");
      } else {
        metrics.jobs.inc({ kind, outcome: info.isLastAttempt ? "failed" : "tried" });
        log.error({ job: kind, data, err: error, isLastAttempt: info.isLastAttempt }, "a job failed");
      }
      // The queue keeps what it is given, and a foreign message can quote what was sent.
      throw new JobError(error);
    }
  };
}
