/** The file of settings that `init` writes: for its owner only, and never over another one without being told. */
import { closeSync, fsyncSync, lstatSync, openSync, readFileSync, renameSync, rmSync, writeSync } from "node:fs";
import { parseEnv } from "node:util";
import { systemCodeOf } from "keyrecall";
import { SettingsError } from "../settings-error.ts";

const OWNER_ONLY = 0o600;

/** Before anything is made on GitHub: what could not be written down afterwards would be lost. @throws {SettingsError} */
export function requireWritable(file: string, mayReplace: boolean): void {
  if (!mayReplace && exists(file)) {
    throw new SettingsError(`${file} is there already`, "name another with --settings, or say --replace");
  }
  const probe = `${file}.${process.pid}.probe`;
  try {
    closeSync(openSync(probe, "wx", OWNER_ONLY));
    rmSync(probe);
  } catch (error) {
    throw new SettingsError(
      `${file} cannot be written (${systemCodeOf(error) ?? "unknown"})`,
      "name another place with --settings",
    );
  }
}

/**
 * @param variables in their order
 * @param replacing names whose lines in an existing file go, all others stay; null where there must be no file
 * @throws {SettingsError} where there is one and it is not to be replaced
 */
export function writeEnvironmentFile(
  file: string,
  variables: readonly (readonly [name: string, value: string])[],
  replacing: readonly string[] | null,
): void {
  const isReplacing = replacing !== null;
  const kept = isReplacing ? otherLines(file, new Set(replacing)) : "";
  const text = `${kept}${variables.map(([name, value]) => `${name}=${quoted(value)}\n`).join("")}`;
  const draft = isReplacing ? `${file}.${process.pid}.new` : file;
  let descriptor: number;
  try {
    // Exclusive: it follows no link, and takes no file that appeared meanwhile.
    descriptor = openSync(draft, "wx", OWNER_ONLY);
  } catch (error) {
    throw new SettingsError(`${file} cannot be written (${systemCodeOf(error) ?? "unknown"})`, "see what is there");
  }
  try {
    writeSync(descriptor, text);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  if (isReplacing) renameSync(draft, file);
}

/** What the file says of a variable; null where there is no file, or it says nothing. */
export function readFromFile(file: string, name: string): string | null {
  if (!exists(file)) return null;
  return parseEnv(readFileSync(file, "utf8"))[name] ?? null;
}

function otherLines(file: string, names: ReadonlySet<string>): string {
  if (!exists(file)) return "";
  const kept: string[] = [];
  let openQuote: string | null = null;
  for (const line of readFileSync(file, "utf8").split("\n")) {
    // A key in quotes can go over many lines, and goes with its name.
    if (openQuote !== null) {
      if (line.trimEnd().endsWith(openQuote)) openQuote = null;
      continue;
    }
    const [, name = "", value = ""] = /^\s*(?:export\s+)?(\w+)\s*=\s*(.*)$/.exec(line) ?? [];
    if (!names.has(name)) kept.push(line);
    else if (/^(["'`])(?!.*\1)/.test(value)) openQuote = value.charAt(0);
  }
  const text = kept.join("\n").trimEnd();
  return text === "" ? "" : `${text}\n`;
}

/** Readable in the same way by Node, systemd, a shell and containers: so nothing that any of them treats otherwise. */
function quoted(value: string): string {
  if (!/^[\w./:@+=,-]*$/.test(value)) throw new Error("a setting has a letter that environment files read differently");
  return value;
}

function exists(file: string): boolean {
  return lstatSync(file, { throwIfNoEntry: false }) !== undefined;
}
