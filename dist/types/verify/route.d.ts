import type { Plane, Token } from "../core/token.js";
/** One request, whatever the token. */
export interface Route {
    /** What is asked about: the same in every run, and what two verdicts are compared by. */
    readonly about: string;
    readonly method: "GET" | "POST";
    /** Behind the base URL. */
    readonly path: string;
    readonly body?: string;
}
/**
 * Names a project that does not exist, so it reads nobody's data: what counts is how the API refuses it.
 * On the data plane the jobs route, which is checked by the platform itself; a `/v1/…` route can wake a GPU and
 * reach the workload's own process. A kind of job that does not exist is refused at submission and nothing runs.
 */
export declare function firstRoute(plane: Plane): Route;
export declare function workloadsRoute(project: string): Route;
export declare function jobsRoute(project: string, workload: string): Route;
export interface ControlToken {
    /** The same for all tokens that one control stands for. */
    readonly shape: string;
    readonly makeRaw: () => string;
}
/** A token of the plane's documented shape that the API cannot know. */
export declare function randomToken(plane: Plane): string;
/**
 * A random token of the same shape: the API cannot know it, and has no other reason to answer it differently. One of
 * another shape could be refused for that shape alone.
 */
export declare function controlFor(token: Token): ControlToken;
