/** The command lines of the benchmarks. */
import { parseArgs } from "node:util";

export interface BenchArguments {
  readonly rounds: number;
  /** A command that takes longer is stopped, and its time is a lower bound. */
  readonly limitMs: number;
  readonly paths: readonly string[];
}

export function readArguments(defaults: { rounds: number; limitSeconds?: number }): BenchArguments {
  const { values, positionals } = parseArgs({
    options: { rounds: { type: "string" }, limit: { type: "string" } },
    allowPositionals: true,
  });
  return {
    rounds: positive("--rounds", values.rounds, defaults.rounds),
    limitMs: positive("--limit", values.limit, defaults.limitSeconds ?? 600) * 1000,
    paths: positionals,
  };
}

export function requirePaths({ paths }: BenchArguments, usage: string): readonly string[] {
  if (paths.length > 0) return paths;
  console.error(`usage: ${usage}`);
  process.exit(2);
}

function positive(flag: string, text: string | undefined, fallback: number): number {
  const value = text === undefined ? fallback : Number(text);
  if (!Number.isInteger(value) || value < 1) throw new Error(`${flag} needs a whole number from 1 on, not ${text}`);
  return value;
}
