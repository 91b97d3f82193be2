import {
  readTokens
} from "./chunk-4MJIHYP2.js";
import {
  MaskedOutput
} from "./chunk-TFELEZRF.js";
import {
  startVerification
} from "./chunk-MP2XHNFX.js";
import {
  colorsFor
} from "./chunk-LJTDFDZZ.js";
import {
  ProgressLine
} from "./chunk-NZAQVFYM.js";
import {
  verificationJson,
  verificationText
} from "./chunk-LATJWJRG.js";
import "./chunk-QLWOTBFR.js";
import "./chunk-DH6TFNSH.js";
import "./chunk-EKP7VN57.js";
import {
  verifyTokens
} from "./chunk-F2JRGL22.js";
import "./chunk-N5BVK3PW.js";
import "./chunk-RYGG6NHQ.js";
import {
  ExitCode
} from "./chunk-5GGIWBK5.js";
import "./chunk-T52IQ7HH.js";
import "./chunk-HWHZQRO4.js";
import {
  loadRules
} from "./chunk-XTIAGWPS.js";
import "./chunk-A5SOBSKO.js";
import "./chunk-JIW5PEUP.js";
import "./chunk-6D63HNZV.js";
import "./chunk-WXEWRWTG.js";
import "./chunk-6Q7DFGK3.js";
import "./chunk-BNOIKOU6.js";
import "./chunk-O7S4ABFV.js";
import "./chunk-LCFWLN64.js";
import "./chunk-QQ2TBE5L.js";
import "./chunk-U52VU3KD.js";
import "./chunk-YV5PFDMU.js";
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
