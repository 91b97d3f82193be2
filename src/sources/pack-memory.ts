/**
 * What earlier scans have read of a repository, kept in its git directory: packs that were read to their end, with the
 * objects in which something was found, and what the walk over all that is reachable has missed. No token is in it, nor
 * what a token could be told from.
 */
import { createHmac, timingSafeEqual } from "node:crypto";
import { closeSync, constants, fstatSync, openSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { replaceOwnFile } from "../git/own-file.ts";
import type { Repository } from "../git/repository.ts";
import { hasRightChecksums, type PackFile } from "../git/storage/pack-files.ts";
import type { IdBytes } from "../git/storage/pack-index.ts";
import type { Reference } from "../git/storage/references.ts";

const FILE_NAME = "keyrecall.packs";
const SEAL_BYTES = 32;
const MAX_FILE_BYTES = 64 * 1024 * 1024;
/** Of a repository in which more was found, the next scan reads everything again. */
const MAX_NAMES = 200_000;

export interface ReadPack {
  readonly path: string;
  /** What of it holds nothing: its bytes, and how many objects of each type, numbered as in packs. */
  readonly counts: readonly number[];
  /** Objects in which something was found, or something could not be read: they are read again each time. */
  readonly noted: readonly string[];
}

export interface Walk {
  /** What it depends on. */
  readonly state: string;
  /** Names of objects that are reachable and missing. */
  readonly missing: readonly string[];
}

type RecordedPack = Omit<ReadPack, "path"> & Omit<PackFile, "path">;

interface Recorded {
  /** Each one's doubles are left to those before it, so one counts only with all of them. */
  readonly packs: readonly RecordedPack[];
  /** What the packs name that is in none of them, each with its type in front; null where that is not known. */
  readonly references: readonly string[] | null;
  readonly walk: Walk | null;
}

const NOTHING: Recorded = { packs: [], references: null, walk: null };

export interface PackMemoryOptions {
  /** Seals the record. */
  readonly key: Buffer;
  /** Covers all that decides on what is found. */
  readonly digest: string;
}

export class PackMemory {
  readonly #file: string;
  readonly #options: PackMemoryOptions;
  readonly #recorded: Recorded;

  private constructor(file: string, options: PackMemoryOptions) {
    this.#file = file;
    this.#options = options;
    this.#recorded = this.#read() ?? NOTHING;
  }

  /** @returns null where the repository is not the caller's to write to, or its store is another one's for now */
  static open(repository: Repository, options: PackMemoryOptions): PackMemory | null {
    const environment = { ...process.env, ...repository.git.environment };
    const hasOtherStore = ["GIT_OBJECT_DIRECTORY", "GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_INDEX_FILE"].some(
      (name) => environment[name] !== undefined,
    );
    if (repository.refusal !== null || hasOtherStore || !isOwn(repository.commonDirectory)) return null;
    return new PackMemory(path.join(repository.commonDirectory, FILE_NAME), options);
  }

  /** Which of the packs need not be read again, in the order in which they were. */
  async reuse(files: readonly PackFile[], idBytes: IdBytes, signal: AbortSignal | undefined): Promise<ReadPack[]> {
    const open = new Set(files);
    const reused: ReadPack[] = [];
    for (const { content, stamp, counts, noted } of this.#recorded.packs) {
      const same = [...open].filter((file) => file.content === content);
      const untouched = same.find((file) => file.stamp === stamp);
      const found = untouched ?? same[0];
      // git sets a pack's time where it would write an object that stands in it: its bytes tell whether it is the same.
      if (found === undefined) break;
      if (untouched === undefined && !(await hasRightChecksums(found, idBytes, signal))) break;
      open.delete(found);
      reused.push({ path: found.path, counts, noted });
    }
    return reused;
  }

  /** @returns what the packs name that is in none of them; null where that is not known of exactly these */
  referencesOf(packs: readonly ReadPack[]): Reference[] | null {
    const { references, packs: recorded } = this.#recorded;
    if (references === null || packs.length !== recorded.length) return null;
    return references.map((text) => ({ type: Number(text[0]), objectId: text.slice(1), holder: null }));
  }

  walkOf(state: string): Walk | null {
    return this.#recorded.walk?.state === state ? this.#recorded.walk : null;
  }

  /**
   * That this fails costs time in the next scan, and nothing else.
   *
   * @param before the packs as they were before they were read
   * @param after the same, now
   * @param references what the packs name that is in none of them; null where that is not known
   */
  save(
    read: readonly ReadPack[],
    before: readonly PackFile[],
    after: readonly PackFile[],
    references: readonly Reference[] | null,
    walk: Walk | null,
  ): void {
    const fileAt = new Map(before.map((file) => [file.path, file]));
    const stampAt = new Map(after.map(({ path: at, stamp }) => [at, stamp]));
    const packs: RecordedPack[] = [];
    for (const { path: at, counts, noted } of read) {
      const { content, stamp } = fileAt.get(at) ?? { content: null, stamp: "" };
      if (content === null || stampAt.get(at) !== stamp) break;
      packs.push({ content, stamp, counts, noted });
    }
    const names = packs.reduce((sum, { noted }) => sum + noted.length, walk?.missing.length ?? 0);
    if (packs.length === 0 || names > MAX_NAMES) return;
    const isAllKnown = references !== null && packs.length === read.length && references.length <= MAX_NAMES;
    const named = isAllKnown ? references.map(({ objectId, type }) => `${type}${objectId}`) : null;
    const text = JSON.stringify({ digest: this.#options.digest, packs, references: named, walk });
    if (text === JSON.stringify({ digest: this.#options.digest, ...this.#recorded })) return;
    try {
      replaceOwnFile(this.#file, `${this.#seal(text).toString("hex")}\n${text}`);
    } catch {
      // A read-only repository is no reason to fail.
    }
  }

  #read(): Recorded | null {
    try {
      const bytes = readRecord(this.#file);
      const text = bytes.toString("utf8", 2 * SEAL_BYTES + 1);
      const seal = Buffer.from(bytes.toString("latin1", 0, 2 * SEAL_BYTES), "hex");
      if (seal.length !== SEAL_BYTES || !timingSafeEqual(seal, this.#seal(text))) return null;
      // Nobody without the key has written it, so it is as it was written.
      const { digest, packs, references, walk } = JSON.parse(text) as Recorded & { digest: string };
      return digest === this.#options.digest ? { packs, references, walk } : null;
    } catch {
      // None yet, or none that can be used.
      return null;
    }
  }

  #seal(text: string): Buffer {
    return createHmac("sha256", this.#options.key).update(this.#file).update("\0").update(text).digest();
  }
}

function readRecord(file: string): Buffer {
  const descriptor = openSync(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOFOLLOW ?? 0));
  try {
    const stat = fstatSync(descriptor);
    if (!stat.isFile() || stat.size > MAX_FILE_BYTES) throw new Error("is no record");
    return readFileSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function isOwn(directory: string): boolean {
  try {
    return process.getuid === undefined || statSync(directory).uid === process.getuid();
  } catch {
    return false;
  }
}
