/** How far the backfill is, for people and for metrics. */
import { escapeForTerminal } from "keyrecall";
import { formatDuration, formatTime } from "../issues/times.ts";
import type { Metrics } from "../metrics.ts";
import {
  type InstallationProgress,
  progressOfAll,
  type RepositoryState,
  type RepositoryTrouble,
  troublesOf,
} from "../store/backfill.ts";
import type { Database } from "../store/database.ts";
import { secondsLeft, takingTurns } from "./estimate.ts";

const STATES: readonly (readonly [RepositoryState, string])[] = [
  ["done", "read"],
  ["empty", "empty"],
  ["reading", "being read"],
  ["waiting", "waiting"],
  ["incomplete", "not read whole"],
  ["too-large", "too large"],
  ["unread", "not readable"],
  ["gone", "gone"],
];
const MAX_TROUBLES = 200;

export async function statusText(database: Database): Promise<string> {
  const all = await progressOfAll(database);
  if (all.length === 0) return "No history was asked for yet: keyrecall-app backfill\n";
  const estimates = estimatesOf(all);
  const blocks: string[] = [];
  for (const [index, one] of all.entries()) {
    const troubles = await troublesOf(database, one.installationId);
    blocks.push([...installationLines(one, estimates[index] ?? null), ...troubleLines(troubles)].join("\n"));
  }
  return `${blocks.join("\n\n")}\n`;
}

/** Seconds until each is at its end; null where that cannot be told. */
function estimatesOf(all: readonly InstallationProgress[]): (number | null)[] {
  const own = all.map(({ done, left, stopped }) => (stopped === null ? secondsLeft(done, left) : 0));
  return all.map(({ state, stopped }, index) => {
    const seconds = own[index] ?? null;
    if (state === "listing" || stopped !== null || seconds === null) return null;
    return takingTurns(seconds, own);
  });
}

function installationLines(one: InstallationProgress, estimate: number | null): string[] {
  const { account, installationId, counts, commits, tokens, requestedBy, requestedAt, isSuspended, summaryProblem } =
    one;
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const parts = STATES.flatMap(([state, word]) => (counts[state] === undefined ? [] : `${counts[state]} ${word}`));
  return [
    `${safe(account)} (installation ${installationId}): ${stateOf(one, estimate)}`,
    `  asked for by ${safe(requestedBy)}, ${formatTime(requestedAt) ?? ""}`,
    `  ${total} ${total === 1 ? "repository" : "repositories"}${parts.length === 0 ? "" : `: ${parts.join(", ")}`}`,
    `  ${commits} commits were read, tokens found: ${tokens}`,
    ...(isSuspended ? ["  it is suspended: GitHub tells of nothing and lets nothing be read until that ends"] : []),
    ...(summaryProblem === null ? [] : [`  the summary could not be written: ${safe(summaryProblem)}`]),
  ];
}

function stateOf(
  { state, stopped, listed, counts, finishedAt }: InstallationProgress,
  estimate: number | null,
): string {
  if (state === "done") {
    const isWhole = ["incomplete", "too-large", "unread"].every((one) => counts[one as RepositoryState] === undefined);
    const at = finishedAt === null ? "" : `, ${formatTime(finishedAt)}`;
    return isWhole ? `done${at}` : `done${at}, but not everything could be read`;
  }
  if (stopped !== null) return `stopped: ${safe(stopped)}`;
  if (state === "listing") return `repositories are being listed, ${listed} so far`;
  if (estimate === null) return "being read; how long it will take shows when the first one is done";
  const now = new Date();
  return `being read, about ${formatDuration(now.toISOString(), new Date(now.getTime() + estimate * 1000).toISOString())} left`;
}

function troubleLines(troubles: readonly RepositoryTrouble[]): string[] {
  const word = new Map(STATES);
  const lines = troubles
    .slice(0, MAX_TROUBLES)
    .map(
      ({ fullName, state, why }) => `  ${safe(fullName)} is ${word.get(state)}${why === "" ? "" : `: ${safe(why)}`}`,
    );
  return troubles.length <= MAX_TROUBLES ? lines : [...lines, `  … and ${troubles.length - MAX_TROUBLES} more`];
}

function safe(text: string): string {
  return escapeForTerminal(text);
}

/** Brings the gauges up to date. */
export async function measureBackfill(database: Database, metrics: Metrics): Promise<void> {
  const all = await progressOfAll(database);
  metrics.backfillRepositories.reset();
  for (const [state] of STATES) {
    const count = all.reduce((sum, { counts }) => sum + (counts[state] ?? 0), 0);
    metrics.backfillRepositories.set({ state }, count);
  }
  metrics.backfillStopped.set(all.filter(({ state, stopped }) => state !== "done" && stopped !== null).length);
  const seconds = all.map(({ state, stopped, done, left }) =>
    state === "done" || stopped !== null ? 0 : secondsLeft(done, left),
  );
  // Of what nobody can tell nothing is said.
  if (seconds.includes(null)) metrics.backfillLeft.set(Number.NaN);
  else metrics.backfillLeft.set(seconds.reduce<number>((sum, one) => sum + (one ?? 0), 0));
}
