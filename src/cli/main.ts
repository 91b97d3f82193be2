/** The entry of the command line: the only place that ends the process. It loads nothing before it must. */
import { VERSION } from "../core/version.generated.ts";

const args = process.argv.slice(2);
if (args.length === 1 && (args[0] === "--version" || args[0] === "-V")) {
  process.stdout.write(`${VERSION}\n`);
} else {
  const { run } = await import("./run.ts");
  process.exit(await run(args));
}
