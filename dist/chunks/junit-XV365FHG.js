import {
  placeOf
} from "./chunk-4B2BIL4T.js";
import "./chunk-LATJWJRG.js";
import "./chunk-QLWOTBFR.js";
import "./chunk-OL32UFLE.js";
import "./chunk-XW6A2BDD.js";
import {
  escapeForMarkup
} from "./chunk-WXEWRWTG.js";
import "./chunk-YV5PFDMU.js";
import "./chunk-SEWDMQ6Q.js";

// src/report/junit.ts
var SUITE = "keyrecall scan";
var READ_ALL = "everything was read";
function* formatJunit(report, options) {
  const counts = { tests: 0, failure: 0, error: 0, skipped: 0 };
  for (const { outcome } of casesOf(report, options)) {
    counts.tests += 1;
    if (outcome !== null) counts[outcome.element] += 1;
  }
  const time = (report.scan.durationMs / 1e3).toFixed(3);
  const totals = `tests="${counts.tests}" failures="${counts.failure}" errors="${counts.error}"`;
  yield [
    `<?xml version="1.0" encoding="UTF-8"?>`,
    `<testsuites name="keyrecall" ${totals} time="${time}">`,
    `  <testsuite name="${SUITE}" ${totals} skipped="${counts.skipped}" time="${time}" timestamp="${timeOf(options.now)}">`,
    `    <properties>`,
    ...propertiesOf(report).map(
      ([name, value]) => `      <property name="${name}" value="${escapeForMarkup(String(value))}"/>`
    ),
    `    </properties>`,
    ""
  ].join("\n");
  for (const one of casesOf(report, options)) yield formatCase(one);
  yield "  </testsuite>\n</testsuites>\n";
}
function timeOf(now) {
  return new Date(now).toISOString().slice(0, 19);
}
function propertiesOf({ tool, scan }) {
  return [
    ["version", tool.version],
    ["source", scan.source],
    ["target", scan.target],
    ...scan.range === void 0 ? [] : [["range", scan.range]],
    ["complete", scan.complete],
    ["bytes", scan.coverage.bytes]
  ];
}
function* casesOf(report, options) {
  yield* coverageCases(report);
  if (report.tokens.length === 0) yield { classname: "keyrecall.tokens", name: "no leaked token", outcome: null };
  for (const token of report.tokens) {
    for (const occurrence of token.occurrences) {
      const place = placeOf(occurrence);
      const classname = `keyrecall.${token.rule}`;
      yield { classname, name: `${token.masked} in ${place}`, outcome: outcomeOf(token, occurrence, options) };
    }
  }
}
function* coverageCases({ scan }) {
  const classname = "keyrecall.coverage";
  if (scan.complete) {
    yield { classname, name: READ_ALL, outcome: null };
    return;
  }
  const lines = scan.incomplete.map(({ what, why }) => `${what}: ${why}`);
  const count = `${lines.length} thing${lines.length === 1 ? "" : "s"}`;
  yield {
    classname,
    name: READ_ALL,
    outcome: {
      element: "error",
      type: "incomplete",
      message: `The scan is incomplete: ${count} could not be read, and a token can stand there.`,
      text: lines.map(escapeForMarkup).join("\n")
    }
  };
}
function outcomeOf(token, occurrence, { fails, rules }) {
  const place = placeOf(occurrence);
  const { allowed, verdict, masked, fingerprint, publicId, blastRadius } = token;
  const kind = token.plane === null ? token.rule : `${token.plane} plane`;
  const state = verdict.state === "unchecked" ? "not verified" : verdict.state;
  const steps = rules.find(({ id }) => id === token.rule)?.rotation.steps ?? [];
  const lines = [
    `${masked} (${kind}, ${token.confidence}, ${state}) in ${place}`,
    ...commitLines("Brought in", occurrence.introducedBy),
    ...commitLines("Taken out", occurrence.removedBy),
    ...verdict.state === "unchecked" ? [] : [`Why: ${verdict.reason}`],
    ...verdict.state === "revoked" ? [] : [`Whoever has it ${blastRadius.summary}.`],
    ...steps.length === 0 || verdict.state === "revoked" ? [] : [`Rotate it: ${steps.join("; ")}.`],
    // The hash of what can be guessed does not leave the machine.
    ...publicId === null ? [] : [fingerprint]
  ];
  const text = lines.map(escapeForMarkup).join("\n");
  if (allowed !== null) {
    return { element: "skipped", type: "allowed", message: `allowed (${allowed.by}): ${allowed.reason}`, text };
  }
  const message = `${masked} is leaked in ${place} (${state})`;
  return fails(token) ? { element: "failure", type: token.rule, message, text } : { element: "skipped", type: "does-not-fail", message: `${message}; by --fail-on it does not fail`, text };
}
function commitLines(verb, [first, ...others]) {
  if (first === void 0) return [];
  const facts = [first.commit.slice(0, 12), first.author, first.date].filter((fact) => fact !== null);
  return [`${verb} by ${facts.join(", ")}${others.length === 0 ? "" : ` and ${others.length} more`}`];
}
function formatCase({ classname, name, outcome }) {
  const head = `    <testcase classname="${escapeForMarkup(classname)}" name="${escapeForMarkup(name)}" time="0"`;
  if (outcome === null) return `${head}/>
`;
  const { element, type, message, text } = outcome;
  const attributes = `type="${escapeForMarkup(type)}" message="${escapeForMarkup(message)}"`;
  return `${head}>
      <${element} ${attributes}>${text}</${element}>
    </testcase>
`;
}
export {
  formatJunit
};
