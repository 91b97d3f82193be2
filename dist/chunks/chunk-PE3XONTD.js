import {
  factsOf
} from "./chunk-ZTC5UFCG.js";
import {
  KeyrecallError
} from "./chunk-U52VU3KD.js";

// src/cli/destinations.ts
import { realpathSync } from "node:fs";
import path from "node:path";
var REPORT_FORMATS = ["text", "json", "sarif", "html", "markdown", "github", "junit"];
var STANDARD_OUTPUT = "-";
var EXTENSIONS = {
  ".json": "json",
  ".sarif": "sarif",
  ".html": "html",
  ".htm": "html",
  ".md": "markdown",
  ".markdown": "markdown",
  ".xml": "junit",
  ".txt": "text"
};
function destinationsOf(flags) {
  const destinations = [];
  for (const [index, flag] of flags.entries()) {
    const [before, behind] = [flags[index - 1], flags[index + 1]];
    if ("output" in flag) {
      const given = before !== void 0 && "format" in before ? before.format : null;
      const last = index + 2 === flags.length && behind !== void 0 && "format" in behind ? behind.format : null;
      destinations.push(destination(given ?? last, flag.output));
      continue;
    }
    const isTaken = behind !== void 0 ? "output" in behind : before !== void 0 && "output" in before && !hasFormat(flags, index - 1);
    if (!isTaken) destinations.push(destination(flag.format, STANDARD_OUTPUT));
  }
  if (destinations.length === 0) destinations.push(destination(null, STANDARD_OUTPUT));
  refuseSame(destinations);
  return destinations;
}
function hasFormat(flags, index) {
  const before = flags[index - 1];
  return before !== void 0 && "format" in before;
}
function destination(format, output) {
  if (output === "") throw new KeyrecallError("usage", "--output names nothing", { hint: "name a file, or - " });
  const isStandard = output === STANDARD_OUTPUT;
  return { format: format ?? (isStandard ? "text" : formatOfName(output)), file: isStandard ? null : output };
}
function formatOfName(file) {
  const name = path.basename(file).toLowerCase();
  if (name.endsWith(".sarif.json")) return "sarif";
  return EXTENSIONS[path.extname(name)] ?? "text";
}
function refuseSame(destinations) {
  const seen = /* @__PURE__ */ new Set();
  for (const { file } of destinations) {
    const identity = file === null ? STANDARD_OUTPUT : identityOf(file);
    if (!seen.has(identity)) {
      seen.add(identity);
      continue;
    }
    const where = file === null ? "standard output" : file;
    throw new KeyrecallError("usage", `two reports are to go to ${where}`, {
      hint: "give each a file of its own: --format sarif --output report.sarif --format html --output report.html"
    });
  }
}
function identityOf(file) {
  const facts = factsOf(file);
  if (facts !== null) return `${facts.dev}:${facts.ino}`;
  const full = path.resolve(file);
  try {
    return path.join(realpathSync(path.dirname(full)), path.basename(full));
  } catch {
    return full;
  }
}

export {
  REPORT_FORMATS,
  destinationsOf
};
