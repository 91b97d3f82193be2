import { loadRules } from "../../config/load.ts";
/** `keyrecall verify` */
import { ExitCode } from "../../core/exit-code.ts";
import { type VerifiedTokenReport, verificationJson, verificationText } from "../../report/verification.ts";
import { blastRadiusNow } from "../../respond/blast-radius.ts";
import { colorsFor } from "../colors.ts";
import { MaskedOutput } from "../masked-output.ts";
import { ProgressLine } from "../progress.ts";
import { readTokens } from "../token-input.ts";
import { startVerification, type VerificationFlags } from "./verification-options.ts";

export interface VerifyFlags extends VerificationFlags {
  readonly format: "text" | "json";
  readonly color: boolean;
}

export async function runVerify(flags: VerifyFlags, signal: AbortSignal): Promise<ExitCode> {
  const rules = await loadRules([]);
  const progress = new ProgressLine(process.stderr);
  // Whoever asks about a token wants to know what holds now: only a cache that is named is used.
  const verification = await startVerification(
    { ...flags, cache: flags.cache ?? false },
    {
      signal,
      onProgress: (done, total) => progress.show(() => `verifying: ${done} of ${total}`),
    },
  );
  try {
    const tokens = await readTokens(process.stdin, rules);
    const verified = await verification.verifier.verifyAll(tokens.map((token) => ({ token })));
    const reports: VerifiedTokenReport[] = [];
    for (const token of tokens) {
      const { verdict } = verified.get(token.fingerprint)!;
      const rule = rules.find(({ id }) => id === token.rule)!;
      const blastRadius = await blastRadiusNow(rule, token, verdict, verification.verifier, verification.own);
      reports.push({ token, verdict, blastRadius });
    }
    progress.clear();
    const output = new MaskedOutput(rules);
    output.write(
      flags.format === "json" ? verificationJson(reports) : verificationText(reports, colorsFor(flags.color)),
    );
    return exitCodeOf(reports);
  } finally {
    progress.clear();
    await verification.close();
  }
}

function exitCodeOf(reports: readonly VerifiedTokenReport[]): ExitCode {
  if (reports.some(({ verdict }) => verdict.state === "live")) return ExitCode.found;
  return reports.every(({ verdict }) => verdict.state === "revoked") ? ExitCode.clean : ExitCode.responseFailed;
}
