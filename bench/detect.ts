// How long the detector takes for ordinary text beside one pass of `Buffer.indexOf` for a single literal.
//
//   node bench/detect.ts [--rounds 15] [PATH…]
//
// Without a path it reads what stands in node_modules. The ratio that counts is the one to the fastest of the
// literals that a token begins with.
// Times are the process's processor time: all data is in memory, and other programs disturb that least.

import { Detector } from "../src/detect/detector.ts";
import { builtinRules } from "../src/rules/builtin.generated.ts";
import { compileRules } from "../src/rules/ruleset.ts";
import { readArguments } from "./support/arguments.ts";
import { dependencies, readSamples, type Sample } from "./support/corpus.ts";
import { milliseconds, printHeader, printLoad, printVerdict, times } from "./support/print.ts";
import { ratio, summarize } from "./support/statistics.ts";

const LITERALS = ["ik_", "ik_live_", "ik_sdk_"];
const LIMIT = 1.5;
/** A sample is searched again and again up to this many bytes, so that a round is long enough to be measured. */
const BYTES_PER_ROUND = 64e6;

interface Pass {
  readonly name: string;
  readonly run: (bytes: Buffer) => number;
  readonly timesMs: number[];
}

const { rounds, paths } = readArguments({ rounds: 15 });
const ruleset = compileRules(builtinRules);
const detector = new Detector(ruleset);

printHeader("Detector", [{ name: "node", file: process.execPath, version: process.version }]);
for (const sample of readSamples(paths.length === 0 ? [dependencies] : paths)) measure(sample);
printLoad("after");

function measure(sample: Sample): void {
  const finder: Pass = { name: "detector", run: (bytes) => detector.find(bytes).length, timesMs: [] };
  const literals = LITERALS.map(passFor);
  const passes = [finder, ...literals];
  for (let round = -1; round < rounds; round++) {
    for (const pass of passes) {
      const timeMs = timeOf(pass, sample);
      // The first round is for the compiler and the caches.
      if (round >= 0) pass.timesMs.push(timeMs);
    }
  }
  const fastest = literals.toSorted((a, b) => summarize(a.timesMs).median - summarize(b.timesMs).median)[0]!;
  print(sample, passes, finder);
  printVerdict(`detector to ${fastest.name}`, ratio(finder.timesMs, fastest.timesMs), { is: "at most", limit: LIMIT });
}

function timeOf(pass: Pass, { files, bytes }: Sample): number {
  const repetitions = Math.ceil(BYTES_PER_ROUND / bytes);
  const before = process.cpuUsage();
  for (let repetition = 0; repetition < repetitions; repetition++) {
    for (const file of files) pass.run(file);
  }
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000 / repetitions;
}

function passFor(literal: string): Pass {
  const needle = Buffer.from(literal, "latin1");
  const countAll = (bytes: Buffer): number => {
    let count = 0;
    for (let at = bytes.indexOf(needle); at !== -1; at = bytes.indexOf(needle, at + 1)) count += 1;
    return count;
  };
  return { name: `indexOf ${literal}`, run: countAll, timesMs: [] };
}

function print({ name, files, bytes }: Sample, passes: readonly Pass[], finder: Pass): void {
  console.log(`\n### ${name}: ${files.length} files, ${(bytes / 1e6).toFixed(1)} MB\n`);
  console.log("| | median | min–max | GB/s | detector takes |");
  console.log("| --- | --: | --: | --: | --: |");
  for (const pass of passes) {
    const { median, min, max } = summarize(pass.timesMs);
    const speed = (bytes / 1e6 / median).toFixed(2);
    const range = `${milliseconds(min)}–${milliseconds(max)}`;
    console.log(
      `| ${pass.name} | ${milliseconds(median)} | ${range} | ${speed} | ${times(ratio(finder.timesMs, pass.timesMs))} |`,
    );
  }
  console.log("");
}
