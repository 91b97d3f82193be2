/**
 * The library: all that other programs, and the App, may import. `scan` is what most need (docs/library.md); the rest are
 * its parts, for programs that place findings, verify or revoke by themselves.
 */
export type { ApiHints } from "./core/api-hints.js";
export type { BlastRadius, WorkloadAtRisk } from "./core/blast-radius.js";
export { type ErrorCode, KeyrecallError, messageOf, systemCodeOf } from "./core/errors.js";
export type { Gap } from "./core/gap.js";
export { sleep } from "./core/sleep.js";
export { type Confidence, type Plane, Token } from "./core/token.js";
export { UNCHECKED, type Verdict, type VerdictState } from "./core/verdict.js";
export { Detector } from "./detect/detector.js";
export { completionScript } from "./report/completion.js";
export { escapeForMarkdown, escapeForTerminal } from "./report/escape.js";
export { rotationMarkdown } from "./report/rotation.js";
export { blastRadiusNow, blastRadiusOf } from "./respond/blast-radius.js";
export { HttpProvider } from "./respond/revocation/http-provider.js";
export { ManualProvider } from "./respond/revocation/manual-provider.js";
export { confirmDead, type RevocationReport, type RevocationState, revokeTokens, type RevokeOptions, type TokenToRevoke, } from "./respond/revocation/revoke.js";
export { SIGNATURE_HEADER, signBody } from "./respond/revocation/signature.js";
export type { RevocationEntry, RevocationProvider, RevocationResult, RevocationStatus, } from "./respond/revocation/provider.js";
export { rotationGuide } from "./respond/rotation.js";
export { builtinRules } from "./rules/builtin.generated.js";
export { compileRules } from "./rules/ruleset.js";
export { readYaml } from "./rules/read-yaml.js";
export { type Finding } from "./library/finding.js";
export { ScanInterruptedError } from "./library/interrupted.js";
export type { AllowOptions, Progress, ScanOptions, VerifyOptions } from "./library/options.js";
export { loadRules } from "./library/rules.js";
export { Scan, scan } from "./library/scan.js";
export type { Source } from "./library/source.js";
export type { Rule, RulePart } from "./rules/rule.js";
export { entryNamesOf, formatsOf } from "./core/container-steps.js";
export { tokensIn } from "./scan/containers.js";
export { mask } from "./scan/mask.js";
export type { CommitFacts, Occurrence, OccurrenceKind } from "./scan/occurrence.js";
export { countedTokens } from "./scan/outcome.js";
export type { Allowance, Report, ReportedOccurrence, ReportedToken, SourceKind } from "./scan/report.js";
export { scan as scanForOccurrences, type ScanOptions as OccurrenceScanOptions, type ScanResult, type ScanSource as OccurrenceSource, } from "./scan/scan.js";
export { requireApiUrl, requireSecureUrl } from "./verify/api-url.js";
export { HttpClient } from "./verify/http-client.js";
export type { CachedVerdict, LastLive, VerdictCache } from "./verify/verdict-cache.js";
export { type TokenToVerify, type VerifiedToken, Verifier, type VerifierOptions } from "./verify/verifier.js";
