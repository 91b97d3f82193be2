import {
  findPlaces
} from "./chunk-VBZJSMKT.js";
import {
  passOnceCommand
} from "./chunk-YY3FWO4C.js";
import {
  currentDirectory
} from "./chunk-RWVHMTZ6.js";
import {
  MaskedOutput
} from "./chunk-TFELEZRF.js";
import {
  startVerification
} from "./chunk-MP2XHNFX.js";
import {
  colorsFor
} from "./chunk-LJTDFDZZ.js";
import "./chunk-NZAQVFYM.js";
import {
  toJson
} from "./chunk-QLWOTBFR.js";
import {
  Policy
} from "./chunk-R5P76PMI.js";
import "./chunk-3RIRM5UU.js";
import {
  openRepository
} from "./chunk-PEBQGXPO.js";
import "./chunk-K6UY2E7L.js";
import "./chunk-QBGYM6EC.js";
import {
  runGit
} from "./chunk-65EHQVBC.js";
import "./chunk-DH6TFNSH.js";
import "./chunk-EKP7VN57.js";
import "./chunk-RYGG6NHQ.js";
import {
  ExitCode,
  strongestExitCode
} from "./chunk-5GGIWBK5.js";
import "./chunk-T52IQ7HH.js";
import "./chunk-HWHZQRO4.js";
import {
  loadConfiguration,
  loadRules,
  loadUserConfiguration
} from "./chunk-XTIAGWPS.js";
import "./chunk-A5SOBSKO.js";
import "./chunk-JIW5PEUP.js";
import "./chunk-6D63HNZV.js";
import {
  escapeForTerminal
} from "./chunk-WXEWRWTG.js";
import {
  VERSION
} from "./chunk-6Q7DFGK3.js";
import "./chunk-HRH34NPA.js";
import "./chunk-BNOIKOU6.js";
import "./chunk-W4QFXAZX.js";
import "./chunk-KTHQ3RLY.js";
import {
  Detector
} from "./chunk-O7S4ABFV.js";
import {
  compileRules
} from "./chunk-LCFWLN64.js";
import "./chunk-QQ2TBE5L.js";
import {
  LineCounter,
  isScalar,
  parseDocument,
  visit
} from "./chunk-4UJKYKKR.js";
import {
  KeyrecallError,
  messageOf
} from "./chunk-U52VU3KD.js";
import "./chunk-77BUEL6G.js";
import "./chunk-YV5PFDMU.js";
import "./chunk-SEWDMQ6Q.js";

// src/cli/commands/doctor.ts
import { randomBytes } from "node:crypto";

