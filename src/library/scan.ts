/** `scan`, the function that programs call: findings while they come, and a report at the end. */
import path from "node:path";
import { loadBaseline, loadConfiguration, loadIgnored, requireSignatures } from "../config/load.ts";
import { Policy } from "../config/policy.ts";
import { VERSION } from "../core/version.generated.ts";
import { type TokenAnswer, verifyTokens } from "../respond/token-answers.ts";
import { builtinRules } from "../rules/builtin.generated.ts";
import { buildReport } from "../scan/build-report.ts";
import type { Report } from "../scan/report.ts";
import { scan as scanForOccurrences, type ScanResult } from "../scan/scan.ts";
import { DEFAULT_API, requireApiUrl } from "../verify/api-url.ts";
import { Verifier } from "../verify/verifier.ts";
import { type Finding, findingOf, identityOf } from "./finding.ts";
import { ScanInterruptedError } from "./interrupted.ts";
import type { Progress, ScanOptions, VerifyOptions } from "./options.ts";
import { engineSource, targetOf } from "./source.ts";

/**
 * Nothing is read before the first finding or the report is asked for.
 *
 * @example
 * for await (const finding of scan({ source: { kind: "history" } })) console.log(`${finding.token}`);
 */
export function scan(options: ScanOptions): Scan {
  return new Scan(options);
}

export class Scan implements AsyncIterable<Finding> {
  readonly #options: ScanOptions;
  readonly #own = new AbortController();
  readonly #findings: Finding[] = [];
  readonly #known = new Set<string>();
  #waiting: (() => void)[] = [];
  #run: Promise<Report> | null = null;
  #isOver = false;
  #isReportWanted = false;

  constructor(options: ScanOptions) {
    this.#options = options;
  }

  /**
   * The whole result, tokens masked.
   *
   * @throws {ScanInterruptedError} where the signal was aborted
   * @throws {KeyrecallError} where there is nothing to scan, or a file or an address that was named cannot be used
   */
  report(): Promise<Report> {
    this.#isReportWanted = true;
    return this.#start();
  }

  /**
   * Each place once, as soon as it counts: in a history, a tree and a stream while it is read, in a range, a patch and
   * the index once it was compared with what was there before. It throws what {@link report} throws. A loop that is left
   * ends the scan, unless its report is wanted.
   */
  async *[Symbol.asyncIterator](): AsyncGenerator<Finding, void, undefined> {
    const run = this.#start();
    let position = 0;
    let isLeft = true;
    try {
      for (;;) {
        for (; position < this.#findings.length; position += 1) yield this.#findings[position]!;
        if (this.#isOver) break;
        await new Promise<void>((resolve) => this.#waiting.push(resolve));
      }
      isLeft = false;
    } finally {
      if (isLeft && !this.#isReportWanted) {
        this.#own.abort(new Error("nobody wants the rest"));
        await run.catch(() => undefined);
      }
    }
    await run;
  }

  #start(): Promise<Report> {
    if (this.#run === null) {
      this.#run = this.#scan().finally(() => {
        this.#isOver = true;
        this.#wake();
      });
      // Whoever waits for it gets the error; that nobody does yet is no reason to end the process.
      this.#run.catch(() => undefined);
    }
    return this.#run;
  }

  #wake(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }

