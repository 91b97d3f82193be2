/** One repository of the cache in use: fetched into, scanned, read from. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import path from "node:path";
import { type Confidence, KeyrecallError, type Rule, scanForOccurrences, type ScanResult } from "keyrecall";
import { type CloneDirectory, type ObjectFormat, objectFormatOf } from "./clone-directory.ts";
import { type Failed, GitFailure } from "./failure.ts";
import { CloneDamagedError, Fetcher, type FetcherOptions, type FetchFilter, type Lost } from "./fetcher.ts";
import { type GitEnd, runGit } from "./git-process.ts";
import { consolidatePacks } from "./packs.ts";
import type { Remote } from "./remote.ts";

export interface FetchRequest {
  /** What is to be scanned: ids of commits or tags. */
  readonly tips: readonly string[];
  /** What was there before, or was scanned. Zero ids, as pushes have them, are passed over. */
  readonly known: readonly string[];
  /** Names under which the server has the tips, for servers that do not give every object by its id. */
  readonly refs?: readonly string[];
  /** Where no known object can be had: names, such as the default branch, whose history counts as known. */
  readonly fallbackRefs?: readonly string[];
}

export interface Fetched {
  readonly outcome: "ok";
  /** The tips that are here now. Empty never: then the outcome is `gone`. */
  readonly tips: readonly string[];
  /** Tips that the server no longer has. */
  readonly gone: readonly string[];
  /** What is known and here. Empty where nothing is: then the whole history of the tips is new. */
  readonly known: readonly string[];
  /** Known objects that the server no longer has. */
  readonly lost: readonly string[];
  readonly receivedBytes: number;
  /** The tip was not here and all that is known was: it is reached from none of it. False where that is not certain. */
  readonly isCertainlyNew: boolean;
}

export interface ScanRequest {
  readonly tips: readonly { readonly id: string; readonly ref?: string }[];
  readonly known: readonly string[];
  readonly rules: readonly Rule[];
  readonly minConfidence: Confidence;
}

export interface Scanned {
  readonly outcome: "ok";
  readonly result: ScanResult;
  /** Why contents could not be fetched, where that is so: what was found counts all the same, and the rest has gaps. */
  readonly failed: Failed | null;
}

export interface ObjectRead {
  readonly outcome: "ok";
  readonly bytes: Buffer;
}

export interface RefsListed {
  readonly outcome: "ok";
  /** A name can hold a token. */
  readonly refs: readonly { readonly name: string; readonly id: string }[];
}

export interface FilesFound {
  readonly outcome: "ok";
  readonly paths: readonly string[];
}

export interface CloneOptions extends FetcherOptions {
  /** A repository up to this size is fetched in one go, contents included. */
  readonly smallRepositoryBytes: number;
}

/** More contents than these are asked for in several requests. */
const MAX_CONTENTS_AT_ONCE = 10_000;
const MAX_PACKS = 48;
const ZERO_ID = /^0+$/;
/** By its length a clone is made in one format or the other. */
const ANY_ID = { sha1: "0".repeat(40), sha256: "0".repeat(64) };

export class Clone {
  readonly #directory: CloneDirectory;
  readonly #remote: Remote;
  readonly #options: CloneOptions;
  readonly #fetcher: Fetcher;
  /** Made in this use, so that no earlier damage can be in it. */
  #isFresh = false;
  #receivedBytes = 0;

  constructor(directory: CloneDirectory, remote: Remote, options: CloneOptions) {
    this.#directory = directory;
    this.#remote = remote;
    this.#options = options;
    this.#fetcher = new Fetcher(directory, remote, options);
  }

  /** The bare repository. */
  get path(): string {
    return this.#directory.path;
  }

  /** Sees to it that the tips, and what is known, are here. */
  fetch(request: FetchRequest): Promise<Fetched | Failed> {
    return this.#asOutcome(() => this.#orAnew(request.tips, () => this.#fetch(request)));
  }

