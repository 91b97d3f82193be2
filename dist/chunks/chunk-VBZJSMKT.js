import {
  passOnceCommand,
  subjectOf
} from "./chunk-YY3FWO4C.js";
import {
  runGit
} from "./chunk-65EHQVBC.js";
import {
  isMap,
  isSeq,
  parseDocument
} from "./chunk-4UJKYKKR.js";
import {
  KeyrecallError
} from "./chunk-U52VU3KD.js";

// src/hooks/places.ts
import { existsSync as existsSync2, readFileSync as readFileSync2 } from "node:fs";
import path2 from "node:path";

// src/hooks/lefthook.ts
import { existsSync, mkdirSync, readFileSync, rmdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";

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

// src/hooks/lefthook.ts
var NAMES = ["lefthook", ".lefthook", ".config/lefthook"];
var EXTENSIONS = ["yml", "yaml", "toml", "json", "jsonc"];
var JOB = "keyrecall";
function findLefthook(top) {
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
function addLefthookJobs({ local }, stages, front, stateDirectory) {
  const before = existsSync(local) ? readFileSync(local) : null;
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
  const kept = keptFiles(stateDirectory);
  if (!existsSync(kept.written)) {
    mkdirSync(stateDirectory, { recursive: true });
    if (before !== null) writeFileSync(kept.before, before);
  }
  writeFileSync(kept.written, after);
  writeFileSync(local, after);
  return true;
}
function removeLefthookJobs({ local }, stateDirectory) {
  const kept = keptFiles(stateDirectory);
  const now = existsSync(local) ? readFileSync(local) : null;
  const isAsWritten = now !== null && existsSync(kept.written) && readFileSync(kept.written).equals(now);
  const isRemoved = isAsWritten ? restore(local, kept.before) : now !== null && withoutJobs(local, now.toString("utf8"));
  for (const file of [kept.before, kept.written]) rmSync(file, { force: true });
  if (existsSync(stateDirectory)) rmdirSync(stateDirectory);
  return isRemoved;
}
function restore(local, before) {
  if (existsSync(before)) writeFileSync(local, readFileSync(before));
  else rmSync(local);
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
  if (document.contents.items.length === 0) rmSync(local);
  else writeFileSync(local, document.toString());
  return true;
}
function isOfLefthook(file) {
  return existsSync(file) && readFileSync(file, "latin1").includes("call_lefthook");
}
function commandOf(stage, { home, node, options }) {
  const words = `keyrecall_node=${quote(node)} keyrecall_options=${quote(options)} sh ${quote(`${home}/hooks/run`)} ${stage}`;
  return stage === "pre-push" ? `${words} {1} {2}` : words;
}
function keptFiles(directory) {
  return {
    before: path.join(directory, "lefthook-local.before"),
    written: path.join(directory, "lefthook-local.written")
  };
}

// src/hooks/places.ts
async function findPlaces(repository) {
  const settings = await readHooksPaths(repository.git);
  const hooksPath = settings.at(-1) ?? null;
  const top = repository.workTree ?? repository.commonDirectory;
  const own = path2.join(repository.commonDirectory, "hooks");
  const hooksDirectory = hooksPath === null ? own : path2.resolve(top, hooksPath.value);
  const lefthook = repository.workTree === null ? null : findLefthook(repository.workTree);
  const common = { hooksDirectory, hooksPath, lefthook, huskyDirectory: null };
  if (path2.basename(hooksDirectory) === "_" && existsSync2(path2.join(hooksDirectory, "h"))) {
    return { ...common, manager: "husky", huskyDirectory: path2.dirname(hooksDirectory), lefthook: null };
  }
  if (lefthook !== null) return { ...common, manager: "lefthook" };
  if (isOfPreCommit(path2.join(hooksDirectory, "pre-commit"))) return { ...common, manager: "pre-commit" };
  return { ...common, manager: hooksPath === null ? "git" : "hooks-path" };
}
async function readHooksPaths(git) {
  const { output } = await runGit(git, ["config", "--show-scope", "--type=path", "-z", "--get-all", "core.hooksPath"]);
  const fields = output.toString("utf8").split("\0");
  const settings = [];
  for (let index = 0; index + 1 < fields.length; index += 2) {
    const [scope = "", value = ""] = [fields[index], fields[index + 1]];
    if (scope !== "command") settings.push({ scope, value });
  }
  if (settings.at(-1)?.value === "") {
    throw new KeyrecallError(
      "usage",
      `core.hooksPath of the ${settings.at(-1).scope} configuration is empty: git runs no hooks`,
      {
        hint: "take it out: git config --unset core.hooksPath (with --global, where it is yours for all repositories)"
      }
    );
  }
  return settings.filter(({ value }) => value !== "");
}
function isOfPreCommit(file) {
  return existsSync2(file) && readFileSync2(file, "latin1").includes("File generated by pre-commit");
}

export {
  renderHookFile,
  renderCallingFile,
  readHookFile,
  renderBlock,
  withBlock,
  hasBlock,
  withoutBlock,
  addLefthookJobs,
  removeLefthookJobs,
  isOfLefthook,
  findPlaces,
  readHooksPaths,
  isOfPreCommit
};
