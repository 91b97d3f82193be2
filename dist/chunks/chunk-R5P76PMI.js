import {
  compileGlob
} from "./chunk-77BUEL6G.js";

// src/config/policy.ts
var Policy = class {
  #entries;
  #baseline;
  #honoursInlineMarks;
  #ignored;
  /** @param today `YYYY-MM-DD` */
  constructor(configuration, baseline, options) {
    this.#entries = (configuration?.allow ?? []).map((entry) => ({
      entry,
      isExpired: "expires" in entry && entry.expires < options.today,
      matches: "path" in entry ? compileGlob(entry.path) : null,
      isUsed: false
    }));
    this.#baseline = new Set(baseline?.fingerprints.map((known) => known.fingerprint));
    this.#honoursInlineMarks = options.honoursInlineMarks;
    this.#ignored = options.ignored ?? null;
  }
  judge(token, occurrences) {
    const { fingerprint } = token;
    const named = this.#entries.find(({ entry }) => "fingerprint" in entry && entry.fingerprint === fingerprint);
    const ignoredBy = this.#ignored?.judge(token, occurrences) ?? [];
    const byPlace = occurrences.map((occurrence, index) => this.#judgePlace(occurrence, ignoredBy[index] ?? null));
    if (named !== void 0) {
      named.isUsed = true;
      return { by: "fingerprint", reason: named.entry.reason };
    }
    if (this.#baseline.has(fingerprint)) return { by: "baseline", reason: "was known when the baseline was made" };
    const [first] = byPlace;
    return first !== void 0 && !byPlace.includes(null) ? first : null;
  }
  #judgePlace({ paths, inlineMark }, ignoredBy) {
    const entries = paths.map((path) => this.#entries.find((entry) => !entry.isExpired && entry.matches?.(path)));
    for (const entry of entries) if (entry !== void 0) entry.isUsed = true;
    const [first] = entries;
    if (first !== void 0 && !entries.includes(void 0)) return { by: "path", reason: first.entry.reason };
    if (ignoredBy !== null) return { by: "gitleaks-ignore", reason: ignoredBy };
    if (inlineMark !== null && this.#honoursInlineMarks) {
      return { by: "inline", reason: inlineMark === "" ? "keyrecall:allow on its line" : inlineMark };
    }
    return null;
  }
  /** Entries that allowed nothing, entries whose time is over, and lines of imported files that say nothing here. */
  notes(readsCommits = true) {
    const expired = this.#entries.filter((entry) => entry.isExpired);
    const unused = this.#entries.filter((entry) => !entry.isUsed && !entry.isExpired);
    const ignored = this.#ignored?.notes(readsCommits) ?? { unused: [], notUnderstood: [] };
    return {
      unused: [...unused.map(describe), ...ignored.unused],
      expired: expired.map(describe),
      notUnderstood: ignored.notUnderstood
    };
  }
};
function describe({ entry }) {
  return "fingerprint" in entry ? entry.fingerprint : `${entry.path} (until ${entry.expires})`;
}

export {
  Policy
};
