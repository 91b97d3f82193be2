import {
  writeOutput
} from "./chunk-XMEZHILH.js";
import {
  requireWritable
} from "./chunk-5YCZH3JS.js";
import "./chunk-NZAQVFYM.js";
import "./chunk-IJQ3EJLO.js";
import "./chunk-6A4SAM7B.js";
import {
  mask
} from "./chunk-X4R47LK2.js";
import {
  loadRules
} from "./chunk-TEQY66DE.js";
import "./chunk-OH7O2CZH.js";
import "./chunk-QQ2TBE5L.js";
import "./chunk-BNOIKOU6.js";
import {
  Detector
} from "./chunk-JNELUEUO.js";
import "./chunk-A5SOBSKO.js";
import {
  compileRules
} from "./chunk-LCFWLN64.js";
import "./chunk-U52VU3KD.js";
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
  const { exportRules } = await import("./targets-QMVKQJCC.js");
  const { text, notes } = exportRules(rules, to);
  const detector = new Detector(compileRules(rules));
  writeOutput([mask(detector, text)], output);
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
