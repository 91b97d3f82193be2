/**
 * The library: all that other programs, and the App, may import. `scan` is what most need (docs/library.md); the rest are
 * its parts, for programs that place findings, verify or revoke by themselves.
 */
export type { ApiHints } from "./core/api-hints.ts";
export type { BlastRadius, WorkloadAtRisk } from "./core/blast-radius.ts";
export { type ErrorCode, KeyrecallError, messageOf, systemCodeOf } from "./core/errors.ts";
export type { Gap } from "./core/gap.ts";
export { sleep } from "./core/sleep.ts";
export { type Confidence, type Plane, Token } from "./core/token.ts";
export { UNCHECKED, type Verdict, type VerdictState } from "./core/verdict.ts";
export { Detector } from "./detect/detector.ts";
export { completionScript } from "./report/completion.ts";
export { escapeForMarkdown, escapeForTerminal } from "./report/escape.ts";
export { rotationMarkdown } from "./report/rotation.ts";
export { blastRadiusNow, blastRadiusOf } from "./respond/blast-radius.ts";
export { HttpProvider } from "./respond/revocation/http-provider.ts";
export { ManualProvider } from "./respond/revocation/manual-provider.ts";
export {
  confirmDead,
  type RevocationReport,
  type RevocationState,
  revokeTokens,
  type RevokeOptions,
  type TokenToRevoke,
} from "./respond/revocation/revoke.ts";
export { SIGNATURE_HEADER, signBody } from "./respond/revocation/signature.ts";
export type {
  RevocationEntry,
  RevocationProvider,
  RevocationResult,
  RevocationStatus,
} from "./respond/revocation/provider.ts";
export { rotationGuide } from "./respond/rotation.ts";
export { builtinRules } from "./rules/builtin.generated.ts";
export { compileRules } from "./rules/ruleset.ts";
export { readYaml } from "./rules/read-yaml.ts";

export { type Finding } from "./library/finding.ts";
export { ScanInterruptedError } from "./library/interrupted.ts";
export type { AllowOptions, Progress, ScanOptions, VerifyOptions } from "./library/options.ts";
export { loadRules } from "./library/rules.ts";
export { Scan, scan } from "./library/scan.ts";
export type { Source } from "./library/source.ts";
export type { Rule, RulePart } from "./rules/rule.ts";
export { entryNamesOf, formatsOf } from "./core/container-steps.ts";
export { tokensIn } from "./scan/containers.ts";
export { mask } from "./scan/mask.ts";
export type { CommitFacts, Occurrence, OccurrenceKind } from "./scan/occurrence.ts";
export { countedTokens } from "./scan/outcome.ts";
export type { Allowance, Report, ReportedOccurrence, ReportedToken, SourceKind } from "./scan/report.ts";
export {
  scan as scanForOccurrences,
  type ScanOptions as OccurrenceScanOptions,
  type ScanResult,
  type ScanSource as OccurrenceSource,
} from "./scan/scan.ts";
export { requireApiUrl, requireSecureUrl } from "./verify/api-url.ts";
export { HttpClient } from "./verify/http-client.ts";
export type { CachedVerdict, LastLive, VerdictCache } from "./verify/verdict-cache.ts";
export { type TokenToVerify, type VerifiedToken, Verifier, type VerifierOptions } from "./verify/verifier.ts";
