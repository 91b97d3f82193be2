import {
  listPlaces,
  withoutPublicIds
} from "./chunk-UYFGBS4P.js";
import {
  toJson
} from "./chunk-QLWOTBFR.js";
import "./chunk-XW6A2BDD.js";
import {
  escapeForTerminal
} from "./chunk-WXEWRWTG.js";
import {
  encodeByteText
} from "./chunk-QQ2TBE5L.js";
import "./chunk-YV5PFDMU.js";
import "./chunk-SEWDMQ6Q.js";

// src/report/sarif.ts
import { createHash } from "node:crypto";
var MAX_RESULTS = 5e3;
var MAX_RESULT_BYTES = 8e6;
var MAX_NOTIFICATIONS = 1e3;
var MAX_NOTIFICATION_LENGTH = 1e3;
var MAX_NAME_LENGTH = 255;
var MAX_TEXT_LENGTH = 1024;
var MAX_MESSAGE_NAME_LENGTH = 500;
var MAX_LISTED = 20;
var SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json";
var SOURCE_ROOT = "%SRCROOT%";
function formatSarif(report, options) {
  const disclosure = { ...options, prefixes: options.rules.map(({ grammar }) => grammar.prefix) };
  const places = listPlaces(report, disclosure);
  const kinds = kindsOf(report, options);
  const results = limit(places.map((place) => describeResult(place, kinds, options)));
  const notifications = [
    ...report.scan.incomplete.map(({ what, why }) => withoutPublicIds(`Not read: ${what}: ${why}`, disclosure)),
    ...places.length > results.length ? [`${places.length - results.length} more places were left out: code scanning takes no more.`] : []
  ];
  const run = {
    tool: {
      driver: {
        name: "Keyrecall",
        semanticVersion: report.tool.version,
        version: report.tool.version,
        rules: kinds.map(describeKind),
        notifications: [{ id: NOT_READ, name: "NotRead", shortDescription: { text: "What could not be read." } }]
      }
    },
    // Alerts of one category replace each other, and what a range brings in says nothing of the rest.
    automationDetails: { id: `keyrecall/${report.scan.source}/` },
    invocations: [
      {
        executionSuccessful: report.scan.complete,
        toolExecutionNotifications: notifications.slice(0, MAX_NOTIFICATIONS).map((text) => ({
          level: "error",
          descriptor: { id: NOT_READ, index: 0 },
          message: { text: plainMessage(limitText(text, MAX_NOTIFICATION_LENGTH)) }
        }))
      }
    ],
    ...options.provenance === null ? {} : { versionControlProvenance: [describeProvenance(options.provenance)] },
    originalUriBaseIds: {
      [SOURCE_ROOT]: { description: { text: "The top of what was scanned; .git/ names places that are no file." } }
    },
    columnKind: "utf16CodeUnits",
    results
  };
  return `${toJson({ $schema: SCHEMA, version: "2.1.0", runs: [run] })}
`;
}
var NOT_READ = "not-read";
function limit(results) {
  let bytes = 0;
  const kept = results.slice(0, MAX_RESULTS).findIndex((result) => {
    bytes += Buffer.byteLength(JSON.stringify(result));
    return bytes > MAX_RESULT_BYTES;
  });
  return results.slice(0, kept === -1 ? MAX_RESULTS : kept);
}
function describeProvenance({ repositoryUri, revisionId, branch }) {
  return {
    repositoryUri,
    ...revisionId === null ? {} : { revisionId },
    ...branch === null ? {} : { branch },
    mappedTo: { uriBaseId: SOURCE_ROOT }
  };
}
var WORST_FIRST = ["live", "unknown", "unchecked", "revoked"];
function kindsOf(report, { rules, isPublic }) {
  return rules.flatMap((rule) => {
    const tokens = report.tokens.filter((token) => token.rule === rule.id && token.allowed === null);
    const kindOf = (confidence) => {
      const states = new Set(
        tokens.filter((token) => token.confidence === confidence).map(({ verdict }) => verdict.state)
      );
      const state = isPublic ? null : WORST_FIRST.find((one) => states.has(one)) ?? null;
      return { id: kindId(rule.id, confidence), rule, confidence, state };
    };
    const hasSuspects = tokens.some(({ confidence }) => confidence === "suspect");
    return [kindOf("certain"), ...hasSuspects ? [kindOf("suspect")] : []];
  });
}
function kindId(rule, confidence) {
  return confidence === "suspect" ? `${rule}-suspect` : rule;
}
function severityOf({ rule, confidence, state }) {
  if (state === "revoked") return "2.0";
  if (state === "live") return rule.plane === "control" ? "10.0" : "9.5";
  if (confidence === "suspect") return "6.0";
  return rule.plane === "control" ? "9.3" : "8.6";
}
function describeKind(kind) {
  const { id, confidence, rule } = kind;
  const { name, blastRadius, rotation, plane } = rule;
  const what = confidence === "suspect" ? `What may be a leaked ${name}` : `A leaked ${name}`;
  const paragraphs = [
    `Whoever has it ${blastRadius.summary}.`,
    "A token that was pushed is leaked, also where a later commit takes it out again.",
    `Rotate it: ${rotation.steps.join("; ")}.`
  ];
  return {
    id,
    name: limitText(name, MAX_NAME_LENGTH),
    shortDescription: { text: limitText(`${what}.`, MAX_TEXT_LENGTH) },
    fullDescription: { text: limitText(paragraphs.join(" "), MAX_TEXT_LENGTH) },
    help: { text: paragraphs.join("\n"), markdown: helpMarkdown(rule) },
    defaultConfiguration: { level: "error" },
    properties: {
      tags: ["security", "secret", ...plane === void 0 ? [] : [`${plane}-plane`]],
      precision: confidence === "suspect" ? "medium" : "very-high",
      "security-severity": severityOf(kind)
    }
  };
}
function helpMarkdown({ blastRadius, rotation }) {
  return [
    `Whoever has it ${plainMarkdown(blastRadius.summary)}.`,
    "",
    "A token that was pushed is leaked, **also where a later commit takes it out again**: only rotating it helps.",
    "",
    ...rotation.steps.map((step, index) => `${index + 1}. ${plainMarkdown(step)}`),
    ""
  ].join("\n");
}
function plainMarkdown(text) {
  return escapeForTerminal(text).replace(/[\\`*_{}[\]<>#|&~]/g, "\\$&");
}
function describeResult(place, kinds, options) {
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
          region: { startLine: occurrence.line, startColumn, endLine, endColumn }
        }
      }
    ],
    partialFingerprints: {
      primaryLocationLineHash: options.lines.hashOf(occurrence) ?? placeHash(id, occurrence)
    },
    properties: propertiesOf(token, occurrence, options)
  };
}
function messageOf({ token, before, name, after }, { isPublic }) {
  const suspect = token.confidence === "suspect";
  const subject = isPublic ? `${suspect ? "What may be a token" : "A token"} is leaked here` : `${token.masked} ${suspect ? "may be a leaked token" : "is leaked here"}`;
  const verdict = isPublic || token.verdict.state === "unchecked" ? "" : ` It is ${VERDICT_WORDS[token.verdict.state]}.`;
  const shownName = name === null ? "" : limitText(escapeForTerminal(name), MAX_MESSAGE_NAME_LENGTH);
  const place = `${before}${shownName}${after}`;
  return plainMessage(`${subject}.${verdict} Rotate it: taking it out again does not help. Place: ${place}.`);
}
var VERDICT_WORDS = { live: "live: it works", revoked: "revoked", unknown: "of unknown state" };
function propertiesOf(token, occurrence, { isPublic }) {
  const { kind, object, column, encoding, container, inner, introducedBy, removedBy, reachable } = occurrence;
  return {
    kind,
    object,
    byteColumn: column,
    encoding,
    ...isPublic ? {} : {
      container,
      ...inner === void 0 ? {} : { inner },
      refs: occurrence.refs.slice(0, MAX_LISTED),
      verdict: token.verdict.state,
      // The hash of what can be guessed does not leave the machine.
      ...token.publicId === null ? {} : { fingerprint: token.fingerprint }
    },
    introducedBy: introducedBy.slice(0, MAX_LISTED).map(({ commit }) => commit),
    removedBy: removedBy.slice(0, MAX_LISTED).map(({ commit }) => commit),
    reachable
  };
}
function plainMessage(text) {
  return text.replace(/[[\]]/g, "\\$&").replaceAll("{", "{{").replaceAll("}", "}}");
}
function limitText(text, length) {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`;
}
function uriOf(occurrence, options) {
  const prefixes = options.rules.map(({ grammar }) => grammar.prefix);
  const name = occurrence.paths[0] ?? `.git/${occurrence.kind}/${occurrence.object ?? occurrence.refs[0] ?? "unnamed"}`;
  return [...encodeByteText(withoutPublicIds(name, { ...options, prefixes }))].map((byte) => {
    const character = String.fromCharCode(byte);
    return /[\w.~/-]/.test(character) ? character : `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
  }).join("");
}
function placeHash(rule, occurrence) {
  const { kind, object, paths, container, inner } = occurrence;
  const { line, column } = inner ?? occurrence;
  const place = [rule, kind, paths[0] ?? object ?? "", ...container, line, column].join("\0");
  return `${createHash("sha256").update(place).digest("hex").slice(0, 16)}:1`;
}
export {
  formatSarif
};
