/** Where tokens stand, in words: what annotations, summaries, logs of a workflow and SARIF have in common. */
import type { Report, ReportedOccurrence, ReportedToken } from "../scan/report.ts";
import { STEERING_CHARACTERS } from "./escape.ts";

/** What may be said in the place where it is said. */
export interface Disclosure {
  /**
   * Whoever reads this may be a stranger: until the token is dead nothing says what it is or whether it works, only where
   * it stands.
   */
  readonly isPublic: boolean;
  /** What tokens begin with. */
  readonly prefixes: readonly string[];
  /** Whether a `keyrecall:allow` on a token's line allows it here. */
  readonly honoursInlineMarks: boolean;
}

export interface Place {
  readonly token: ReportedToken;
  readonly occurrence: ReportedOccurrence;
  /** The place, with the words of strangers apart: `before`, then `name`, then `after`. */
  readonly before: string;
  readonly name: string | null;
  readonly after: string;
  /** The file, where it can be named as it is. */
  readonly file: string | null;
}

/** Of each token the first place, the worst token first; then the second of each, and so on. */
export function listPlaces(report: Report, disclosure: Disclosure): Place[] {
  const tokens = report.tokens.filter((token) => token.allowed === null);
  const sorted = tokens.toSorted((a, b) => severity(a, disclosure) - severity(b, disclosure));
  const places = sorted.map((token) => placesOf(token, disclosure));
  const rounds = Math.max(0, ...places.map((list) => list.length));
  return Array.from({ length: rounds }, (_, round) => places.flatMap((list) => list[round] ?? [])).flat();
}

/** Different places of one token: versions of a file with the token on the same line are one. */
export function placesOf(token: ReportedToken, disclosure: Disclosure): Place[] {
  const places = new Map<string, Place>();
  for (const occurrence of token.occurrences) {
    const place = describe(token, occurrence, disclosure);
    const key = `${place.before}\0${place.name}\0${place.after}`;
    if (!places.has(key)) places.set(key, place);
  }
  return [...places.values()];
}

/** The smaller, the worse. In public its order must not tell the verdict either. */
export function severity(
  { verdict, confidence, plane }: ReportedToken,
  { isPublic }: Pick<Disclosure, "isPublic">,
): number {
  const byVerdict = isPublic ? 0 : { live: 0, unknown: 1, unchecked: 1, revoked: 2 }[verdict.state];
  const byPlane = plane === "control" ? 0 : plane === "data" ? 1 : 2;
  return byVerdict * 100 + (confidence === "certain" ? 0 : 10) + byPlane;
}

function describe(token: ReportedToken, occurrence: ReportedOccurrence, disclosure: Disclosure): Place {
  const { kind, object } = occurrence;
  const { line } = occurrence.inner ?? occurrence;
  const short = object?.slice(0, 12) ?? "";
  const path = occurrence.paths[0] ?? null;
  const words = (before: string, name: string | null, after: string): Place => ({
    token,
    occurrence,
    before,
    name: name === null ? null : withoutPublicIds(name, disclosure),
    after: `${after}${formOf(occurrence)}${wayOf(occurrence, disclosure)}`,
    file: HAS_FILE.has(kind) && path !== null && isPlainName(path, disclosure) ? path : null,
  });
  const inContainer = (outer: string): Place => {
    const name = innerName(occurrence);
    return name === null ? words(`${outer}, line ${line}`, null, "") : words(`${outer}, `, name, ` line ${line}`);
  };
  switch (kind) {
    case "blob":
    case "index":
    case "file":
    case "stdin":
      if (path !== null) return words("", nameOf(path, occurrence), ` line ${line}`);
      return inContainer(kind === "stdin" ? "standard input" : `object ${short}`);
    case "path":
      return words("in the name ", path, "");
    case "commit-message":
      return words(`message of commit ${short}, line ${line}`, null, "");
    case "commit-identity":
      return words(`author or committer of commit ${short}`, null, "");
    case "tag-message":
      return words(`message of tag ${short}, line ${line}`, null, "");
    case "tag-identity":
      return words(`tagger of tag ${short}`, null, "");
    case "ref-name":
      return words("in the name of a ref, ", occurrence.refs[0] ?? null, "");
    case "reflog":
      return words("in the reflog of ", occurrence.refs[0] ?? null, "");
  }
}

/** The file, and what holds the token in it: `backup.zip!deploy/.env`. */
function nameOf(path: string, occurrence: ReportedOccurrence): string {
  return [path, ...entriesOf(occurrence)].join("!");
}

function innerName(occurrence: ReportedOccurrence): string | null {
  const entries = entriesOf(occurrence);
  return entries.length === 0 ? null : entries.join("!");
}

/** Of `zip:deploy/.env` the entry; of `gzip`, which has none, the word. */
function entriesOf({ container }: ReportedOccurrence): string[] {
  return container.map((one) => one.slice(one.indexOf(":") + 1));
}

/** What the token is written in. */
function formOf({ encoding }: ReportedOccurrence): string {
  return encoding.length === 0 ? "" : ` (${encoding.join(", ")})`;
}

const HAS_FILE: ReadonlySet<ReportedOccurrence["kind"]> = new Set(["blob", "index", "file"]);

/** The commits that brought it in and took it out. */
function wayOf(
  { kind, introducedBy, removedBy, inlineMark }: ReportedOccurrence,
  { honoursInlineMarks }: Disclosure,
): string {
  const [brought] = introducedBy;
  const [took] = removedBy;
  const isOfCommit = kind.startsWith("commit-");
  return [
    ...(brought === undefined || isOfCommit ? [] : [`, in with ${brought.commit.slice(0, 12)}`]),
    ...(took === undefined ? [] : [`, out with ${took.commit.slice(0, 12)}`]),
    ...(inlineMark && !honoursInlineMarks ? ["; the keyrecall:allow on its line does not count here"] : []),
  ].join("");
}

/** Masked tokens stand in names too, and their public id with them. */
export function withoutPublicIds(text: string, { isPublic, prefixes }: Disclosure): string {
  if (!isPublic) return text;
  return prefixes.reduce(
    (hidden, prefix) =>
      hidden
        .split(prefix)
        .map((piece, index) => (index === 0 ? piece : piece.replace(/^[\w-]*…/, "…")))
        .join(prefix),
    text,
  );
}

function isPlainName(path: string, { prefixes }: Disclosure): boolean {
  const isMasked = path.includes("…") && prefixes.some((prefix) => path.includes(prefix));
  return !isMasked && path.search(STEERING_CHARACTERS) === -1 && !path.includes("##[");
}
