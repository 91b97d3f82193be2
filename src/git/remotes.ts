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

export interface Origin {
  /** Without a user, a password, a query. */
  readonly url: string;
  readonly revision: string | null;
  readonly branch: string | null;
}

/** Where the repository comes from and what is checked out; null where its origin is no server that a URL can name. */
export async function originOf(git: GitContext): Promise<Origin | null> {
  const [url] = await urlsOfRemote(git, "origin");
  const shown = url === undefined ? null : publicUrl(url);
  if (shown === null) return null;
  const lineOf = async (args: readonly string[]): Promise<string | null> => {
    const { status, output } = await runGit(git, args);
    return (status === 0 && output.toString("utf8").trim()) || null;
  };
  const [revision, branch] = await Promise.all([
    lineOf(["rev-parse", "--verify", "--quiet", "HEAD^{commit}"]),
    lineOf(["symbolic-ref", "--short", "--quiet", "HEAD"]),
  ]);
  return { url: shown, revision, branch };
}

function publicUrl(text: string): string | null {
  // As git's short form: user@host:path.
  const short = /^(?:[^/@]+@)?([\w.-]{2,}):(?!\/\/)\/?(.+)$/.exec(text);
  let url: URL;
  try {
    url = new URL(short === null ? text : `ssh://${short[1]}/${short[2]}`);
  } catch {
    return null;
  }
  if (!["https:", "http:", "ssh:", "git:"].includes(url.protocol)) return null;
  url.username = "";
  url.password = "";
  url.search = "";
  url.hash = "";
  return url.href;
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
