/** One scan from start to end: opens what is to be scanned, reads it, and gathers what was found by token. */
import { createHash } from "node:crypto";
import { availableParallelism } from "node:os";
import type { Readable } from "node:stream";
import type { ApiHints } from "../core/api-hints.ts";
import { decodeByteText } from "../core/byte-text.ts";
import { KeyrecallError, messageOf, systemCodeOf } from "../core/errors.ts";
import type { Confidence } from "../core/token.ts";
import { VERSION } from "../core/version.generated.ts";
import { UNPACK_LIMITS } from "../detect/containers/unpack.ts";
import { Detector } from "../detect/detector.ts";
import { readObjects } from "../git/object-store.ts";
import { authorOf, type Identity } from "../git/object-text.ts";
import type { KnownSide, RefUpdate } from "../git/outgoing.ts";
import { runGit } from "../git/process.ts";
import { openOwnRepository, openRepository, type OwnRepository, type Repository } from "../git/repository.ts";
import { MAX_OBJECT_BYTES } from "../git/storage/family-walk.ts";
import { compileRules } from "../rules/ruleset.ts";
import type { Rule } from "../rules/schema.ts";
import { PackMemory } from "../sources/pack-memory.ts";
import { readPatch } from "../sources/patch.ts";
import type { Coverage } from "../sources/sink.ts";
import { readStdin } from "../sources/stdin.ts";
import { resolveTarget, type Target } from "../sources/target.ts";
import { readLinkedFile, readTree } from "../sources/tree.ts";
import { Collector, type Find } from "./collector.ts";
import { scanPush, scanRange, scanTips, type TipRange } from "./commits.ts";
import { scanHistory } from "./history.ts";
import { type CommitFacts, type Occurrence, plainOccurrence } from "./occurrence.ts";
import { PackThreads } from "./pack-threads.ts";
import type { SourceKind } from "./report.ts";
import { type ScreenSetup, ScreenThread } from "./screen-thread.ts";
import { scanStaged } from "./staged.ts";

export type ScanSource =
  | { readonly kind: "history"; readonly path: string }
  | {
      readonly kind: "index";
      readonly path: string;
      /** Commits that are being merged and that git has not written down yet. */
      readonly mergeHeads?: readonly string[];
    }
  | { readonly kind: "range"; readonly path: string; readonly range: string }
  | ({ readonly kind: "range"; readonly path: string; readonly own?: OwnRepository } & TipRange)
  | {
      readonly kind: "push";
      readonly path: string;
      /** The refs that are pushed; `local-refs` where only the remote is known. */
      readonly updates: readonly RefUpdate[] | "local-refs";
      readonly known: KnownSide;
    }
  | {
      readonly kind: "tree";
      /** Absolute; null for the whole working tree, or the directory, that `directory` is in. */
      readonly path: string | null;
      readonly directory: string;
      readonly useIgnoreRules: boolean;
    }
  | { readonly kind: "stdin"; readonly input: Readable; readonly isPatch: boolean };

export interface ScanOptions {
  readonly source: ScanSource;
  readonly rules: readonly Rule[];
  readonly minConfidence: Confidence;
  /** Marks of other tools that count as `keyrecall:allow` does. */
  readonly allowSignatures?: readonly string[];
  /** Threads that packs are shared between; by default one a core. */
  readonly jobs?: number | undefined;
  /** Seals what is remembered of a history's packs in the git directory. Without it nothing is remembered, or written. */
  readonly memoryKey?: Buffer | null;
  readonly signal?: AbortSignal;
  /** Called once it is clear what is scanned and before anything is read: what it throws ends the scan. */
  readonly onOpened?: (root: string | null) => Promise<void>;
  readonly onProgress?: (coverage: Coverage) => void;
  /**
   * Called with what was found since the last call, some of it again: while a source is read where every find counts,
   * and else once it is clear which do. Places have no commits and refs before the end.
   */
  readonly onOccurrences?: (occurrences: readonly Occurrence[], detector: Detector) => void;
}

interface ScanSetup extends ScreenSetup {
  readonly jobs: number;
  readonly memoryKey: Buffer | null;
}

