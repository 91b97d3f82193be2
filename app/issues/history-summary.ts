/** The one issue about tokens of the past: dead when they were found, or not known to be. Nobody has to rotate them. */
import type { HistoryPlaces, HistoryToken, LeakingRepository } from "../incident.ts";
import { isContained } from "./disclosure.ts";
import { boundedLines, code, link, prose, tableHead, tableRow } from "./markdown.ts";
import { type IssueLabel, KEYRECALL_LABEL } from "./rotation-issue.ts";

export interface HistorySummaryFacts {
  readonly accountId: number;
  readonly tokens: readonly HistoryToken[];
  readonly repositories: ReadonlyMap<number, LeakingRepository>;
  /** Repositories whose history was not read, or not whole. */
  readonly unread: readonly { readonly fullName: string; readonly why: string }[];
  /** Whether all histories were read, as far as they can be. */
  readonly isFinished: boolean;
  readonly place: { readonly isPrivate: boolean };
  readonly webUrl: string;
}

export interface HistorySummaryText {
  readonly title: string;
  readonly body: string;
  readonly labels: readonly IssueLabel[];
}

const DEAD = { items: 300, bytes: 36_000 };
const PENDING = { items: 50, bytes: 8000 };
const UNREAD = { items: 50, bytes: 8000 };

export function summaryMarker(accountId: number): string {
  return `<!-- keyrecall:history ${accountId} -->`;
}

/** What may be said there: in a public place only what is out of service, and only where everybody can see it anyhow. */
export function tellable(
  tokens: readonly HistoryToken[],
  repositories: ReadonlyMap<number, LeakingRepository>,
  place: { readonly isPrivate: boolean },
): HistoryToken[] {
  if (place.isPrivate) return [...tokens];
  return tokens.flatMap((token): HistoryToken[] => {
    const places = token.places.filter(({ repositoryId }) => repositories.get(repositoryId)?.isPrivate === false);
    return isContained(token) && places.length > 0 ? [{ ...token, places }] : [];
  });
}

export function historySummary(facts: HistorySummaryFacts): HistorySummaryText {
  const { accountId, place, isFinished } = facts;
  const told = tellable(facts.tokens, facts.repositories, place);
  const dead = told.filter(isContained);
  const pending = told.filter((token) => !isContained(token));
  const body = [
    summaryMarker(accountId),
    "",
    headline(dead.length),
    ...(place.isPrivate && !isFinished
      ? ["", "Not all histories have been read yet; this issue is kept current."]
      : []),
    ...section("## Dead tokens", deadLines(dead, facts)),
    ...section("## Tokens that could not be asked about", pendingLines(pending, facts)),
    ...(place.isPrivate ? section("## What was not read", unreadLines(facts)) : []),
    "",
  ].join("\n");
  return { title: titleOf(dead.length), body, labels: [KEYRECALL_LABEL] };
}

/** For a place that may not say anything any more. */
export function withheldSummary(accountId: number): HistorySummaryText {
  const text = "What stood here has moved to a private place.";
  return {
    title: "Leaked tokens of the past",
    body: `${summaryMarker(accountId)}\n\n${text}\n`,
    labels: [KEYRECALL_LABEL],
  };
}

function titleOf(dead: number): string {
  return dead === 1
    ? "1 leaked token of the past, out of service"
    : `${dead} leaked tokens of the past, out of service`;
}

function headline(dead: number): string {
  const found = dead === 1 ? "1 token" : `${dead} tokens`;
  return (
    `**${found} that the history of this organisation holds did not work any more when Keyrecall found ${dead === 1 ? "it" : "them"}.** ` +
    "There is nothing to rotate. A token that works gets an issue of its own at once; this one can be closed, and is opened " +
    "again when more are found."
  );
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ["", title, "", ...lines];
}

function deadLines(tokens: readonly HistoryToken[], facts: HistorySummaryFacts): string[] {
  if (tokens.length === 0) return [];
  const line = (token: HistoryToken): string =>
    tableRow(code(token.masked), token.plane, whereOf(token.places, facts), dayOf(token.places));
  return [
    ...tableHead("Token", "Plane", "Where", "Since"),
    ...boundedLines(tokens, DEAD, line, (left) => tableRow(`… and ${left} more`, "", "", "")),
  ];
}

function pendingLines(tokens: readonly HistoryToken[], facts: HistorySummaryFacts): string[] {
  if (tokens.length === 0) return [];
  const line = (token: HistoryToken): string =>
    `- ${code(token.masked)}, ${token.plane}, ${whereOf(token.places, facts)}: ${prose(token.verdict.reason)}`;
  return ["Treat them as live. Keyrecall goes on asking.", "", ...boundedLines(tokens, PENDING, line)];
}

function unreadLines({ unread }: HistorySummaryFacts): string[] {
  return boundedLines(unread, UNREAD, ({ fullName, why }) => `- ${code(fullName)}: ${prose(why)}`);
}

function whereOf(places: readonly HistoryPlaces[], { repositories, webUrl }: HistorySummaryFacts): string {
  const [first] = places;
  const repository = first === undefined ? undefined : repositories.get(first.repositoryId);
  if (first === undefined || repository === undefined) return "a repository that is gone";
  const { path, commit } = first;
  const name =
    commit === null
      ? code(repository.fullName)
      : link(repository.fullName, `${webUrl}/${repository.fullName}/commit/${commit}`);
  const count = places.reduce((sum, place) => sum + place.count, 0);
  const file = path === null ? "" : ` ${code(path)}`;
  const more =
    count === 1 ? "" : `, ${count} places in ${places.length === 1 ? "it" : `${places.length} repositories`}`;
  return `${name}${file}${more}`;
}

function dayOf(places: readonly HistoryPlaces[]): string {
  const [first] = places.flatMap(({ committedAt }) => committedAt ?? []).toSorted();
  return first === undefined ? "" : first.slice(0, 10);
}
