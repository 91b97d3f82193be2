/** The other side of `PackThreads`: takes families of packs until there are no more. */
import { parentPort, workerData } from "node:worker_threads";
import { Detector } from "../detect/detector.ts";
import { compileRules } from "../rules/ruleset.ts";
import { PackScreener } from "./pack-screener.ts";
import { ownFirst, type PackAnswer, type PackWork, ROOTS_AT_A_TIME } from "./pack-threads.ts";

/** Runs for which one answer is given: a message costs more than a run of small families. */
const RUNS_AN_ANSWER = 16;

const { rules, minConfidence, packs, names, next } = workerData as PackWork;
const detector = new Detector(compileRules(rules), { minConfidence });

for (const [position, pack] of packs.entries()) {
  const roots = pack.map.roots.length;
  let first = takeRun(position);
  if (first >= roots) continue;
  const screener = new PackScreener(pack, ownFirst(names, position), detector);
  let runs: number[] = [];
  const answer = (): void => {
    const answered: PackAnswer = { pack: position, families: screener.take(), runs: Uint32Array.from(runs) };
    parentPort?.postMessage(answered);
    runs = [];
  };
  for (; first < roots; first = takeRun(position)) {
    screener.screen(first, Math.min(first + ROOTS_AT_A_TIME, roots));
    runs.push(first);
    if (runs.length === RUNS_AN_ANSWER) answer();
  }
  answer();
  screener.close();
}

function takeRun(pack: number): number {
  return Atomics.add(next, pack, ROOTS_AT_A_TIME);
}
