/** The one rotation issue of an incident: what it says, kept current in place. */
import { entryNamesOf, formatsOf, type Rule, type WorkloadAtRisk } from "keyrecall";
import type { Incident, IncidentOccurrence, TextPlace } from "../incident.ts";
import { kindName } from "./check-run.ts";
import { isClosedByHand, isContained, mayTellAll } from "./disclosure.ts";
import { boundedLines, type Budget, code, cut, link, plain, prose, tableHead, tableRow } from "./markdown.ts";
import { markerOf } from "./marker.ts";
import { leakingRepositories } from "./placement.ts";
import { areStepsDone, type ConsumerFile, stepLines, tickedSteps } from "./rotation-steps.ts";
import { signsOfMisuse } from "./signs-of-misuse.ts";
import { cameBy, milestones } from "./timeline.ts";
import { formatDuration, formatTime } from "./times.ts";

export interface RotationIssueFacts {
  readonly incident: Incident;
  readonly rule: Rule;
  /** Files that read the token's variable; null where nobody has looked for them. */
  readonly consumers: readonly ConsumerFile[] | null;
  /** `@organisation/team`, from the code owners of the leaking paths. */
  readonly teams: readonly string[];
  /** The place where the text will stand. */
  readonly place: { readonly isPrivate: boolean };
  /** The text as it stands there now: its ticks are kept. */
  readonly previousBody: string | null;
  /** Where people see the repositories, such as `https://github.com`. */
  readonly webUrl: string;
}

export interface RotationIssueText {
  readonly title: string;
  readonly body: string;
  readonly labels: readonly IssueLabel[];
  /** All boxes that are for people are ticked. */
  readonly isDone: boolean;
}

export interface IssueLabel {
  readonly name: string;
  /** Six hex digits. */
  readonly color: string;
  readonly description: string;
}

/** Of an issue 65,536 characters, of an advisory one fewer; bytes are never fewer than characters. */
const MAX_BODY_BYTES = 65_535;
const MAX_TITLE = 250;

export const KEYRECALL_LABEL: IssueLabel = {
  name: "keyrecall",
  color: "b60205",
  description: "A leaked InferenceKey token",
};
const PLANE_LABELS: Readonly<Record<Incident["plane"], IssueLabel>> = {
  control: { name: "keyrecall: control plane", color: "d93f0b", description: "The token could change workloads" },
  data: { name: "keyrecall: data plane", color: "fbca04", description: "The token could run inference" },
};

export function rotationIssue(facts: RotationIssueFacts): RotationIssueText {
  const { incident, place, previousBody } = facts;
  if (!mayTellAll(incident, place)) return withheld(incident);
  const ticked = previousBody === null ? new Set<string>() : tickedSteps(previousBody);
  const body = fitting((share) => bodyOf(facts, ticked, share));
  return {
    title: cut(`Rotate the leaked ${incident.plane}-plane token ${plain(incident.masked)}`, MAX_TITLE),
    body,
    labels: [KEYRECALL_LABEL, PLANE_LABELS[incident.plane]],
    isDone: areStepsDone(body),
  };
}

/** The text for a public place while the token may work: that there is something, and nothing of what. */
function withheld(incident: Incident): RotationIssueText {
  return {
    title: "A leaked credential is being taken out of service",
    body: [
      markerOf(incident),
      "",
      "1 leaked credential was found. Details are withheld here until it is out of service; who has to act is told in private.",
    ].join("\n"),
    labels: [KEYRECALL_LABEL],
    isDone: false,
  };
}

/** The lists give way until the text fits. */
function fitting(render: (share: number) => string): string {
  let body = "";
  for (const share of [1, 0.5, 0.2, 0.05, 0]) {
    body = render(share);
    if (Buffer.byteLength(body) <= MAX_BODY_BYTES) return body;
  }
  throw new Error(`the text of the issue takes ${Buffer.byteLength(body)} bytes without its lists`);
}

