import {
  confirmDead,
  revokeTokens
} from "./chunks/chunk-PECEW3DD.js";
import {
  rotationGuide
} from "./chunks/chunk-2THB4TKU.js";
import {
  completionScript
} from "./chunks/chunk-32RETLF3.js";
import {
  ManualProvider
} from "./chunks/chunk-KXPDQYYY.js";
import {
  HttpProvider,
  SIGNATURE_HEADER,
  signBody
} from "./chunks/chunk-NIREKKVF.js";
import {
  countedTokens
} from "./chunks/chunk-IAX2J7PB.js";
import {
  rotationMarkdown
} from "./chunks/chunk-LYABZVZF.js";
import {
  buildReport
} from "./chunks/chunk-YSEUQL3H.js";
import {
  Policy
} from "./chunks/chunk-R5P76PMI.js";
import {
  scan
} from "./chunks/chunk-3RIRM5UU.js";
import "./chunks/chunk-PEBQGXPO.js";
import "./chunks/chunk-K6UY2E7L.js";
import "./chunks/chunk-QBGYM6EC.js";
import "./chunks/chunk-65EHQVBC.js";
import {
  Verifier
} from "./chunks/chunk-DH6TFNSH.js";
import {
  DEFAULT_API,
  HttpClient,
  requireApiUrl,
  requireSecureUrl,
  sleep
} from "./chunks/chunk-EKP7VN57.js";
import {
  verifyTokens
} from "./chunks/chunk-F2JRGL22.js";
import {
  blastRadiusNow,
  blastRadiusOf
} from "./chunks/chunk-N5BVK3PW.js";
import {
  UNCHECKED
} from "./chunks/chunk-RYGG6NHQ.js";
import "./chunks/chunk-5GGIWBK5.js";
import {
  mask
} from "./chunks/chunk-T52IQ7HH.js";
import "./chunks/chunk-HWHZQRO4.js";
import {
  loadBaseline,
  loadConfiguration,
  loadIgnored,
  loadRules,
  requireSignatures
} from "./chunks/chunk-XTIAGWPS.js";
import {
  builtinRules
} from "./chunks/chunk-A5SOBSKO.js";
import "./chunks/chunk-JIW5PEUP.js";
import "./chunks/chunk-6D63HNZV.js";
import {
  escapeForMarkdown,
  escapeForTerminal
} from "./chunks/chunk-WXEWRWTG.js";
import {
  VERSION
} from "./chunks/chunk-6Q7DFGK3.js";
import {
  tokensIn
} from "./chunks/chunk-HRH34NPA.js";
import "./chunks/chunk-BNOIKOU6.js";
import "./chunks/chunk-W4QFXAZX.js";
import "./chunks/chunk-KTHQ3RLY.js";
import {
  Detector,
  Token
} from "./chunks/chunk-O7S4ABFV.js";
import {
  compileRules
} from "./chunks/chunk-LCFWLN64.js";
import "./chunks/chunk-QQ2TBE5L.js";
import {
  readYaml
} from "./chunks/chunk-5YWXGQHE.js";
import "./chunks/chunk-4UJKYKKR.js";
import {
  KeyrecallError,
  messageOf,
  systemCodeOf
} from "./chunks/chunk-U52VU3KD.js";
import "./chunks/chunk-77BUEL6G.js";
import {
  entryNamesOf,
  formatsOf
} from "./chunks/chunk-YV5PFDMU.js";
import "./chunks/chunk-SEWDMQ6Q.js";

// src/library/finding.ts
function findingOf({ token, kind, object, paths, line, column }, detector) {
  return { token, kind, object, paths: paths.map((path3) => mask(detector, path3)), line, column };
}
function identityOf({ token, kind, object, paths, line, column }) {
  return [token.fingerprint, kind, kind === "path" ? "" : object, line, column, ...paths].join("\0");
}

// src/library/interrupted.ts
var ScanInterruptedError = class extends KeyrecallError {
  /** What was read and found until then: incomplete, and nothing of it is lost. Null where nothing was read. */
  report;
  constructor(report, cause) {
    super("interrupted", "the scan was interrupted", { cause });
    this.name = "AbortError";
    this.report = report;
  }
};

