// Which fault meets which request.
import type { Fault, LatencyFault } from "./faults.ts";

/** Which requests a fault is for; every field that is left out matches all. */
export interface FaultTarget<Route extends string> {
  readonly route?: Route;
  /** The credential, by its fingerprint. */
  readonly fingerprint?: string;
  /** How many requests it meets before it is over. */
  readonly times?: number;
  /** Of the requests that match, so many meet it, by chance: from 0 to 1. */
  readonly share?: number;
  /** From 0 to 1, for a share that can be repeated. */
  readonly random?: () => number;
}

interface Injected<Route extends string> {
  readonly fault: Fault;
  readonly target: FaultTarget<Route>;
  left: number;
}

export interface Misfortune {
  readonly delayMilliseconds: number;
  readonly fault: Exclude<Fault, LatencyFault> | undefined;
}

export class FaultQueue<Route extends string> {
  private injected: Injected<Route>[] = [];

  /** Returns what takes the fault away again. */
  inject(fault: Fault, target: FaultTarget<Route> = {}): () => void {
    const entry: Injected<Route> = { fault, target, left: target.times ?? Number.POSITIVE_INFINITY };
    this.injected.push(entry);
    return () => {
      this.injected = this.injected.filter((other) => other !== entry);
    };
  }

  clear(): void {
    this.injected = [];
  }

  /** What meets this request: the oldest fault that is left for it, and every delay. */
  take(route: Route, fingerprint: string | null): Misfortune {
    const matching = this.injected.filter(
      ({ target, left }) =>
        left > 0 &&
        (target.route === undefined || target.route === route) &&
        (target.fingerprint === undefined || target.fingerprint === fingerprint) &&
        (target.share === undefined || (target.random ?? Math.random)() < target.share),
    );
    const latencies = matching.filter((entry) => entry.fault.kind === "latency");
    const first = matching.find((entry) => entry.fault.kind !== "latency");
    for (const entry of first === undefined ? latencies : [...latencies, first]) entry.left -= 1;
    this.injected = this.injected.filter(({ left }) => left > 0);
    const delays = latencies.map(({ fault }) => (fault.kind === "latency" ? fault.milliseconds : 0));
    const delayMilliseconds = delays.reduce((sum, delay) => sum + delay, 0);
    return { delayMilliseconds, fault: first?.fault.kind === "latency" ? undefined : first?.fault };
  }
}
