import {
  passOnceCommand,
  subjectOf
} from "./chunk-YY3FWO4C.js";
import {
  isSameRepository,
  urlsOfRemote
} from "./chunk-42BA5DAD.js";
import {
  currentDirectory,
  scanByFlags
} from "./chunk-RWVHMTZ6.js";
import "./chunk-NZAQVFYM.js";
import {
  placeOf
} from "./chunk-4B2BIL4T.js";
import "./chunk-LATJWJRG.js";
import "./chunk-QLWOTBFR.js";
import "./chunk-OL32UFLE.js";
import "./chunk-XW6A2BDD.js";
import {
  buildReport
} from "./chunk-YSEUQL3H.js";
import {
  Policy
} from "./chunk-R5P76PMI.js";
import "./chunk-3RIRM5UU.js";
import "./chunk-PEBQGXPO.js";
import "./chunk-K6UY2E7L.js";
import "./chunk-QBGYM6EC.js";
import {
  errorLines,
  runGit
} from "./chunk-65EHQVBC.js";
import "./chunk-RYGG6NHQ.js";
import {
  ExitCode,
  strongestExitCode
} from "./chunk-5GGIWBK5.js";
import {
  mask
} from "./chunk-T52IQ7HH.js";
import "./chunk-HWHZQRO4.js";
import {
  CONFIGURATION_FILE,
  loadBaseline,
  parseConfiguration
} from "./chunk-XTIAGWPS.js";
import "./chunk-A5SOBSKO.js";
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
import "./chunk-O7S4ABFV.js";
import "./chunk-LCFWLN64.js";
import "./chunk-QQ2TBE5L.js";
import {
  KeyrecallError
} from "./chunk-U52VU3KD.js";
import "./chunk-77BUEL6G.js";
import "./chunk-YV5PFDMU.js";
import "./chunk-SEWDMQ6Q.js";

// src/hooks/push-protocol.ts
function readPushLines(text) {
  return readLines(text, /^.+ ([0-9a-f]{40,64}) (\S+) ([0-9a-f]{40,64})$/, ([newId = "", ref = "", oldId = ""]) => ({
    ref,
    newId,
    oldId
  }));
}
function readReceiveLines(text) {
  return readLines(text, /^([0-9a-f]{40,64}) ([0-9a-f]{40,64}) (\S+)$/, ([oldId = "", newId = "", ref = ""]) => ({
    ref,
    newId,
    oldId
  }));
}
function readLines(text, pattern, toUpdate) {
  const lines2 = text.split("\n").map((line) => line.replace(/\r$/, ""));
  return lines2.flatMap((line, index) => {
    if (line === "") return [];
    const fields = pattern.exec(line)?.slice(1);
    if (fields === void 0) {
      throw new KeyrecallError("usage", `line ${index + 1} of standard input is not one that git gives to this hook`, {
        hint: "the hook has to hand on its standard input as it came; for lefthook that is use_stdin: true"
      });
    }
    const { ref, newId, oldId } = toUpdate(fields);
    return isNull(newId) ? [] : [{ ref, newId, oldId: isNull(oldId) ? null : oldId }];
  });
}
function isNull(objectId) {
  return /^0+$/.test(objectId);
}

