// src/config/glob.ts
var MAX_ALTERNATIVES = 256;
function compileGlob(glob) {
  const alternatives = expandBraces(glob).map((alternative) => alternative.split("/"));
  return (path) => {
    const segments = path.split("/");
    return alternatives.some((pattern) => matchSequence(pattern, segments, "**", matchSegment));
  };
}
function expandBraces(glob) {
  const done = [];
  const open = [glob];
  for (let next = open.pop(); next !== void 0; next = open.pop()) {
    const braces = /\{([^{}]*)\}/.exec(next);
    if (braces === null) done.push(next);
    else {
      const [before, after] = [next.slice(0, braces.index), next.slice(braces.index + braces[0].length)];
      open.push(...braces[1].split(",").map((choice) => before + choice + after));
    }
    if (open.length + done.length > MAX_ALTERNATIVES)
      throw new RangeError(`stands for more than ${MAX_ALTERNATIVES} globs`);
  }
  return done;
}
function matchSegment(pattern, segment) {
  const parts = pattern.match(/\[!?[^\]]+\]|[^]/gu) ?? [];
  return matchSequence(parts, Array.from(segment), "*", matchCharacter);
}
function matchCharacter(part, character) {
  if (part === "?") return true;
  if (part.length < 3 || !part.startsWith("[")) return part === character;
  const isNegated = part[1] === "!" || part[1] === "^";
  const body = part.slice(isNegated ? 2 : 1, -1);
  return isInClass(body, character) !== isNegated;
}
function isInClass(body, character) {
  for (let index = 0; index < body.length; index++) {
    const isRange = body[index + 1] === "-" && index + 2 < body.length;
    if (isRange ? body[index] <= character && character <= body[index + 2] : body[index] === character) return true;
    if (isRange) index += 2;
  }
  return false;
}
function matchSequence(pattern, items, wildcard, matchOne) {
  let at = 0;
  let resumePattern = -1;
  let resumeItem = 0;
  let item = 0;
  while (item < items.length) {
    const part = pattern[at];
    if (part === wildcard) {
      resumePattern = at + 1;
      resumeItem = item;
      at += 1;
    } else if (part !== void 0 && matchOne(part, items[item])) {
      at += 1;
      item += 1;
    } else if (resumePattern !== -1) {
      at = resumePattern;
      resumeItem += 1;
      item = resumeItem;
    } else return false;
  }
  return pattern.slice(at).every((part) => part === wildcard);
}

// src/config/policy.ts
var Policy = class {
  #entries;
  #baseline;
  #honoursInlineMarks;
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
  }
  judge(fingerprint, occurrences) {
    const named = this.#entries.find(({ entry }) => "fingerprint" in entry && entry.fingerprint === fingerprint);
    const byPlace = occurrences.map((occurrence) => this.#judgePlace(occurrence));
    if (named !== void 0) {
      named.isUsed = true;
      return { by: "fingerprint", reason: named.entry.reason };
    }
    if (this.#baseline.has(fingerprint)) return { by: "baseline", reason: "was known when the baseline was made" };
    const [first] = byPlace;
    return first !== void 0 && !byPlace.includes(null) ? first : null;
  }
  #judgePlace({ paths, inlineMark }) {
    const entries = paths.map((path) => this.#entries.find((entry) => !entry.isExpired && entry.matches?.(path)));
    for (const entry of entries) if (entry !== void 0) entry.isUsed = true;
    const [first] = entries;
    if (first !== void 0 && !entries.includes(void 0)) return { by: "path", reason: first.entry.reason };
    if (inlineMark !== null && this.#honoursInlineMarks) {
      return { by: "inline", reason: inlineMark === "" ? "keyrecall:allow on its line" : inlineMark };
    }
    return null;
  }
  /** Entries that allowed nothing, and entries whose time is over. */
  notes() {
    const expired = this.#entries.filter((entry) => entry.isExpired);
    const unused = this.#entries.filter((entry) => !entry.isUsed && !entry.isExpired);
    return { unused: unused.map(describe), expired: expired.map(describe) };
  }
};
function describe({ entry }) {
  return "fingerprint" in entry ? entry.fingerprint : `${entry.path} (until ${entry.expires})`;
}

export {
  Policy
};
