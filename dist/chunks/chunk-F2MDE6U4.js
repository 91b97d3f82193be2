import {
  HttpClient
} from "./chunk-RMH7QLIH.js";
import {
  NO_HINTS
} from "./chunk-FC2B4G5J.js";

// src/core/verdict.ts
var UNCHECKED = { state: "unchecked", reason: "verification was not asked for" };

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

export {
  UNCHECKED,
  isWorthKeeping,
  Verifier
};
