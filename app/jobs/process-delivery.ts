/** From a stored delivery to what has to be done for it. */
import { ZodError } from "zod";
import { InstallationUnavailableError, RateLimitedError } from "../github/errors.ts";
import type { JobInfo } from "../queue/queue.ts";
import { failDelivery, finishDelivery, openDelivery } from "../store/deliveries.ts";
import { UnsealError } from "../store/seal.ts";
import type { JobContext } from "./context.ts";
import { handleCheckRun, handleCheckSuite } from "./events/check-again.ts";
import { handleIssueComment } from "./events/command.ts";
import type { EventHandler } from "./events/handler.ts";
import { handleInstallation, handleInstallationRepositories } from "./events/installation.ts";
import { handleIssues } from "./events/issues.ts";
import { handlePullRequest } from "./events/pull-request.ts";
import { handlePush } from "./events/push.ts";
import { handleRepository } from "./events/repository.ts";
import { installationSentence, PermanentError } from "./permanent-error.ts";

const HANDLERS: Readonly<Record<string, EventHandler>> = {
  push: handlePush,
  pull_request: handlePullRequest,
  installation: handleInstallation,
  installation_repositories: handleInstallationRepositories,
  check_run: handleCheckRun,
  check_suite: handleCheckSuite,
  issues: handleIssues,
  issue_comment: handleIssueComment,
  repository: handleRepository,
  public: handleRepository,
};

export async function processDelivery(context: JobContext, deliveryId: string, info: JobInfo): Promise<void> {
  const { database, sealer, log } = context;
  const facts: Record<string, string> = { id: deliveryId };
  try {
    const delivery = await openDelivery(database, sealer, deliveryId);
    if (delivery === null) return;
    Object.assign(facts, { delivery: delivery.guid, event: delivery.event });
    const outcome = (await HANDLERS[delivery.event]?.(context, delivery, info.signal)) ?? "nothing to do";
    await finishDelivery(database, deliveryId, outcome);
    log.info({ ...facts, outcome }, "a delivery was processed");
  } catch (error) {
    // Neither is an attempt that failed.
    if (error instanceof RateLimitedError || info.signal.aborted) throw error;
    const sentence = lastingSentence(error);
    if (sentence === null && !info.isLastAttempt) throw error;
    const why = sentence ?? describe(error);
    await failDelivery(database, deliveryId, why);
    log.error({ ...facts, err: error, why }, "a delivery failed");
  }
}

/** Null for what may be another time. */
function lastingSentence(error: unknown): string | null {
  if (error instanceof ZodError) return "its payload has not the fields that GitHub documents";
  if (error instanceof PermanentError) return error.message;
  if (error instanceof InstallationUnavailableError) return installationSentence(error);
  return error instanceof UnsealError ? error.message : null;
}

/** The kind: a foreign message can quote what was sent. */
function describe(error: unknown): string {
  const { name, status } = error as { name?: string; status?: number };
  return `${name ?? "an error"}${typeof status === "number" ? ` ${status}` : ""}, after several attempts`;
}
