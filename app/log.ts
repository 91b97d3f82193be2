/** Lines of JSON. Of an error only what is ours gets out: a foreign message can quote what was sent. */
import { builtinRules, compileRules, Detector, mask } from "keyrecall";
import { type Logger, pino } from "pino";

export type Log = Logger;

const detector = new Detector(compileRules(builtinRules), { minConfidence: "suspect" });

export function createLog(level: string, destination: NodeJS.WritableStream = process.stdout): Log {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { err: describeError, error: describeError },
      redact: { paths: ["*.payload", "*.body", "*.headers", "payload", "body", "headers"], censor: "left out" },
    },
    { write: (line: string) => void destination.write(mask(detector, line)) },
  );
}

/** Name, code and status of an error, and the places in the code that it came through. */
function describeError(error: unknown): object {
  if (!(error instanceof Error)) return { name: typeof error };
  const { code, status } = error as { code?: unknown; status?: unknown };
  const places = (error.stack ?? "").split("\n").filter((line) => /^\s+at /.test(line));
  return {
    name: error.name,
    ...(typeof code === "string" ? { code } : {}),
    ...(typeof status === "number" ? { status } : {}),
    places: places.slice(0, 6).map((place) => place.trim()),
  };
}
