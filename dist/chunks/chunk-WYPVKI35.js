import {
  verdictWord,
  workloadLines
} from "./chunk-JCXLJ36Q.js";
import {
  escapeForTerminal
} from "./chunk-2VCEG26J.js";
import {
  mask,
  maskPieces
} from "./chunk-X4R47LK2.js";
import {
  UNCHECKED
} from "./chunk-RYGG6NHQ.js";

// src/report/text.ts
var MAX_PLACES = 10;
var MAX_GAPS = 20;
var MAX_SKIPPED = 5;
function formatText(report, options) {
  const counted = report.tokens.filter((token) => token.allowed === null);
  const allowed = report.tokens.filter((token) => token.allowed !== null);
  const blocks = [
    ...counted.map((token) => formatToken(token, options)),
    ...allowed.length === 0 ? [] : [allowed.map((token) => formatAllowed(token, options)).join("\n")],
    ...report.scan.complete ? [] : [formatGaps(report.scan.incomplete, options)],
    ...formatSkipped(report.scan.coverage.skipped, options),
    ...formatPolicy(report, options),
    formatSummary(report, counted.length, allowed.length, options)
  ];
  return `${blocks.join("\n\n")}
`;
}
function formatToken(token, options) {
  const { colors } = options;
  const kind = token.plane === null ? token.rule : `${token.plane} plane`;
  const confidence = token.confidence === "suspect" ? " · suspect" : "";
  const shown = token.occurrences.slice(0, MAX_PLACES);
  const hidden = token.occurrences.length - shown.length;
  const rotation = options.rotation.get(token.rule);
  return [
    `${colors.red(colors.bold(token.masked))}  ${kind}${confidence} · ${verdictWord(token.verdict, colors)}`,
    ...token.verdict.state === "unchecked" ? [] : [`  ${escapeForTerminal(token.verdict.reason)}`],
    ...formatBlastRadius(token),
    ...token.misplaced.map((place) => `  ${colors.yellow("Misplaced:")} ${escapeForTerminal(place)}.`),
    ...formatOverruled(token),
    ...shown.map((occurrence) => `  ${formatOccurrence(occurrence, options)}`),
    ...hidden > 0 ? [`  … and ${plural(hidden, "more place")} (all of them with --format json)`] : [],
    ...rotation === void 0 ? [] : [`  ${colors.bold("Next:")} ${rotation.steps.join("; ")}.`],
    colors.dim(`  ${token.fingerprint}`)
  ].join("\n");
}
function formatBlastRadius({ verdict, blastRadius }) {
  if (verdict.state === "revoked") return [];
  const { summary, cannot, workloads = [], notes = [] } = blastRadius;
  return [
    `  Whoever has it ${escapeForTerminal(summary)}.`,
    ...cannot.length === 0 ? [] : [`  It cannot ${cannot.join("; ")}.`],
    ...workloadLines(workloads).map((line) => `  At risk: ${escapeForTerminal(line)}`),
    ...notes.map((note) => `  Note: ${escapeForTerminal(note)}.`)
  ];
}
function formatOverruled({ overruled }) {
  if (overruled === null) return [];
  return [`  Allowed (${escapeForTerminal(overruled.reason)}), and counted all the same: it verifies live.`];
}
function formatAllowed(token, { colors }) {
  const by = {
    fingerprint: "by its fingerprint",
    path: "by its path",
    inline: "by a mark on its line",
    baseline: "by the baseline"
  };
  const { by: how, reason } = token.allowed;
  return colors.dim(
    `${token.masked}  allowed ${by[how]}: ${escapeForTerminal(reason)} (${plural(token.occurrences.length, "place")})`
  );
}
function formatOccurrence(occurrence, options) {
  const { colors } = options;
  const place = colors.cyan(placeOf(occurrence));
  const more = occurrence.paths.length > 1 ? ` (and ${plural(occurrence.paths.length - 1, "other path")})` : "";
  const form = [...occurrence.encoding, ...occurrence.container].join(", ");
  const facts = [
    ...form === "" ? [] : [form],
    ...occurrence.inlineMark ? ["marked keyrecall:allow"] : [],
    ...occurrence.introducedBy.length === 0 ? [] : [`in with ${formatCommits(occurrence.introducedBy, options)}`],
    ...occurrence.removedBy.length === 0 ? [] : [`out with ${formatCommits(occurrence.removedBy, options)}`],
    ...formatRefs(occurrence)
  ];
  return `${place}${more}${facts.length === 0 ? "" : `  ${facts.join(", ")}`}`;
}
function placeOf(occurrence) {
  const [path] = occurrence.paths;
  const at = `${occurrence.line}:${occurrence.column}`;
  const object = occurrence.object?.slice(0, 12) ?? "";
  switch (occurrence.kind) {
    case "blob":
      return `${path === void 0 ? `blob ${object}` : escapeForTerminal(path)}:${at}`;
    case "index":
    case "file":
      return `${escapeForTerminal(path ?? "")}:${at}`;
    case "stdin":
      return `${path === void 0 ? "standard input" : escapeForTerminal(path)}:${at}`;
    case "path":
      return `name of ${escapeForTerminal(path ?? "")}`;
    case "ref-name":
      return `name of ${escapeForTerminal(occurrence.refs[0] ?? "")}`;
    case "reflog":
      return `reflog of ${escapeForTerminal(occurrence.refs[0] ?? "")}:${at}`;
    case "commit-message":
      return `message of commit ${object}:${at}`;
    case "commit-identity":
      return `author or committer of commit ${object}`;
    case "tag-message":
      return `message of tag ${object}:${at}`;
    case "tag-identity":
      return `tagger of tag ${object}`;
  }
}
function formatCommits(commits, { now }) {
  const [first] = commits;
  if (first === void 0) return "";
  const author = first.author === null ? "" : ` by ${escapeForTerminal(first.author)}`;
  const age = first.date === null ? "" : `, ${ageOf(Date.parse(first.date), now)}`;
  const more = commits.length > 1 ? ` and ${plural(commits.length - 1, "other commit")}` : "";
  return `${first.commit.slice(0, 12)}${author}${age}${more}`;
}
function formatRefs({ kind, refs, reachable }) {
  if (kind === "ref-name" || kind === "reflog") return [];
  if (!reachable) return ["no ref reaches it"];
  const [first] = refs;
  if (first === void 0) return [];
  return [`on ${escapeForTerminal(first)}${refs.length > 1 ? ` and ${plural(refs.length - 1, "other ref")}` : ""}`];
}
var AGES = [
  [365 * 86400, "year"],
  [30 * 86400, "month"],
  [86400, "day"],
  [3600, "hour"],
  [60, "minute"]
];
function ageOf(then, now) {
  const seconds = (now - then) / 1e3;
  const unit = AGES.find(([length]) => seconds >= length);
  return unit === void 0 ? "just now" : `${plural(Math.floor(seconds / unit[0]), unit[1])} ago`;
}
function formatGaps(gaps, { colors }) {
  const shown = gaps.slice(0, MAX_GAPS);
  return [
    colors.yellow(colors.bold("Not everything could be read:")),
    ...shown.map((gap) => `  ${escapeForTerminal(gap.what)}: ${escapeForTerminal(gap.why)}`),
    ...gaps.length > shown.length ? [`  … and ${gaps.length - shown.length} more (all of them with --format json)`] : []
  ].join("\n");
}
function formatSkipped(skipped, { colors }) {
  if (skipped.length === 0) return [];
  const shown = skipped.slice(0, MAX_SKIPPED);
  const hidden = skipped.length - shown.length;
  const lines = [
    "Left out:",
    ...shown.map((gap) => `  ${escapeForTerminal(gap.what)}: ${escapeForTerminal(gap.why)}`),
    ...hidden > 0 ? [`  … and ${hidden} more (all of them with --format json)`] : []
  ];
  return [colors.dim(lines.join("\n"))];
}
function formatPolicy({ policy }, { colors }) {
  const lines = [
    ...policy.expired.map((entry) => `  expired: ${escapeForTerminal(entry)}`),
    ...policy.unused.map((entry) => `  unused: ${escapeForTerminal(entry)}`)
  ];
  if (lines.length === 0) return [];
  return [
    [colors.yellow(`Entries of ${escapeForTerminal(policy.file ?? "the configuration")} to take out:`), ...lines].join(
      "\n"
    )
  ];
}
function formatSummary(report, found, allowed, { colors }) {
  const { coverage, complete } = report.scan;
  const counts = [
    [coverage.files, "file"],
    [coverage.commits, "commit"],
    [coverage.blobs, "blob"],
    [coverage.trees, "tree"],
    [coverage.tags, "tag"],
    [coverage.refs, "ref"]
  ];
  const read = counts.flatMap(([count, name]) => count === 0 ? [] : [plural(count, name)]);
  const tokens = found === 0 ? "No leaked token found" : `${plural(found, "leaked token")} found`;
  const also = allowed === 0 ? "" : `, ${allowed} allowed`;
  const verdict = complete ? "" : "; the scan is incomplete";
  const line = `${tokens}${also}${verdict}.`;
  const color = found > 0 ? colors.red : complete ? colors.green : colors.yellow;
  return `${color(line)} Read ${[...read, formatBytes(coverage.bytes)].join(", ")} in ${(report.scan.durationMs / 1e3).toFixed(1)} s.`;
}
function formatBytes(bytes) {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let value = bytes;
  let unit = 0;
  while (value >= 1e3 && unit < units.length - 1) {
    value /= 1e3;
    unit += 1;
  }
  return `${unit === 0 ? value : value.toFixed(1)} ${units[unit]}`;
}
function plural(count, noun) {
  const plurals = noun.endsWith("y") ? `${noun.slice(0, -1)}ies` : `${noun}s`;
  return `${count.toLocaleString("en")} ${count === 1 ? noun : plurals}`;
}

