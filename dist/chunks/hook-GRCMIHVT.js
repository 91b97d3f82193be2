import {
  addLefthookJobs,
  findPlaces,
  hasBlock,
  isOfLefthook,
  isOfPreCommit,
  readHookFile,
  readHooksPaths,
  removeLefthookJobs,
  renderBlock,
  renderCallingFile,
  renderHookFile,
  withBlock,
  withoutBlock
} from "./chunk-VBZJSMKT.js";
import {
  HOOK_STAGES
} from "./chunk-YY3FWO4C.js";
import {
  currentDirectory
} from "./chunk-RWVHMTZ6.js";
import "./chunk-NZAQVFYM.js";
import "./chunk-3RIRM5UU.js";
import {
  openRepository
} from "./chunk-PEBQGXPO.js";
import "./chunk-K6UY2E7L.js";
import "./chunk-QBGYM6EC.js";
import {
  errorLines,
  runGit
} from "./chunk-65EHQVBC.js";
import {
  ExitCode
} from "./chunk-5GGIWBK5.js";
import "./chunk-HWHZQRO4.js";
import {
  requireSignatures
} from "./chunk-XTIAGWPS.js";
import "./chunk-A5SOBSKO.js";
import {
  escapeForTerminal
} from "./chunk-WXEWRWTG.js";
import "./chunk-6Q7DFGK3.js";
import "./chunk-HRH34NPA.js";
import "./chunk-BNOIKOU6.js";
import "./chunk-W4QFXAZX.js";
import "./chunk-KTHQ3RLY.js";
import "./chunk-O7S4ABFV.js";
import "./chunk-LCFWLN64.js";
import "./chunk-QQ2TBE5L.js";
import "./chunk-4UJKYKKR.js";
import {
  KeyrecallError,
  messageOf,
  systemCodeOf
} from "./chunk-U52VU3KD.js";
import "./chunk-YV5PFDMU.js";
import "./chunk-SEWDMQ6Q.js";

// src/cli/commands/hook.ts
import { existsSync as existsSync4, realpathSync as realpathSync2 } from "node:fs";
import path4 from "node:path";

