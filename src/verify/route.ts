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
  readonly raw: string;
}

/**
 * A random token of the same shape: the API cannot know it, and has no other reason to answer it differently. One of
 * another shape could be refused for that shape alone.
 */
export function controlFor(token: Token): ControlToken {
  const shape: string[] = [];
  const raw = token
    .reveal()
    .slice(token.prefix.length)
    .replace(/[A-Za-z0-9]+|[^A-Za-z0-9]+/g, (run) => {
      const { name, value } = randomLike(run);
      shape.push(name);
      return value;
    });
  return { shape: `${token.prefix}${shape.join("")}`, raw: `${token.prefix}${raw}` };
}

const HEX = "0123456789abcdef";
/** In the order in which a run is held against them. */
const ALPHABETS: readonly (readonly [name: string, alphabet: string])[] = [
  ["hex", HEX],
  ["HEX", HEX.toUpperCase()],
  ["lower", "0123456789abcdefghijklmnopqrstuvwxyz"],
  ["mixed", "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"],
];

function randomLike(run: string): { name: string; value: string } {
  const [name, alphabet] = ALPHABETS.find(([, all]) => [...run].every((character) => all.includes(character))) ?? [];
  if (name === undefined || alphabet === undefined) return { name: run, value: run };
  const value = Array.from(run, () => alphabet[randomInt(alphabet.length)]).join("");
  return { name: `${name}${run.length}`, value };
}
