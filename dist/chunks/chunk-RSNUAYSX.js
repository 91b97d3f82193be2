import {
  toJson
} from "./chunk-HQ6VOY23.js";
import {
  escapeForTerminal
} from "./chunk-2IKMF2LE.js";

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
    provider: report.provider === null ? null : { name: providerName, ...report.provider },
    containedAfterMs: report.containedAfterMs
  }));
  return `${toJson({ schema: 1, tokens })}
`;
}
function revocationText(reports, providerName, colors) {
  return reports.map((report) => {
    const { token, state, provider, verdict } = report;
    const said = provider === null || provider.status === "pending" ? [] : [
      `  ${providerName} said: ${provider.status}${provider.message === null ? "" : ` (${escapeForTerminal(provider.message)})`}`
    ];
    const isLie = state === "still-live" && (provider?.status === "revoked" || provider?.status === "already");
    return [
      `${colors.bold(token.masked)}  ${kindOf(token)} · ${STATE_WORDS[state](colors)}${timeOf(report)}`,
      `  ${escapeForTerminal(verdict.reason)}`,
      ...said,
      ...isLie ? [
        colors.red(
          `  ${providerName} says that it is revoked, and it is not: the API still accepts it. Revoke it in the dashboard now.`
        )
      ] : [],
      ""
    ].join("\n");
  }).join("\n");
}
function blastRadiusLines({ summary, can, cannot, workloads = [], notes = [] }) {
  return [
    `  Whoever has it ${escapeForTerminal(summary)}.`,
    ...can.map((one) => `    can     ${one}`),
    ...cannot.map((one) => `    cannot  ${one}`),
    ...workloads.slice(0, MAX_WORKLOADS).map((workload) => `    at risk ${escapeForTerminal(describeWorkload(workload))}`),
    ...workloads.length > MAX_WORKLOADS ? [`    … and ${workloads.length - MAX_WORKLOADS} more workloads`] : [],
    ...notes.map((note) => `    note    ${escapeForTerminal(note)}`)
  ];
}
var MAX_WORKLOADS = 20;
function describeWorkload({ project, slug, task, model, backend, gpu }) {
  const facts = [task, model, backend, gpu ? "GPUs provisioned" : "no GPU"].filter((fact) => fact !== null);
  return `${project}/${slug} (${facts.join(", ")})`;
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
  return containedAfterMs === null ? "" : ` after ${(containedAfterMs / 1e3).toFixed(1)} s`;
}

export {
  verificationJson,
  verificationText,
  revocationJson,
  revocationText,
  blastRadiusLines,
  verdictWord
};
