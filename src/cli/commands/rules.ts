/** `keyrecall rules list` and `keyrecall rules export` */
import { loadRules } from "../../config/load.ts";
import { Detector } from "../../detect/detector.ts";
import type { ExportTarget } from "../../rules/export/target-names.ts";
import { compileRules } from "../../rules/ruleset.ts";
import type { Rule, RulePart } from "../../rules/schema.ts";
import { mask } from "../../scan/mask.ts";
import { requireWritable, writeOutput } from "../output.ts";

export async function listRules(options: { rules?: string[]; format: "text" | "json" }): Promise<void> {
  const rules = await loadRules(options.rules ?? []);
  const detector = new Detector(compileRules(rules));
  const text = options.format === "json" ? `${JSON.stringify(rules, null, 2)}\n` : rules.map(formatRule).join("\n");
  process.stdout.write(mask(detector, text));
}

export interface RulesExportFlags {
  readonly to: ExportTarget;
  readonly rules?: string[];
  readonly output?: string;
}

export async function writeExport({ to, rules: files, output }: RulesExportFlags): Promise<void> {
  if (output !== undefined) requireWritable(output);
  const rules = await loadRules(files ?? []);
  const { exportRules } = await import("../../rules/export/targets.ts");
  const { text, notes } = exportRules(rules, to);
  // A rule file is somebody's text, and an example in it can be a token.
  const detector = new Detector(compileRules(rules));
  writeOutput([mask(detector, text)], output ?? null);
  for (const note of notes) process.stderr.write(`${mask(detector, note)}\n`);
}

function formatRule(rule: Rule): string {
  const lines = [
    `${rule.id}  ${rule.name}`,
    `  shape     ${rule.grammar.prefix}${rule.grammar.parts.map(formatPart).join("")}`,
    ...(rule.plane === undefined ? [] : [`  plane     ${rule.plane}`]),
    ...(rule.variable === undefined ? [] : [`  variable  ${rule.variable}`]),
    `  holder    ${rule.blastRadius.summary}`,
    `  dashboard ${rule.rotation.dashboard}`,
  ];
  return `${lines.join("\n")}\n`;
}

function formatPart(part: RulePart): string {
  if ("literal" in part) return part.literal;
  const length = typeof part.length === "number" ? `${part.length}` : `${part.length.min} to ${part.length.max}`;
  return `<${length} ${part.class}>`;
}
