import {
  writeOutput
} from "./chunk-LTIS6EZ7.js";
import {
  requireWritable,
  scanByFlags,
  sourceOf
} from "./chunk-XUJD7PDM.js";
import "./chunk-NZAQVFYM.js";
import "./chunk-2HXKVXJ2.js";
import "./chunk-FC2B4G5J.js";
import "./chunk-IWSNM7W5.js";
import {
  ExitCode
} from "./chunk-5GGIWBK5.js";
import {
  VERSION
} from "./chunk-352LF2GJ.js";
import "./chunk-OUBDGCYQ.js";
import "./chunk-ZAKHNU3H.js";
import "./chunk-ADBWSUYU.js";
import "./chunk-LCFWLN64.js";
import {
  KeyrecallError
} from "./chunk-U52VU3KD.js";
import "./chunk-SEWDMQ6Q.js";

// src/cli/commands/baseline.ts
async function runBaseline(path, flags, signal) {
  if (flags.output !== void 0) requireWritable(flags.output);
  const { result } = await scanWithDefault(path, flags, signal);
  const tokens = new Map(result.occurrences.map(({ token }) => [token.fingerprint, token]));
  const named = [...tokens.values()].filter((token) => !token.isGuessable);
  const left = tokens.size - named.length;
  const baseline = {
    schema: 1,
    tool: { name: "keyrecall", version: VERSION },
    fingerprints: named.map(({ fingerprint, masked, rule }) => ({ fingerprint, masked, rule })).toSorted((a, b) => a.fingerprint < b.fingerprint ? -1 : 1)
  };
  writeOutput([`${JSON.stringify(baseline, null, 2)}
`], flags.output);
  if (left > 0)
    process.stderr.write(`keyrecall: ${left} left out: their hash in a shared file could be searched for
`);
  for (const gap of result.coverage.gaps.slice(0, 20))
    process.stderr.write(`keyrecall: not read: ${gap.what}: ${gap.why}
`);
  if (result.isInterrupted) return ExitCode.interrupted;
  return result.coverage.gaps.length > 0 ? ExitCode.incomplete : ExitCode.clean;
}
async function scanWithDefault(path, flags, signal) {
  const source = sourceOf(path, flags);
  if (source.kind !== "tree" || !flags.ignore) return scanByFlags(source, flags, signal);
  try {
    return await scanByFlags(sourceOf(path, { ...flags, history: true }), flags, signal);
  } catch (error) {
    if (error instanceof KeyrecallError && error.code === "not-a-repository") return scanByFlags(source, flags, signal);
    throw error;
  }
}
export {
  runBaseline
};
