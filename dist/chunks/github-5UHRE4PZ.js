import {
  listPlaces,
  withoutPublicIds
} from "./chunk-J5WQFTXH.js";
import {
  plural
} from "./chunk-PDG2PL75.js";
import {
  escapeForWorkflow
} from "./chunk-WXEWRWTG.js";
import "./chunk-SEWDMQ6Q.js";

// src/report/annotations.ts
var MAX_OF_LEVEL = 10;
function annotationsOf(report, disclosure, notes) {
  const gaps = report.scan.complete ? [] : [gapAnnotation(report, disclosure)];
  const places = listPlaces(report, disclosure).map((place) => placeAnnotation(place, disclosure));
  const others = notes.map((note) => ({
    level: "notice",
    title: "Keyrecall",
    message: note,
    file: null,
    line: null
  }));
  const shown = [];
  for (const level of ["error", "warning", "notice"]) {
    shown.push(...[...gaps, ...places, ...others].filter((one) => one.level === level).slice(0, MAX_OF_LEVEL));
  }
  return { shown, hidden: places.filter((place) => !shown.includes(place)).length };
}
var ADVICE = "What was pushed is leaked, also where a later commit takes it out again: only rotating it helps (mint a new one, move its users over, revoke this one).";
function placeAnnotation({ token, before, name, after, file, occurrence }, disclosure) {
  const isDead = !disclosure.isPublic && token.verdict.state === "revoked";
  const place = `${before}${name === null ? "" : escapeForWorkflow(name)}${after}`;
  return {
    level: isDead ? "warning" : "error",
    title: isDead ? "A revoked InferenceKey token" : "A leaked InferenceKey token",
    message: `${disclosure.isPublic ? "A token" : tokenText(token)}: ${place}. ${isDead ? "It no longer works." : ADVICE}`,
    file,
    line: file === null ? null : occurrence.line
  };
}
function tokenText({ masked, plane, rule, verdict }) {
  const kind = plane === null ? rule : `${plane} plane`;
  const state = verdict.state === "unchecked" ? "not verified" : verdict.state;
  return `${escapeForWorkflow(masked)} (${kind}, ${state})`;
}
function gapAnnotation(report, disclosure) {
  const [first, ...others] = report.scan.incomplete;
  const more = others.length === 0 ? "" : ` (and ${others.length} more; the summary lists them)`;
  const what = withoutPublicIds(`${first?.what ?? "scan"}: ${first?.why ?? "incomplete"}`, disclosure);
  return {
    level: "error",
    title: "Not everything could be read",
    message: `${escapeForWorkflow(what)}${more}`,
    file: null,
    line: null
  };
}

// src/report/github.ts
function formatGithub(report, disclosure, summary) {
  const { shown, hidden } = annotationsOf(report, disclosure, []);
  const lines = [`keyrecall: ${escapeForWorkflow(summary)}`, ...shown.map(commandOf)];
  if (hidden > 0) lines.push(commandOf(noteOf(hidden)));
  return `${lines.join("\n")}
`;
}
function noteOf(hidden) {
  const message = `${plural(hidden, "more place")}: GitHub shows ten annotations of a kind. See the whole report.`;
  return { level: "notice", title: "Keyrecall", message, file: null, line: null };
}
function commandOf({ level, title, message, file, line }) {
  const properties = [
    ...file === null ? [] : [`file=${escapeProperty(file)}`],
    ...line === null ? [] : [`line=${line}`],
    `title=${escapeProperty(title)}`
  ];
  return `::${level} ${properties.join(",")}::${escapeData(message)}`;
}
function escapeData(text) {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}
function escapeProperty(text) {
  return escapeData(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
export {
  formatGithub
};
