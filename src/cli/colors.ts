/** Colours only where a person looks: on a terminal, and unless they said no. */
import pc from "picocolors";

/** @param stream where the text goes; null for a file */
export function colorsFor(
  isWanted: boolean,
  stream: NodeJS.WriteStream | null = process.stdout,
): ReturnType<typeof pc.createColors> {
  const isTerminal = stream?.isTTY === true && process.env["TERM"] !== "dumb";
  return pc.createColors(isTerminal && isWanted && (process.env["NO_COLOR"] ?? "") === "");
}
