// How long `keyrecall --version` takes beside `node -e 0`, with the same Node.
//
//   node bench/startup.ts [--rounds 60]

import { readArguments } from "./support/arguments.ts";
import { printHeader, printLoad, printTargets, printTimes, type Target } from "./support/print.ts";
import { type Contestant, runInTurns } from "./support/run.ts";
import { findNodes, keyrecall } from "./support/tools.ts";

const { rounds } = readArguments({ rounds: 60 });
const nodes = findNodes();

printHeader("Start-up", nodes);
for (const { file, version } of nodes) {
  const contestants: Contestant[] = [
    { name: "node -e 0", command: [file, "-e", "0"] },
    { name: "keyrecall --version", command: [file, keyrecall, "--version"] },
    // Node takes longer for a module than for -e before it has read a line of it: what is left is the product's own.
    { name: "an empty module", command: [file, "--input-type=module", "-e", ""] },
    { name: "keyrecall --help", command: [file, keyrecall, "--help"] },
  ];
  const results = runInTurns(contestants, { rounds, warmUpRounds: 3 });
  const target: Target = { subject: "keyrecall --version", reference: "node -e 0", is: "at most", limit: 1.3 };
  console.log(`\n### Node ${version}`);
  printTimes(results, "node -e 0");
  printTargets(results, [target]);
}
printLoad("after");
