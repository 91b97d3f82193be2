import {
  builtinRules
} from "./chunk-A5SOBSKO.js";
import {
  CHARACTER_CLASS_NAMES,
  characterClassTable,
  lengthRange
} from "./chunk-LCFWLN64.js";
import {
  readYaml
} from "./chunk-5YWXGQHE.js";
import "./chunk-4UJKYKKR.js";
import "./chunk-U52VU3KD.js";
import {
  _enum,
  array,
  int,
  literal,
  strictObject,
  string,
  union
} from "./chunk-XRVXWEHU.js";
import "./chunk-SEWDMQ6Q.js";

// src/rules/schema.ts
var text = string().min(1);
var length = union([
  int().min(1).max(4096),
  strictObject({ min: int().min(1).max(4096), max: int().min(1).max(4096) })
]);
var characterClass = _enum(CHARACTER_CLASS_NAMES);
var literalPart = strictObject({
  literal: string().regex(/^[\x21-\x7e]{1,64}$/, "must be 1 to 64 printable ASCII characters")
});
var runPart = strictObject({
  name: string().regex(/^[a-z][a-zA-Z0-9]*$/, "must be a name such as `secret`"),
  class: characterClass,
  length
});
var grammar = strictObject({
  prefix: string().regex(/^[\x21-\x7e]{3,64}$/, "must be 3 to 64 printable ASCII characters").describe("The literal that every token of this kind begins with"),
  parts: array(union([literalPart, runPart])).min(1).max(32),
  publicId: string().optional().describe("The part that is safe to show"),
  secret: string().describe("The part that must never be shown")
});
var ruleSchema = strictObject({
  id: string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, "must be lower-case words joined by hyphens"),
  name: text,
  plane: _enum(["control", "data"]).optional(),
  variable: string().regex(/^[A-Z_][A-Z0-9_]*$/, "must be the name of an environment variable").optional(),
  grammar,
  suspect: strictObject({ class: characterClass, length: strictObject({ min: int().min(8), max: int().max(4096) }) }).optional().describe("The run behind the prefix that is worth a look although it is not the documented shape"),
  placeholders: array(text).default([]),
  blastRadius: strictObject({ summary: text, can: array(text), cannot: array(text) }),
  rotation: strictObject({
    dashboard: text,
    leastAccess: text.optional().describe("What the replacement needs at most; completes: mint a replacement …"),
    readBy: array(text).default([]).describe("Calls that read the variable without naming it, as they stand in source code"),
    steps: array(text).min(1)
  })
});
var ruleFileSchema = strictObject({
  schema: literal(1),
  rules: array(ruleSchema).min(1)
});

// src/rules/load-rules.ts
function parseRules(file, text2, known = builtinRules) {
  return readYaml(file, text2, ruleFileSchema, (value) => findProblems(value.rules, known)).rules;
}
function findProblems(rules, known) {
  const ids = new Set(known.map((rule) => rule.id));
  return rules.flatMap((rule, index) => {
    const problems = [];
    const at = (...path) => ["rules", index, ...path];
    if (ids.has(rule.id)) problems.push({ path: at("id"), message: `another rule has the id ${rule.id}` });
    ids.add(rule.id);
    const names = rule.grammar.parts.flatMap((part) => "name" in part ? [part.name] : []);
    for (const field of ["publicId", "secret"]) {
      const name = rule.grammar[field];
      if (name !== void 0 && !names.includes(name)) {
        problems.push({ path: at("grammar", field), message: `no part has the name ${name}` });
      }
    }
    if (new Set(names).size < names.length) {
      problems.push({ path: at("grammar", "parts"), message: "two parts have the same name" });
    }
    return [...problems, ...findPartProblems(rule).map(({ path, message }) => ({ path: at(...path), message }))];
  });
}
function findPartProblems(rule) {
  return rule.grammar.parts.flatMap((part, index) => {
    if ("literal" in part) return [];
    const { min, max } = lengthRange(part.length);
    if (min > max) return [{ path: ["grammar", "parts", index, "length"], message: "min is greater than max" }];
    const next = rule.grammar.parts[index + 1];
    if (min === max || next === void 0) return [];
    const table = characterClassTable(part.class);
    const nextTable = "literal" in next ? null : characterClassTable(next.class);
    const isAmbiguous = "literal" in next ? table[next.literal.charCodeAt(0)] === 1 : table.some((isMember, byte) => isMember === 1 && nextTable?.[byte] === 1);
    if (!isAmbiguous) return [];
    const message = "a run of variable length must not be followed by a part that its own class can hold";
    return [{ path: ["grammar", "parts", index], message }];
  });
}
export {
  parseRules
};
