import {
  mask
} from "./chunk-T52IQ7HH.js";
import {
  Detector
} from "./chunk-O7S4ABFV.js";
import {
  compileRules
} from "./chunk-LCFWLN64.js";

// src/cli/masked-output.ts
var MaskedOutput = class {
  #detector;
  constructor(rules) {
    this.#detector = new Detector(compileRules(rules), { minConfidence: "suspect" });
  }
  write(text, stream = process.stdout) {
    stream.write(mask(this.#detector, text));
  }
};

export {
  MaskedOutput
};
