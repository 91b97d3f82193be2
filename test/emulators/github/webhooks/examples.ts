// Payloads as GitHub publishes examples of them, made to be about a repository that there is here.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { nodeId } from "../world/world.ts";

type Json = Readonly<Record<string, unknown>>;

const require = createRequire(import.meta.url);
let examples: readonly { readonly name: string; readonly examples: readonly Json[] }[] | undefined;

/** Who and where: the emulator says that. */
const OF_THE_WORLD: ReadonlySet<string> = new Set(["repository", "organization", "sender", "installation", "changes"]);
/** Addresses of people's pages in an example. */
const PAGE = /^https:\/\/github\.com\/[^/]+\/[^/]+(?=\/)/;

const REACTIONS = {
  url: "https://api.github.com/reactions",
  total_count: 0,
  "+1": 0,
  "-1": 0,
  laugh: 0,
  hooray: 0,
  confused: 0,
  heart: 0,
  rocket: 0,
  eyes: 0,
};
const NEWER_REPOSITORY = { has_discussions: false, topics: [], visibility: "public" };
const NEWER_PULL = {
  draft: false,
  auto_merge: null,
  active_lock_reason: null,
  base: { repo: NEWER_REPOSITORY },
  head: { repo: NEWER_REPOSITORY },
};
const LINES = {
  start_line: null,
  original_start_line: null,
  original_line: 1,
  line: 1,
  start_side: null,
  side: "RIGHT",
};
const NEWER_DISCUSSION = { state_reason: null };

/** What GitHub says by now and the examples do not yet. */
const NEWER: Readonly<Record<string, Json>> = {
  pull_request_review: { pull_request: NEWER_PULL },
  pull_request_review_comment: { pull_request: NEWER_PULL, comment: { ...LINES, reactions: REACTIONS } },
  discussion: { discussion: NEWER_DISCUSSION },
  discussion_comment: { discussion: NEWER_DISCUSSION, comment: { reactions: REACTIONS } },
  release: { release: { immutable: false, updated_at: "2026-01-01T00:00:00Z" } },
};

/**
 * The parts of an example that are no part of the world, with what a test puts into them.
 *
 * @param page of the repository
 */
export function exampleOf(event: string, action: string | null, changes: Json, page: string): Json {
  examples ??= JSON.parse(
    readFileSync(require.resolve("@octokit/webhooks-examples/api.github.com/index.json"), "utf8"),
  ) as NonNullable<typeof examples>;
  const known = examples.find(({ name }) => name === event)?.examples ?? [];
  // Not of every action is there an example; within an event they look alike.
  const example = known.find((one) => one["action"] === (action ?? undefined)) ?? known[0];
  if (example === undefined) throw new Error(`there is no example of ${event}`);
  const kept = Object.fromEntries(Object.entries(example).filter(([field]) => !OF_THE_WORLD.has(field)));
  return merged(merged(NEWER[event] ?? {}, onPage(kept, page)), { ...(action === null ? {} : { action }), ...changes });
}

function onPage(value: unknown, page: string): Json {
  const visit = (one: unknown): unknown => {
    if (typeof one === "string") return one.replace(PAGE, page);
    if (Array.isArray(one)) return one.map((entry) => visit(entry));
    if (typeof one !== "object" || one === null) return one;
    return Object.fromEntries(Object.entries(one).map(([field, entry]) => [field, visit(entry)]));
  };
  return visit(value) as Json;
}

function merged(into: Json, changes: Json): Json {
  const result: Record<string, unknown> = { ...into };
  for (const [field, value] of Object.entries(changes)) {
    const known = result[field];
    result[field] = isObject(known) && isObject(value) ? merged(known, value) : value;
  }
  if (typeof changes["id"] === "number" && "node_id" in into) result["node_id"] = nodeId("X", changes["id"]);
  return result;
}

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