export interface ScanResult {
  readonly source: SourceKind;
  readonly range: string | null;
  /** The top of what was scanned: where its configuration file is looked for. Null for standard input. */
  readonly root: string | null;
  readonly occurrences: readonly Occurrence[];
  readonly commits: ReadonlyMap<string, CommitFacts>;
  readonly coverage: Coverage;
  readonly detector: Detector;
  /** What stands near a token, by its fingerprint. */
  readonly hintsOf: (fingerprint: string) => ApiHints;
  readonly isInterrupted: boolean;
  readonly durationMs: number;
}

/**
 * @throws {KeyrecallError} where there is nothing to scan: no such path, no repository, a range that
 * cannot be resolved. What turns up while reading is a gap in the result's coverage.
 */
export async function scan(options: ScanOptions): Promise<ScanResult> {
  const startedAt = performance.now();
  const { source, signal } = options;
  const setup: ScanSetup = {
    rules: options.rules,
    minConfidence: options.minConfidence,
    jobs: options.jobs ?? availableParallelism(),
    memoryKey: options.memoryKey ?? null,
  };
  const detector = new Detector(compileRules(options.rules), { minConfidence: options.minConfidence });
  const variables = new Set(options.rules.flatMap((rule) => rule.variable ?? []));
  const collector = new Collector(detector, variables, options.allowSignatures);
  const { coverage } = collector;
  const countsAtOnce =
    source.kind === "history" || source.kind === "tree" || (source.kind === "stdin" && !source.isPatch);
  let passedOn = 0;
  const passOn = (): void => {
    if (!countsAtOnce || options.onOccurrences === undefined || passedOn === collector.finds.length) return;
    const news = collector.finds.slice(passedOn).flatMap(findWithoutContext);
    passedOn = collector.finds.length;
    options.onOccurrences(news, detector);
  };
  if (options.onProgress ?? options.onOccurrences) {
    coverage.onProgress = () => {
      passOn();
      options.onProgress?.(coverage);
    };
  }
  let opened: OpenedSource = { repository: null, target: null, root: null };
  let occurrences: Occurrence[] = [];
  let commits = new Map<string, CommitFacts>();
  let isInterrupted = false;
  try {
    opened = await openSource(source, signal);
    if (opened.repository !== null) collector.objectIdLength = opened.repository.objectIdLength;
    await options.onOpened?.(opened.root);
    occurrences = await readSource(source, opened, setup, detector, collector, signal);
    passOn();
    if (!countsAtOnce && occurrences.length > 0) options.onOccurrences?.(occurrences, detector);
    commits = await readCommitFacts(opened.repository, occurrences, collector);
  } catch (error) {
    if (!signal?.aborted) throw error;
    isInterrupted = true;
    coverage.gap({ what: "scan", why: "was interrupted" });
    if (occurrences.length === 0) occurrences = collector.finds.flatMap(findWithoutContext);
  } finally {
    opened.repository?.dispose();
  }
  return {
    // A push is the range of commits that the other side does not have.
    source: source.kind === "push" ? "range" : source.kind,
    range: source.kind === "range" && "range" in source ? source.range : null,
    root: opened.root,
    occurrences,
    commits,
    coverage,
    detector,
    hintsOf: (fingerprint) => collector.hintsOf(fingerprint),
    isInterrupted,
    durationMs: Math.round(performance.now() - startedAt),
  };
}

interface OpenedSource {
  readonly repository: Repository | null;
  readonly target: Target | null;
  readonly root: string | null;
}

/** @throws {KeyrecallError} where there is nothing to scan */
export function targetOf(source: Exclude<ScanSource, { kind: "stdin" }>): Target {
  return resolveTarget(source.kind === "tree" ? (source.path ?? source.directory) : source.path);
}

