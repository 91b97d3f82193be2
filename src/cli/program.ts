/** The commands and their flags; help and completion are made from the same description. */
import { Argument, Command, InvalidArgumentError, Option } from "commander";
import type { ExitCode } from "../core/exit-code.ts";
import { VERSION } from "../core/version.generated.ts";
import { HOOK_STAGES, type HookStage } from "../hooks/stages.ts";
import { EXPORT_TARGETS } from "../rules/export/target-names.ts";
import { type DestinationFlag, REPORT_FORMATS } from "./destinations.ts";

export interface ProgramContext {
  readonly signal: AbortSignal;
  readonly setExitCode: (code: ExitCode) => void;
  /** Prints what the parser of the command line has to say. */
  readonly writeError: (text: string) => void;
}

const EXIT_CODES = `
Exit codes:
  0  nothing found, and everything was read
  1  leaked tokens found
  2  bad usage or configuration
  3  nothing found, but not everything could be read
  4  verification or response failed
  5  still live after revocation
  70 a bug in keyrecall
  130 interrupted`;

const SCAN_EXAMPLES = `
Examples:
  keyrecall scan                      the working tree: tracked and untracked, not ignored
  keyrecall scan --staged             what the next commit would bring in
  keyrecall scan --range main..HEAD   what each commit of a branch brings in
  keyrecall scan --history            everything that the repository keeps
  git diff | keyrecall scan --stdin --diff`;

const REPORTS_HELP = `
Reports: --format and --output may be given several times. The format comes from the extension (.txt .json .sarif .html
.md .xml, which is junit) or from the --format in front of the --output; - is standard output. A file is written whole
or not at all.
  keyrecall scan --history --output report.html --output keyrecall.sarif
  keyrecall scan --format junit --output results/leaks --format github --output -
`;

const VERIFICATION_HELP = `
Verifying sends each token to InferenceKey's API and nowhere else. It runs no inference, changes nothing, and lists
workloads only of the projects that --project names.`;

const VERIFY_EXIT_CODES = `

Exit codes:
  0  all are revoked
  1  one or more still work
  2  bad usage or configuration
  4  for one or more it could not be told`;

const EXPLAIN_EXIT_CODES = `

Exit codes:
  0  explained
  2  bad usage or configuration
  4  with --verify: the API could not be asked`;

const REVOKE_EXIT_CODES = `
Exit codes:
  0  all are dead
  2  bad usage or configuration
  4  for one or more it could not be told whether they are dead
  5  one or more still work`;

const HOOK_HELP = `
pre-commit and pre-merge-commit look at what is staged, pre-push at every commit that goes out, pre-receive at every
commit that comes in. What a hook could not check it stops; git commit --no-verify passes it once, unchecked.`;

const BASELINE_HELP = `
With --gitleaks-ignore or --allow-signature, only the tokens that the file or a mark on their line ignores in all of their
places: another token can stand there tomorrow; a baseline names the tokens themselves.

Examples:
  keyrecall baseline --gitleaks-ignore .gitleaksignore --output baseline.json
  keyrecall baseline --allow-signature gitleaks:allow --output baseline.json`;

const RULES_EXPORT_HELP = `
What the other tool cannot express is said in the comments of its format, or on standard error where it has none.

Examples:
  keyrecall rules export --to gitleaks --output gitleaks.toml        gitleaks git --config gitleaks.toml
  keyrecall rules export --to betterleaks --output betterleaks.toml  betterleaks git --config betterleaks.toml
  keyrecall rules export --to trufflehog --output detectors.yml      trufflehog git file://. --config detectors.yml
  keyrecall rules export --to kingfisher --output kingfisher.yml     kingfisher scan . --rules-path kingfisher.yml
  keyrecall rules export --to secretlint --output .secretlintrc.json secretlint "**/*"
  keyrecall rules export --to github --output patterns.json          body for GitHub's REST API of custom patterns`;

const DOCTOR_HELP = `
It makes a commit and a push with a made-up token in a scratch clone, which runs all the hooks of this repository. The API
gets one request, with a random token.

Exit codes:
  0  everything that was looked at works
  1  something has to be done
  2  bad usage
  3  something could not be found out`;

