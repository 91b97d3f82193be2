import type { Rule } from "../rules/rule.js";
/** The built-in rules and those of the files. @throws {KeyrecallError} `configuration` */
export declare function loadRules(files: readonly string[]): Promise<Rule[]>;
