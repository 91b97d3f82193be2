/** Keeps the one issue of an account about tokens of the past: where it may stand, what it says. Each run does what is left. */
import type { GitHubClient } from "../github/client.ts";
import { InstallationUnavailableError } from "../github/errors.ts";
import { keepRotationIssue } from "../github/keep-rotation-issue.ts";
import { isRefusal } from "../github/refusal.ts";
import { findRepository as findOnGitHub, repositoryByName, type RepositoryFacts } from "../github/repositories.ts";
import type { HistoryToken } from "../incident.ts";
import { isContained } from "../issues/disclosure.ts";
import { historySummary, summaryMarker, tellable, withheldSummary } from "../issues/history-summary.ts";
import type { JobContext } from "../jobs/context.ts";
import { installationSentence } from "../jobs/permanent-error.ts";
import { audit } from "../store/audit-log.ts";
import { findBackfill, troublesOf } from "../store/backfill.ts";
import { findSummary, historyTokens, saveSummary, type StoredSummary } from "../store/history-summary.ts";
import { type CoveredRepository, findRepository, installationOfAccount } from "../store/repositories.ts";

/** So many repositories are looked at for one that can hold the issue. */
const MAX_CANDIDATES = 20;

export async function publishHistorySummary(context: JobContext, accountId: number): Promise<void> {
  const { database, github } = context;
  const summary = await findSummary(database, accountId);
  const tokens = await historyTokens(database, accountId);
  const dead = tokens.filter(isContained).length;
  // What could not be asked about yet is asked again, and is no issue by itself.
  if (summary.issue === null && dead === 0) return;
  const installationId = await installationOfAccount(database, accountId);
  if (installationId === null)
    return refuse(context, accountId, summary, "the App is not installed there, or is suspended");
  try {
    const client = await github.forInstallation(installationId);
    await new Publication(context, { accountId, installationId, client, summary, tokens }).run();
  } catch (error) {
    if (!(error instanceof InstallationUnavailableError)) throw error;
    await refuse(context, accountId, summary, installationSentence(error));
  }
}

interface Facts {
  readonly accountId: number;
  readonly installationId: number;
  readonly client: GitHubClient;
  readonly summary: StoredSummary;
  readonly tokens: readonly HistoryToken[];
}

class Publication {
  readonly #context: JobContext;
  readonly #facts: Facts;
  /** As they are now, where they were looked at; else as they were last known. */
  readonly #repositories = new Map<number, CoveredRepository>();

  constructor(context: JobContext, facts: Facts) {
    this.#context = context;
    this.#facts = facts;
  }

