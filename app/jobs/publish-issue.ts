/** The rotation issue of an incident: where it may stand, what it says, whether it is open. Each run does what is left. */
import type { Rule } from "keyrecall";
import { keepAdvisory } from "../github/advisories.ts";
import type { GitHubClient } from "../github/client.ts";
import { type Owners, ownersOf, readCodeOwners } from "../github/code-owners.ts";
import { InstallationUnavailableError } from "../github/errors.ts";
import { keepRotationIssue } from "../github/keep-rotation-issue.ts";
import { isRefusal, type Refusal } from "../github/refusal.ts";
import { findRepository as findOnGitHub, repositoryByName, type RepositoryFacts } from "../github/repositories.ts";
import { commentOnce, type OwnIssue, withdrawComments } from "../github/rotation-issues.ts";
import { loginBehindCommit } from "../github/users.ts";
import { rotationAdvisory } from "../issues/advisory.ts";
import { stateComment } from "../issues/comment.ts";
import { isClosedByHand, isContained } from "../issues/disclosure.ts";
import { markerOf } from "../issues/marker.ts";
import { decidePlacement, leakingRepositories } from "../issues/placement.ts";
import { rotationIssue, type RotationIssueFacts } from "../issues/rotation-issue.ts";
import { areStepsDone, type ConsumerFile } from "../issues/rotation-steps.ts";
import { type NamedRepository, NO_POLICY } from "../policy.ts";
import { audit } from "../store/audit-log.ts";
import { changeIncident, findIncident, type StoredIncident } from "../store/incidents.ts";
import { findPolicy } from "../store/policies.ts";
import { type CoveredRepository, findInstallation, findRepository, noteUnavailable } from "../store/repositories.ts";
import { headsOfIncident } from "../store/scans.ts";
import { announce, sendCheckRun, sendSummary } from "./announce.ts";
import type { JobContext } from "./context.ts";
import { installationSentence } from "./permanent-error.ts";
import { remoteOf } from "./remote.ts";

const MAX_COMMITS = 10;
/** Of a larger repository the App has no contents but those of pushes, and getting them costs more than it is worth. */
const MAX_SEARCHED_BYTES = 64 * 1024 * 1024;

export async function publishIssue(context: JobContext, incidentId: string): Promise<void> {
  const incident = await findIncident(context.database, incidentId);
  if (incident === null) return;
  // What was dead when it was found is told by the check run, or the summary of a history; there is nothing to rotate.
  // The same goes for what only history holds until it is known to work.
  if (incident.issue === null && !incident.wasLive && (isContained(incident) || incident.isOnlyInHistory)) {
    if (incident.isInHistory) await sendSummary(context.queue, incident.accountId);
    return;
  }
  // The question is still open, and answered in a moment.
  if (incident.issue === null && incident.verdict.state === "unchecked") return;
  const leaking = await Leaking.read(context, incident);
  if (leaking === null) return reportUnpublished(context, incident, NOWHERE_LEFT);
  try {
    await new Publication(context, leaking.bringUpToDate(incident), leaking).run();
  } catch (error) {
    if (!(error instanceof InstallationUnavailableError)) throw error;
    await reportUnpublished(context, incident, installationSentence(error));
  }
}

const NOWHERE_LEFT = "the App is on none of the repositories any more, or is suspended there";

/** The repositories that an incident is about, as they are now. */
class Leaking {
  readonly facts = new Map<number, RepositoryFacts>();
  readonly covered: readonly CoveredRepository[];
  /** Of the installation through which issues are written. */
  readonly client: GitHubClient;

  private constructor(covered: readonly CoveredRepository[], client: GitHubClient) {
    this.covered = covered;
    this.client = client;
  }

  static async read(
    { database, github }: Pick<JobContext, "database" | "github">,
    incident: StoredIncident,
  ): Promise<Leaking | null> {
    const covered: CoveredRepository[] = [];
    for (const { id } of leakingRepositories(incident)) {
      const repository = await findRepository(database, id);
      if (repository === null || !repository.isCovered) continue;
      if ((await findInstallation(database, repository.installationId))?.state === "active") covered.push(repository);
    }
    const [first] = covered;
    if (first === undefined) return null;
    const leaking = new Leaking(covered, await github.forInstallation(first.installationId));
    for (const repository of covered) {
      try {
        const facts = await findOnGitHub(await github.forInstallation(repository.installationId), repository);
        if (!isRefusal(facts)) leaking.facts.set(facts.id, facts);
      } catch (error) {
        if (!(error instanceof InstallationUnavailableError)) throw error;
        await noteUnavailable(database, repository.installationId);
        // As if it had been known before.
        return Leaking.read({ database, github }, incident);
      }
    }
    return leaking;
  }

