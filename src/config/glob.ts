/**
 * Globs for paths: `*`, `?`, `**`, `[a-z]` and `{a,b}`, in time that is bounded by the lengths of glob and path.
 * A configuration file can come from the repository that is scanned, and a glob that becomes a regular expression
 * can be made to run for hours.
 */

const MAX_ALTERNATIVES = 256;

export type PathMatcher = (path: string) => boolean;

/** @throws {RangeError} where braces stand for too many globs */
export function compileGlob(glob: string): PathMatcher {
  const alternatives = expandBraces(glob).map((alternative) => alternative.split("/"));
  return (path) => {
    const segments = path.split("/");
    return alternatives.some((pattern) => matchSequence(pattern, segments, "**", matchSegment));
  };
}

function expandBraces(glob: string): string[] {
  const done: string[] = [];
  const open = [glob];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const braces = /\{([^{}]*)\}/.exec(next);
    if (braces === null) done.push(next);
    else {
      const [before, after] = [next.slice(0, braces.index), next.slice(braces.index + braces[0].length)];
      open.push(...braces[1]!.split(",").map((choice) => before + choice + after));
    }
    if (open.length + done.length > MAX_ALTERNATIVES)
      throw new RangeError(`stands for more than ${MAX_ALTERNATIVES} globs`);
  }
  return done;
}

function matchSegment(pattern: string, segment: string): boolean {
  const parts = pattern.match(/\[!?[^\]]+\]|[^]/gu) ?? [];
  return matchSequence(parts, Array.from(segment), "*", matchCharacter);
}

function matchCharacter(part: string, character: string): boolean {
  if (part === "?") return true;
  if (part.length < 3 || !part.startsWith("[")) return part === character;
  const isNegated = part[1] === "!" || part[1] === "^";
  const body = part.slice(isNegated ? 2 : 1, -1);
  return isInClass(body, character) !== isNegated;
}

function isInClass(body: string, character: string): boolean {
  for (let index = 0; index < body.length; index++) {
    const isRange = body[index + 1] === "-" && index + 2 < body.length;
    if (isRange ? body[index]! <= character && character <= body[index + 2]! : body[index] === character) return true;
    if (isRange) index += 2;
  }
  return false;
}

/** Only the last wildcard is ever gone back to, so the time is at most the product of both lengths. */
function matchSequence(
  pattern: readonly string[],
  items: readonly string[],
  wildcard: string,
  matchOne: (part: string, item: string) => boolean,
): boolean {
  let at = 0;
  let resumePattern = -1;
  let resumeItem = 0;
  let item = 0;
  while (item < items.length) {
    const part = pattern[at];
    if (part === wildcard) {
      resumePattern = at + 1;
      resumeItem = item;
      at += 1;
    } else if (part !== undefined && matchOne(part, items[item]!)) {
      at += 1;
      item += 1;
    } else if (resumePattern !== -1) {
      at = resumePattern;
      resumeItem += 1;
      item = resumeItem;
    } else return false;
  }
  return pattern.slice(at).every((part) => part === wildcard);
}
