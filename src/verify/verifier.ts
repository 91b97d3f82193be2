/** Asks the API about tokens: one request a token, one control a route, a bounded number at a time. */
import { type ApiHints, NO_HINTS } from "../core/api-hints.ts";
import type { Plane, Token } from "../core/token.ts";
import { UNCHECKED, type Verdict } from "../core/verdict.ts";
import { type ApiAnswer, describeAnswer, isOwnAnswer, readAnswer, type Workload } from "./answer.ts";
import { HttpClient } from "./http-client.ts";
import { isOddBeside, type Judgement, judge, type LiveEvidence, unsteady, withoutControl } from "./judge.ts";
import { missingWorkloadRoute, type Reach, readReach } from "./reach.ts";
import { controlFor, firstRoute, jobsRoute, randomToken, type Route, workloadsRoute } from "./route.ts";
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

const DEFAULT_CONCURRENCY = 32;
const DEFAULT_TIMEOUT_MS = 30_000;
const DEFAULT_TOTAL_TIMEOUT_MS = 10 * 60_000;
const MAX_ANSWER_BYTES = 4 * 1024 * 1024;
/** In a long run the API can change: what it said to a random token is asked again after that. */
const CONTROL_MS = 15_000;
/** A control that could not be had is asked for again after that: the next hundred tokens need not wait for it. */
const FAILED_CONTROL_MS = 5000;
/** So many characters of a secret in a row are a piece of it, and no accident. */
const SHOWN_PIECE = 12;
/** More is a text about endpoints, and not what a token is for. */
const MAX_HINTED_ENDPOINTS = 3;

export class Verifier {
  readonly api: string;
  readonly #options: VerifierOptions;
  readonly #client: HttpClient;
  readonly #controls = new Map<string, Promise<Control>>();
  /** By fingerprint and what was asked about. */
  readonly #seenLive = new Map<string, LiveEvidence>();
  /** Projects whose list could not be had: it is not waited for again with each token. */
  readonly #unavailable = new Map<string, WorkloadList>();