// src/hooks/global.ts
import {
  existsSync as existsSync2,
  mkdirSync as mkdirSync2,
  readdirSync as readdirSync2,
  readFileSync as readFileSync2,
  rmdirSync as rmdirSync2,
  rmSync as rmSync2,
  statSync,
  truncateSync,
  writeFileSync as writeFileSync2
} from "node:fs";
import { homedir } from "node:os";
import path2 from "node:path";

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
function uninstallAll(files) {
  const outcomes = [];
  const made = /* @__PURE__ */ new Set();
  for (const file of files) {
    const removed = uninstallHook(file);
    if (removed === null) continue;
    outcomes.push({ stage: null, file, what: "removed", chain: "none" });
    if (removed.madeDirectory) made.add(path.dirname(file));
  }
  for (const directory of made) if (readdirSync(directory).length === 0) rmdirSync(directory);
  return outcomes;
}
function uninstallHook(file) {
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
  if (moved !== null && lstatSync(moved, { throwIfNoEntry: false }) !== void 0) renameSync(moved, file);
  else rmSync(file);
  return { madeDirectory };
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

// src/hooks/global.ts
var OTHER_HOOKS = "applypatch-msg pre-applypatch post-applypatch prepare-commit-msg commit-msg post-commit pre-rebase post-checkout post-merge update proc-receive post-receive post-update reference-transaction pre-auto-gc post-rewrite sendemail-validate post-index-change p4-changelist p4-prepare-changelist p4-post-changelist p4-pre-submit".split(" ");
var DEFAULT_STAGES = ["pre-commit", "pre-merge-commit", "pre-push"];
var STATE_FILE = "before.json";
function globalHooksDirectory() {
  const configuration = process.env["XDG_CONFIG_HOME"] ?? "";
  return path2.join(configuration === "" ? path2.join(homedir(), ".config") : configuration, "keyrecall", "hooks");
}
async function installGlobally(git, stages, front) {
  const set = await globalHooksPath(git);
  const own = globalHooksDirectory();
  const wanted = stages ?? DEFAULT_STAGES;
  if (set !== null && path2.resolve(set) !== own) {
    const outcomes2 = wanted.map((stage) => installHook({ stage, file: path2.join(set, stage) }, front));
    return {
      manager: "hooks-path",
      outcomes: outcomes2,
      notes: [`core.hooksPath already named ${set}: keyrecall was added there`]
    };
  }
  const made = makeDirectories(own);
  const others = [...OTHER_HOOKS, ...HOOK_STAGES.filter((stage) => !wanted.includes(stage))];
  const outcomes = wanted.map(
    (stage) => installHook({ stage, file: path2.join(own, stage), callsRepository: true }, front)
  );
  for (const name of others) {
    const file = path2.join(own, name);
    const text = renderCallingFile(name);
    if (!existsSync2(file) || readFileSync2(file, "utf8") !== text) writeHook(file, text);
  }
  const stateFile = path2.join(own, STATE_FILE);
  const configuration = set === null ? await setHooksPath(git, own) : null;
  if (!existsSync2(stateFile)) {
    const state = { made, configuration };
    writeFileSync2(stateFile, `${JSON.stringify(state)}
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
  if (set !== null && path2.resolve(set) !== own) return uninstallAll(HOOK_STAGES.map((stage) => path2.join(set, stage)));
  const stateFile = path2.join(own, STATE_FILE);
  const state = existsSync2(stateFile) ? JSON.parse(readFileSync2(stateFile, "utf8")) : null;
  if (set !== null) await unsetHooksPath(git, state);
  rmSync2(stateFile, { force: true });
  const outcomes = uninstallAll([...OTHER_HOOKS, ...HOOK_STAGES].map((name) => path2.join(own, name)));
  for (const directory of (state?.made ?? []).toReversed()) {
    if (existsSync2(directory) && readdirSync2(directory).length === 0) rmdirSync2(directory);
  }
  return outcomes;
}
function makeDirectories(directory) {
  const missing = [];
  for (let one = directory; !existsSync2(one); one = path2.dirname(one)) missing.unshift(one);
  mkdirSync2(directory, { recursive: true });
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
  return existsSync2(file) && !/(^|\n)$/.test(readFileSync2(file, "latin1"));
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
  if (size === null && now === 0) rmSync2(file);
  if (size !== null && configuration.isOpenEnded && now === size + 1) truncateSync(file, size);
}
function configurationFiles() {
  const named = process.env["GIT_CONFIG_GLOBAL"] ?? "";
  if (named !== "") return [named];
  const configuration = process.env["XDG_CONFIG_HOME"] ?? "";
  const home = homedir();
  return [
    path2.join(home, ".gitconfig"),
    path2.join(configuration === "" ? path2.join(home, ".config") : configuration, "git", "config")
  ];
}

// src/hooks/install.ts
import { existsSync as existsSync3, realpathSync } from "node:fs";
import path3 from "node:path";
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
  for (const place of filed) {
    if (place !== null)
      outcomes.push(installHook(place, isInWorkTree(place.file, repository) ? shared(front, repository) : front));
  }
  const tracked = outcomes.find(({ file }) => isInWorkTree(file, repository) && file !== places.lefthook?.local);
  if (tracked !== void 0) {
    notes.push(
      `${path3.relative(repository.workTree, tracked.file)} is in the working tree: whoever else uses it needs keyrecall at ${shared(front, repository).home}`
    );
  }
  if (places.hooksPath === null && repository.workTree !== null && existsSync3(path3.join(repository.workTree, ".husky"))) {
    notes.push("there is a .husky, and husky is not set up: run npx husky, then keyrecall hook install again");
  }
  if (places.lefthook !== null) {
    notes.push(`${path3.basename(places.lefthook.local)} is yours alone: keep it out of commits`);
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
    path3.join(repository.commonDirectory, "hooks"),
    ...isForAll(places) ? [] : [places.hooksDirectory],
    ...places.huskyDirectory === null ? [] : [places.huskyDirectory]
  ]);
  const files = [...directories].flatMap(
    (directory) => HOOK_STAGES.flatMap((stage) => ["", ".legacy", ".old"].map((suffix) => path3.join(directory, stage + suffix)))
  );
  return [...outcomes, ...uninstallAll(files)];
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
    return { stage, file: path3.join(places.huskyDirectory, stage), isFragment: true };
  }
  const file = path3.join(places.hooksDirectory, stage);
  if (isOfPreCommit(file)) return { stage, file: `${file}.legacy` };
  if (places.lefthook !== null && isOfLefthook(file)) return null;
  return { stage, file };
}
function shared(front, { workTree }) {
  const dependency = "node_modules/keyrecall";
  const installed = path3.join(workTree ?? "", dependency);
  const isDependency = existsSync3(installed) && realpathSync(installed) === realpathSync(front.home);
  return { ...front, node: "", home: isDependency ? dependency : front.home };
}
function isForAll({ hooksPath }) {
  return hooksPath !== null && hooksPath.scope !== "local" && hooksPath.scope !== "worktree";
}
function requireOwnDirectory(places) {
  if (!isForAll(places)) return;
  const { value, scope } = places.hooksPath;
  const isOurs = path3.resolve(value) === globalHooksDirectory();
  throw new KeyrecallError(
    "usage",
    isOurs ? "the hooks of keyrecall are installed for all of your repositories, this one too" : `core.hooksPath of the ${scope} configuration names ${value}, which holds for all repositories`,
    {
      hint: isOurs ? "keyrecall hook install --global brings them up to date, keyrecall hook uninstall --global takes them out" : "to add to that directory: keyrecall hook install --global"
    }
  );
}
function stateDirectory(repository) {
  return path3.join(repository.commonDirectory, "keyrecall");
}
function isInWorkTree(file, { workTree, commonDirectory }) {
  return workTree !== null && isWithin(file, workTree) && !isWithin(file, commonDirectory);
}
function isWithin(file, directory) {
  const relative = path3.relative(directory, file);
  return !relative.startsWith("..") && !path3.isAbsolute(relative);
}

// src/cli/commands/hook.ts
async function installHookFiles(flags, signal) {
  requirePlainSignatures(flags.allowSignature ?? []);
  const front = { home: packageDirectory(), node: withSlashes(process.execPath), options: optionsOf(flags) };
  const stages = flags.stage ?? null;
  const installation = await writing(
    () => flags.global === true ? installGlobally({ directory: currentDirectory(), signal }, stages, front) : inRepository(signal, (repository) => installHooks(repository, stages, front))
  );
  process.stdout.write(describeInstallation(installation));
  return ExitCode.clean;
}
async function uninstallHookFiles(flags, signal) {
  const outcomes = await writing(
    () => flags.global === true ? uninstallGlobally({ directory: currentDirectory(), signal }) : inRepository(signal, uninstallHooks)
  );
  const lines = outcomes.length === 0 ? ["no hook of keyrecall is installed here"] : outcomes.map(describeOutcome);
  process.stdout.write(`${lines.join("\n")}
`);
  return ExitCode.clean;
}
async function writing(run) {
  try {
    return await run();
  } catch (error) {
    if (error instanceof KeyrecallError || systemCodeOf(error) === void 0) throw error;
    throw new KeyrecallError("output", `cannot write hooks: ${messageOf(error)}`, {
      hint: "check who owns the directory; what was written so far is taken out by keyrecall hook uninstall",
      cause: error
    });
  }
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
  const directory = path4.resolve(path4.dirname(realpathSync2(process.argv[1] ?? ".")), "..");
  if (!existsSync4(path4.join(directory, "hooks/front.sh"))) {
    throw new KeyrecallError(
      "usage",
      `keyrecall is not complete: there is no ${path4.join(directory, "hooks/front.sh")}`,
      {
        hint: "install it again, with all of its files"
      }
    );
  }
  return withSlashes(directory);
}
function withSlashes(file) {
  return path4.sep === "\\" ? file.replaceAll("\\", "/") : file;
}
function requirePlainSignatures(signatures) {
  requireSignatures(signatures);
  const wrong = signatures.find((text) => /[*?[\]\\]/.test(text));
  if (wrong === void 0) return;
  throw new KeyrecallError("usage", `--allow-signature ${wrong}: a shell reads *, ?, [, ] and \\ in another way`, {
    hint: "write it into your own configuration instead: imports, allowSignatures"
  });
}
function optionsOf({ maxSeconds, onTimeout, allowSignature = [] }) {
  return [
    ...maxSeconds === void 0 ? [] : [`--max-seconds ${maxSeconds}`],
    ...onTimeout === void 0 ? [] : [`--on-timeout ${onTimeout}`],
    ...allowSignature.map((mark) => `--allow-signature ${mark}`)
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
  uninstallHookFiles
};
