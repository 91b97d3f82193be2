/** Who owns the leaking files, by the CODEOWNERS of the base branch. */
import type { GitHubClient } from "./client.ts";
import { isRefusal, orRefusal } from "./refusal.ts";
import { splitName } from "./repositories.ts";

export interface Owners {
  /** Logins, which can be assigned. */
  readonly users: readonly string[];
  /** `@organisation/team`, which can be mentioned. */
  readonly teams: readonly string[];
}

export interface OwnerRule {
  readonly pattern: string;
  /** None: whatever matches has no owner. */
  readonly owners: readonly string[];
}

/** GitHub takes the first that there is. */
const PLACES = [".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS"] as const;
/** What GitHub itself reads. */
const MAX_BYTES = 3 * 1024 * 1024;

const USER = /^@[A-Za-z0-9][A-Za-z0-9_-]*$/;
const TEAM = /^@[A-Za-z0-9][A-Za-z0-9-]*\/[A-Za-z0-9][A-Za-z0-9._-]*$/;
const MAIL = /^[^@\s]+@[^@\s]+$/;

/**
 * Those of the default branch, never of a pull request's head: who opens one does not choose who is told. GitHub takes that
 * branch without being told its name, in which a token can stand.
 */
export async function readCodeOwners(client: GitHubClient, fullName: string): Promise<OwnerRule[]> {
  for (const path of PLACES) {
    const text = await readText(client, fullName, path);
    if (text !== null) return parseCodeOwners(text);
  }
  return [];
}

async function readText(client: GitHubClient, fullName: string, path: string): Promise<string | null> {
  const outcome = await orRefusal(`read ${path} of ${fullName}`, () =>
    client.rest.repos.getContent({ ...splitName(fullName), path }),
  );
  // Also where contents may not be read: people are told without it.
  if (isRefusal(outcome)) return null;
  const { data } = outcome;
  if (Array.isArray(data) || data.type !== "file" || !("content" in data) || data.encoding !== "base64") return null;
  return data.size > MAX_BYTES ? null : Buffer.from(data.content, "base64").toString("utf8");
}

export function parseCodeOwners(text: string): OwnerRule[] {
  return text.split(/\r?\n/).flatMap((line) => {
    const [pattern, ...owners] = wordsOf(line);
    if (pattern === undefined || !isSupported(pattern)) return [];
    // GitHub leaves out a line that has an owner it cannot read.
    const isValid = owners.every((owner) => USER.test(owner) || TEAM.test(owner) || MAIL.test(owner));
    return isValid ? [{ pattern, owners }] : [];
  });
}

/** A blank after a backslash belongs to the word; what follows a `#` is a comment. */
function wordsOf(line: string): string[] {
  const words: string[] = [];
  for (const [word] of line.matchAll(/(?:\\.|[^\s\\]|\\$)+/g)) {
    if (word.startsWith("#")) break;
    words.push(word);
  }
  return words;
}

/** What gitignore has and CODEOWNERS has not. */
function isSupported(pattern: string): boolean {
  return !pattern.startsWith("!") && !pattern.startsWith("\\#") && !/[[\]]/.test(pattern);
}

/** The last rule that matches a path decides on it. */
export function ownersOf(rules: readonly OwnerRule[], paths: readonly string[]): Owners {
  const compiled = rules.map(({ pattern, owners }) => ({ matches: matcherOf(pattern), owners })).toReversed();
  const owners = new Set<string>();
  for (const path of new Set(paths)) {
    const rule = compiled.find(({ matches }) => matches(path));
    for (const owner of rule?.owners ?? []) owners.add(owner);
  }
  return {
    users: [...owners].filter((owner) => USER.test(owner)).map((owner) => owner.slice(1)),
    teams: [...owners].filter((owner) => TEAM.test(owner)),
  };
}

function matcherOf(pattern: string): (path: string) => boolean {
  const isAnchored = pattern.slice(0, -1).includes("/");
  const isDirectory = pattern.endsWith("/");
  const segments = pattern.replace(/^\/+/, "").replace(/\/+$/, "").split("/");
  // `docs/*` is what lies in docs itself; any other pattern that names a directory names all below it.
  const isExact = isAnchored && segments.at(-1) === "*" && !isDirectory;
  const wanted = isAnchored ? segments : ["**", ...segments];
  return (path) => {
    const names = path.split("/");
    for (const length of matchedLengths(wanted, names)) {
      if (length === names.length ? !isDirectory : !isExact) return true;
    }
    return false;
  };
}

/** How many of the names, from the first on, a pattern can take; in time of pattern times path. */
function matchedLengths(segments: readonly string[], names: readonly string[]): Set<number> {
  let reached = new Set([0]);
  for (const [index, segment] of segments.entries()) {
    const next = new Set<number>();
    if (segment === "**") {
      const least = Math.min(...reached);
      // At the end it takes something: `a/**` is what lies below a, and not a.
      const from = index === segments.length - 1 ? least + 1 : least;
      for (let length = from; length <= names.length; length += 1) next.add(length);
    } else {
      for (const length of reached) {
        const name = names[length];
        if (name !== undefined && matchesName(segment, name)) next.add(length + 1);
      }
    }
    if (next.size === 0) return next;
    reached = next;
  }
  return reached;
}

/** `*` and `?` within one name, without going back further than to the last star. */
function matchesName(pattern: string, name: string): boolean {
  const marks = marksOf(pattern);
  let at = 0;
  let mark = 0;
  let star = -1;
  let resumeAt = 0;
  while (at < name.length) {
    const wanted = marks[mark];
    if (wanted?.kind === "star") {
      star = mark;
      resumeAt = at;
      mark += 1;
    } else if (
      wanted !== undefined &&
      (wanted.kind === "any" || (wanted.kind === "character" && wanted.character === name[at]))
    ) {
      mark += 1;
      at += 1;
    } else if (star >= 0) {
      resumeAt += 1;
      at = resumeAt;
      mark = star + 1;
    } else {
      return false;
    }
  }
  return marks.slice(mark).every(({ kind }) => kind === "star");
}

type Mark = { readonly kind: "star" | "any" } | { readonly kind: "character"; readonly character: string };

function marksOf(pattern: string): Mark[] {
  return [...pattern.matchAll(/\\([\s\S])|([\s\S])/g)].map(([, escaped, character = ""]): Mark => {
    if (escaped !== undefined) return { kind: "character", character: escaped };
    if (character === "*") return { kind: "star" };
    return character === "?" ? { kind: "any" } : { kind: "character", character };
  });
}
