/** What `keyrecall verify`, `explain` and `revoke` say about single tokens. */
import type pc from "picocolors";
import type { BlastRadius, WorkloadAtRisk } from "../core/blast-radius.ts";
import type { Token } from "../core/token.ts";
import type { Verdict } from "../core/verdict.ts";
import type { RevocationResult } from "../respond/revocation/provider.ts";
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
    provider:
      report.provider === null
        ? null
        : { name: providerName, status: report.provider.status, message: report.provider.message },
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
      const contradiction = contradictionOf(report, providerName);
      return [
        `${colors.bold(token.masked)}  ${kindOf(token)} · ${STATE_WORDS[state](colors)}${timeOf(report)}`,
        `  ${escapeForTerminal(verdict.reason)}`,
        ...(state === "already-dead" ? [`  ${ALREADY_DEAD}`] : []),
        ...(state === "not-revoked" ? [`  It would be revoked through ${providerName}.`] : []),
        ...(provider === null || isSilent(provider) ? [] : [`  ${providerName} said: ${describeResult(provider)}`]),
        ...(contradiction === null ? [] : [`  ${colors.red(contradiction)}`]),
        "",
      ].join("\n");
    })
    .join("\n");
}

/** A 401 says something about the API that gave it, and about no other. */
const ALREADY_DEAD = "Nobody was asked to revoke it. If it is for another API of InferenceKey, name that: --base-url";

/** Where a provider says that a token is dead and the API accepts it: the one sentence that must not be missed. */
export function contradictionOf(
  { state, provider }: RevocationReport | PlannedRevocation,
  providerName: string,
): string | null {
  if (state !== "still-live" || (provider?.status !== "revoked" && provider?.status !== "already")) return null;
  return `${providerName} says that it is revoked, and it is not: the API still accepts it. Revoke it in the dashboard now.`;
}

/** A person who revokes by hand says nothing, and `pending` alone says nothing either. */
function isSilent({ status, message }: RevocationResult): boolean {
  return status === "pending" && message === null;
}

export function describeResult({ status, message }: RevocationResult): string {
  return `${status}${message === null ? "" : ` (${escapeForTerminal(message)})`}`;
}

/** What a holder can do, as lines of text. */
export function blastRadiusLines({ summary, can, cannot, workloads = [], notes = [] }: BlastRadius): string[] {
  return [
    `  Whoever has it ${escapeForTerminal(summary)}.`,
    ...can.map((one) => `    can     ${escapeForTerminal(one)}`),
    ...cannot.map((one) => `    cannot  ${escapeForTerminal(one)}`),
    ...workloadLines(workloads).map((line) => `    at risk ${escapeForTerminal(line)}`),
    ...notes.map((note) => `    note    ${escapeForTerminal(note)}`),
  ];
}

const MAX_WORKLOADS = 20;

/** One for each workload, up to a number that a person reads; not escaped. */
export function workloadLines(workloads: readonly WorkloadAtRisk[]): string[] {
  const lines = workloads.slice(0, MAX_WORKLOADS).map(({ project, slug, task, model, backend, gpu }) => {
    const facts = [task, model, backend, gpu ? "GPUs provisioned" : "no GPU"].filter((fact) => fact !== null);
    return `${project}/${slug} (${facts.join(", ")})`;
  });
  const hidden = workloads.length - lines.length;
  return hidden > 0 ? [...lines, `and ${hidden} more (all of them with --format json)`] : lines;
}

export function identityOf({ fingerprint, rule, plane, publicId, masked, confidence }: Token): object {
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
  if (containedAfterMs === null) return "";
  return containedAfterMs < 1000 ? ` after ${containedAfterMs} ms` : ` after ${(containedAfterMs / 1000).toFixed(1)} s`;
}
