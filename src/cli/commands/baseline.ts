/** `keyrecall baseline` */
import type { GitleaksIgnore } from "../../config/gitleaks-ignore.ts";
import type { Baseline } from "../../config/schema.ts";
import { KeyrecallError } from "../../core/errors.ts";
import { ExitCode } from "../../core/exit-code.ts";
import { VERSION } from "../../core/version.generated.ts";
import type { Detector } from "../../detect/detector.ts";
import { escapeForTerminal } from "../../report/escape.ts";
import { maskNote } from "../../scan/mask.ts";
import type { Occurrence } from "../../scan/occurrence.ts";
import { requireWritable, writeOutput } from "../output.ts";
import { scanByFlags, type ScanRun, type SourceFlags, sourceOf } from "./source-options.ts";

export async function runBaseline(
  path: string | undefined,
  flags: SourceFlags & { output?: string },
  signal: AbortSignal,
): Promise<ExitCode> {
  if (flags.output !== undefined) requireWritable(flags.output);
  const isConversion = flags.gitleaksIgnore !== undefined || flags.allowSignature !== undefined;
  const { result, ignored } = await scanWithDefault(path, flags, signal);
  const occurrences = isConversion ? ignoredOnes(result.occurrences, ignored, flags) : result.occurrences;
  // A baseline is committed, so the hash of anything that could be guessed from it stays out.
  const tokens = new Map(occurrences.map(({ token }) => [token.fingerprint, token]));
  const named = [...tokens.values()].filter((token) => !token.isGuessable);
  const left = tokens.size - named.length;
  const baseline: Baseline & { tool: object } = {
    schema: 1,
    tool: { name: "keyrecall", version: VERSION },
    fingerprints: named
      .map(({ fingerprint, masked, rule }) => ({ fingerprint, masked, rule }))
      .toSorted((a, b) => (a.fingerprint < b.fingerprint ? -1 : 1)),
  };
  writeOutput([`${JSON.stringify(baseline, null, 2)}\n`], flags.output ?? null);
  if (left > 0)
    process.stderr.write(`keyrecall: ${left} left out: their hash in a shared file could be searched for\n`);
  if (flags.gitleaksIgnore !== undefined) tellOfImport(ignored!, result.detector);
  for (const gap of result.coverage.gaps.slice(0, 20))
    process.stderr.write(`keyrecall: not read: ${gap.what}: ${gap.why}\n`);
  if (result.isInterrupted) return ExitCode.interrupted;
  return result.coverage.gaps.length > 0 ? ExitCode.incomplete : ExitCode.clean;
}

/** Places of tokens that stand nowhere but where the file or a mark ignores them. */
function ignoredOnes(
  occurrences: readonly Occurrence[],
  ignored: GitleaksIgnore | null,
  { allowSignature }: SourceFlags,
): Occurrence[] {
  const groups = new Map<string, Occurrence[]>();
  for (const occurrence of occurrences) {
    const { fingerprint } = occurrence.token;
    const group = groups.get(fingerprint);
    if (group === undefined) groups.set(fingerprint, [occurrence]);
    else group.push(occurrence);
  }
  const areIgnored = (group: readonly Occurrence[]): boolean => {
    const entries = ignored?.judge(group[0]!.token, group) ?? [];
    return group.every(
      ({ inlineMark }, index) =>
        (entries[index] ?? null) !== null || (allowSignature !== undefined && inlineMark !== null),
    );
  };
  return [...groups.values()].filter(areIgnored).flat();
}

function tellOfImport(ignored: GitleaksIgnore, detector: Detector): void {
  const { unused, notUnderstood } = ignored.notes(true);
  const lines = [
    ...unused.map((entry) => `keyrecall: no token stands there: ${entry}`),
    ...notUnderstood.map((entry) => `keyrecall: not understood: ${entry}`),
  ];
  for (const line of lines) process.stderr.write(`${escapeForTerminal(maskNote(detector, line))}\n`);
}

/** The whole history where there is one: what a baseline leaves out will be reported as new. */
async function scanWithDefault(path: string | undefined, flags: SourceFlags, signal: AbortSignal): Promise<ScanRun> {
  const source = sourceOf(path, flags);
  if (source.kind !== "tree" || !flags.ignore) return scanByFlags(source, flags, signal);
  try {
    return await scanByFlags(sourceOf(path, { ...flags, history: true }), flags, signal);
  } catch (error) {
    if (error instanceof KeyrecallError && error.code === "not-a-repository") return scanByFlags(source, flags, signal);
    throw error;
  }
}
