import {
  HttpClient
} from "./chunk-EKP7VN57.js";
import {
  UNCHECKED
} from "./chunk-RYGG6NHQ.js";
import {
  NO_HINTS
} from "./chunk-BNOIKOU6.js";

// src/verify/answer.ts
function isOwnAnswer(answer) {
  return answer.kind === "workloads" || answer.kind === "error";
}
function describeAnswer(answer) {
  if (answer.kind === "workloads") return "200 with workloads";
  if (answer.kind === "error") return answer.code === null ? String(answer.status) : `${answer.status} ${answer.code}`;
  return answer.why;
}
function readAnswer(result, { method }) {
  if (result.kind === "failure") return { kind: "none", why: result.why };
  const { status } = result;
  const foreign = (why) => ({ kind: "foreign", status, why: `answered ${status} ${why}` });
  if (status >= 300 && status < 400) {
    return foreign(`and redirects to ${result.location ?? "nowhere"}, which is not followed`);
  }
  if (status === 429 || status >= 500) return { kind: "none", why: `answered ${status} each time it was asked` };
  if (result.contentEncoding !== null && result.contentEncoding !== "identity")
    return foreign("in an encoding that was not asked for");
  if (result.body.length === 0) return foreign("with an empty body");
  if (result.contentType !== null && !/^application\/([\w.+-]+\+)?json\b/i.test(result.contentType)) {
    return foreign("with something that is not JSON (a login page or a proxy?)");
  }
  const value = parseJson(result.body);
  if (value === void 0) return foreign("with broken JSON");
  if (status < 300) {
    const workloads = status === 200 && method === "GET" ? readWorkloads(value) : null;
    return workloads === null ? foreign("with JSON that is not InferenceKey's") : { kind: "workloads", status: 200, workloads };
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
  if (!isRecord(value) || OTHERS_FIELDS.some((field) => field in value)) return null;
  const { error } = value;
  if (typeof error === "string") return isCode(error) ? { code: error } : null;
  if (!isRecord(error) || "type" in error || "param" in error) return null;
  const { code = null, message } = error;
  if (code === null) return typeof message === "string" ? { code: null } : null;
  return typeof code === "string" && isCode(code) ? { code } : null;
}
var OTHERS_FIELDS = ["error_description", "error_type"];
function isCode(text) {
  return text.length <= 64 && /^[a-z][a-z0-9]*(_[a-z0-9]+)*$/.test(text) && !/[0-9a-f]{12}/.test(text);
}
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
var OTHER_REASON = /(^|_)(suspended|suspension|paused|quota|limit|limited|rate|billing|payment|credits?|balance|plan|subscription|trial|licen[cs]e|ip|network|region|country|geo|firewall|maintenance|endpoint|workload|project|organi[sz]ation|account|jobs?|feature)(_|$)/;
function judge(token, control, before) {
  if (token.kind === "none") return failure(token.why);
  if (token.kind === "foreign") return failure(`${token.why}; that is not InferenceKey's API`);
  if (!isOwnAnswer(control)) return withoutControl(control);
  const isSame = describeAnswer(control) === describeAnswer(token);
  if (token.kind === "workloads") {
    return isSame ? undecided(token, control) : live("listed workloads", control);
  }
  switch (token.status) {
    case 401:
      return control.kind === "workloads" ? undecided(token, control) : revoked(
        isUnauthenticated(control) ? "does not recognise it (401), nor a random token" : `does not recognise it (401); a random token got ${describeAnswer(control)}`,
        !isUnauthenticated(control)
      );
    case 403:
      return judgeForbidden(token.code ?? "", token, control, before);
    case 400:
      return againstUnauthenticated(token, control, "let it through to checking the request (400)");
    case 404:
      return againstUnauthenticated(token, control, "let it through to looking for the project (404)");
    default:
      return unknown(`answered ${describeAnswer(token)}, which says nothing about it`);
  }
}
function judgeForbidden(code, token, control, before) {
  const controlAnswer = describeAnswer(control);
  const isSame = controlAnswer === describeAnswer(token);
  if (AUTHENTICATED_CODES.has(code)) {
    return isSame || isRecognised(control) ? undecided(token, control) : live(`recognised it and refused it for its scope (${code})`, control);
  }
  if (code === "wrong_credential_type") {
    return againstUnauthenticated(token, control, "recognised it as a token of the other plane");
  }
  if (OTHER_REASON.test(code)) {
    return isSame ? undecided(token, control) : inconclusive(`refused it (${describeAnswer(token)}) for a reason that can pass: look in the dashboard`, true);
  }
  if (isSame) {
    return before?.control === controlAnswer ? revoked("refuses it as it refuses a random token (403), and accepted it before", false) : undecided(token, control);
  }
  if (DEAD_CODE.test(code)) {
    return revoked(`says that it is ${code.includes("expired") ? "expired" : "revoked"} (403 ${code})`, true);
  }
  if (before !== null) return revoked("refuses it (403), and accepted it before", true);
  return inconclusive(
    `refused it (${describeAnswer(token)}) and was never seen to accept it: it is revoked, or over its quota, suspended or shut out; the dashboard tells`,
    true
  );
}
function withoutControl(control) {
  return failure(
    control.kind === "none" ? control.why : `${control.why}, asked about a random token; that is not InferenceKey's API`
  );
}
function unsteady(first, second) {
  return unknown(
    `changed its answer while it was asked: it ${first.reason}; then it ${second.reason}; ask again later`
  );
}
function isOddBeside(token, control) {
  return token.kind === "error" && token.status === 401 && !isUnauthenticated(control);
}
function againstUnauthenticated(token, control, what) {
  return isUnauthenticated(control) ? live(what, control) : undecided(token, control);
}
function live(what, control) {
  return {
    state: "live",
    reason: `${what}; a random token is not recognised (${describeAnswer(control)})`,
    isInconclusive: false,
    isFailure: false,
    isDifference: true
  };
}
function revoked(reason, isDifference) {
  return { state: "revoked", reason, isInconclusive: false, isFailure: false, isDifference };
}
function unknown(reason) {
  return { state: "unknown", reason, isInconclusive: false, isFailure: false, isDifference: false };
}
function inconclusive(reason, isDifference) {
  return { ...unknown(reason), isInconclusive: true, isDifference };
}
function failure(reason) {
  return { ...unknown(reason), isFailure: true };
}
function undecided(token, control) {
  const [own, others] = [describeAnswer(token), describeAnswer(control)];
  return inconclusive(
    own === others ? `answers a random token the same (${own})` : `answered ${own} where a random token got ${others}, which does not tell them apart`,
    own !== others
  );
}
function isUnauthenticated(answer) {
  return answer.kind === "error" && answer.status === 401;
}
function isRecognised(answer) {
  return answer.kind === "workloads" || AUTHENTICATED_CODES.has(answer.code ?? "");
}

// src/verify/reach.ts
import { randomBytes as randomBytes2 } from "node:crypto";

// src/verify/route.ts
import { randomBytes, randomInt } from "node:crypto";
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
function randomToken(plane) {
  const prefix = plane === "control" ? "ik_sdk_" : "ik_live_";
  return `${prefix}${randomBytes(4).toString("hex")}_${randomBytes(32).toString("hex")}`;
}
function controlFor(token) {
  const runs = (token.reveal().slice(token.prefix.length).match(/[A-Za-z0-9]+|[^A-Za-z0-9]+/g) ?? []).map(describeRun);
  return {
    shape: token.prefix + runs.map(({ name, text }) => name === null ? text : `${name}${text.length}`).join(""),
    makeRaw: () => token.prefix + runs.map(randomLike).join("")
  };
}
var ALPHABETS = [
  ["hex", /^[0-9a-f]+$/, "0123456789abcdef"],
  ["HEX", /^[0-9A-F]+$/, "0123456789ABCDEF"],
  ["lower", /^[0-9a-z]+$/, "0123456789abcdefghijklmnopqrstuvwxyz"],
  ["mixed", /^[0-9a-zA-Z]+$/, "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"]
];
function describeRun(text) {
  const [name = null, , alphabet = ""] = ALPHABETS.find(([, pattern]) => pattern.test(text)) ?? [];
  return { text, name, alphabet };
}
function randomLike({ text, name, alphabet }) {
  return name === null ? text : Array.from(text, () => alphabet[randomInt(alphabet.length)]).join("");
}

// src/verify/reach.ts
function missingWorkloadRoute(project) {
  return jobsRoute(project, `keyrecall-${randomBytes2(16).toString("hex")}`);
}
function readReach(nowhere, there, missing) {
  const isScopeFirst = nowhere.kind === "error" && nowhere.status === 403;
  if (isRefusedForScope(there)) return { workload: false, project: false };
  const workload = isScopeFirst && isError(there, 400) ? true : null;
  if (isRefusedForScope(missing)) return { workload, project: false };
  const isLetThrough = workload === true && (isError(missing, 404) || isError(missing, 400));
  return { workload, project: isLetThrough ? true : null };
}
function isError(answer, status) {
  return answer.kind === "error" && answer.status === status;
}
function isRefusedForScope(answer) {
  if (answer.kind !== "error" || answer.status !== 403) return false;
  return answer.code === "project_scope_mismatch" || answer.code === "scope_insufficient";
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
var DEFAULT_CONCURRENCY = 32;
var DEFAULT_TIMEOUT_MS = 3e4;
var DEFAULT_TOTAL_TIMEOUT_MS = 10 * 6e4;
var MAX_ANSWER_BYTES = 4 * 1024 * 1024;
var CONTROL_MS = 15e3;
var FAILED_CONTROL_MS = 5e3;
var SHOWN_PIECE = 12;
var MAX_HINTED_ENDPOINTS = 3;
var Verifier = class {
  api;
  #options;
  #client;
  #controls = /* @__PURE__ */ new Map();
  /** By fingerprint and what was asked about. */
  #seenLive = /* @__PURE__ */ new Map();
  /** Projects whose list could not be had: it is not waited for again with each token. */
  #unavailable = /* @__PURE__ */ new Map();
  constructor(options) {
    this.#options = options;
    this.api = new URL(options.baseUrl).origin;
    const limits = { totalMs: options.timeoutMs ?? DEFAULT_TIMEOUT_MS, maxBytes: MAX_ANSWER_BYTES };
    this.#client = new HttpClient(options.baseUrl, limits, options.concurrency ?? DEFAULT_CONCURRENCY, options.signal);
  }
  /**
   * Each distinct token once.
   *
   * @returns by fingerprint
   * @throws the signal's reason, when it is aborted
   */
  async verifyAll(tokens) {
    const results = await this.verifyUntilInterrupted(tokens);
    this.#options.signal?.throwIfAborted();
    return results;
  }
  /** As {@link verifyAll}; an interrupted run gives what it has, and of the rest that it was not asked. */
  async verifyUntilInterrupted(tokens) {
    const distinct = [...new Map(tokens.map((entry) => [entry.token.fingerprint, entry])).values()];
    const results = /* @__PURE__ */ new Map();
    const deadline = Date.now() + (this.#options.totalTimeoutMs ?? DEFAULT_TOTAL_TIMEOUT_MS);
    let next = 0;
    const work = async () => {
      for (let entry = distinct[next++]; entry !== void 0; entry = distinct[next++]) {
        results.set(entry.token.fingerprint, await this.#verifyBefore(deadline, entry));
        this.#options.onProgress?.(results.size, distinct.length);
      }
    };
    const workers = Math.min(this.#options.concurrency ?? DEFAULT_CONCURRENCY, distinct.length);
    await Promise.all(Array.from({ length: workers }, work));
    return results;
  }
  async #verifyBefore(deadline, entry) {
    const { signal } = this.#options;
    if (Date.now() >= deadline) return this.#unanswered("the time limit was reached");
    try {
      signal?.throwIfAborted();
      return await this.verify(entry);
    } catch (error) {
      if (signal?.aborted) return this.#unanswered("interrupted");
      throw error;
    }
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
    const api = this.#options.baseUrl;
    const cached = cache?.get(api, token.fingerprint) ?? null;
    if (reusesAnswers && cached !== null && isFresh(cached, Date.now())) {
      return { verdict: this.#doubt(fromCache(cached, this.api), hints), route: null, isFailure: false };
    }
    if (cached?.lastLive) this.#seenLive.set(`${token.fingerprint} ${cached.lastLive.route}`, cached.lastLive);
    const { judgement, route } = await this.#judge(token, plane, hints);
    const checkedAt = (/* @__PURE__ */ new Date()).toISOString();
    const { state, isFailure } = judgement;
    const hint = judgement.isInconclusive ? adviceFor(plane, hints, this.#hasNamed(plane)) : "";
    const reason = `${this.api} ${judgement.reason}${hint}`;
    if (state !== "unknown") {
      const evidence = this.#seenLive.get(`${token.fingerprint} ${route.about}`);
      const lastLive = state === "live" && evidence !== void 0 ? { route: route.about, at: checkedAt, control: evidence.control } : cached?.lastLive ?? null;
      cache?.set(api, token.fingerprint, { state, reason, checkedAt, lastLive });
    }
    const verdict = this.#doubt({ state, reason, api: this.api, checkedAt }, hints);
    return { verdict, route: route.about, isFailure };
  }
  /** The last answer about it is not to be taken from the cache: another one contradicts it, or nothing confirms it. */
  distrust({ fingerprint }) {
    const { baseUrl, cache } = this.#options;
    const cached = cache?.get(baseUrl, fingerprint) ?? null;
    if (cached === null) return;
    cache?.set(baseUrl, fingerprint, { ...cached, checkedAt: (/* @__PURE__ */ new Date(0)).toISOString() });
  }
  /** What a live data token opens, as far as the API tells it by a workload that the operator names. */
  async reach(token, endpoint) {
    const [project = ""] = endpoint.split("/");
    const ask = (route) => this.#ask(route, token.reveal());
    const nowhere = await ask(firstRoute("data"));
    return readReach(nowhere, await ask(jobsRouteOf(endpoint)), await ask(missingWorkloadRoute(project)));
  }
  /** The workloads of a project that the operator names as theirs, as the token sees them. */
  async listWorkloads(token, project) {
    const known = this.#unavailable.get(project);
    if (known !== void 0) return known;
    const answer = await this.#ask(workloadsRoute(project), token.reveal());
    if (answer.kind === "workloads") {
      return { kind: "listed", project, workloads: answer.workloads.map((workload) => withoutSecret(workload, token)) };
    }
    if (answer.kind === "error" && answer.code === "scope_insufficient") return { kind: "refused", project };
    if (answer.kind === "error" && answer.code === "project_scope_mismatch") return { kind: "other-project", project };
    if (answer.kind === "error") return { kind: "unavailable", project, why: `answered ${describeAnswer(answer)}` };
    const unavailable = { kind: "unavailable", project, why: answer.why };
    this.#unavailable.set(project, unavailable);
    return unavailable;
  }
  /** What the API says to a random token, which it cannot know. */
  askControl(plane) {
    return this.#ask(firstRoute(plane), randomToken(plane));
  }
  async close() {
    await this.#client.close();
  }
  /** The first route that tells decides; further ones are asked only where the first told nothing. */
  async #judge(token, plane, hints) {
    const route = firstRoute(plane);
    const first = await this.#judgeBy(token, route);
    if (first.isInconclusive) {
      for (const further of this.#furtherRoutes(plane, hints)) {
        const judgement = await this.#judgeBy(token, further.route);
        if (judgement.isInconclusive || judgement.isFailure) continue;
        if (judgement.state === "revoked" && first.isDifference && !judgement.isDifference) continue;
        const reason = `${judgement.reason}; asked about ${further.what}`;
        return { judgement: { ...judgement, reason }, route: further.route };
      }
    }
    return { judgement: first, route };
  }
  #hasNamed(plane) {
    const { projects = [], workloads = [] } = this.#options;
    return (plane === "control" ? projects : workloads).length > 0;
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
  async #judgeBy(token, route) {
    const control = await this.#control(token, route);
    if (!isOwnAnswer(control.answer)) return withoutControl(control.answer);
    const answer = await this.#ask(route, token.reveal());
    const key = `${token.fingerprint} ${route.about}`;
    const before = this.#seenLive.get(key) ?? null;
    let judgement = judge(answer, control.answer, before);
    let latest = control;
    if (judgement.state !== "unknown" && (!this.#isCurrent(control) || isOddBeside(answer, control.answer))) {
      latest = await this.#control(token, route, control);
      if (!isOwnAnswer(latest.answer)) return withoutControl(latest.answer);
      const isSteady = describeAnswer(latest.answer) === describeAnswer(control.answer);
      const again = isSteady && !isOddBeside(answer, control.answer) ? answer : await this.#ask(route, token.reveal());
      const second = judge(again, latest.answer, before);
      if (second.isFailure) return second;
      judgement = second.state === judgement.state ? second : unsteady(judgement, second);
    }
    if (judgement.state === "live") this.#seenLive.set(key, { control: describeAnswer(latest.answer) });
    return judgement;
  }
  /** One for all tokens of a shape, while it is current. @param not one that will not do any more */
  async #control(token, route, not = null) {
    const { shape, makeRaw } = controlFor(token);
    const key = `${shape} ${route.about}`;
    for (; ; ) {
      const pending = this.#controls.get(key);
      if (pending !== void 0) {
        const control = await pending;
        if (control !== not && this.#isCurrent(control)) return control;
        if (this.#controls.get(key) !== pending) continue;
      }
      const fresh = this.#ask(route, makeRaw()).then((answer) => ({ answer, at: Date.now() }));
      this.#controls.set(key, fresh);
      return fresh;
    }
  }
  #isCurrent({ answer, at }) {
    const age = Date.now() - at;
    if (age < 0) return false;
    return isOwnAnswer(answer) ? age < CONTROL_MS && at >= this.#client.troubledAt : age < FAILED_CONTROL_MS;
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
    return readAnswer(result, route);
  }
  /** A refusal proves something about the API that gave it, and this token may be for another. */
  #doubt(verdict, hints) {
    const { host, protocol } = new URL(this.#options.baseUrl);
    const own = withPort(host, protocol);
    const other = hints.hosts.find((hinted) => withPort(hinted, "https:") !== own && hinted !== host);
    if (verdict.state !== "revoked" || other === void 0) return verdict;
    const reason = `${verdict.reason}; but ${other} is named near it: if that is an API of yours, ask it (--base-url)`;
    return { ...verdict, state: "unknown", reason };
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
function withoutSecret(workload, token) {
  const raw = token.reveal();
  const secret = raw.slice(token.prefix.length + (token.publicId?.length ?? 0)).toLowerCase();
  const windows = Array.from(
    { length: Math.max(0, secret.length - SHOWN_PIECE) },
    (_, at) => secret.slice(at, at + SHOWN_PIECE)
  );
  const clean = (value) => typeof value === "string" && windows.some((window) => value.toLowerCase().includes(window)) ? "…" : value;
  return Object.fromEntries(
    Object.entries(workload).map(([name, value]) => [name, clean(value)])
  );
}
function withPort(host, protocol) {
  return /:\d+$/.test(host) ? host : `${host}:${protocol === "http:" ? 80 : 443}`;
}
function adviceFor(plane, hints, isAsked) {
  if (plane === "control") {
    const named = hints.projects[0];
    return named === void 0 ? `; name its project, if it is yours${isAsked ? " and another one" : ""}: --project` : `; the project ${named} is named near it: if it is yours, give --project ${named}`;
  }
  return hints.endpoints.length > 0 ? `; the same for ${hints.endpoints[0]}, which is named near it` : `; name its workload${isAsked ? ", if it is another one" : ""}: --workload project/workload`;
}

export {
  isWorthKeeping,
  Verifier
};