function bodyOf(facts: RotationIssueFacts, ticked: ReadonlySet<string>, share: number): string {
  const { incident, rule, teams, place, webUrl } = facts;
  const consumers = shownConsumers(facts);
  const budget = (items: number, bytes: number): Budget => ({
    items: Math.floor(items * share),
    bytes: Math.floor(bytes * share),
  });
  return [
    markerOf(incident),
    "",
    headline(incident, rule),
    ...teamLine(teams),
    "",
    ...statusTable(incident, rule),
    "",
    "## Time line",
    "",
    ...timeTable(incident),
    // What the App wrote down may name private repositories.
    ...(place.isPrivate ? log(incident, budget(60, 10_000)) : []),
    "",
    "## What it could do",
    "",
    ...blastRadius(incident, budget),
    "",
    "## Signs of misuse",
    "",
    ...signsOfMisuse(incident, rule),
    "",
    "## What to do",
    "",
    ...stepLines({ incident, rule, consumers, ticked, budget: budget(100, 14_000) }),
    "",
    "## Where it stands",
    "",
    ...places(facts, budget(80, 16_000), webUrl),
    "",
    "## Why rewriting history is not enough",
    "",
    "What was pushed or posted can have been read: earlier versions of a text stay readable, commits that no branch reaches any more can still be fetched by their id, and forks, " +
      "pull requests, clones, caches and build logs keep copies. Only a token that the API refuses is harmless, so rotate it; " +
      "history can stay as it is.",
    "",
  ].join("\n");
}

/** In a public place only files of repositories that are known to be public. */
function shownConsumers({ incident, consumers, place }: RotationIssueFacts): readonly ConsumerFile[] | null {
  if (place.isPrivate || consumers === null) return consumers;
  const repositories = leakingRepositories(incident).filter(({ isPrivate }) => !isPrivate);
  const names = new Set(repositories.map(({ fullName }) => fullName));
  return consumers.filter(({ repository }) => names.has(repository));
}

function headline(incident: Incident, rule: Rule): string {
  const bare = `${prose(rule.name)} ${code(incident.masked)}`;
  const token = `${bare} was ${cameBy(incident)}`;
  switch (incident.state) {
    case "found":
      return `**Found, being verified.** The ${token}. Treat it as live until the API says otherwise.`;
    case "verified":
      return incident.manualBecause === null
        ? `**Live.** The ${token} and works. It is about to be revoked.`
        : `**Live: revoke it now.** The ${token} and works, and Keyrecall does not revoke it: ${prose(incident.manualBecause)}.`;
    case "revoking":
      if (incident.manualBecause !== null) {
        return `**Live: revoke it now.** The ${token} and works, and Keyrecall has not got it revoked: ${prose(incident.manualBecause)}. It goes on trying.`;
      }
      return `**Live, being revoked.** The ${token} and works. Keyrecall asks the API until it is refused.`;
    case "unverifiable":
      return `**It is not known whether it works.** The ${token}; treat it as live and revoke it in the dashboard. Keyrecall asks again.`;
    case "reopened":
      return `**Open again.** The ${bare} was out of service, and has turned up in a new place or works again.`;
    case "contained":
    case "resolved":
      if (isClosedByHand(incident)) return closedByHand(incident, bare);
      if (!isContained(incident)) return `**Live.** The ${bare} was out of service, and the API accepts it again.`;
      if (!incident.wasLive) return `**Already dead.** The ${token}; the API refused it when it was first asked.`;
      return incident.state === "resolved"
        ? `**Resolved.** The ${bare} is out of service, and what used it was moved over.`
        : `**Contained.** The ${token} and is out of service: what used it no longer works until it is moved over.`;
  }
}

function closedByHand({ resolution, verdict }: Incident, token: string): string {
  const { as, by, reason } = resolution!;
  const closed = as === "false-alarm" ? "Closed as a false alarm" : "Closed as resolved";
  const dead =
    verdict.state === "revoked"
      ? "is out of service"
      : "was never seen to work, and the API does not tell whether it does";
  return `**${closed}** by ${code(by)}: ${prose(reason)}. The ${token} ${dead}. It opens again if it works, or turns up elsewhere.`;
}

