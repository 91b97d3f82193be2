/** The only requests that verifying ever makes. Source: the vendor's wire format and async-jobs guides. */
import { randomBytes, randomInt } from "node:crypto";
import type { Plane, Token } from "../core/token.ts";

/** One request, whatever the token. */
export interface Route {
  /** What is asked about: the same in every run, and what two verdicts are compared by. */
  readonly about: string;
  readonly method: "GET" | "POST";
  /** Behind the base URL. */
  readonly path: string;
  readonly body?: string;
}

const NOBODYS_SLUG = `keyrecall-${randomBytes(16).toString("hex")}`;

/**
 * Names a project that does not exist, so it reads nobody's data: what counts is how the API refuses it.
 * On the data plane the jobs route, which is checked by the platform itself; a `/v1/…` route can wake a GPU and
 * reach the workload's own process. A kind of job that does not exist is refused at submission and nothing runs.
 */
export function firstRoute(plane: Plane): Route {
  const route = plane === "control" ? workloadsRoute(NOBODYS_SLUG) : jobsRoute(NOBODYS_SLUG, NOBODYS_SLUG);
  return { ...route, about: "nobody's project" };
}

export function workloadsRoute(project: string): Route {
  return { about: project, method: "GET", path: `/api/projects/${encodeURIComponent(project)}/workloads` };
}

export function jobsRoute(project: string, workload: string): Route {
  return {
    about: `${project}/${workload}`,
    method: "POST",
    path: `/endpoint/${encodeURIComponent(project)}/${encodeURIComponent(workload)}/jobs`,
    body: JSON.stringify({ kind: "keyrecall-no-such-kind", body: {} }),
  };
}

export interface ControlToken {
  /** The same for all tokens that one control stands for. */
  readonly shape: string;
  readonly makeRaw: () => string;
}

/** A token of the plane's documented shape that the API cannot know. */
export function randomToken(plane: Plane): string {
  const prefix = plane === "control" ? "ik_sdk_" : "ik_live_";
  return `${prefix}${randomBytes(4).toString("hex")}_${randomBytes(32).toString("hex")}`;
}

/**
 * A random token of the same shape: the API cannot know it, and has no other reason to answer it differently. One of
 * another shape could be refused for that shape alone.
 */
export function controlFor(token: Token): ControlToken {
  const runs = (
    token
      .reveal()
      .slice(token.prefix.length)
      .match(/[A-Za-z0-9]+|[^A-Za-z0-9]+/g) ?? []
  ).map(describeRun);
  return {
    shape: token.prefix + runs.map(({ name, text }) => (name === null ? text : `${name}${text.length}`)).join(""),
    makeRaw: () => token.prefix + runs.map(randomLike).join(""),
  };
}

interface Run {
  readonly text: string;
  /** Of its alphabet; null where it is kept as it is. */
  readonly name: string | null;
  readonly alphabet: string;
}

/** In the order in which a run is held against them. */
const ALPHABETS: readonly (readonly [name: string, pattern: RegExp, alphabet: string])[] = [
  ["hex", /^[0-9a-f]+$/, "0123456789abcdef"],
  ["HEX", /^[0-9A-F]+$/, "0123456789ABCDEF"],
  ["lower", /^[0-9a-z]+$/, "0123456789abcdefghijklmnopqrstuvwxyz"],
  ["mixed", /^[0-9a-zA-Z]+$/, "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"],
];

function describeRun(text: string): Run {
  const [name = null, , alphabet = ""] = ALPHABETS.find(([, pattern]) => pattern.test(text)) ?? [];
  return { text, name, alphabet };
}

function randomLike({ text, name, alphabet }: Run): string {
  return name === null ? text : Array.from(text, () => alphabet[randomInt(alphabet.length)]).join("");
}
