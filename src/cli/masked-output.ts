/** Standard output for what is made of strangers' words: no token leaves unmasked. */
import { Detector } from "../detect/detector.ts";
import { compileRules } from "../rules/ruleset.ts";
import type { Rule } from "../rules/schema.ts";
import { mask } from "../scan/mask.ts";

export class MaskedOutput {
  readonly #detector: Detector;

  constructor(rules: readonly Rule[]) {
    this.#detector = new Detector(compileRules(rules), { minConfidence: "suspect" });
  }

  write(text: string, stream: NodeJS.WriteStream = process.stdout): void {
    stream.write(mask(this.#detector, text));
  }
}
