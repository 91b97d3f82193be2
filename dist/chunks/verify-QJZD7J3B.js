import {
  blastRadiusNow
} from "./chunk-6QBBSWIT.js";
import {
  readTokens
} from "./chunk-MXJ25QSV.js";
import {
  MaskedOutput
} from "./chunk-7B4UAEXS.js";
import {
  colorsFor,
  startVerification
} from "./chunk-J5CFDY7Z.js";
import "./chunk-FAXX2T5O.js";
import {
  verificationJson,
  verificationText
} from "./chunk-RSNUAYSX.js";
import "./chunk-HQ6VOY23.js";
import "./chunk-OUW7B544.js";
import {
  ProgressLine
} from "./chunk-NZAQVFYM.js";
import "./chunk-2IKMF2LE.js";
import "./chunk-FC2B4G5J.js";
import {
  loadRules
} from "./chunk-IWSNM7W5.js";
import {
  ExitCode
} from "./chunk-5GGIWBK5.js";
import "./chunk-352LF2GJ.js";
import "./chunk-ZAKHNU3H.js";
import "./chunk-ADBWSUYU.js";
import "./chunk-LCFWLN64.js";
import "./chunk-U52VU3KD.js";
import "./chunk-JIW5PEUP.js";
import "./chunk-O3REALUM.js";
import "./chunk-SEWDMQ6Q.js";

// src/cli/commands/verify.ts
async function runVerify(flags, signal) {
  const rules = await loadRules([]);
  const progress = new ProgressLine(process.stderr);
  const verification = await startVerification(
    { ...flags, cache: flags.cache ?? false },
    {
      signal,
      onProgress: (done, total) => progress.show(() => `verifying: ${done} of ${total}`)
    }
  );
  try {
    const tokens = await readTokens(process.stdin, rules);
    const verified = await verification.verifier.verifyAll(tokens.map((token) => ({ token })));
    const reports = [];
    for (const token of tokens) {
      const { verdict } = verified.get(token.fingerprint);
      const rule = rules.find(({ id }) => id === token.rule);
      const blastRadius = await blastRadiusNow(rule, token, verdict, verification.verifier, verification.projects);
      reports.push({ token, verdict, blastRadius });
    }
    progress.clear();
    const output = new MaskedOutput(rules);
    output.write(
      flags.format === "json" ? verificationJson(reports) : verificationText(reports, colorsFor(flags.color))
    );
    return exitCodeOf(reports);
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
