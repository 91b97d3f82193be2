/** `keyrecall baseline` */
import type { Baseline } from "../../config/schema.ts";
import { KeyrecallError } from "../../core/errors.ts";
import { ExitCode } from "../../core/exit-code.ts";
import { VERSION } from "../../core/version.generated.ts";
import type { ScanResult } from "../../scan/scan.ts";
import { requireWritable, writeOutput } from "../output.ts";
import { scanByFlags, type SourceFlags, sourceOf } from "./source-options.ts";

export async function runBaseline(
  path: string | undefined,
  flags: SourceFlags & { output?: string },
  signal: AbortSignal,
): Promise<ExitCode> {
  if (flags.output !== undefined) requireWritable(flags.output);
  const { result } = await scanWithDefault(path, flags, signal);
  // A baseline is committed, so the hash of anything that could be guessed from it stays out.
  const tokens = new Map(result.occurrences.map(({ token }) => [token.fingerprint, token]));
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
  for (const gap of result.coverage.gaps.slice(0, 20))
    process.stderr.write(`keyrecall: not read: ${gap.what}: ${gap.why}\n`);
  if (result.isInterrupted) return ExitCode.interrupted;
  return result.coverage.gaps.length > 0 ? ExitCode.incomplete : ExitCode.clean;
}

/** The whole history where there is one: what a baseline leaves out will be reported as new. */
async function scanWithDefault(
  path: string | undefined,
  flags: SourceFlags,
  signal: AbortSignal,
): Promise<{ result: ScanResult }> {
  const source = sourceOf(path, flags);
  if (source.kind !== "tree" || !flags.ignore) return scanByFlags(source, flags, signal);
  try {
    return await scanByFlags(sourceOf(path, { ...flags, history: true }), flags, signal);
  } catch (error) {
    if (error instanceof KeyrecallError && error.code === "not-a-repository") return scanByFlags(source, flags, signal);
    throw error;
  }
}
