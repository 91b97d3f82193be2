/** Which job is done by what, and how many at a time. */
import { RateLimitedError } from "../github/errors.ts";
import type { JobHandler, JobKind } from "../queue/queue.ts";
import type { JobContext } from "./context.ts";
import { processDelivery } from "./process-delivery.ts";
import { publishCheckRun } from "./publish-check-run.ts";
import { publishIssue } from "./publish-issue.ts";
import { reconcileDeliveries } from "./reconcile.ts";
import { respond } from "./respond.ts";
import { sweep } from "./sweep.ts";

const RESPONSES_PER_SCAN = 2;

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
  // GitHub wants writes one after the other, and slows down whoever sends many at once.
  await work("check-run", 2, ({ repositoryId, head }) => publishCheckRun(context, repositoryId, head));
  await work("issue", 1, ({ incidentId }) => publishIssue(context, incidentId));
  await work("reconcile", 1, () => reconcileDeliveries(context));
  await work("sweep", 1, () => sweep(context));
  await queue.schedule("reconcile", "*/5 * * * *");
  await queue.schedule("sweep", "* * * * *");
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
        await queue.send(kind, data, {
          key: `${JSON.stringify(data)} later`,
          afterSeconds: Math.ceil(error.retryAfterMs / 1000),
        });
        return;
      }
      metrics.jobs.inc({ kind, outcome: info.isLastAttempt ? "failed" : "tried" });
      log.error({ job: kind, data, err: error, isLastAttempt: info.isLastAttempt }, "a job failed");
      throw error;
    }
  };
}
