/** The steps of a rotation as check boxes, and the ticks that people made, kept from one text to the next. */
import { createHash } from "node:crypto";
import { type Rule, rotationGuide } from "keyrecall";
import type { Incident } from "../incident.ts";
import { isContained } from "./disclosure.ts";
import { boundedLines, type Budget, code } from "./markdown.ts";

/** A file that reads the token's variable. */
export interface ConsumerFile {
  readonly repository: string;
  readonly path: string;
}

export interface StepFacts {
  readonly incident: Incident;
  readonly rule: Rule;
  /** Null where nobody has looked for them. */
  readonly consumers: readonly ConsumerFile[] | null;
  readonly ticked: ReadonlySet<string>;
  readonly budget: Budget;
}

/** The steps that only people can tick; the others follow the API's answers. */
const BY_PEOPLE = ["mint", "move", "misuse", "clean"] as const;

const STEP = /^\s*[-*+] \[([ xX])\] .*<!-- keyrecall:step ([a-z]+(?::[0-9a-f]{16})?) -->\s*$/;

/** The keys of all boxes that are ticked in a text of ours. */
export function tickedSteps(body: string): Set<string> {
  return new Set(boxesOf(body).flatMap(({ key, isTicked }) => (isTicked ? [key] : [])));
}

/** Whether people have ticked all that is theirs to do. */
export function areStepsDone(body: string): boolean {
  const ticked = tickedSteps(body);
  return BY_PEOPLE.every((key) => ticked.has(key));
}

function boxesOf(body: string): { key: string; isTicked: boolean }[] {
  return body.split("\n").flatMap((line) => {
    const [, box, key] = STEP.exec(line.trimEnd()) ?? [];
    return box === undefined || key === undefined ? [] : [{ key, isTicked: box !== " " }];
  });
}

export function stepLines({ incident, rule, consumers, ticked, budget }: StepFacts): string[] {
  const screen = code(rule.rotation.dashboard);
  const variable = rule.variable === undefined ? "its environment variable" : code(rule.variable);
  const isDead = isContained(incident);
  const box = (key: string, what: string, isTicked = ticked.has(key), indent = ""): string =>
    `${indent}- [${isTicked ? "x" : " "}] ${what} <!-- keyrecall:step ${key} -->`;
  return [
    box(
      "mint",
      `**Mint** a replacement in the InferenceKey dashboard (${screen}), with no more access than its consumers need`,
    ),
    box(
      "move",
      `**Move the consumers over**: set the new token as ${variable} wherever the leaked one is used${afterMove(consumers)}`,
    ),
    ...boundedLines(
      sortedConsumers(rule, consumers ?? []),
      budget,
      ({ repository, path, kind }) =>
        box(keyOf(repository, path), `${code(path)} in ${code(repository)} (${kind})`, undefined, "  "),
      (left) => `  - … and ${left} more`,
    ),
    box("revoke", `**Revoke** the leaked one ${howRevoked(incident, screen)}`, isDead),
    box("dead", "**Confirm** that the API refuses it (ticked by Keyrecall, which keeps asking)", isDead),
    box("misuse", "**Look for misuse** in the dashboard, as above"),
    box(
      "clean",
      "**Clean up**: take it out of the files; out of history only if you must (`git filter-repo`), a dead token in history is harmless",
    ),
  ];
}

function afterMove(consumers: readonly ConsumerFile[] | null): string {
  if (consumers === null) return "";
  return consumers.length === 0 ? "; no file that reads it was found" : "; these files read it:";
}

function howRevoked(incident: Incident, screen: string): string {
  const { state, manualBecause, wasLive } = incident;
  if (isContained(incident) && !wasLive) return "(it was dead already)";
  if (manualBecause !== null) return `in the dashboard (${screen}); its public id names it there`;
  return state === "unverifiable"
    ? `in the dashboard (${screen}); Keyrecall cannot tell whether it works`
    : "(done by Keyrecall, ticked once the API refuses it)";
}

function sortedConsumers(rule: Rule, consumers: readonly ConsumerFile[]): (ConsumerFile & { kind: string })[] {
  const repositories = [...new Set(consumers.map(({ repository }) => repository))];
  return repositories.flatMap((repository) => {
    const paths = new Set(consumers.filter((file) => file.repository === repository).map(({ path }) => path));
    return rotationGuide(rule, { paths: [...paths], problem: null }).steps.flatMap(({ files = [] }) =>
      files.map(({ path, kind }) => ({ repository, path, kind })),
    );
  });
}

/** The same file keeps its tick, whatever stands before it. */
function keyOf(repository: string, path: string): string {
  return `file:${createHash("sha256").update(`${repository}\0${path}`).digest("hex").slice(0, 16)}`;
}
