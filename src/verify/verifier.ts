/** Asks the API about tokens: one request a token, one control a route, a bounded number at a time. */
import { type ApiHints, NO_HINTS } from "../core/api-hints.ts";
import type { Plane, Token } from "../core/token.ts";
import { UNCHECKED, type Verdict } from "../core/verdict.ts";
import { type ApiAnswer, readAnswer, type Workload } from "./answer.ts";
import { HttpClient } from "./http-client.ts";
import { type Judgement, judge } from "./judge.ts";
import { controlToken, firstRoute, jobsRoute, type Route, workloadsRoute } from "./route.ts";
import { fromCache, isFresh, type VerdictCache } from "./verdict-cache.ts";

export interface VerifierOptions {
  /** From `requireApiUrl`. */
  readonly baseUrl: string;
  readonly userAgent: string;
  /** Slugs of projects that the operator names as theirs: only these are ever listed. */
  readonly projects?: readonly string[];
  /** `project/workload`, named by the operator. */
  readonly workloads?: readonly string[];
  readonly cache?: VerdictCache;
  /** Take answers from the cache that still hold. Without it only what was seen live before is. */
  readonly reusesAnswers?: boolean;
  /** Requests at a time. */
  readonly concurrency?: number;
  /** For one token, repeated attempts included. */
  readonly timeoutMs?: number;
  /** For all tokens together; those that are left then are unknown. */
  readonly totalTimeoutMs?: number;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: (done: number, total: number) => void;
}

export interface TokenToVerify {
  readonly token: Token;
  readonly hints?: ApiHints;
}

export interface VerifiedToken {
  readonly verdict: Verdict;
  /** What was asked; null where the verdict was not asked for now. Two verdicts compare only by the same route. */
  readonly route: string | null;
  /** There was no answer to judge: the verdict says why. */
  readonly isFailure: boolean;
}

const DEFAULT_CONCURRENCY = 16;
const DEFAULT_TIMEOUT_MS = 30_000;
const DEFAULT_TOTAL_TIMEOUT_MS = 10 * 60_000;
const MAX_ANSWER_BYTES = 4 * 1024 * 1024;
/** More is a text about endpoints, and not what a token is for. */
const MAX_HINTED_ENDPOINTS = 3;

export class Verifier {
  readonly api: string;
  readonly #options: VerifierOptions;
  readonly #client: HttpClient;
  readonly #controls = new Map<string, Promise<ApiAnswer>>();
  readonly #seenLive = new Set<string>();

  constructor(options: VerifierOptions) {
    this.#options = options;
    this.api = new URL(options.baseUrl).origin;
    const limits = { totalMs: options.timeoutMs ?? DEFAULT_TIMEOUT_MS, maxBytes: MAX_ANSWER_BYTES };
    this.#client = new HttpClient(options.baseUrl, limits, options.concurrency ?? DEFAULT_CONCURRENCY, options.signal);
  }

