import type { GitHubClient } from "../github/client.ts";
/**
 * An organisation's policy, brought to what its file says: read, settled, written down, announced. The last valid one
 * holds whatever becomes of the file; each run does what is left.
 */
import { InstallationUnavailableError } from "../github/errors.ts";
import { keepRotationIssue } from "../github/keep-rotation-issue.ts";
import {
  type Account,
  lastChangeOf,
  type PolicyFileReading,
  readPolicySource,
  settleNames,
} from "../github/policy-file.ts";
import { isRefusal } from "../github/refusal.ts";
import type { RepositoryFacts } from "../github/repositories.ts";
import { commentOnce, findRotationIssue } from "../github/rotation-issues.ts";
import {
  POLICY_MARKER,
  POLICY_PROBLEM_MARKER,
  policyChangeComment,
  policyIssue,
  policyProblemIssue,
} from "../issues/policy-issue.ts";
import { describePolicy, type Policy, POLICY_REPOSITORIES, readPolicyFile } from "../policy.ts";
import { audit } from "../store/audit-log.ts";
import {
  accountsWithInstallation,
  findPolicy,
  installationOfAccount,
  openIncidentsOfAccount,
  type PolicyAnnouncement,
  type PolicyProblem,
  type PolicySource,
  savePolicy,
  type StoredPolicy,
} from "../store/policies.ts";
import { noteUnavailable } from "../store/repositories.ts";
import type { JobContext } from "./context.ts";

export async function keepPolicies({ database, queue }: JobContext): Promise<void> {
  for (const accountId of await accountsWithInstallation(database)) {
    await queue.send("policy", { accountId });
  }
}

export async function keepPolicy(context: JobContext, accountId: number): Promise<void> {
  const { database, github } = context;
  const installation = await installationOfAccount(database, accountId);
  if (installation === null) return;
  try {
    const client = await github.forInstallation(installation.id);
    await new PolicyKeeping(context, client, { id: accountId, login: installation.accountLogin }).run();
  } catch (error) {
    if (!(error instanceof InstallationUnavailableError)) throw error;
    await noteUnavailable(database, installation.id);
  }
}

const UNKNOWN = (accountId: number): StoredPolicy => ({
  accountId,
  policy: null,
  source: null,
  push: null,
  problem: null,
  problemIssue: null,
  announcement: null,
  announcementProblem: null,
  isKnown: false,
});

class PolicyKeeping {
  readonly #context: JobContext;
  readonly #client: GitHubClient;
  readonly #account: Account;

  constructor(context: JobContext, client: GitHubClient, account: Account) {
    this.#context = context;
    this.#client = client;
    this.#account = account;
  }

  async run(): Promise<void> {
    // A change that could not be announced is not lost to the next one.
    await this.#announce();
    const known = await this.#known();
    const [privateName] = POLICY_REPOSITORIES;
    // What is not seen any more may be hidden from the App: whoever can write to the other repository gains nothing by it.
    const mustBe = known.source?.repository.split("/").at(-1)?.toLowerCase() === privateName ? privateName : null;
    await this.#take(known, await readPolicySource(this.#client, this.#account, mustBe));
    await this.#announce();
    await this.#sayProblem();
  }

  async #known(): Promise<StoredPolicy> {
    return (await findPolicy(this.#context.database, this.#account.id)) ?? UNKNOWN(this.#account.id);
  }

  async #take(known: StoredPolicy, reading: PolicyFileReading): Promise<void> {
    switch (reading.kind) {
      case "no-repository":
        return this.#accept(known, null, null, null);
      case "no-file":
        return this.#accept(known, null, null, reading.repository);
      case "no-text":
        return this.#refuse(known, reading.repository, [reading.why]);
      case "unreadable":
        return this.#lose(known, reading.why);
      case "file":
        return this.#takeFile(known, reading);
    }
  }

