/** What processes cost, from /proc: Linux only. */
import { readdirSync, readFileSync } from "node:fs";

/** A second has so many ticks on every Linux that there is. */
const TICKS = 100;

/** Seconds of processor time of a process, its threads, and all below it that have ended and were waited for. */
export function processorSeconds(pid: number): number {
  const fields = statOf(pid);
  return [11, 12, 13, 14].reduce((sum, index) => sum + Number(fields[index]), 0) / TICKS;
}

/** Of a process and its threads alone. */
export function ownProcessorSeconds(pid: number): number {
  const fields = statOf(pid);
  return (Number(fields[11]) + Number(fields[12])) / TICKS;
}

/** Of a process and of all below it that run now. */
export function processorSecondsOfTree(pid: number): number {
  return processorSeconds(pid) + childrenOf(pid).reduce((sum, id) => sum + secondsOrNone(id), 0);
}

/** One that has ended since it was listed counts as its parent's. */
function secondsOrNone(pid: number): number {
  try {
    return processorSeconds(pid);
  } catch {
    return 0;
  }
}

/** Resident memory, in megabytes of a million bytes. */
export function residentMegabytes(pid: number): number {
  const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "latin1"))?.[1];
  return (Number(kilobytes) * 1024) / 1e6;
}

/** How many processes the system has started since it runs: all of them, whoever started them. */
export function startedProcesses(): number {
  return Number(/^processes (\d+)$/m.exec(readFileSync("/proc/stat", "latin1"))?.[1]);
}

function childrenOf(pid: number): number[] {
  return readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
    readFileSync(`/proc/${pid}/task/${thread}/children`, "latin1").split(" ").filter(Boolean).map(Number),
  );
}

/** The name of the program stands in parentheses and may have spaces. */
function statOf(pid: number): string[] {
  const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
  return stat.slice(stat.lastIndexOf(")") + 2).split(" ");
}
