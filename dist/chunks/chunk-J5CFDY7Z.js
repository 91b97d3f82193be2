import {
  DEFAULT_API,
  HttpClient,
  requireApiUrl,
  requireSecureUrl
} from "./chunk-FAXX2T5O.js";
import {
  UNCHECKED
} from "./chunk-HQ6VOY23.js";
import {
  NO_HINTS
} from "./chunk-FC2B4G5J.js";
import {
  homeDirectory,
  loadUserConfiguration,
  readSecretFile
} from "./chunk-IWSNM7W5.js";
import {
  VERSION
} from "./chunk-352LF2GJ.js";
import {
  KeyrecallError
} from "./chunk-U52VU3KD.js";
import {
  __commonJS,
  __toESM
} from "./chunk-SEWDMQ6Q.js";

// node_modules/picocolors/picocolors.js
var require_picocolors = __commonJS({
  "node_modules/picocolors/picocolors.js"(exports, module) {
    var p = process || {};
    var argv = p.argv || [];
    var env = p.env || {};
    var isColorSupported = !(!!env.NO_COLOR || argv.includes("--no-color")) && (!!env.FORCE_COLOR || argv.includes("--color") || p.platform === "win32" || (p.stdout || {}).isTTY && env.TERM !== "dumb" || !!env.CI);
    var formatter = (open, close, replace = open) => (input) => {
      let string = "" + input, index = string.indexOf(close, open.length);
      return ~index ? open + replaceClose(string, close, replace, index) + close : open + string + close;
    };
    var replaceClose = (string, close, replace, index) => {
      let result = "", cursor = 0;
      do {
        result += string.substring(cursor, index) + replace;
        cursor = index + close.length;
        index = string.indexOf(close, cursor);
      } while (~index);
      return result + string.substring(cursor);
    };
    var createColors = (enabled = isColorSupported) => {
      let f = enabled ? formatter : () => String;
      return {
        isColorSupported: enabled,
        reset: f("\x1B[0m", "\x1B[0m"),
        bold: f("\x1B[1m", "\x1B[22m", "\x1B[22m\x1B[1m"),
        dim: f("\x1B[2m", "\x1B[22m", "\x1B[22m\x1B[2m"),
        italic: f("\x1B[3m", "\x1B[23m"),
        underline: f("\x1B[4m", "\x1B[24m"),
        inverse: f("\x1B[7m", "\x1B[27m"),
        hidden: f("\x1B[8m", "\x1B[28m"),
        strikethrough: f("\x1B[9m", "\x1B[29m"),
        black: f("\x1B[30m", "\x1B[39m"),
        red: f("\x1B[31m", "\x1B[39m"),
        green: f("\x1B[32m", "\x1B[39m"),
        yellow: f("\x1B[33m", "\x1B[39m"),
        blue: f("\x1B[34m", "\x1B[39m"),
        magenta: f("\x1B[35m", "\x1B[39m"),
        cyan: f("\x1B[36m", "\x1B[39m"),
        white: f("\x1B[37m", "\x1B[39m"),
        gray: f("\x1B[90m", "\x1B[39m"),
        bgBlack: f("\x1B[40m", "\x1B[49m"),
        bgRed: f("\x1B[41m", "\x1B[49m"),
        bgGreen: f("\x1B[42m", "\x1B[49m"),
        bgYellow: f("\x1B[43m", "\x1B[49m"),
        bgBlue: f("\x1B[44m", "\x1B[49m"),
        bgMagenta: f("\x1B[45m", "\x1B[49m"),
        bgCyan: f("\x1B[46m", "\x1B[49m"),
        bgWhite: f("\x1B[47m", "\x1B[49m"),
        blackBright: f("\x1B[90m", "\x1B[39m"),
        redBright: f("\x1B[91m", "\x1B[39m"),
        greenBright: f("\x1B[92m", "\x1B[39m"),
        yellowBright: f("\x1B[93m", "\x1B[39m"),
        blueBright: f("\x1B[94m", "\x1B[39m"),
        magentaBright: f("\x1B[95m", "\x1B[39m"),
        cyanBright: f("\x1B[96m", "\x1B[39m"),
        whiteBright: f("\x1B[97m", "\x1B[39m"),
        bgBlackBright: f("\x1B[100m", "\x1B[49m"),
        bgRedBright: f("\x1B[101m", "\x1B[49m"),
        bgGreenBright: f("\x1B[102m", "\x1B[49m"),
        bgYellowBright: f("\x1B[103m", "\x1B[49m"),
        bgBlueBright: f("\x1B[104m", "\x1B[49m"),
        bgMagentaBright: f("\x1B[105m", "\x1B[49m"),
        bgCyanBright: f("\x1B[106m", "\x1B[49m"),
        bgWhiteBright: f("\x1B[107m", "\x1B[49m")
      };
    };
    module.exports = createColors();
    module.exports.createColors = createColors;
  }
});

