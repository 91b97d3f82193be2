import {
  listPlaces,
  placesOf,
  severity,
  withoutPublicIds
} from "./chunk-J5WQFTXH.js";
import {
  escapeForMarkdown,
  escapeForTerminal
} from "./chunk-WXEWRWTG.js";
import "./chunk-SEWDMQ6Q.js";

// src/report/markdown.ts
var MAX_BYTES = 256 * 1024;
var MAX_PLACES_OF_TOKEN = 20;
var MAX_GAPS = 50;
var MAX_NAME_LENGTH = 500;
function formatMarkdown(report, options) {
  const tokens = report.tokens.filter((token) => token.allowed === null).toSorted((a, b) => severity(a, options) - severity(b, options));
  const allowed = report.tokens.length - tokens.length;
  const head = [
    `## Keyrecall: ${headline(tokens.length, report.scan.complete)}`,
    "",
    `Read: ${options.scope}.`,
    "",
    ...tokens.length === 0 ? [] : [ADVICE, ""],
    ...options.isPublic && tokens.length > 0 ? [PUBLIC_NOTE, ""] : []
  ];
  const body = options.isPublic ? [...listPlaces(report, options).map((place) => `- ${placeText(place)}`), ""] : tokens.flatMap((token) => tokenBlock(token, options));
  const foot = [
    ...options.hiddenAnnotations > 0 ? [`${plural(options.hiddenAnnotations, "place")} more than GitHub shows as annotations.`, ""] : [],
    ...allowed > 0 ? [
      `${plural(allowed, "token")} allowed, and not counted: by the configuration, a baseline or a mark on the line.`,
      ""
    ] : [],
    ...gapLines(report, options),
    ...policyLines(report, options),
    ...options.notes.flatMap((note) => [`> ${plainText(note)}`, ""])
  ];
  return `${[...head, ...limit(body), ...foot].join("\n").trimEnd()}
`;
}
var ADVICE = "A token that was pushed is leaked, **also where a later commit takes it out again**: rewriting history does not help, rotating does. Mint a new one, move its users over, revoke the leaked one, then clean up.";
var PUBLIC_NOTE = "This page is public, so it says only where tokens stand. `keyrecall scan --verify` in a clone says the rest to whoever may know.";
function headline(tokens, isComplete) {
  const found = tokens === 0 ? "no leaked token found" : plural(tokens, "leaked token");
  return isComplete ? found : `${found}, and not everything could be read`;
}
function tokenBlock(token, options) {
  const { masked, plane, rule, confidence, verdict, blastRadius, misplaced, overruled } = token;
  const places = placesOf(token, options);
  const kind = plane === null ? escapeForMarkdown(rule) : `${plane} plane`;
  const state = verdict.state === "unchecked" ? "not verified" : `**${verdict.state}**`;
  const steps = options.rotation.get(rule)?.steps ?? [];
  return [
    `### ${escapeForMarkdown(masked)} ${kind}${confidence === "suspect" ? ", suspect" : ""}, ${state}`,
    "",
    ...verdict.state === "unchecked" ? [] : [`Why: ${code(verdict.reason)}`, ""],
    ...verdict.state === "revoked" ? [] : [`Whoever has it ${plainText(blastRadius.summary)}.`, ""],
    ...places.slice(0, MAX_PLACES_OF_TOKEN).map((place) => `- ${placeText(place)}`),
    ...places.length > MAX_PLACES_OF_TOKEN ? [`- … and ${plural(places.length - MAX_PLACES_OF_TOKEN, "more place")}`] : [],
    ...misplaced.map((text) => `- misplaced: ${code(text)}`),
    ...overruled === null ? [] : ["- it is allowed by the configuration, which does not hold for a token that works"],
    "",
    ...verdict.state === "revoked" || steps.length === 0 ? [] : [`Next: ${steps.map(plainText).join("; ")}.`, ""]
  ];
}
function placeText({ before, name, after }) {
  return `${before}${name === null ? "" : code(name)}${after}`;
}
function code(text) {
  return escapeForMarkdown(text.length > MAX_NAME_LENGTH ? `${text.slice(0, MAX_NAME_LENGTH)}…` : text);
}
function plainText(text) {
  return escapeForTerminal(text).replace(/[\\`*_{}[\]<>#|&~]/g, "\\$&");
}
function gapLines(report, options) {
  const { complete, incomplete } = report.scan;
  if (complete) return [];
  const shown = incomplete.slice(0, MAX_GAPS);
  return [
    "### Not read",
    "",
    ...shown.map(({ what, why }) => `- ${code(withoutPublicIds(`${what}: ${why}`, options))}`),
    ...incomplete.length > shown.length ? [`- … and ${incomplete.length - shown.length} more`] : [],
    ""
  ];
}
function policyLines({ policy }, options) {
  const notes = [
    ...policy.expired.map((entry) => `expired: ${entry}`),
    ...policy.unused.map((entry) => `not needed: ${entry}`)
  ];
  if (notes.length === 0) return [];
  return [
    `Entries of ${code(policy.file ?? "the configuration")}:`,
    "",
    ...notes.slice(0, MAX_GAPS).map((note) => `- ${code(withoutPublicIds(note, options))}`),
    ""
  ];
}
function limit(lines) {
  let bytes = 0;
  const kept = lines.findIndex((line) => {
    bytes += Buffer.byteLength(line) + 1;
    return bytes > MAX_BYTES;
  });
  if (kept === -1) return [...lines];
  return [...lines.slice(0, kept), "", "… and more than fits here: see the report.", ""];
}
function plural(count, what) {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}
export {
  formatMarkdown
};