// src/report/stopped.ts
var MAX_PLACES = 3;
var MAX_GAPS = 5;
function formatStopped(report, stopped) {
  const tokens = report.tokens.filter((token) => token.allowed === null);
  const places = tokens.flatMap((token) => token.occurrences.map((occurrence) => ({ token, occurrence })));
  const shown = places.slice(0, report.scan.complete ? MAX_PLACES : MAX_PLACES - 1);
  const count = tokens.length === 1 ? "a leaked token" : `${tokens.length} leaked tokens`;
  const variables = [...new Set(tokens.flatMap(({ rule }) => stopped.variableOf(rule) ?? []))];
  const planes = [...new Set(tokens.flatMap(({ plane }) => plane ?? []))];
  return lines([
    `keyrecall: this ${stopped.subject} is stopped: it would ${stopped.subject === "push" ? "publish" : "bring in"} ${count}.`,
    ...shown.map(({ token, occurrence }) => `  ${formatPlace(token, occurrence)}`),
    ...places.length > shown.length ? [`  … and ${places.length - shown.length} more`] : [],
    ...report.scan.complete ? [] : ["  Besides, not everything could be read: keyrecall scan says what."],
    `  Take it out:  ${takeOut(
      shown.map(({ occurrence }) => occurrence),
      stopped
    )}`,
    `  Instead:      read it from the environment${variables.length === 0 ? "" : ` (${variables.join(", ")})`}.`,
    `  If it was pushed before, it is leaked: rotate it (keyrecall explain ${planes.length === 1 ? planes[0] : "control|data"}).`,
    `  False alarm?  ${allow(tokens, stopped)}`,
    ...passOnceLine(stopped)
  ]);
}
function formatUnchecked(report, stopped) {
  const gaps = report.scan.incomplete;
  return lines([
    `keyrecall: this ${stopped.subject} is stopped: no token was found, but not everything could be checked.`,
    ...gaps.slice(0, MAX_GAPS).map(({ what, why }) => `  ${escapeForTerminal(what)}: ${escapeForTerminal(why)}`),
    ...gaps.length > MAX_GAPS ? [`  … and ${gaps.length - MAX_GAPS} more`] : [],
    ...passOnceLine(stopped)
  ]);
}
function lines(list) {
  return `${list.join("\n")}
`;
}
function formatPlace(token, occurrence) {
  const [commit] = occurrence.introducedBy;
  const where = commit === void 0 || occurrence.kind.startsWith("commit-") ? "" : ` in ${commit.commit.slice(0, 12)}`;
  const plane = token.plane === null ? token.rule : `${token.plane} plane`;
  const forms = [...occurrence.encoding, ...occurrence.container];
  const form = forms.length === 0 ? "" : ` (${escapeForTerminal(forms.join(", "))})`;
  return `${placeOf(occurrence)}${form}${where}  ${token.masked}  ${plane}: ${escapeForTerminal(token.blastRadius.summary)}`;
}
function takeOut(occurrences, { subject }) {
  const commits = [...new Set(occurrences.flatMap(({ introducedBy }) => introducedBy.map(({ commit }) => commit)))];
  if (subject === "push") {
    const oldest = commits[0];
    return oldest === void 0 ? "make the tag or ref anew without it, then push again." : `change the commit that brings it in (git rebase -i ${oldest.slice(0, 12)}^), not only the last one.`;
  }
  const files = [...new Set(occurrences.filter(({ kind }) => kind === "index").flatMap(({ paths }) => paths))];
  if (files.length === 0) return "give the file another name, and stage it again.";
  return `git reset -q -- ${files.map(quoteForShell).join(" ")}, then remove it there.`;
}
function allow(tokens, { isServer }) {
  const [only, ...others] = tokens;
  const isShown = others.length === 0 && !(isServer && only?.publicId === null);
  const named = isShown ? only.fingerprint : "the fingerprints that keyrecall scan shows";
  return isServer ? `The server's operator, or its .keyrecall.yml, can allow ${named}.` : `Write keyrecall:allow and why on its line, or allow ${named} in .keyrecall.yml.`;
}
function passOnceLine({ passOnce }) {
  return passOnce === null ? [] : [`  To pass it once, unchecked: ${passOnce}`];
}
function quoteForShell(path) {
  const visible = escapeForTerminal(path);
  return /^[\w./@%+=:,][\w./@%+=:,-]*$/.test(visible) ? visible : `'${visible.replaceAll("'", "'\\''")}'`;
}

