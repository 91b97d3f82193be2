import {
  ExitCode,
  strongestExitCode
} from "./chunk-5GGIWBK5.js";

// src/scan/outcome.ts
function exitCodeOf(report, { failOn, isInterrupted }) {
  return strongestExitCode([
    ...isInterrupted ? [ExitCode.interrupted] : [],
    ...failingTokens(report, failOn).length > 0 ? [ExitCode.found] : [],
    ...report.scan.complete ? [] : [ExitCode.incomplete]
  ]);
}
function failingTokens(report, failOn) {
  const counted = countedTokens(report);
  if (failOn === "live") return counted.filter((token) => token.verdict.state !== "revoked");
  return failOn === "never" ? [] : counted;
}
function countedTokens(report) {
  return report.tokens.filter((token) => token.allowed === null);
}

export {
  exitCodeOf,
  failingTokens,
  countedTokens
};