  /** Scans all that the tips bring in and the known objects do not. Both have been fetched. */
  scan(request: ScanRequest): Promise<Scanned | Failed> {
    const ids = request.tips.map(({ id }) => id);
    const work = async (): Promise<Scanned> => {
      const { result, failed, isShort } = await this.#scan(request);
      const unread = result.coverage.gaps.map(({ what }) => what);
      const isExplained = failed !== null || isShort || this.#directory.isShallow;
      if (unread.length > 0 && !isExplained) {
        if (this.#isFresh) this.#directory.noteUnreadable(unread);
        else if (!this.#directory.isNotedUnreadable(unread)) throw new CloneDamagedError(unread.join(", "));
      }
      return { outcome: "ok", result, failed };
    };
    const prepare = async (): Promise<void> => {
      await this.#fetch({ tips: ids, known: request.known });
    };
    return this.#asOutcome(() => this.#orAnew(ids, work, prepare));
  }

  /** What the server has now, without what tags point to. */
  listRefs(): Promise<RefsListed | Failed> {
    return this.#asOutcome(() => {
      const format = this.#directory.isUsable("sha256") ? "sha256" : "sha1";
      return this.#orAnew([ANY_ID[format]], async () => ({ outcome: "ok", refs: await this.#fetcher.listRefs() }));
    });
  }

  /** Whether all commits of a tip are reachable from what is known. Both have been fetched. */
  async isReached(tip: string, known: readonly string[]): Promise<boolean> {
    if (known.length === 0) return false;
    for (const id of [tip, ...known]) requireId(id);
    const input = [tip, ...known.map((id) => `^${id}`)].map((line) => `${line}\n`).join("");
    const { status, output } = await this.#git(["rev-list", "--max-count=1", "--stdin"], input);
    return status === 0 && output.length === 0;
  }