export function createProgram(context: ProgramContext): Command {
  const program = new Command("keyrecall")
    .description("Finds leaked InferenceKey tokens wherever git keeps bytes, and never shows one.")
    .version(VERSION)
    .exitOverride()
    .helpCommand("help [command]", "Show help for a command")
    .showHelpAfterError("(keyrecall --help lists commands and options)")
    .addHelpText("after", EXIT_CODES)
    .configureOutput({ writeErr: context.writeError });
  program.addCommand(scanCommand(context));
  program.addCommand(baselineCommand(context));
  program.addCommand(verifyCommand(context));
  program.addCommand(explainCommand(context));
  program.addCommand(revokeCommand(context));
  program.addCommand(hookCommand(context));
  program.addCommand(doctorCommand(context));
  program.addCommand(rulesCommand());
  program.addCommand(completionCommand(program));
  for (const command of program.commands) {
    command.copyInheritedSettings(program);
    // A token as an argument is what many try first.
    if (["verify", "revoke"].includes(command.name())) {
      command.showHelpAfterError(`(tokens come from standard input, one a line: keyrecall ${command.name()} < FILE)`);
    }
  }
  return program;
}

function scanCommand(context: ProgramContext): Command {
  const { formats, outputs, destinations } = destinationOptions();
  return withVerificationOptions(withSourceOptions(new Command("scan")))
    .description("Name every leaked token, without ever showing one")
    .addOption(new Option("--stdin", "read standard input").conflicts(["history", "staged", "range", "ignore"]))
    .addOption(allowSignatureOption())
    .option("--diff", "with --stdin: the input is a patch; what it adds counts")
    .option("--baseline <file>", "do not count the tokens whose fingerprints this file names")
    .addOption(formats)
    .addOption(outputs)
    .addOption(
      new Option("--fail-on <when>", "which tokens end in exit code 1; what could not be read always fails")
        .choices(["found", "live", "never"])
        .default("found"),
    )
    .option("--verify", "ask InferenceKey's API which tokens still work (a scan touches no network otherwise)")
    .addOption(noColorOption())
    .addHelpText("after", SCAN_EXAMPLES + REPORTS_HELP + VERIFICATION_HELP + EXIT_CODES)
    .action(async (path: string | undefined, options) => {
      const { runScan } = await import("./commands/scan.ts");
      context.setExitCode(await runScan(path, { ...options, destinations }, context.signal));
    });
}

/** What they gather keeps the order, which says what belongs together. */
function destinationOptions(): { formats: Option; outputs: Option; destinations: DestinationFlag[] } {
  const destinations: DestinationFlag[] = [];
  const formats = new Option("--format <format>", "a form of the report; may be given several times")
    .choices(REPORT_FORMATS)
    .argParser((value) => {
      const format = REPORT_FORMATS.find((known) => known === value);
      if (format === undefined) throw new InvalidArgumentError(`Allowed choices are ${REPORT_FORMATS.join(", ")}.`);
      destinations.push({ format });
      return value;
    });
  const outputs = new Option(
    "--output <file>",
    "write a report there instead of to standard output; may be given several times",
  ).argParser((output) => {
    destinations.push({ output });
    return output;
  });
  return { formats, outputs, destinations };
}

function baselineCommand(context: ProgramContext): Command {
  return withSourceOptions(new Command("baseline"))
    .description("Write down the tokens that are there today, for --baseline (default: of the whole history)")
    .addOption(allowSignatureOption())
    .option("--output <file>", "write to this file instead of standard output")
    .option("--no-cache", "keep nothing for the next run, and use nothing that was kept")
    .addHelpText("after", BASELINE_HELP)
    .action(async (path: string | undefined, options) => {
      const { runBaseline } = await import("./commands/baseline.ts");
      context.setExitCode(await runBaseline(path, options, context.signal));
    });
}

function verifyCommand(context: ProgramContext): Command {
  return withVerificationOptions(new Command("verify"))
    .description("Ask InferenceKey's API which tokens still work; they come from standard input, one a line")
    .addOption(new Option("--format <format>", "how to print").choices(["text", "json"]).default("text"))
    .addOption(noColorOption())
    .addHelpText("after", VERIFICATION_HELP + VERIFY_EXIT_CODES)
    .action(async (options) => {
      const { runVerify } = await import("./commands/verify.ts");
      context.setExitCode(await runVerify(options, context.signal));
    });
}

function explainCommand(context: ProgramContext): Command {
  return withVerificationOptions(new Command("explain"))
    .description("Say what a holder of a token can do, and how to rotate it, with the files that read it here")
    .addArgument(
      new Argument("[plane]", "explain this kind of token; without it, tokens come from standard input").choices([
        "control",
        "data",
      ]),
    )
    .option("--verify", "ask the API whether the tokens still work")
    .addOption(rulesOption())
    .addOption(new Option("--format <format>", "how to print").choices(["text", "json", "markdown"]).default("text"))
    .addOption(noColorOption())
    .addHelpText("after", VERIFICATION_HELP + EXPLAIN_EXIT_CODES)
    .action(async (plane: "control" | "data" | undefined, options) => {
      const { runExplain } = await import("./commands/explain.ts");
      context.setExitCode(await runExplain(plane, options, context.signal));
    });
}

