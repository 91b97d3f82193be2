/** The report as SARIF 2.1.0, as far as GitHub's code scanning shows it and within its limits. */
import { createHash } from "node:crypto";
import { encodeByteText } from "../core/byte-text.ts";
import type { Confidence } from "../core/token.ts";
import type { VerdictState } from "../core/verdict.ts";
import type { Rule } from "../rules/schema.ts";
import type { Report, ReportedOccurrence, ReportedToken } from "../scan/report.ts";
import { escapeForTerminal } from "./escape.ts";
import { toJson } from "./json.ts";
import { type Disclosure, listPlaces, type Place, withoutPublicIds } from "./places.ts";
import type { LineSpan } from "./source-lines.ts";

export interface SarifOptions extends Omit<Disclosure, "prefixes"> {
  readonly rules: readonly Rule[];
  /** How many characters a token has, by its fingerprint. */
  readonly lengthOf: (fingerprint: string) => number;
  readonly lines: {
    /** The hash of the line that an occurrence stands on, where the file's content is at hand. */
    readonly hashOf: (occurrence: ReportedOccurrence) => string | null;
    readonly spanOf: (occurrence: ReportedOccurrence, length: number) => LineSpan;
  };
  /** Where the repository is; null where that is not known. */
  readonly provenance: Provenance | null;
}

export interface Provenance {
  readonly repositoryUri: string;
  readonly revisionId: string | null;
  readonly branch: string | null;
}

/** GitHub keeps so many results of a run, the most severe ones, and refuses five times as many. */
const MAX_RESULTS = 5000;
/** It refuses what has more than 10 MB packed. What has less unpacked can never be that. */
const MAX_RESULT_BYTES = 8_000_000;
const MAX_NOTIFICATIONS = 1000;
const MAX_NOTIFICATION_LENGTH = 1000;
/** GitHub keeps so many tags of a rule, and so many characters of its texts. */
const MAX_NAME_LENGTH = 255;
const MAX_TEXT_LENGTH = 1024;
const MAX_MESSAGE_NAME_LENGTH = 500;
const MAX_LISTED = 20;

const SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json";
const SOURCE_ROOT = "%SRCROOT%";

export function formatSarif(report: Report, options: SarifOptions): string {
  const disclosure = { ...options, prefixes: options.rules.map(({ grammar }) => grammar.prefix) };
  const places = listPlaces(report, disclosure);
  const kinds = kindsOf(report, options);
  const results = limit(places.map((place) => describeResult(place, kinds, options)));
  const notifications = [
    ...report.scan.incomplete.map(({ what, why }) => withoutPublicIds(`Not read: ${what}: ${why}`, disclosure)),
    ...(places.length > results.length
      ? [`${places.length - results.length} more places were left out: code scanning takes no more.`]
      : []),
  ];
  const run = {
    tool: {
      driver: {
        name: "Keyrecall",
        semanticVersion: report.tool.version,
        version: report.tool.version,
        rules: kinds.map(describeKind),
        notifications: [{ id: NOT_READ, name: "NotRead", shortDescription: { text: "What could not be read." } }],
      },
    },
    // Alerts of one category replace each other, and what a range brings in says nothing of the rest.
    automationDetails: { id: `keyrecall/${report.scan.source}/` },
    invocations: [
      {
        executionSuccessful: report.scan.complete,
        toolExecutionNotifications: notifications.slice(0, MAX_NOTIFICATIONS).map((text) => ({
          level: "error",
          descriptor: { id: NOT_READ, index: 0 },
          message: { text: plainMessage(limitText(text, MAX_NOTIFICATION_LENGTH)) },
        })),
      },
    ],
    ...(options.provenance === null ? {} : { versionControlProvenance: [describeProvenance(options.provenance)] }),
    originalUriBaseIds: {
      [SOURCE_ROOT]: { description: { text: "The top of what was scanned; .git/ names places that are no file." } },
    },
    columnKind: "utf16CodeUnits",
    results,
  };
  return `${toJson({ $schema: SCHEMA, version: "2.1.0", runs: [run] })}\n`;
}

