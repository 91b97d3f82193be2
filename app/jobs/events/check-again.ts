/** Somebody asks for a check once more: what was scanned for that commit is scanned again. */
import { InstallationUnavailableError } from "../../github/errors.ts";
import { beginScan, forgetPublished, scansOfHead } from "../../store/scans.ts";
import { sendCheckRun } from "../announce.ts";
import { PermanentError } from "../permanent-error.ts";
import { scanCommits } from "../scan-commits.ts";
import { handlePressedButton } from "./command.ts";
import { coverRepository } from "./covered-repository.ts";
import type { EventHandler } from "./handler.ts";
import { checkRunPayload, checkSuitePayload } from "./payloads.ts";

export const handleCheckRun: EventHandler = (context, delivery, signal) => {
  const { action, check_run: checkRun, ...rest } = checkRunPayload.parse(delivery.payload);
  if (action === "requested_action") return handlePressedButton(context, delivery, signal);
  return scanAgain(context, delivery, { action, head: checkRun.head_sha, appId: checkRun.app?.id, ...rest }, signal);
};

export const handleCheckSuite: EventHandler = (context, delivery, signal) => {
  const { action, check_suite: suite, ...rest } = checkSuitePayload.parse(delivery.payload);
  return scanAgain(context, delivery, { action, head: suite.head_sha, appId: suite.app?.id, ...rest }, signal);
};

interface Request extends Pick<ReturnType<typeof checkRunPayload.parse>, "action" | "repository" | "installation"> {
  readonly head: string;
  readonly appId: number | undefined;
}

async function scanAgain(
  context: Parameters<EventHandler>[0],
  delivery: Parameters<EventHandler>[1],
  { action, head, appId, repository: payload, installation }: Request,
  signal: AbortSignal,
): Promise<string> {
  if (action !== "rerequested") return `nothing to do for ${action}`;
  if (appId !== undefined && appId !== context.settings.appId) return "another App's";
  const repository = await coverRepository(context, payload, installation.id);
  if (typeof repository === "string") return repository;
  const scans = await scansOfHead(context.database, repository.id, head);
  if (scans.length === 0) return "nothing was ever scanned for that commit";
  await context.database.transaction(async (transaction) => {
    for (const scan of scans) await beginScan(transaction, scan);
    // Whoever asked waits for an answer, also for the same one.
    await forgetPublished(transaction, repository.id, head);
    await sendCheckRun(context.queue, transaction, { repositoryId: repository.id, head });
  });
  const outcomes: string[] = [];
  const failures: unknown[] = [];
  for (const { ref, known, actor, tip } of scans) {
    const { receivedAt } = delivery;
    const commits = {
      repository,
      ref,
      inName: [],
      tip,
      head,
      alsoTips: [],
      known,
      before: null,
      fallbackRefs: [],
      actor,
      receivedAt,
      remembersTip: false,
    };
    try {
      outcomes.push(await scanCommits(context, commits, signal));
    } catch (error) {
      signal.throwIfAborted();
      // All of them were begun: one that is never ended would leave the check run without a conclusion.
      failures.push(error);
    }
  }
  // One that may pass first: with it the delivery is made again.
  if (failures.length > 0) throw failures.find((failure) => !isLasting(failure)) ?? failures[0];
  return outcomes.join("; ");
}

function isLasting(failure: unknown): boolean {
  return failure instanceof PermanentError || failure instanceof InstallationUnavailableError;
}
