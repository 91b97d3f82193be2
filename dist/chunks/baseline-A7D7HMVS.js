import {
  scanByFlags,
  sourceOf
} from "./chunk-E42PUZEX.js";
import {
  requireWritable,
  writeOutput
} from "./chunk-ZTC5UFCG.js";
import "./chunk-NZAQVFYM.js";
import {
  ExitCode
} from "./chunk-5GGIWBK5.js";
import "./chunk-FVYQQUXV.js";
import "./chunk-QEDRFBPD.js";
import "./chunk-SG6PBRFY.js";
import "./chunk-HWHZQRO4.js";
import "./chunk-E3NTGYY6.js";
import "./chunk-QBGYM6EC.js";
import "./chunk-65EHQVBC.js";
import {
  VERSION
} from "./chunk-6Q7DFGK3.js";
import "./chunk-DCXKPMU5.js";
import "./chunk-BNOIKOU6.js";
import "./chunk-NZM22GFQ.js";
import "./chunk-TYYNTSVK.js";
import "./chunk-PP2DBMPH.js";
import "./chunk-QQ2TBE5L.js";
import "./chunk-A5SOBSKO.js";
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
`], flags.output ?? null);
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