const NOT_READ = "not-read";

/** The results that fit, of which the worst come first. */
function limit(results: readonly object[]): object[] {
  let bytes = 0;
  const kept = results.slice(0, MAX_RESULTS).findIndex((result) => {
    bytes += Buffer.byteLength(JSON.stringify(result));
    return bytes > MAX_RESULT_BYTES;
  });
  return results.slice(0, kept === -1 ? MAX_RESULTS : kept);
}

function describeProvenance({ repositoryUri, revisionId, branch }: Provenance): object {
  return {
    repositoryUri,
    ...(revisionId === null ? {} : { revisionId }),
    ...(branch === null ? {} : { branch }),
    mappedTo: { uriBaseId: SOURCE_ROOT },
  };
}

/** A rule, or what of it is only suspected: code scanning knows precision of rules, and not of results. */
interface Kind {
  readonly id: string;
  readonly rule: Rule;
  readonly confidence: Confidence;
  /** The worst of its tokens; null where nothing may be said. */
  readonly state: VerdictState | null;
}

const WORST_FIRST = ["live", "unknown", "unchecked", "revoked"] as const;

function kindsOf(report: Report, { rules, isPublic }: SarifOptions): Kind[] {
  return rules.flatMap((rule) => {
    const tokens = report.tokens.filter((token) => token.rule === rule.id && token.allowed === null);
    const kindOf = (confidence: Confidence): Kind => {
      const states = new Set(
        tokens.filter((token) => token.confidence === confidence).map(({ verdict }) => verdict.state),
      );
      const state = isPublic ? null : (WORST_FIRST.find((one) => states.has(one)) ?? null);
      return { id: kindId(rule.id, confidence), rule, confidence, state };
    };
    const hasSuspects = tokens.some(({ confidence }) => confidence === "suspect");
    return [kindOf("certain"), ...(hasSuspects ? [kindOf("suspect")] : [])];
  });
}

function kindId(rule: string, confidence: Confidence): string {
  return confidence === "suspect" ? `${rule}-suspect` : rule;
}

/** Over 9.0 critical, from 7.0 on high, from 4.0 on medium. */
function severityOf({ rule, confidence, state }: Kind): string {
  if (state === "revoked") return "2.0";
  if (state === "live") return rule.plane === "control" ? "10.0" : "9.5";
  if (confidence === "suspect") return "6.0";
  return rule.plane === "control" ? "9.3" : "8.6";
}

function describeKind(kind: Kind): object {
  const { id, confidence, rule } = kind;
  const { name, blastRadius, rotation, plane } = rule;
  const what = confidence === "suspect" ? `What may be a leaked ${name}` : `A leaked ${name}`;
  const paragraphs = [
    `Whoever has it ${blastRadius.summary}.`,
    "A token that was pushed is leaked, also where a later commit takes it out again.",
    `Rotate it: ${rotation.steps.join("; ")}.`,
  ];
  return {
    id,
    name: limitText(name, MAX_NAME_LENGTH),
    shortDescription: { text: limitText(`${what}.`, MAX_TEXT_LENGTH) },
    fullDescription: { text: limitText(paragraphs.join(" "), MAX_TEXT_LENGTH) },
    help: { text: paragraphs.join("\n"), markdown: helpMarkdown(rule) },
    defaultConfiguration: { level: "error" },
    properties: {
      tags: ["security", "secret", ...(plane === undefined ? [] : [`${plane}-plane`])],
      precision: confidence === "suspect" ? "medium" : "very-high",
      "security-severity": severityOf(kind),
    },
  };
}

/** Words of the operator's rules: none of a stranger's. */
function helpMarkdown({ blastRadius, rotation }: Rule): string {
  return [
    `Whoever has it ${plainMarkdown(blastRadius.summary)}.`,
    "",
    "A token that was pushed is leaked, **also where a later commit takes it out again**: only rotating it helps.",
    "",
    ...rotation.steps.map((step, index) => `${index + 1}. ${plainMarkdown(step)}`),
    "",
  ].join("\n");
}

