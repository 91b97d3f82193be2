/** Makes the report of a scan's result: groups by token, applies what is allowed, masks every string. */
import type { BlastRadius } from "../core/blast-radius.ts";
import type { Gap } from "../core/gap.ts";
import { UNCHECKED, type Verdict } from "../core/verdict.ts";
import type { Detector } from "../detect/detector.ts";
import type { Rule } from "../rules/schema.ts";
import { mask, maskBlastRadius, maskNote, maskPieces } from "./mask.ts";
import { Misplacement } from "./misplacement.ts";
import type { CommitFacts, Occurrence } from "./occurrence.ts";
import type { Allowance, Report, ReportedOccurrence, ReportedToken } from "./report.ts";
import type { ScanResult } from "./scan.ts";

export interface ReportContext {
  readonly version: string;
  readonly target: string;
  readonly rules: readonly Rule[];
  readonly policyFile: string | null;
  /** Whether a token, with all its places, is allowed. */
  readonly judge: (
    token: { fingerprint: string; rule: string; isGuessable: boolean },
    occurrences: readonly Occurrence[],
  ) => Allowance | null;
  /** What is known of a token, by its fingerprint; undefined where nothing was asked. */
  readonly response: (fingerprint: string) => TokenResponse | undefined;
  /** Asked after all tokens have been judged. */
  readonly policyNotes: () => { unused: string[]; expired: string[]; notUnderstood: string[] };
}

export interface TokenResponse {
  readonly verdict: Verdict;
  readonly blastRadius: BlastRadius;
}

/** A damaged store can have a gap for each of its objects; a report that nobody can open helps nobody. */
const MAX_LISTED_GAPS = 1000;

/** Names of refs that one occurrence lists: there are repositories with a hundred thousand, and all reach it. */
const MAX_LISTED_REFS = 1000;

const MAX_REASON_LENGTH = 200;
const MAX_NAME_LENGTH = 4096;

export function buildReport(result: ScanResult, context: ReportContext): Report {
  const shared = new SharedParts(result, context.rules);
  const tokens = groupByToken(result.occurrences)
    .map((occurrences) => reportToken(occurrences, result, context, shared))
    .toSorted((a, b) => byPlace(a.occurrences[0]!, b.occurrences[0]!) || compareText(a.fingerprint, b.fingerprint));
  const { coverage } = result;
  const gaps = coverage.gaps.map((gap) => maskGap(result.detector, context.rules, gap));
  return {
    schema: 1,
    tool: { name: "keyrecall", version: context.version },
    scan: {
      source: result.source,
      target: mask(result.detector, context.target),
      ...(result.range === null ? {} : { range: mask(result.detector, result.range) }),
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
        skipped: limitGaps(coverage.skipped.map((gap) => maskGap(result.detector, context.rules, gap))),
      },
      durationMs: result.durationMs,
    },
    policy: reportPolicy(result.detector, context),
    tokens,
  };
}

function groupByToken(occurrences: readonly Occurrence[]): Occurrence[][] {
  const groups = new Map<string, Occurrence[]>();
  for (const occurrence of occurrences) {
    const group = groups.get(occurrence.token.fingerprint);
    if (group === undefined) groups.set(occurrence.token.fingerprint, [occurrence]);
    else group.push(occurrence);
  }
  return [...groups.values()];
}

function reportToken(
  occurrences: Occurrence[],
  result: ScanResult,
  context: ReportContext,
  shared: SharedParts,
): ReportedToken {
  const { token } = occurrences[0]!;
  const rule = context.rules.find((candidate) => candidate.id === token.rule)!;
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
    occurrences: occurrences.map((occurrence) => reportOccurrence(occurrence, shared)).toSorted(byPlace),
  };
}

function reportOccurrence(occurrence: Occurrence, shared: SharedParts): ReportedOccurrence {
  const moreRefs = occurrence.refs.length - MAX_LISTED_REFS;
  return {
    kind: occurrence.kind,
    object: occurrence.object,
    paths: shared.names(occurrence.paths),
    line: occurrence.line,
    column: occurrence.column,
    ...(occurrence.end === null ? {} : { end: { line: occurrence.end.line, column: occurrence.end.column } }),
    encoding: occurrence.encoding,
    container: shared.names(occurrence.container).map(limitName),
    ...(occurrence.inner === null ? {} : { inner: occurrence.inner }),
    introducedBy: shared.commits(occurrence.introducedBy),
    removedBy: shared.commits(occurrence.removedBy),
    refs: shared.names(occurrence.refs, MAX_LISTED_REFS),
    ...(moreRefs > 0 ? { moreRefs } : {}),
    reachable: occurrence.reachable,
    inlineMark: occurrence.inlineMark !== null,
    variable: occurrence.variable,
  };
}

