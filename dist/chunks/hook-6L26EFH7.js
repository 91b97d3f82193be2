import {
  HOOK_STAGES,
  passOnceCommand,
  subjectOf
} from "./chunk-YY3FWO4C.js";
import {
  currentDirectory
} from "./chunk-ECMUIF55.js";
import "./chunk-NZAQVFYM.js";
import {
  errorLines,
  openRepository,
  runGit
} from "./chunk-2HXKVXJ2.js";
import {
  escapeForTerminal
} from "./chunk-2IKMF2LE.js";
import "./chunk-FC2B4G5J.js";
import "./chunk-7JNR4QKT.js";
import {
  ExitCode
} from "./chunk-5GGIWBK5.js";
import "./chunk-OUBDGCYQ.js";
import "./chunk-ZAKHNU3H.js";
import "./chunk-ADBWSUYU.js";
import "./chunk-LCFWLN64.js";
import {
  isMap,
  isSeq,
  parseDocument
} from "./chunk-ZXIQRVFO.js";
import {
  KeyrecallError
} from "./chunk-U52VU3KD.js";
import "./chunk-SEWDMQ6Q.js";

// src/cli/commands/hook.ts
import { existsSync as existsSync5, realpathSync } from "node:fs";
import path6 from "node:path";

// src/hooks/global.ts
import {
  existsSync as existsSync4,
  mkdirSync as mkdirSync3,
  readdirSync as readdirSync2,
  readFileSync as readFileSync4,
  rmdirSync as rmdirSync3,
  rmSync as rmSync3,
  statSync,
  truncateSync,
  writeFileSync as writeFileSync3
} from "node:fs";
import { homedir } from "node:os";
import path4 from "node:path";

