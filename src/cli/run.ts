/** Runs one command line to its exit code. Failures become messages here; a bug becomes exit code 70. */
import { CommanderError } from "commander";
import { KeyrecallError, systemCodeOf } from "../core/errors.ts";
import { ExitCode } from "../core/exit-code.ts";
import { escapeForTerminal } from "../report/escape.ts";
import { createProgram } from "./program.ts";

export async function run(args: readonly string[]): Promise<ExitCode> {
  ignoreClosedPipe(process.stdout);
  ignoreClosedPipe(process.stderr);
  const abort = new AbortController();
  const isInterruptedTwice = onSignals(() => abort.abort(new Error("interrupted")));
  let exitCode: ExitCode = ExitCode.clean;
  const program = createProgram({ signal: abort.signal, setExitCode: (code) => (exitCode = code) });
  try {
    await Promise.race([program.parseAsync(args, { from: "user" }), isInterruptedTwice]);
  } catch (error) {
    exitCode = report(error, abort.signal);
  }
  await Promise.all([flush(process.stdout), flush(process.stderr)]);
  return exitCode;
}

function report(error: unknown, signal: AbortSignal): ExitCode {
  // Commander has printed its own message.
  if (error instanceof CommanderError) return error.exitCode === 0 ? ExitCode.clean : ExitCode.usage;
  if (signal.aborted) return ExitCode.interrupted;
  if (error instanceof KeyrecallError) {
    const lines = error.message.split("\n").map(escapeForTerminal);
    process.stderr.write(`keyrecall: ${lines.join("\n  ")}\n${error.hint === undefined ? "" : `  ${error.hint}\n`}`);
    return error.code === "output" ? ExitCode.responseFailed : ExitCode.usage;
  }
  // The message of a foreign error can quote what was being read; its type and place cannot.
  const name = error instanceof Error ? error.name : typeof error;
  const places = error instanceof Error ? (error.stack ?? "").split("\n").filter((line) => /^\s+at /.test(line)) : [];
  process.stderr.write(
    [`keyrecall: this is a bug in keyrecall (${name}); please report it with these lines`, ...places, ""].join("\n"),
  );
  return ExitCode.bug;
}

/** The first signal asks the scan to end with what it has; the second ends the process at once. */
function onSignals(interrupt: () => void): Promise<never> {
  return new Promise((_, reject) => {
    let count = 0;
    const onSignal = (): void => {
      count += 1;
      if (count === 1) interrupt();
      else reject(new Error("interrupted"));
    };
    process.on("SIGINT", onSignal);
    process.on("SIGTERM", onSignal);
  });
}

/** `keyrecall scan | head` closes the pipe early: that is no failure, and the exit code stays the scan's. */
function ignoreClosedPipe(stream: NodeJS.WriteStream): void {
  stream.on("error", (error) => {
    if (systemCodeOf(error) !== "EPIPE") throw error;
  });
}

function flush(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => {
    if (stream.destroyed || stream.writableLength === 0) resolve();
    else {
      stream.once("close", () => resolve());
      stream.write("", () => resolve());
    }
  });
}
