/**
 * `.gitleaksignore`, and the list of value fingerprints that betterleaks 2 has in its place. An entry of the first kind names
 * a place, and whatever stands there later is ignored as well; one of the second kind names a value.
 */
import { entryNamesOf } from "../core/container-steps.ts";

/** Where a token stands, as far as an entry can say it. */
export interface IgnorableOccurrence {
  readonly kind: string;
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

const MAX_NAME = 200;

export class GitleaksIgnore {
  readonly #places: PlaceEntry[] = [];
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
      this.#places.push({
        name,
        isUsed: false,
        commit: commit ?? null,
        path: path.replaceAll("\\", "/").replace(/^(?:\.\/)+/, ""),
        rule,
        line: Number(number),
      });
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
    const entries = this.#places.filter(({ rule }) => rule === token.rule || rule === GENERIC_RULE);
    if (entries.length === 0) return occurrences.map(() => null);
    const broughtIn = new Map<string, string>();
    const direct = occurrences.map((occurrence) => matchPlace(occurrence, entries, broughtIn));
    return occurrences.map((occurrence, index) => direct[index] ?? keptFrom(occurrence, broughtIn));
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
  return line.replaceAll(/\b([0-9a-f]{12})[0-9a-f]{28,}\b/g, "$1…").slice(0, MAX_NAME);
}

/** @param broughtIn gets, for each path and commit that an entry is about, the entry */
function matchPlace(
  occurrence: IgnorableOccurrence,
  entries: readonly PlaceEntry[],
  broughtIn: Map<string, string>,
): string | null {
  const paths = pathsOf(occurrence);
  const { introducedBy } = occurrence;
  const { line } = occurrence.inner ?? occurrence;
  const byPath = paths.map((path) => {
    const here = entries.filter(
      (entry) =>
        entry.path === path && entry.line === line && (entry.commit === null || introducedBy.includes(entry.commit)),
    );
    for (const entry of here) {
      entry.isUsed = true;
      for (const commit of entry.commit === null ? introducedBy : [entry.commit]) {
        broughtIn.set(keyOf(path, commit), entry.name);
      }
    }
    return here.find(({ commit }) => commit === null)?.name ?? null;
  });
  return paths.length > 0 && !byPath.includes(null) ? byPath[0]! : null;
}

/** Every path has to be ignored, and every commit that brought the token in. */
function keptFrom(occurrence: IgnorableOccurrence, broughtIn: ReadonlyMap<string, string>): string | null {
  const paths = pathsOf(occurrence);
  const { introducedBy } = occurrence;
  if (paths.length === 0 || introducedBy.length === 0) return null;
  const entryOf = (path: string, commit: string): string | undefined => broughtIn.get(keyOf(path, commit));
  const ofPaths = paths.map((path) => introducedBy.map((commit) => entryOf(path, commit)).find(Boolean));
  const ofCommits = introducedBy.map((commit) => paths.map((path) => entryOf(path, commit)).find(Boolean));
  return ofPaths.includes(undefined) || ofCommits.includes(undefined) ? null : ofPaths[0]!;
}

/** As gitleaks writes them: a file in an archive stands behind a `!`. */
function pathsOf({ kind, paths, container = [] }: IgnorableOccurrence): string[] {
  return IN_FILES.has(kind) ? paths.map((path) => [path, ...entryNamesOf(container)].join("!")) : [];
}

function keyOf(path: string, commit: string): string {
  return `${commit}\0${path}`;
}
