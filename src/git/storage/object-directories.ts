/** The directories that objects are in: the repository's own, and those that it borrows from. */
import { existsSync } from "node:fs";
import path from "node:path";
import { messageOf } from "../../core/errors.ts";
import type { Gap } from "../../core/gap.ts";
import { readRegularFile } from "../regular-file.ts";

/**
 * @param borrowed what `GIT_ALTERNATE_OBJECT_DIRECTORIES` names
 * @returns each directory once, as it was first named
 */
export function listObjectDirectories(
  objectDirectory: string,
  borrowed: string | undefined,
  onGap: (gap: Gap) => void,
): string[] {
  const found = new Set<string>();
  const open = [objectDirectory, ...splitList(borrowed ?? "").map((one) => path.resolve(objectDirectory, one))];
  for (let next = 0; next < open.length; next++) {
    const directory = open[next]!;
    if (found.has(directory)) continue;
    if (next > 0 && !existsSync(directory)) {
      onGap({ what: `alternate object store ${directory}`, why: "does not exist or cannot be reached" });
      continue;
    }
    found.add(directory);
    open.push(...alternatesOf(directory, onGap));
  }
  return [...found];
}

/** Source: gitrepository-layout, `objects/info/alternates`: one path a line, relative to the store. */
export function alternatesOf(objectDirectory: string, onGap: (gap: Gap) => void): string[] {
  const file = path.join(objectDirectory, "info", "alternates");
  if (!existsSync(file)) return [];
  try {
    return readRegularFile(file)
      .toString("utf8")
      .split("\n")
      .filter((line) => line !== "" && !line.startsWith("#"))
      .map((line) => path.resolve(objectDirectory, unquote(line)));
  } catch (error) {
    onGap({ what: file, why: `cannot be read: ${messageOf(error)}` });
    return [];
  }
}

/** Source: git, "GIT_ALTERNATE_OBJECT_DIRECTORIES": paths with a separator in them stand in double quotes. */
function splitList(list: string): string[] {
  const paths: string[] = [];
  let rest = list;
  while (rest !== "") {
    const quoted = rest.startsWith('"') ? (/^"(?:[^"\\]|\\.)*"/.exec(rest)?.[0] ?? null) : null;
    const end = quoted === null ? rest.indexOf(path.delimiter) : quoted.length;
    const one = end === -1 ? rest : rest.slice(0, end);
    if (one !== "") paths.push(unquote(one));
    rest =
      end === -1 ? "" : rest.slice(quoted === null ? end + 1 : rest.indexOf(path.delimiter, end) + 1 || rest.length);
  }
  return paths;
}

/** A path in double quotes is written as C writes strings. Source: git's `quote.c`, which reads alternates so. */
function unquote(line: string): string {
  if (!line.startsWith('"') || !line.endsWith('"')) return line;
  const escapes: Record<string, string> = { n: "\n", t: "\t", r: "\r", a: "\x07", b: "\b", f: "\f", v: "\v" };
  const bytes = Buffer.from(line.slice(1, -1)).toString("latin1");
  const raw = bytes.replace(/\\([0-7]{3}|.)/g, (_, code: string) =>
    code.length === 3 ? String.fromCharCode(Number.parseInt(code, 8)) : (escapes[code] ?? code),
  );
  return Buffer.from(raw, "latin1").toString("utf8");
}
