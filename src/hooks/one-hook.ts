/** One hook in one directory: put in beside what is there, and taken out without a trace. */
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { KeyrecallError } from "../core/errors.ts";
import {
  type Front,
  hasBlock,
  readHookFile,
  renderBlock,
  renderHookFile,
  withBlock,
  withoutBlock,
  type WrittenHook,
} from "./hook-file.ts";
import type { HookStage } from "./stages.ts";

export interface Outcome {
  readonly stage: HookStage | null;
  readonly file: string;
  readonly what: "installed" | "up to date" | "removed";
  /** What was there before and still runs. */
  readonly chain: "none" | "same file" | "moved" | "repository";
}

export interface HookPlace {
  readonly stage: HookStage;
  readonly file: string;
  /** Without a first line of its own the file is no program by itself: husky reads it with sh. */
  readonly isFragment?: boolean;
  readonly callsRepository?: boolean;
}

export function installHook(place: HookPlace, front: Front): Outcome {
  const { stage, file } = place;
  const outcome = (what: Outcome["what"], chain: Outcome["chain"]): Outcome => ({ stage, file, what, chain });
  const state = stateOf(file);
  if (state.kind === "ours") requireUnedited(file, state.written);
  if (
    state.kind === "script" &&
    (place.isFragment === true || canTakeBlock(state.text, file) || hasBlock(state.text))
  ) {
    const after = withBlock(state.text, bytesOf(renderBlock(stage, front)));
    if (after === state.text) return outcome("up to date", "same file");
    replaceContent(file, after);
    return outcome("installed", "same file");
  }
  if (place.isFragment === true && state.kind === "absent") {
    write(file, renderBlock(stage, front), 0o755);
    return outcome("installed", "none");
  }
  const madeDirectory = state.kind === "ours" ? state.written.madeDirectory : !existsSync(path.dirname(file));
  let previous = state.kind === "ours" ? state.written.previous : null;
  if (state.kind === "script" || state.kind === "other") {
    previous = freeName(file);
    renameSync(file, path.join(path.dirname(file), previous));
  }
  const text = renderHookFile({
    ...front,
    stage,
    previous,
    madeDirectory,
    callsRepository: place.callsRepository === true,
  });
  const chain = place.callsRepository === true ? "repository" : previous === null ? "none" : "moved";
  if (state.kind === "ours" && readFileSync(file, "utf8") === text) return outcome("up to date", chain);
  write(file, text, 0o755);
  return outcome("installed", chain);
}

/** Takes ours out of these files; and a directory that was made for them, as soon as it is empty. */
export function uninstallAll(files: readonly string[]): Outcome[] {
  const outcomes: Outcome[] = [];
  const made = new Set<string>();
  for (const file of files) {
    const removed = uninstallHook(file);
    if (removed === null) continue;
    outcomes.push({ stage: null, file, what: "removed", chain: "none" });
    if (removed.madeDirectory) made.add(path.dirname(file));
  }
  for (const directory of made) if (readdirSync(directory).length === 0) rmdirSync(directory);
  return outcomes;
}

/** Null where there is nothing of ours. */
function uninstallHook(file: string): { madeDirectory: boolean } | null {
  const state = stateOf(file);
  if (state.kind === "script" && hasBlock(state.text)) {
    const rest = withoutBlock(state.text);
    if (rest === "") rmSync(file);
    else replaceContent(file, rest);
    return { madeDirectory: false };
  }
  if (state.kind !== "ours") return null;
  requireUnedited(file, state.written);
  const { previous, madeDirectory } = state.written;
  const moved = previous === null ? null : path.join(path.dirname(file), previous);
  if (moved !== null && lstatSync(moved, { throwIfNoEntry: false }) !== undefined) renameSync(moved, file);
  else rmSync(file);
  return { madeDirectory };
}

type State =
  | { readonly kind: "absent" }
  | { readonly kind: "ours"; readonly written: WrittenHook }
  /** Bytes as characters: a script need not be UTF-8. */
  | { readonly kind: "script"; readonly text: string }
  /** A link, a program. */
  | { readonly kind: "other" };

function stateOf(file: string): State {
  const status = lstatSync(file, { throwIfNoEntry: false });
  if (status === undefined) return { kind: "absent" };
  if (!status.isFile()) return { kind: "other" };
  const bytes = readFileSync(file);
  const written = readHookFile(bytes.toString("utf8"));
  if (written !== null) return { kind: "ours", written };
  return bytes.includes(0) ? { kind: "other" } : { kind: "script", text: bytes.toString("latin1") };
}

const SHELL = /^#![^\n]*\b(?:sh|bash|dash|ash|ksh|zsh)(?:\s[^\n]*)?\n/;

/** A script of a shell keeps its name and its place, on which it may depend; others are moved and called. */
function canTakeBlock(script: string, file: string): boolean {
  return SHELL.test(script) && isExecutable(file);
}

/** What git does not run today must not begin to run. */
function isExecutable(file: string): boolean {
  return process.platform === "win32" || (lstatSync(file).mode & 0o111) !== 0;
}

function requireUnedited(file: string, { isEdited }: WrittenHook): void {
  if (!isEdited) return;
  throw new KeyrecallError("usage", `${file} was written by keyrecall and changed by somebody else since`, {
    hint: "move the changes to a hook of their own and delete the file",
  });
}

/** Beside it, because scripts look for what stands beside them. */
function freeName(file: string): string {
  const base = `${path.basename(file)}.before-keyrecall`;
  for (let number = 1; ; number++) {
    const name = number === 1 ? base : `${base}-${number}`;
    if (lstatSync(path.join(path.dirname(file), name), { throwIfNoEntry: false }) === undefined) return name;
  }
}

/** A whole file, as a program. */
export function writeHook(file: string, text: string): void {
  write(file, text, 0o755);
}

function bytesOf(text: string): string {
  return Buffer.from(text, "utf8").toString("latin1");
}

/** Through a file of another name: a hook is never half there. */
function write(file: string, content: string | Buffer, mode: number): void {
  mkdirSync(path.dirname(file), { recursive: true });
  const unfinished = `${file}.keyrecall-new`;
  writeFileSync(unfinished, content, { mode });
  // The mode of a new file is cut by the user's mask.
  chmodSync(unfinished, mode);
  renameSync(unfinished, file);
}

function replaceContent(file: string, characters: string): void {
  write(file, Buffer.from(characters, "latin1"), lstatSync(file).mode & 0o7777);
}
