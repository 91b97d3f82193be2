import {
  loadRules
} from "./chunk-FVYQQUXV.js";
import {
  mask
} from "./chunk-MKVQB2LE.js";
import {
  Detector
} from "./chunk-HKK6JONK.js";
import "./chunk-QQ2TBE5L.js";
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
  listRules
};
