/** Carries out what a person asks for about an incident, or says why not; once for each key, whatever comes again. */
import { roleIn } from "../github/comments.ts";
import { InstallationUnavailableError } from "../github/errors.ts";
import { isInTeam } from "../github/policy-file.ts";
import { isRefusal } from "../github/refusal.ts";
import { findRepository as findOnGitHub } from "../github/repositories.ts";
import type { Command } from "../issues/command.ts";
import { leakingRepositories } from "../issues/placement.ts";
import { modeFor, NO_POLICY, type Policy } from "../policy.ts";
import { audit } from "../store/audit-log.ts";
import { type CommandAnswer, type DoneCommand, findCommand, saveCommand } from "../store/commands.ts";
import type { Transaction } from "../store/database.ts";
import { changeIncident, type StoredIncident } from "../store/incidents.ts";
import { findPolicy, installationOfAccount } from "../store/policies.ts";
import { findRepository } from "../store/repositories.ts";
import { announce } from "./announce.ts";
import type { JobContext } from "./context.ts";
import { askNow, whatIsDone } from "./respond.ts";

export interface Person {
  readonly id: number;
  readonly login: string;
}

export interface Asked {
  /** Names the comment, or the press of a button. */
  readonly key: string;
  readonly person: Person;
  readonly command: Command;
}

export interface CarriedOut extends DoneCommand {
  /** It was refused because of who asked. */
  readonly isForbidden: boolean;
}

interface Decision {
  readonly answer: CommandAnswer;
  /** Null where it is refused. */
  readonly apply: ((transaction: Transaction) => Promise<void>) | null;
  readonly isForbidden?: boolean;
}

export async function carryOut(
  context: JobContext,
  incident: StoredIncident,
  asked: Asked,
  signal: AbortSignal,
): Promise<CarriedOut> {
  const { database } = context;
  const { key, person, command } = asked;
  const before = await findCommand(database, key);
  if (before !== null) return { ...before, isForbidden: before.answer.full === FORBIDDEN.answer.full };
  const { answer, apply, isForbidden = false } = await new Judgement(context, incident, asked, signal).decide();
  const actor = `@${person.login}`;
  const done = { key, incidentId: incident.id, actor, wasDone: apply !== null, answer };
  await database.transaction(async (transaction) => {
    // Whoever was faster has done it.
    if (!(await saveCommand(transaction, done))) return;
    await apply?.(transaction);
    const { name, reason } = command;
    await audit(transaction, {
      actor,
      action: apply === null ? "command-refused" : "command-done",
      incidentId: incident.id,
      // Only what was done is part of the incident's time line.
      detail: {
        command: name,
        reason,
        key,
        ...(apply === null
          ? { why: answer.full }
          : { what: `asked for it: ${name}${reason === "" ? "" : `, ${reason}`}` }),
      },
    });
  });
  return { ...done, isForbidden };
}

const SILENCE = "Why is not said in a public place; the log of whoever runs Keyrecall has it.";
const FORBIDDEN = refuse(
  "that takes write permission in every repository where the token stands (`verify`: in one of them)",
  true,
);

function refuse(why: string, isPublic = false): Decision {
  const full = `Not done: ${why}.`;
  return { answer: { full, withheld: isPublic ? full : `Not done. ${SILENCE}` }, apply: null };
}

class Judgement {
  readonly #context: JobContext;
  readonly #incident: StoredIncident;
  readonly #asked: Asked;
  readonly #signal: AbortSignal;

  constructor(context: JobContext, incident: StoredIncident, asked: Asked, signal: AbortSignal) {
    this.#context = context;
    this.#incident = incident;
    this.#asked = asked;
    this.#signal = signal;
  }

  async decide(): Promise<Decision> {
    const { command } = this.#asked;
    const roles = await this.#roles();
    const isAllowed =
      command.name === "verify" ? roles.includes(true) : roles.length > 0 && roles.every((mayWrite) => mayWrite);
    // Before anything else: to others nothing is told.
    if (!isAllowed) return { ...FORBIDDEN, isForbidden: true };
    switch (command.name) {
      case "verify":
        return this.#verify();
      case "approve":
        return this.#approve();
      case "resolve":
      case "false-alarm":
        return this.#close(command.name);
    }
  }

  /** Of each leaking repository that the App looks after, whether the person may write there now. */
  async #roles(): Promise<boolean[]> {
    const { database, github } = this.#context;
    const { person } = this.#asked;
    const roles: boolean[] = [];
    for (const { id } of leakingRepositories(this.#incident)) {
      const covered = await findRepository(database, id);
      if (covered === null || !covered.isCovered) continue;
      try {
        const client = await github.forInstallation(covered.installationId);
        // By its number: another one may have its name by now.
        const now = await findOnGitHub(client, covered);
        if (isRefusal(now) && now.reason === "missing") continue;
        const role = isRefusal(now) ? now : await roleIn(client, now.fullName, person.login);
        // And whoever has the login now may be somebody else.
        roles.push(!isRefusal(role) && role.userId === person.id && role.mayWrite);
      } catch (error) {
        if (!(error instanceof InstallationUnavailableError)) throw error;
        roles.push(false);
      }
    }
    return roles;
  }

