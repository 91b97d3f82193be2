/** Colours only where a person looks: on a terminal, and unless they said no. */
import pc from "picocolors";

export function colorsFor(isWanted: boolean, toFile: boolean = false): ReturnType<typeof pc.createColors> {
  const isTerminal = !toFile && process.stdout.isTTY && process.env["TERM"] !== "dumb";
  return pc.createColors(isTerminal && isWanted && (process.env["NO_COLOR"] ?? "") === "");
}
