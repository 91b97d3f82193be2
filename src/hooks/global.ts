/** Hooks for every repository of a user: one directory that `core.hooksPath` names. */
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { homedir } from "node:os";
import path from "node:path";
import { KeyrecallError } from "../core/errors.ts";
import { errorLines, type GitContext, runGit } from "../git/process.ts";
import { type Front, renderCallingFile } from "./hook-file.ts";
import type { Installation } from "./install.ts";
import { installHook, type Outcome, uninstallAll, writeHook } from "./one-hook.ts";
import { readHooksPaths } from "./places.ts";
import { HOOK_STAGES, type HookStage } from "./stages.ts";

/**
 * Every hook that git runs by its name. `push-to-checkout` is left out: that it is there turns off what git does
 * without it. Source: githooks.
 */
const OTHER_HOOKS = (
  "applypatch-msg pre-applypatch post-applypatch prepare-commit-msg commit-msg post-commit pre-rebase post-checkout " +
  "post-merge update proc-receive post-receive post-update reference-transaction pre-auto-gc post-rewrite " +
  "sendemail-validate post-index-change p4-changelist p4-prepare-changelist p4-post-changelist p4-pre-submit"
).split(" ");

const DEFAULT_STAGES: readonly HookStage[] = ["pre-commit", "pre-merge-commit", "pre-push"];

/** Remembers what was there before. */
const STATE_FILE = "before.json";

interface StateBefore {
  /** Directories that were made, from the outermost to the innermost. */
  readonly made: readonly string[];
  /** The configuration file that was written into; null where it was somebody else who named the directory. */
  readonly configuration: {
    readonly file: string;
    /** Null where there was no file. */
    readonly size: number | null;
    /** Its last line had no end. */
    readonly isOpenEnded: boolean;
  } | null;
}

export function globalHooksDirectory(): string {
  const configuration = process.env["XDG_CONFIG_HOME"] ?? "";
  return path.join(configuration === "" ? path.join(homedir(), ".config") : configuration, "keyrecall", "hooks");
}

/** @param git anywhere, also outside of a repository */
export async function installGlobally(
  git: GitContext,
  stages: readonly HookStage[] | null,
  front: Front,
): Promise<Installation> {
  const set = await globalHooksPath(git);
  const own = globalHooksDirectory();
  const wanted = stages ?? DEFAULT_STAGES;
  if (set !== null && path.resolve(set) !== own) {
    const outcomes = wanted.map((stage) => installHook({ stage, file: path.join(set, stage) }, front));
    return {
      manager: "hooks-path",
      outcomes,
      notes: [`core.hooksPath already named ${set}: keyrecall was added there`],
    };
  }
  const made = makeDirectories(own);
  const others = [...OTHER_HOOKS, ...HOOK_STAGES.filter((stage) => !wanted.includes(stage))];
  const outcomes = wanted.map((stage) =>
    installHook({ stage, file: path.join(own, stage), callsRepository: true }, front),
  );
  for (const name of others) {
    const file = path.join(own, name);
    const text = renderCallingFile(name);
    if (!existsSync(file) || readFileSync(file, "utf8") !== text) writeHook(file, text);
  }
  const stateFile = path.join(own, STATE_FILE);
  const configuration = set === null ? await setHooksPath(git, own) : null;
  // The first state is the one to go back to.
  if (!existsSync(stateFile)) {
    const state: StateBefore = { made, configuration };
    writeFileSync(stateFile, `${JSON.stringify(state)}\n`);
  }
  const notes = [
    `core.hooksPath of your configuration names ${own}; the hooks there call those in each repository's .git/hooks`,
    "a repository with a core.hooksPath of its own (husky) is not covered: run keyrecall hook install in it",
  ];
  return { manager: "hooks-path", outcomes, notes };
}

export async function uninstallGlobally(git: GitContext): Promise<Outcome[]> {
  const own = globalHooksDirectory();
  const set = await globalHooksPath(git);
  if (set !== null && path.resolve(set) !== own) return uninstallAll(HOOK_STAGES.map((stage) => path.join(set, stage)));
  const stateFile = path.join(own, STATE_FILE);
  const state = existsSync(stateFile) ? (JSON.parse(readFileSync(stateFile, "utf8")) as StateBefore) : null;
  if (set !== null) await unsetHooksPath(git, state);
  rmSync(stateFile, { force: true });
  const outcomes = uninstallAll([...OTHER_HOOKS, ...HOOK_STAGES].map((name) => path.join(own, name)));
  for (const directory of (state?.made ?? []).toReversed()) {
    if (existsSync(directory) && readdirSync(directory).length === 0) rmdirSync(directory);
  }
  return outcomes;
}

/** @returns those that had to be made */
function makeDirectories(directory: string): string[] {
  const missing: string[] = [];
  for (let one = directory; !existsSync(one); one = path.dirname(one)) missing.unshift(one);
  mkdirSync(directory, { recursive: true });
  return missing;
}

/** @throws {KeyrecallError} where an administrator has set it for everybody */
async function globalHooksPath(git: GitContext): Promise<string | null> {
  const settings = await readHooksPaths(git);
  const global = settings.findLast(({ scope }) => scope === "global");
  if (global !== undefined) return global.value;
  const system = settings.findLast(({ scope }) => scope === "system");
  if (system === undefined) return null;
  throw new KeyrecallError("usage", `core.hooksPath of the system's configuration names ${system.value}`, {
    hint: "setting your own would turn those hooks off; ask whoever runs this machine to add keyrecall there",
  });
}

async function setHooksPath(git: GitContext, directory: string): Promise<StateBefore["configuration"]> {
  const sizeOf = (file: string): number | null => statSync(file, { throwIfNoEntry: false })?.size ?? null;
  const before = configurationFiles().map((file) => ({ file, size: sizeOf(file), isOpenEnded: isOpenEnded(file) }));
  const { status, errorText } = await runGit(git, ["config", "--global", "core.hooksPath", directory]);
  if (status !== 0) {
    throw new KeyrecallError("output", `cannot set core.hooksPath: ${errorLines(errorText).join("; ")}`, {
      hint: "check your git configuration: git config --global --edit",
    });
  }
  return before.find(({ file, size }) => sizeOf(file) !== size) ?? null;
}

/** git ends such a line before it adds another. */
function isOpenEnded(file: string): boolean {
  return existsSync(file) && !/(^|\n)$/.test(readFileSync(file, "latin1"));
}

async function unsetHooksPath(git: GitContext, state: StateBefore | null): Promise<void> {
  const { status, errorText } = await runGit(git, ["config", "--global", "--unset-all", "core.hooksPath"]);
  if (status !== 0) {
    throw new KeyrecallError("output", `cannot unset core.hooksPath: ${errorLines(errorText).join("; ")}`, {
      hint: "take it out by hand: git config --global --edit",
    });
  }
  const configuration = state?.configuration ?? null;
  if (configuration === null) return;
  const { file, size } = configuration;
  const now = statSync(file, { throwIfNoEntry: false })?.size;
  if (size === null && now === 0) rmSync(file);
  if (size !== null && configuration.isOpenEnded && now === size + 1) truncateSync(file, size);
}

/** Where git may write a user's configuration. Source: git-config, FILES. */
function configurationFiles(): string[] {
  const named = process.env["GIT_CONFIG_GLOBAL"] ?? "";
  if (named !== "") return [named];
  const configuration = process.env["XDG_CONFIG_HOME"] ?? "";
  const home = homedir();
  return [
    path.join(home, ".gitconfig"),
    path.join(configuration === "" ? path.join(home, ".config") : configuration, "git", "config"),
  ];
}
