/** What the benchmarks print: tables in Markdown, so that they can go into RESULTS.md as they are. */
import { readFileSync } from "node:fs";
import os from "node:os";
import type { Result } from "./run.ts";
import { ratio, type Summary, summarize } from "./statistics.ts";
import { keyrecall, root, type Tool } from "./tools.ts";

/** How many times longer the subject may take, or has to take, than the reference. */
export interface Target {
  readonly subject: string;
  readonly reference: string;
  readonly is: "at most" | "at least";
  readonly limit: number;
}

export function printHeader(title: string, tools: readonly (Tool | null)[]): void {
  const cpu = os.cpus()[0]?.model ?? "unknown processor";
  const memoryGib = Math.round(os.totalmem() / 2 ** 30);
  console.log(`## ${title}\n`);
  console.log(`- ${os.availableParallelism()} × ${cpu}, ${memoryGib} GiB, ${os.platform()} ${os.release()}`);
  for (const tool of tools) if (tool !== null) console.log(`- ${tool.name} ${tool.version}`);
  console.log(`- keyrecall ${version()}`);
  printLoad("before");
}

export function printLoad(when: string): void {
  const average = os.loadavg()[0]!;
  console.log(`- load ${when}: ${average.toFixed(2)}`);
}

export function printTimes(results: readonly Result[], referenceName: string): void {
  const reference = results.find(({ name }) => name === referenceName);
  console.log(`\n| | rounds | median | min–max | processor time | ratio to ${referenceName} |`);
  console.log("| --- | --: | --: | --: | --: | --: |");
  for (const { name, wallMs, cpuMs, isCutOff } of results) {
    const wall = summarize(wallMs);
    const bound = isCutOff ? "> " : "";
    const cells = [
      name,
      String(wallMs.length),
      bound + milliseconds(wall.median),
      `${milliseconds(wall.min)}–${milliseconds(wall.max)}`,
      cpuMs === null ? "" : bound + milliseconds(cpuMs.reduce((sum, value) => sum + value, 0) / cpuMs.length),
      reference === undefined ? "" : bound + times(ratio(wallMs, reference.wallMs)),
    ];
    console.log(`| ${cells.join(" | ")} |`);
  }
  console.log("");
}

export function printTargets(results: readonly Result[], targets: readonly Target[]): void {
  for (const { subject, reference, is, limit } of targets) {
    const samples = results.find(({ name }) => name === subject);
    const base = results.find(({ name }) => name === reference);
    if (samples === undefined || base === undefined) continue;
    const bound = samples.isCutOff ? "> " : "";
    printVerdict(`${subject} to ${reference}`, ratio(samples.wallMs, base.wallMs), { is, limit }, bound);
  }
}

export function printVerdict(
  what: string,
  measured: Summary,
  { is, limit }: Pick<Target, "is" | "limit">,
  bound: string = "",
): void {
  const isMet = is === "at most" ? measured.median <= limit : measured.median >= limit;
  console.log(`- ${isMet ? "met" : "MISSED"}: ${what} ${bound}${times(measured)}, wanted ${is} ${limit.toFixed(2)}`);
}

export function times({ median, min, max }: Summary): string {
  return `${median.toFixed(2)} (${min.toFixed(2)}–${max.toFixed(2)})`;
}

export function milliseconds(value: number): string {
  return value < 1000 ? `${value.toFixed(value < 100 ? 1 : 0)} ms` : `${(value / 1000).toFixed(2)} s`;
}

function version(): string {
  const text = readFileSync(`${root}/package.json`, "utf8");
  const named = (JSON.parse(text) as { version: string }).version;
  return process.env["KEYRECALL_BENCH_CLI"] === undefined ? named : `${named} (${keyrecall})`;
}
