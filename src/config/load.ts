/** Reads what the operator of a scan has decided: configuration, baseline, rules of their own. */
import { closeSync, existsSync, openSync, readSync, statSync } from "node:fs";
import path from "node:path";
import { KeyrecallError, messageOf, systemCodeOf } from "../core/errors.ts";
import { builtinRules } from "../rules/builtin.generated.ts";
import type { Rule } from "../rules/schema.ts";
import type { Baseline, Configuration } from "./schema.ts";

const CONFIGURATION_FILE = ".keyrecall.yml";

export interface LoadedConfiguration {
  readonly file: string;
  readonly configuration: Configuration;
}

/**
 * The file that was named, or the one at the root; null where there is none.
 *
 * @throws {KeyrecallError} `configuration`
 */
export async function loadConfiguration(
  named: string | null,
  root: string | null,
): Promise<LoadedConfiguration | null> {
  const file = named ?? (root === null ? null : path.join(root, CONFIGURATION_FILE));
  if (file === null || (named === null && !existsSync(file))) return null;
  const text = readText(file, named === null ? null : "--config");
  // Loaded only where there is a file to read: start-up time counts.
  const [{ readYaml }, { configurationSchema }] = await Promise.all([
    import("../rules/read-yaml.ts"),
    import("./schema.ts"),
  ]);
  return { file, configuration: readYaml(file, text, configurationSchema) };
}

/** @throws {KeyrecallError} `configuration` */
export async function loadBaseline(file: string): Promise<Baseline> {
  const text = readText(file, "--baseline");
  const [{ readYaml }, { baselineSchema }] = await Promise.all([
    import("../rules/read-yaml.ts"),
    import("./schema.ts"),
  ]);
  // JSON is YAML, and this reader tells lines.
  return readYaml(file, text, baselineSchema);
}

/** The built-in rules and those of the files. @throws {KeyrecallError} `configuration` */
export async function loadRules(files: readonly string[]): Promise<Rule[]> {
  const rules: Rule[] = [...builtinRules];
  if (files.length === 0) return rules;
  const { parseRules } = await import("../rules/load-rules.ts");
  for (const file of files) rules.push(...parseRules(file, readText(file, "--rules"), rules));
  return rules;
}

const MAX_FILE_BYTES = 4 * 1024 * 1024;

/** @param flag the one that named the file; null for a file of the repository, which could be anything */
function readText(file: string, flag: string | null): string {
  try {
    if (flag === null && !statSync(file).isFile()) throw new Error("it is not a regular file");
    const descriptor = openSync(file, "r");
    try {
      return readUpTo(descriptor, MAX_FILE_BYTES);
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    const why = systemCodeOf(error) === "ENOENT" ? "no such file" : messageOf(error);
    throw new KeyrecallError("configuration", `cannot read ${flag === null ? "" : `${flag} `}${file}: ${why}`, {
      hint: "check the path",
      cause: error,
    });
  }
}

function readUpTo(descriptor: number, limit: number): string {
  const buffer = Buffer.alloc(65_536);
  const pieces: Buffer[] = [];
  let length = 0;
  for (let count = readSync(descriptor, buffer); count > 0; count = readSync(descriptor, buffer)) {
    length += count;
    if (length > limit) throw new Error(`it is larger than ${limit} bytes`);
    pieces.push(Buffer.from(buffer.subarray(0, count)));
  }
  return Buffer.concat(pieces).toString("utf8");
}