// src/scan/misplacement.ts
var MAX_PLACES2 = 5;
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
        if (text !== null && found.size < MAX_PLACES2) found.add(text);
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
        fallback: 0,
        reused: 0,
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
    blastRadius: context.response(token.fingerprint)?.blastRadius ?? rule.blastRadius,
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
    encoding: occurrence.encoding,
    container: NONE,
    introducedBy: shared.commits(occurrence.introducedBy),
    removedBy: shared.commits(occurrence.removedBy),
    refs: shared.names(occurrence.refs, MAX_LISTED_REFS),
    ...moreRefs > 0 ? { moreRefs } : {},
    reachable: occurrence.reachable,
    inlineMark: occurrence.inlineMark !== null,
    variable: occurrence.variable
  };
}
var NONE = [];
var SharedParts = class {
  #detector;
  #facts;
  #lists = /* @__PURE__ */ new Map();
  #commits = /* @__PURE__ */ new Map();
  #misplacement;
  constructor({ detector, commits, occurrences }, rules) {
    this.#detector = detector;
    this.#facts = commits;
    this.#misplacement = new Misplacement(occurrences, rules);
  }
  misplaced(occurrences) {
    return this.#misplacement.of(occurrences);
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
    unused: notes.unused.map((entry) => mask(detector, entry)),
    expired: notes.expired.map((entry) => mask(detector, entry))
  };
}
function maskAllowance(detector, allowance) {
  if (allowance === null) return null;
  const reason = mask(detector, allowance.reason).replace(/[0-9a-fA-F]{16,}/g, "…");
  return { ...allowance, reason: reason.slice(0, MAX_REASON_LENGTH) };
}
function maskGap(detector, rules, gap) {
  return { what: maskPieces(detector, rules, gap.what), why: maskPieces(detector, rules, gap.why) };
}
function limitGaps(gaps) {
  if (gaps.length <= MAX_LISTED_GAPS) return gaps;
  const rest = gaps.length - MAX_LISTED_GAPS;
  return [...gaps.slice(0, MAX_LISTED_GAPS), { what: `${rest} more`, why: "left out of this list" }];
}

export {
  formatText,
  placeOf,
  buildReport
};
