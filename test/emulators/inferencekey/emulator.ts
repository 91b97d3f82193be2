// An emulator of the InferenceKey API: everything of it that is documented, every way in which the documents can be
// read, and every way in which an answer can go wrong.
import { makeToken, type MadeToken } from "../../support/token.ts";
import type { Answer } from "../http/answer.ts";
import { answerExchange } from "../http/exchange.ts";
import { FaultQueue, type FaultTarget } from "../http/fault-queue.ts";
import type { Fault } from "../http/faults.ts";
import { readRequestBody } from "../http/request-body.ts";
import { startServer, type ServerOptions } from "../http/server.ts";
import { describeError } from "./errors.ts";
import { closeEntry, openEntry, type LoggedRequest, type OpenRequest } from "./request-log.ts";
import { matchRoute, type RouteName } from "./routes.ts";
import { serve } from "./serve.ts";
import {
  fingerprintOfReference,
  PlatformState,
  type Grant,
  type Scope,
  type TokenReference,
  type TokenStatus,
} from "./state.ts";
import { DEFAULT_SWITCHES, type Switches } from "./switches.ts";
import type { Project, Workload, WorkloadBehaviour, WorkloadFields } from "./workload.ts";

export interface InferenceKeyOptions extends ServerOptions {
  readonly switches?: Partial<Switches>;
}

export interface InferenceKeyEmulator {
  readonly baseUrl: string;
  readonly port: number;
  /** Every request since the start, or since `clearRequests`, in the order of arrival. */
  readonly requests: readonly LoggedRequest[];
  clearRequests(): void;

  addProject(slug: string): Project;
  /** Adds the project too, unless it is there. */
  addWorkload(project: string, fields?: WorkloadFields, behaviour?: WorkloadBehaviour): Workload;
  /** What is there now, also after clients have created and deleted. */
  workloadsOf(project: string): Workload[];
  /** Without scopes, the two that the dashboard gives by default. */
  mintControlToken(project: string, scopes?: readonly Scope[]): MadeToken;
  mintDataToken(grants: readonly Grant[]): MadeToken;

  revoke(token: TokenReference): void;
  expire(token: TokenReference): void;
  /** Refused for a reason that is no revocation, until it is restored. */
  suspend(token: TokenReference): void;
  suspendProject(project: string): void;
  /** Back to life, and the project of a token with it. */
  restore(token: TokenReference): void;
  restoreProject(project: string): void;
  /** `unknown` where this platform never minted it. */
  statusOf(token: TokenReference): TokenStatus | "unknown";

  /** Turns switches; the others stay as they are. */
  set(switches: Partial<Switches>): void;
  /** Plays a fault on requests to come; returns what takes it away. */
  inject(fault: Fault, target?: FaultTarget<RouteName>): () => void;
  clearFaults(): void;
  close(): Promise<void>;
}

const BODY_LIMIT = 16 * 1024 * 1024;
const DEFAULT_SCOPES: readonly Scope[] = ["workload:write", "assignment:write"];

export async function startInferenceKey(options: InferenceKeyOptions = {}): Promise<InferenceKeyEmulator> {
  const state = new PlatformState();
  const faults = new FaultQueue<RouteName>();
  const requests: OpenRequest[] = [];
  let switches: Switches = { ...DEFAULT_SWITCHES, ...options.switches };

  const server = await startServer(async (request, response) => {
    const body = await readRequestBody(request, BODY_LIMIT);
    const route = matchRoute(request.method ?? "", request.url ?? "/");
    const entry = openEntry(request, route, body, state, requests.length + 1);
    requests.push(entry);
    closeEntry(entry, response);
    const misfortune = faults.take(entry.route, entry.fingerprint);
    entry.fault = misfortune.fault?.kind ?? (misfortune.delayMilliseconds > 0 ? "latency" : null);
    const act = (): Promise<Answer> => {
      const { answer, effect } = serve(request, route, body, state, switches);
      entry.effect = effect;
      return Promise.resolve(answer);
    };
    await answerExchange({ request, response, act, describe: (error) => describeError(error, switches) }, misfortune);
  }, options);

  return {
    baseUrl: server.origin,
    port: server.port,
    requests,
    clearRequests: () => {
      requests.length = 0;
    },
    addProject: (slug) => state.addProject(slug),
    addWorkload: (project, fields = {}, behaviour = {}) => {
      if (state.findProject(project) === undefined) state.addProject(project);
      return state.addWorkload(project, fields, behaviour);
    },
    workloadsOf: (project) => state.workloadsOf(state.requireProject(project)),
    mintControlToken: (project, scopes = DEFAULT_SCOPES) => {
      const token = makeToken({ plane: "control" });
      const { slug } = state.requireProject(project);
      state.addToken({ plane: "control", fingerprint: token.fingerprint, status: "live", project: slug, scopes });
      return token;
    },
    mintDataToken: (grants) => {
      const token = makeToken({ plane: "data" });
      state.addToken({ plane: "data", fingerprint: token.fingerprint, status: "live", grants });
      return token;
    },
    revoke: (token) => state.setTokenStatus(token, "revoked"),
    expire: (token) => state.setTokenStatus(token, "expired"),
    suspend: (token) => state.setTokenStatus(token, "suspended"),
    restore: (token) => state.setTokenStatus(token, "live"),
    suspendProject: (project) => {
      state.requireProject(project).suspended = true;
    },
    restoreProject: (project) => {
      state.requireProject(project).suspended = false;
    },
    statusOf: (token) => state.findToken(fingerprintOfReference(token))?.status ?? "unknown",
    set: (changes) => {
      switches = { ...switches, ...changes };
    },
    inject: (fault, target) => faults.inject(fault, target),
    clearFaults: () => faults.clear(),
    close: () => server.close(),
  };
}
