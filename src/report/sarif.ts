/** The report as SARIF 2.1.0, as far as GitHub's code scanning shows it and within its limits. */
import { createHash } from "node:crypto";
import { encodeByteText } from "../core/byte-text.ts";
import type { Rule } from "../rules/schema.ts";
import type { Report, ReportedOccurrence } from "../scan/report.ts";
import { entryOf } from "./entry.ts";
import { escapeForTerminal } from "./escape.ts";
import { toJson } from "./json.ts";
import { type Disclosure, listPlaces, type Place, withoutPublicIds } from "./places.ts";

export interface SarifOptions extends Omit<Disclosure, "prefixes"> {
  readonly rules: readonly Rule[];
  /** The hash of the line that an occurrence stands on, where the file's content is at hand. */
  readonly lineHashOf: (occurrence: ReportedOccurrence) => string | null;
  /** How many characters a token has, by its fingerprint. */
  readonly lengthOf: (fingerprint: string) => number;
}

/** GitHub keeps so many results of a run, the most severe ones, and refuses five times as many. */
const MAX_RESULTS = 5000;
const MAX_NOTIFICATIONS = 1000;

export function formatSarif(report: Report, options: SarifOptions): string {
  const disclosure = { ...options, prefixes: options.rules.map(({ grammar }) => grammar.prefix) };
  const places = listPlaces(report, disclosure);
  const notifications = [
    ...report.scan.incomplete.map(({ what, why }) => withoutPublicIds(`not read: ${what}: ${why}`, disclosure)),
    ...(places.length > MAX_RESULTS ? [`${places.length - MAX_RESULTS} more places were left out`] : []),
  ];
  const run = {
    tool: {
      driver: {
        name: "Keyrecall",
        semanticVersion: report.tool.version,
        rules: options.rules.map(describeRule),
      },
    },
    automationDetails: { id: "keyrecall/" },
    invocations: [
      {
        executionSuccessful: report.scan.complete,
        toolExecutionNotifications: notifications.slice(0, MAX_NOTIFICATIONS).map((text) => ({
          level: "error",
          message: { text: plainMessage(text) },
        })),
      },
    ],
    columnKind: "utf16CodeUnits",
    results: places.slice(0, MAX_RESULTS).map((place) => describeResult(place, options)),
  };
  const sarif = { $schema: "https://json.schemastore.org/sarif-2.1.0.json", version: "2.1.0", runs: [run] };
  return `${toJson(sarif)}\n`;
}

function describeRule({ id, name, plane, blastRadius, rotation }: Rule): object {
  const help = [
    `Whoever has it ${blastRadius.summary}.`,
    "A token that was pushed is leaked, also where a later commit takes it out again.",
    `Rotate it: ${rotation.steps.join("; ")}.`,
  ];
  return {
    id,
    name: limitText(name, 255),
    shortDescription: { text: limitText(`A leaked ${name}`, 1024) },
    fullDescription: { text: limitText(help.join(" "), 1024) },
    help: { text: help.join("\n") },
    defaultConfiguration: { level: "error" },
    properties: {
      tags: ["security", "secret"],
      precision: "very-high",
      "security-severity": plane === "control" ? "9.3" : "8.6",
    },
  };
}

function describeResult({ token, occurrence, after }: Place, options: SarifOptions): object {
  const { line, column } = occurrence;
  const prefixes = options.rules.map(({ grammar }) => grammar.prefix);
  const entry = withoutPublicIds(escapeForTerminal(entryOf(occurrence)).slice(1), { ...options, prefixes });
  const where = entry === "" ? "here" : `in ${entry} here`;
  const subject = options.isPublic ? `A token is leaked ${where}` : `${token.masked} is leaked ${where}`;
  const verdict = options.isPublic || token.verdict.state === "unchecked" ? "" : ` It is ${token.verdict.state}.`;
  const region = {
    startLine: line,
    startColumn: column,
    endLine: line,
    // In an archive this is where the entry begins, whatever its length there.
    endColumn: column + (occurrence.container.length > 0 ? 1 : options.lengthOf(token.fingerprint)),
  };
  return {
    ruleId: token.rule,
    ruleIndex: options.rules.findIndex(({ id }) => id === token.rule),
    level: !options.isPublic && token.verdict.state === "revoked" ? "warning" : "error",
    message: {
      text: plainMessage(`${subject}.${verdict} Rotate it: taking it out again does not help${after}.`),
    },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: uriOf(occurrence, options), uriBaseId: "%SRCROOT%" },
          region,
        },
      },
    ],
    partialFingerprints: {
      primaryLocationLineHash: options.lineHashOf(occurrence) ?? placeHash(token.rule, occurrence),
    },
  };
}

/** Brackets would be a link, and braces an argument. */
function plainMessage(text: string): string {
  return text.replace(/[[\]]/g, "\\$&").replaceAll("{", "{{").replaceAll("}", "}}");
}

function limitText(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`;
}

/** Every result needs a file; what stands in none gets a name that no checkout has. */
function uriOf(occurrence: ReportedOccurrence, { isPublic, rules }: SarifOptions): string {
  const prefixes = rules.map(({ grammar }) => grammar.prefix);
  const name = occurrence.paths[0] ?? `.git/${occurrence.kind}/${occurrence.object ?? occurrence.refs[0] ?? "unnamed"}`;
  return [...encodeByteText(withoutPublicIds(name, { isPublic, prefixes }))]
    .map((byte) => {
      const character = String.fromCharCode(byte);
      return /[\w.~/-]/.test(character) ? character : `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
    })
    .join("");
}

/** Where the line is not at hand, the place stands for it: the same alert from run to run, until the line moves. */
function placeHash(rule: string, { kind, object, paths, line, column, container, inner }: ReportedOccurrence): string {
  const inside = container.length === 0 ? [] : [...container, inner?.line ?? 0, inner?.column ?? 0];
  const place = [rule, kind, paths[0] ?? object ?? "", line, column, ...inside].join("\0");
  return `${createHash("sha256").update(place).digest("hex").slice(0, 16)}:1`;
}
