/** The library: all that other programs, and the App, may import. */
export type { ApiHints } from "./core/api-hints.ts";
export type { BlastRadius, WorkloadAtRisk } from "./core/blast-radius.ts";
export { KeyrecallError, messageOf, systemCodeOf } from "./core/errors.ts";
export type { Gap } from "./core/gap.ts";
export { sleep } from "./core/sleep.ts";
export { type Confidence, type Plane, Token } from "./core/token.ts";
export { UNCHECKED, type Verdict, type VerdictState } from "./core/verdict.ts";
export { Detector } from "./detect/detector.ts";
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
export type { Rule } from "./rules/schema.ts";
export { tokensIn } from "./scan/containers.ts";
export { mask } from "./scan/mask.ts";
export type { CommitFacts, Occurrence, OccurrenceKind } from "./scan/occurrence.ts";
export { scan, type ScanOptions, type ScanResult, type ScanSource } from "./scan/scan.ts";
export { requireApiUrl, requireSecureUrl } from "./verify/api-url.ts";
export type { CachedVerdict, LastLive, VerdictCache } from "./verify/verdict-cache.ts";
export { type TokenToVerify, type VerifiedToken, Verifier, type VerifierOptions } from "./verify/verifier.ts";