async function openSource(source: ScanSource, signal: AbortSignal | undefined): Promise<OpenedSource> {
  if (source.kind === "stdin") return { repository: null, target: null, root: null };
  const target = targetOf(source);
  if (source.kind === "range" && "own" in source && source.own !== undefined) {
    const own = openOwnRepository(target.path, source.own, signal);
    return { repository: own, target, root: own.gitDirectory };
  }
  const repository = await openRepositoryOrNone(target.directory, source.kind === "tree", signal);
  if (source.kind === "tree") {
    if (repository !== null && repository.workTree === null && source.path === null) {
      throw new KeyrecallError(
        "usage",
        `${target.path} is in a bare repository or a .git directory, which has no working tree`,
        {
          hint: "scan what it keeps: keyrecall scan --history",
        },
      );
    }
    return { repository, target, root: repository?.workTree ?? target.directory };
  }
  if (repository === null) {
    throw new KeyrecallError("not-a-repository", `not a git repository: ${target.path}`, {
      hint: "run this in a repository or name one; a plain directory is scanned with keyrecall scan PATH",
    });
  }
  return { repository, target, root: repository.workTree ?? repository.gitDirectory };
}

/** Files can be read without git and with a broken `.git`; then no ignore rules hold: more is read, not less. */
async function openRepositoryOrNone(
  directory: string,
  isOptional: boolean,
  signal: AbortSignal | undefined,
): Promise<Repository | null> {
  try {
    return await openRepository(directory, signal);
  } catch (error) {
    if (isOptional && error instanceof KeyrecallError) return null;
    throw error;
  }
}

/** A file that turns out unreadable in mid-scan is a gap: what was found so far is still reported. */
async function readSource(
  source: ScanSource,
  opened: OpenedSource,
  setup: ScanSetup,
  detector: Detector,
  collector: Collector,
  signal: AbortSignal | undefined,
): Promise<Occurrence[]> {
  try {
    return await runSource(source, opened, setup, detector, collector, signal);
  } catch (error) {
    if (signal?.aborted || systemCodeOf(error) === undefined || error instanceof KeyrecallError) throw error;
    collector.coverage.gap({ what: source.kind, why: `cannot be read to its end: ${messageOf(error)}` });
    return collector.finds.flatMap(findWithoutContext);
  }
}

async function runSource(
  source: ScanSource,
  { repository, target }: OpenedSource,
  setup: ScanSetup,
  detector: Detector,
  collector: Collector,
  signal: AbortSignal | undefined,
): Promise<Occurrence[]> {
  switch (source.kind) {
    case "stdin":
      await (source.isPatch ? readPatch : readStdin)(source.input, collector, signal);
      return source.isPatch ? newsOfPatch(collector.finds) : collector.finds.flatMap(findWithoutContext);
    case "tree":
      await scanTree(source, setup, repository, target!, collector, signal);
      return collector.finds.flatMap(findWithoutContext);
    case "history":
      return scanHistory(
        repository!,
        detector,
        collector,
        new PackThreads({ ...setup, signal }),
        openMemory(repository!, setup),
      );
    case "range":
      if (!requireReadable(repository!, collector)) return [];
      return "range" in source
        ? scanRange(repository!, source.range, detector, collector)
        : scanTips(repository!, source, detector, collector);
    case "push":
      return requireReadable(repository!, collector)
        ? scanPush(repository!, source.updates, source.known, detector, collector)
        : [];
    case "index":
      return requireReadable(repository!, collector)
        ? scanStaged(repository!, source.mergeHeads ?? [], detector, collector)
        : [];
  }
}

function openMemory(repository: Repository, { memoryKey, rules, minConfidence }: ScanSetup): PackMemory | null {
  if (memoryKey === null) return null;
  const decisive = [VERSION, RECORD_FORMAT, rules, minConfidence, UNPACK_LIMITS, MAX_OBJECT_BYTES];
  const digest = createHash("sha256").update(JSON.stringify(decisive)).digest("hex");
  return PackMemory.open(repository, { key: memoryKey, digest });
}

/** Rises with every change of the record or of what is found, if the version does not. */
const RECORD_FORMAT = 2;

/** Objects can be read although git refuses a repository; ranges and the index cannot. */
function requireReadable(repository: Repository, collector: Collector): boolean {
  if (repository.refusal === null) return true;
  collector.coverage.gap({
    what: `repository ${repository.gitDirectory}`,
    why: `the installed git does not open it: ${repository.refusal}`,
  });
  return false;
}

