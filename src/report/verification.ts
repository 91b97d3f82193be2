/** What `keyrecall verify`, `explain` and `revoke` say about single tokens. */
import type pc from "picocolors";
import type { BlastRadius, WorkloadAtRisk } from "../core/blast-radius.ts";
import type { Token } from "../core/token.ts";
import type { Verdict } from "../core/verdict.ts";
import type { RevocationReport, RevocationState } from "../respond/revocation/revoke.ts";
import { escapeForTerminal } from "./escape.ts";
import { toJson } from "./json.ts";

type Colors = ReturnType<typeof pc.createColors>;

export interface VerifiedTokenReport {
  readonly token: Token;
  readonly verdict: Verdict;
  readonly blastRadius: BlastRadius;
}

/** The contract: `docs/schema/verification.schema.json`. */
export function verificationJson(reports: readonly VerifiedTokenReport[]): string {
  const tokens = reports.map(({ token, verdict, blastRadius }) => ({ ...identityOf(token), verdict, blastRadius }));
  return `${toJson({ schema: 1, tokens })}\n`;
}

export function verificationText(reports: readonly VerifiedTokenReport[], colors: Colors): string {
  return reports
    .map(({ token, verdict, blastRadius }) =>
      [
        `${colors.bold(token.masked)}  ${kindOf(token)} · ${verdictWord(verdict, colors)}`,
        `  ${escapeForTerminal(verdict.reason)}`,
        ...(verdict.state === "revoked" ? [] : blastRadiusLines(blastRadius)),
        "",
      ].join("\n"),
    )
    .join("\n");
}

/** The contract: `docs/schema/revocation.schema.json`. */
export function revocationJson(
  reports: readonly (RevocationReport | PlannedRevocation)[],
  providerName: string,
): string {
  const tokens = reports.map((report) => ({
    ...identityOf(report.token),
    state: report.state,
    before: report.before,
    verdict: report.verdict,
    provider: report.provider === null ? null : { name: providerName, ...report.provider },
    containedAfterMs: report.containedAfterMs,
  }));
  return `${toJson({ schema: 1, tokens })}\n`;
}

/** A token that would be revoked. */
export interface PlannedRevocation extends Omit<RevocationReport, "state"> {
  readonly state: "not-revoked";
}

export function revocationText(
  reports: readonly (RevocationReport | PlannedRevocation)[],
  providerName: string,
  colors: Colors,
): string {
  return reports
    .map((report) => {
      const { token, state, provider, verdict } = report;
      const said =
        provider === null || provider.status === "pending"
          ? []
          : [
              `  ${providerName} said: ${provider.status}${provider.message === null ? "" : ` (${escapeForTerminal(provider.message)})`}`,
            ];
      const isLie = state === "still-live" && (provider?.status === "revoked" || provider?.status === "already");
      return [
        `${colors.bold(token.masked)}  ${kindOf(token)} · ${STATE_WORDS[state](colors)}${timeOf(report)}`,
        `  ${escapeForTerminal(verdict.reason)}`,
        ...said,
        ...(isLie
          ? [
              colors.red(
                `  ${providerName} says that it is revoked, and it is not: the API still accepts it. Revoke it in the dashboard now.`,
              ),
            ]
          : []),
        "",
      ].join("\n");
    })
    .join("\n");
}

/** What a holder can do, as lines of text. */
export function blastRadiusLines({ summary, can, cannot, workloads = [], notes = [] }: BlastRadius): string[] {
  return [
    `  Whoever has it ${escapeForTerminal(summary)}.`,
    ...can.map((one) => `    can     ${one}`),
    ...cannot.map((one) => `    cannot  ${one}`),
    ...workloads
      .slice(0, MAX_WORKLOADS)
      .map((workload) => `    at risk ${escapeForTerminal(describeWorkload(workload))}`),
    ...(workloads.length > MAX_WORKLOADS ? [`    … and ${workloads.length - MAX_WORKLOADS} more workloads`] : []),
    ...notes.map((note) => `    note    ${escapeForTerminal(note)}`),
  ];
}

const MAX_WORKLOADS = 20;

function describeWorkload({ project, slug, task, model, backend, gpu }: WorkloadAtRisk): string {
  const facts = [task, model, backend, gpu ? "GPUs provisioned" : "no GPU"].filter((fact) => fact !== null);
  return `${project}/${slug} (${facts.join(", ")})`;
}

function identityOf({ fingerprint, rule, plane, publicId, masked, confidence }: Token): object {
  return { fingerprint, rule, plane, publicId, masked, confidence };
}

function kindOf({ plane, rule }: Token): string {
  return plane === null ? rule : `${plane} plane`;
}

export function verdictWord({ state }: Verdict, colors: Colors): string {
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

const STATE_WORDS: Readonly<Record<RevocationState | "not-revoked", (colors: Colors) => string>> = {
  contained: (colors) => colors.green("contained"),
  "already-dead": (colors) => colors.green("already dead"),
  dead: (colors) => colors.green("dead (not seen live before)"),
  "still-live": (colors) => colors.red(colors.bold("still live")),
  unconfirmed: (colors) => colors.yellow("unconfirmed"),
  "not-revoked": (colors) => colors.yellow("would be revoked"),
};

function timeOf({ containedAfterMs }: Pick<RevocationReport, "containedAfterMs">): string {
  return containedAfterMs === null ? "" : ` after ${(containedAfterMs / 1000).toFixed(1)} s`;
}
