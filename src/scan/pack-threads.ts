/**
 * Shares packs between threads. Each takes the next families by a counter in shared memory and says by number which
 * objects need a closer look; they are read again here, so no token crosses between threads.
 */
import { setImmediate } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import { messageOf, systemCodeOf } from "../core/errors.ts";
import { Detector } from "../detect/detector.ts";
import type { SharedNames } from "../git/storage/name-lookup.ts";
import { descendantsOf } from "../git/storage/pack-map.ts";
import { NO_REFERENCES } from "../git/storage/references.ts";
import type { StoredPack } from "../git/storage/storage.ts";
import { compileRules } from "../rules/ruleset.ts";
import type { PackScreen, ScreenedPart } from "../sources/stored-objects.ts";
import { PackScreener, type ScreenedFamilies, type SharedPack } from "./pack-screener.ts";
import type { ScreenSetup } from "./screen-thread.ts";
import { workerUrl } from "./worker-url.ts";

/** Roots of families that a thread takes at a time. */
export const ROOTS_AT_A_TIME = 64;
/** Below, threads take longer to start than the work takes. */
const MIN_ENTRIES_TO_SHARE = 20_000;

export interface PackWork extends ScreenSetup {
  readonly packs: readonly SharedPack[];
  readonly names: readonly SharedNames[];
  /** For each pack the next of its roots, in shared memory. */
  readonly next: Int32Array;
}

export interface PackAnswer {
  readonly pack: number;
  readonly families: ScreenedFamilies;
  /** First roots of the runs that this covers. */
  readonly runs: Uint32Array;
}

export interface PackThreadsOptions extends ScreenSetup {
  readonly jobs: number;
  readonly signal: AbortSignal | undefined;
}

export class PackThreads implements PackScreen {
  readonly #options: PackThreadsOptions;

  constructor(options: PackThreadsOptions) {
    this.#options = options;
  }

  async screen(
    packs: readonly StoredPack[],
    names: readonly SharedNames[],
    onPart: (pack: StoredPack, part: ScreenedPart) => void,
  ): Promise<void> {
    const { jobs, signal, rules, minConfidence } = this.#options;
    const shared = packs.map(({ path, index, mapped, doubles }): SharedPack => ({
      path,
      idBytes: index.idBytes,
      map: mapped.map,
      doubles,
    }));
    const done = shared.map(({ map }) => new Uint8Array(Math.ceil(map.roots.length / ROOTS_AT_A_TIME)));
    const entries = shared.reduce((sum, { map }) => sum + map.count, 0);
    if (jobs > 1 && entries >= MIN_ENTRIES_TO_SHARE) {
      const next = new Int32Array(new SharedArrayBuffer(shared.length * 4));
      const work: PackWork = { rules, minConfidence, packs: shared, names, next };
      await runThreads(jobs, work, signal, ({ pack, families, runs }) => {
        for (const first of runs) done[pack]![first / ROOTS_AT_A_TIME] = 1;
        onPart(packs[pack]!, families);
      });
    }
    // Whatever no thread has answered for is read here.
    const detector = new Detector(compileRules(rules), { minConfidence });
    for (const [position, pack] of shared.entries()) {
      const runs = [...done[position]!.keys()].filter((run) => done[position]![run] === 0);
      if (runs.length === 0) continue;
      const screener = openScreener(pack, ownFirst(names, position), detector);
      if (screener === null) onPart(packs[position]!, leaveRuns(pack, runs));
      else await screenHere(screener, pack, runs, signal, (part) => onPart(packs[position]!, part));
    }
  }
}

/** Most of what an object names is in its own pack. */
export function ownFirst(names: readonly SharedNames[], own: number): SharedNames[] {
  return [...names.slice(own, own + 1), ...names.slice(0, own), ...names.slice(own + 1)];
}

async function screenHere(
  screener: PackScreener,
  pack: SharedPack,
  runs: readonly number[],
  signal: AbortSignal | undefined,
  onPart: (part: ScreenedPart) => void,
): Promise<void> {
  try {
    for (const run of runs) {
      await setImmediate();
      signal?.throwIfAborted();
      const from = run * ROOTS_AT_A_TIME;
      screener.screen(from, Math.min(from + ROOTS_AT_A_TIME, pack.map.roots.length));
      onPart(screener.take());
    }
  } finally {
    screener.close();
  }
}

/** A pack can be gone meanwhile, because git has written its objects into another. */
function openScreener(pack: SharedPack, names: readonly SharedNames[], detector: Detector): PackScreener | null {
  try {
    return new PackScreener(pack, names, detector);
  } catch (error) {
    if (systemCodeOf(error) === undefined) throw error;
    return null;
  }
}

function leaveRuns({ map, doubles }: SharedPack, runs: readonly number[]): ScreenedPart {
  const roots = runs.flatMap((run) => [...map.roots.subarray(run * ROOTS_AT_A_TIME, (run + 1) * ROOTS_AT_A_TIME)]);
  const left = descendantsOf(map, roots).filter((entry) => doubles[entry] === 0);
  return {
    counts: new Float64Array(5),
    flagged: new Uint32Array(),
    left: Uint32Array.from(left),
    damage: [],
    references: NO_REFERENCES,
  };
}

async function runThreads(
  jobs: number,
  work: PackWork,
  signal: AbortSignal | undefined,
  onAnswer: (answer: PackAnswer) => void,
): Promise<void> {
  const workers = Array.from({ length: jobs }, () => new Worker(workerUrl("pack-worker"), { workerData: work }));
  const stop = (): void => {
    for (const worker of workers) void worker.terminate();
  };
  let failure: Error | undefined;
  signal?.addEventListener("abort", stop, { once: true });
  await Promise.all(
    workers.map(
      (worker) =>
        new Promise<void>((resolve) => {
          worker.on("message", (answer: PackAnswer) => {
            if (failure !== undefined) return;
            try {
              onAnswer(answer);
            } catch (error) {
              failure = error instanceof Error ? error : new Error(messageOf(error));
              stop();
            }
          });
          // A thread that fails has not answered for all that it took.
          worker.on("error", () => {});
          worker.on("exit", () => resolve());
        }),
    ),
  );
  signal?.removeEventListener("abort", stop);
  if (failure !== undefined) throw failure;
  signal?.throwIfAborted();
}
