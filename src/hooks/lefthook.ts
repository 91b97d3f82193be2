/** lefthook reads a file of its user's own beside its configuration: a job there leaves what is shared alone. */
import { existsSync, mkdirSync, readFileSync, rmdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { isMap, isSeq, parseDocument } from "yaml";
import { KeyrecallError } from "../core/errors.ts";
import { type Front, quote } from "./hook-file.ts";
import type { HookStage } from "./stages.ts";

export interface LefthookFiles {
  /** The configuration that was found. */
  readonly main: string;
  /** The user's own, which need not exist. */
  readonly local: string;
}

const NAMES = ["lefthook", ".lefthook", ".config/lefthook"];
const EXTENSIONS = ["yml", "yaml", "toml", "json", "jsonc"];
const JOB = "keyrecall";

export function findLefthook(top: string): LefthookFiles | null {
  for (const name of NAMES) {
    for (const extension of EXTENSIONS) {
      const main = path.join(top, `${name}.${extension}`);
      if (!existsSync(main)) continue;
      const local = EXTENSIONS.map((one) => path.join(top, `${name}-local.${one}`)).find((file) => existsSync(file));
      return { main, local: local ?? path.join(top, `${name}-local.yml`) };
    }
  }
  return null;
}

/** @returns whether anything had to be written. @throws {KeyrecallError} where the file cannot be added to */
export function addLefthookJobs(
  { local }: LefthookFiles,
  stages: readonly HookStage[],
  front: Front,
  stateDirectory: string,
): boolean {
  const before = existsSync(local) ? readFileSync(local) : null;
  if (!/\.ya?ml$/.test(local)) {
    throw new KeyrecallError("usage", `${local} is not YAML, and keyrecall adds to YAML only`, {
      hint: `add a job for ${stages.join(", ")}: sh ${quote(`${front.home}/hooks/run`)} STAGE {1} {2}, with use_stdin: true`,
    });
  }
  const document = parseDocument(before?.toString("utf8") ?? "");
  if (document.errors.length > 0) {
    throw new KeyrecallError("configuration", `${local} is not valid YAML: ${document.errors[0]!.message}`, {
      hint: "correct it first",
    });
  }
  for (const stage of stages) {
    const job = document.createNode({ name: JOB, run: commandOf(stage, front), use_stdin: true });
    const jobs = document.getIn([stage, "jobs"]);
    if (!isSeq(jobs)) document.setIn([stage, "jobs"], document.createNode([job]));
    else {
      const known = jobs.items.findIndex((item) => isMap(item) && item.get("name") === JOB);
      if (known === -1) jobs.add(job);
      else jobs.set(known, job);
    }
  }
  const after = document.toString();
  if (before?.toString("utf8") === after) return false;
  const kept = keptFiles(stateDirectory);
  // The first state is the one to go back to.
  if (!existsSync(kept.written)) {
    mkdirSync(stateDirectory, { recursive: true });
    if (before !== null) writeFileSync(kept.before, before);
  }
  writeFileSync(kept.written, after);
  writeFileSync(local, after);
  return true;
}

/** Takes the jobs out again, byte for byte where nobody has changed the file since. */
export function removeLefthookJobs({ local }: LefthookFiles, stateDirectory: string): boolean {
  const kept = keptFiles(stateDirectory);
  const now = existsSync(local) ? readFileSync(local) : null;
  const isAsWritten = now !== null && existsSync(kept.written) && readFileSync(kept.written).equals(now);
  const isRemoved = isAsWritten
    ? restore(local, kept.before)
    : now !== null && withoutJobs(local, now.toString("utf8"));
  for (const file of [kept.before, kept.written]) rmSync(file, { force: true });
  if (existsSync(stateDirectory)) rmdirSync(stateDirectory);
  return isRemoved;
}

function restore(local: string, before: string): boolean {
  if (existsSync(before)) writeFileSync(local, readFileSync(before));
  else rmSync(local);
  return true;
}

function withoutJobs(local: string, text: string): boolean {
  if (!/\.ya?ml$/.test(local)) return false;
  const document = parseDocument(text);
  if (document.errors.length > 0 || !isMap(document.contents)) return false;
  let isChanged = false;
  const keys = document.contents.items.map(({ key }) => key);
  for (const key of keys) {
    const jobs = document.getIn([key, "jobs"]);
    if (!isSeq(jobs)) continue;
    const others = jobs.items.filter((item) => !(isMap(item) && item.get("name") === JOB));
    if (others.length === jobs.items.length) continue;
    isChanged = true;
    jobs.items = others;
    if (others.length === 0) document.deleteIn([key, "jobs"]);
    const stage = document.get(key);
    if (isMap(stage) && stage.items.length === 0) document.delete(key);
  }
  if (!isChanged) return false;
  if (document.contents.items.length === 0) rmSync(local);
  else writeFileSync(local, document.toString());
  return true;
}

/** The hook is one that lefthook has written, and not merely found. */
export function isOfLefthook(file: string): boolean {
  return existsSync(file) && readFileSync(file, "latin1").includes("call_lefthook");
}

/** lefthook puts the hook's arguments in itself. */
function commandOf(stage: HookStage, { home, node, options }: Front): string {
  const words = `keyrecall_node=${quote(node)} keyrecall_options=${quote(options)} sh ${quote(`${home}/hooks/run`)} ${stage}`;
  return stage === "pre-push" ? `${words} {1} {2}` : words;
}

function keptFiles(directory: string): { before: string; written: string } {
  return {
    before: path.join(directory, "lefthook-local.before"),
    written: path.join(directory, "lefthook-local.written"),
  };
}
