/** The published shape of a rule file. `rules/rules.schema.json` is generated from it. */
import * as z from "zod";
import { CHARACTER_CLASS_NAMES } from "./character-class.ts";
import type { Rule } from "./rule.ts";

const text = z.string().min(1);
const length = z.union([
  z.int().min(1).max(4096),
  z.strictObject({ min: z.int().min(1).max(4096), max: z.int().min(1).max(4096) }),
]);
const characterClass = z.enum(CHARACTER_CLASS_NAMES);

const literalPart = z.strictObject({
  literal: z.string().regex(/^[\x21-\x7e]{1,64}$/, "must be 1 to 64 printable ASCII characters"),
});
const runPart = z.strictObject({
  name: z.string().regex(/^[a-z][a-zA-Z0-9]*$/, "must be a name such as `secret`"),
  class: characterClass,
  length,
});

const grammar = z.strictObject({
  prefix: z
    .string()
    .regex(/^[\x21-\x7e]{3,64}$/, "must be 3 to 64 printable ASCII characters")
    .describe("The literal that every token of this kind begins with"),
  parts: z
    .array(z.union([literalPart, runPart]))
    .min(1)
    .max(32),
  publicId: z.string().optional().describe("The part that is safe to show"),
  secret: z.string().describe("The part that must never be shown"),
});

const ruleSchema = z.strictObject({
  id: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, "must be lower-case words joined by hyphens"),
  name: text,
  plane: z.enum(["control", "data"]).optional(),
  variable: z
    .string()
    .regex(/^[A-Z_][A-Z0-9_]*$/, "must be the name of an environment variable")
    .optional(),
  grammar,
  suspect: z
    .strictObject({ class: characterClass, length: z.strictObject({ min: z.int().min(8), max: z.int().max(4096) }) })
    .optional()
    .describe("The run behind the prefix that is worth a look although it is not the documented shape"),
  placeholders: z.array(text).default([]),
  blastRadius: z.strictObject({ summary: text, can: z.array(text), cannot: z.array(text) }),
  rotation: z.strictObject({
    dashboard: text,
    leastAccess: text.optional().describe("What the replacement needs at most; completes: mint a replacement …"),
    readBy: z
      .array(text)
      .default([])
      .describe("Calls that read the variable without naming it, as they stand in source code"),
    steps: z.array(text).min(1),
  }),
}) satisfies z.ZodType<Rule>;

export const ruleFileSchema = z.strictObject({
  schema: z.literal(1),
  rules: z.array(ruleSchema).min(1),
});

export type { Rule, RulePart } from "./rule.ts";
