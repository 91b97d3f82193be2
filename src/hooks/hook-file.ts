/**
 * The two things that are written into hooks: a file of our own, and a block at the top of a script of somebody
 * else's. Both know which package they belong to, and both can be taken out again without a trace.
 */
import { createHash } from "node:crypto";
import { KeyrecallError } from "../core/errors.ts";
import { type HookStage, passOnceCommand, subjectOf } from "./stages.ts";

/** Where the check is. */
export interface Front {
  /** The directory that has `hooks/` and `dist/`. */
  readonly home: string;
  /** A Node to try before the one on the PATH. */
  readonly node: string;
  /** Options of `keyrecall hook run`. */
  readonly options: string;
}

export interface HookFile extends Front {
  readonly stage: HookStage;
  /** The name, in the same directory, of the hook that was there before. */
  readonly previous: string | null;
  /** The hook runs wherever this user works, so that a repository's own hook has to be called. */
  readonly callsRepository: boolean;
  /** The directory was made for this file. */
  readonly madeDirectory: boolean;
}

const TITLE = "# Written by `keyrecall hook install`, and taken out by `keyrecall hook uninstall`. Do not edit.";
const SEAL = "# keyrecall:";

export function renderHookFile(hook: HookFile): string {
  const previous = hook.callsRepository
    ? ownHookLines(hook.stage, "keyrecall_previous")
    : [hook.previous === null ? "keyrecall_previous=" : `keyrecall_previous="\${0%/*}"/${quote(hook.previous)}`];
  return seal([
    "#!/bin/sh",
    TITLE,
    ...(hook.madeDirectory ? [MADE_DIRECTORY] : []),
    `keyrecall_stage=${hook.stage}`,
    ...frontLines(hook),
    ...previous,
    'if ! [ -r "$keyrecall_home/hooks/front.sh" ]; then',
    ...missingLines(hook.stage, '"$keyrecall_home"').map((line) => `  ${line}`),
    "  exit 1",
    "fi",
    '. "$keyrecall_home/hooks/front.sh"',
    'keyrecall_main "$@"',
  ]);
}

/** A file that only calls the repository's own hook: `core.hooksPath` of a user turns all of those off. */
export function renderCallingFile(name: string): string {
  return seal([
    "#!/bin/sh",
    TITLE,
    ...ownHookLines(name, "keyrecall_own"),
    '[ -x "$keyrecall_own" ] || exit 0',
    'exec "$keyrecall_own" "$@"',
  ]);
}

const MADE_DIRECTORY = "# The directory was made with it.";

/** Without a question to git where a working tree has a plain `.git`: hooks run at its top. */
function ownHookLines(name: string, variable: string): string[] {
  return [
    'if [ -z "${GIT_DIR-}" ] && [ -d .git ]; then',
    `  ${variable}=.git/hooks/${name}`,
    "else",
    `  ${variable}=$(git rev-parse --git-common-dir)/hooks/${name} || exit`,
    "fi",
  ];
}

function frontLines({ home, node, options }: Front): string[] {
  return [`keyrecall_home=${quote(home)}`, `keyrecall_node=${quote(node)}`, `keyrecall_options=${quote(options)}`];
}

function missingLines(stage: HookStage, home: string): string[] {
  const passOnce = passOnceCommand(stage);
  return [
    `printf '%s\\n' "keyrecall: "${home}" is gone: nothing was checked, so this ${subjectOf(stage)} is stopped." \\`,
    "  '  Put it back, or run keyrecall hook install from where keyrecall is now.' >&2",
    ...(passOnce === null ? [] : [`printf '%s\\n' '  To pass it once, unchecked: ${passOnce}' >&2`]),
  ];
}

/** The last line says what the file was when it was written, so that an edited one is not lost. */
function seal(lines: readonly string[]): string {
  const text = `${lines.join("\n")}\n`;
  return `${text}${SEAL}${digest(text)}\n`;
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}

export interface WrittenHook {
  /** Somebody has changed it since. */
  readonly isEdited: boolean;
  readonly previous: string | null;
  readonly madeDirectory: boolean;
}

/** Null where the text is none of our files. */
export function readHookFile(text: string): WrittenHook | null {
  if (!text.includes(`\n${TITLE}\n`)) return null;
  const at = text.lastIndexOf(SEAL);
  const body = text.slice(0, at);
  const isEdited = at === -1 || text.slice(at) !== `${SEAL}${digest(body)}\n`;
  const previous = /^keyrecall_previous="\$\{0%\/\*\}"\/'(.*)'$/m.exec(text)?.[1] ?? null;
  return {
    isEdited,
    previous: previous === null ? null : unquote(previous),
    madeDirectory: text.includes(MADE_DIRECTORY),
  };
}

const BLOCK_START = "# >>> keyrecall: written by `keyrecall hook install` >>>";
const BLOCK_END = "# <<< keyrecall <<<";

/** What stands at the top of somebody else's script: it ends the script, or goes on as if nothing had been. */
export function renderBlock(stage: HookStage, { home, node, options }: Front): string {
  const run = `keyrecall_node=${quote(node)} keyrecall_options=${quote(options)} sh ${quote(`${home}/hooks/run`)} ${stage} "$@"`;
  const readsInput = stage === "pre-push" || stage === "pre-receive";
  return `${[
    BLOCK_START,
    `if ! [ -r ${quote(`${home}/hooks/run`)} ]; then`,
    ...missingLines(stage, quote(home)).map((line) => `  ${line}`),
    "  exit 1",
    "fi",
    ...(readsInput
      ? [
          "keyrecall_input=$(cat)",
          `if [ -n "$keyrecall_input" ]; then`,
          `  printf '%s\\n' "$keyrecall_input" | ${run} || exit`,
          "  exec <<KEYRECALL_INPUT",
          "$keyrecall_input",
          "KEYRECALL_INPUT",
          "else",
          "  exec </dev/null",
          "fi",
        ]
      : [`${run} || exit`]),
    BLOCK_END,
  ].join("\n")}\n`;
}

/** The script with the block in it, in place of one that is there. */
export function withBlock(script: string, block: string): string {
  const rest = withoutBlock(script);
  const firstLine = rest.startsWith("#!") ? rest.indexOf("\n") + 1 : 0;
  return rest.slice(0, firstLine) + block + rest.slice(firstLine);
}

export function hasBlock(script: string): boolean {
  return script.includes(BLOCK_START);
}

export function withoutBlock(script: string): string {
  const start = script.indexOf(BLOCK_START);
  if (start === -1) return script;
  const end = script.indexOf(BLOCK_END, start);
  if (end === -1) {
    throw new KeyrecallError("usage", "the end of keyrecall's block is gone", {
      hint: `put back the line: ${BLOCK_END}`,
    });
  }
  return script.slice(0, start) + script.slice(end + BLOCK_END.length + 1);
}

/** A word for sh. @throws {KeyrecallError} `usage` for what cannot stand in one line */
export function quote(text: string): string {
  if (/[\n\r\0]/.test(text)) {
    throw new KeyrecallError("usage", "a path with a line break cannot be written into a hook", {
      hint: "move keyrecall to another directory",
    });
  }
  return `'${text.replaceAll("'", "'\\''")}'`;
}

function unquote(text: string): string {
  return text.replaceAll("'\\''", "'");
}
