import {
  requireWritable,
  writeOutput
} from "./chunk-ZTC5UFCG.js";
import {
  mask
} from "./chunk-T52IQ7HH.js";
import {
  loadRules
} from "./chunk-XTIAGWPS.js";
import "./chunk-A5SOBSKO.js";
import {
  Detector
} from "./chunk-O7S4ABFV.js";
import {
  compileRules
} from "./chunk-LCFWLN64.js";
import "./chunk-QQ2TBE5L.js";
import "./chunk-U52VU3KD.js";
import "./chunk-YV5PFDMU.js";
import "./chunk-SEWDMQ6Q.js";

// src/cli/commands/rules.ts
async function listRules(options) {
  const rules = await loadRules(options.rules ?? []);
  const detector = new Detector(compileRules(rules));
  const text = options.format === "json" ? `${JSON.stringify(rules, null, 2)}
` : rules.map(formatRule).join("\n");
  process.stdout.write(mask(detector, text));
}
async function writeExport({ to, rules: files, output }) {
  if (output !== void 0) requireWritable(output);
  const rules = await loadRules(files ?? []);
  const { exportRules } = await import("./targets-GRAOKEWM.js");
  const { text, notes } = exportRules(rules, to);
  const detector = new Detector(compileRules(rules));
  writeOutput([mask(detector, text)], output ?? null);
  for (const note of notes) process.stderr.write(`${mask(detector, note)}
`);
}
function formatRule(rule) {
  const lines = [
    `${rule.id}  ${rule.name}`,
    `  shape     ${rule.grammar.prefix}${rule.grammar.parts.map(formatPart).join("")}`,
    ...rule.plane === void 0 ? [] : [`  plane     ${rule.plane}`],
    ...rule.variable === void 0 ? [] : [`  variable  ${rule.variable}`],
    `  holder    ${rule.blastRadius.summary}`,
    `  dashboard ${rule.rotation.dashboard}`
  ];
  return `${lines.join("\n")}
`;
}
function formatPart(part) {
  if ("literal" in part) return part.literal;
  const length = typeof part.length === "number" ? `${part.length}` : `${part.length.min} to ${part.length.max}`;
  return `<${length} ${part.class}>`;
}
export {
  listRules,
  writeExport
};