/** Names in archives can be of any length. Only what is masked can be cut: a piece of a token is not known as one. */
function limitName(name: string): string {
  return name.length <= MAX_NAME_LENGTH ? name : `${name.slice(0, MAX_NAME_LENGTH)}…`;
}

const NONE: readonly string[] = [];

/** What thousands of places have in common is made ready once. */
class SharedParts {
  readonly #detector: Detector;
  readonly #facts: ReadonlyMap<string, CommitFacts>;
  readonly #lists = new Map<readonly string[], readonly string[]>();
  readonly #commits = new Map<string, CommitFacts>();
  readonly #blastRadii = new Map<BlastRadius, BlastRadius>();
  readonly #misplacement: Misplacement;

  constructor({ detector, commits, occurrences }: ScanResult, rules: readonly Rule[]) {
    this.#detector = detector;
    this.#facts = commits;
    this.#misplacement = new Misplacement(occurrences, rules);
  }

  misplaced(occurrences: readonly Occurrence[]): string[] {
    return this.#misplacement.of(occurrences);
  }

  /** Rules are an operator's and workloads a vendor's text; a rule's is the same for all of its tokens. */
  blastRadius(radius: BlastRadius): BlastRadius {
    const masked = this.#blastRadii.get(radius) ?? maskBlastRadius(this.#detector, radius);
    this.#blastRadii.set(radius, masked);
    return masked;
  }

  names(list: readonly string[], limit: number = Infinity): readonly string[] {
    if (list.length === 0) return NONE;
    const masked = this.#lists.get(list) ?? list.slice(0, limit).map((name) => mask(this.#detector, name));
    this.#lists.set(list, masked);
    return masked;
  }

  commits(ids: readonly string[]): readonly CommitFacts[] {
    return ids.map((id) => this.#commit(id)).toSorted(byDate);
  }

  #commit(id: string): CommitFacts {
    let facts = this.#commits.get(id);
    if (facts === undefined) {
      const known = this.#facts.get(id);
      const author = known?.author ? mask(this.#detector, known.author) : null;
      facts = { commit: id, author, date: known?.date ?? null };
      this.#commits.set(id, facts);
    }
    return facts;
  }
}

function byDate(a: CommitFacts, b: CommitFacts): number {
  return Date.parse(a.date ?? "") - Date.parse(b.date ?? "") || compareText(a.commit, b.commit);
}

/** By the time that it came in, then by path: the order does not depend on how the repository is packed. */
function byPlace(a: ReportedOccurrence, b: ReportedOccurrence): number {
  const time = (occurrence: ReportedOccurrence): number => Date.parse(occurrence.introducedBy[0]?.date ?? "") || 0;
  return (
    time(a) - time(b) ||
    compareText(a.paths[0] ?? "", b.paths[0] ?? "") ||
    a.line - b.line ||
    a.column - b.column ||
    compareText(a.object ?? "", b.object ?? "")
  );
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function reportPolicy(detector: Detector, { policyFile, policyNotes }: ReportContext): Report["policy"] {
  const notes = policyNotes();
  return {
    file: policyFile === null ? null : mask(detector, policyFile),
    unused: notes.unused.map((entry) => maskNote(detector, entry)),
    expired: notes.expired.map((entry) => mask(detector, entry)),
    ...(notes.notUnderstood.length === 0
      ? {}
      : { notUnderstood: notes.notUnderstood.map((entry) => maskNote(detector, entry)) }),
  };
}

/** The reason of an inline mark is scanned text, and where its window ends it can hold a piece of a token. */
function maskAllowance(detector: Detector, allowance: Allowance | null): Allowance | null {
  if (allowance === null) return null;
  const reason = mask(detector, allowance.reason).replace(/[0-9a-fA-F]{16,}/g, "…");
  return { ...allowance, reason: reason.slice(0, MAX_REASON_LENGTH) };
}

function maskGap(detector: Detector, rules: readonly Rule[], gap: Gap): Gap {
  return { what: limitName(maskPieces(detector, rules, gap.what)), why: maskPieces(detector, rules, gap.why) };
}

function limitGaps(gaps: readonly Gap[]): readonly Gap[] {
  if (gaps.length <= MAX_LISTED_GAPS) return gaps;
  const rest = gaps.length - MAX_LISTED_GAPS;
  return [...gaps.slice(0, MAX_LISTED_GAPS), { what: `${rest} more`, why: "left out of this list" }];
}
