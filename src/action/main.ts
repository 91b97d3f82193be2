/** The entry of the Action. */
import { run } from "./run.ts";

const abort = new AbortController();
// A workflow that is cancelled gives its steps a few seconds.
for (const name of ["SIGINT", "SIGTERM"] as const) process.once(name, () => abort.abort(new Error("interrupted")));

if (!(await run(abort.signal))) process.exitCode = 1;
