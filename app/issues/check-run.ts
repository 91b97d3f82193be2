/** What the check run on a head commit says: all in private repositories, a conclusion and a count in public ones. */
import { entryNamesOf, type Gap } from "keyrecall";
import type { Incident, IncidentOccurrence, IncidentState } from "../incident.ts";
import { boundedLines, code, cut, holdsToken, link, plain, prose, tableHead, tableRow } from "./markdown.ts";

/** What was found in the commits that the check run is about, of one token. */
export interface CheckedLeak {
  readonly incident: Incident;
  /** Its places in these commits, whether a later one removed it or not. */
  readonly occurrences: readonly IncidentOccurrence[];
  /** Why there is no issue that is up to date; null or left out where there is one, or may be. */
  readonly issueProblem?: string | null;
}

export interface CheckRunFacts {
  readonly isPrivate: boolean;
  readonly leaks: readonly CheckedLeak[];
  readonly isComplete: boolean;
  readonly gaps: readonly Gap[];
  /** Of commits read; for the summary. */
  readonly commits: number | null;
}

export interface CheckRunReport {
  /** Never `neutral` or `skipped`: both satisfy a required check. */
  readonly conclusion: "success" | "failure" | "action_required";
  readonly title: string;
  readonly summary: string;
  readonly annotations: readonly CheckAnnotation[];
  readonly actions: readonly CheckAction[];
}

/** A button. GitHub takes 20 characters of a label and of an identifier, and 40 of a description. */
export interface CheckAction {
  readonly label: string;
  readonly description: string;
  readonly identifier: CheckActionName;
}

export type CheckActionName = "verify" | "approve";

export interface CheckAnnotation {
  readonly path: string;
  readonly line: number;
  readonly title: string;
  readonly message: string;
}

const MAX_ANNOTATIONS = 500;
/** So many places are looked at, and the rest is counted: a push can hold a token a hundred thousand times. */
const MAX_PLACES = 2000;
const LEAKS = { items: 100, bytes: 24_000 };
const PLACES = { items: 100, bytes: 16_000 };
const GAPS = { items: 50, bytes: 12_000 };

export function checkRunReport(facts: CheckRunFacts): CheckRunReport {
  const { leaks } = facts;
  // A scan that says it is complete and names gaps is not.
  const isComplete = facts.isComplete && facts.gaps.length === 0;
  const conclusion = leaks.length > 0 ? "failure" : isComplete ? "success" : "action_required";
  const title = titleOf(leaks.length, isComplete);
  const actions = actionsOf(leaks, facts.isPrivate);
  if (!facts.isPrivate) {
    return { conclusion, title, summary: publicSummary(leaks, isComplete), annotations: [], actions };
  }
  const places = placesOf(leaks);
  const { annotations } = places;
  return { conclusion, title, summary: fullSummary(facts, isComplete, places), annotations, actions };
}

const VERIFY: CheckAction = {
  label: "Verify again",
  description: "Ask the API whether it works",
  identifier: "verify",
};
const APPROVE: CheckAction = {
  label: "Approve revocation",
  description: "Revoke what waits for it",
  identifier: "approve",
};

/** In public the same ones whatever became of the tokens: a button tells too. */
function actionsOf(leaks: readonly CheckedLeak[], isPrivate: boolean): CheckAction[] {
  if (leaks.length === 0) return [];
  return isPrivate && leaks.some(({ incident }) => incident.awaitsApproval) ? [VERIFY, APPROVE] : [VERIFY];
}

interface Places {
  readonly annotations: readonly CheckAnnotation[];
  /** Those that are no line of a file. */
  readonly others: readonly IncidentOccurrence[];
  /** How many more there are than was looked at. */
  readonly left: number;
}

function placesOf(leaks: readonly CheckedLeak[]): Places {
  const annotations: CheckAnnotation[] = [];
  const others: IncidentOccurrence[] = [];
  let left = 0;
  for (const { incident, occurrences } of leaks) {
    const room = Math.max(0, MAX_PLACES - annotations.length - others.length);
    for (const occurrence of occurrences.slice(0, room)) {
      if (canBeAnnotated(occurrence)) annotations.push(annotationOf(incident, occurrence));
      else others.push(occurrence);
    }
    left += Math.max(0, occurrences.length - room);
  }
  left += Math.max(0, annotations.length - MAX_ANNOTATIONS);
  return { annotations: annotations.slice(0, MAX_ANNOTATIONS), others, left };
}

function titleOf(count: number, isComplete: boolean): string {
  if (count === 0) return isComplete ? "No leaked tokens" : "Not everything could be read";
  const found = count === 1 ? "1 leaked token" : `${count} leaked tokens`;
  return isComplete ? found : `${found}, and not everything could be read`;
}

function publicSummary(leaks: readonly CheckedLeak[], isComplete: boolean): string {
  const count = leaks.length;
  const isTold = leaks.every(({ issueProblem }) => issueProblem === undefined || issueProblem === null);
  const unread = "The scan could not read everything. It will be tried again; it can also be re-run here.";
  if (count === 0) return isComplete ? "Nothing was found, and everything was read." : unread;
  const found = count === 1 ? "1 leaked token was found." : `${count} leaked tokens were found.`;
  const told = isTold
    ? `Who has to act on ${count === 1 ? "it" : "them"} is told in private.`
    : "There was no private place to say more: ask whoever runs Keyrecall for this organisation.";
  return [found, told, ...(isComplete ? [] : [unread])].join(" ");
}

