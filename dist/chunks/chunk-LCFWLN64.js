// src/rules/character-class.ts
var CLASSES = {
  digit: "0123456789",
  hex: "0123456789abcdefABCDEF",
  lower: "abcdefghijklmnopqrstuvwxyz",
  upper: "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
  alnum: "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
  word: "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_",
  base32: "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567",
  base64: "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ+/",
  base64url: "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_-"
};
var CHARACTER_CLASS_NAMES = Object.keys(CLASSES);
function characterClassTable(name) {
  const table = new Uint8Array(256);
  for (const character of CLASSES[name]) table[character.charCodeAt(0)] = 1;
  return table;
}
function bitsPerCharacter(name) {
  return name === "hex" ? 4 : Math.log2(CLASSES[name].length);
}

// src/rules/ruleset.ts
var SAFE_SECRET_BITS = 128;
function compileRules(rules) {
  const compiled = rules.map(compileRule);
  return { rules: compiled, maxLength: Math.max(...compiled.map((rule) => rule.maxLength)) };
}
function compileRule(rule) {
  const parts = rule.grammar.parts.map(compilePart);
  const suspect = rule.suspect && {
    table: characterClassTable(rule.suspect.class),
    min: rule.suspect.length.min,
    max: rule.suspect.length.max
  };
  const bodyLength = parts.reduce((sum, part) => sum + maxPartLength(part), 0);
  return {
    rule,
    prefix: Buffer.from(rule.grammar.prefix, "latin1"),
    parts,
    suspect: suspect ?? null,
    placeholders: new Set(rule.placeholders),
    isGuessable: secretBits(rule) < SAFE_SECRET_BITS,
    maxLength: rule.grammar.prefix.length + Math.max(bodyLength, suspect?.max ?? 0)
  };
}
function compilePart(part) {
  if ("literal" in part) return { kind: "literal", bytes: Buffer.from(part.literal, "latin1") };
  const { min, max } = lengthRange(part.length);
  return { kind: "run", name: part.name, table: characterClassTable(part.class), min, max };
}
function maxPartLength(part) {
  return part.kind === "literal" ? part.bytes.length : part.max;
}
function lengthRange(length) {
  return typeof length === "number" ? { min: length, max: length } : length;
}
function secretBits(rule) {
  for (const part of rule.grammar.parts) {
    if ("name" in part && part.name === rule.grammar.secret) {
      return bitsPerCharacter(part.class) * lengthRange(part.length).min;
    }
  }
  return 0;
}

export {
  CHARACTER_CLASS_NAMES,
  characterClassTable,
  compileRules,
  lengthRange
};
