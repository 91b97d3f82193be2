/** A question on the terminal itself, for commands whose standard input is something else. */
import { closeSync, openSync } from "node:fs";
import { createInterface } from "node:readline";
import { ReadStream } from "node:tty";

/**
 * @returns the line that was typed, empty at the end of input; null where there is no terminal
 * @throws the signal's reason, when it is aborted
 */
export async function askOnTerminal(ask: () => void, signal: AbortSignal): Promise<string | null> {
  signal.throwIfAborted();
  let descriptor: number;
  try {
    descriptor = openSync("/dev/tty", "r");
  } catch {
    return null;
  }
  let input: ReadStream;
  try {
    input = new ReadStream(descriptor);
  } catch {
    closeSync(descriptor);
    return null;
  }
  const lines = createInterface({ input });
  try {
    ask();
    return await new Promise<string>((resolve, reject) => {
      lines.once("line", resolve);
      lines.once("close", () => resolve(""));
      input.once("error", () => resolve(""));
      signal.addEventListener("abort", () => reject(signal.reason as Error), { once: true });
    });
  } finally {
    lines.close();
    input.destroy();
  }
}