function revokeCommand(context: ProgramContext): Command {
  return withVerificationOptions(new Command("revoke"))
    .description("Take tokens out of service and ask the API until they are dead; they come from standard input")
    .option("--dry-run", "say what would be revoked")
    .option("--yes", "do not ask on the terminal")
    .addOption(
      new Option("--provider <provider>", "who revokes: http where an address is given, else manual").choices([
        "http",
        "manual",
      ]),
    )
    .option("--revocation-url <url>", "the provider's address (docs/revocation-api.md)")
    .addOption(
      new Option(
        "--secret-file <file>",
        "the secret that is shared with the provider; twice while it is changed",
      ).argParser(listOf),
    )
    .addOption(
      new Option("--wait <seconds>", "how long to ask until the tokens are dead (default: 120, manual 1800)").argParser(
        secondsOf,
      ),
    )
    .addOption(new Option("--format <format>", "how to print").choices(["text", "json"]).default("text"))
    .addOption(noColorOption())
    .addHelpText("after", REVOKE_EXIT_CODES)
    .action(async (options) => {
      const { runRevoke } = await import("./commands/revoke.ts");
      context.setExitCode(await runRevoke(options, context.signal));
    });
}

function hookCommand(context: ProgramContext): Command {
  const hook = new Command("hook")
    .description("Stop leaks before they are committed and pushed")
    .addHelpText("after", HOOK_HELP)
    .exitOverride();
  hook
    .command("install")
    .description("Write hooks by the way of whoever manages them here, beside those that are there")
    .option("--global", "for all of your repositories, by core.hooksPath; their own hooks still run")
    .addOption(
      new Option(
        "--stage <stages>",
        "hooks, with commas between (default: pre-commit,pre-merge-commit,pre-push; in a bare repository pre-receive)",
      ).argParser(stagesOf),
    )
    .addOption(maxSecondsOption())
    .addOption(onTimeoutOption())
    .addOption(allowSignatureOption())
    .action(async (options) => {
      const { installHookFiles } = await import("./commands/hook.ts");
      context.setExitCode(await installHookFiles(options, context.signal));
    });
  hook
    .command("uninstall")
    .description("Take the hooks out again and leave everything as it was")
    .option("--global", "those of all of your repositories")
    .action(async (options) => {
      const { uninstallHookFiles } = await import("./commands/hook.ts");
      context.setExitCode(await uninstallHookFiles(options, context.signal));
    });
  hook
    .command("run")
    .description("What the installed hooks call; standard input and arguments are those that git gives")
    .addArgument(new Argument("<stage>", "the hook").choices([...HOOK_STAGES]))
    .argument("[args...]", "the arguments that git gives to the hook")
    .addOption(rulesOption())
    .option("--config <file>", "configuration file (default: .keyrecall.yml at the root; pre-receive: that of HEAD)")
    .option("--baseline <file>", "do not count the tokens whose fingerprints this file names")
    .addOption(gitleaksIgnoreOption())
    .addOption(allowSignatureOption())
    .addOption(maxSecondsOption())
    .addOption(onTimeoutOption().default("fail"))
    .action(async (stage: HookStage, args: string[], options) => {
      const { runHook } = await import("./commands/hook-run.ts");
      context.setExitCode(await runHook(stage, args, options, context.signal));
    });
  return hook;
}

function doctorCommand(context: ProgramContext): Command {
  return withVerificationOptions(new Command("doctor"))
    .description("Prove that hooks stop a token, and look at the Action's workflow, rules, configuration and the API")
    .option("--offline", "do not ask the API")
    .addOption(rulesOption())
    .option("--config <file>", "configuration file (default: .keyrecall.yml at the root)")
    .addOption(new Option("--format <format>", "how to print").choices(["text", "json"]).default("text"))
    .addOption(noColorOption())
    .addHelpText("after", DOCTOR_HELP)
    .action(async (options) => {
      const { runDoctor } = await import("./commands/doctor.ts");
      context.setExitCode(await runDoctor(options, context.signal));
    });
}

function stagesOf(value: string, before: HookStage[] | undefined): HookStage[] {
  const stages = value.split(",").map((name): HookStage => {
    const stage = HOOK_STAGES.find((known) => known === name.trim());
    if (stage === undefined) throw new InvalidArgumentError(`${name} is none of ${HOOK_STAGES.join(", ")}`);
    return stage;
  });
  return [...new Set([...(before ?? []), ...stages])];
}

function maxSecondsOption(): Option {
  return new Option("--max-seconds <seconds>", "end the check after so many seconds").argParser(secondsOf);
}

function onTimeoutOption(): Option {
  return new Option("--on-timeout <what>", "what happens then to what was not checked").choices(["pass", "fail"]);
}

