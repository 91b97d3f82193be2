// Whether random bytes are ever taken for a token: base64 and hex of random bytes, in lines and without, in other text.
//
//   node bench/random.ts [--bytes 10e9]
//
// It prints how much it has searched and ends with 1 at the first finding. A finding would be a bug: no random text has a
// token's prefix and shape by chance.

import { randomFillSync } from "node:crypto";
import { parseArgs } from "node:util";
import { Detector } from "../src/detect/detector.ts";
import { builtinRules } from "../src/rules/builtin.generated.ts";
import { compileRules } from "../src/rules/ruleset.ts";

const { values } = parseArgs({ options: { bytes: { type: "string", default: "10e9" } } });
const wanted = Number(values.bytes);
const detector = new Detector(compileRules(builtinRules));
const random = Buffer.alloc(768 * 1024);

const FORMS: Readonly<Record<string, (bytes: Buffer) => string>> = {
  base64: (bytes) => bytes.toString("base64"),
  base64url: (bytes) => bytes.toString("base64url"),
  "base64 in lines": (bytes) => bytes.toString("base64").replace(/.{76}/g, "$&\n"),
  "base64 of text in hex": (bytes) =>
    Buffer.from(bytes.subarray(0, bytes.length >> 1).toString("hex")).toString("base64"),
  hex: (bytes) => bytes.subarray(0, bytes.length >> 1).toString("hex"),
  "hex with blanks": (bytes) =>
    bytes
      .subarray(0, bytes.length >> 2)
      .toString("hex")
      .replace(/../g, "$& "),
  "keys with digests": (bytes) =>
    bytes.toString("hex").replace(/(.{8})(.{64})/g, 'prefix: "ik_", id: "$1", digest: "$2"\n'),
};

let searched = 0;
const start = performance.now();
for (let turn = 0; searched < wanted; turn++) {
  randomFillSync(random);
  for (const [name, encode] of Object.entries(FORMS)) {
    const text = Buffer.from(encode(random));
    searched += text.length;
    const hits = detector.find(text);
    if (hits.length > 0) {
      console.log(
        `a finding in ${name}, after ${(searched / 1e9).toFixed(2)} GB: ${hits.map(({ encoding }) => encoding.join(" in ")).join("; ")}`,
      );
      process.exit(1);
    }
  }
}
const seconds = (performance.now() - start) / 1000;
console.log(
  `nothing in ${(searched / 1e9).toFixed(1)} GB, ${Object.keys(FORMS).length} forms, ${seconds.toFixed(0)} s`,
);
