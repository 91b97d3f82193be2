/** What is said of an organisation's policy in its repository: what holds, each change, and what is wrong with the file. */
import { POLICY_FILE } from "../policy.ts";
import { code, prose } from "./markdown.ts";
import type { IssueLabel } from "./rotation-issue.ts";

export const POLICY_MARKER = "<!-- keyrecall:policy -->";
export const POLICY_PROBLEM_MARKER = "<!-- keyrecall:policy-problem -->";

const LABEL: IssueLabel = { name: "keyrecall", color: "b60205", description: "A leaked InferenceKey token" };
const MAX_LINES = 120;

interface IssueText {
  readonly title: string;
  readonly body: string;
  readonly labels: readonly IssueLabel[];
}

/** @param lines what holds, or none where the organisation has no policy */
export function policyIssue(account: string, lines: readonly string[]): IssueText {
  return {
    title: "Keyrecall: the policy that holds",
    body: [
      POLICY_MARKER,
      "",
      `What holds for tokens that leak in ${code(account)}, by ${code(POLICY_FILE)} of this repository, within what the operator of Keyrecall allows:`,
      "",
      ...listed(lines),
      "",
      "Each change is announced below, also while this is closed.",
    ].join("\n"),
    labels: [LABEL],
  };
}

export function policyChangeComment(by: string, before: readonly string[], after: readonly string[]): string {
  return [
    `The policy was changed: ${prose(by)}. What holds now:`,
    "",
    ...listed(after),
    ...(before.length === 0 ? [] : ["", "Before:", "", ...listed(before)]),
  ].join("\n");
}

/** @param problems none where it is valid again */
export function policyProblemIssue(problems: readonly string[], hasPolicy: boolean): IssueText {
  const holds = hasPolicy
    ? "Until it is corrected the last valid one holds."
    : "There was no valid one before, so none holds: tokens that work are revoked at once.";
  return {
    title: `Keyrecall: ${POLICY_FILE} is not valid`,
    body: [
      POLICY_PROBLEM_MARKER,
      "",
      ...(problems.length === 0
        ? [`${code(POLICY_FILE)} is valid again.`]
        : [`${code(POLICY_FILE)} is not valid. ${holds}`, "", ...listed(problems)]),
    ].join("\n"),
    labels: [LABEL],
  };
}

function listed(lines: readonly string[]): string[] {
  const more = lines.length - MAX_LINES;
  return [
    ...lines.slice(0, MAX_LINES).map((line) => `- ${prose(line, 400)}`),
    ...(more > 0 ? [`- … and ${more} more`] : []),
  ];
}
