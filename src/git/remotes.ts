/** Where remotes are. */
import { type GitContext, runGit } from "./process.ts";

/** What the remote is fetched from; empty where there is no remote of that name, as when a push names a URL. */
export async function urlsOfRemote(git: GitContext, remote: string): Promise<string[]> {
  const { status, output } = await runGit(git, ["remote", "get-url", "--all", "--", remote]);
  if (status !== 0) return [];
  return output
    .toString("utf8")
    .split("\n")
    .filter((line) => line !== "");
}

/** Whether both name one repository, by whatever protocol and as whatever user. */
export function isSameRepository(a: string, b: string): boolean {
  return a === b || placeOf(a) === placeOf(b);
}

/** `host/path`. Source: git-fetch, GIT URLS. */
function placeOf(url: string): string {
  const [, rest = url] = /^[a-z][a-z0-9+.-]*:\/\/(.*)$/i.exec(url) ?? [];
  const isShort = rest === url && /^[^/\\]{2,}:/.test(url);
  const place = isShort ? url.replace(":", "/") : rest;
  const [host = "", ...path] = place.split("/");
  const name = host.replace(/^.*@/, "").replace(/:\d+$/, "").toLowerCase();
  return [name, ...path.filter((part) => part !== "")].join("/").replace(/\.git$/, "");
}
