/** From a stored delivery to what has to be done for it. */
import { ZodError } from "zod";
import { InstallationUnavailableError, RateLimitedError } from "../github/errors.ts";
import type { JobInfo } from "../queue/queue.ts";
import { failDelivery, finishDelivery, openDelivery } from "../store/deliveries.ts";
import { noteUnavailable } from "../store/repositories.ts";
import { UnsealError } from "../store/seal.ts";
import type { JobContext } from "./context.ts";
import { handleCheckRun, handleCheckSuite } from "./events/check-again.ts";
import { handleIssueComment } from "./events/command.ts";
import { textsOfCommitComment } from "./events/commit-comment.ts";
import { textsOfDiscussionComment } from "./events/discussion-comment.ts";
import { textsOfDiscussion } from "./events/discussion.ts";
import type { EventHandler } from "./events/handler.ts";
import { handleInstallationTarget } from "./events/installation-target.ts";
import { handleInstallation, handleInstallationRepositories } from "./events/installation.ts";
import { textsOfIssueComment } from "./events/issue-comment-text.ts";
import { textsOfIssue } from "./events/issue-text.ts";
import { handleIssues } from "./events/issues.ts";
import { handleMergeGroup } from "./events/merge-group.ts";
import { textsOfPullRequest } from "./events/pull-request-text.ts";
import { handlePullRequest } from "./events/pull-request.ts";
import { handlePush } from "./events/push.ts";
import { textsOfRelease } from "./events/release.ts";
import { handleRepository } from "./events/repository.ts";
import { textsOfReviewComment } from "./events/review-comment.ts";
import { textsOfReview } from "./events/review.ts";
import { handleSecretScanningAlert, handleSecretScanningAlertLocation } from "./events/secret-scanning-alert.ts";
import { type TextReader, textHandler } from "./events/texts.ts";
import { handleWiki } from "./events/wiki.ts";
import { installationSentence, PermanentError } from "./permanent-error.ts";

const HANDLERS: Readonly<Record<string, EventHandler>> = {
  push: handlePush,
  pull_request: handlePullRequest,
  installation: handleInstallation,
  installation_repositories: handleInstallationRepositories,
  installation_target: handleInstallationTarget,
  check_run: handleCheckRun,
  check_suite: handleCheckSuite,
  issues: handleIssues,
  issue_comment: handleIssueComment,
  repository: handleRepository,
  public: handleRepository,
  merge_group: handleMergeGroup,
  gollum: handleWiki,
  secret_scanning_alert: handleSecretScanningAlert,
  secret_scanning_alert_location: handleSecretScanningAlertLocation,
};

/** Events that carry what people wrote, whatever else is done for them. */
const TEXTS: Readonly<Record<string, TextReader>> = {
  issues: textsOfIssue,
  issue_comment: textsOfIssueComment,
  pull_request: textsOfPullRequest,
  pull_request_review: textsOfReview,
  pull_request_review_comment: textsOfReviewComment,
  discussion: textsOfDiscussion,
  discussion_comment: textsOfDiscussionComment,
  release: textsOfRelease,
  commit_comment: textsOfCommitComment,
};

/** Until an installation that could not be used is asked about. */
const ASK_AGAIN_SECONDS = 20;

export async function processDelivery(context: JobContext, deliveryId: string, info: JobInfo): Promise<void> {
  const { database, sealer, queue, log } = context;
  const facts: Record<string, string> = { id: deliveryId };
  let installationId: number | null = null;
  try {
    const delivery = await openDelivery(database, sealer, deliveryId);
    if (delivery === null) return;
    ({ installationId } = delivery);
    Object.assign(facts, { delivery: delivery.guid, event: delivery.event });
    const outcomes: string[] = [];
    for (const handle of handlersOf(delivery.event)) outcomes.push(await handle(context, delivery, info.signal));
    const outcome = outcomes.length === 0 ? "nothing to do" : outcomes.join("; ");
    await finishDelivery(database, deliveryId, outcome);
    log.info({ ...facts, outcome }, "a delivery was processed");
  } catch (error) {
    // Neither is an attempt that failed.
    if (error instanceof RateLimitedError || info.signal.aborted) throw error;
    const sentence = lastingSentence(error);
    if (sentence === null && !info.isLastAttempt) throw error;
    const why = sentence ?? describe(error);
    await failDelivery(database, deliveryId, why);
    // GitHub still has it.
    if (error instanceof UnsealError) await queue.send("reconcile", {}, { key: "reconcile" });
    if (error instanceof InstallationUnavailableError && installationId !== null) {
      await noteUnavailable(database, installationId);
      // It may have been a moment only.
      await queue.send("reconcile", {}, { key: "reconcile", afterSeconds: ASK_AGAIN_SECONDS });
    }
    log.error({ ...facts, err: error, why }, "a delivery failed");
  }
}

/** What a text holds does not wait for anything else that the event asks for. */
function handlersOf(event: string): EventHandler[] {
  const [read, handle] = [TEXTS[event], HANDLERS[event]];
  return [...(read === undefined ? [] : [textHandler(read)]), ...(handle === undefined ? [] : [handle])];
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