  /** Events come late and in any order: what they said of the repositories may not hold any more. */
  bringUpToDate(incident: StoredIncident): StoredIncident {
    const occurrences = incident.occurrences.map((one) => ({
      ...one,
      repository: this.facts.get(one.repository.id) ?? one.repository,
    }));
    return { ...incident, occurrences };
  }
}

type IssueText = Omit<RotationIssueFacts, "place" | "previousBody">;

class Publication {
  readonly #context: JobContext;
  readonly #incident: StoredIncident;
  readonly #leaking: Leaking;

  constructor(context: JobContext, incident: StoredIncident, leaking: Leaking) {
    this.#context = context;
    this.#incident = incident;
    this.#leaking = leaking;
  }

  /** @param refusing repositories that hold no issues, whatever GitHub says of them */
  async run(refusing: ReadonlySet<number> = new Set()): Promise<void> {
    const { settings } = this.#context;
    const { client, facts } = this.#leaking;
    const asTheyAct = (place: RepositoryFacts): RepositoryFacts =>
      refusing.has(place.id) ? { ...place, hasIssues: false } : place;
    const orNull = (place: RepositoryFacts | Refusal | null): RepositoryFacts | null =>
      place === null || isRefusal(place) ? null : asTheyAct(place);
    const { issue, accountId } = this.#incident;
    const policy = (await findPolicy(this.#context.database, accountId))?.policy ?? NO_POLICY;
    const fallback =
      settings.privateIssueRepository === null ? null : await this.#named(settings.privateIssueRepository);
    const existing =
      issue === null ? null : await findOnGitHub(client, { id: issue.repositoryId, fullName: issue.repository });
    const preferred = policy.issueRepository === null ? null : await this.#ofPolicy(policy.issueRepository);
    const placement = decidePlacement({
      incident: this.#incident,
      repositories: new Map([...facts].map(([id, place]) => [id, asTheyAct(place)])),
      fallback: orNull(fallback),
      fallbackName: settings.privateIssueRepository,
      preferred: orNull(preferred),
      advisories: settings.opensAdvisories,
      existing: orNull(existing),
    });
    if (placement.withdraw !== null) await this.#withdraw(placement.withdraw, placement.kind !== "nowhere");
    const isAdvised = settings.opensAdvisories;
    if (placement.kind === "nowhere" && !isAdvised) {
      return reportUnpublished(this.#context, this.#incident, placement.reason);
    }
    const owners = await this.#owners();
    const text = await this.#textFacts(owners);
    if (placement.kind === "advisory") return this.#advise(placement.repository.fullName, text);
    if (isAdvised) await this.#relieveAdvisories(text, placement.kind === "issue");
    if (placement.kind === "nowhere") return reportUnpublished(this.#context, this.#incident, placement.reason);
    const { repository, reason } = placement;
    const refusal = await this.#keepIssue(repository, reason, text, owners, policy.assignees);
    if (refusal === null) return;
    // Issues were disabled, or the repository archived, since it was asked about: there may be another place.
    const isNoPlace = refusal.reason === "issues-disabled" || refusal.reason === "archived";
    if (isNoPlace && !refusing.has(repository.id)) return this.run(new Set([...refusing, repository.id]));
    return reportUnpublished(this.#context, this.#incident, refusal.sentence);
  }

  /** By its number: a repository that has its name now, or has left the organisation, is none that the policy names. */
  async #ofPolicy(named: NamedRepository): Promise<RepositoryFacts | null> {
    if (!this.#context.settings.policyBounds.choosesIssues) return null;
    const found = await findOnGitHub(this.#leaking.client, named);
    return isRefusal(found) || found.ownerId !== this.#incident.accountId ? null : found;
  }

  async #named(fullName: string): Promise<RepositoryFacts | null> {
    const found = await repositoryByName(this.#leaking.client, fullName);
    return isRefusal(found) ? null : found;
  }

  async #textFacts({ teams }: Owners): Promise<IssueText> {
    const { rules, settings } = this.#context;
    const rule = rules.find(({ id }) => id === this.#incident.rule)!;
    const webUrl = settings.gitHubServerUrl;
    return { incident: this.#incident, rule, consumers: await this.#consumers(rule), teams, webUrl };
  }

  /** Null where a repository was not looked into: not to say that there are none. */
  async #consumers({ variable, rotation }: Rule): Promise<ConsumerFile[] | null> {
    if (variable === undefined) return null;
    const found: ConsumerFile[] = [];
    for (const repository of this.#leaking.covered) {
      const { fullName, sizeBytes, defaultBranch } = repository;
      if (sizeBytes === null || sizeBytes > MAX_SEARCHED_BYTES) return null;
      const outcome = await this.#context.cache.withClone(remoteOf(this.#context, repository), (clone) =>
        clone.filesWith(`refs/heads/${defaultBranch}`, [variable, ...rotation.readBy]),
      );
      if (outcome.outcome !== "ok") return null;
      found.push(...outcome.paths.map((path) => ({ repository: fullName, path })));
    }
    return found;
  }

  /** Of the files that leak, by the default branch: who opens a pull request does not choose who is told. */
  async #owners(): Promise<Owners> {
    const users = new Set<string>();
    const teams = new Set<string>();
    for (const { id, fullName } of this.#leaking.facts.values()) {
      const paths = this.#incident.occurrences.flatMap(({ repository, path }) =>
        repository.id === id && path !== null ? [path] : [],
      );
      const owners = ownersOf(await readCodeOwners(this.#leaking.client, fullName), paths);
      for (const user of owners.users) users.add(user);
      for (const team of owners.teams) teams.add(team);
    }
    return { users: [...users], teams: [...teams] };
  }

  /** Whom the policy names comes first, then who brought it in. */
  async #assignees({ users }: Owners, byPolicy: readonly string[]): Promise<string[]> {
    const logins = new Set(byPolicy);
    for (const { repository, commit } of this.#incident.occurrences.slice(0, MAX_COMMITS)) {
      const name = this.#leaking.facts.get(repository.id)?.fullName;
      const login =
        commit === null || name === undefined ? null : await loginBehindCommit(this.#leaking.client, name, commit);
      if (login !== null) logins.add(login);
    }
    for (const { actor } of this.#incident.occurrences.slice(0, MAX_COMMITS)) if (actor !== null) logins.add(actor);
    for (const user of users) logins.add(user);
    return [...logins];
  }

  async #keepIssue(
    place: { readonly id: number; readonly fullName: string; readonly isPrivate: boolean },
    reason: string,
    text: IssueText,
    owners: Owners,
    assigned: readonly string[],
  ): Promise<Refusal | null> {
    const { database, queue, log } = this.#context;
    const { client } = this.#leaking;
    const incident = this.#incident;
    const { resurfacedAt } = incident;
    const hasResurfaced = resurfacedAt !== null && resurfacedAt !== incident.issueResurfacedAt;
    const identity = await this.#context.identity();
    const outcome = await keepRotationIssue(client, identity, {
      fullName: place.fullName,
      marker: markerOf(incident),
      number: incident.issue?.repositoryId === place.id ? incident.issue.number : null,
      // What was done for a token that is back has to be done again.
      text: (previous) =>
        rotationIssue({
          ...text,
          place,
          previousBody: previous === null || (hasResurfaced && !previous.isOpen) ? null : previous.body,
        }),
      assignees: await this.#assignees(owners, assigned),
      shouldBeOpen: ({ body, isOpen }) =>
        hasResurfaced || (!isClosedByHand(incident) && (!isContained(incident) || (isOpen && !areStepsDone(body)))),
    });
    if (isRefusal(outcome)) return outcome;
    const { issue, did, refusals } = outcome;
    const since = resurfacedAt ?? incident.times.foundAt;
    // Before it is written down that the issue was opened again: whoever goes on after a crash would not say it.
    if (hasResurfaced) await this.#comment(issue, { ...incident, state: "reopened" }, place, `reopened:${since}`);
    for (const { sentence } of refusals) log.warn({ incident: incident.id, why: sentence }, "beside the issue");
    await database.transaction(async (transaction) => {
      const { number, url, repository } = issue;
      await changeIncident(transaction, incident.id, {
        issue: { repositoryId: place.id, repository, number, url },
        issueProblem: null,
        issueResurfacedAt: resurfacedAt,
      });
      // By what the issue says: a person's command may have closed the incident since, of whose token nothing is known.
      const isResolved =
        !issue.isOpen &&
        incident.state === "contained" &&
        (await changeIncident(transaction, incident.id, { state: "resolved" }, "contained"));
      const isUnresolved =
        issue.isOpen &&
        incident.state === "resolved" &&
        incident.resolution === null &&
        (await changeIncident(transaction, incident.id, { state: "contained" }, "resolved"));
      // The text names the state, and the check runs the issue.
      if (isResolved || isUnresolved) await announce(queue, transaction, incident.id);
      else if (incident.issue?.number !== number || incident.issueProblem !== null) {
        for (const head of await headsOfIncident(transaction, incident.id))
          await sendCheckRun(queue, transaction, head);
      }
      if (did === "opened" || did === "closed" || did === "reopened") {
        await audit(transaction, {
          actor: "keyrecall",
          action: isResolved ? "resolved" : "issue-published",
          incidentId: incident.id,
          repositoryId: place.id,
          detail: { did, number, why: reason },
        });
      }
    });
    if (incident.state === "reopened") return null;
    await this.#comment(issue, incident, place, `${incident.state}:${incident.times.containedAt ?? ""}:${since}`);
    return null;
  }

  async #comment(
    issue: Pick<OwnIssue, "repository" | "number">,
    incident: StoredIncident,
    place: { readonly isPrivate: boolean },
    key: string,
  ): Promise<void> {
    const { log } = this.#context;
    const body = stateComment(incident, place);
    if (body === null) return;
    const outcome = await commentOnce(this.#leaking.client, await this.#context.identity(), issue, { key, body });
    if (isRefusal(outcome)) log.warn({ incident: incident.id, why: outcome.sentence }, "beside the issue");
  }

  async #advise(fullName: string, text: IssueText): Promise<void> {
    const outcome = await this.#keepAdvisory(fullName, text, true);
    if (isRefusal(outcome)) return reportUnpublished(this.#context, this.#incident, outcome.sentence);
    await reportPublished(this.#context, this.#incident);
  }

  /** An advisory of before says how things stand now, and is closed where an issue takes its place. */
  async #relieveAdvisories(text: IssueText, isElsewhere: boolean): Promise<void> {
    for (const { fullName, isPrivate } of this.#leaking.facts.values()) {
      const outcome = isPrivate ? null : await this.#keepAdvisory(fullName, text, isElsewhere ? false : null);
      if (!isRefusal(outcome)) continue;
      this.#context.log.warn({ incident: this.#incident.id, why: outcome.sentence }, "beside the issue");
    }
  }

  async #keepAdvisory(fullName: string, text: IssueText, shouldBeOpen: boolean | null) {
    return keepAdvisory(this.#leaking.client, await this.#context.identity(), {
      fullName,
      marker: markerOf(this.#incident),
      text: (previousBody) => rotationAdvisory({ ...text, previousBody }),
      shouldBeOpen,
    });
  }

  /** It stands where it may not say anything any more. */
  async #withdraw({ repository, number }: NonNullable<StoredIncident["issue"]>, isElsewhere: boolean): Promise<void> {
    const identity = await this.#context.identity();
    const { rules, settings } = this.#context;
    const incident = this.#incident;
    const rule = rules.find(({ id }) => id === incident.rule)!;
    const outcome = await keepRotationIssue(this.#leaking.client, identity, {
      fullName: repository,
      marker: markerOf(incident),
      number,
      text: (previous) =>
        rotationIssue({
          incident,
          rule,
          consumers: null,
          teams: [],
          place: { isPrivate: false },
          previousBody: previous?.body ?? null,
          webUrl: settings.gitHubServerUrl,
        }),
      assignees: [],
      shouldBeOpen: ({ isOpen }) => isOpen && !isElsewhere,
    });
    if (isRefusal(outcome)) return reportUnpublished(this.#context, incident, outcome.sentence);
    const refusal = await withdrawComments(this.#leaking.client, identity, outcome.issue);
    if (refusal !== null) await reportUnpublished(this.#context, incident, refusal.sentence);
  }
}

/** The check runs no longer say that there is none. */
async function reportPublished({ database, queue }: JobContext, incident: StoredIncident): Promise<void> {
  if (incident.issueProblem === null) return;
  await database.transaction(async (transaction) => {
    await changeIncident(transaction, incident.id, { issueProblem: null });
    for (const head of await headsOfIncident(transaction, incident.id)) await sendCheckRun(queue, transaction, head);
  });
}

/** It is said where people look: in the log, and in the check runs of the commits. */
async function reportUnpublished(
  { database, queue, log, metrics }: JobContext,
  incident: StoredIncident,
  why: Refusal["sentence"],
): Promise<void> {
  metrics.unpublished.inc({ what: "issue" });
  log.error({ incident: incident.id, why }, "the rotation issue could not be published");
  if (incident.issueProblem === why) return;
  await database.transaction(async (transaction) => {
    await changeIncident(transaction, incident.id, { issueProblem: why });
    const line = { actor: "keyrecall", action: "issue-not-published", incidentId: incident.id } as const;
    await audit(transaction, { ...line, detail: { why } });
    for (const head of await headsOfIncident(transaction, incident.id)) await sendCheckRun(queue, transaction, head);
  });
}
