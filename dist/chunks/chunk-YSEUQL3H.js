import {
  UNCHECKED
} from "./chunk-RYGG6NHQ.js";
import {
  mask,
  maskBlastRadius,
  maskNote,
  maskPieces
} from "./chunk-T52IQ7HH.js";

// src/scan/misplacement.ts
var MAX_PLACES = 5;
var Misplacement = class {
  #ruleOfVariable;
  #ruleOf;
  #planesByFile = /* @__PURE__ */ new Map();
  constructor(occurrences, rules) {
    this.#ruleOf = new Map(rules.map((rule) => [rule.id, rule]));
    this.#ruleOfVariable = new Map(
      rules.flatMap((rule) => rule.variable === void 0 ? [] : [[rule.variable, rule]])
    );
    for (const occurrence of occurrences) {
      const { plane } = occurrence.token;
      const file = fileOf(occurrence);
      if (plane === null || file === null) continue;
      this.#planesByFile.set(file, (this.#planesByFile.get(file) ?? /* @__PURE__ */ new Set()).add(plane));
    }
  }
  /** @param occurrences of one token */
  of(occurrences) {
    const found = /* @__PURE__ */ new Set();
    for (const occurrence of occurrences) {
      for (const text of [this.#inWrongVariable(occurrence), this.#besideOtherPlane(occurrence)]) {
        if (text !== null && found.size < MAX_PLACES) found.add(text);
      }
    }
    return [...found];
  }
  #inWrongVariable({ token, variable, paths }) {
    const meant = variable === null ? void 0 : this.#ruleOfVariable.get(variable);
    if (meant?.plane === void 0 || token.plane === null || meant.plane === token.plane) return null;
    const own = this.#ruleOf.get(token.rule)?.variable;
    const place = paths[0] === void 0 ? "" : ` (${paths[0]})`;
    const rest = own === void 0 ? "" : `; a ${token.plane}-plane token belongs in ${own}`;
    return `stands in ${variable}, which is for ${meant.plane}-plane tokens${place}${rest}`;
  }
  #besideOtherPlane(occurrence) {
    const file = fileOf(occurrence);
    if (file === null || (this.#planesByFile.get(file)?.size ?? 0) < 2) return null;
    const place = occurrence.paths[0] ?? "the same text";
    return `stands in ${place} beside a token of the other plane: whoever reads it has both, and least privilege is gone`;
  }
};
function fileOf({ kind, object, paths }) {
  if (kind === "blob" || kind === "index") return object;
  return kind === "file" || kind === "stdin" ? `${kind} ${paths[0] ?? ""}` : null;
}