// src/cli/colors.ts
var import_picocolors = __toESM(require_picocolors(), 1);
function colorsFor(isWanted, toFile = false) {
  const isTerminal = !toFile && process.stdout.isTTY && process.env["TERM"] !== "dumb";
  return import_picocolors.default.createColors(isTerminal && isWanted && (process.env["NO_COLOR"] ?? "") === "");
}

// src/cli/commands/verification-options.ts
import path2 from "node:path";

// src/verify/answer.ts
function readAnswer(result) {
  if (result.kind === "failure") return { kind: "none", why: result.why };
  const { status, location } = result;
  const foreign = (why) => ({ kind: "foreign", status, why: `answered ${status} ${why}` });
  if (location !== null) return foreign(`and redirects to ${location}, which is not followed`);
  if (status === 429 || status >= 500) return { kind: "none", why: `answered ${status} each time it was asked` };
  if (result.contentEncoding !== null && result.contentEncoding !== "identity")
    return foreign("in an encoding that was not asked for");
  if (result.body.length === 0) return foreign("with an empty body");
  if (result.contentType !== null && !/^application\/([\w.+-]+\+)?json\b/i.test(result.contentType)) {
    return foreign("with something that is not JSON (a login page or a proxy?)");
  }
  const value = parseJson(result.body);
  if (value === void 0) return foreign("with broken JSON");
  if (status === 200) {
    const workloads = readWorkloads(value);
    return workloads === null ? foreign("with JSON that is not InferenceKey's") : { kind: "workloads", status, workloads };
  }
  const error = readError(value);
  return error === null ? foreign("with JSON that is not InferenceKey's") : { kind: "error", status, code: error.code };
}
function parseJson(body) {
  try {
    return JSON.parse(body.toString("utf8"));
  } catch {
    return void 0;
  }
}
function readError(value) {
  if (!isRecord(value)) return null;
  const { error } = value;
  if (typeof error === "string") return CODE.test(error) ? { code: error } : null;
  if (!isRecord(error)) return null;
  if ("type" in error || "param" in error) return null;
  const { code, message } = error;
  if (code === void 0) return typeof message === "string" ? { code: null } : null;
  return typeof code === "string" && CODE.test(code) ? { code } : null;
}
var CODE = /^[a-z][a-z0-9]*(_[a-z0-9]+)*$/;
function readWorkloads(value) {
  const list = isRecord(value) ? value["workloads"] : value;
  if (!Array.isArray(list)) return null;
  const workloads = [];
  for (const item of list) {
    if (!isRecord(item) || typeof item["slug"] !== "string" || !("project_id" in item || "id" in item)) return null;
    workloads.push({
      slug: item["slug"],
      name: textOrNull(item["name"]),
      task: textOrNull(item["task_type"]),
      model: textOrNull(item["model_name"]),
      backend: textOrNull(item["backend"]),
      gpu: item["gpu_resource_id"] !== null && item["gpu_resource_id"] !== void 0
    });
  }
  return workloads;
}
function textOrNull(value) {
  return typeof value === "string" && value !== "" ? value : null;
}
function isRecord(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

// src/verify/judge.ts
var AUTHENTICATED_CODES = /* @__PURE__ */ new Set(["project_scope_mismatch", "scope_insufficient"]);
var DEAD_CODE = /(^|_)(revoked|expired)(_|$)/;
function judge(token, control, wasLive) {
  if (token.kind === "none") return failure(token.why);
  if (token.kind === "foreign") return failure(`${token.why}; that is not InferenceKey's API`);
  const isSame = control.kind === token.kind && describe(control) === describe(token);
  if (token.kind === "workloads") {
    if (isOwnAnswer(control) && !isSame) return live("listed workloads", control);
    return undecided(token, control);
  }
  const code = token.code ?? "";
  switch (token.status) {
    case 401:
      if (isUnauthenticated(control)) return revoked("does not recognise it (401), nor a random token");
      if (!isOwnAnswer(control)) return undecided(token, control);
      return unknown(`refused it (401), and gave a random token another answer (${describe(control)})`);
    case 403:
      if (isSame) return undecided(token, control);
      if (AUTHENTICATED_CODES.has(code)) {
        return isOwnAnswer(control) ? live(`recognised it and refused it for its scope (${code})`, control) : undecided(token, control);
      }
      if (DEAD_CODE.test(code))
        return revoked(`says that it is ${code.includes("expired") ? "expired" : "revoked"} (403 ${code})`);
      if (code === "wrong_credential_type")
        return againstUnauthenticated(token, control, "recognised it as a token of the other plane");
      if (wasLive) return revoked("refuses it (403), and accepted it before");
      return unknown(
        `refused it (${describe(token)}) and was never seen to accept it: revoked, or over quota, suspended or blocked`
      );
    case 400:
      return againstUnauthenticated(token, control, "let it through to checking the request (400)");
    case 404:
      return againstUnauthenticated(token, control, "let it through to looking for the project (404)");
    default:
      return unknown(`answered ${describe(token)}, which says nothing about it`);
  }
}
function againstUnauthenticated(token, control, what) {
  return isUnauthenticated(control) ? live(what, control) : undecided(token, control);
}
function live(what, control) {
  return {
    state: "live",
    reason: `${what}; a random token is not recognised (${describe(control)})`,
    isInconclusive: false,
    isFailure: false
  };
}
function revoked(reason) {
  return { state: "revoked", reason, isInconclusive: false, isFailure: false };
}
function unknown(reason) {
  return { state: "unknown", reason, isInconclusive: false, isFailure: false };
}
function failure(reason) {
  return { state: "unknown", reason, isInconclusive: false, isFailure: true };
}
function undecided(token, control) {
  if (!isOwnAnswer(control)) {
    return failure(
      `answered ${describe(token)}, and what it answers to a random token could not be told: it ${control.why}`
    );
  }
  return {
    state: "unknown",
    reason: describe(token) === describe(control) ? `answers a random token the same (${describe(token)})` : `answered ${describe(token)} where a random token got ${describe(control)}, which does not tell them apart`,
    isInconclusive: true,
    isFailure: false
  };
}
function isOwnAnswer(answer) {
  return answer.kind === "workloads" || answer.kind === "error";
}
function isUnauthenticated(answer) {
  return answer.kind === "error" && answer.status === 401;
}
function describe(answer) {
  if (answer.kind === "workloads") return "200 with workloads";
  if (answer.kind === "error") return answer.code === null ? String(answer.status) : `${answer.status} ${answer.code}`;
  return answer.why;
}

// src/verify/route.ts
import { randomBytes } from "node:crypto";
var NOBODYS_SLUG = `keyrecall-${randomBytes(16).toString("hex")}`;
function firstRoute(plane) {
  const route = plane === "control" ? workloadsRoute(NOBODYS_SLUG) : jobsRoute(NOBODYS_SLUG, NOBODYS_SLUG);
  return { ...route, about: "nobody's project" };
}
function workloadsRoute(project) {
  return { about: project, method: "GET", path: `/api/projects/${encodeURIComponent(project)}/workloads` };
}
function jobsRoute(project, workload) {
  return {
    about: `${project}/${workload}`,
    method: "POST",
    path: `/endpoint/${encodeURIComponent(project)}/${encodeURIComponent(workload)}/jobs`,
    body: JSON.stringify({ kind: "keyrecall-no-such-kind", body: {} })
  };
}
function controlToken(plane) {
  const prefix = plane === "control" ? "ik_sdk_" : "ik_live_";
  return `${prefix}${randomBytes(4).toString("hex")}_${randomBytes(32).toString("hex")}`;
}

// src/verify/verdict-cache.ts
var LIVE_MS = 5 * 6e4;
var REVOKED_MS = 24 * 60 * 6e4;
var EVIDENCE_MS = 30 * 24 * 60 * 6e4;
function isFresh({ state, checkedAt }, now) {
  const age = now - Date.parse(checkedAt);
  return age >= 0 && age < (state === "live" ? LIVE_MS : REVOKED_MS);
}
function isWorthKeeping(cached, now) {
  return isFresh(cached, now) || cached.lastLive !== null && now - Date.parse(cached.lastLive.at) < EVIDENCE_MS;
}
function fromCache({ state, reason, checkedAt }, api) {
  return { state, api, checkedAt, reason: `${reason} (answered before, not asked again)` };
}

// src/verify/verifier.ts
var DEFAULT_CONCURRENCY = 16;
var DEFAULT_TIMEOUT_MS = 3e4;
var DEFAULT_TOTAL_TIMEOUT_MS = 10 * 6e4;
var MAX_ANSWER_BYTES = 4 * 1024 * 1024;
var MAX_HINTED_ENDPOINTS = 3;
var Verifier = class {
  api;
  #options;
  #client;
  #controls = /* @__PURE__ */ new Map();
  #seenLive = /* @__PURE__ */ new Set();
  constructor(options) {
    this.#options = options;
    this.api = new URL(options.baseUrl).origin;
    const limits = { totalMs: options.timeoutMs ?? DEFAULT_TIMEOUT_MS, maxBytes: MAX_ANSWER_BYTES };
    this.#client = new HttpClient(options.baseUrl, limits, options.concurrency ?? DEFAULT_CONCURRENCY, options.signal);
  }
  /** Each distinct token once. @returns by fingerprint */
  async verifyAll(tokens) {
    const distinct = [...new Map(tokens.map((entry) => [entry.token.fingerprint, entry])).values()];
    const results = /* @__PURE__ */ new Map();
    const deadline = Date.now() + (this.#options.totalTimeoutMs ?? DEFAULT_TOTAL_TIMEOUT_MS);
    let next = 0;
    const work = async () => {
      for (let entry = distinct[next++]; entry !== void 0; entry = distinct[next++]) {
        const result = Date.now() < deadline ? await this.verify(entry) : this.#unanswered("the time limit was reached");
        results.set(entry.token.fingerprint, result);
        this.#options.onProgress?.(results.size, distinct.length);
      }
    };
    const workers = Math.min(this.#options.concurrency ?? DEFAULT_CONCURRENCY, distinct.length);
    await Promise.all(Array.from({ length: workers }, work));
    return results;
  }
  async verify({ token, hints = NO_HINTS }) {
    const { plane } = token;
    if (plane === null) {
      return {
        verdict: { ...UNCHECKED, reason: "its rule names no plane of InferenceKey" },
        route: null,
        isFailure: false
      };
    }
    const { reusesAnswers = false } = this.#options;
    const cache = token.isGuessable ? void 0 : this.#options.cache;
    const cached = cache?.get(this.api, token.fingerprint) ?? null;
    if (reusesAnswers && cached !== null && isFresh(cached, Date.now())) {
      return { verdict: fromCache(cached, this.api), route: null, isFailure: false };
    }
    if (cached?.lastLive) this.#seenLive.add(`${token.fingerprint} ${cached.lastLive.route}`);
    const result = this.#conclude(token, hints, await this.#judge(token, plane, hints));
    const { state, reason, checkedAt } = result.verdict;
    const { route } = result;
    if ((state === "live" || state === "revoked") && checkedAt !== void 0 && route !== null) {
      const lastLive = state === "live" ? { route, at: checkedAt } : cached?.lastLive ?? null;
      cache?.set(this.api, token.fingerprint, { state, reason, checkedAt, lastLive });
    }
    return result;
  }
  /** The workloads of a project that the operator names as theirs, as the token sees them. */
  async listWorkloads(token, project) {
    const answer = await this.#ask(workloadsRoute(project), token.reveal());
    if (answer.kind === "workloads") return { kind: "listed", project, workloads: answer.workloads };
    if (answer.kind === "error" && answer.code === "scope_insufficient") return { kind: "refused", project };
    if (answer.kind === "error" && answer.code === "project_scope_mismatch") return { kind: "other-project", project };
    const why = answer.kind === "error" ? `answered ${answer.status} ${answer.code ?? ""}`.trim() : answer.why;
    return { kind: "unavailable", project, why };
  }
  /** What the API says to a random token, which it cannot know. */
  askControl(plane) {
    return this.#control(plane, firstRoute(plane));
  }
  async close() {
    await this.#client.close();
  }
  /** The first route that tells decides; further ones are asked only where the first told nothing. */
  async #judge(token, plane, hints) {
    const route = firstRoute(plane);
    const first = await this.#judgeBy(token, plane, route);
    if (first.isInconclusive) {
      for (const further of this.#furtherRoutes(plane, hints)) {
        const judgement = await this.#judgeBy(token, plane, further.route);
        if (judgement.isInconclusive || judgement.isFailure) continue;
        const reason = `${judgement.reason}; asked about ${further.what}`;
        return { judgement: { ...judgement, reason }, route: further.route };
      }
    }
    return { judgement: first, route };
  }
  /**
   * Listing is for projects that the operator names. A job of no kind in a workload that stands near the token
   * reads nothing and runs nothing, so that may be asked.
   */
  #furtherRoutes(plane, hints) {
    const { projects = [], workloads = [] } = this.#options;
    if (plane === "control") return projects.map((project) => ({ route: workloadsRoute(project), what: project }));
    const hinted = hints.endpoints.filter((endpoint) => !workloads.includes(endpoint)).slice(0, MAX_HINTED_ENDPOINTS);
    return [
      ...workloads.map((endpoint) => ({ route: jobsRouteOf(endpoint), what: endpoint })),
      ...hinted.map((endpoint) => ({ route: jobsRouteOf(endpoint), what: `${endpoint}, which is named near it` }))
    ];
  }
  async #judgeBy(token, plane, route) {
    const control = await this.#control(plane, route);
    if (control.kind === "none")
      return { state: "unknown", reason: control.why, isInconclusive: false, isFailure: true };
    const answer = await this.#ask(route, token.reveal());
    const key = `${token.fingerprint} ${route.about}`;
    const judgement = judge(answer, control, this.#seenLive.has(key));
    if (judgement.state === "live") this.#seenLive.add(key);
    return judgement;
  }
  #control(plane, route) {
    const key = `${plane} ${route.about}`;
    let control = this.#controls.get(key);
    if (control === void 0) {
      control = this.#ask(route, controlToken(plane));
      this.#controls.set(key, control);
    }
    return control;
  }
  async #ask(route, rawToken) {
    const result = await this.#client.send({
      method: route.method,
      url: `${this.#options.baseUrl}${route.path}`,
      headers: () => ({
        authorization: `Bearer ${rawToken}`,
        accept: "application/json",
        "user-agent": this.#options.userAgent,
        ...route.body === void 0 ? {} : { "content-type": "application/json" }
      }),
      ...route.body === void 0 ? {} : { body: route.body }
    });
    return readAnswer(result);
  }
  #conclude(token, hints, { judgement, route }) {
    const { host } = new URL(this.#options.baseUrl);
    const otherHosts = hints.hosts.filter((hinted) => hinted !== host);
    const checkedAt = (/* @__PURE__ */ new Date()).toISOString();
    const about = { api: this.api, checkedAt };
    if (judgement.state === "revoked" && otherHosts.length > 0) {
      const reason = `${this.api} ${judgement.reason}, but ${otherHosts[0]} is named near it: ask that API (--base-url)`;
      return { verdict: { state: "unknown", reason, ...about }, route: route.about, isFailure: false };
    }
    const hint = judgement.isInconclusive ? adviceFor(token.plane, hints) : "";
    const verdict = { state: judgement.state, reason: `${this.api} ${judgement.reason}${hint}`, ...about };
    return { verdict, route: route.about, isFailure: judgement.isFailure };
  }
  #unanswered(why) {
    const verdict = { state: "unknown", reason: `${this.api} was not asked: ${why}`, api: this.api };
    return { verdict, route: null, isFailure: true };
  }
};
function jobsRouteOf(endpoint) {
  const [project = "", workload = ""] = endpoint.split("/");
  return jobsRoute(project, workload);
}
function adviceFor(plane, hints) {
  if (plane === "control") {
    const named = hints.projects[0];
    return named === void 0 ? "; name its project, if it is yours: --project" : `; the project ${named} is named near it: if it is yours, give --project ${named}`;
  }
  return hints.endpoints.length > 0 ? `; the same for ${hints.endpoints[0]}, which is named near it` : "; name its workload: --workload project/workload";
}

