/** Somebody asks for a check once more: what was scanned for that commit is scanned again, or for the first time. */
import { mask } from "keyrecall";
import { certainDetector } from "../../certain-detector.ts";
import { InstallationUnavailableError } from "../../github/errors.ts";
import type { CoveredRepository } from "../../store/repositories.ts";
import { beginScan, forgetPublished, scansOfHead } from "../../store/scans.ts";
import { sendCheckRun } from "../announce.ts";
import { PermanentError } from "../permanent-error.ts";
import { type CommitsToScan, scanCommits } from "../scan-commits.ts";
import { handlePressedButton } from "./command.ts";
import { coverRepository } from "./covered-repository.ts";
import type { EventHandler } from "./handler.ts";
import { checkRunPayload, checkSuitePayload, NO_OBJECT } from "./payloads.ts";

export const handleCheckRun: EventHandler = (context, delivery, signal) => {
  const { action, check_run: checkRun, ...rest } = checkRunPayload.parse(delivery.payload);
  if (action === "requested_action") return handlePressedButton(context, delivery, signal);
  const { head_sha: head, app, check_suite: suite } = checkRun;
  return scanAgain(context, delivery, { action, head, suite, appId: app?.id, ...rest }, signal);
};

export const handleCheckSuite: EventHandler = (context, delivery, signal) => {
  const { action, check_suite: suite, ...rest } = checkSuitePayload.parse(delivery.payload);
  return scanAgain(context, delivery, { action, head: suite.head_sha, suite, appId: suite.app?.id, ...rest }, signal);
};

type Payload = ReturnType<typeof checkRunPayload.parse>;

interface Request extends Pick<Payload, "action" | "repository" | "installation" | "sender"> {
  readonly head: string;
  readonly suite: Payload["check_run"]["check_suite"];
  readonly appId: number | undefined;
}

async function scanAgain(
  context: Parameters<EventHandler>[0],
  delivery: Parameters<EventHandler>[1],
  { action, head, suite, appId, repository: payload, installation, sender }: Request,
  signal: AbortSignal,
): Promise<string> {
  if (action !== "rerequested") return `nothing to do for ${action}`;
  if (appId !== undefined && appId !== context.settings.appId) return "another App's";
  const repository = await coverRepository(context, payload, installation.id);
  if (typeof repository === "string") return repository;
  const scans = await scansOfHead(context.database, repository.id, head);
  if (scans.length === 0) {
    const branch = suite?.head_branch ?? null;
    if (branch === null) return "nothing was ever scanned for that commit";
    const before = suite?.before ?? null;
    const place = { repository, head, branch, before: before === null || NO_OBJECT.test(before) ? null : before };
    return scanCommits(context, firstScan(context, place, delivery.receivedAt, sender?.login ?? null), signal);
  }
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

/** The event that brought it never came. */
function firstScan(
  { rules }: Parameters<EventHandler>[0],
  place: { repository: CoveredRepository; head: string; branch: string; before: string | null },
  receivedAt: Date,
  actor: string | null,
): CommitsToScan {
  const { repository, head, branch, before } = place;
  const isDefault = branch === repository.defaultBranch;
  return {
    repository,
    ref: mask(certainDetector(rules), `refs/heads/${branch}`),
    inName: [],
    tip: head,
    head,
    alsoTips: [],
    known: before === null ? [] : [before],
    before: null,
    fallbackRefs: isDefault ? [] : [`refs/heads/${repository.defaultBranch}`],
    actor,
    receivedAt,
    remembersTip: false,
  };
}

function isLasting(failure: unknown): boolean {
  return failure instanceof PermanentError || failure instanceof InstallationUnavailableError;
}