function fullSummary({ leaks, gaps, commits }: CheckRunFacts, isComplete: boolean, { others, left }: Places): string {
  const read = commits === null ? "" : ` ${commits === 1 ? "1 commit was" : `${commits} commits were`} read.`;
  const lines: string[] = [];
  if (leaks.length === 0) {
    lines.push(
      `${isComplete ? "Nothing was found, and everything was read." : "Nothing was found in what could be read."}${read}`,
    );
  } else {
    lines.push(
      `What was pushed is leaked, also where a later commit removed it.${read}`,
      "",
      ...tableHead("Token", "Plane", "Verdict", "Places here", "Next step"),
      ...boundedLines(leaks, LEAKS, leakRow, (more) => tableRow(`… and ${more} more`, "", "", "", "")),
    );
    if (others.length > 0) {
      lines.push("", "Not in a line of a file that can be marked:", "", ...boundedLines(others, PLACES, placeLine));
    }
    if (left > 0) lines.push("", `${left === 1 ? "1 more place is" : `${left} more places are`} not shown.`);
  }
  if (!isComplete) {
    lines.push("", "**Not everything could be read**, so more may be there:", "");
    lines.push(
      ...(gaps.length === 0
        ? ["- the scan did not reach its end"]
        : boundedLines(gaps, GAPS, ({ what, why }) => `- ${code(what)}: ${code(why)}`)),
    );
  }
  return lines.join("\n");
}

function leakRow({ incident, occurrences, issueProblem }: CheckedLeak): string {
  const { masked, plane, verdict, issue } = incident;
  return tableRow(
    code(masked),
    plane,
    `**${verdict.state}**`,
    String(occurrences.length),
    [
      `${nextStep(incident)}${issue === null ? "" : `: ${link(`${issue.repository}#${issue.number}`, issue.url)}`}`,
      ...(issueProblem === undefined || issueProblem === null ? [] : [`the issue: ${prose(issueProblem)}`]),
    ].join("; "),
  );
}

function placeLine({ kind, path, container, commit, ref }: IncidentOccurrence): string {
  const where = path === null ? "" : ` ${code([path, ...entryNamesOf(container)].join("!"))}`;
  const at = commit === null ? ` at ${code(ref)}` : ` of commit ${code(commit.slice(0, 12))}`;
  return `- ${KINDS[kind]}${where}${at}`;
}

const KINDS: Readonly<Record<IncidentOccurrence["kind"], string>> = {
  blob: "file",
  path: "name of a file",
  "commit-message": "message",
  "commit-identity": "author or committer",
  "tag-message": "message of a tag",
  "tag-identity": "tagger",
  "ref-name": "name of a ref",
  reflog: "reflog",
  index: "index",
  file: "file",
  stdin: "text",
  issue: "issue",
  "issue-comment": "comment",
  "pull-request": "pull request",
  review: "review",
  "review-comment": "comment in a review",
  discussion: "discussion",
  "discussion-comment": "comment in a discussion",
  release: "release",
  "commit-comment": "comment on a commit",
  wiki: "wiki",
  alert: "secret scanning alert",
};

export function kindName(kind: IncidentOccurrence["kind"]): string {
  return KINDS[kind];
}

const NEXT_STEPS: Readonly<Record<IncidentState, string>> = {
  found: "it is being verified",
  verified: "revoke it",
  revoking: "it is being revoked",
  contained: "move what used it over to a new token",
  unverifiable: "revoke it in the dashboard",
  resolved: "none, it was rotated",
  reopened: "it is being verified again",
};

function nextStep({ state, verdict, manualBecause, awaitsApproval }: Incident): string {
  if (awaitsApproval) return "approve that it is revoked, or revoke it in the dashboard now";
  if (verdict.state === "live" && manualBecause !== null) return "revoke it in the dashboard now";
  return NEXT_STEPS[state];
}

function annotationOf(incident: Incident, { path, line, container, removedBy }: InAFile): CheckAnnotation {
  const entry = entryNamesOf(container);
  return {
    path,
    line,
    title: cut(`Leaked ${incident.plane}-plane token ${plain(incident.masked)}`, 255),
    // An annotation cannot be changed any more, so what changes is none of it.
    message: [
      "Whether it works, and what is to be done, is said in the summary of this check.",
      ...(entry.length > 0 ? [`It stands in the entry ${plain(entry.join("!"), 1000)} of this archive.`] : []),
      ...(removedBy.length > 0 ? ["A later commit removed it; it was pushed, so it is leaked all the same."] : []),
    ].join("\n"),
  };
}

type InAFile = IncidentOccurrence & { readonly path: string };

/** GitHub refuses the whole check run for one path that it cannot take, and a path can hold a token itself. */
function canBeAnnotated(occurrence: IncidentOccurrence): occurrence is InAFile {
  const { kind, path, line } = occurrence;
  if (path === null || (kind !== "blob" && kind !== "file")) return false;
  return line >= 1 && path !== "" && path.length <= 1000 && plain(path, 1000) === path && !holdsToken(path);
}