// src/cli/verdict-cache-file.ts
import { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
var MAX_FILE_BYTES = 16 * 1024 * 1024;
function defaultCacheFile() {
  const home = homeDirectory();
  return home === null ? null : path.join(home, ".cache", "keyrecall", "verdicts.json");
}
var VerdictCacheFile = class {
  #file;
  #entries;
  #isChanged = false;
  constructor(file) {
    this.#file = file;
    this.#entries = readEntries(file);
  }
  get(api, fingerprint) {
    return this.#entries.get(`${api} ${fingerprint}`) ?? null;
  }
  set(api, fingerprint, verdict) {
    this.#entries.set(`${api} ${fingerprint}`, verdict);
    this.#isChanged = true;
  }
  /** Writes what still holds. That this fails costs a question the next time, and nothing else. */
  save() {
    if (!this.#isChanged) return;
    const now = Date.now();
    const verdicts = [...this.#entries].filter(([, verdict]) => isWorthKeeping(verdict, now));
    try {
      mkdirSync(path.dirname(this.#file), { recursive: true, mode: 448 });
      const temporary = `${this.#file}.${process.pid}`;
      writeFileSync(temporary, JSON.stringify({ schema: 1, verdicts: Object.fromEntries(verdicts) }), { mode: 384 });
      renameSync(temporary, this.#file);
    } catch {
    }
  }
};
function readEntries(file) {
  const entries = /* @__PURE__ */ new Map();
  try {
    const stat = statSync(file);
    const isOwn = process.getuid === void 0 || stat.uid === process.getuid() && (stat.mode & 18) === 0;
    if (!isOwn || stat.size > MAX_FILE_BYTES) return entries;
    const { schema, verdicts } = JSON.parse(readFileSync(file, "utf8"));
    if (schema !== 1) return entries;
    for (const [key, value] of Object.entries(verdicts)) {
      const verdict = readVerdict(value);
      if (verdict !== null) entries.set(key, verdict);
    }
  } catch {
  }
  return entries;
}
function readVerdict({ state, reason, checkedAt, lastLive }) {
  if (state !== "live" && state !== "revoked") return null;
  if (typeof reason !== "string" || typeof checkedAt !== "string") return null;
  const { route, at } = lastLive ?? {};
  const evidence = typeof route === "string" && typeof at === "string" ? { route, at } : null;
  return { state, reason, checkedAt, lastLive: evidence };
}

// src/cli/commands/verification-options.ts
var USER_AGENT = `keyrecall/${VERSION}`;
async function startVerification(flags, options) {
  const user = await loadUserConfiguration(flags.userConfig ?? null);
  const projects = [.../* @__PURE__ */ new Set([...flags.project ?? [], ...user?.configuration.projects ?? []])];
  const workloads = [.../* @__PURE__ */ new Set([...flags.workload ?? [], ...user?.configuration.workloads ?? []])];
  requireEndpoints(flags.workload ?? []);
  const file = typeof flags.cache === "string" ? flags.cache : flags.cache === false ? null : defaultCacheFile();
  const cache = file === null ? null : new VerdictCacheFile(file);
  const verifier = new Verifier({
    baseUrl: baseUrlOf(flags, user),
    userAgent: USER_AGENT,
    projects,
    workloads,
    ...cache === null ? {} : { cache },
    ...options
  });
  const close = async () => {
    cache?.save();
    await verifier.close();
  };
  return { verifier, projects, user, close };
}
function baseUrlOf(flags, user) {
  if (flags.baseUrl !== void 0) return requireApiUrl(flags.baseUrl, "option");
  const configured = user?.configuration.baseUrl;
  if (configured !== void 0) return requireApiUrl(configured, "configuration");
  const named = process.env["INFERENCEKEY_BASE_URL"]?.trim() ?? "";
  return named === "" ? DEFAULT_API : requireApiUrl(named, "environment");
}
function requireEndpoints(workloads) {
  for (const workload of workloads) {
    if (/^[^/\s]+\/[^/\s]+$/.test(workload)) continue;
    throw new KeyrecallError("usage", `--workload ${workload}: not a workload of a project`, {
      hint: "write it as project/workload"
    });
  }
}
async function openProvider(flags, user, signal) {
  const configured = user?.configuration.revocation;
  const url = flags.revocationUrl ?? configured?.url;
  const kind = flags.provider ?? (url === void 0 ? "manual" : "http");
  if (kind === "manual") {
    const { ManualProvider } = await import("./manual-provider-ZBOOWJSU.js");
    return new ManualProvider();
  }
  if (url === void 0) {
    throw new KeyrecallError("usage", "--provider http needs the address of a provider", {
      hint: "give --revocation-url, or `revocation` in the user configuration; docs/revocation-api.md has the contract"
    });
  }
  const files = flags.secretFile ?? (configured?.secretFiles ?? []).map((file) => path2.resolve(path2.dirname(user.file), file));
  if (files.length === 0 || files.length > 2) {
    throw new KeyrecallError("usage", "a provider needs one secret, or two while one takes the other's place", {
      hint: "give --secret-file FILE"
    });
  }
  const { HttpProvider } = await import("./http-provider-WVBZXGXW.js");
  const address = requireSecureUrl(url, flags.revocationUrl === void 0 ? "the revocation URL" : "--revocation-url");
  return new HttpProvider({ url: address, secrets: files.map(readSecretFile), userAgent: USER_AGENT, signal });
}

export {
  colorsFor,
  startVerification,
  openProvider
};