/** Where tokens are sent to be verified, and what the operator says is theirs. */
function jobsOf(value: string): number {
  const jobs = Number(value);
  if (!/^[0-9]{1,3}$/.test(value) || jobs === 0) throw new InvalidArgumentError("not a number of threads");
  return jobs;
}

function withVerificationOptions(command: Command): Command {
  return command
    .exitOverride()
    .option("--base-url <url>", "InferenceKey's API (default: INFERENCEKEY_BASE_URL, https://api.inferencekey.com)")
    .addOption(
      new Option(
        "--project <slug>",
        "a project of yours: its workloads are listed; may be given several times",
      ).argParser(listOf),
    )
    .addOption(
      new Option("--workload <project/workload>", "a workload of yours; may be given several times").argParser(listOf),
    )
    .addOption(new Option("--timeout <seconds>", "how long to ask about one token (default: 30)").argParser(secondsOf))
    .option("--user-config <file>", "the user's own configuration (default: ~/.config/keyrecall/config.yml)")
    .option("--cache <file>", "where verdicts are kept (default: ~/.cache/keyrecall/verdicts.json)")
    .option("--no-cache", "keep nothing for the next run, and use nothing that was kept");
}

function listOf(value: string, values: string[] | undefined): string[] {
  return [...(values ?? []), value];
}

function secondsOf(value: string): number {
  const seconds = Number(value);
  if (!Number.isFinite(seconds) || seconds < 0) throw new InvalidArgumentError("not a number of seconds");
  return seconds;
}

function noColorOption(): Option {
  return new Option("--no-color", "no colours, as with NO_COLOR in the environment");
}

function rulesCommand(): Command {
  const rules = new Command("rules")
    .description("Show what is searched for, and write it as rules of another tool")
    .exitOverride();
  rules
    .command("list")
    .description("List the rules: built-in ones and those of --rules")
    .addOption(rulesOption())
    .addOption(new Option("--format <format>", "how to print").choices(["text", "json"]).default("text"))
    .action(async (options) => {
      const { listRules } = await import("./commands/rules.ts");
      await listRules(options);
    });
  rules
    .command("export")
    .description("Write the rules, built-in ones and those of --rules, in the format of another tool")
    .addOption(new Option("--to <tool>", "the tool").choices([...EXPORT_TARGETS]).makeOptionMandatory())
    .option("--output <file>", "write to this file instead of standard output")
    .addOption(rulesOption())
    .addHelpText("after", RULES_EXPORT_HELP)
    .action(async (options) => {
      const { writeExport } = await import("./commands/rules.ts");
      await writeExport(options);
    });
  return rules;
}

function completionCommand(program: Command): Command {
  return new Command("completion")
    .description("Print a completion script for a shell")
    .addArgument(program.createArgument("<shell>", "the shell").choices(["bash", "zsh", "fish"]))
    .addHelpText(
      "after",
      '\nbash: eval "$(keyrecall completion bash)"; zsh: the same; fish: keyrecall completion fish | source',
    )
    .action(async (shell: "bash" | "zsh" | "fish") => {
      const { completionScript } = await import("../report/completion.ts");
      process.stdout.write(completionScript(program, shell));
    });
}

/** The flags that say what is read, and by which rules. */
function withSourceOptions(command: Command): Command {
  return command
    .exitOverride()
    .argument("[path]", "a directory or file; with --history, --staged and --range any directory of the repository")
    .addOption(
      new Option("--history", "read every object and name that the repository keeps").conflicts([
        "staged",
        "range",
        "ignore",
      ]),
    )
    .addOption(new Option("--staged", "read what the next commit would bring in").conflicts(["range", "ignore"]))
    .addOption(new Option("--range <A..B>", "read what each commit of the range brings in").conflicts(["ignore"]))
    .option("--no-ignore", "read ignored files too")
    .addOption(rulesOption())
    .option("--config <file>", "configuration file (default: .keyrecall.yml at the root of what is scanned)")
    .addOption(gitleaksIgnoreOption())
    .addOption(
      new Option("--jobs <number>", "threads that read a history's packs (default: one a core)").argParser(jobsOf),
    )
    .addOption(
      new Option("--min-confidence <confidence>", "suspect: also what has the prefix, another shape and looks random")
        .choices(["certain", "suspect"])
        .default("certain"),
    );
}

function gitleaksIgnoreOption(): Option {
  return new Option(
    "--gitleaks-ignore <file>",
    "do not count what this .gitleaksignore names; may be given several times",
  ).argParser(listOf);
}

function allowSignatureOption(): Option {
  return new Option(
    "--allow-signature <mark>",
    "a mark of another tool, such as gitleaks:allow, that counts as keyrecall:allow does",
  ).argParser(listOf);
}

function rulesOption(): Option {
  return new Option("--rules <file>", "add the rules of this file; may be given several times").argParser(listOf);
}
