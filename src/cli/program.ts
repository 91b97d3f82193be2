/** The commands and their flags; help and completion are made from the same description. */
import { Command, Option } from "commander";
import type { ExitCode } from "../core/exit-code.ts";
import { VERSION } from "./version.generated.ts";

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
  program.addCommand(rulesCommand());
  program.addCommand(completionCommand(program));
  for (const command of program.commands) command.copyInheritedSettings(program);
  return program;
}

function scanCommand(context: ProgramContext): Command {
  return withSourceOptions(new Command("scan"))
    .description("Name every leaked token, without ever showing one")
    .addOption(new Option("--stdin", "read standard input").conflicts(["history", "staged", "range", "ignore"]))
    .option("--diff", "with --stdin: the input is a patch; what it adds counts")
    .option("--baseline <file>", "do not count the tokens whose fingerprints this file names")
    .addOption(new Option("--format <format>", "how to print the report").choices(["text", "json"]))
    .option("--output <file>", "write the report to this file instead of standard output (.json chooses json)")
    .addOption(
      new Option("--fail-on <when>", "which tokens end in exit code 1; what could not be read always fails")
        .choices(["found", "live", "never"])
        .default("found"),
    )
    .option("--no-color", "no colours, as with NO_COLOR in the environment")
    .addHelpText("after", SCAN_EXAMPLES + EXIT_CODES)
    .action(async (path: string | undefined, options) => {
      const { runScan } = await import("./commands/scan.ts");
      context.setExitCode(await runScan(path, options, context.signal));
    });
}

function baselineCommand(context: ProgramContext): Command {
  return withSourceOptions(new Command("baseline"))
    .description("Write down the tokens that are there today, for --baseline (default: of the whole history)")
    .option("--output <file>", "write to this file instead of standard output")
    .action(async (path: string | undefined, options) => {
      const { runBaseline } = await import("./commands/baseline.ts");
      context.setExitCode(await runBaseline(path, options, context.signal));
    });
}

function rulesCommand(): Command {
  const rules = new Command("rules").description("Show what is searched for").exitOverride();
  rules
    .command("list")
    .description("List the rules: built-in ones and those of --rules")
    .addOption(rulesOption())
    .addOption(new Option("--format <format>", "how to print").choices(["text", "json"]).default("text"))
    .action(async (options) => {
      const { listRules } = await import("./commands/rules.ts");
      await listRules(options);
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
      const { completionScript } = await import("./commands/completion.ts");
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
    .addOption(
      new Option("--min-confidence <confidence>", "suspect: also what has the prefix, another shape and looks random")
        .choices(["certain", "suspect"])
        .default("certain"),
    );
}

function rulesOption(): Option {
  return new Option("--rules <file>", "add the rules of this file; may be given several times").argParser(
    (file: string, files: string[] | undefined) => [...(files ?? []), file],
  );
}
