/** Decides which tokens do not count, and says what of the configuration nothing needed. */
import type { GitleaksIgnore, IgnorableOccurrence } from "./gitleaks-ignore.ts";
import { compileGlob } from "./glob.ts";
import type { AllowEntry, Baseline, Configuration } from "./schema.ts";

/** Where a token stands, as far as a policy looks at it. */
export interface PolicyOccurrence extends IgnorableOccurrence {
  readonly inlineMark: string | null;
}

export interface PolicyAllowance {
  readonly by: "fingerprint" | "path" | "inline" | "baseline" | "gitleaks-ignore";
  readonly reason: string;
}

interface Entry {
  readonly entry: AllowEntry;
  readonly isExpired: boolean;
  readonly matches: ((path: string) => boolean) | null;
  isUsed: boolean;
}

export class Policy {
  readonly #entries: readonly Entry[];
  readonly #baseline: ReadonlySet<string>;
  readonly #honoursInlineMarks: boolean;
  readonly #ignored: GitleaksIgnore | null;

  /** @param today `YYYY-MM-DD` */
  constructor(
    configuration: Configuration | null,
    baseline: Baseline | null,
    options: { today: string; honoursInlineMarks: boolean; ignored?: GitleaksIgnore | null },
  ) {
    this.#entries = (configuration?.allow ?? []).map((entry) => ({
      entry,
      isExpired: "expires" in entry && entry.expires < options.today,
      matches: "path" in entry ? compileGlob(entry.path) : null,
      isUsed: false,
    }));
    this.#baseline = new Set(baseline?.fingerprints.map((known) => known.fingerprint));
    this.#honoursInlineMarks = options.honoursInlineMarks;
    this.#ignored = options.ignored ?? null;
  }

  judge(
    token: { readonly fingerprint: string; readonly rule: string },
    occurrences: readonly PolicyOccurrence[],
  ): PolicyAllowance | null {
    const { fingerprint } = token;
    const named = this.#entries.find(({ entry }) => "fingerprint" in entry && entry.fingerprint === fingerprint);
    const ignoredBy = this.#ignored?.judge(token, occurrences) ?? [];
    const byPlace = occurrences.map((occurrence, index) => this.#judgePlace(occurrence, ignoredBy[index] ?? null));
    if (named !== undefined) {
      named.isUsed = true;
      return { by: "fingerprint", reason: named.entry.reason };
    }
    if (this.#baseline.has(fingerprint)) return { by: "baseline", reason: "was known when the baseline was made" };
    // One place that is not allowed is enough for the token to count.
    const [first] = byPlace;
    return first !== undefined && !byPlace.includes(null) ? first : null;
  }

  #judgePlace({ paths, inlineMark }: PolicyOccurrence, ignoredBy: string | null): PolicyAllowance | null {
    const entries = paths.map((path) => this.#entries.find((entry) => !entry.isExpired && entry.matches?.(path)));
    for (const entry of entries) if (entry !== undefined) entry.isUsed = true;
    const [first] = entries;
    if (first !== undefined && !entries.includes(undefined)) return { by: "path", reason: first.entry.reason };
    if (ignoredBy !== null) return { by: "gitleaks-ignore", reason: ignoredBy };
    if (inlineMark !== null && this.#honoursInlineMarks) {
      return { by: "inline", reason: inlineMark === "" ? "keyrecall:allow on its line" : inlineMark };
    }
    return null;
  }

  /** Entries that allowed nothing, entries whose time is over, and lines of imported files that say nothing here. */
  notes(readsCommits = true): { unused: string[]; expired: string[]; notUnderstood: string[] } {
    const expired = this.#entries.filter((entry) => entry.isExpired);
    const unused = this.#entries.filter((entry) => !entry.isUsed && !entry.isExpired);
    const ignored = this.#ignored?.notes(readsCommits) ?? { unused: [], notUnderstood: [] };
    return {
      unused: [...unused.map(describe), ...ignored.unused],
      expired: expired.map(describe),
      notUnderstood: ignored.notUnderstood,
    };
  }
}

function describe({ entry }: Entry): string {
  return "fingerprint" in entry ? entry.fingerprint : `${entry.path} (until ${entry.expires})`;
}