  /** Each distinct token once. @returns by fingerprint */
  async verifyAll(tokens: readonly TokenToVerify[]): Promise<Map<string, VerifiedToken>> {
    const distinct = [...new Map(tokens.map((entry) => [entry.token.fingerprint, entry])).values()];
    const results = new Map<string, VerifiedToken>();
    const deadline = Date.now() + (this.#options.totalTimeoutMs ?? DEFAULT_TOTAL_TIMEOUT_MS);
    let next = 0;
    const work = async (): Promise<void> => {
      for (let entry = distinct[next++]; entry !== undefined; entry = distinct[next++]) {
        const result =
          Date.now() < deadline ? await this.verify(entry) : this.#unanswered("the time limit was reached");
        results.set(entry.token.fingerprint, result);
        this.#options.onProgress?.(results.size, distinct.length);
      }
    };
    const workers = Math.min(this.#options.concurrency ?? DEFAULT_CONCURRENCY, distinct.length);
    await Promise.all(Array.from({ length: workers }, work));
    return results;
  }

  async verify({ token, hints = NO_HINTS }: TokenToVerify): Promise<VerifiedToken> {
    const { plane } = token;
    if (plane === null) {
      return {
        verdict: { ...UNCHECKED, reason: "its rule names no plane of InferenceKey" },
        route: null,
        isFailure: false,
      };
    }
    const { reusesAnswers = false } = this.#options;
    // The hash of what can be guessed is not kept.
    const cache = token.isGuessable ? undefined : this.#options.cache;
    const cached = cache?.get(this.api, token.fingerprint) ?? null;
    if (reusesAnswers && cached !== null && isFresh(cached, Date.now())) {
      return { verdict: fromCache(cached, this.api), route: null, isFailure: false };
    }
    if (cached?.lastLive) this.#seenLive.add(`${token.fingerprint} ${cached.lastLive.route}`);
    const result = this.#conclude(token, hints, await this.#judge(token, plane, hints));
    const { state, reason, checkedAt } = result.verdict;
    const { route } = result;
    if ((state === "live" || state === "revoked") && checkedAt !== undefined && route !== null) {
      const lastLive = state === "live" ? { route, at: checkedAt } : (cached?.lastLive ?? null);
      cache?.set(this.api, token.fingerprint, { state, reason, checkedAt, lastLive });
    }
    return result;
  }

  /** The workloads of a project that the operator names as theirs, as the token sees them. */
  async listWorkloads(token: Token, project: string): Promise<WorkloadList> {
    const answer = await this.#ask(workloadsRoute(project), token.reveal());
    if (answer.kind === "workloads") return { kind: "listed", project, workloads: answer.workloads };
    if (answer.kind === "error" && answer.code === "scope_insufficient") return { kind: "refused", project };
    if (answer.kind === "error" && answer.code === "project_scope_mismatch") return { kind: "other-project", project };
    const why = answer.kind === "error" ? `answered ${answer.status} ${answer.code ?? ""}`.trim() : answer.why;
    return { kind: "unavailable", project, why };
  }

  /** What the API says to a random token, which it cannot know. */
  askControl(plane: Plane): Promise<ApiAnswer> {
    return this.#control(plane, firstRoute(plane));
  }

  async close(): Promise<void> {
    await this.#client.close();
  }

  /** The first route that tells decides; further ones are asked only where the first told nothing. */
  async #judge(token: Token, plane: Plane, hints: ApiHints): Promise<RoutedJudgement> {
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
  #furtherRoutes(plane: Plane, hints: ApiHints): { route: Route; what: string }[] {
    const { projects = [], workloads = [] } = this.#options;
    if (plane === "control") return projects.map((project) => ({ route: workloadsRoute(project), what: project }));
    const hinted = hints.endpoints.filter((endpoint) => !workloads.includes(endpoint)).slice(0, MAX_HINTED_ENDPOINTS);
    return [
      ...workloads.map((endpoint) => ({ route: jobsRouteOf(endpoint), what: endpoint })),
      ...hinted.map((endpoint) => ({ route: jobsRouteOf(endpoint), what: `${endpoint}, which is named near it` })),
    ];
  }

  async #judgeBy(token: Token, plane: Plane, route: Route): Promise<Judgement> {
    const control = await this.#control(plane, route);
    // Without the control nothing can be told, so the token stays here.
    if (control.kind === "none")
      return { state: "unknown", reason: control.why, isInconclusive: false, isFailure: true };
    const answer = await this.#ask(route, token.reveal());
    const key = `${token.fingerprint} ${route.about}`;
    const judgement = judge(answer, control, this.#seenLive.has(key));
    if (judgement.state === "live") this.#seenLive.add(key);
    return judgement;
  }

  #control(plane: Plane, route: Route): Promise<ApiAnswer> {
    const key = `${plane} ${route.about}`;
    let control = this.#controls.get(key);
    if (control === undefined) {
      control = this.#ask(route, controlToken(plane));
      this.#controls.set(key, control);
    }
    return control;
  }

  async #ask(route: Route, rawToken: string): Promise<ApiAnswer> {
    const result = await this.#client.send({
      method: route.method,
      url: `${this.#options.baseUrl}${route.path}`,
      headers: () => ({
        authorization: `Bearer ${rawToken}`,
        accept: "application/json",
        "user-agent": this.#options.userAgent,
        ...(route.body === undefined ? {} : { "content-type": "application/json" }),
      }),
      ...(route.body === undefined ? {} : { body: route.body }),
    });
    return readAnswer(result);
  }

  #conclude(token: Token, hints: ApiHints, { judgement, route }: RoutedJudgement): VerifiedToken {
    const { host } = new URL(this.#options.baseUrl);
    const otherHosts = hints.hosts.filter((hinted) => hinted !== host);
    const checkedAt = new Date().toISOString();
    const about = { api: this.api, checkedAt };
    if (judgement.state === "revoked" && otherHosts.length > 0) {
      // A 401 proves something about the API that gave it, and this token seems to be for another.
      const reason = `${this.api} ${judgement.reason}, but ${otherHosts[0]} is named near it: ask that API (--base-url)`;
      return { verdict: { state: "unknown", reason, ...about }, route: route.about, isFailure: false };
    }
    const hint = judgement.isInconclusive ? adviceFor(token.plane, hints) : "";
    const verdict: Verdict = { state: judgement.state, reason: `${this.api} ${judgement.reason}${hint}`, ...about };
    return { verdict, route: route.about, isFailure: judgement.isFailure };
  }

  #unanswered(why: string): VerifiedToken {
    const verdict: Verdict = { state: "unknown", reason: `${this.api} was not asked: ${why}`, api: this.api };
    return { verdict, route: null, isFailure: true };
  }
}

interface RoutedJudgement {
  readonly judgement: Judgement;
  readonly route: Route;
}

function jobsRouteOf(endpoint: string): Route {
  const [project = "", workload = ""] = endpoint.split("/");
  return jobsRoute(project, workload);
}

export type WorkloadList =
  | { readonly kind: "listed"; readonly project: string; readonly workloads: readonly Workload[] }
  /** The token lacks `workload:read`. */
  | { readonly kind: "refused"; readonly project: string }
  | { readonly kind: "other-project"; readonly project: string }
  | { readonly kind: "unavailable"; readonly project: string; readonly why: string };

function adviceFor(plane: Plane | null, hints: ApiHints): string {
  if (plane === "control") {
    const named = hints.projects[0];
    return named === undefined
      ? "; name its project, if it is yours: --project"
      : `; the project ${named} is named near it: if it is yours, give --project ${named}`;
  }
  return hints.endpoints.length > 0
    ? `; the same for ${hints.endpoints[0]}, which is named near it`
    : "; name its workload: --workload project/workload";
}
