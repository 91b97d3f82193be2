/** Tokens where one of the other plane belongs: whoever holds that place can do more than it is for. */
import type { Rule } from "../rules/schema.ts";
import type { Occurrence } from "./occurrence.ts";

const MAX_PLACES = 5;

export class Misplacement {
  readonly #ruleOfVariable: ReadonlyMap<string, Rule>;
  readonly #ruleOf: ReadonlyMap<string, Rule>;
  readonly #planesByFile = new Map<string, Set<string>>();

  constructor(occurrences: readonly Occurrence[], rules: readonly Rule[]) {
    this.#ruleOf = new Map(rules.map((rule) => [rule.id, rule]));
    this.#ruleOfVariable = new Map(
      rules.flatMap((rule): [string, Rule][] => (rule.variable === undefined ? [] : [[rule.variable, rule]])),
    );
    for (const occurrence of occurrences) {
      const { plane } = occurrence.token;
      const file = fileOf(occurrence);
      if (plane === null || file === null) continue;
      this.#planesByFile.set(file, (this.#planesByFile.get(file) ?? new Set()).add(plane));
    }
  }

  /** @param occurrences of one token */
  of(occurrences: readonly Occurrence[]): string[] {
    const found = new Set<string>();
    for (const occurrence of occurrences) {
      for (const text of [this.#inWrongVariable(occurrence), this.#besideOtherPlane(occurrence)]) {
        if (text !== null && found.size < MAX_PLACES) found.add(text);
      }
    }
    return [...found];
  }

  #inWrongVariable({ token, variable, paths }: Occurrence): string | null {
    const meant = variable === null ? undefined : this.#ruleOfVariable.get(variable);
    if (meant?.plane === undefined || token.plane === null || meant.plane === token.plane) return null;
    const own = this.#ruleOf.get(token.rule)?.variable;
    const place = paths[0] === undefined ? "" : ` (${paths[0]})`;
    const rest = own === undefined ? "" : `; a ${token.plane}-plane token belongs in ${own}`;
    return `stands in ${variable}, which is for ${meant.plane}-plane tokens${place}${rest}`;
  }

  #besideOtherPlane(occurrence: Occurrence): string | null {
    const file = fileOf(occurrence);
    if (file === null || (this.#planesByFile.get(file)?.size ?? 0) < 2) return null;
    const place = occurrence.paths[0] ?? "the same text";
    return `stands in ${place} beside a token of the other plane: whoever reads it has both, and least privilege is gone`;
  }
}

/** What is one file: an object, or a path outside of git. */
function fileOf({ kind, object, paths }: Occurrence): string | null {
  if (kind === "blob" || kind === "index") return object;
  return kind === "file" || kind === "stdin" ? `${kind} ${paths[0] ?? ""}` : null;
}
