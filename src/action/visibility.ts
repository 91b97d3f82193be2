/** Whether strangers can read what a run of a workflow shows. */
import { Octokit } from "@octokit/rest";
import { field } from "../core/field.ts";
import { isLoopback } from "../verify/api-url.ts";
import type { WorkflowEvent } from "./event.ts";

const TIMEOUT_MS = 10_000;

/** By the event, else by GitHub's API. What cannot be told is taken for public. */
export async function isPublicRepository(event: WorkflowEvent, token: string | null): Promise<boolean> {
  return isPublic(field(event.payload, "repository")) ?? (await askGitHub(event, token)) ?? true;
}

function isPublic(repository: unknown): boolean | null {
  const visibility = field(repository, "visibility");
  if (visibility === "public") return true;
  const isPrivate = field(repository, "private");
  if (typeof isPrivate === "boolean") return !isPrivate;
  return visibility === "private" || visibility === "internal" ? false : null;
}

async function askGitHub({ repository }: WorkflowEvent, token: string | null): Promise<boolean | null> {
  if (token === null) return null;
  const [owner = "", repo = ""] = repository.split("/");
  const url = apiUrl();
  if (url === null) return null;
  const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
  const client = new Octokit({ auth: token, baseUrl: url, log: silent });
  try {
    const { data } = await client.repos.get({
      owner,
      repo,
      headers: { "x-github-api-version": "2022-11-28" },
      request: { signal: AbortSignal.timeout(TIMEOUT_MS), redirect: "error" },
    });
    return isPublic(data);
  } catch {
    // Whatever went wrong: the repository is then taken for public, which says less and not more.
    return null;
  }
}

/** Null where the token must not go there. */
function apiUrl(): string | null {
  const named = process.env["GITHUB_API_URL"] ?? "";
  try {
    const url = new URL(named === "" ? "https://api.github.com" : named);
    const isSecure = url.protocol === "https:" || (url.protocol === "http:" && isLoopback(url.hostname));
    return isSecure ? url.href.replace(/\/$/, "") : null;
  } catch {
    return null;
  }
}