// src/hooks/hook-file.ts
import { createHash } from "node:crypto";
var TITLE = "# Written by `keyrecall hook install`, and taken out by `keyrecall hook uninstall`. Do not edit.";
var SEAL = "# keyrecall:";
function renderHookFile(hook) {
  const previous = hook.callsRepository ? ownHookLines(hook.stage, "keyrecall_previous") : [hook.previous === null ? "keyrecall_previous=" : `keyrecall_previous="\${0%/*}"/${quote(hook.previous)}`];
  return seal([
    "#!/bin/sh",
    TITLE,
    ...hook.madeDirectory ? [MADE_DIRECTORY] : [],
    `keyrecall_stage=${hook.stage}`,
    ...frontLines(hook),
    ...previous,
    'if ! [ -r "$keyrecall_home/hooks/front.sh" ]; then',
    ...missingLines(hook.stage, '"$keyrecall_home"').map((line) => `  ${line}`),
    "  exit 1",
    "fi",
    '. "$keyrecall_home/hooks/front.sh"',
    'keyrecall_main "$@"'
  ]);
}
function renderCallingFile(name) {
  return seal([
    "#!/bin/sh",
    TITLE,
    ...ownHookLines(name, "keyrecall_own"),
    '[ -x "$keyrecall_own" ] || exit 0',
    'exec "$keyrecall_own" "$@"'
  ]);
}
var MADE_DIRECTORY = "# The directory was made with it.";
function ownHookLines(name, variable) {
  return [
    'if [ -z "${GIT_DIR-}" ] && [ -d .git ]; then',
    `  ${variable}=.git/hooks/${name}`,
    "else",
    `  ${variable}=$(git rev-parse --git-common-dir)/hooks/${name} || exit`,
    "fi"
  ];
}
function frontLines({ home, node, options }) {
  return [`keyrecall_home=${quote(home)}`, `keyrecall_node=${quote(node)}`, `keyrecall_options=${quote(options)}`];
}
function missingLines(stage, home) {
  const passOnce = passOnceCommand(stage);
  return [
    `printf '%s\\n' "keyrecall: "${home}" is gone: nothing was checked, so this ${subjectOf(stage)} is stopped." \\`,
    "  '  Put it back, or run keyrecall hook install from where keyrecall is now.' >&2",
    ...passOnce === null ? [] : [`printf '%s\\n' '  To pass it once, unchecked: ${passOnce}' >&2`]
  ];
}
function seal(lines) {
  const text = `${lines.join("\n")}
`;
  return `${text}${SEAL}${digest(text)}
`;
}
function digest(text) {
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}
function readHookFile(text) {
  if (!text.includes(`
${TITLE}
`)) return null;
  const at = text.lastIndexOf(SEAL);
  const body = text.slice(0, at);
  const isEdited = at === -1 || text.slice(at) !== `${SEAL}${digest(body)}
`;
  const previous = /^keyrecall_previous="\$\{0%\/\*\}"\/'(.*)'$/m.exec(text)?.[1] ?? null;
  return {
    isEdited,
    previous: previous === null ? null : unquote(previous),
    madeDirectory: text.includes(MADE_DIRECTORY)
  };
}
var BLOCK_START = "# >>> keyrecall: written by `keyrecall hook install` >>>";
var BLOCK_END = "# <<< keyrecall <<<";
function renderBlock(stage, { home, node, options }) {
  const run = `keyrecall_node=${quote(node)} keyrecall_options=${quote(options)} sh ${quote(`${home}/hooks/run`)} ${stage} "$@"`;
  const readsInput = stage === "pre-push" || stage === "pre-receive";
  return `${[
    BLOCK_START,
    `if ! [ -r ${quote(`${home}/hooks/run`)} ]; then`,
    ...missingLines(stage, quote(home)).map((line) => `  ${line}`),
    "  exit 1",
    "fi",
    ...readsInput ? [
      "keyrecall_input=$(cat)",
      `if [ -n "$keyrecall_input" ]; then`,
      `  printf '%s\\n' "$keyrecall_input" | ${run} || exit`,
      "  exec <<KEYRECALL_INPUT",
      "$keyrecall_input",
      "KEYRECALL_INPUT",
      "else",
      "  exec </dev/null",
      "fi"
    ] : [`${run} || exit`],
    BLOCK_END
  ].join("\n")}
`;
}
function withBlock(script, block) {
  const rest = withoutBlock(script);
  const firstLine = rest.startsWith("#!") ? rest.indexOf("\n") + 1 : 0;
  return rest.slice(0, firstLine) + block + rest.slice(firstLine);
}
function hasBlock(script) {
  return script.includes(BLOCK_START);
}
function withoutBlock(script) {
  const start = script.indexOf(BLOCK_START);
  if (start === -1) return script;
  const end = script.indexOf(BLOCK_END, start);
  if (end === -1) {
    throw new KeyrecallError("usage", "the end of keyrecall's block is gone", {
      hint: `put back the line: ${BLOCK_END}`
    });
  }
  return script.slice(0, start) + script.slice(end + BLOCK_END.length + 1);
}
function quote(text) {
  if (/[\n\r\0]/.test(text)) {
    throw new KeyrecallError("usage", "a path with a line break cannot be written into a hook", {
      hint: "move keyrecall to another directory"
    });
  }
  return `'${text.replaceAll("'", "'\\''")}'`;
}
function unquote(text) {
  return text.replaceAll("'\\''", "'");
}

