/**
 * `.gitleaksignore`, and the list of value fingerprints that betterleaks 2 has in its place. An entry of the first kind names
 * a place, and whatever stands there later is ignored as well; one of the second kind names a value.
 */
import { entryNamesOf } from "../core/container-steps.ts";

/** Where a token stands, as far as an entry can say it. */
export interface IgnorableOccurrence {
  readonly kind: string;
  /** The version of the file; null outside of history. */
  readonly object: string | null;
  readonly paths: readonly string[];
  readonly line: number;
  /** Where it stands in an archive's innermost file. */
  readonly inner?: { readonly line: number } | null | undefined;
  readonly introducedBy: readonly string[];
  /** Steps into archives, from the outermost to the innermost. */
  readonly container?: readonly string[];
}

export interface IgnorableToken {
  readonly rule: string;
  readonly fingerprint: string;
}

interface Entry {
  readonly name: string;
  isUsed: boolean;
}

interface PlaceEntry extends Entry {
  readonly commit: string | null;
  readonly path: string;
  readonly rule: string;
  readonly line: number;
}

/** The rule of gitleaks' own configuration that finds a token which is given to a variable. */
const GENERIC_RULE = "generic-api-key";

const PLACE = /^(?:([0-9a-f]{40}|[0-9a-f]{64}):)?(.+):([^:\s]+):(\d{1,9})$/;
const VALUE = /^(?:sha256:)?([0-9a-f]{64})$/;

/** Kinds of places that gitleaks knows: contents of files. */
const IN_FILES: ReadonlySet<string> = new Set(["blob", "file", "index", "stdin"]);

/** Places of one token that one commit brought into one version of a file. */
interface Version {
  readonly addition: string;
  readonly commit: string;
  /** Entries that name the place, for each. */
  readonly places: (readonly PlaceEntry[])[];
}

interface KnownAddition {
  readonly name: string;
  readonly places: number;
}

export class GitleaksIgnore {
  readonly #places: PlaceEntry[] = [];
  readonly #byPlace = new Map<string, PlaceEntry[]>();
  readonly #values = new Map<string, Entry>();
  readonly #notUnderstood: string[] = [];
  readonly #rules: ReadonlySet<string>;

  /** @param rules ids of the rules of this scan */
  constructor(rules: readonly string[]) {
    this.#rules = new Set([...rules, GENERIC_RULE]);
  }

  /** @param file its name, for messages */
  add(file: string, text: string): void {
    for (const [index, whole] of text
      .replace(/^\uFEFF/, "")
      .split(/\r\n|\n|\r/)
      .entries()) {
      const line = whole.trim();
      if (line !== "" && !line.startsWith("#")) this.#addLine(`${file}:${index + 1}: ${nameOf(line)}`, line);
    }
  }