const TEAM = /^@[A-Za-z0-9][A-Za-z0-9-]{0,38}\/[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;

/** Teams cannot be assigned, so they are mentioned: the only mentions that there are. */
function teamLine(teams: readonly string[]): string[] {
  const mentioned = teams.filter((team) => TEAM.test(team)).slice(0, 10);
  return mentioned.length === 0 ? [] : ["", `Code owners of the leaking files: ${mentioned.join(" ")}`];
}

function statusTable(incident: Incident, rule: Rule): string[] {
  const { verdict, occurrences } = incident;
  const repositories = leakingRepositories(incident).length;
  const asked = [verdict.api, verdict.checkedAt === undefined ? undefined : time(verdict.checkedAt)];
  return [
    ...tableHead("Status", ""),
    tableRow("Token", `${code(incident.masked)}, ${prose(rule.name)}`),
    tableRow("State", `**${incident.state}**`),
    tableRow("Verdict", `**${verdict.state}**: ${prose(verdict.reason)}`),
    tableRow(
      "Asked",
      asked
        .filter((part) => part !== undefined)
        .map((part) => code(part))
        .join(", ") || "not yet",
    ),
    tableRow("Exposure window", exposure(incident)),
    tableRow(
      "Places",
      `${occurrences.length} in ${repositories === 1 ? "1 repository" : `${repositories} repositories`}`,
    ),
    tableRow("Revocation", revocation(incident)),
  ];
}

function revocation(incident: Incident): string {
  if (isContained(incident) && !incident.wasLive) return "not needed: it was dead already";
  return incident.manualBecause === null ? "by Keyrecall" : `by hand: ${prose(incident.manualBecause)}`;
}

/** From the arrival of the webhook until the API refused the token. */
function exposure(incident: Incident): string {
  const { receivedAt, containedAt } = incident.times;
  if (isContained(incident) && !incident.wasLive)
    return "none that is known: the API refused it when it was first asked";
  if (containedAt === null || !isContained(incident)) return `open since ${time(receivedAt)}`;
  return `**${formatDuration(receivedAt, containedAt) ?? "unknown"}**, from ${time(receivedAt)} to ${time(containedAt)}`;
}

function time(text: string): string {
  return formatTime(text) ?? code(text);
}

function timeTable(incident: Incident): string[] {
  return [
    ...tableHead("What", "When", "After the webhook"),
    ...milestones(incident).map(({ what, at }) =>
      tableRow(what, at === null ? "not yet" : time(at), at === null ? "" : sinceWebhook(incident, at)),
    ),
  ];
}

function sinceWebhook({ times: { receivedAt } }: Incident, at: string): string {
  return Date.parse(at) > Date.parse(receivedAt) ? (formatDuration(receivedAt, at) ?? "") : "";
}

/** The end of the log is what counts; its beginning is in the table above. */
function log({ timeline }: Incident, budget: Budget): string[] {
  if (timeline.length === 0) return [];
  const latestFirst = timeline.toReversed();
  return [
    "",
    "What was done, the latest first:",
    "",
    ...boundedLines(latestFirst, budget, ({ at, what, by }) => `- ${time(at)}, ${code(by)}: ${prose(what)}`),
  ];
}

function blastRadius({ blastRadius: radius }: Incident, budget: (items: number, bytes: number) => Budget): string[] {
  const { summary, can, cannot, workloads, notes = [] } = radius;
  return [
    `Whoever has it ${prose(summary)}.`,
    "",
    "It can:",
    "",
    ...boundedLines(can, budget(20, 3000), (one) => `- ${prose(one)}`),
    "",
    "It could **not**:",
    "",
    ...boundedLines(cannot, budget(20, 3000), (one) => `- ${prose(one)}`),
    ...(workloads === undefined ? [] : workloadTable(workloads, budget(100, 10_000))),
    ...(notes.length === 0 ? [] : ["", ...boundedLines(notes, budget(10, 3000), (note) => `- Note: ${prose(note)}`)]),
  ];
}

function workloadTable(workloads: readonly WorkloadAtRisk[], budget: Budget): string[] {
  if (workloads.length === 0) return ["", "There was no workload in its projects."];
  const cell = (text: string | null): string => (text === null || text === "" ? "" : code(text, 80));
  return [
    "",
    "Workloads within its reach:",
    "",
    ...tableHead("Workload", "Task", "Model", "Backend", "GPUs"),
    ...boundedLines(
      workloads,
      budget,
      ({ project, slug, task, model, backend, gpu }) =>
        tableRow(code(`${project}/${slug}`), cell(task), cell(model), cell(backend), gpu ? "provisioned" : "none"),
      (left) => tableRow(`… and ${left} more`, "", "", "", ""),
    ),
  ];
}

function places({ incident, place }: RotationIssueFacts, budget: Budget, webUrl: string): string[] {
  // Names and paths of private repositories are not for a public place, whatever became of the token.
  const shown = incident.occurrences.filter(({ repository }) => place.isPrivate || !repository.isPrivate);
  const hidden = incident.occurrences.length - shown.length;
  return [
    ...boundedLines(shown, budget, (occurrence) => placeLine(occurrence, webUrl)),
    ...(hidden === 0 ? [] : [`- ${hidden === 1 ? "1 place" : `${hidden} places`} in private repositories`]),
  ];
}

function placeLine(occurrence: IncidentOccurrence, webUrl: string): string {
  const { repository, kind, path, line, commit, author, ref, actor, removedBy, encoding, container, committedAt } =
    occurrence;
  const { text = null } = occurrence;
  const where =
    text !== null
      ? `, ${textWords(text, line)}, at ${linkToText(text, ref, webUrl)}`
      : path === null
        ? ""
        : ` ${linkToFile(occurrence, path, webUrl)}, ${inFile(occurrence)},`;
  return [
    `- ${kindName(kind)}${where} in ${code(repository.fullName, 140)} (${repository.isPrivate ? "private" : "public"})`,
    ...(commit === null ? [] : [`commit ${code(commit.slice(0, 12))}`]),
    ...(author === null ? [] : [`by ${code(author, 120)}`]),
    ...(committedAt === null ? [] : [time(committedAt)]),
    ...(text === null ? [`on ${code(ref, 120)}`] : []),
    ...(actor === null ? [] : [`${text === null ? "pushed" : "written"} by ${code(actor, 60)}`]),
    ...(encoding.length === 0 ? [] : [`encoded: ${code(encoding.join(", "), 60)}`]),
    ...(container.length === 0 ? [] : [`packed: ${code(formatsOf(container).join(", "), 60)}`]),
    ...(removedBy.length === 0 ? [] : [`removed by ${code(removedBy.map((id) => id.slice(0, 12)).join(", "), 60)}`]),
  ].join(", ");
}

/** In an archive the entry, and the line of that: one of the packed bytes helps nobody. */
function inFile({ line, container, innerLine }: IncidentOccurrence): string {
  if (container.length === 0) return `line ${line}`;
  const names = entryNamesOf(container);
  const entry = names.length === 0 ? [] : [`in the entry ${code(names.join("!"))}`];
  return [...entry, innerLine === null ? "in a name or a comment" : `line ${innerLine}`].join(", ");
}

const TEXT_STATES: Readonly<Record<TextPlace["state"], string>> = {
  posted: "",
  "edited-out": " as it was before an edit",
  deleted: ", deleted since",
};

function textWords({ part, state }: TextPlace, line: number): string {
  return `${code(part, 40)}${TEXT_STATES[state]}, line ${line}`;
}

/** Only to the operator's own server. */
function linkToText({ url }: TextPlace, ref: string, webUrl: string): string {
  return url?.startsWith(`${webUrl}/`) === true ? link(ref, url) : code(ref, 120);
}

const REPOSITORY = /^[A-Za-z0-9._-]+\/[A-Za-z0-9._-]+$/;
const MAX_LINKED_PATH = 200;
const OBJECT_ID = /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/;

function linkToFile(occurrence: IncidentOccurrence, path: string, webUrl: string): string {
  const { repository, commit, line, kind, container } = occurrence;
  const isFile = kind === "blob" || kind === "file";
  if (!isFile || commit === null || !OBJECT_ID.test(commit) || !REPOSITORY.test(repository.fullName)) return code(path);
  if (plain(path, MAX_LINKED_PATH) !== path) return code(path);
  // encodeURIComponent leaves some marks that end a Markdown link or begin emphasis.
  const encoded = path
    .split("/")
    .map((part) => encodeURIComponent(part).replace(/[!'()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16)}`));
  return link(
    path,
    `${webUrl}/${repository.fullName}/blob/${commit}/${encoded.join("/")}${container.length === 0 ? `#L${line}` : ""}`,
  );
}