function plainMarkdown(text: string): string {
  return escapeForTerminal(text).replace(/[\\`*_{}[\]<>#|&~]/g, "\\$&");
}

function describeResult(place: Place, kinds: readonly Kind[], options: SarifOptions): object {
  const { token, occurrence } = place;
  const id = kindId(token.rule, token.confidence);
  const { startColumn, endLine, endColumn } = options.lines.spanOf(occurrence, options.lengthOf(token.fingerprint));
  return {
    ruleId: id,
    ruleIndex: kinds.findIndex((kind) => kind.id === id),
    level: !options.isPublic && token.verdict.state === "revoked" ? "warning" : "error",
    message: { text: messageOf(place, options) },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: uriOf(occurrence, options), uriBaseId: SOURCE_ROOT },
          region: { startLine: occurrence.line, startColumn, endLine, endColumn },
        },
      },
    ],
    partialFingerprints: {
      primaryLocationLineHash: options.lines.hashOf(occurrence) ?? placeHash(id, occurrence),
    },
    properties: propertiesOf(token, occurrence, options),
  };
}

/** Code scanning makes the first sentence the title. */
function messageOf({ token, before, name, after }: Place, { isPublic }: SarifOptions): string {
  const suspect = token.confidence === "suspect";
  const subject = isPublic
    ? `${suspect ? "What may be a token" : "A token"} is leaked here`
    : `${token.masked} ${suspect ? "may be a leaked token" : "is leaked here"}`;
  const verdict =
    isPublic || token.verdict.state === "unchecked" ? "" : ` It is ${VERDICT_WORDS[token.verdict.state]}.`;
  const shownName = name === null ? "" : limitText(escapeForTerminal(name), MAX_MESSAGE_NAME_LENGTH);
  const place = `${before}${shownName}${after}`;
  return plainMessage(`${subject}.${verdict} Rotate it: taking it out again does not help. Place: ${place}.`);
}

const VERDICT_WORDS = { live: "live: it works", revoked: "revoked", unknown: "of unknown state" };

/** What code scanning does not show, so that nothing of the place is lost. */
function propertiesOf(token: ReportedToken, occurrence: ReportedOccurrence, { isPublic }: SarifOptions): object {
  const { kind, object, column, encoding, container, inner, introducedBy, removedBy, reachable } = occurrence;
  return {
    kind,
    object,
    byteColumn: column,
    encoding,
    ...(isPublic
      ? {}
      : {
          container,
          ...(inner === undefined ? {} : { inner }),
          refs: occurrence.refs.slice(0, MAX_LISTED),
          verdict: token.verdict.state,
          // The hash of what can be guessed does not leave the machine.
          ...(token.publicId === null ? {} : { fingerprint: token.fingerprint }),
        }),
    introducedBy: introducedBy.slice(0, MAX_LISTED).map(({ commit }) => commit),
    removedBy: removedBy.slice(0, MAX_LISTED).map(({ commit }) => commit),
    reachable,
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
function uriOf(occurrence: ReportedOccurrence, options: SarifOptions): string {
  const prefixes = options.rules.map(({ grammar }) => grammar.prefix);
  const name = occurrence.paths[0] ?? `.git/${occurrence.kind}/${occurrence.object ?? occurrence.refs[0] ?? "unnamed"}`;
  return [...encodeByteText(withoutPublicIds(name, { ...options, prefixes }))]
    .map((byte) => {
      const character = String.fromCharCode(byte);
      return /[\w.~/-]/.test(character) ? character : `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
    })
    .join("");
}

/** Where the line is not at hand, the place stands for it: the same alert from run to run, until the line moves. */
function placeHash(rule: string, occurrence: ReportedOccurrence): string {
  const { kind, object, paths, container, inner } = occurrence;
  const { line, column } = inner ?? occurrence;
  const place = [rule, kind, paths[0] ?? object ?? "", ...container, line, column].join("\0");
  return `${createHash("sha256").update(place).digest("hex").slice(0, 16)}:1`;
}
