/** Rule files: read, validated, checked for what a schema cannot say. */
import { builtinRules } from "./builtin.generated.ts";
import { characterClassTable } from "./character-class.ts";
import { type FieldProblem, readYaml } from "./read-yaml.ts";
import { lengthRange } from "./ruleset.ts";
import { type Rule, ruleFileSchema } from "./schema.ts";

/** The rules of a file's text. @throws {KeyrecallError} `configuration` */
export function parseRules(file: string, text: string, known: readonly Rule[] = builtinRules): Rule[] {
  return readYaml(file, text, ruleFileSchema, (value) => findProblems(value.rules, known)).rules;
}

function findProblems(rules: readonly Rule[], known: readonly Rule[]): FieldProblem[] {
  const ids = new Set(known.map((rule) => rule.id));
  return rules.flatMap((rule, index) => {
    const problems: FieldProblem[] = [];
    const at = (...path: PropertyKey[]) => ["rules", index, ...path];
    if (ids.has(rule.id)) problems.push({ path: at("id"), message: `another rule has the id ${rule.id}` });
    ids.add(rule.id);
    const names = rule.grammar.parts.flatMap((part) => ("name" in part ? [part.name] : []));
    for (const field of ["publicId", "secret"] as const) {
      const name = rule.grammar[field];
      if (name !== undefined && !names.includes(name)) {
        problems.push({ path: at("grammar", field), message: `no part has the name ${name}` });
      }
    }
    if (new Set(names).size < names.length) {
      problems.push({ path: at("grammar", "parts"), message: "two parts have the same name" });
    }
    return [...problems, ...findPartProblems(rule).map(({ path, message }) => ({ path: at(...path), message }))];
  });
}

/** Matching never goes back, so where a run ends must be plain from the run alone. */
function findPartProblems(rule: Rule): FieldProblem[] {
  return rule.grammar.parts.flatMap((part, index): FieldProblem[] => {
    if ("literal" in part) return [];
    const { min, max } = lengthRange(part.length);
    if (min > max) return [{ path: ["grammar", "parts", index, "length"], message: "min is greater than max" }];
    const next = rule.grammar.parts[index + 1];
    if (min === max || next === undefined) return [];
    const table = characterClassTable(part.class);
    const nextTable = "literal" in next ? null : characterClassTable(next.class);
    const isAmbiguous =
      "literal" in next
        ? table[next.literal.charCodeAt(0)] === 1
        : table.some((isMember, byte) => isMember === 1 && nextTable?.[byte] === 1);
    if (!isAmbiguous) return [];
    const message = "a run of variable length must not be followed by a part that its own class can hold";
    return [{ path: ["grammar", "parts", index], message }];
  });
}
