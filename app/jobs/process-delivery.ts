/** From a stored delivery to what has to be done for it. */
import { ZodError } from "zod";
import type { JobInfo } from "../queue/queue.ts";
import { type Delivery, failDelivery, finishDelivery, openDelivery } from "../store/deliveries.ts";
import type { JobContext } from "./context.ts";
import { handleCheckRun, handleCheckSuite } from "./events/check-again.ts";
import { handleInstallation, handleInstallationRepositories } from "./events/installation.ts";
import { handleIssues } from "./events/issues.ts";
import { handlePullRequest } from "./events/pull-request.ts";
import { handlePush } from "./events/push.ts";
import { PermanentError } from "./permanent-error.ts";

/** Can be made again from its beginning at any time. @returns a sentence for people */
export type EventHandler = (context: JobContext, delivery: Delivery, signal: AbortSignal) => Promise<string>;

const HANDLERS: Readonly<Record<string, EventHandler>> = {
  push: handlePush,
  pull_request: handlePullRequest,
  installation: handleInstallation,
  installation_repositories: handleInstallationRepositories,
  check_run: handleCheckRun,
  check_suite: handleCheckSuite,
  issues: handleIssues,
};

export async function processDelivery(context: JobContext, deliveryId: string, info: JobInfo): Promise<void> {
  const { database, sealer, log } = context;
  const delivery = await openDelivery(database, sealer, deliveryId);
  if (delivery === null) return;
  const facts = { delivery: delivery.guid, event: delivery.event };
  try {
    const outcome = (await HANDLERS[delivery.event]?.(context, delivery, info.signal)) ?? "nothing to do";
    await finishDelivery(database, deliveryId, outcome);
    log.info({ ...facts, outcome }, "a delivery was processed");
  } catch (error) {
    const isPermanent = error instanceof PermanentError || error instanceof ZodError;
    if (!isPermanent && !info.isLastAttempt) throw error;
    const why = error instanceof ZodError ? "its payload has not the fields that GitHub documents" : describe(error);
    await failDelivery(database, deliveryId, why);
    log.error({ ...facts, err: error, why }, "a delivery failed");
  }
}

/** Of our own errors the sentence, of others the kind: a foreign message can quote what was sent. */
function describe(error: unknown): string {
  if (error instanceof PermanentError) return error.message;
  const { name, status } = error as { name?: string; status?: number };
  return `${name ?? "an error"}${typeof status === "number" ? ` ${status}` : ""}, after several attempts`;
}
