/** Configuration that gives another scanner the two tokens and nothing else to look for. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

const ONE_RULE = String.raw`title = "InferenceKey tokens"

[[rules]]
id = "inferencekey-token"
description = "InferenceKey token"
regex = '''ik_(sdk|live)_[0-9a-f]{8}_[0-9a-f]{64}'''
keywords = ["ik_sdk_", "ik_live_"]
`;

/** @returns the path of the configuration file */
export function writeOneRule(directory: string): string {
  const file = path.join(directory, "one-rule.toml");
  writeFileSync(file, ONE_RULE);
  return file;
}

/** Calls `use` with the path of a configuration file that is removed afterwards. */
export function withOneRule<T>(use: (file: string) => T): T {
  const directory = mkdtempSync(path.join(tmpdir(), "keyrecall-bench-"));
  try {
    return use(writeOneRule(directory));
  } finally {
    rmSync(directory, { recursive: true });
  }
}