// src/cli/commands/hook-run.ts
async function runHook(stage, args, flags, signal) {
  try {
    return await check(stage, args, flags, signal);
  } catch (error) {
    if (!signal.aborted) process.stderr.write(nothingChecked(stage));
    throw error;
  }
}
function nothingChecked(stage) {
  const passOnce = passOnceCommand(stage);
  const lines2 = [
    `keyrecall: nothing was checked, so this ${subjectOf(stage)} is stopped.`,
    ...passOnce === null ? [] : [`  To pass it once, unchecked: ${passOnce}`]
  ];
  return `${lines2.join("\n")}
`;
}
async function check(stage, args, flags, signal) {
  const baseline = flags.baseline === void 0 ? null : await loadBaseline(flags.baseline);
  const source = await sourceOf(stage, args);
  if (source === null) {
    await requireRepository();
    return ExitCode.clean;
  }
  const limit = flags.maxSeconds === void 0 ? null : timeLimit(flags.maxSeconds);
  const run = await scanByFlags(
    source,
    { ...flags, ignore: true, minConfidence: "certain" },
    limit === null ? signal : AbortSignal.any([signal, limit]),
    { isServer: stage === "pre-receive" }
  );
  const configuration = run.configuration ?? (stage === "pre-receive" ? await configurationOfBase() : null);
  const report = reportOf(run, configuration, baseline, stage);
  const isTimeUp = limit?.aborted === true && run.result.isInterrupted && !signal.aborted;
  const { code, text } = conclude(stage, report, run, flags, isTimeUp);
  process.stderr.write(mask(run.result.detector, text));
  return code;
}
async function requireRepository() {
  const { status, errorText } = await runGit({ directory: currentDirectory() }, ["rev-parse", "--git-dir"]);
  if (status === 0) return;
  throw new KeyrecallError("not-a-repository", errorLines(errorText).join("; ") || "git opens no repository here", {
    hint: "git runs hooks in a repository"
  });
}
function timeLimit(seconds) {
  return AbortSignal.timeout(Math.max(0, Math.round(seconds * 1e3 - performance.now())));
}
async function sourceOf(stage, args) {
  const path = currentDirectory();
  if (stage === "pre-commit" || stage === "pre-merge-commit") {
    return { kind: "index", path, mergeHeads: headsOfMerge() };
  }
  const text = await readInput();
  const source = (updates, known) => updates.length === 0 ? null : { kind: "push", path, updates, known };
  if (stage === "pre-receive") return source(readReceiveLines(text), "all-refs");
  const [remote, url] = args;
  if (remote !== void 0) return source(readPushLines(text), await knownSide(remote, url));
  if (text.trim() !== "") return source(readPushLines(text), "nothing");
  const named = process.env["PRE_COMMIT_REMOTE_NAME"];
  if (named !== void 0 && named !== "") {
    return { kind: "push", path, updates: "local-refs", known: { remote: named } };
  }
  throw new KeyrecallError("usage", "pre-push was given neither a remote nor what is pushed", {
    hint: "the hook has to hand on its arguments and its standard input; keyrecall hook install does so"
  });
}
async function knownSide(remote, url) {
  if (url === void 0) return { remote };
  const sources = await urlsOfRemote({ directory: currentDirectory() }, remote);
  return sources.length === 0 || sources.some((one) => isSameRepository(one, url)) ? { remote } : "nothing";
}
function headsOfMerge() {
  return Object.keys(process.env).flatMap((name) => /^GITHEAD_([0-9a-f]{40,64})$/.exec(name)?.[1] ?? []);
}
async function readInput() {
  if (process.stdin.isTTY) {
    throw new KeyrecallError("usage", "this hook reads from standard input which refs change", {
      hint: "git calls it; to look at commits by hand, use keyrecall scan --range A..B"
    });
  }
  const pieces = [];
  for await (const piece of process.stdin) pieces.push(piece);
  return Buffer.concat(pieces).toString("utf8");
}
async function configurationOfBase() {
  const name = `HEAD:${CONFIGURATION_FILE}`;
  const { status, output } = await runGit({ directory: currentDirectory() }, ["cat-file", "blob", name]);
  return status === 0 ? parseConfiguration(name, output.toString("utf8")) : null;
}
function reportOf(run, configuration, baseline, stage) {
  const policy = new Policy(configuration?.configuration ?? null, baseline, {
    today: (/* @__PURE__ */ new Date()).toISOString().slice(0, 10),
    // On a server they are whoever pushes'.
    honoursInlineMarks: stage !== "pre-receive",
    ignored: run.ignored
  });
  return buildReport(run.result, {
    version: VERSION,
    target: ".",
    rules: run.rules,
    response: () => void 0,
    policyFile: configuration?.file ?? null,
    judge: (token, occurrences) => policy.judge(token, occurrences),
    policyNotes: () => ({ ...policy.notes(), unused: [] })
  });
}
function conclude(stage, report, run, flags, isTimeUp) {
  const stopped = {
    subject: subjectOf(stage),
    isServer: stage === "pre-receive",
    passOnce: passOnceCommand(stage),
    variableOf: (id) => run.rules.find((rule) => rule.id === id)?.variable
  };
  const isFound = report.tokens.some((token) => token.allowed === null);
  if (isFound) return { code: ExitCode.found, text: formatStopped(report, stopped) };
  if (isTimeUp) {
    const { coverage } = report.scan;
    const read = `${coverage.commits} commits and ${coverage.blobs} files of it were read`;
    const limit = `the time limit of ${flags.maxSeconds} s was reached`;
    return flags.onTimeout === "pass" ? {
      code: ExitCode.clean,
      text: `keyrecall: ${limit}: this ${stopped.subject} passes WITHOUT having been checked to its end (${read}), as --on-timeout pass says.
`
    } : {
      code: ExitCode.incomplete,
      text: `keyrecall: ${limit}: this ${stopped.subject} was not checked to its end (${read}) and is stopped, as --on-timeout fail says.
  Push less at a time, or ask the operator for a higher limit.
`
    };
  }
  if (report.scan.complete) return { code: ExitCode.clean, text: "" };
  const code = strongestExitCode([ExitCode.incomplete, ...run.result.isInterrupted ? [ExitCode.interrupted] : []]);
  return { code, text: formatUnchecked(report, stopped) };
}
export {
  runHook
};
