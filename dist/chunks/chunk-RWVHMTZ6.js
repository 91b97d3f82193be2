import {
  ProgressLine,
  describeReading
} from "./chunk-NZAQVFYM.js";
import {
  scan
} from "./chunk-3RIRM5UU.js";
import {
  readOwnFile
} from "./chunk-HWHZQRO4.js";
import {
  homeDirectory,
  loadConfiguration,
  loadIgnored,
  loadRules,
  loadUserConfiguration,
  requireSignatures
} from "./chunk-XTIAGWPS.js";
import {
  KeyrecallError
} from "./chunk-U52VU3KD.js";

// src/cli/commands/source-options.ts
import { fstatSync } from "node:fs";
import path2 from "node:path";

// src/cli/memory-key.ts
import { randomBytes } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
var KEY_BYTES = 32;
var FOR_NOBODY_ELSE = 63;
function memoryKey() {
  const home = homeDirectory();
  if (home === null) return null;
  const file = path.join(home, ".cache", "keyrecall", "record-key");
  try {
    mkdirSync(path.dirname(file), { recursive: true, mode: 448 });
    writeFileSync(file, randomBytes(KEY_BYTES), { mode: 384, flag: "wx" });
  } catch {
  }
  try {
    const key = readOwnFile(file, KEY_BYTES, FOR_NOBODY_ELSE);
    return key.length === KEY_BYTES ? key : null;
  } catch {
    return null;
  }
}

// src/cli/commands/source-options.ts
async function scanByFlags(source, flags, signal, { isServer = false } = {}) {
  requireSignatures(flags.allowSignature ?? []);
  const user = isServer ? null : await loadUserConfiguration(flags.userConfig ?? null);
  const imports = user?.configuration.imports;
  const rules = await loadRules(flags.rules ?? []);
  let configuration = flags.config === void 0 ? null : await loadConfiguration(flags.config, null);
  const ids = rules.map(({ id }) => id);
  const ignoreFiles = flags.gitleaksIgnore ?? [];
  let ignored = await loadIgnored(ignoreFiles, null, ids);
  const progress = new ProgressLine(process.stderr);
  try {
    const result = await scan({
      source,
      rules,
      minConfidence: flags.minConfidence,
      allowSignatures: [...flags.allowSignature ?? [], ...imports?.allowSignatures ?? []],
      jobs: flags.jobs,
      memoryKey: source.kind === "history" && flags.cache !== false ? memoryKey() : null,
      signal,
      onOpened: async (root) => {
        if (imports?.gitleaksIgnore === true) ignored = await loadIgnored(ignoreFiles, root, ids);
        if (root !== null) ignored?.locate(root);
        configuration ??= await loadConfiguration(null, root);
      },
      onProgress: (coverage) => progress.show(() => describeReading(coverage))
    });
    return { result, rules, configuration, ignored };
  } finally {
    progress.clear();
  }
}
function sourceOf(given, flags) {
  const directory = currentDirectory();
  const target = given === void 0 ? null : path2.resolve(given);
  if (flags.stdin) {
    if (given !== void 0) throw new KeyrecallError("usage", "--stdin reads standard input and takes no path");
    if (fstatSync(0).isDirectory()) {
      throw new KeyrecallError("usage", "standard input is a directory", {
        hint: "name it instead: keyrecall scan PATH"
      });
    }
    return { kind: "stdin", input: process.stdin, isPatch: flags.diff === true };
  }
  if (flags.diff) {
    throw new KeyrecallError("usage", "--diff is for a patch on standard input", { hint: "use it with --stdin" });
  }
  if (flags.history) return { kind: "history", path: target ?? directory };
  if (flags.staged) return { kind: "index", path: target ?? directory };
  if (flags.range !== void 0) return { kind: "range", path: target ?? directory, range: flags.range };
  return { kind: "tree", path: target, directory, useIgnoreRules: flags.ignore };
}
function currentDirectory() {
  try {
    return process.cwd();
  } catch (error) {
    throw new KeyrecallError("usage", "the current directory is gone", {
      hint: "change to one that exists",
      cause: error
    });
  }
}

export {
  scanByFlags,
  sourceOf,
  currentDirectory
};
