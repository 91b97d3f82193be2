import {
  PackScreener,
  ROOTS_AT_A_TIME,
  ownFirst
} from "./chunks/chunk-W4QFXAZX.js";
import "./chunks/chunk-KTHQ3RLY.js";
import {
  Detector
} from "./chunks/chunk-O7S4ABFV.js";
import {
  compileRules
} from "./chunks/chunk-LCFWLN64.js";
import "./chunks/chunk-QQ2TBE5L.js";
import "./chunks/chunk-U52VU3KD.js";
import "./chunks/chunk-YV5PFDMU.js";
import "./chunks/chunk-SEWDMQ6Q.js";

// src/scan/pack-worker.ts
import { parentPort, workerData } from "node:worker_threads";
var RUNS_AN_ANSWER = 16;
var { rules, minConfidence, packs, names, next } = workerData;
var detector = new Detector(compileRules(rules), { minConfidence });
for (const [position, pack] of packs.entries()) {
  const roots = pack.map.roots.length;
  let first = takeRun(position);
  if (first >= roots) continue;
  const screener = new PackScreener(pack, ownFirst(names, position), detector);
  let runs = [];
  const answer = () => {
    const answered = { pack: position, families: screener.take(), runs: Uint32Array.from(runs) };
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
function takeRun(pack) {
  return Atomics.add(next, pack, ROOTS_AT_A_TIME);
}
