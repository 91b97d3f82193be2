/** `/keyrecall …` in a comment of a rotation issue, and the buttons of a check run. */
import { react, readComment } from "../../github/comments.ts";
import { isRefusal } from "../../github/refusal.ts";
import { repositoryByName } from "../../github/repositories.ts";
import { commentOnce, readRotationIssue } from "../../github/rotation-issues.ts";
import type { PlacedIssue } from "../../incident.ts";
import { type CommandReading, readCommand } from "../../issues/command.ts";
import { mayTellAll } from "../../issues/disclosure.ts";
import { code } from "../../issues/markdown.ts";
import { hasMarker, markerOf } from "../../issues/marker.ts";
import type { CommandAnswer } from "../../store/commands.ts";
import { findIncident, incidentOfIssue, incidentsWithoutIssue, type StoredIncident } from "../../store/incidents.ts";
import { installationOfAccount } from "../../store/policies.ts";
import { summarizeHead } from "../../store/scans.ts";
import { carryOut, type CarriedOut, type Person } from "../carry-out.ts";
import type { JobContext } from "../context.ts";
import { coverRepository } from "./covered-repository.ts";
import type { EventHandler } from "./handler.ts";
import { checkRunPayload, issueCommentPayload } from "./payloads.ts";

/** Of one press: a commit can hold any number of tokens. */
const MAX_INCIDENTS = 50;

export const handleIssueComment: EventHandler = async (context, delivery, signal) => {
  const payload = issueCommentPayload.parse(delivery.payload);
  const { action, issue, comment, installation } = payload;
  if (action !== "created") return `nothing to do for ${action}`;
  const reading = readCommand(comment.body ?? "");
  if (reading.kind === "none") return "no command";
  const person = personOf(payload.sender);
  if (person === null) return "a bot's command";
  const { database, github } = context;
  const incident =
    (await knownIncident(database, payload.repository.id, issue.number)) ??
    (await unknownIncident(context, payload, installation.id));
  if (incident === null) return "a command in no rotation issue of ours";
  const repository = await coverRepository(context, payload.repository, installation.id);
  if (typeof repository === "string") return repository;
  const client = await github.forInstallation(installation.id);
  const { fullName } = repository;
  const now = await readComment(client, fullName, comment.id);
  if (isRefusal(now)) return "the comment is gone";
  if (!now.isByHand || now.authorId !== person.id) return "a command by nobody's hand";
  if (now.body !== comment.body) return "the comment was changed since";
  const there = await readRotationIssue(client, await context.identity(), fullName, issue.number);
  if (there.kind !== "issue" || !hasMarker(there.body, markerOf(incident))) return "the issue does not have our marker";
  const key = `comment:${repository.id}:${comment.id}`;
  const done = await outcomeOf(context, incident, { key, person, reading }, signal);
  const reaction = await react(client, fullName, comment.id, done.wasDone ? "+1" : "confused");
  if (reaction !== null) context.log.warn({ incident: incident.id, why: reaction.sentence }, "beside an answer");
  // One answer of that kind to a person is enough: anybody can comment in public.
  const answerKey = done.isForbidden ? `forbidden:${person.id}` : `command:${comment.id}`;
  const place = { repositoryId: repository.id, repository: fullName, number: issue.number, url: there.url };
  await answerIn(context, incident, place, answerKey, done.answer);
  return `${reading.kind === "command" ? reading.command.name : "a command"}: ${done.wasDone ? "done" : "refused"}`;
};

async function knownIncident(
  database: JobContext["database"],
  repositoryId: number,
  number: number,
): Promise<StoredIncident | null> {
  const id = await incidentOfIssue(database, repositoryId, number);
  return id === null ? null : findIncident(database, id);
}

/**
 * An issue that the App opened and has not written down yet, as when whoever opened it was killed, or got no answer: people
 * see it all the same. What stands elsewhere already is none of it.
 */
