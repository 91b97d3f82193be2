/** The bare repository of one clone on disk: made, mended after a kill, measured, taken apart. */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";

export type ObjectFormat = "sha1" | "sha256";

export const TIP_REFS = "refs/keyrecall/tips";

/** Every ref costs a line in each negotiation; older ones are seldom needed for it. */
const MAX_TIP_REFS = 64;

/** The last use of a clone is this file's time, its size the file's text. */
const USE_FILE = "keyrecall-use";

const UNREADABLE_FILE = "keyrecall-unreadable";

export function objectFormatOf(objectId: string): ObjectFormat {
  return objectId.length === 64 ? "sha256" : "sha1";
}

function configurationFor(format: ObjectFormat): string {
  return format === "sha256"
    ? "[core]\n\trepositoryformatversion = 1\n\tbare = true\n[extensions]\n\tobjectformat = sha256\n"
    : "[core]\n\trepositoryformatversion = 0\n\tbare = true\n";
}

const HEAD = "ref: refs/heads/none\n";

export class CloneDirectory {
  readonly path: string;
  /** On the same file system, for what is being made and what is being taken away. */
  readonly #scratch: string;

  constructor(directory: string, scratch: string) {
    this.path = directory;
    this.#scratch = scratch;
  }

  get packDirectory(): string {
    return path.join(this.path, "objects", "pack");
  }

  get objectIdBytes(): 20 | 32 {
    return readOrNull(path.join(this.path, "config")) === configurationFor("sha256") ? 32 : 20;
  }

  /** True where it is there, is of the format, and looks as it was made. */
  isUsable(format: ObjectFormat): boolean {
    return (
      readOrNull(path.join(this.path, "config")) === configurationFor(format) &&
      readOrNull(path.join(this.path, "HEAD")) === HEAD &&
      existsSync(this.packDirectory) &&
      existsSync(path.join(this.path, TIP_REFS))
    );
  }

  /** Puts an empty repository in the place of whatever is there; it appears whole or not at all. */
  create(format: ObjectFormat): void {
    this.discard();
    const draft = mkdtempSync(path.join(this.#scratch, "new-"));
    mkdirSync(path.join(draft, "objects", "pack"), { recursive: true });
    mkdirSync(path.join(draft, "objects", "info"));
    mkdirSync(path.join(draft, TIP_REFS), { recursive: true });
    writeFileSync(path.join(draft, "config"), configurationFor(format));
    writeFileSync(path.join(draft, "HEAD"), HEAD);
    mkdirSync(path.dirname(this.path), { recursive: true });
    renameSync(draft, this.path);
  }

  discard(): void {
    if (!existsSync(this.path)) return;
    const trash = mkdtempSync(path.join(this.#scratch, "old-"));
    renameSync(this.path, path.join(trash, "clone"));
    removeAll(trash);
  }

  /** Takes away what a killed git has left: half packs, and locks that nobody holds, for the caller has the clone to itself. */
  mend(): void {
    for (const name of readdirSync(this.packDirectory)) {
      if (name.startsWith("tmp_")) removeAll(path.join(this.packDirectory, name));
    }
    for (const name of readdirSync(this.path)) if (name.endsWith(".lock")) removeAll(path.join(this.path, name));
    for (const name of readdirSync(path.join(this.path, TIP_REFS))) {
      if (name.endsWith(".lock")) removeAll(path.join(this.path, TIP_REFS, name));
    }
  }

  hasTip(objectId: string): boolean {
    return existsSync(path.join(this.path, TIP_REFS, objectId));
  }

  /** True where nothing has ever been fetched to the end. */
  get isEmpty(): boolean {
    return readdirSync(path.join(this.path, TIP_REFS)).length === 0;
  }

  get isShallow(): boolean {
    return existsSync(path.join(this.path, "shallow"));
  }

  /** Objects stay when their ref goes: nothing here collects garbage. */
  forgetOldTips(): void {
    const directory = path.join(this.path, TIP_REFS);
    const names = readdirSync(directory);
    if (names.length <= MAX_TIP_REFS) return;
    const byAge = names
      .map((name) => ({ name, time: statSync(path.join(directory, name)).mtimeMs }))
      .toSorted((a, b) => a.time - b.time);
    for (const { name } of byAge.slice(0, names.length - MAX_TIP_REFS)) unlinkSync(path.join(directory, name));
  }

  packs(): { readonly name: string; readonly bytes: number }[] {
    return readdirSync(this.packDirectory)
      .filter((name) => name.endsWith(".pack"))
      .map((name) => ({ name, bytes: sizeOf(path.join(this.packDirectory, name)) }));
  }

  /** What is arriving at the moment. */
  get arrivingBytes(): number {
    // It is asked while git runs; that the directory is gone shows in git's own words.
    if (!existsSync(this.packDirectory)) return 0;
    return readdirSync(this.packDirectory)
      .filter((name) => name.startsWith("tmp_"))
      .reduce((sum, name) => sum + sizeOf(path.join(this.packDirectory, name)), 0);
  }

  /** What could not be read although it had just been fetched: fetching again would not help. */
  noteUnreadable(things: readonly string[]): void {
    writeFileSync(path.join(this.path, UNREADABLE_FILE), JSON.stringify(things));
  }

  isNotedUnreadable(things: readonly string[]): boolean {
    const noted = readOrNull(path.join(this.path, UNREADABLE_FILE));
    return noted !== null && things.every((thing) => (JSON.parse(noted) as string[]).includes(thing));
  }

  noteUse(): void {
    if (!existsSync(this.packDirectory)) return;
    const bytes = readdirSync(this.packDirectory).reduce(
      (sum, name) => sum + sizeOf(path.join(this.packDirectory, name)),
      0,
    );
    const file = path.join(this.path, USE_FILE);
    writeFileSync(file, String(bytes));
    const now = new Date();
    utimesSync(file, now, now);
  }

  /** Null where it was never used to the end: then its size is not known, and it goes first. */
  lastUse(): { readonly timeMs: number; readonly bytes: number } | null {
    const file = path.join(this.path, USE_FILE);
    const text = readOrNull(file);
    const time = statSync(file, { throwIfNoEntry: false })?.mtimeMs;
    return text === null || time === undefined ? null : { timeMs: time, bytes: Number(text) || 0 };
  }
}

/** An orphan of a killed process may still write while its directory is taken away. */
export function removeAll(file: string): void {
  rmSync(file, { recursive: true, force: true, maxRetries: 5, retryDelay: 20 });
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}

function readOrNull(file: string): string | null {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return null;
  }
}
