/** `keyrecall doctor` */
import { randomBytes } from "node:crypto";
import { loadConfiguration, loadRules, loadUserConfiguration } from "../../config/load.ts";
import { Policy } from "../../config/policy.ts";
import { KeyrecallError } from "../../core/errors.ts";
import { ExitCode, strongestExitCode } from "../../core/exit-code.ts";
import { VERSION } from "../../core/version.generated.ts";
import { Detector } from "../../detect/detector.ts";
import { runGit } from "../../git/process.ts";
import { openRepository, type Repository } from "../../git/repository.ts";
import { type Canary, type Trial, tryHooks } from "../../hooks/canary.ts";
import { findPlaces } from "../../hooks/places.ts";
import { passOnceCommand } from "../../hooks/stages.ts";
import { isOlder, readWorkflows } from "../../hooks/workflow.ts";
import { doctorJson, doctorText, type Finding } from "../../report/doctor.ts";
import { compileRules } from "../../rules/ruleset.ts";
import { colorsFor } from "../colors.ts";
import { MaskedOutput } from "../masked-output.ts";
import { currentDirectory } from "./source-options.ts";
import { startVerification, type VerificationFlags } from "./verification-options.ts";

export interface DoctorFlags extends VerificationFlags {
  readonly offline?: boolean;
  readonly rules?: string[];
  readonly config?: string;
  readonly format: "text" | "json";
  readonly color: boolean;
}

const OLDEST_GIT = [2, 31];

export async function runDoctor(flags: DoctorFlags, signal: AbortSignal): Promise<ExitCode> {
  const repository = await openRepository(currentDirectory(), signal);
  if (repository === null || repository.refusal !== null) {
    throw new KeyrecallError("not-a-repository", `not a git repository that git opens: ${currentDirectory()}`, {
      hint: repository?.refusal ?? "run this in the repository to look at",
    });
  }
  try {
    const canary = makeCanary();
    const findings = [
      await checkTools(signal),
      ...(await checkRules(flags, canary)),
      ...(await checkConfiguration(flags, repository)),
      ...(await checkHooks(repository, canary, signal)),
      ...checkWorkflows(repository),
      await checkApi(flags, signal),
    ];
    const output = new MaskedOutput(await loadRules([]));
    output.write(flags.format === "json" ? doctorJson(findings) : doctorText(findings, colorsFor(flags.color)));
    return strongestExitCode(
      findings.map(({ state }) =>
        state === "problem" ? ExitCode.found : state === "unknown" ? ExitCode.incomplete : ExitCode.clean,
      ),
    );
  } finally {
    repository.dispose();
  }
}

/** In the shape of a real token, from bytes that nobody has: no issuer has given it out, and none ever will. */
function makeCanary(): Canary {
  const publicId = "0".repeat(8);
  return { raw: `ik_sdk_${publicId}_${randomBytes(32).toString("hex")}`, masked: `ik_sdk_${publicId}…` };
}

async function checkTools(signal: AbortSignal): Promise<Finding> {
  const { output } = await runGit({ directory: currentDirectory(), signal }, ["--version"]);
  const text = output.toString("utf8").trim();
  const [major = 0, minor = 0] = (/(\d+)\.(\d+)/.exec(text)?.slice(1) ?? []).map(Number);
  const isOld = major < OLDEST_GIT[0]! || (major === OLDEST_GIT[0]! && minor < OLDEST_GIT[1]!);
  const what = `keyrecall ${VERSION}, Node ${process.versions.node}, ${text}`;
  return isOld
    ? { check: "tools", state: "problem", what, remedy: `install git ${OLDEST_GIT.join(".")} or newer` }
    : { check: "tools", state: "ok", what, remedy: null };
}

async function checkRules(flags: DoctorFlags, canary: Canary): Promise<Finding[]> {
  return settled("rules", async () => {
    const rules = await loadRules(flags.rules ?? []);
    const detector = new Detector(compileRules(rules));
    if (detector.find(Buffer.from(canary.raw)).length !== 1) {
      return [
        {
          check: "rules",
          state: "problem",
          what: "a token of the documented shape is not found",
          remedy: "install keyrecall again: its files are damaged",
        },
      ];
    }
    return [
      { check: "rules", state: "ok", what: `${rules.length} rules are valid and find their token`, remedy: null },
    ];
  });
}