// src/hooks/one-hook.ts
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
  writeFileSync
} from "node:fs";
import path from "node:path";
function installHook(place, front) {
  const { stage, file } = place;
  const outcome = (what, chain2) => ({ stage, file, what, chain: chain2 });
  const state = stateOf(file);
  if (state.kind === "ours") requireUnedited(file, state.written);
  if (state.kind === "script" && (place.isFragment === true || canTakeBlock(state.text, file) || hasBlock(state.text))) {
    const after = withBlock(state.text, bytesOf(renderBlock(stage, front)));
    if (after === state.text) return outcome("up to date", "same file");
    replaceContent(file, after);
    return outcome("installed", "same file");
  }
  if (place.isFragment === true && state.kind === "absent") {
    write(file, renderBlock(stage, front), 493);
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
    callsRepository: place.callsRepository === true
  });
  const chain = place.callsRepository === true ? "repository" : previous === null ? "none" : "moved";
  if (state.kind === "ours" && readFileSync(file, "utf8") === text) return outcome("up to date", chain);
  write(file, text, 493);
  return outcome("installed", chain);
}
function uninstallHook(file) {
  const state = stateOf(file);
  const outcome = { stage: null, file, what: "removed", chain: "none" };
  if (state.kind === "script" && hasBlock(state.text)) {
    const rest = withoutBlock(state.text);
    if (rest === "") rmSync(file);
    else replaceContent(file, rest);
    return outcome;
  }
  if (state.kind !== "ours") return null;
  requireUnedited(file, state.written);
  const directory = path.dirname(file);
  const { previous, madeDirectory } = state.written;
  if (previous === null) rmSync(file);
  else renameSync(path.join(directory, previous), file);
  if (madeDirectory && readdirSync(directory).length === 0) rmdirSync(directory);
  return outcome;
}
function stateOf(file) {
  const status = lstatSync(file, { throwIfNoEntry: false });
  if (status === void 0) return { kind: "absent" };
  if (!status.isFile()) return { kind: "other" };
  const bytes = readFileSync(file);
  const written = readHookFile(bytes.toString("utf8"));
  if (written !== null) return { kind: "ours", written };
  return bytes.includes(0) ? { kind: "other" } : { kind: "script", text: bytes.toString("latin1") };
}
var SHELL = /^#![^\n]*\b(?:sh|bash|dash|ash|ksh|zsh)(?:\s[^\n]*)?\n/;
function canTakeBlock(script, file) {
  return SHELL.test(script) && isExecutable(file);
}
function isExecutable(file) {
  return process.platform === "win32" || (lstatSync(file).mode & 73) !== 0;
}
function requireUnedited(file, { isEdited }) {
  if (!isEdited) return;
  throw new KeyrecallError("usage", `${file} was written by keyrecall and changed by somebody else since`, {
    hint: "move the changes to a hook of their own and delete the file"
  });
}
function freeName(file) {
  const base = `${path.basename(file)}.before-keyrecall`;
  for (let number = 1; ; number++) {
    const name = number === 1 ? base : `${base}-${number}`;
    if (lstatSync(path.join(path.dirname(file), name), { throwIfNoEntry: false }) === void 0) return name;
  }
}
function writeHook(file, text) {
  write(file, text, 493);
}
function bytesOf(text) {
  return Buffer.from(text, "utf8").toString("latin1");
}
function write(file, content, mode) {
  mkdirSync(path.dirname(file), { recursive: true });
  const unfinished = `${file}.keyrecall-new`;
  writeFileSync(unfinished, content, { mode });
  chmodSync(unfinished, mode);
  renameSync(unfinished, file);
}
function replaceContent(file, characters) {
  write(file, Buffer.from(characters, "latin1"), lstatSync(file).mode & 4095);
}

// src/hooks/places.ts
import { existsSync as existsSync3, readFileSync as readFileSync3 } from "node:fs";
import path3 from "node:path";