// src/hooks/canary.ts
import { spawn } from "node:child_process";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
var MAX_FILES = 5e3;
var TIME_LIMIT_MS = 18e4;
var KEPT_OUTPUT = 2e3;
var BRANCH = "refs/heads/keyrecall-doctor";
var FILE = "keyrecall-doctor-canary.txt";
var LOCAL_FILES = /^(\.keyrecall\.yml|\.?lefthook(-local)?\.\w+|\.pre-commit-config\.yaml)$/;
async function tryHooks(repository, places, canary, signal) {
  const scratch = mkdtempSync(path.join(tmpdir(), "keyrecall-doctor-"));
  try {
    const trials = new Trials(repository, places, canary, scratch, signal);
    return repository.workTree === null ? [await trials.receive()] : [await trials.commit(), await trials.push()];
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
var Trials = class {
  #repository;
  #places;
  #canary;
  #scratch;
  #signal;
  constructor(repository, places, canary, scratch, signal) {
    this.#repository = repository;
    this.#places = places;
    this.#canary = canary;
    this.#scratch = scratch;
    this.#signal = signal;
  }
  commit() {
    return this.#attempt("pre-commit", async () => {
      const clone = await this.#clone("commit", false);
      await this.#stageCanary(clone);
      await this.#useHooks(clone);
      return this.#git(clone, ["commit", "-q", "-m", "keyrecall doctor: this commit must not be made"]);
    });
  }
  push() {
    return this.#attempt("pre-push", async () => {
      const clone = await this.#clone("push", false);
      await this.#commitCanary(clone);
      const other = await this.#clone("pushed-to", true);
      await this.#must(clone, ["remote", "add", "keyrecall-doctor", other]);
      await this.#useHooks(clone);
      return this.#git(clone, ["push", "-q", "keyrecall-doctor", `HEAD:${BRANCH}-pushed`]);
    });
  }
  receive() {
    return this.#attempt("pre-receive", async () => {
      const clone = await this.#clone("push", false);
      await this.#commitCanary(clone);
      const server = await this.#clone("server", true);
      await this.#useHooks(server);
      return this.#git(clone, ["-c", "core.hooksPath=/dev/null", "push", "-q", server, `HEAD:${BRANCH}-pushed`]);
    });
  }
  async #attempt(stage, run) {
    try {
      const { status, output } = await run();
      const end = output.trim().slice(-KEPT_OUTPUT);
      if (status === 0) return { stage, result: "passed", output: end };
      const isOurs = output.includes(this.#canary.masked);
      return { stage, result: isOurs ? "stopped" : "stopped by another hook", output: end };
    } catch (error) {
      this.#signal.throwIfAborted();
      return { stage, result: "broken", output: messageOf(error) };
    }
  }
  /** It borrows the objects, so it costs nothing. */
  async #clone(name, isBare) {
    const directory = path.join(this.#scratch, name);
    const format = this.#repository.objectIdLength === 64 ? ["--object-format=sha256"] : [];
    const initial = ["init", "-q", "--template=", ...format, ...isBare ? ["--bare"] : [], directory];
    await this.#must(this.#scratch, initial);
    const gitDirectory = isBare ? directory : path.join(directory, ".git");
    mkdirSync(path.join(gitDirectory, "objects/info"), { recursive: true });
    writeFileSync(path.join(gitDirectory, "objects/info/alternates"), `${this.#repository.objectDirectory}
`);
    const shallow = path.join(this.#repository.commonDirectory, "shallow");
    if (existsSync(shallow)) copyFileSync(shallow, path.join(gitDirectory, "shallow"));
    await this.#must(directory, ["symbolic-ref", "HEAD", BRANCH]);
    const head = await this.#git(this.#repository.git.directory, ["rev-parse", "--verify", "--quiet", "HEAD"]);
    if (head.status === 0) await this.#fill(directory, head.output.trim(), isBare);
    if (!isBare) this.#copyLocalFiles(directory);
    return directory;
  }
  async #fill(directory, commit, isBare) {
    await this.#must(directory, ["update-ref", BRANCH, commit]);
    await this.#must(directory, ["update-ref", "refs/remotes/keyrecall-doctor/base", commit]);
    if (isBare) return;
    const files = await this.#must(directory, ["ls-tree", "-r", "--name-only", "-z", "HEAD"]);
    const count = files.output.split("\0").length - 1;
    if (count > MAX_FILES) await this.#must(directory, ["sparse-checkout", "init", "--cone"]);
    await this.#must(directory, ["read-tree", "-m", "-u", "HEAD"]);
  }
  #copyLocalFiles(directory) {
    const top = this.#repository.workTree;
    if (top === null) return;
    for (const folder of ["", ".config"]) {
      if (!existsSync(path.join(top, folder))) continue;
      for (const name of readdirSync(path.join(top, folder))) {
        if (!LOCAL_FILES.test(name)) continue;
        mkdirSync(path.join(directory, folder), { recursive: true });
        copyFileSync(path.join(top, folder, name), path.join(directory, folder, name));
      }
    }
    const modules = path.join(top, "node_modules");
    if (existsSync(modules) && !existsSync(path.join(directory, "node_modules"))) {
      symlinkSync(modules, path.join(directory, "node_modules"), "junction");
    }
  }
  async #stageCanary(clone) {
    writeFileSync(path.join(clone, FILE), `token = ${this.#canary.raw}
`);
    await this.#must(clone, ["add", "-f", "--", FILE]);
  }
  async #commitCanary(clone) {
    await this.#stageCanary(clone);
    await this.#must(clone, ["commit", "-q", "--no-verify", "-m", "keyrecall doctor: this commit must not leave"]);
  }
  async #useHooks(clone) {
    await this.#must(clone, ["config", "core.hooksPath", this.#places.hooksDirectory]);
  }
  /** Sets up, without any hook. */
  async #must(directory, args) {
    const run = await this.#git(directory, ["-c", "core.hooksPath=/dev/null", ...args]);
    if (run.status !== 0) throw new Error(`git ${args[0]} failed: ${run.output.trim().slice(-KEPT_OUTPUT)}`);
    return run;
  }
  /** As the user would: with their configuration, and whatever it runs. */
  #git(directory, args) {
    const settings = ["user.name=keyrecall", "user.email=keyrecall@localhost", "commit.gpgSign=false", "gc.auto=0"];
    const all = [...settings.flatMap((setting) => ["-c", setting]), ...args];
    return new Promise((resolve, reject) => {
      const child = spawn("git", all, {
        cwd: directory,
        env: userEnvironment(),
        stdio: ["ignore", "pipe", "pipe"],
        timeout: TIME_LIMIT_MS,
        killSignal: "SIGKILL",
        signal: this.#signal,
        windowsHide: true
      });
      let output = "";
      const take = (piece) => {
        output += piece.toString("utf8");
      };
      child.stdout.on("data", take);
      child.stderr.on("data", take);
      child.on("error", reject);
      child.on("close", (status) => {
        if (status === null) reject(new Error(`git ${args[0]} took longer than ${TIME_LIMIT_MS / 1e3} s`));
        else resolve({ status, output });
      });
    });
  }
};
function userEnvironment() {
  const environment = { GIT_LFS_SKIP_SMUDGE: "1", GIT_TERMINAL_PROMPT: "0" };
  for (const [name, value] of Object.entries(process.env)) {
    if (!name.startsWith("GIT_") || /^GIT_(CONFIG|EXEC_PATH|SSL|SSH)/.test(name)) environment[name] = value;
  }
  return environment;
}

