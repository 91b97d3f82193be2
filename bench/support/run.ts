/** Runs command lines in turns (A B A B …) and takes their times. */
import { type SpawnSyncReturns, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";

export interface Contestant {
  readonly name: string;
  readonly command: readonly [string, ...string[]];
  /** Exit codes that mean that the work was done. */
  readonly exitCodes?: readonly number[];
  /** At most this many rounds: a slow tool need not be shown to be slow as often as a fast one to be fast. */
  readonly maxRounds?: number;
}

export interface Result {
  readonly name: string;
  readonly wallMs: readonly number[];
  /** Of the command and all that it waited for; null where the system does not tell. */
  readonly cpuMs: readonly number[] | null;
  /** The limit was reached, so the time is a lower bound. */
  readonly isCutOff: boolean;
}

export interface TurnOptions {
  readonly rounds: number;
  /** Rounds before the first one that counts: they fill the caches. */
  readonly warmUpRounds?: number;
  readonly directory?: string;
  readonly limitMs?: number;
}

interface Track {
  readonly contestant: Contestant;
  readonly wallMs: number[];
  readonly cpuMs: (number | null)[];
  isCutOff: boolean;
}

/** @throws where a command cannot be started or ends with an exit code that it should not */
export function runInTurns(contestants: readonly Contestant[], options: TurnOptions): Result[] {
  const tracks = contestants.map((contestant): Track => ({ contestant, wallMs: [], cpuMs: [], isCutOff: false }));
  for (let round = 0; round < (options.warmUpRounds ?? 1); round++) {
    for (const { contestant } of tracks) {
      if (contestant.maxRounds === undefined) runOnce(contestant, options);
    }
  }
  for (let round = 0; round < options.rounds; round++) {
    for (const track of tracks) {
      if (track.isCutOff || round >= (track.contestant.maxRounds ?? Infinity)) continue;
      const sample = runOnce(track.contestant, options);
      track.wallMs.push(sample.wallMs);
      track.cpuMs.push(sample.cpuMs);
      track.isCutOff = sample.isCutOff;
    }
  }
  return tracks.map(({ contestant, wallMs, cpuMs, isCutOff }) => ({
    name: contestant.name,
    wallMs,
    cpuMs: cpuMs.every((value) => value !== null) ? cpuMs : null,
    isCutOff,
  }));
}

function runOnce(
  { name, command: [file, ...args], exitCodes = [0] }: Contestant,
  { directory, limitMs }: TurnOptions,
): { wallMs: number; cpuMs: number | null; isCutOff: boolean } {
  const cpuBefore = childrenCpuMs();
  const startedAt = performance.now();
  const result = spawnSync(file, args, {
    cwd: directory,
    stdio: ["ignore", "ignore", "pipe"],
    timeout: limitMs,
    killSignal: "SIGKILL",
  });
  const wallMs = performance.now() - startedAt;
  const cpuAfter = childrenCpuMs();
  const cpuMs = cpuBefore === null || cpuAfter === null ? null : cpuAfter - cpuBefore;
  const isCutOff = result.error !== undefined && "code" in result.error && result.error.code === "ETIMEDOUT";
  if (!isCutOff) assertDone(name, result, exitCodes);
  return { wallMs, cpuMs, isCutOff };
}

function assertDone(name: string, result: SpawnSyncReturns<Buffer>, exitCodes: readonly number[]): void {
  if (result.error !== undefined) throw result.error;
  if (result.status !== null && exitCodes.includes(result.status)) return;
  throw new Error(`${name} ended with ${result.status ?? result.signal}:\n${result.stderr.toString("utf8").trim()}`);
}

const TICK_MS = 10;

/** User and system time of all child processes that have ended, as Linux counts it, in steps of 10 ms. */
function childrenCpuMs(): number | null {
  try {
    const stat = readFileSync("/proc/self/stat", "latin1");
    // The name of the program stands in parentheses and may have spaces; fields 16 and 17 are cutime and cstime.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return (Number(fields[13]) + Number(fields[14])) * TICK_MS;
  } catch {
    return null;
  }
}