  constructor(options: VerifierOptions) {
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
  async verifyAll(tokens: readonly TokenToVerify[]): Promise<Map<string, VerifiedToken>> {
    const results = await this.verifyUntilInterrupted(tokens);
    this.#options.signal?.throwIfAborted();
    return results;
  }

  /** As {@link verifyAll}; an interrupted run gives what it has, and of the rest that it was not asked. */
  async verifyUntilInterrupted(tokens: readonly TokenToVerify[]): Promise<Map<string, VerifiedToken>> {
    const distinct = [...new Map(tokens.map((entry) => [entry.token.fingerprint, entry])).values()];
    const results = new Map<string, VerifiedToken>();
    const deadline = Date.now() + (this.#options.totalTimeoutMs ?? DEFAULT_TOTAL_TIMEOUT_MS);
    let next = 0;
    const work = async (): Promise<void> => {
      for (let entry = distinct[next++]; entry !== undefined; entry = distinct[next++]) {
        results.set(entry.token.fingerprint, await this.#verifyBefore(deadline, entry));
        this.#options.onProgress?.(results.size, distinct.length);
      }
    };
    const workers = Math.min(this.#options.concurrency ?? DEFAULT_CONCURRENCY, distinct.length);
    await Promise.all(Array.from({ length: workers }, work));
    return results;
  }

  async #verifyBefore(deadline: number, entry: TokenToVerify): Promise<VerifiedToken> {
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
    // Two APIs can share an origin.
    const api = this.#options.baseUrl;
    const cached = cache?.get(api, token.fingerprint) ?? null;
    if (reusesAnswers && cached !== null && isFresh(cached, Date.now())) {
      return { verdict: this.#doubt(fromCache(cached, this.api), hints), route: null, isFailure: false };
    }
    if (cached?.lastLive) this.#seenLive.set(`${token.fingerprint} ${cached.lastLive.route}`, cached.lastLive);
    const { judgement, route } = await this.#judge(token, plane, hints);
    const checkedAt = new Date().toISOString();
    const { state, isFailure } = judgement;
    const hint = judgement.isInconclusive ? adviceFor(plane, hints, this.#hasNamed(plane)) : "";
    const reason = `${this.api} ${judgement.reason}${hint}`;
    if (state !== "unknown") {
      const evidence = this.#seenLive.get(`${token.fingerprint} ${route.about}`);
      const lastLive =
        state === "live" && evidence !== undefined
          ? { route: route.about, at: checkedAt, control: evidence.control }
          : (cached?.lastLive ?? null);
      cache?.set(api, token.fingerprint, { state, reason, checkedAt, lastLive });
    }
    const verdict = this.#doubt({ state, reason, api: this.api, checkedAt }, hints);
    return { verdict, route: route.about, isFailure };
  }

  /** The last answer about it is not to be taken from the cache: another one contradicts it, or nothing confirms it. */
  distrust({ fingerprint }: Token): void {
    const { baseUrl, cache } = this.#options;
    const cached = cache?.get(baseUrl, fingerprint) ?? null;
    if (cached === null) return;
    cache?.set(baseUrl, fingerprint, { ...cached, checkedAt: new Date(0).toISOString() });
  }

  /** What a live data token opens, as far as the API tells it by a workload that the operator names. */
  async reach(token: Token, endpoint: string): Promise<Reach> {
    const [project = ""] = endpoint.split("/");
    const ask = (route: Route): Promise<ApiAnswer> => this.#ask(route, token.reveal());
    const nowhere = await ask(firstRoute("data"));
    return readReach(nowhere, await ask(jobsRouteOf(endpoint)), await ask(missingWorkloadRoute(project)));
  }

  /** The workloads of a project that the operator names as theirs, as the token sees them. */
  async listWorkloads(token: Token, project: string): Promise<WorkloadList> {
    const known = this.#unavailable.get(project);
    if (known !== undefined) return known;
    const answer = await this.#ask(workloadsRoute(project), token.reveal());
    if (answer.kind === "workloads") {
      return { kind: "listed", project, workloads: answer.workloads.map((workload) => withoutSecret(workload, token)) };
    }
    if (answer.kind === "error" && answer.code === "scope_insufficient") return { kind: "refused", project };
    if (answer.kind === "error" && answer.code === "project_scope_mismatch") return { kind: "other-project", project };
    if (answer.kind === "error") return { kind: "unavailable", project, why: `answered ${describeAnswer(answer)}` };
    const unavailable: WorkloadList = { kind: "unavailable", project, why: answer.why };
    this.#unavailable.set(project, unavailable);
    return unavailable;
  }

  /** What the API says to a random token, which it cannot know. */
  askControl(plane: Plane): Promise<ApiAnswer> {
    return this.#ask(firstRoute(plane), randomToken(plane));
  }

  async close(): Promise<void> {
    await this.#client.close();
  }

  /** The first route that tells decides; further ones are asked only where the first told nothing. */
  async #judge(token: Token, plane: Plane, hints: ApiHints): Promise<RoutedJudgement> {
    const route = firstRoute(plane);
    const first = await this.#judgeBy(token, route);
    if (first.isInconclusive) {
      for (const further of this.#furtherRoutes(plane, hints)) {
        const judgement = await this.#judgeBy(token, further.route);
        if (judgement.isInconclusive || judgement.isFailure) continue;
        // The first request has told it from a random token, so it is known: this does not say that it is not.
        if (judgement.state === "revoked" && first.isDifference && !judgement.isDifference) continue;
        const reason = `${judgement.reason}; asked about ${further.what}`;
        return { judgement: { ...judgement, reason }, route: further.route };
      }
    }
    return { judgement: first, route };
  }

  #hasNamed(plane: Plane | null): boolean {
    const { projects = [], workloads = [] } = this.#options;
    return (plane === "control" ? projects : workloads).length > 0;
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

  async #judgeBy(token: Token, route: Route): Promise<Judgement> {
    const control = await this.#control(token, route);
    // Without the control nothing can be told, so the token stays here.
    if (!isOwnAnswer(control.answer)) return withoutControl(control.answer);
    const answer = await this.#ask(route, token.reveal());
    const key = `${token.fingerprint} ${route.about}`;
    const before = this.#seenLive.get(key) ?? null;
    let judgement = judge(answer, control.answer, before);
    let latest = control;
    if (judgement.state !== "unknown" && (!this.#isCurrent(control) || isOddBeside(answer, control.answer))) {
      // The API may have become another since it answered the control: a deploy, an outage.
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
  async #control(token: Token, route: Route, not: Control | null = null): Promise<Control> {
    const { shape, makeRaw } = controlFor(token);
    const key = `${shape} ${route.about}`;
    for (;;) {
      const pending = this.#controls.get(key);
      if (pending !== undefined) {
        const control = await pending;
        if (control !== not && this.#isCurrent(control)) return control;
        // For another token it may have been asked anew meanwhile.
        if (this.#controls.get(key) !== pending) continue;
      }
      const fresh = this.#ask(route, makeRaw()).then((answer): Control => ({ answer, at: Date.now() }));
      this.#controls.set(key, fresh);
      return fresh;
    }
  }

  #isCurrent({ answer, at }: Control): boolean {
    const age = Date.now() - at;
    if (age < 0) return false;
    return isOwnAnswer(answer) ? age < CONTROL_MS && at >= this.#client.troubledAt : age < FAILED_CONTROL_MS;
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
    return readAnswer(result, route);
  }

  /** A refusal proves something about the API that gave it, and this token may be for another. */
  #doubt(verdict: Verdict, hints: ApiHints): Verdict {
    const { host, protocol } = new URL(this.#options.baseUrl);
    const own = withPort(host, protocol);
    const other = hints.hosts.find((hinted) => withPort(hinted, "https:") !== own && hinted !== host);
    if (verdict.state !== "revoked" || other === undefined) return verdict;
    const reason = `${verdict.reason}; but ${other} is named near it: if that is an API of yours, ask it (--base-url)`;
    return { ...verdict, state: "unknown", reason };
  }

  #unanswered(why: string): VerifiedToken {
    const verdict: Verdict = { state: "unknown", reason: `${this.api} was not asked: ${why}`, api: this.api };
    return { verdict, route: null, isFailure: true };
  }
}

/** What a random token got. */
interface Control {
  readonly answer: ApiAnswer;
  /** `Date.now()` */
  readonly at: number;
}

interface RoutedJudgement {
  readonly judgement: Judgement;
  readonly route: Route;
}

function jobsRouteOf(endpoint: string): Route {
  const [project = "", workload = ""] = endpoint.split("/");
  return jobsRoute(project, workload);
}

/** What is listed is the API's text and will be shown; an API that repeats what it was sent must not show a token. */
function withoutSecret(workload: Workload, token: Token): Workload {
  const raw = token.reveal();
  const secret = raw.slice(token.prefix.length + (token.publicId?.length ?? 0)).toLowerCase();
  const windows = Array.from({ length: Math.max(0, secret.length - SHOWN_PIECE) }, (_, at) =>
    secret.slice(at, at + SHOWN_PIECE),
  );
  const clean = <Value>(value: Value): Value =>
    typeof value === "string" && windows.some((window) => value.toLowerCase().includes(window))
      ? ("…" as Value)
      : value;
  return Object.fromEntries(
    Object.entries(workload).map(([name, value]) => [name, clean(value)]),
  ) as unknown as Workload;
}

function withPort(host: string, protocol: string): string {
  return /:\d+$/.test(host) ? host : `${host}:${protocol === "http:" ? 80 : 443}`;
}

export type WorkloadList =
  | { readonly kind: "listed"; readonly project: string; readonly workloads: readonly Workload[] }
  /** The token lacks `workload:read`. */
  | { readonly kind: "refused"; readonly project: string }
  | { readonly kind: "other-project"; readonly project: string }
  | { readonly kind: "unavailable"; readonly project: string; readonly why: string };

/** What would help to tell; `isAsked`: what the operator named was asked about already. */
function adviceFor(plane: Plane | null, hints: ApiHints, isAsked: boolean): string {
  if (plane === "control") {
    const named = hints.projects[0];
    return named === undefined
      ? `; name its project, if it is yours${isAsked ? " and another one" : ""}: --project`
      : `; the project ${named} is named near it: if it is yours, give --project ${named}`;
  }
  return hints.endpoints.length > 0
    ? `; the same for ${hints.endpoints[0]}, which is named near it`
    : `; name its workload${isAsked ? ", if it is another one" : ""}: --workload project/workload`;
}
