/** All refs of a repository, as they are seen from one of its working trees. */
import { existsSync } from "node:fs";
import path from "node:path";
import { systemCodeOf } from "../../core/errors.ts";
import { readRegularFile } from "../regular-file.ts";
import { NotForUs } from "./damage.ts";
import type { IdBytes } from "./pack-index.ts";
import { parsePackedRefs, parseRefFile, readLooseRefs } from "./ref-files.ts";
import type { LogEntry, RefValue, StoredRef } from "./ref-names.ts";
import { readRefStack } from "./reftable-stack.ts";

/** Refs that each working tree has for itself. Source: gitrepository-layout and git-worktree, "Refs". */
export const OWN_REFS = ["refs/bisect", "refs/rewritten", "refs/worktree"];
const IS_OWN = /^refs\/(?:bisect|rewritten|worktree)\//;
/** Source: git, `SYMREF_MAXDEPTH`. */
const MAX_LINKS = 5;

export interface ResolvedRef {
  readonly name: Buffer;
  readonly objectId: string;
}

export interface RefStore {
  /** Refs that lead to an object, in the order of their names. */
  readonly refs: readonly ResolvedRef[];
  /** Symbolic refs that lead to none. */
  readonly dangling: readonly Buffer[];
  /** What HEAD says; null where there is none. */
  readonly head: RefValue | null;
  /** Logs, each from its latest line on; null where they are files. */
  readonly logs: ReadonlyMap<string, readonly LogEntry[]> | null;
}

/**
 * @param gitDirectory of one working tree
 * @param commonDirectory which all working trees share
 * @throws {Damage | NotForUs} or what the system says
 */
export function readRefStore(gitDirectory: string, commonDirectory: string, idBytes: IdBytes): RefStore {
  const { refs, head, logs } = isReftable(commonDirectory)
    ? readTables(gitDirectory, commonDirectory, idBytes)
    : readFiles(gitDirectory, commonDirectory, idBytes);
  const values = new Map<string, StoredRef>();
  for (const ref of refs) {
    const name = ref.name.toString("latin1");
    // git warns of such names in its own words.
    if (!isRefName(name)) throw new NotForUs("has a ref of which the name is none");
    values.set(name, ref);
  }
  const resolved: ResolvedRef[] = [];
  const dangling: Buffer[] = [];
  for (const { name, value } of values.values()) {
    const objectId = resolve(value, values);
    if (objectId === null) dangling.push(name);
    else resolved.push({ name, objectId });
  }
  return { refs: resolved.toSorted((a, b) => a.name.compare(b.name)), dangling, head, logs };
}

export function isReftable(commonDirectory: string): boolean {
  return existsSync(path.join(commonDirectory, "reftable", "tables.list"));
}

type Unresolved = Pick<RefStore, "head" | "logs"> & { readonly refs: readonly StoredRef[] };

function readFiles(gitDirectory: string, commonDirectory: string, idBytes: IdBytes): Unresolved {
  const isLinked = gitDirectory !== commonDirectory;
  const loose = [readLooseRefs(commonDirectory, "refs", idBytes)];
  const own = isLinked ? OWN_REFS.map((below) => readLooseRefs(gitDirectory, below, idBytes)) : [];
  for (const { unread } of [...loose, ...own]) {
    for (const [name, why] of unread) throw new NotForUs(`has a ref ${name} that ${why}`);
  }
  const shared = loose.flatMap(({ refs }) => refs).filter(({ name }) => !isLinked || !isOwn(name));
  // A ref's own file stands for it, whatever the shared one says.
  const packed = readOptional(path.join(commonDirectory, "packed-refs"));
  const refs = [
    ...(packed === null ? [] : parsePackedRefs(packed, idBytes)),
    ...shared,
    ...own.flatMap((one) => one.refs),
  ];
  const head = readOptional(path.join(gitDirectory, "HEAD"));
  return { refs, head: head === null ? null : parseRefFile(head, idBytes), logs: null };
}

function readTables(gitDirectory: string, commonDirectory: string, idBytes: IdBytes): Unresolved {
  const shared = readRefStack(path.join(commonDirectory, "reftable"), idBytes);
  const isLinked = gitDirectory !== commonDirectory;
  const own = isLinked ? readRefStack(path.join(gitDirectory, "reftable"), idBytes) : shared;
  const isShared = (name: string): boolean => name.startsWith("refs/") && !IS_OWN.test(name);
  const refs = isLinked
    ? [...shared.refs.filter(({ name }) => isShared(name.toString("latin1"))), ...own.refs]
    : shared.refs;
  const head = own.refs.find(({ name }) => name.toString("latin1") === "HEAD")?.value ?? null;
  const logs = isLinked ? new Map([...[...shared.logs].filter(([name]) => isShared(name)), ...own.logs]) : shared.logs;
  return { refs: refs.filter(({ name }) => name.toString("latin1", 0, 5) === "refs/"), head, logs };
}

function isOwn(name: Buffer): boolean {
  return IS_OWN.test(name.toString("latin1"));
}

function readOptional(file: string): Buffer | null {
  try {
    return readRegularFile(file);
  } catch (error) {
    if (systemCodeOf(error) === "ENOENT") return null;
    throw error;
  }
}

function resolve(value: RefValue, refs: ReadonlyMap<string, StoredRef>): string | null {
  let current: RefValue | undefined = value;
  for (let links = 0; current !== undefined && links <= MAX_LINKS; links++) {
    if ("objectId" in current) return current.objectId;
    current = refs.get(current.target.toString("latin1"))?.value;
  }
  return null;
}

/** Source: git-check-ref-format. */
function isRefName(name: string): boolean {
  return (
    !/[\0-\x20\x7f~^:?*[\\]|\.\.|@\{|\.$/.test(name) &&
    name.split("/").every((part) => part !== "" && !part.startsWith(".") && !part.endsWith(".lock"))
  );
}
