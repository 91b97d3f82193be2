/** Runs one command line to its exit code. Failures become messages here; a bug becomes exit code 70. */
import { CommanderError } from "commander";
import { KeyrecallError, messageOf, systemCodeOf } from "../core/errors.ts";
import { ExitCode, strongestExitCode } from "../core/exit-code.ts";
import { Detector } from "../detect/detector.ts";
import { escapeForTerminal } from "../report/escape.ts";
import { builtinRules } from "../rules/builtin.generated.ts";
import { compileRules } from "../rules/ruleset.ts";
import { mask } from "../scan/mask.ts";
import { createProgram } from "./program.ts";

export async function run(args: readonly string[]): Promise<ExitCode> {
  const output = [watch(process.stdout), watch(process.stderr)];
  const abort = new AbortController();
  const isInterruptedTwice = onSignals(() => abort.abort(new Error("interrupted")));
  let exitCode: ExitCode = ExitCode.clean;
  const program = createProgram({
    signal: abort.signal,
    setExitCode: (code) => {
      exitCode = code;
    },
    writeError: (text) => void process.stderr.write(maskTokens(text)),
  });
  try {
    await Promise.race([program.parseAsync(args, { from: "user" }), isInterruptedTwice]);
  } catch (error) {
    exitCode = report(error, abort.signal);
  }
  await Promise.all([flush(process.stdout), flush(process.stderr)]);
  // A report that was not written is not a clean result.
  return output.some((stream) => stream.hasFailed()) ? strongestExitCode([exitCode, ExitCode.usage]) : exitCode;
}

function report(error: unknown, signal: AbortSignal): ExitCode {
  // Commander has printed its own message.
  if (error instanceof CommanderError) return error.exitCode === 0 ? ExitCode.clean : ExitCode.usage;
  if (signal.aborted) return ExitCode.interrupted;
  if (error instanceof KeyrecallError) {
    const lines = maskTokens(error.message).split("\n").map(escapeForTerminal);
    process.stderr.write(
      `keyrecall: ${lines.join("\n  ")}\n${error.hint === undefined ? "" : `  ${maskTokens(error.hint)}\n`}`,
    );
    return ExitCode.usage;
  }
  // The message of a foreign error can quote what was being read; its type and place cannot.
  const name = error instanceof Error ? error.name : typeof error;
  const places = error instanceof Error ? (error.stack ?? "").split("\n").filter((line) => /^\s+at /.test(line)) : [];
  process.stderr.write(
    [`keyrecall: this is a bug in keyrecall (${name}); please report it with these lines`, ...places, ""].join("\n"),
  );
  return ExitCode.bug;
}

/** Arguments come back in messages, and one of them can be a token. */
function maskTokens(text: string): string {
  return mask(new Detector(compileRules(builtinRules)), text);
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

/** `keyrecall scan | head` closes the pipe early: that is no failure. A full disk is. */
function watch(stream: NodeJS.WriteStream): { hasFailed: () => boolean } {
  let hasFailed = false;
  stream.on("error", (error) => {
    if (systemCodeOf(error) === "EPIPE") return;
    hasFailed = true;
    if (stream === process.stdout) process.stderr.write(`keyrecall: cannot write the report: ${messageOf(error)}\n`);
  });
  return { hasFailed: () => hasFailed };
}

function flush(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => {
    // An error of the last write arrives with the callback of the next.
    if (stream.destroyed) resolve();
    else stream.write("", () => resolve());
  });
}
