/** Medians and ranges of samples that were taken in turns. */

export interface Summary {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

export function summarize(samples: readonly number[]): Summary {
  const sorted = samples.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  const median = (sorted[Math.ceil(middle) - 1]! + sorted[Math.floor(middle)]!) / 2;
  return { median, min: sorted[0]!, max: sorted.at(-1)! };
}

/**
 * How many times longer one contestant took than another. Each pair of samples comes from the same round, so that
 * a disturbance of the machine meets both; where one has fewer rounds, the rounds that both have are compared.
 */
export function ratio(samples: readonly number[], reference: readonly number[]): Summary {
  const rounds = Math.min(samples.length, reference.length);
  return summarize(Array.from({ length: rounds }, (_, round) => samples[round]! / reference[round]!));
}

/** The smallest sample that so large a part of all does not exceed. */
export function percentile(samples: readonly number[], part: number): number {
  const sorted = samples.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * part) - 1)] ?? Number.NaN;
}
