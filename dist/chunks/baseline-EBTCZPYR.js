import {
  scanByFlags,
  sourceOf
} from "./chunk-RWVHMTZ6.js";
import {
  requireWritable,
  writeOutput
} from "./chunk-ZTC5UFCG.js";
import "./chunk-NZAQVFYM.js";
import "./chunk-3RIRM5UU.js";
import "./chunk-PEBQGXPO.js";
import "./chunk-K6UY2E7L.js";
import "./chunk-QBGYM6EC.js";
import "./chunk-65EHQVBC.js";
import {
  ExitCode
} from "./chunk-5GGIWBK5.js";
import {
  maskNote
} from "./chunk-T52IQ7HH.js";
import "./chunk-HWHZQRO4.js";
import "./chunk-XTIAGWPS.js";
import "./chunk-A5SOBSKO.js";
import {
  escapeForTerminal
} from "./chunk-WXEWRWTG.js";
import {
  VERSION
} from "./chunk-6Q7DFGK3.js";
import "./chunk-HRH34NPA.js";
import "./chunk-BNOIKOU6.js";
import "./chunk-W4QFXAZX.js";
import "./chunk-KTHQ3RLY.js";
import "./chunk-O7S4ABFV.js";
import "./chunk-LCFWLN64.js";
import "./chunk-QQ2TBE5L.js";
import {
  KeyrecallError
} from "./chunk-U52VU3KD.js";
import "./chunk-YV5PFDMU.js";
import "./chunk-SEWDMQ6Q.js";

// src/cli/commands/baseline.ts
async function runBaseline(path, flags, signal) {
  if (flags.output !== void 0) requireWritable(flags.output);
  const isConversion = flags.gitleaksIgnore !== void 0 || flags.allowSignature !== void 0;
  const { result, ignored } = await scanWithDefault(path, flags, signal);
  const occurrences = isConversion ? ignoredOnes(result.occurrences, ignored, flags) : result.occurrences;
  const tokens = new Map(occurrences.map(({ token }) => [token.fingerprint, token]));
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
  if (flags.gitleaksIgnore !== void 0) tellOfImport(ignored, result.detector);
  for (const gap of result.coverage.gaps.slice(0, 20))
    process.stderr.write(`keyrecall: not read: ${gap.what}: ${gap.why}
`);
  if (result.isInterrupted) return ExitCode.interrupted;
  return result.coverage.gaps.length > 0 ? ExitCode.incomplete : ExitCode.clean;
}
function ignoredOnes(occurrences, ignored, { allowSignature }) {
  const groups = /* @__PURE__ */ new Map();
  for (const occurrence of occurrences) {
    const { fingerprint } = occurrence.token;
    const group = groups.get(fingerprint);
    if (group === void 0) groups.set(fingerprint, [occurrence]);
    else group.push(occurrence);
  }
  const areIgnored = (group) => {
    const entries = ignored?.judge(group[0].token, group) ?? [];
    return group.every(
      ({ inlineMark }, index) => (entries[index] ?? null) !== null || allowSignature !== void 0 && inlineMark !== null
    );
  };
  return [...groups.values()].filter(areIgnored).flat();
}
function tellOfImport(ignored, detector) {
  const { unused, notUnderstood } = ignored.notes(true);
  const lines = [
    ...unused.map((entry) => `keyrecall: no token stands there: ${entry}`),
    ...notUnderstood.map((entry) => `keyrecall: not understood: ${entry}`)
  ];
  for (const line of lines) process.stderr.write(`${escapeForTerminal(maskNote(detector, line))}
`);
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
