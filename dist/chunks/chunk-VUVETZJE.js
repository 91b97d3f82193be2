import {
  ProgressLine,
  describeReading
} from "./chunk-NZAQVFYM.js";
import {
  scan
} from "./chunk-LCR3MFJ3.js";
import {
  loadConfiguration,
  loadIgnored,
  loadRules,
  loadUserConfiguration,
  requireSignatures
} from "./chunk-SK7VU46M.js";
import {
  KeyrecallError
} from "./chunk-U52VU3KD.js";

// src/cli/commands/source-options.ts
import { fstatSync } from "node:fs";
import path from "node:path";
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
  const target = given === void 0 ? null : path.resolve(given);
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