  async #scan(): Promise<Report> {
    const { allow = {}, verify = false, minConfidence = "certain", rules = builtinRules } = this.#options;
    const given = this.#options.signal;
    const signal = given === undefined ? this.#own.signal : AbortSignal.any([given, this.#own.signal]);
    if (signal.aborted) throw new ScanInterruptedError(null, signal.reason);
    const source = engineSource(this.#options.source);
    requireSignatures(allow.allowSignatures ?? []);
    const baseline = allow.baseline === undefined ? null : await loadBaseline(allow.baseline);
    const ids = rules.map(({ id }) => id);
    const ignored = await loadIgnored(allow.gitleaksIgnore ?? [], null, ids);
    const { configuration: named } = allow;
    let configuration = typeof named === "string" ? await loadConfiguration(named, null) : null;
    const progress = new ProgressTeller(this.#options.onProgress);
    // Before the scan: where tokens must not be sent shows at once.
    const verification = verify === false ? null : startVerifier(verify === true ? {} : verify, signal, progress);
    try {
      const result = await scanForOccurrences({
        source,
        rules,
        minConfidence,
        allowSignatures: allow.allowSignatures ?? [],
        signal,
        onOpened: async (root) => {
          if (root !== null) ignored?.locate(root);
          if (named === true) configuration = await loadConfiguration(null, root);
        },
        onProgress: ({ commits, trees, blobs, files, bytes }) =>
          progress.tell({ phase: "reading", commits, trees, blobs, files, bytes }),
        onOccurrences: (occurrences, detector) => this.#add(occurrences.map((one) => findingOf(one, detector))),
      });
      const answers =
        verification === null || signal.aborted
          ? NOTHING_ASKED
          : await verifyFound(result, verification, rules, signal);
      const policy = new Policy(configuration?.configuration ?? null, baseline, {
        today: new Date().toISOString().slice(0, 10),
        honoursInlineMarks: allow.inlineMarks === true || (allow.allowSignatures ?? []).length > 0,
        ignored,
      });
      const report = buildReport(result, {
        version: VERSION,
        target: targetOf(this.#options.source),
        rules,
        response: (fingerprint) => answers.get(fingerprint),
        policyFile: configuration?.file ?? null,
        judge: (token, occurrences) => policy.judge(token, occurrences),
        policyNotes: () => {
          const notes = policy.notes(result.source === "history");
          // A part of a repository cannot say what of the whole is unused.
          return readsEverything(this.#options.source, result) ? notes : { ...notes, unused: [] };
        },
      });
      if (signal.aborted) throw new ScanInterruptedError(report, signal.reason);
      return report;
    } finally {
      await verification?.verifier.close();
    }
  }

  #add(findings: readonly Finding[]): void {
    for (const finding of findings) {
      const identity = identityOf(finding);
      if (this.#known.has(identity)) continue;
      this.#known.add(identity);
      this.#findings.push(finding);
    }
    this.#wake();
  }
}

function readsEverything(source: ScanOptions["source"], { root }: ScanResult): boolean {
  if (source.kind === "history") return true;
  return source.kind === "tree" && (source.path === undefined || path.resolve(source.path) === root);
}

const NOTHING_ASKED: ReadonlyMap<string, TokenAnswer> = new Map();

interface Verification {
  readonly verifier: Verifier;
  readonly own: { readonly projects: readonly string[]; readonly workloads: readonly string[] };
}

function startVerifier(options: VerifyOptions, signal: AbortSignal, progress: ProgressTeller): Verification {
  const { baseUrl = DEFAULT_API, projects = [], workloads = [], timeoutMs, cache } = options;
  const verifier = new Verifier({
    baseUrl: requireApiUrl(baseUrl, "option"),
    userAgent: `keyrecall/${VERSION}`,
    projects,
    workloads,
    ...(cache === undefined ? {} : { cache, reusesAnswers: true }),
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
    signal,
    onProgress: (verified, toVerify) => progress.tell({ phase: "verifying", verified, toVerify }),
  });
  return { verifier, own: { projects, workloads } };
}

function verifyFound(
  result: ScanResult,
  verification: Verification,
  rules: NonNullable<ScanOptions["rules"]>,
  signal: AbortSignal,
): Promise<Map<string, TokenAnswer>> {
  const tokens = [...new Map(result.occurrences.map(({ token }) => [token.fingerprint, token])).values()];
  const targets = tokens.map((token) => ({ token, hints: result.hintsOf(token.fingerprint) }));
  return verifyTokens(targets, verification, rules, signal);
}

/** Each call tells all that is known. */
class ProgressTeller {
  readonly #tell: ((progress: Progress) => void) | undefined;
  #known: Progress = {
    phase: "reading",
    commits: 0,
    trees: 0,
    blobs: 0,
    files: 0,
    bytes: 0,
    verified: 0,
    toVerify: 0,
  };

  constructor(tell: ((progress: Progress) => void) | undefined) {
    this.#tell = tell;
  }

  tell(news: Partial<Progress>): void {
    this.#known = { ...this.#known, ...news };
    this.#tell?.(this.#known);
  }
}
