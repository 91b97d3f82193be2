export type { Rule, RulePart } from "./rule.js";
