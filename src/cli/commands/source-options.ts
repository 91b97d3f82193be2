/** From flags to a scan: what `scan` and `baseline` have in common. */
import { fstatSync } from "node:fs";
import path from "node:path";
import type { GitleaksIgnore } from "../../config/gitleaks-ignore.ts";
import {
  loadConfiguration,
  type LoadedConfiguration,
  loadIgnored,
  loadRules,
  loadUserConfiguration,
  requireSignatures,
} from "../../config/load.ts";
import { KeyrecallError } from "../../core/errors.ts";
import type { Confidence } from "../../core/token.ts";
import type { Rule } from "../../rules/schema.ts";
import { scan, type ScanResult, type ScanSource } from "../../scan/scan.ts";
import { memoryKey } from "../memory-key.ts";
import { describeReading, ProgressLine } from "../progress.ts";

export interface SourceFlags {
  readonly history?: boolean;
  readonly staged?: boolean;
  readonly range?: string;
  readonly stdin?: boolean;
  readonly diff?: boolean;
  readonly ignore: boolean;
  readonly rules?: string[];
  readonly config?: string;
  readonly gitleaksIgnore?: string[];
  readonly allowSignature?: string[];
  readonly userConfig?: string;
  readonly jobs?: number;
  readonly minConfidence: Confidence;
  /** False where nothing is to be remembered. */
  readonly cache?: string | boolean;
}

export interface ScanRun {
  readonly result: ScanResult;
  readonly rules: readonly Rule[];
  readonly configuration: LoadedConfiguration | null;
  readonly ignored: GitleaksIgnore | null;
}

/** Loads rules and configuration first, so that a mistake there shows before a long scan. */
export async function scanByFlags(
  source: ScanSource,
  flags: SourceFlags,
  signal: AbortSignal,
  { isServer = false }: { isServer?: boolean } = {},
): Promise<ScanRun> {
  requireSignatures(flags.allowSignature ?? []);
  // What a server checks is a stranger's, and whose account it runs under says nothing about that.
  const user = isServer ? null : await loadUserConfiguration(flags.userConfig ?? null);
  const imports = user?.configuration.imports;
  const rules = await loadRules(flags.rules ?? []);
  let configuration = flags.config === undefined ? null : await loadConfiguration(flags.config, null);
  const ids = rules.map(({ id }) => id);
  const ignoreFiles = flags.gitleaksIgnore ?? [];
  let ignored = await loadIgnored(ignoreFiles, null, ids);
  const progress = new ProgressLine(process.stderr);
  try {
    const result = await scan({
      source,
      rules,
      minConfidence: flags.minConfidence,
      allowSignatures: [...(flags.allowSignature ?? []), ...(imports?.allowSignatures ?? [])],
      jobs: flags.jobs,
      memoryKey: source.kind === "history" && flags.cache !== false ? memoryKey() : null,
      signal,
      onOpened: async (root) => {
        if (imports?.gitleaksIgnore === true) ignored = await loadIgnored(ignoreFiles, root, ids);
        if (root !== null) ignored?.locate(root);
        configuration ??= await loadConfiguration(null, root);
      },
      onProgress: (coverage) => progress.show(() => describeReading(coverage)),
    });
    return { result, rules, configuration, ignored };
  } finally {
    progress.clear();
  }
}

export function sourceOf(given: string | undefined, flags: SourceFlags): ScanSource {
  const directory = currentDirectory();
  const target = given === undefined ? null : path.resolve(given);
  if (flags.stdin) {
    if (given !== undefined) throw new KeyrecallError("usage", "--stdin reads standard input and takes no path");
    // Node takes a directory for an input that has come to its end.
    if (fstatSync(0).isDirectory()) {
      throw new KeyrecallError("usage", "standard input is a directory", {
        hint: "name it instead: keyrecall scan PATH",
      });
    }
    return { kind: "stdin", input: process.stdin, isPatch: flags.diff === true };
  }
  if (flags.diff) {
    throw new KeyrecallError("usage", "--diff is for a patch on standard input", { hint: "use it with --stdin" });
  }
  if (flags.history) return { kind: "history", path: target ?? directory };
  if (flags.staged) return { kind: "index", path: target ?? directory };
  if (flags.range !== undefined) return { kind: "range", path: target ?? directory, range: flags.range };
  return { kind: "tree", path: target, directory, useIgnoreRules: flags.ignore };
}

export function currentDirectory(): string {
  try {
    return process.cwd();
  } catch (error) {
    throw new KeyrecallError("usage", "the current directory is gone", {
      hint: "change to one that exists",
      cause: error,
    });
  }
}
