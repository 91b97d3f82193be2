/** Time lines as SVG: how long a token stood in files, and how long it has been in the history behind them. */
import type { ReportedOccurrence } from "../../scan/report.ts";

/** Milliseconds since the epoch. */
export interface Span {
  readonly from: number;
  /** When the last commit took it out; null where it still stands. */
  readonly until: number | null;
  /** Commits that brought it in or took it out. */
  readonly marks: readonly { readonly at: number; readonly isRemoval: boolean }[];
}

const MAX_MARKS = 12;
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const MAX_TICKS = 5;

/** Null where no commit says when it came in. */
export function spanOf({ introducedBy, removedBy }: ReportedOccurrence, now: number): Span | null {
  const timesOf = (commits: ReportedOccurrence["introducedBy"]): number[] =>
    commits.flatMap(({ date }) => {
      const time = Date.parse(date ?? "");
      // A clock that ran ahead wrote of a day that has not come.
      return Number.isNaN(time) ? [] : [Math.min(Math.max(time, 0), now)];
    });
  const came = timesOf(introducedBy);
  if (came.length === 0) return null;
  const went = timesOf(removedBy);
  const from = Math.min(...came);
  const until = removedBy.length === 0 ? null : Math.max(from, ...went);
  const marks = [
    ...came.map((at) => ({ at, isRemoval: false })),
    ...went.map((at) => ({ at: Math.max(at, from), isRemoval: true })),
  ];
  return { from, until, marks: marks.slice(0, MAX_MARKS) };
}

/** All of a token's places as one. */
export function joinSpans(spans: readonly Span[]): Span | null {
  if (spans.length === 0) return null;
  const from = Math.min(...spans.map((span) => span.from));
  const isOpen = spans.some((span) => span.until === null);
  const until = isOpen ? null : Math.max(...spans.map((span) => span.until ?? 0));
  const marks = [{ at: from, isRemoval: false }, ...(until === null ? [] : [{ at: until, isRemoval: true }])];
  return { from, until, marks };
}

export class TimeAxis {
  readonly #start: number;
  readonly #end: number;

  constructor(start: number, now: number) {
    // A leak of a minute ago has a line too.
    this.#start = Math.min(start, now - HOUR);
    this.#end = now;
  }

  /** One line; its words stand beside it. */
  bar({ from, until, marks }: Span, tone: string): string {
    const end = until ?? this.#end;
    const left = this.#x(from);
    return [
      `<svg class="bar ${tone}" aria-hidden="true">`,
      `<line class="rail" x1="0" x2="100%" y1="7" y2="7"/>`,
      ...(until === null ? [] : [`<line class="past" x1="${this.#x(until)}%" x2="100%" y1="7" y2="7"/>`]),
      `<rect class="span" x="${left}%" y="4" width="${round(Math.max(this.#x(end) - left, 0.4))}%" height="6" rx="3"/>`,
      ...marks.map(
        ({ at, isRemoval }) => `<circle class="${isRemoval ? "out" : "in"}" cx="${this.#x(at)}%" cy="7" r="4"/>`,
      ),
      "</svg>",
    ].join("");
  }

  scale(): string {
    const ticks = this.#ticks();
    return [
      `<svg class="scale" aria-hidden="true">`,
      ...ticks.flatMap(({ at, label }) => {
        const x = this.#x(at);
        return [
          `<line x1="${x}%" x2="${x}%" y1="0" y2="4"/>`,
          `<text x="${x}%" y="16" text-anchor="${x < 6 ? "start" : "middle"}">${label}</text>`,
        ];
      }),
      `<line x1="100%" x2="100%" y1="0" y2="4"/><text x="100%" y="16" text-anchor="end">today</text>`,
      "</svg>",
    ].join("");
  }

  #x(time: number): number {
    const share = (time - this.#start) / (this.#end - this.#start);
    // The first mark stands within the picture.
    return round(1 + 99 * Math.min(Math.max(share, 0), 1));
  }

  #ticks(): { at: number; label: string }[] {
    const length = this.#end - this.#start;
    const isShown = ({ at }: { at: number }): boolean => at >= this.#start && this.#x(at) < 86;
    if (length < 3 * DAY) {
      const step = stepOf(length / HOUR, [1, 2, 3, 6, 12, 24]) * HOUR;
      return every(this.#start, this.#end, step).filter(isShown);
    }
    if (length < 90 * DAY) {
      const step = stepOf(length / DAY, [1, 2, 5, 7, 14, 30]) * DAY;
      return every(this.#start, this.#end, step).filter(isShown);
    }
    const months = stepOf(length / (30 * DAY), [1, 2, 3, 6, 12, 24, 60, 120, 240]);
    const first = new Date(this.#start).getUTCFullYear();
    const last = new Date(this.#end).getUTCFullYear();
    const ticks: { at: number; label: string }[] = [];
    for (let month = 0; month <= (last - first + 1) * 12; month++) {
      const at = Date.UTC(first, month);
      if ((first * 12 + month) % months !== 0) continue;
      ticks.push({ at, label: new Date(at).toISOString().slice(0, months % 12 === 0 ? 4 : 7) });
    }
    return ticks.filter(isShown);
  }
}

function stepOf(units: number, steps: readonly number[]): number {
  return steps.find((step) => units / step <= MAX_TICKS) ?? steps.at(-1)!;
}

function every(start: number, end: number, step: number): { at: number; label: string }[] {
  const ticks: { at: number; label: string }[] = [];
  for (let at = Math.ceil(start / step) * step; at < end; at += step) {
    const text = new Date(at).toISOString();
    ticks.push({ at, label: step < DAY ? `${text.slice(11, 16)} UTC` : text.slice(5, 10) });
  }
  return ticks;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