// src/hooks/workflow.ts
import { existsSync as existsSync2, readdirSync as readdirSync2, readFileSync } from "node:fs";
import path2 from "node:path";
var DIRECTORY = ".github/workflows";
function readWorkflows(top) {
  const directory = path2.join(top, DIRECTORY);
  const names = existsSync2(directory) ? readdirSync2(directory).filter((name) => /\.ya?ml$/.test(name)) : [];
  const uses = [];
  const broken = [];
  for (const name of names.toSorted()) {
    const file = `${DIRECTORY}/${name}`;
    const lines = new LineCounter();
    const text = readFileSync(path2.join(directory, name), "utf8");
    const document = parseDocument(text, { lineCounter: lines });
    const [error] = document.errors;
    if (error !== void 0) {
      broken.push({ file, why: error.message.split("\n", 1)[0] ?? "" });
      continue;
    }
    const onPullRequests = /\bpull_request(_target)?\b/.test(
      JSON.stringify(document.get("on") ?? document.get(true)) ?? ""
    );
    visit(document, {
      Pair(_, { key, value }) {
        if (!isScalar(key) || key.value !== "uses" || !isScalar(value) || typeof value.value !== "string") return;
        const action = value.value;
        if (!isKeyrecall(action, top)) return;
        const at = action.lastIndexOf("@");
        const ref = at === -1 ? null : action.slice(at + 1);
        const { line } = lines.linePos(value.range?.[0] ?? 0);
        const comment = /#\s*(v?\d+(?:\.\d+)*)/.exec(text.split("\n")[line - 1] ?? "")?.[1];
        const version = /^v?\d+(\.\d+)*$/.test(ref ?? "") ? ref : comment ?? null;
        const isPinned = ref === null || /^([0-9a-f]{40}|[0-9a-f]{64})$/.test(ref);
        uses.push({ file, line, ref, version, isPinned, onPullRequests });
      }
    });
  }
  return { uses, broken };
}
function isKeyrecall(action, top) {
  if (/^[\w.-]+\/keyrecall(\/[^@]*)?@/i.test(action)) return true;
  if (!/^\.\/?$/.test(action)) return false;
  const definition = path2.join(top, "action.yml");
  return existsSync2(definition) && /^name:\s*["']?keyrecall/im.test(readFileSync(definition, "utf8"));
}
function isOlder(written, current) {
  const [a, b] = [written.replace(/^v/, ""), current].map((version) => version.split(/[.-]/, 3).map(Number));
  for (const [index, number] of a.entries()) {
    const other = b[index] ?? 0;
    if (number !== other) return number < other;
  }
  return false;
}

// src/report/doctor.ts
function doctorJson(findings) {
  return `${toJson({ schema: 1, findings })}
`;
}
function doctorText(findings, colors) {
  const marks = {
    ok: colors.green("ok      "),
    problem: colors.red("problem "),
    advice: colors.yellow("advice  "),
    unknown: colors.yellow("unknown "),
    skipped: colors.dim("skipped ")
  };
  const lines = findings.flatMap(({ check, state, what, remedy }) => [
    `${marks[state]} ${check.padEnd(13)} ${escapeForTerminal(what)}`,
    ...remedy === null ? [] : [`         ${" ".repeat(13)} → ${escapeForTerminal(remedy)}`]
  ]);
  const count = (wanted) => findings.filter(({ state }) => state === wanted).length;
  const summary = count("problem") > 0 ? colors.red(`Something has to be done: ${count("problem")} of ${findings.length} checks.`) : count("unknown") > 0 ? colors.yellow(`Not everything could be found out: ${count("unknown")} of ${findings.length} checks.`) : colors.green("Everything that was looked at works.");
  return `${[...lines, "", summary].join("\n")}
`;
}

// src/cli/commands/doctor.ts
var OLDEST_GIT = [2, 31];
async function runDoctor(flags, signal) {
  const repository = await openRepository(currentDirectory(), signal);
  if (repository === null || repository.refusal !== null) {
    throw new KeyrecallError("not-a-repository", `not a git repository that git opens: ${currentDirectory()}`, {
      hint: repository?.refusal ?? "run this in the repository to look at"
    });
  }
  try {
    const canary = makeCanary();
    const findings = [
      await checkTools(signal),
      ...await checkRules(flags, canary),
      ...await checkConfiguration(flags, repository),
      ...await checkHooks(repository, canary, signal),
      ...checkWorkflows(repository),
      await checkApi(flags, signal)
    ];
    const output = new MaskedOutput(await loadRules([]));
    output.write(flags.format === "json" ? doctorJson(findings) : doctorText(findings, colorsFor(flags.color)));
    return strongestExitCode(
      findings.map(
        ({ state }) => state === "problem" ? ExitCode.found : state === "unknown" ? ExitCode.incomplete : ExitCode.clean
      )
    );
  } finally {
    repository.dispose();
  }
}
function makeCanary() {
  const publicId = "0".repeat(8);
  return { raw: `ik_sdk_${publicId}_${randomBytes(32).toString("hex")}`, masked: `ik_sdk_${publicId}…` };
}
async function checkTools(signal) {
  const { output } = await runGit({ directory: currentDirectory(), signal }, ["--version"]);
  const text = output.toString("utf8").trim();
  const [major = 0, minor = 0] = (/(\d+)\.(\d+)/.exec(text)?.slice(1) ?? []).map(Number);
  const isOld = major < OLDEST_GIT[0] || major === OLDEST_GIT[0] && minor < OLDEST_GIT[1];
  const what = `keyrecall ${VERSION}, Node ${process.versions.node}, ${text}`;
  return isOld ? { check: "tools", state: "problem", what, remedy: `install git ${OLDEST_GIT.join(".")} or newer` } : { check: "tools", state: "ok", what, remedy: null };
}
async function checkRules(flags, canary) {
  return settled("rules", async () => {
    const rules = await loadRules(flags.rules ?? []);
    const detector = new Detector(compileRules(rules));
    if (detector.find(Buffer.from(canary.raw)).length !== 1) {
      return [
        {
          check: "rules",
          state: "problem",
          what: "a token of the documented shape is not found",
          remedy: "install keyrecall again: its files are damaged"
        }
      ];
    }
    return [
      { check: "rules", state: "ok", what: `${rules.length} rules are valid and find their token`, remedy: null }
    ];
  });
}
async function checkConfiguration(flags, repository) {
  return settled("configuration", async () => {
    await loadUserConfiguration(flags.userConfig ?? null);
    const loaded = await loadConfiguration(flags.config ?? null, repository.workTree ?? repository.gitDirectory);
    if (loaded === null) {
      return [
        { check: "configuration", state: "ok", what: "there is no .keyrecall.yml: nothing is allowed", remedy: null }
      ];
    }
    const today = (/* @__PURE__ */ new Date()).toISOString().slice(0, 10);
    const { expired } = new Policy(loaded.configuration, null, { today, honoursInlineMarks: true }).notes();
    if (expired.length > 0) {
      const what = `${loaded.file} has entries whose time is over: ${expired.join(", ")}`;
      return [
        { check: "configuration", state: "advice", what, remedy: "take them out, or set a new date with a reason" }
      ];
    }
    return [{ check: "configuration", state: "ok", what: `${loaded.file} is valid`, remedy: null }];
  });
}
async function settled(check, run) {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof KeyrecallError)) throw error;
    return [{ check, state: "problem", what: error.message, remedy: error.hint ?? null }];
  }
}
async function checkHooks(repository, canary, signal) {
  return settled("hook", async () => {
    const places = await findPlaces(repository);
    const trials = await tryHooks(repository, places, canary, signal);
    return trials.map((trial) => describeTrial(trial, places.hooksDirectory));
  });
}
var SHOWN_LINES = 3;
function describeTrial({ stage, result, output }, hooksDirectory) {
  const check = "hook";
  const last = output.split("\n").filter((line) => line.trim() !== "" && !line.startsWith("error: failed to push some refs")).slice(-SHOWN_LINES).join(" / ");
  switch (result) {
    case "stopped":
      return { check, state: "ok", what: `${stage} stopped a canary in a scratch clone`, remedy: null };
    case "passed":
      return {
        check,
        state: "problem",
        what: `${stage} let a canary pass (hooks are in ${hooksDirectory})`,
        remedy: `keyrecall hook install${stage === "pre-receive" ? "" : `, unless a setting turns hooks off (HUSKY=0, LEFTHOOK=0, SKIP)`}`
      };
    case "stopped by another hook":
      return {
        check,
        state: "unknown",
        what: `${stage}: something else failed before keyrecall said a word: ${last}`,
        remedy: "make the other hooks work in a fresh clone, or run keyrecall first among them"
      };
    case "broken":
      return {
        check,
        state: "unknown",
        what: `${stage} could not be tried: ${last}`,
        remedy: `try it by hand: stage a canary and run ${passOnceCommand(stage)?.replace(" --no-verify", "") ?? "git push"}`
      };
  }
}
var ACTION_GUIDE = "add one as in the README, section On pull requests";
function checkWorkflows({ workTree }) {
  const check = "action";
  if (workTree === null) return [{ check, state: "skipped", what: "a bare repository has no workflows", remedy: null }];
  const { uses, broken } = readWorkflows(workTree);
  const findings = broken.map(({ file, why }) => ({
    check,
    state: "problem",
    what: `${file} is not valid YAML: ${why}`,
    remedy: "correct it: GitHub does not run it"
  }));
  if (uses.length === 0) {
    findings.push({ check, state: "problem", what: "no workflow uses keyrecall's Action", remedy: ACTION_GUIDE });
  }
  for (const { file, line, ref, version, isPinned, onPullRequests } of uses) {
    const at = `${file}:${line}`;
    if (version !== null && isOlder(version, VERSION)) {
      const what = `${at} uses ${version}, and this is ${VERSION}`;
      findings.push({
        check,
        state: "problem",
        what,
        remedy: `bring it up to v${VERSION}, pinned by the commit's SHA`
      });
    } else if (!isPinned) {
      const what = `${at} follows ${ref}, which can be moved to other code`;
      findings.push({ check, state: "advice", what, remedy: `pin the commit's SHA, with # v${VERSION} behind it` });
    } else if (ref !== null && version === null) {
      const what = `${at} is pinned, and does not say to which version`;
      findings.push({ check, state: "advice", what, remedy: "write the version behind it: # v…" });
    } else if (!onPullRequests) {
      const what = `${at} does not run on pull requests`;
      findings.push({ check, state: "advice", what, remedy: "add pull_request to what it runs on" });
    } else {
      findings.push({
        check,
        state: "ok",
        what: `${at} uses it${version === null ? "" : ` (${version})`}`,
        remedy: null
      });
    }
  }
  return findings;
}
async function checkApi(flags, signal) {
  const check = "api";
  if (flags.offline === true) return { check, state: "skipped", what: "not asked (--offline)", remedy: null };
  try {
    const { verifier, close } = await startVerification({ ...flags, cache: false }, { signal });
    try {
      const answer = await verifier.askControl("control");
      if (answer.kind === "error") {
        const what = `${verifier.api} answers, and refuses a random token (${answer.status})`;
        return { check, state: "ok", what, remedy: null };
      }
      const why = answer.kind === "workloads" ? "answers a random token like a good one" : answer.why;
      const remedy = "check the network and --base-url; --offline leaves this out. Until then no verdict can be had";
      return { check, state: "unknown", what: `${verifier.api} ${why}`, remedy };
    } finally {
      await close();
    }
  } catch (error) {
    if (!(error instanceof KeyrecallError)) throw error;
    return { check, state: "problem", what: error.message, remedy: error.hint ?? null };
  }
}
export {
  runDoctor
};
