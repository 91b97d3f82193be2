/** Reads what the operator of a scan has decided: configuration, baseline, rules of their own. */
import { closeSync, existsSync, openSync, readSync, statSync } from "node:fs";
import { userInfo } from "node:os";
import path from "node:path";
import { KeyrecallError, messageOf, systemCodeOf } from "../core/errors.ts";
import { builtinRules } from "../rules/builtin.generated.ts";
import type { Rule } from "../rules/schema.ts";
import type { GitleaksIgnore } from "./gitleaks-ignore.ts";
import type { Baseline, Configuration } from "./schema.ts";
import type { UserConfiguration } from "./user-schema.ts";

export const CONFIGURATION_FILE = ".keyrecall.yml";

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
  return parseConfiguration(file, readText(file, named === null ? null : "--config"));
}

/** A configuration that is no file, such as one of another commit. @throws {KeyrecallError} `configuration` */
export async function parseConfiguration(file: string, text: string): Promise<LoadedConfiguration> {
  // Loaded only where there is something to read: start-up time counts.
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

const IGNORE_FILES = [".gitleaksignore", ".betterleaksignore"];

/** @throws {KeyrecallError} `usage` */
export function requireSignatures(signatures: readonly string[]): void {
  const wrong = signatures.find((text) => !/^[\x21-\x7e]{6,80}$/.test(text));
  if (wrong === undefined) return;
  throw new KeyrecallError("usage", `--allow-signature ${wrong}: not 6 to 80 printable characters without a space`, {
    hint: "name the mark that stands on the lines, such as gitleaks:allow",
  });
}

/**
 * @param root where the files of the user's configuration are looked for; null where there is no such place
 * @param rules ids of the rules of the scan
 * @throws {KeyrecallError} `configuration`
 */
export async function loadIgnored(
  files: readonly string[],
  root: string | null,
  rules: readonly string[],
): Promise<GitleaksIgnore | null> {
  const atRoot =
    root === null ? [] : IGNORE_FILES.map((name) => path.join(root, name)).filter((file) => existsSync(file));
  if (files.length === 0 && atRoot.length === 0) return null;
  const { GitleaksIgnore } = await import("./gitleaks-ignore.ts");
  const ignored = new GitleaksIgnore(rules);
  for (const file of files) ignored.add(file, readText(file, "--gitleaks-ignore"));
  for (const file of atRoot) ignored.add(path.basename(file), readText(file, null));
  return ignored;
}

export interface LoadedUserConfiguration {
  readonly file: string;
  readonly configuration: UserConfiguration;
}

/**
 * The file that was named, or the user's own; null where there is none.
 *
 * @throws {KeyrecallError} `configuration`
 */
export async function loadUserConfiguration(named: string | null): Promise<LoadedUserConfiguration | null> {
  const file = named ?? userConfigurationFile();
  if (file === null || (named === null && !existsSync(file))) return null;
  const text = readText(file, named === null ? null : "--user-config");
  const [{ readYaml }, { userConfigurationSchema }] = await Promise.all([
    import("../rules/read-yaml.ts"),
    import("./user-schema.ts"),
  ]);
  return { file, configuration: readYaml(file, text, userConfigurationSchema) };
}

/** @param file relative to the configuration that names it. @throws {KeyrecallError} `configuration` */
export function readSecretFile(file: string): string {
  const secret = readText(file, "the secret file").replace(/\r?\n$/, "");
  if (secret.length < MIN_SECRET_LENGTH) {
    throw new KeyrecallError("configuration", `the secret in ${file} has fewer than ${MIN_SECRET_LENGTH} characters`, {
      hint: "make one: openssl rand -hex 32",
    });
  }
  return secret;
}

const MIN_SECRET_LENGTH = 16;

/**
 * In the home directory that the system knows: HOME and XDG_CONFIG_HOME are the environment's, which a repository's
 * tooling can set, and this file says where tokens are sent.
 */
function userConfigurationFile(): string | null {
  const home = homeDirectory();
  return home === null ? null : path.join(home, ".config", "keyrecall", "config.yml");
}

/** Null where the system knows no such user, as in some containers. */
export function homeDirectory(): string | null {
  try {
    return userInfo().homedir;
  } catch {
    return null;
  }
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
