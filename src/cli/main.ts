/** The entry of the command line: the only place that ends the process. It loads nothing before it must. */
import { VERSION } from "../core/version.generated.ts";

const OLDEST_NODE = [20, 19];

const args = process.argv.slice(2);
if (isTooOld()) {
  process.stderr.write(
    `keyrecall: Node ${OLDEST_NODE.join(".")} or newer is needed, and this is ${process.versions.node}: nothing was checked.\n` +
      "  Hooks take another one from KEYRECALL_NODE=/path/to/node; git's --no-verify passes one once, unchecked.\n",
  );
  process.exit(2);
} else if (args.length === 1 && (args[0] === "--version" || args[0] === "-V")) {
  process.stdout.write(`${VERSION}\n`);
} else {
  const { run } = await import("./run.ts");
  const exitCode = await run(args);
  process.exit(isAskedByFront() ? answerToFront(exitCode) : exitCode);
}

function isTooOld(): boolean {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  return major < OLDEST_NODE[0]! || (major === OLDEST_NODE[0] && minor < OLDEST_NODE[1]!);
}

function isAskedByFront(): boolean {
  return args[0] === "hook" && args[1] === "run" && process.env["KEYRECALL_FRONT"] === "1";
}

/** An empty file is a program that ends with 0, and a broken one ends with 1: `hooks/front.sh` takes neither for an answer. */
function answerToFront(exitCode: number): number {
  return exitCode <= 1 ? 100 + exitCode : exitCode;
}