async function unknownIncident(
  { database, github, identity }: JobContext,
  { repository, issue }: ReturnType<typeof issueCommentPayload.parse>,
  installationId: number,
): Promise<StoredIncident | null> {
  const waiting = await incidentsWithoutIssue(database, repository.owner.id);
  if (waiting.length === 0) return null;
  const client = await github.forInstallation(installationId);
  const there = await readRotationIssue(client, await identity(), repository.full_name, issue.number);
  if (there.kind !== "issue") return null;
  const found = waiting.find((incident) => hasMarker(there.body, markerOf(incident)));
  return found === undefined ? null : findIncident(database, found.id);
}

async function outcomeOf(
  context: JobContext,
  incident: StoredIncident,
  { key, person, reading }: { readonly key: string; readonly person: Person; readonly reading: CommandReading },
  signal: AbortSignal,
): Promise<Pick<CarriedOut, "wasDone" | "answer" | "isForbidden">> {
  if (reading.kind === "command") return carryOut(context, incident, { key, person, command: reading.command }, signal);
  const text = `Not done: ${reading.kind === "unclear" ? reading.why : ""}.`;
  return { wasDone: false, answer: { full: text, withheld: text }, isForbidden: false };
}

export const handlePressedButton: EventHandler = async (context, delivery, signal) => {
  const payload = checkRunPayload.parse(delivery.payload);
  const { check_run: checkRun, requested_action: pressed, installation } = payload;
  if (checkRun.app?.id !== context.settings.appId) return "another App's";
  const person = personOf(payload.sender);
  if (person === null) return "pressed by a bot";
  const name = pressed?.identifier;
  if (name !== "verify" && name !== "approve") return "no button of ours";
  const repository = await coverRepository(context, payload.repository, installation.id);
  if (typeof repository === "string") return repository;
  const summary = await summarizeHead(context.database, repository.id, checkRun.head_sha);
  if (summary === null || summary.checkRunId !== checkRun.id) return "no check run of ours";
  let count = 0;
  for (const id of summary.incidentIds.slice(0, MAX_INCIDENTS)) {
    const incident = await findIncident(context.database, id);
    if (incident === null) continue;
    const key = `button:${delivery.id}:${id}`;
    const done = await carryOut(context, incident, { key, person, command: { name, reason: "" } }, signal);
    if (done.wasDone) count += 1;
    const answerKey = done.isForbidden ? `forbidden:${person.id}` : `button:${delivery.id}`;
    const said = `${code(`@${person.login}`)} pressed ${code(name)} on a check run.`;
    const { full, withheld } = done.answer;
    const answer = { full: `${said} ${full}`, withheld: `${said} ${withheld}` };
    if (incident.issue !== null) await answerIn(context, incident, incident.issue, answerKey, answer);
  }
  return `${name}: done for ${count} of ${summary.incidentIds.length}`;
};

function personOf(
  sender: { readonly id: number; readonly login: string; readonly type?: string | undefined } | undefined,
): Person | null {
  if (sender === undefined || sender.type !== "User") return null;
  return { id: sender.id, login: sender.login };
}

/** Says what came of it, as much of it as the place may be told. */
async function answerIn(
  context: JobContext,
  incident: StoredIncident,
  { repository, repositoryId, number }: PlacedIssue,
  key: string,
  { full, withheld }: CommandAnswer,
): Promise<void> {
  const { database, github, log } = context;
  const now = (await findIncident(database, incident.id)) ?? incident;
  const installation = await installationOfAccount(database, incident.accountId);
  if (installation === null) return;
  const client = await github.forInstallation(installation.id);
  const place = await repositoryByName(client, repository);
  const isPrivate = !isRefusal(place) && place.id === repositoryId && place.isPrivate;
  const body = mayTellAll(now, { isPrivate }) ? full : withheld;
  const outcome = await commentOnce(client, await context.identity(), { repository, number }, { key, body });
  if (isRefusal(outcome)) log.warn({ incident: incident.id, why: outcome.sentence }, "an answer could not be given");
}