async function scanTree(
  source: ScanSource & { kind: "tree" },
  setup: ScanSetup,
  repository: Repository | null,
  target: Target,
  collector: Collector,
  signal: AbortSignal | undefined,
): Promise<void> {
  const workTree = repository?.workTree ?? null;
  const root = workTree === null ? target.directory : resolveTarget(workTree).path;
  const isRefused = repository !== null && repository.refusal !== null;
  if (isRefused) {
    collector.coverage.gap({
      what: `repository ${repository.gitDirectory}`,
      why: `the installed git does not open it (${repository.refusal}); its ignore rules were not applied`,
    });
  }
  // Whoever names an ignored directory wants it scanned.
  const isNamedIgnored = source.path !== null && repository !== null && (await isIgnored(repository, target.path));
  const byRules = source.useIgnoreRules && workTree !== null && !isRefused && !isNamedIgnored;
  const path = source.path === null ? root : target.path;
  let screen: ScreenThread | null = null;
  const startScreen = (): ScreenThread => (screen ??= new ScreenThread(setup));
  try {
    await readTree({ path, root, repository: byRules ? repository : null, signal }, collector, startScreen);
    if (target.isLinkToFile) await readLinkedFile({ path, root, signal }, collector);
  } finally {
    await (screen as ScreenThread | null)?.stop();
  }
}

async function isIgnored({ git }: Repository, path: string): Promise<boolean> {
  // check-ignore takes every path as it is, and ends where that is asked of it.
  const environment = { ...git.environment, GIT_LITERAL_PATHSPECS: undefined };
  return (await runGit({ ...git, environment }, ["check-ignore", "--quiet", "--no-index", "--", path])).status === 0;
}

function findWithoutContext(find: Find): Occurrence[] {
  const { place } = find;
  switch (place.kind) {
    case "file":
    case "path":
      return [plainOccurrence(place.kind, find, { paths: [place.path] })];
    case "stdin":
      return [plainOccurrence("stdin", find, { paths: place.path === null ? [] : [place.path] })];
    case "ref-name":
    case "reflog":
      return [plainOccurrence(place.kind, find, { refs: [place.ref] })];
    case "tree-entry":
      return [
        plainOccurrence("path", find, {
          object: place.objectId,
          paths: [decodeByteText(place.name)],
          reachable: false,
        }),
      ];
    case "patch-old":
      return [];
    default:
      return [plainOccurrence(place.kind, find, { object: place.objectId, reachable: false })];
  }
}

/** What a patch brings in: not what the same file had before. */
function newsOfPatch(finds: readonly Find[]): Occurrence[] {
  const key = (find: Find, section: number): string => `${find.token.fingerprint}\0${section}`;
  const old = new Set(
    finds.flatMap((find) => (find.place.kind === "patch-old" ? [key(find, find.place.section)] : [])),
  );
  return finds.flatMap((find) => {
    const { place } = find;
    const isKept = place.kind === "stdin" && place.path !== null && old.has(key(find, place.section));
    return isKept ? [] : findWithoutContext(find);
  });
}

async function readCommitFacts(
  repository: Repository | null,
  occurrences: readonly Occurrence[],
  { authors, coverage }: Collector,
): Promise<Map<string, CommitFacts>> {
  const ids = new Set(occurrences.flatMap((occurrence) => [...occurrence.introducedBy, ...occurrence.removedBy]));
  const facts = new Map<string, CommitFacts>();
  if (repository === null) return facts;
  const keep = (commit: string, author: Identity | null): void => {
    facts.set(commit, { commit, author: author && decodeByteText(author.text), date: author?.date ?? null });
  };
  for (const [commit, author] of authors) if (ids.delete(commit)) keep(commit, author);
  if (ids.size === 0) return facts;
  await readObjects(
    repository,
    [...ids],
    {
      object: (commit, _type, bytes) => keep(commit, authorOf(bytes)),
      largeObject: () => ({ write: () => {}, close: () => {} }),
      missing: () => {},
    },
    (gap) => coverage.gap(gap),
  );
  return facts;
}