  /** Reads one object, fetched where it is missing. */
  readObject(objectId: string, maxBytes: number): Promise<ObjectRead | Failed> {
    return this.#asOutcome(() =>
      this.#orAnew([objectId], async () => {
        let bytes = await this.#readHere(objectId, maxBytes);
        if (bytes === null) {
          await this.#obtain([objectId]);
          bytes = await this.#readHere(objectId, maxBytes);
        }
        if (bytes === null) throw new GitFailure("gone", `The server no longer has the object ${objectId}.`);
        return { outcome: "ok", bytes };
      }),
    );
  }

  /**
   * Files at the tip of a name that hold one of the texts as words. Contents that are not here are fetched, unless they
   * are too many.
   */
  filesWith(name: string, texts: readonly string[]): Promise<FilesFound | Failed> {
    return this.#asOutcome(async () => {
      const format = this.#directory.isUsable("sha256") ? "sha256" : "sha1";
      return this.#orAnew([ANY_ID[format]], async () => {
        const [tip] = await this.#fetchNamed([name], "commits");
        if (tip === undefined) throw new GitFailure("gone", `The server has no ${name}.`);
        const missing = await this.#missingBelow(tip);
        if (missing.length > MAX_CONTENTS_AT_ONCE) {
          throw new GitFailure("too-large", `${name} has more files than are fetched to look into them.`);
        }
        if (missing.length > 0) await this.#obtain(missing);
        return { outcome: "ok", paths: await this.#grep(tip, texts) };
      });
    });
  }

  async #missingBelow(commit: string): Promise<string[]> {
    const end = await this.#git(["rev-list", "--objects", "--no-walk", "--missing=print", commit]);
    if (end.status !== 0) throw new CloneDamagedError(end.errorText.trim());
    return end.output.toString("latin1").match(/(?<=^\?)[0-9a-f]+$/gm) ?? [];
  }

  async #grep(commit: string, texts: readonly string[]): Promise<string[]> {
    const end = await this.#git([
      "grep",
      "--files-with-matches",
      "-z",
      "--fixed-strings",
      "--word-regexp",
      "-I",
      ...texts.flatMap((text) => ["-e", text]),
      commit,
      "--",
    ]);
    // 1: no file has it.
    if (end.status !== 0 && end.status !== 1) throw new CloneDamagedError(end.errorText.trim());
    return end.output
      .toString("utf8")
      .split("\0")
      .flatMap((name) => (name === "" ? [] : [name.slice(commit.length + 1)]));
  }

  async #asOutcome<Value>(work: () => Promise<Value>): Promise<Value | Failed> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof GitFailure) return error.asValue;
      throw error;
    }
  }

  /** What a damaged clone makes fail is done again with a new one, once. */
  async #orAnew<Value>(
    objectIds: readonly string[],
    work: () => Promise<Value>,
    prepare?: () => Promise<void>,
  ): Promise<Value> {
    const format = objectFormatOf(objectIds[0] ?? "");
    this.#open(format);
    try {
      return await work();
    } catch (error) {
      if (!isDamage(error)) throw error;
    }
    this.#start(format);
    try {
      await prepare?.();
      return await work();
    } catch (error) {
      if (!isDamage(error)) throw error;
      throw new GitFailure("unreadable", `git cannot read the repository, also fetched anew: ${error.message}`);
    }
  }

  #open(format: ObjectFormat): void {
    if (this.#directory.isUsable(format)) {
      if (!this.#isFresh) this.#directory.mend();
    } else this.#start(format);
  }

  #start(format: ObjectFormat): void {
    this.#directory.create(format);
    this.#isFresh = true;
  }

  async #fetch({ tips, known, refs = [], fallbackRefs = [] }: FetchRequest): Promise<Fetched> {
    const receivedBefore = this.#receivedBytes;
    const wantedTips = distinctIds(tips);
    const wantedKnown = distinctIds(known);
    const filter = this.#filterFor([...wantedKnown, ...fallbackRefs]);
    const wanted = [...new Set([...wantedTips, ...wantedKnown])];
    for (const id of wanted) requireId(id);
    const isHere = new Set(wanted.filter((id) => this.#directory.hasTip(id)));
    const missing = wanted.filter((id) => !isHere.has(id));
    if (missing.length > 0) {
      const { objects } = await this.#receive(() => this.#fetcher.fetchTips(missing, filter));
      const lost = new Set(objects);
      for (const id of missing) if (!lost.has(id)) isHere.add(id);
      // What the server has dropped can still be here from an earlier fetch.
      for (const id of await this.#present(objects)) isHere.add(id);
    }
    if (refs.length > 0 && wantedTips.some((id) => !isHere.has(id))) {
      await this.#fetchNamed(refs, filter);
      for (const id of await this.#present(wantedTips)) isHere.add(id);
    }
    const tipsHere = wantedTips.filter((id) => isHere.has(id));
    if (tipsHere.length === 0) {
      const what = wantedTips.length === 1 ? "the commit" : "any of the commits";
      throw new GitFailure("gone", `The server no longer has ${what} ${wantedTips.join(", ")}.`);
    }
    let knownHere = wantedKnown.filter((id) => isHere.has(id));
    if (knownHere.length === 0 && fallbackRefs.length > 0)
      knownHere = await this.#fallback(fallbackRefs, tipsHere, filter);
    await this.#tidy();
    const receivedBytes = this.#receivedBytes - receivedBefore;
    // What is known had come before with all that it reaches; git brings nothing that is reached from a ref.
    const onlyTipCame = missing.length === 1 && wantedTips.length === 1 && missing[0] === wantedTips[0];
    return {
      outcome: "ok",
      tips: tipsHere,
      gone: wantedTips.filter((id) => !isHere.has(id)),
      known: knownHere,
      lost: wantedKnown.filter((id) => !isHere.has(id)),
      receivedBytes,
      isCertainlyNew: onlyTipCame && wantedKnown.length > 0 && receivedBytes > 0 && !this.#directory.isShallow,
    };
  }

  #filterFor(known: readonly string[]): FetchFilter {
    const isSmall = this.#remote.sizeBytes !== null && this.#remote.sizeBytes <= this.#options.smallRepositoryBytes;
    // Of a first fetch of a large repository most contents are older than what is known, and nobody will read them.
    return this.#directory.isEmpty && known.length > 0 && !isSmall ? "commits" : "contents";
  }

  /**
   * A name that holds a tip says nothing about what was there before the tip: a branch can be merged, or be the default
   * branch itself. It is left out then: more is scanned, never less.
   */
  async #fallback(names: readonly string[], tips: readonly string[], filter: FetchFilter): Promise<string[]> {
    const usable: string[] = [];
    for (const id of await this.#fetchNamed(names, filter)) {
      let holdsTip = false;
      for (const tip of tips) holdsTip ||= await this.#isReachable(tip, id);
      if (!holdsTip) usable.push(id);
    }
    return usable;
  }

  async #isReachable(tip: string, from: string): Promise<boolean> {
    const { status } = await this.#git(["merge-base", "--is-ancestor", `${tip}^{commit}`, from]);
    return status !== 1;
  }

  /** @returns the ids of the names that the server has */
  async #fetchNamed(names: readonly string[], filter: FetchFilter): Promise<string[]> {
    const targets = new Map(names.map((name) => [name, namedRef(name)]));
    const { refs: unknown } = await this.#receive(() => this.#fetcher.fetchRefs(targets, filter));
    return names
      .filter((name) => !unknown.includes(name))
      .map((name) => readFileSync(path.join(this.path, namedRef(name)), "latin1").trim());
  }

  async #receive(fetch: () => Promise<Lost>): Promise<Lost> {
    const before = this.#packBytes();
    try {
      return await fetch();
    } finally {
      this.#receivedBytes += Math.max(0, this.#packBytes() - before);
    }
  }

  #packBytes(): number {
    return this.#directory.packs().reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** @returns contents that the server does not have */
  async #obtain(objectIds: readonly string[]): Promise<string[]> {
    const lost: string[] = [];
    for (let start = 0; start < objectIds.length; start += MAX_CONTENTS_AT_ONCE) {
      const some = objectIds.slice(start, start + MAX_CONTENTS_AT_ONCE);
      lost.push(...(await this.#receive(() => this.#fetcher.fetchContents(some))).objects);
    }
    return lost;
  }

  async #scan(request: ScanRequest): Promise<{ result: ScanResult; failed: Failed | null; isShort: boolean }> {
    let failed: Failed | null = null;
    let isShort = false;
    const obtain = async (objectIds: readonly string[]): Promise<void> => {
      try {
        isShort = (await this.#obtain(objectIds)).length > 0 || isShort;
      } catch (error) {
        // What is here is scanned in any case: a token in it does not wait for what cannot be had.
        if (!(error instanceof GitFailure)) throw error;
        failed ??= error.asValue;
      }
    };
    const { signal } = this.#options;
    const result = await scanForOccurrences({
      source: {
        kind: "range",
        path: this.path,
        own: { objectIdLength: this.#directory.objectIdBytes === 32 ? 64 : 40, isShallow: this.#directory.isShallow },
        tips: request.tips,
        known: request.known.filter((id) => !ZERO_ID.test(id)),
        obtain,
      },
      rules: request.rules,
      minConfidence: request.minConfidence,
      ...(signal === undefined ? {} : { signal }),
    });
    // What was not read for that reason is no damage.
    signal?.throwIfAborted();
    return { result, failed, isShort };
  }

  /** Null where it is not here. */
  async #readHere(objectId: string, maxBytes: number): Promise<Buffer | null> {
    requireId(objectId);
    const header = 128;
    const end = await this.#git(["cat-file", "--batch"], `${objectId}\n`, maxBytes + header);
    if (end.stopped === "over-budget") {
      throw new GitFailure("too-large", `The object ${objectId} is larger than ${maxBytes} bytes.`);
    }
    const lineEnd = end.output.indexOf("\n");
    const [, , size] = end.output.toString("latin1", 0, Math.max(0, lineEnd)).split(" ");
    if (end.status === 0 && end.output.toString("latin1", 0, lineEnd) === `${objectId} missing`) return null;
    const bytes = end.output.subarray(lineEnd + 1, -1);
    if (end.status !== 0 || bytes.length !== Number(size)) {
      throw new CloneDamagedError(`object ${objectId}: ${end.errorText.trim() || "is not as long as it says"}`);
    }
    if (bytes.length > maxBytes) {
      throw new GitFailure("too-large", `The object ${objectId} is larger than ${maxBytes} bytes.`);
    }
    return bytes;
  }

  async #present(objectIds: readonly string[]): Promise<string[]> {
    if (objectIds.length === 0) return [];
    const end = await this.#git(["cat-file", "--batch-check=%(objectname)"], objectIds.map((id) => `${id}\n`).join(""));
    if (end.status !== 0) throw new CloneDamagedError(end.errorText.trim());
    const missing = new Set(end.output.toString("latin1").match(/^[0-9a-f]+(?= missing$)/gm));
    return objectIds.filter((id) => !missing.has(id));
  }

  async #tidy(): Promise<void> {
    this.#directory.forgetOldTips();
    if (this.#directory.packs().length <= MAX_PACKS) return;
    await consolidatePacks(this.#directory, (args, input) => this.#git(args, input));
  }

  /** git without a network: what is missing is missing. */
  #git(args: readonly string[], input = "", maxOutputBytes = Number.POSITIVE_INFINITY): Promise<GitEnd> {
    const { timeoutMs, signal } = this.#options;
    return runGit({ args, directory: this.path, input, timeoutMs, signal, maxOutputBytes });
  }
}

function isDamage(error: unknown): error is Error {
  return (
    error instanceof CloneDamagedError ||
    (error instanceof KeyrecallError && (error.code === "unresolvable-range" || error.code === "not-a-repository"))
  );
}

function distinctIds(objectIds: readonly string[]): string[] {
  return [...new Set(objectIds)].filter((id) => !ZERO_ID.test(id));
}

function requireId(objectId: string): void {
  if (!/^([0-9a-f]{40}|[0-9a-f]{64})$/.test(objectId)) throw new Error(`not an object id: ${objectId}`);
}

function namedRef(name: string): string {
  return `refs/keyrecall/named/${createHash("sha256").update(name).digest("hex")}`;
}
