/** Which report goes where: from `--format` and `--output`, in the order in which they were given. */
import { realpathSync } from "node:fs";
import path from "node:path";
import { KeyrecallError } from "../core/errors.ts";
import { factsOf } from "./output.ts";

export const REPORT_FORMATS = ["text", "json", "sarif", "html", "markdown", "github", "junit"] as const;

export type ReportFormat = (typeof REPORT_FORMATS)[number];

export type DestinationFlag = { readonly format: ReportFormat } | { readonly output: string };

export interface Destination {
  readonly format: ReportFormat;
  /** Null for standard output. */
  readonly file: string | null;
}

const STANDARD_OUTPUT = "-";

const EXTENSIONS: Readonly<Record<string, ReportFormat>> = {
  ".json": "json",
  ".sarif": "sarif",
  ".html": "html",
  ".htm": "html",
  ".md": "markdown",
  ".markdown": "markdown",
  ".xml": "junit",
  ".txt": "text",
};

/**
 * A format belongs to the output behind it; the last one, where none follows, to the output before it that has none, else to
 * standard output.
 *
 * @throws {KeyrecallError} `usage`
 */
export function destinationsOf(flags: readonly DestinationFlag[]): Destination[] {
  const destinations: Destination[] = [];
  for (const [index, flag] of flags.entries()) {
    const [before, behind] = [flags[index - 1], flags[index + 1]];
    if ("output" in flag) {
      const given = before !== undefined && "format" in before ? before.format : null;
      const last = index + 2 === flags.length && behind !== undefined && "format" in behind ? behind.format : null;
      destinations.push(destination(given ?? last, flag.output));
      continue;
    }
    const isTaken =
      behind !== undefined
        ? "output" in behind
        : before !== undefined && "output" in before && !hasFormat(flags, index - 1);
    if (!isTaken) destinations.push(destination(flag.format, STANDARD_OUTPUT));
  }
  if (destinations.length === 0) destinations.push(destination(null, STANDARD_OUTPUT));
  refuseSame(destinations);
  return destinations;
}

/** Whether the output at this place has a format in front of it. */
function hasFormat(flags: readonly DestinationFlag[], index: number): boolean {
  const before = flags[index - 1];
  return before !== undefined && "format" in before;
}

function destination(format: ReportFormat | null, output: string): Destination {
  if (output === "") throw new KeyrecallError("usage", "--output names nothing", { hint: "name a file, or - " });
  const isStandard = output === STANDARD_OUTPUT;
  return { format: format ?? (isStandard ? "text" : formatOfName(output)), file: isStandard ? null : output };
}

/** By the extension: `.sarif.json` is SARIF; what has none that is known is text. */
function formatOfName(file: string): ReportFormat {
  const name = path.basename(file).toLowerCase();
  if (name.endsWith(".sarif.json")) return "sarif";
  return EXTENSIONS[path.extname(name)] ?? "text";
}

function refuseSame(destinations: readonly Destination[]): void {
  const seen = new Set<string>();
  for (const { file } of destinations) {
    const identity = file === null ? STANDARD_OUTPUT : identityOf(file);
    if (!seen.has(identity)) {
      seen.add(identity);
      continue;
    }
    const where = file === null ? "standard output" : file;
    throw new KeyrecallError("usage", `two reports are to go to ${where}`, {
      hint: "give each a file of its own: --format sarif --output report.sarif --format html --output report.html",
    });
  }
}

/** What the name leads to, whatever way it is written. */
function identityOf(file: string): string {
  const facts = factsOf(file);
  if (facts !== null) return `${facts.dev}:${facts.ino}`;
  const full = path.resolve(file);
  try {
    return path.join(realpathSync(path.dirname(full)), path.basename(full));
  } catch {
    return full;
  }
}
