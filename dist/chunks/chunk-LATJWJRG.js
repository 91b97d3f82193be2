import {
  toJson
} from "./chunk-QLWOTBFR.js";
import {
  escapeForTerminal
} from "./chunk-WXEWRWTG.js";

// src/report/verification.ts
function verificationJson(reports) {
  const tokens = reports.map(({ token, verdict, blastRadius }) => ({ ...identityOf(token), verdict, blastRadius }));
  return `${toJson({ schema: 1, tokens })}
`;
}
function verificationText(reports, colors) {
  return reports.map(
    ({ token, verdict, blastRadius }) => [
      `${colors.bold(token.masked)}  ${kindOf(token)} · ${verdictWord(verdict, colors)}`,
      `  ${escapeForTerminal(verdict.reason)}`,
      ...verdict.state === "revoked" ? [] : blastRadiusLines(blastRadius),
      ""
    ].join("\n")
  ).join("\n");
}
function revocationJson(reports, providerName) {
  const tokens = reports.map((report) => ({
    ...identityOf(report.token),
    state: report.state,
    before: report.before,
    verdict: report.verdict,
    provider: report.provider === null ? null : { name: providerName, status: report.provider.status, message: report.provider.message },
    containedAfterMs: report.containedAfterMs
  }));
  return `${toJson({ schema: 1, tokens })}
`;
}
function revocationText(reports, providerName, colors) {
  return reports.map((report) => {
    const { token, state, provider, verdict } = report;
    const contradiction = contradictionOf(report, providerName);
    return [
      `${colors.bold(token.masked)}  ${kindOf(token)} · ${STATE_WORDS[state](colors)}${timeOf(report)}`,
      `  ${escapeForTerminal(verdict.reason)}`,
      ...state === "already-dead" ? [`  ${ALREADY_DEAD}`] : [],
      ...state === "not-revoked" ? [`  It would be revoked through ${providerName}.`] : [],
      ...provider === null || isSilent(provider) ? [] : [`  ${providerName} said: ${describeResult(provider)}`],
      ...contradiction === null ? [] : [`  ${colors.red(contradiction)}`],
      ""
    ].join("\n");
  }).join("\n");
}
var ALREADY_DEAD = "Nobody was asked to revoke it. If it is for another API of InferenceKey, name that: --base-url";
function contradictionOf({ state, provider }, providerName) {
  if (state !== "still-live" || provider?.status !== "revoked" && provider?.status !== "already") return null;
  return `${providerName} says that it is revoked, and it is not: the API still accepts it. Revoke it in the dashboard now.`;
}
function isSilent({ status, message }) {
  return status === "pending" && message === null;
}
function describeResult({ status, message }) {
  return `${status}${message === null ? "" : ` (${escapeForTerminal(message)})`}`;
}
function blastRadiusLines({ summary, can, cannot, workloads = [], notes = [] }) {
  return [
    `  Whoever has it ${escapeForTerminal(summary)}.`,
    ...can.map((one) => `    can     ${escapeForTerminal(one)}`),
    ...cannot.map((one) => `    cannot  ${escapeForTerminal(one)}`),
    ...workloadLines(workloads).map((line) => `    at risk ${escapeForTerminal(line)}`),
    ...notes.map((note) => `    note    ${escapeForTerminal(note)}`)
  ];
}
var MAX_WORKLOADS = 20;
function workloadLines(workloads) {
  const lines = workloads.slice(0, MAX_WORKLOADS).map(({ project, slug, task, model, backend, gpu }) => {
    const facts = [task, model, backend, gpu ? "GPUs provisioned" : "no GPU"].filter((fact) => fact !== null);
    return `${project}/${slug} (${facts.join(", ")})`;
  });
  const hidden = workloads.length - lines.length;
  return hidden > 0 ? [...lines, `and ${hidden} more (all of them with --format json)`] : lines;
}
function identityOf({ fingerprint, rule, plane, publicId, masked, confidence }) {
  return { fingerprint, rule, plane, publicId, masked, confidence };
}
function kindOf({ plane, rule }) {
  return plane === null ? rule : `${plane} plane`;
}
function verdictWord({ state }, colors) {
  switch (state) {
    case "live":
      return colors.red(colors.bold("live"));
    case "revoked":
      return colors.green("revoked");
    case "unknown":
      return colors.yellow("unknown");
    case "unchecked":
      return "not verified";
  }
}
var STATE_WORDS = {
  contained: (colors) => colors.green("contained"),
  "already-dead": (colors) => colors.green("already dead"),
  dead: (colors) => colors.green("dead (not seen live before)"),
  "still-live": (colors) => colors.red(colors.bold("still live")),
  unconfirmed: (colors) => colors.yellow("unconfirmed"),
  "not-revoked": (colors) => colors.yellow("would be revoked")
};
function timeOf({ containedAfterMs }) {
  if (containedAfterMs === null) return "";
  return containedAfterMs < 1e3 ? ` after ${containedAfterMs} ms` : ` after ${(containedAfterMs / 1e3).toFixed(1)} s`;
}

export {
  verificationJson,
  verificationText,
  revocationJson,
  revocationText,
  contradictionOf,
  describeResult,
  blastRadiusLines,
  workloadLines,
  identityOf,
  verdictWord
};