  async run(): Promise<void> {
    const { summary, client } = this.#facts;
    await this.#readRepositories();
    const { issue } = summary;
    const there =
      issue === null ? null : await findOnGitHub(client, { id: issue.repositoryId, fullName: issue.repository });
    const stays = there !== null && !isRefusal(there) && there.isPrivate && canHold(there) ? there : null;
    const place = stays ?? (await this.#choose());
    if (issue !== null && there !== null && !isRefusal(there) && !there.isPrivate && place?.id !== there.id) {
      await this.#withdraw(there.fullName, issue.number);
    }
    if (place === null) return refuse(this.#context, this.#facts.accountId, summary, NO_PLACE);
    await this.#keep(place);
  }

  async #readRepositories(): Promise<void> {
    const ids = new Set(this.#facts.tokens.flatMap(({ places }) => places.map(({ repositoryId }) => repositoryId)));
    for (const id of ids) {
      const repository = await findRepository(this.#context.database, id);
      if (repository !== null) this.#repositories.set(id, repository);
    }
  }

  /** The configured private repository, else a private one that holds some of them, else a public one that does. */
  async #choose(): Promise<RepositoryFacts | null> {
    const { privateIssueRepository } = this.#context.settings;
    if (privateIssueRepository !== null) {
      const named = await repositoryByName(this.#facts.client, privateIssueRepository);
      if (!isRefusal(named) && named.isPrivate && canHold(named)) return named;
    }
    const candidates = this.#candidates();
    return (
      (await this.#firstUsable(
        candidates.filter(({ isPrivate }) => isPrivate),
        (now) => now.isPrivate,
      )) ??
      (await this.#firstUsable(
        candidates.filter(({ isPrivate }) => !isPrivate),
        ({ isPrivate }) => isPrivate || tellable(this.#facts.tokens, this.#repositories, { isPrivate }).length > 0,
      ))
    );
  }

  /** Where most of them stand first. */
  #candidates(): CoveredRepository[] {
    const counts = new Map<number, number>();
    for (const { places } of this.#facts.tokens) {
      for (const { repositoryId } of places) counts.set(repositoryId, (counts.get(repositoryId) ?? 0) + 1);
    }
    return [...this.#repositories.values()]
      .filter(({ isCovered, isArchived }) => isCovered && !isArchived)
      .toSorted((a, b) => (counts.get(b.id) ?? 0) - (counts.get(a.id) ?? 0) || a.id - b.id);
  }

  async #firstUsable(
    candidates: readonly CoveredRepository[],
    isFit: (now: RepositoryFacts) => boolean,
  ): Promise<RepositoryFacts | null> {
    for (const candidate of candidates.slice(0, MAX_CANDIDATES)) {
      const now = await findOnGitHub(this.#facts.client, candidate);
      if (isRefusal(now)) continue;
      this.#repositories.set(candidate.id, { ...candidate, fullName: now.fullName, isPrivate: now.isPrivate });
      if (canHold(now) && isFit(now)) return now;
    }
    return null;
  }

  async #keep(place: RepositoryFacts): Promise<void> {
    const { database, settings, log } = this.#context;
    const { accountId, installationId, client, summary, tokens } = this.#facts;
    const told = tellable(tokens, this.#repositories, place).filter(isContained).length;
    const troubles = await troublesOf(database, installationId);
    const text = historySummary({
      accountId,
      tokens,
      repositories: this.#repositories,
      unread: troubles.filter(({ state }) => state !== "gone").map(({ fullName, why }) => ({ fullName, why })),
      isFinished: (await findBackfill(database, installationId))?.state === "done",
      place,
      webUrl: settings.gitHubServerUrl,
    });
    const outcome = await keepRotationIssue(client, await this.#context.identity(), {
      fullName: place.fullName,
      marker: summaryMarker(accountId),
      number: summary.issue?.repositoryId === place.id ? summary.issue.number : null,
      text: () => text,
      assignees: [],
      // Whoever has closed it has read it, up to there.
      shouldBeOpen: ({ isOpen }) => isOpen || told > summary.told,
    });
    if (isRefusal(outcome)) return refuse(this.#context, accountId, summary, outcome.sentence);
    const { issue, did, refusals } = outcome;
    for (const { sentence } of refusals)
      log.warn({ account: accountId, why: sentence }, "beside the summary of a history");
    await database.transaction(async (transaction) => {
      const { number, url, repository } = issue;
      const placed = { repositoryId: place.id, repository, number, url };
      await saveSummary(transaction, accountId, { issue: placed, told: Math.max(told, summary.told), problem: null });
      if (did === "opened" || did === "reopened") {
        await audit(transaction, {
          actor: "keyrecall",
          action: "summary-published",
          repositoryId: place.id,
          detail: { did, number, tokens: told },
        });
      }
    });
    log.info(
      { account: accountId, did, repository: place.fullName, tokens: told },
      "the summary of a history was written",
    );
  }

  /** It stands where everybody can read it now, and there is a better place. */
  async #withdraw(fullName: string, number: number): Promise<void> {
    const { accountId, client } = this.#facts;
    const outcome = await keepRotationIssue(client, await this.#context.identity(), {
      fullName,
      marker: summaryMarker(accountId),
      number,
      text: () => withheldSummary(accountId),
      assignees: [],
      shouldBeOpen: () => false,
    });
    if (isRefusal(outcome)) {
      this.#context.log.error({ account: accountId, why: outcome.sentence }, "a summary could not be withdrawn");
    }
  }
}

const NO_PLACE =
  "no private repository is configured for such issues (PRIVATE_ISSUE_REPOSITORY), and none that holds the tokens can hold an issue";

function canHold({ hasIssues, isArchived }: RepositoryFacts): boolean {
  return hasIssues && !isArchived;
}

/** It is said where people look: in the log, the audit log and the status. */
async function refuse(
  { database, log, metrics }: JobContext,
  accountId: number,
  summary: StoredSummary,
  why: string,
): Promise<void> {
  metrics.unpublished.inc({ what: "summary" });
  log.error({ account: accountId, why }, "the summary of a history could not be published");
  if (summary.problem === why) return;
  await database.transaction(async (transaction) => {
    await saveSummary(transaction, accountId, { ...summary, problem: why });
    await audit(transaction, {
      actor: "keyrecall",
      action: "summary-not-published",
      detail: { account: accountId, why },
    });
  });
}