// src/scan/build-report.ts
var MAX_LISTED_GAPS = 1e3;
var MAX_LISTED_REFS = 1e3;
var MAX_REASON_LENGTH = 200;
var MAX_NAME_LENGTH = 4096;
function buildReport(result, context) {
  const shared = new SharedParts(result, context.rules);
  const tokens = groupByToken(result.occurrences).map((occurrences) => reportToken(occurrences, result, context, shared)).toSorted((a, b) => byPlace(a.occurrences[0], b.occurrences[0]) || compareText(a.fingerprint, b.fingerprint));
  const { coverage } = result;
  const gaps = coverage.gaps.map((gap) => maskGap(result.detector, context.rules, gap));
  return {
    schema: 1,
    tool: { name: "keyrecall", version: context.version },
    scan: {
      source: result.source,
      target: mask(result.detector, context.target),
      ...result.range === null ? {} : { range: mask(result.detector, result.range) },
      complete: gaps.length === 0,
      incomplete: limitGaps(gaps),
      coverage: {
        refs: coverage.refs,
        packs: coverage.packs,
        commits: coverage.commits,
        trees: coverage.trees,
        blobs: coverage.blobs,
        tags: coverage.tags,
        files: coverage.files,
        bytes: coverage.bytes,
        fallback: coverage.fallback,
        reused: coverage.reused,
        skipped: limitGaps(coverage.skipped.map((gap) => maskGap(result.detector, context.rules, gap)))
      },
      durationMs: result.durationMs
    },
    policy: reportPolicy(result.detector, context),
    tokens
  };
}
function groupByToken(occurrences) {
  const groups = /* @__PURE__ */ new Map();
  for (const occurrence of occurrences) {
    const group = groups.get(occurrence.token.fingerprint);
    if (group === void 0) groups.set(occurrence.token.fingerprint, [occurrence]);
    else group.push(occurrence);
  }
  return [...groups.values()];
}
function reportToken(occurrences, result, context, shared) {
  const { token } = occurrences[0];
  const rule = context.rules.find((candidate) => candidate.id === token.rule);
  const verdict = context.response(token.fingerprint)?.verdict ?? UNCHECKED;
  const isLive = verdict.state === "live";
  const allowance = maskAllowance(result.detector, context.judge(token, occurrences));
  return {
    fingerprint: token.fingerprint,
    rule: token.rule,
    plane: token.plane,
    publicId: token.publicId,
    masked: token.masked,
    confidence: token.confidence,
    // What is allowed does not count, unless it works: no entry silences a token that verifies live.
    allowed: isLive ? null : allowance,
    overruled: isLive ? allowance : null,
    verdict: { ...verdict, reason: mask(result.detector, verdict.reason) },
    blastRadius: shared.blastRadius(context.response(token.fingerprint)?.blastRadius ?? rule.blastRadius),
    misplaced: shared.misplaced(occurrences).map((text) => mask(result.detector, text)),
    occurrences: occurrences.map((occurrence) => reportOccurrence(occurrence, shared)).toSorted(byPlace)
  };
}
function reportOccurrence(occurrence, shared) {
  const moreRefs = occurrence.refs.length - MAX_LISTED_REFS;
  return {
    kind: occurrence.kind,
    object: occurrence.object,
    paths: shared.names(occurrence.paths),
    line: occurrence.line,
    column: occurrence.column,
    ...occurrence.end === null ? {} : { end: { line: occurrence.end.line, column: occurrence.end.column } },
    encoding: occurrence.encoding,
    container: shared.names(occurrence.container).map(limitName),
    ...occurrence.inner === null ? {} : { inner: occurrence.inner },
    introducedBy: shared.commits(occurrence.introducedBy),
    removedBy: shared.commits(occurrence.removedBy),
    refs: shared.names(occurrence.refs, MAX_LISTED_REFS),
    ...moreRefs > 0 ? { moreRefs } : {},
    reachable: occurrence.reachable,
    inlineMark: occurrence.inlineMark !== null,
    variable: occurrence.variable
  };
}
function limitName(name) {
  return name.length <= MAX_NAME_LENGTH ? name : `${name.slice(0, MAX_NAME_LENGTH)}…`;
}
var NONE = [];
var SharedParts = class {
  #detector;
  #facts;
  #lists = /* @__PURE__ */ new Map();
  #commits = /* @__PURE__ */ new Map();
  #blastRadii = /* @__PURE__ */ new Map();
  #misplacement;
  constructor({ detector, commits, occurrences }, rules) {
    this.#detector = detector;
    this.#facts = commits;
    this.#misplacement = new Misplacement(occurrences, rules);
  }
  misplaced(occurrences) {
    return this.#misplacement.of(occurrences);
  }
  /** Rules are an operator's and workloads a vendor's text; a rule's is the same for all of its tokens. */
  blastRadius(radius) {
    const masked = this.#blastRadii.get(radius) ?? maskBlastRadius(this.#detector, radius);
    this.#blastRadii.set(radius, masked);
    return masked;
  }
  names(list, limit = Infinity) {
    if (list.length === 0) return NONE;
    const masked = this.#lists.get(list) ?? list.slice(0, limit).map((name) => mask(this.#detector, name));
    this.#lists.set(list, masked);
    return masked;
  }
  commits(ids) {
    return ids.map((id) => this.#commit(id)).toSorted(byDate);
  }
  #commit(id) {
    let facts = this.#commits.get(id);
    if (facts === void 0) {
      const known = this.#facts.get(id);
      const author = known?.author ? mask(this.#detector, known.author) : null;
      facts = { commit: id, author, date: known?.date ?? null };
      this.#commits.set(id, facts);
    }
    return facts;
  }
};
function byDate(a, b) {
  return Date.parse(a.date ?? "") - Date.parse(b.date ?? "") || compareText(a.commit, b.commit);
}
function byPlace(a, b) {
  const time = (occurrence) => Date.parse(occurrence.introducedBy[0]?.date ?? "") || 0;
  return time(a) - time(b) || compareText(a.paths[0] ?? "", b.paths[0] ?? "") || a.line - b.line || a.column - b.column || compareText(a.object ?? "", b.object ?? "");
}
function compareText(a, b) {
  return a < b ? -1 : a > b ? 1 : 0;
}
function reportPolicy(detector, { policyFile, policyNotes }) {
  const notes = policyNotes();
  return {
    file: policyFile === null ? null : mask(detector, policyFile),
    unused: notes.unused.map((entry) => maskNote(detector, entry)),
    expired: notes.expired.map((entry) => mask(detector, entry)),
    ...notes.notUnderstood.length === 0 ? {} : { notUnderstood: notes.notUnderstood.map((entry) => maskNote(detector, entry)) }
  };
}
function maskAllowance(detector, allowance) {
  if (allowance === null) return null;
  const reason = mask(detector, allowance.reason).replace(/[0-9a-fA-F]{16,}/g, "…");
  return { ...allowance, reason: reason.slice(0, MAX_REASON_LENGTH) };
}
function maskGap(detector, rules, gap) {
  return { what: limitName(maskPieces(detector, rules, gap.what)), why: maskPieces(detector, rules, gap.why) };
}
function limitGaps(gaps) {
  if (gaps.length <= MAX_LISTED_GAPS) return gaps;
  const rest = gaps.length - MAX_LISTED_GAPS;
  return [...gaps.slice(0, MAX_LISTED_GAPS), { what: `${rest} more`, why: "left out of this list" }];
}

export {
  buildReport
};
