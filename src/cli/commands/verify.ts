/** `keyrecall verify` */
import { loadRules } from "../../config/load.ts";
import { ExitCode } from "../../core/exit-code.ts";
import { type VerifiedTokenReport, verificationJson, verificationText } from "../../report/verification.ts";
import { verifyTokens } from "../../respond/token-answers.ts";
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
  // Whoever asks about a token wants to know what holds now: of the cache only what was seen live before is used.
  const verification = await startVerification(flags, {
    signal,
    onProgress: (done, total) => progress.show(() => `verifying: ${done} of ${total}`),
  });
  try {
    const tokens = await readTokens(process.stdin, rules);
    const answers = await verifyTokens(
      tokens.map((token) => ({ token })),
      verification,
      rules,
      signal,
    );
    const reports = tokens.map((token) => answers.get(token.fingerprint)!);
    progress.clear();
    const output = new MaskedOutput(rules);
    output.write(
      flags.format === "json" ? verificationJson(reports) : verificationText(reports, colorsFor(flags.color)),
    );
    return signal.aborted ? ExitCode.interrupted : exitCodeOf(reports);
  } finally {
    progress.clear();
    await verification.close();
  }
}

function exitCodeOf(reports: readonly VerifiedTokenReport[]): ExitCode {
  if (reports.some(({ verdict }) => verdict.state === "live")) return ExitCode.found;
  return reports.every(({ verdict }) => verdict.state === "revoked") ? ExitCode.clean : ExitCode.responseFailed;
}