  async #takeFile(
    known: StoredPolicy,
    { repository, blob, text }: Extract<PolicyFileReading, { kind: "file" }>,
  ): Promise<void> {
    const { settings } = this.#context;
    const today = new Date().toISOString().slice(0, 10);
    const read = readPolicyFile(text, settings.policyBounds, today);
    if (read.kind === "invalid") return this.#refuse(known, repository, read.problems);
    const { source, policy } = known;
    const isSame = policy !== null && source?.repositoryId === repository.id && source.blob === blob;
    // What its names stand for was settled when it was accepted, and whoever has one of them now gains nothing by it.
    if (isSame) return this.#accept(known, policy, { ...source, ...placeOf(repository) }, repository);
    const settled = await settleNames(this.#client, this.#account, read.file);
    if (settled.kind === "invalid") return this.#refuse(known, repository, settled.problems);
    return this.#accept(known, settled.policy, { ...placeOf(repository), blob }, repository);
  }

  /** @param repository where it stands, or stood; null where there is none */
  async #accept(
    known: StoredPolicy,
    policy: Policy | null,
    source: PolicySource | null,
    repository: RepositoryFacts | null,
  ): Promise<void> {
    const { database, queue } = this.#context;
    const { id } = this.#account;
    const isChange = JSON.stringify(keyOf(known.source)) !== JSON.stringify(keyOf(source));
    const by = isChange && repository !== null ? await this.#whoChanged(known, repository) : "nobody whom GitHub names";
    await database.transaction(async (transaction) => {
      if (known.problem !== null) {
        await audit(transaction, {
          actor: "keyrecall",
          action: "policy-valid-again",
          repositoryId: known.problem.source.repositoryId,
          detail: { account: id },
        });
      }
      const announcement = isChange ? announcementOf(known, policy, source, repository, by) : null;
      await savePolicy(
        transaction,
        id,
        { policy, source, problem: null, ...(announcement === null ? {} : { announcement }) },
        true,
      );
      if (!isChange) return;
      await audit(transaction, {
        actor: by.startsWith("@") ? (by.split(" ")[0] ?? by) : "GitHub",
        action: "policy-changed",
        ...(repository === null ? {} : { repositoryId: repository.id }),
        detail: {
          account: id,
          by,
          repository: repository?.fullName ?? null,
          file: source?.blob ?? null,
          before: known.policy === null ? [] : describePolicy(known.policy),
          after: policy === null ? [] : describePolicy(policy),
        },
      });
      for (const incidentId of await openIncidentsOfAccount(transaction, id)) {
        await queue.send("respond", { incidentId }, { key: incidentId, within: transaction.boss });
      }
    });
  }

  /** Who pushed is what GitHub says; who wrote a commit is what the commit says of itself. */
  async #whoChanged({ push }: StoredPolicy, repository: RepositoryFacts): Promise<string> {
    const change = await lastChangeOf(this.#client, repository);
    if (change === null) return push === null ? "nobody whom GitHub names" : `pushed last by ${push.by}`;
    const commit = `commit ${change.commit.slice(0, 12)}`;
    const pushedBy = push?.commits.includes(change.commit) === true ? push.by : change.pushedBy;
    if (pushedBy !== null) return `@${pushedBy} pushed ${commit}`;
    return change.author === null ? commit : `${commit}, whose author is ${change.author} by what it says`;
  }

  async #refuse(known: StoredPolicy, repository: RepositoryFacts, sentences: readonly string[]): Promise<void> {
    const { repositoryId, repository: fullName } = placeOf(repository);
    await this.#note(known, { source: { repositoryId, repository: fullName }, sentences });
  }

  /** It cannot be read, and was never seen or held before: the last valid one goes on. */
  async #lose(known: StoredPolicy, why: string): Promise<void> {
    const source = known.source ?? { repositoryId: 0, repository: `${this.#account.login}/${POLICY_REPOSITORIES[0]}` };
    await this.#note(known, {
      source: { repositoryId: source.repositoryId, repository: source.repository },
      sentences: [why],
    });
  }

  async #note(known: StoredPolicy, problem: PolicyProblem): Promise<void> {
    const { database, log } = this.#context;
    const isNews = JSON.stringify(known.problem?.sentences ?? []) !== JSON.stringify(problem.sentences);
    await database.transaction(async (transaction) => {
      await savePolicy(transaction, this.#account.id, { problem }, true);
      if (!isNews) return;
      const { repositoryId, repository } = problem.source;
      await audit(transaction, {
        actor: "keyrecall",
        action: "policy-invalid",
        ...(repositoryId === 0 ? {} : { repositoryId }),
        detail: { account: this.#account.id, repository, problems: problem.sentences },
      });
    });
    if (isNews) log.error({ account: this.#account.id, problems: problem.sentences }, "a policy is not valid");
  }

  async #announce(): Promise<void> {
    const { policy, announcement, announcementProblem } = await this.#known();
    if (announcement === null) return;
    const { database, log } = this.#context;
    const identity = await this.#context.identity();
    const { login, id } = this.#account;
    const { repository: fullName, repositoryId, key, by, before, after } = announcement;
    const lines = policy === null ? NO_POLICY_LINES : describePolicy(policy);
    const kept = await keepRotationIssue(this.#client, identity, {
      fullName,
      marker: POLICY_MARKER,
      number: null,
      text: () => policyIssue(login, lines),
      assignees: [],
      shouldBeOpen: ({ isOpen }) => isOpen,
    });
    const body = policyChangeComment(by, before, after);
    const outcome = isRefusal(kept) ? kept : await commentOnce(this.#client, identity, kept.issue, { key, body });
    if (!isRefusal(outcome)) return savePolicy(database, id, { announcement: null, announcementProblem: null }, false);
    if (announcementProblem === outcome.sentence) return;
    log.error({ account: id, why: outcome.sentence }, "a change of policy could not be announced");
    await database.transaction(async (transaction) => {
      await savePolicy(transaction, id, { announcementProblem: outcome.sentence }, false);
      await audit(transaction, {
        actor: "keyrecall",
        action: "policy-not-announced",
        repositoryId,
        detail: { account: id, why: outcome.sentence },
      });
    });
  }

  async #sayProblem(): Promise<void> {
    const { problem, problemIssue, policy } = await this.#known();
    const { database, log } = this.#context;
    const { id } = this.#account;
    const place = problem === null ? problemIssue : problem.source;
    // One that cannot be read cannot be written to either.
    if (place === null || place.repositoryId === 0) return;
    const identity = await this.#context.identity();
    if (problem === null) {
      const there = await findRotationIssue(this.#client, identity, place.repository, POLICY_PROBLEM_MARKER);
      if (there.kind === "none") return savePolicy(database, id, { problemIssue: null }, false);
    }
    const kept = await keepRotationIssue(this.#client, identity, {
      fullName: place.repository,
      marker: POLICY_PROBLEM_MARKER,
      number: null,
      text: () => policyProblemIssue(problem?.sentences ?? [], policy !== null),
      assignees: [],
      shouldBeOpen: () => problem !== null,
    });
    if (isRefusal(kept)) {
      log.error({ account: id, why: kept.sentence }, "that a policy is not valid could not be said in an issue");
      return;
    }
    await savePolicy(database, id, { problemIssue: problem === null ? null : place }, false);
  }
}

const NO_POLICY_LINES = ["There is no policy: tokens that work are revoked at once"];

function placeOf({ id, fullName, isPrivate }: RepositoryFacts): Omit<PolicySource, "blob"> {
  return { repositoryId: id, repository: fullName, isPrivate };
}

function keyOf(source: PolicySource | null): readonly unknown[] {
  return source === null ? [] : [source.repositoryId, source.blob];
}

function announcementOf(
  known: StoredPolicy,
  policy: Policy | null,
  source: PolicySource | null,
  repository: RepositoryFacts | null,
  by: string,
): PolicyAnnouncement | null {
  // Where its repository is gone there is no place left to say so.
  if (repository === null) return null;
  // What a private repository said is not told in another one.
  const isSamePlace = known.source === null || known.source.repositoryId === repository.id;
  const before = known.policy === null ? NO_POLICY_LINES : describePolicy(known.policy);
  return {
    key: `policy:${known.source?.blob ?? "none"}:${source?.blob ?? "none"}:${new Date().toISOString()}`,
    by,
    repository: repository.fullName,
    repositoryId: repository.id,
    before: isSamePlace ? before : [],
    after: policy === null ? NO_POLICY_LINES : describePolicy(policy),
  };
}
