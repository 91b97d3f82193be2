import { compileRules, Detector, type Rule } from "keyrecall";

/** Finds what incidents are opened for, and masks it in names. */
export function certainDetector(rules: readonly Rule[]): Detector {
  return new Detector(compileRules(rules), { minConfidence: "certain" });
}