// src/library/rules.ts
function loadRules2(files) {
  return loadRules(files);
}

// src/library/scan.ts
import path2 from "node:path";

// src/library/source.ts
import path from "node:path";
import { Readable } from "node:stream";
function engineSource(source) {
  switch (source.kind) {
    case "history":
      return { kind: "history", path: absolute(source.path) };
    case "range":
      return { kind: "range", path: absolute(source.path), range: source.range };
    case "staged":
      return { kind: "index", path: absolute(source.path) };
    case "tree":
      return {
        kind: "tree",
        path: source.path === void 0 ? null : absolute(source.path),
        directory: process.cwd(),
        useIgnoreRules: source.includeIgnored !== true
      };
    case "stream":
      return { kind: "stdin", input: asBytes(source.stream), isPatch: source.isPatch === true };
    case "text":
      return { kind: "stdin", input: asBytes([source.text]), isPatch: source.isPatch === true };
    case "bytes":
      return { kind: "stdin", input: asBytes([source.bytes]), isPatch: source.isPatch === true };
    default:
      throw new KeyrecallError(
        "usage",
        `there is no source of the kind ${String(source.kind)}`,
        {
          hint: "it is one of history, range, staged, tree, stream, text, bytes"
        }
      );
  }
}
function targetOf(source) {
  switch (source.kind) {
    case "stream":
    case "text":
    case "bytes":
      return "-";
    default:
      return source.path ?? ".";
  }
}
function absolute(name) {
  return path.resolve(name ?? ".");
}
function asBytes(pieces) {
  return Readable.from(bytesOf(pieces), { objectMode: false });
}
async function* bytesOf(pieces) {
  for await (const piece of pieces) {
    const bytes = typeof piece === "string" ? Buffer.from(piece, "utf8") : Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength);
    if (bytes.length > 0) yield bytes;
  }
}

