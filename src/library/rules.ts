import { loadRules as loadRuleFiles } from "../config/load.ts";
import type { Rule } from "../rules/rule.ts";

/** The built-in rules and those of the files. @throws {KeyrecallError} `configuration` */
export function loadRules(files: readonly string[]): Promise<Rule[]> {
  return loadRuleFiles(files);
}