  #addLine(name: string, line: string): void {
    const value = VALUE.exec(line)?.[1];
    if (value !== undefined) {
      this.#values.set(`sha256:${value}`, { name, isUsed: false });
      return;
    }
    const [, commit, path, rule, number] = PLACE.exec(line) ?? [];
    if (path === undefined || rule === undefined) {
      this.#notUnderstood.push(`${name} (not commit:file:rule:line, file:rule:line or a SHA-256)`);
    } else if (!this.#rules.has(rule)) {
      this.#notUnderstood.push(`${name} (no rule of this scan has the id ${rule})`);
    } else {
      const place = { name, isUsed: false, commit: commit ?? null, path: plainPath(path), rule, line: Number(number) };
      this.#places.push(place);
      this.#index(place, place.path);
    }
  }

  #index(place: PlaceEntry, path: string): void {
    const key = placeKey(path, place.line);
    const known = this.#byPlace.get(key);
    if (known === undefined) this.#byPlace.set(key, [place]);
    else known.push(place);
  }

  /** @param root the directory that is scanned: entries may name its files by their absolute paths */
  locate(root: string): void {
    const start = `${plainPath(root).replace(/\/$/, "")}/`;
    for (const place of this.#places) {
      if (place.path.startsWith(start)) this.#index(place, place.path.slice(start.length));
    }
  }

  /**
   * Says of each place of a token whether an entry ignores it, and which. In history a token can stand in many versions
   * of a file, and gitleaks names the one that brought it in: where that is ignored, so are those that merely kept it.
   */
  judge(token: IgnorableToken, occurrences: readonly IgnorableOccurrence[]): (string | null)[] {
    const value = this.#values.get(token.fingerprint);
    if (value !== undefined) {
      value.isUsed = true;
      return occurrences.map(() => value.name);
    }
    const named = occurrences.map((occurrence) =>
      pathsOf(occurrence).map((path): NamedPath => ({ path, entries: this.#entriesOf(token, path, occurrence) })),
    );
    const versions = versionsOf(occurrences, named);
    const known = knownAdditions(versions.values());
    return occurrences.map(
      (occurrence, index) => byPlaceAlone(named[index]!) ?? byAddition(occurrence, named[index]!, versions, known),
    );
  }

  #entriesOf({ rule }: IgnorableToken, path: string, { inner, line }: IgnorableOccurrence): PlaceEntry[] {
    const here = this.#byPlace.get(placeKey(path, inner?.line ?? line)) ?? [];
    return here.filter((entry) => entry.rule === rule || entry.rule === GENERIC_RULE);
  }

  /**
   * Entries that nothing needed, and lines that say nothing here.
   *
   * @param readsCommits whether the scan could have used an entry of a commit
   */
  notes(readsCommits: boolean): { unused: string[]; notUnderstood: string[] } {
    const places = this.#places.filter(({ commit }) => commit === null || readsCommits);
    const entries = [...places, ...this.#values.values()];
    return {
      unused: entries.filter(({ isUsed }) => !isUsed).map(({ name }) => name),
      notUnderstood: [...this.#notUnderstood],
    };
  }
}

/** Ids are shown as far as people read them. */
function nameOf(line: string): string {
  return line.replaceAll(/\b([0-9a-f]{12})[0-9a-f]{28,}\b/g, "$1…");
}

interface NamedPath {
  readonly path: string;
  readonly entries: readonly PlaceEntry[];
}

function byPlaceAlone(paths: readonly NamedPath[]): string | null {
  const found = paths.map(({ entries }) => entries.find(({ commit }) => commit === null));
  for (const entry of found) if (entry !== undefined) entry.isUsed = true;
  return found.includes(undefined) ? null : (found[0]?.name ?? null);
}

function versionsOf(
  occurrences: readonly IgnorableOccurrence[],
  named: readonly (readonly NamedPath[])[],
): Map<string, Version> {
  const versions = new Map<string, Version>();
  if (named.every((paths) => paths.every(({ entries }) => entries.length === 0))) return versions;
  for (const [index, { object, introducedBy }] of occurrences.entries()) {
    for (const { path, entries } of named[index]!) {
      for (const commit of introducedBy) {
        const addition = additionKey(path, commit);
        const key = versionKey(object, addition);
        const version = versions.get(key);
        if (version === undefined) versions.set(key, { addition, commit, places: [entries] });
        else version.places.push(entries);
      }
    }
  }
  return versions;
}

/**
 * Additions of which all places are named in one version. One of them has to be named with the commit itself: a place
 * that a later commit adds beside another of the same token is, in gitleaks' words, of that later commit.
 */
function knownAdditions(versions: Iterable<Version>): Map<string, KnownAddition> {
  const known = new Map<string, KnownAddition>();
  for (const { addition, commit, places } of versions) {
    const exact = places.flat().filter((entry) => entry.commit === null || entry.commit === commit);
    for (const entry of exact) entry.isUsed = true;
    if (exact[0] === undefined || places.some((entries) => entries.length === 0)) continue;
    for (const entry of places.flat()) entry.isUsed = true;
    if (places.length > (known.get(addition)?.places ?? 0)) {
      known.set(addition, { name: exact[0].name, places: places.length });
    }
  }
  return known;
}

/** Every path has to be ignored, and every commit that brought the token in; and no version may have more places. */
function byAddition(
  { object, introducedBy }: IgnorableOccurrence,
  named: readonly NamedPath[],
  versions: ReadonlyMap<string, Version>,
  known: ReadonlyMap<string, KnownAddition>,
): string | null {
  if (known.size === 0 || named.length === 0 || introducedBy.length === 0) return null;
  const entryOf = (path: string, commit: string): string | undefined => {
    const addition = additionKey(path, commit);
    const addedBefore = known.get(addition);
    if (addedBefore === undefined) return undefined;
    return versions.get(versionKey(object, addition))!.places.length > addedBefore.places
      ? undefined
      : addedBefore.name;
  };
  const ofPaths = named.map(({ path }) => introducedBy.map((commit) => entryOf(path, commit)).find(Boolean));
  const ofCommits = introducedBy.map((commit) => named.map(({ path }) => entryOf(path, commit)).find(Boolean));
  return ofPaths.includes(undefined) || ofCommits.includes(undefined) ? null : ofPaths[0]!;
}

/** As gitleaks writes them: a file in an archive stands behind a `!`. */
function pathsOf({ kind, paths, container = [] }: IgnorableOccurrence): string[] {
  return IN_FILES.has(kind) ? paths.map((path) => [path, ...entryNamesOf(container)].join("!")) : [];
}

function plainPath(path: string): string {
  return path.replaceAll("\\", "/").replace(/^(?:\.\/)+/, "");
}

function placeKey(path: string, line: number): string {
  return `${line}\0${path}`;
}

function additionKey(path: string, commit: string): string {
  return `${commit}\0${path}`;
}

function versionKey(object: string | null, addition: string): string {
  return `${object ?? ""}\0${addition}`;
}