async function checkConfiguration(flags: DoctorFlags, repository: Repository): Promise<Finding[]> {
  return settled("configuration", async () => {
    await loadUserConfiguration(flags.userConfig ?? null);
    const loaded = await loadConfiguration(flags.config ?? null, repository.workTree ?? repository.gitDirectory);
    if (loaded === null) {
      return [
        { check: "configuration", state: "ok", what: "there is no .keyrecall.yml: nothing is allowed", remedy: null },
      ];
    }
    const today = new Date().toISOString().slice(0, 10);
    const { expired } = new Policy(loaded.configuration, null, { today, honoursInlineMarks: true }).notes();
    if (expired.length > 0) {
      const what = `${loaded.file} has entries whose time is over: ${expired.join(", ")}`;
      return [
        { check: "configuration", state: "advice", what, remedy: "take them out, or set a new date with a reason" },
      ];
    }
    return [{ check: "configuration", state: "ok", what: `${loaded.file} is valid`, remedy: null }];
  });
}

/** What a mistake in a file says becomes a finding. */
async function settled(check: Finding["check"], run: () => Promise<Finding[]>): Promise<Finding[]> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof KeyrecallError)) throw error;
    return [{ check, state: "problem", what: error.message, remedy: error.hint ?? null }];
  }
}

async function checkHooks(repository: Repository, canary: Canary, signal: AbortSignal): Promise<Finding[]> {
  return settled("hook", async () => {
    const places = await findPlaces(repository);
    const trials = await tryHooks(repository, places, canary, signal);
    return trials.map((trial) => describeTrial(trial, places.hooksDirectory));
  });
}

const SHOWN_LINES = 3;

function describeTrial({ stage, result, output }: Trial, hooksDirectory: string): Finding {
  const check = "hook";
  const last = output
    .split("\n")
    .filter((line) => line.trim() !== "" && !line.startsWith("error: failed to push some refs"))
    .slice(-SHOWN_LINES)
    .join(" / ");
  switch (result) {
    case "stopped":
      return { check, state: "ok", what: `${stage} stopped a canary in a scratch clone`, remedy: null };
    case "passed":
      return {
        check,
        state: "problem",
        what: `${stage} let a canary pass (hooks are in ${hooksDirectory})`,
        remedy: `keyrecall hook install${stage === "pre-receive" ? "" : `, unless a setting turns hooks off (HUSKY=0, LEFTHOOK=0, SKIP)`}`,
      };
    case "stopped by another hook":
      return {
        check,
        state: "unknown",
        what: `${stage}: something else failed before keyrecall said a word: ${last}`,
        remedy: "make the other hooks work in a fresh clone, or run keyrecall first among them",
      };
    case "broken":
      return {
        check,
        state: "unknown",
        what: `${stage} could not be tried: ${last}`,
        remedy: `try it by hand: stage a canary and run ${passOnceCommand(stage)?.replace(" --no-verify", "") ?? "git push"}`,
      };
  }
}

const ACTION_GUIDE = "add one as in the README, section On pull requests";

function checkWorkflows({ workTree }: Repository): Finding[] {
  const check = "action";
  if (workTree === null) return [{ check, state: "skipped", what: "a bare repository has no workflows", remedy: null }];
  const { uses, broken } = readWorkflows(workTree);
  const findings: Finding[] = broken.map(({ file, why }) => ({
    check,
    state: "problem",
    what: `${file} is not valid YAML: ${why}`,
    remedy: "correct it: GitHub does not run it",
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
        remedy: `bring it up to v${VERSION}, pinned by the commit's SHA`,
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
        remedy: null,
      });
    }
  }
  return findings;
}

async function checkApi(flags: DoctorFlags, signal: AbortSignal): Promise<Finding> {
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