// src/library/scan.ts
function scan2(options) {
  return new Scan(options);
}
var Scan = class {
  #options;
  #own = new AbortController();
  #findings = [];
  #known = /* @__PURE__ */ new Set();
  #waiting = [];
  #run = null;
  #isOver = false;
  #isReportWanted = false;
  constructor(options) {
    this.#options = options;
  }
  /**
   * The whole result, tokens masked.
   *
   * @throws {ScanInterruptedError} where the signal was aborted
   * @throws {KeyrecallError} where there is nothing to scan, or a file or an address that was named cannot be used
   */
  report() {
    this.#isReportWanted = true;
    return this.#start();
  }
  /**
   * Each place once, as soon as it counts: in a history, a tree and a stream while it is read, in a range, a patch and
   * the index once it was compared with what was there before. It throws what {@link report} throws. A loop that is left
   * ends the scan, unless its report is wanted.
   */
  async *[Symbol.asyncIterator]() {
    const run = this.#start();
    let position = 0;
    let isLeft = true;
    try {
      for (; ; ) {
        for (; position < this.#findings.length; position += 1) yield this.#findings[position];
        if (this.#isOver) break;
        await new Promise((resolve) => this.#waiting.push(resolve));
      }
      isLeft = false;
    } finally {
      if (isLeft && !this.#isReportWanted) {
        this.#own.abort(new Error("nobody wants the rest"));
        await run.catch(() => void 0);
      }
    }
    await run;
  }
  #start() {
    if (this.#run === null) {
      this.#run = this.#scan().finally(() => {
        this.#isOver = true;
        this.#wake();
      });
      this.#run.catch(() => void 0);
    }
    return this.#run;
  }
  #wake() {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }
  async #scan() {
    const { allow = {}, verify = false, minConfidence = "certain", rules = builtinRules } = this.#options;
    const given = this.#options.signal;
    const signal = given === void 0 ? this.#own.signal : AbortSignal.any([given, this.#own.signal]);
    if (signal.aborted) throw new ScanInterruptedError(null, signal.reason);
    const source = engineSource(this.#options.source);
    requireSignatures(allow.allowSignatures ?? []);
    const baseline = allow.baseline === void 0 ? null : await loadBaseline(allow.baseline);
    const ids = rules.map(({ id }) => id);
    const ignored = await loadIgnored(allow.gitleaksIgnore ?? [], null, ids);
    const { configuration: named } = allow;
    let configuration = typeof named === "string" ? await loadConfiguration(named, null) : null;
    const progress = new ProgressTeller(this.#options.onProgress);
    const verification = verify === false ? null : startVerifier(verify === true ? {} : verify, signal, progress);
    try {
      const result = await scan({
        source,
        rules,
        minConfidence,
        allowSignatures: allow.allowSignatures ?? [],
        signal,
        onOpened: async (root) => {
          if (root !== null) ignored?.locate(root);
          if (named === true) configuration = await loadConfiguration(null, root);
        },
        onProgress: ({ commits, trees, blobs, files, bytes }) => progress.tell({ phase: "reading", commits, trees, blobs, files, bytes }),
        onOccurrences: (occurrences, detector) => this.#add(occurrences.map((one) => findingOf(one, detector)))
      });
      const answers = verification === null || signal.aborted ? NOTHING_ASKED : await verifyFound(result, verification, rules, signal);
      const policy = new Policy(configuration?.configuration ?? null, baseline, {
        today: (/* @__PURE__ */ new Date()).toISOString().slice(0, 10),
        honoursInlineMarks: allow.inlineMarks === true || (allow.allowSignatures ?? []).length > 0,
        ignored
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
          return readsEverything(this.#options.source, result) ? notes : { ...notes, unused: [] };
        }
      });
      if (signal.aborted) throw new ScanInterruptedError(report, signal.reason);
      return report;
    } finally {
      await verification?.verifier.close();
    }
  }
  #add(findings) {
    for (const finding of findings) {
      const identity = identityOf(finding);
      if (this.#known.has(identity)) continue;
      this.#known.add(identity);
      this.#findings.push(finding);
    }
    this.#wake();
  }
};
function readsEverything(source, { root }) {
  if (source.kind === "history") return true;
  return source.kind === "tree" && (source.path === void 0 || path2.resolve(source.path) === root);
}
var NOTHING_ASKED = /* @__PURE__ */ new Map();
function startVerifier(options, signal, progress) {
  const { baseUrl = DEFAULT_API, projects = [], workloads = [], timeoutMs, cache } = options;
  const verifier = new Verifier({
    baseUrl: requireApiUrl(baseUrl, "option"),
    userAgent: `keyrecall/${VERSION}`,
    projects,
    workloads,
    ...cache === void 0 ? {} : { cache, reusesAnswers: true },
    ...timeoutMs === void 0 ? {} : { timeoutMs },
    signal,
    onProgress: (verified, toVerify) => progress.tell({ phase: "verifying", verified, toVerify })
  });
  return { verifier, own: { projects, workloads } };
}
function verifyFound(result, verification, rules, signal) {
  const tokens = [...new Map(result.occurrences.map(({ token }) => [token.fingerprint, token])).values()];
  const targets = tokens.map((token) => ({ token, hints: result.hintsOf(token.fingerprint) }));
  return verifyTokens(targets, verification, rules, signal);
}
var ProgressTeller = class {
  #tell;
  #known = {
    phase: "reading",
    commits: 0,
    trees: 0,
    blobs: 0,
    files: 0,
    bytes: 0,
    verified: 0,
    toVerify: 0
  };
  constructor(tell) {
    this.#tell = tell;
  }
  tell(news) {
    this.#known = { ...this.#known, ...news };
    this.#tell?.(this.#known);
  }
};
export {
  Detector,
  HttpClient,
  HttpProvider,
  KeyrecallError,
  ManualProvider,
  SIGNATURE_HEADER,
  Scan,
  ScanInterruptedError,
  Token,
  UNCHECKED,
  Verifier,
  blastRadiusNow,
  blastRadiusOf,
  builtinRules,
  compileRules,
  completionScript,
  confirmDead,
  countedTokens,
  entryNamesOf,
  escapeForMarkdown,
  escapeForTerminal,
  formatsOf,
  loadRules2 as loadRules,
  mask,
  messageOf,
  readYaml,
  requireApiUrl,
  requireSecureUrl,
  revokeTokens,
  rotationGuide,
  rotationMarkdown,
  scan2 as scan,
  scan as scanForOccurrences,
  signBody,
  sleep,
  systemCodeOf,
  tokensIn
};
