import type { Rule } from "./schema.js";
export declare const builtinRules: readonly Rule[];