// src/hooks/lefthook.ts
import { existsSync as existsSync2, mkdirSync as mkdirSync2, readFileSync as readFileSync2, rmdirSync as rmdirSync2, rmSync as rmSync2, writeFileSync as writeFileSync2 } from "node:fs";
import path2 from "node:path";
var NAMES = ["lefthook", ".lefthook", ".config/lefthook"];
var EXTENSIONS = ["yml", "yaml", "toml", "json", "jsonc"];
var JOB = "keyrecall";
function findLefthook(top) {
  for (const name of NAMES) {
    for (const extension of EXTENSIONS) {
      const main = path2.join(top, `${name}.${extension}`);
      if (!existsSync2(main)) continue;
      const local = EXTENSIONS.map((one) => path2.join(top, `${name}-local.${one}`)).find((file) => existsSync2(file));
      return { main, local: local ?? path2.join(top, `${name}-local.yml`) };
    }
  }
  return null;
}
function addLefthookJobs({ local }, stages, front, stateDirectory2) {
  const before = existsSync2(local) ? readFileSync2(local) : null;
  if (!/\.ya?ml$/.test(local)) {
    throw new KeyrecallError("usage", `${local} is not YAML, and keyrecall adds to YAML only`, {
      hint: `add a job for ${stages.join(", ")}: sh ${quote(`${front.home}/hooks/run`)} STAGE {1} {2}, with use_stdin: true`
    });
  }
  const document = parseDocument(before?.toString("utf8") ?? "");
  if (document.errors.length > 0) {
    throw new KeyrecallError("configuration", `${local} is not valid YAML: ${document.errors[0].message}`, {
      hint: "correct it first"
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
  const kept = keptFiles(stateDirectory2);
  if (!existsSync2(kept.written)) {
    mkdirSync2(stateDirectory2, { recursive: true });
    if (before !== null) writeFileSync2(kept.before, before);
  }
  writeFileSync2(kept.written, after);
  writeFileSync2(local, after);
  return true;
}
function removeLefthookJobs({ local }, stateDirectory2) {
  const kept = keptFiles(stateDirectory2);
  const now = existsSync2(local) ? readFileSync2(local) : null;
  const isAsWritten = now !== null && existsSync2(kept.written) && readFileSync2(kept.written).equals(now);
  const isRemoved = isAsWritten ? restore(local, kept.before) : now !== null && withoutJobs(local, now.toString("utf8"));
  for (const file of [kept.before, kept.written]) rmSync2(file, { force: true });
  if (existsSync2(stateDirectory2)) rmdirSync2(stateDirectory2);
  return isRemoved;
}
function restore(local, before) {
  if (existsSync2(before)) writeFileSync2(local, readFileSync2(before));
  else rmSync2(local);
  return true;
}
function withoutJobs(local, text) {
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
  if (document.contents.items.length === 0) rmSync2(local);
  else writeFileSync2(local, document.toString());
  return true;
}
function isOfLefthook(file) {
  return existsSync2(file) && readFileSync2(file, "latin1").includes("call_lefthook");
}
function commandOf(stage, { home, node, options }) {
  const words = `keyrecall_node=${quote(node)} keyrecall_options=${quote(options)} sh ${quote(`${home}/hooks/run`)} ${stage}`;
  return stage === "pre-push" ? `${words} {1} {2}` : words;
}
function keptFiles(directory) {
  return {
    before: path2.join(directory, "lefthook-local.before"),
    written: path2.join(directory, "lefthook-local.written")
  };
}

// src/hooks/places.ts
async function findPlaces(repository) {
  const settings = await readHooksPaths(repository.git);
  const hooksPath = settings.at(-1) ?? null;
  const top = repository.workTree ?? repository.commonDirectory;
  const own = path3.join(repository.commonDirectory, "hooks");
  const hooksDirectory = hooksPath === null ? own : path3.resolve(top, hooksPath.value);
  const lefthook = repository.workTree === null ? null : findLefthook(repository.workTree);
  const common = { hooksDirectory, hooksPath, lefthook, huskyDirectory: null };
  if (path3.basename(hooksDirectory) === "_" && existsSync3(path3.join(hooksDirectory, "h"))) {
    return { ...common, manager: "husky", huskyDirectory: path3.dirname(hooksDirectory), lefthook: null };
  }
  if (lefthook !== null) return { ...common, manager: "lefthook" };
  if (isOfPreCommit(path3.join(hooksDirectory, "pre-commit"))) return { ...common, manager: "pre-commit" };
  return { ...common, manager: hooksPath === null ? "git" : "hooks-path" };
}
async function readHooksPaths(git) {
  const { output } = await runGit(git, ["config", "--show-scope", "--type=path", "-z", "--get-all", "core.hooksPath"]);
  const fields = output.toString("utf8").split("\0");
  const settings = [];
  for (let index = 0; index + 1 < fields.length; index += 2) {
    const [scope = "", value = ""] = [fields[index], fields[index + 1]];
    if (scope !== "command" && value !== "") settings.push({ scope, value });
  }
  return settings;
}
function isOfPreCommit(file) {
  return existsSync3(file) && readFileSync3(file, "latin1").includes("File generated by pre-commit");
}

// src/hooks/global.ts
var OTHER_HOOKS = "applypatch-msg pre-applypatch post-applypatch prepare-commit-msg commit-msg post-commit pre-rebase post-checkout post-merge update proc-receive post-receive post-update reference-transaction pre-auto-gc post-rewrite sendemail-validate post-index-change p4-changelist p4-prepare-changelist p4-post-changelist p4-pre-submit".split(" ");
var DEFAULT_STAGES = ["pre-commit", "pre-merge-commit", "pre-push"];
var STATE_FILE = "before.json";
function globalHooksDirectory() {
  const configuration = process.env["XDG_CONFIG_HOME"] ?? "";
  return path4.join(configuration === "" ? path4.join(homedir(), ".config") : configuration, "keyrecall", "hooks");
}
async function installGlobally(git, stages, front) {
  const set = await globalHooksPath(git);
  const own = globalHooksDirectory();
  const wanted = stages ?? DEFAULT_STAGES;
  if (set !== null && path4.resolve(set) !== own) {
    const outcomes2 = wanted.map((stage) => installHook({ stage, file: path4.join(set, stage) }, front));
    return {
      manager: "hooks-path",
      outcomes: outcomes2,
      notes: [`core.hooksPath already named ${set}: keyrecall was added there`]
    };
  }
  const made = makeDirectories(own);
  const others = [...OTHER_HOOKS, ...HOOK_STAGES.filter((stage) => !wanted.includes(stage))];
  const outcomes = wanted.map(
    (stage) => installHook({ stage, file: path4.join(own, stage), callsRepository: true }, front)
  );
  for (const name of others) {
    const file = path4.join(own, name);
    const text = renderCallingFile(name);
    if (!existsSync4(file) || readFileSync4(file, "utf8") !== text) writeHook(file, text);
  }
  const stateFile = path4.join(own, STATE_FILE);
  const configuration = set === null ? await setHooksPath(git, own) : null;
  if (!existsSync4(stateFile)) {
    const state = { made, configuration };
    writeFileSync3(stateFile, `${JSON.stringify(state)}
`);
  }
  const notes = [
    `core.hooksPath of your configuration names ${own}; the hooks there call those in each repository's .git/hooks`,
    "a repository with a core.hooksPath of its own (husky) is not covered: run keyrecall hook install in it"
  ];
  return { manager: "hooks-path", outcomes, notes };
}
async function uninstallGlobally(git) {
  const own = globalHooksDirectory();
  const set = await globalHooksPath(git);
  const outcomes = [];
  const remove = (file) => {
    const outcome = uninstallHook(file);
    if (outcome !== null) outcomes.push(outcome);
  };
  if (set !== null && path4.resolve(set) !== own) {
    for (const stage of HOOK_STAGES) remove(path4.join(set, stage));
    return outcomes;
  }
  const stateFile = path4.join(own, STATE_FILE);
  const state = existsSync4(stateFile) ? JSON.parse(readFileSync4(stateFile, "utf8")) : null;
  if (set !== null) await unsetHooksPath(git, state);
  rmSync3(stateFile, { force: true });
  for (const name of [...OTHER_HOOKS, ...HOOK_STAGES]) {
    const file = path4.join(own, name);
    if (existsSync4(file) && readHookFile(readFileSync4(file, "utf8")) !== null) remove(file);
  }
  for (const directory of (state?.made ?? []).toReversed()) {
    if (existsSync4(directory) && readdirSync2(directory).length === 0) rmdirSync3(directory);
  }
  return outcomes;
}
function makeDirectories(directory) {
  const missing = [];
  for (let one = directory; !existsSync4(one); one = path4.dirname(one)) missing.unshift(one);
  mkdirSync3(directory, { recursive: true });
  return missing;
}
async function globalHooksPath(git) {
  const settings = await readHooksPaths(git);
  const global = settings.findLast(({ scope }) => scope === "global");
  if (global !== void 0) return global.value;
  const system = settings.findLast(({ scope }) => scope === "system");
  if (system === void 0) return null;
  throw new KeyrecallError("usage", `core.hooksPath of the system's configuration names ${system.value}`, {
    hint: "setting your own would turn those hooks off; ask whoever runs this machine to add keyrecall there"
  });
}
async function setHooksPath(git, directory) {
  const sizeOf = (file) => statSync(file, { throwIfNoEntry: false })?.size ?? null;
  const before = configurationFiles().map((file) => ({ file, size: sizeOf(file), isOpenEnded: isOpenEnded(file) }));
  const { status, errorText } = await runGit(git, ["config", "--global", "core.hooksPath", directory]);
  if (status !== 0) {
    throw new KeyrecallError("output", `cannot set core.hooksPath: ${errorLines(errorText).join("; ")}`, {
      hint: "check your git configuration: git config --global --edit"
    });
  }
  return before.find(({ file, size }) => sizeOf(file) !== size) ?? null;
}
function isOpenEnded(file) {
  return existsSync4(file) && !/(^|\n)$/.test(readFileSync4(file, "latin1"));
}
async function unsetHooksPath(git, state) {
  const { status, errorText } = await runGit(git, ["config", "--global", "--unset-all", "core.hooksPath"]);
  if (status !== 0) {
    throw new KeyrecallError("output", `cannot unset core.hooksPath: ${errorLines(errorText).join("; ")}`, {
      hint: "take it out by hand: git config --global --edit"
    });
  }
  const configuration = state?.configuration ?? null;
  if (configuration === null) return;
  const { file, size } = configuration;
  const now = statSync(file, { throwIfNoEntry: false })?.size;
  if (size === null && now === 0) rmSync3(file);
  if (size !== null && configuration.isOpenEnded && now === size + 1) truncateSync(file, size);
}
function configurationFiles() {
  const named = process.env["GIT_CONFIG_GLOBAL"] ?? "";
  if (named !== "") return [named];
  const configuration = process.env["XDG_CONFIG_HOME"] ?? "";
  const home = homedir();
  return [
    path4.join(home, ".gitconfig"),
    path4.join(configuration === "" ? path4.join(home, ".config") : configuration, "git", "config")
  ];
}

// src/hooks/install.ts
import path5 from "node:path";
async function installHooks(repository, stages, front) {
  const wanted = stages ?? defaultStages(repository);
  const places = await findPlaces(repository);
  requireOwnDirectory(places);
  const notes = [];
  const outcomes = [];
  const filed = wanted.map((stage) => placeOf(stage, places));
  if (places.lefthook !== null) {
    const forLefthook = wanted.filter((stage) => stage !== "pre-receive");
    const isWritten = addLefthookJobs(places.lefthook, forLefthook, front, stateDirectory(repository));
    const what = isWritten ? "installed" : "up to date";
    for (const stage of forLefthook) outcomes.push({ stage, file: places.lefthook.local, what, chain: "same file" });
  }
  for (const place of filed) if (place !== null) outcomes.push(installHook(place, front));
  const shared = outcomes.find(({ file }) => isInWorkTree(file, repository) && file !== places.lefthook?.local);
  if (shared !== void 0) {
    notes.push(
      `${path5.relative(repository.workTree, shared.file)} is in the working tree: whoever else uses it needs keyrecall at ${front.home}`
    );
  }
  if (places.lefthook !== null) {
    notes.push(`${path5.basename(places.lefthook.local)} is yours alone: keep it out of commits`);
  }
  return { manager: places.manager, outcomes, notes };
}
async function uninstallHooks(repository) {
  const places = await findPlaces(repository);
  const outcomes = [];
  if (places.lefthook !== null && removeLefthookJobs(places.lefthook, stateDirectory(repository))) {
    outcomes.push({ stage: null, file: places.lefthook.local, what: "removed", chain: "none" });
  }
  const directories = /* @__PURE__ */ new Set([
    path5.join(repository.commonDirectory, "hooks"),
    ...isForAll(places) ? [] : [places.hooksDirectory],
    ...places.huskyDirectory === null ? [] : [places.huskyDirectory]
  ]);
  for (const directory of directories) {
    for (const stage of HOOK_STAGES) {
      for (const suffix of ["", ".legacy", ".old"]) {
        const outcome = uninstallHook(path5.join(directory, stage + suffix));
        if (outcome !== null) outcomes.push({ ...outcome, stage });
      }
    }
  }
  return outcomes;
}
function defaultStages(repository) {
  return repository.workTree === null ? ["pre-receive"] : ["pre-commit", "pre-merge-commit", "pre-push"];
}
function placeOf(stage, places) {
  if (places.huskyDirectory !== null) {
    if (stage === "pre-receive") {
      throw new KeyrecallError("usage", "husky has no pre-receive hook", {
        hint: "install it in the repository that is pushed to"
      });
    }
    return { stage, file: path5.join(places.huskyDirectory, stage), isFragment: true };
  }
  const file = path5.join(places.hooksDirectory, stage);
  if (isOfPreCommit(file)) return { stage, file: `${file}.legacy` };
  if (places.lefthook !== null && isOfLefthook(file)) return null;
  return { stage, file };
}
function isForAll({ hooksPath }) {
  return hooksPath !== null && hooksPath.scope !== "local" && hooksPath.scope !== "worktree";
}
function requireOwnDirectory(places) {
  if (!isForAll(places)) return;
  const { value, scope } = places.hooksPath;
  const isOurs = path5.resolve(value) === globalHooksDirectory();
  throw new KeyrecallError(
    "usage",
    isOurs ? "the hooks of keyrecall are installed for all of your repositories, this one too" : `core.hooksPath of the ${scope} configuration names ${value}, which holds for all repositories`,
    {
      hint: isOurs ? "keyrecall hook install --global brings them up to date, keyrecall hook uninstall --global takes them out" : "to add to that directory: keyrecall hook install --global"
    }
  );
}
function stateDirectory(repository) {
  return path5.join(repository.commonDirectory, "keyrecall");
}
function isInWorkTree(file, { workTree, commonDirectory }) {
  return workTree !== null && isWithin(file, workTree) && !isWithin(file, commonDirectory);
}
function isWithin(file, directory) {
  const relative = path5.relative(directory, file);
  return !relative.startsWith("..") && !path5.isAbsolute(relative);
}

// src/cli/commands/hook.ts
async function installHookFiles(flags, signal) {
  const front = { home: packageDirectory(), node: withSlashes(process.execPath), options: optionsOf(flags) };
  const stages = flags.stage ?? null;
  const installation = flags.global === true ? await installGlobally({ directory: currentDirectory(), signal }, stages, front) : await inRepository(signal, (repository) => installHooks(repository, stages, front));
  process.stdout.write(describeInstallation(installation));
  return ExitCode.clean;
}
async function uninstallHookFiles(flags, signal) {
  const outcomes = flags.global === true ? await uninstallGlobally({ directory: currentDirectory(), signal }) : await inRepository(signal, uninstallHooks);
  const lines = outcomes.length === 0 ? ["no hook of keyrecall is installed here"] : outcomes.map(describeOutcome);
  process.stdout.write(`${lines.join("\n")}
`);
  return ExitCode.clean;
}
async function inRepository(signal, use) {
  const repository = await openRepository(currentDirectory(), signal);
  if (repository === null || repository.refusal !== null) {
    throw new KeyrecallError(
      "not-a-repository",
      `not a git repository that git opens: ${currentDirectory()}${repository?.refusal ? `: ${repository.refusal}` : ""}`,
      { hint: "run this in a repository, or give --global for all of yours" }
    );
  }
  try {
    return await use(repository);
  } finally {
    repository.dispose();
  }
}
function packageDirectory() {
  const directory = path6.resolve(path6.dirname(realpathSync(process.argv[1] ?? ".")), "..");
  if (!existsSync5(path6.join(directory, "hooks/front.sh"))) {
    throw new KeyrecallError(
      "usage",
      `keyrecall is not complete: there is no ${path6.join(directory, "hooks/front.sh")}`,
      {
        hint: "install it again, with all of its files"
      }
    );
  }
  return withSlashes(directory);
}
function withSlashes(file) {
  return path6.sep === "\\" ? file.replaceAll("\\", "/") : file;
}
function optionsOf({ maxSeconds, onTimeout }) {
  return [
    ...maxSeconds === void 0 ? [] : [`--max-seconds ${maxSeconds}`],
    ...onTimeout === void 0 ? [] : [`--on-timeout ${onTimeout}`]
  ].join(" ");
}
var MANAGERS = {
  git: "git's own hooks",
  "hooks-path": "core.hooksPath",
  husky: "husky",
  lefthook: "lefthook",
  "pre-commit": "the pre-commit framework"
};
function describeInstallation({ manager, outcomes, notes }) {
  const lines = [
    `hooks by ${MANAGERS[manager]}:`,
    ...outcomes.map((outcome) => `  ${describeOutcome(outcome)}`),
    ...notes.map((note) => `note: ${escapeForTerminal(note)}`),
    "keyrecall doctor proves that they work."
  ];
  return `${lines.join("\n")}
`;
}
function describeOutcome({ stage, file, what, chain }) {
  const chains = {
    none: "",
    "same file": "; what else is there still runs",
    moved: "; the hook that was there runs first",
    repository: "; it calls each repository's own"
  };
  return `${stage === null ? "" : `${stage} `}${what}: ${escapeForTerminal(file)}${chains[chain]}`;
}
export {
  installHookFiles,
  packageDirectory,
  uninstallHookFiles
};
