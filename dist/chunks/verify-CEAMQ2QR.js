import {
  verifyTokens
} from "./chunk-7332LFX2.js";
import {
  ProgressLine
} from "./chunk-NZAQVFYM.js";
import {
  MaskedOutput,
  readTokens
} from "./chunk-FBQXJ6H6.js";
import {
  startVerification
} from "./chunk-STDF7PAK.js";
import {
  colorsFor,
  verificationJson,
  verificationText
} from "./chunk-2CNSWOBL.js";
import {
  ExitCode
} from "./chunk-5GGIWBK5.js";
import {
  loadRules
} from "./chunk-OORWJKG6.js";
import "./chunk-352LF2GJ.js";
import "./chunk-N5BVK3PW.js";
import "./chunk-JNMDICTY.js";
import "./chunk-SSTVUY7X.js";
import "./chunk-P4S6G3QW.js";
import "./chunk-QBSY3LCJ.js";
import "./chunk-RYGG6NHQ.js";
import "./chunk-BNOIKOU6.js";
import "./chunk-ARZHV6UX.js";
import "./chunk-A5SOBSKO.js";
import "./chunk-LCFWLN64.js";
import "./chunk-U52VU3KD.js";
import "./chunk-JIW5PEUP.js";
import "./chunk-O3REALUM.js";
import "./chunk-SEWDMQ6Q.js";

// src/cli/commands/verify.ts
async function runVerify(flags, signal) {
  const rules = await loadRules([]);
  const progress = new ProgressLine(process.stderr);
  const verification = await startVerification(flags, {
    signal,
    onProgress: (done, total) => progress.show(() => `verifying: ${done} of ${total}`)
  });
  try {
    const tokens = await readTokens(process.stdin, rules);
    const answers = await verifyTokens(
      tokens.map((token) => ({ token })),
      verification,
      rules,
      signal
    );
    const reports = tokens.map((token) => answers.get(token.fingerprint));
    progress.clear();
    const output = new MaskedOutput(rules);
    output.write(
      flags.format === "json" ? verificationJson(reports) : verificationText(reports, colorsFor(flags.color))
    );
    return signal.aborted ? ExitCode.interrupted : exitCodeOf(reports);
  } finally {
    progress.clear();
    await verification.close();
  }
}
function exitCodeOf(reports) {
  if (reports.some(({ verdict }) => verdict.state === "live")) return ExitCode.found;
  return reports.every(({ verdict }) => verdict.state === "revoked") ? ExitCode.clean : ExitCode.responseFailed;
}
export {
  runVerify
};