  #verify(): Decision {
    return {
      answer: {
        full: "The API is asked now; the text above will say what it answers.",
        withheld:
          "The API is asked now. What it answers is not said in a public place before the token is out of service.",
      },
      apply: async (transaction) => {
        await changeIncident(transaction, this.#incident.id, { verifyAskedBy: this.#actor });
        await this.#goOn(transaction);
      },
    };
  }

  async #approve(): Promise<Decision> {
    const { database, settings } = this.#context;
    const { id, state, accountId, approvedBy } = this.#incident;
    const policy = (await findPolicy(database, accountId))?.policy ?? NO_POLICY;
    const isApprover = await this.#isApprover(policy);
    if (isApprover === null) {
      return refuse(
        "GitHub does not tell the App whether you are in a team that the organisation's policy names",
        true,
      );
    }
    if (!isApprover) return refuse("the organisation's policy does not name you among those who approve", true);
    if (state === "contained" || state === "resolved") return refuse("the token is out of service already");
    if (modeFor(policy, this.#incident, settings.policyBounds) === "at-once") {
      return refuse("the organisation's policy waits for no approval here");
    }
    if (approvedBy !== null) return refuse(`it was approved already, by ${approvedBy}`);
    const next = await whatIsDone(this.#context, { ...this.#incident, approvedBy: this.#actor });
    const why =
      next.kind === "withhold"
        ? ` It is not revoked yet: ${next.why}.`
        : " It is revoked as soon as it is known to work.";
    return {
      answer: { full: `Approved.${why}`, withheld: "Approved." },
      apply: async (transaction) => {
        await changeIncident(transaction, id, { approvedBy: this.#actor });
        await this.#goOn(transaction);
      },
    };
  }

  /** Null where it cannot be told. */
  async #isApprover({ approvers }: Policy): Promise<boolean | null> {
    const { person } = this.#asked;
    if (approvers.users.some(({ id }) => id === person.id)) return true;
    const installation = await installationOfAccount(this.#context.database, this.#incident.accountId);
    if (installation === null) return null;
    const client = await this.#context.github.forInstallation(installation.id);
    let isUnknown = false;
    for (const team of approvers.teams) {
      const isIn = await isInTeam(client, installation.accountLogin, team, person.login);
      if (isIn === true) return true;
      if (isIn === null) isUnknown = true;
    }
    return isUnknown ? null : false;
  }

  async #close(as: "resolve" | "false-alarm"): Promise<Decision> {
    const { id, state, wasLive, resolution } = this.#incident;
    if (state === "resolved" && resolution !== null) return refuse(`it was closed already, by ${resolution.by}`);
    // What was written down last can be a day old.
    const verdict = await askNow(this.#context, this.#incident, this.#signal);
    const isClosed = state === "contained" || state === "resolved";
    if (verdict?.state === "live") {
      await this.#haveItAsked();
      return refuse("the token still works, so it has to be revoked first");
    }
    if (!isClosed && verdict?.state === "revoked") {
      await this.#haveItAsked();
      return refuse(
        "the API has refused the token just now, which is being confirmed; say it again once this issue says that it is out of service",
      );
    }
    if (!isClosed && (wasLive || state !== "unverifiable")) {
      return refuse("the token was seen to work, and the API does not tell that it is dead");
    }
    if (as === "false-alarm" && wasLive) {
      return refuse(
        "the token did work, so it was no false alarm; `/keyrecall resolve <reason>` closes it as resolved",
      );
    }
    const { reason } = this.#asked.command;
    const kind = as === "false-alarm" ? ("false-alarm" as const) : ("resolved" as const);
    const text = `Closed as ${kind === "resolved" ? "resolved" : "a false alarm"}. It opens again if the token works, or turns up in a new place.`;
    return {
      answer: { full: text, withheld: "Closed." },
      apply: async (transaction) => {
        const at = new Date().toISOString();
        const change = { state: "resolved" as const, resolution: { as: kind, by: this.#actor, reason, at } };
        // What was asked a moment ago need not hold of what it has become since: then all of it is made again.
        if (!(await changeIncident(transaction, id, change, state))) throw new Error("the incident changed meanwhile");
        await audit(transaction, {
          actor: this.#actor,
          action: "resolved",
          incidentId: id,
          detail: { as: kind, reason },
        });
        await announce(this.#context.queue, transaction, id);
      },
    };
  }

  /** The response is to see what was seen here: without that it would not look before its time. */
  async #haveItAsked(): Promise<void> {
    await this.#context.database.transaction(async (transaction) => {
      await changeIncident(transaction, this.#incident.id, { verifyAskedBy: this.#actor });
      await this.#goOn(transaction);
    });
  }

  get #actor(): string {
    return `@${this.#asked.person.login}`;
  }

  async #goOn(transaction: Transaction): Promise<void> {
    const { id } = this.#incident;
    await this.#context.queue.send("respond", { incidentId: id }, { key: id, within: transaction.boss });
  }
}
