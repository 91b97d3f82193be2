/** `keyrecall hook install` and `hook uninstall` */
import { existsSync, realpathSync } from "node:fs";
import path from "node:path";
import { requireSignatures } from "../../config/load.ts";
import { KeyrecallError, messageOf, systemCodeOf } from "../../core/errors.ts";
import { ExitCode } from "../../core/exit-code.ts";
import { openRepository, type Repository } from "../../git/repository.ts";
import { installGlobally, uninstallGlobally } from "../../hooks/global.ts";
import type { Front } from "../../hooks/hook-file.ts";
import { type Installation, installHooks, uninstallHooks } from "../../hooks/install.ts";
import type { Outcome } from "../../hooks/one-hook.ts";
import type { HookStage } from "../../hooks/stages.ts";
import { escapeForTerminal } from "../../report/escape.ts";
import { currentDirectory } from "./source-options.ts";

export interface HookInstallFlags {
  readonly global?: boolean;
  readonly stage?: HookStage[];
  readonly maxSeconds?: number;
  readonly onTimeout?: "pass" | "fail";
  readonly allowSignature?: string[];
}

export async function installHookFiles(flags: HookInstallFlags, signal: AbortSignal): Promise<ExitCode> {
  requirePlainSignatures(flags.allowSignature ?? []);
  const front: Front = { home: packageDirectory(), node: withSlashes(process.execPath), options: optionsOf(flags) };
  const stages = flags.stage ?? null;
  const installation = await writing(() =>
    flags.global === true
      ? installGlobally({ directory: currentDirectory(), signal }, stages, front)
      : inRepository(signal, (repository) => installHooks(repository, stages, front)),
  );
  process.stdout.write(describeInstallation(installation));
  return ExitCode.clean;
}

export async function uninstallHookFiles(flags: { readonly global?: boolean }, signal: AbortSignal): Promise<ExitCode> {
  const outcomes = await writing(() =>
    flags.global === true
      ? uninstallGlobally({ directory: currentDirectory(), signal })
      : inRepository(signal, uninstallHooks),
  );
  const lines = outcomes.length === 0 ? ["no hook of keyrecall is installed here"] : outcomes.map(describeOutcome);
  process.stdout.write(`${lines.join("\n")}\n`);
  return ExitCode.clean;
}

/** Whose directories hooks are in is not for this program to say. */
async function writing<Result>(run: () => Promise<Result>): Promise<Result> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof KeyrecallError || systemCodeOf(error) === undefined) throw error;
    throw new KeyrecallError("output", `cannot write hooks: ${messageOf(error)}`, {
      hint: "check who owns the directory; what was written so far is taken out by keyrecall hook uninstall",
      cause: error,
    });
  }
}

async function inRepository<Result>(
  signal: AbortSignal,
  use: (repository: Repository) => Promise<Result>,
): Promise<Result> {
  const repository = await openRepository(currentDirectory(), signal);
  if (repository === null || repository.refusal !== null) {
    throw new KeyrecallError(
      "not-a-repository",
      `not a git repository that git opens: ${currentDirectory()}${repository?.refusal ? `: ${repository.refusal}` : ""}`,
      { hint: "run this in a repository, or give --global for all of yours" },
    );
  }
  try {
    return await use(repository);
  } finally {
    repository.dispose();
  }
}

/** The directory with `hooks/` and `dist/`, from wherever the program was started. */
function packageDirectory(): string {
  const directory = path.resolve(path.dirname(realpathSync(process.argv[1] ?? ".")), "..");
  if (!existsSync(path.join(directory, "hooks/front.sh"))) {
    throw new KeyrecallError(
      "usage",
      `keyrecall is not complete: there is no ${path.join(directory, "hooks/front.sh")}`,
      {
        hint: "install it again, with all of its files",
      },
    );
  }
  return withSlashes(directory);
}

/** As sh writes paths, on Windows too. */
function withSlashes(file: string): string {
  return path.sep === "\\" ? file.replaceAll("\\", "/") : file;
}

/** Hooks hand their options on as words that a shell looks at once more. */
function requirePlainSignatures(signatures: readonly string[]): void {
  requireSignatures(signatures);
  const wrong = signatures.find((text) => /[*?[\]\\]/.test(text));
  if (wrong === undefined) return;
  throw new KeyrecallError("usage", `--allow-signature ${wrong}: a shell reads *, ?, [, ] and \\ in another way`, {
    hint: "write it into your own configuration instead: imports, allowSignatures",
  });
}

function optionsOf({ maxSeconds, onTimeout, allowSignature = [] }: HookInstallFlags): string {
  return [
    ...(maxSeconds === undefined ? [] : [`--max-seconds ${maxSeconds}`]),
    ...(onTimeout === undefined ? [] : [`--on-timeout ${onTimeout}`]),
    ...allowSignature.map((mark) => `--allow-signature ${mark}`),
  ].join(" ");
}

const MANAGERS = {
  git: "git's own hooks",
  "hooks-path": "core.hooksPath",
  husky: "husky",
  lefthook: "lefthook",
  "pre-commit": "the pre-commit framework",
} as const;

function describeInstallation({ manager, outcomes, notes }: Installation): string {
  const lines = [
    `hooks by ${MANAGERS[manager]}:`,
    ...outcomes.map((outcome) => `  ${describeOutcome(outcome)}`),
    ...notes.map((note) => `note: ${escapeForTerminal(note)}`),
    "keyrecall doctor proves that they work.",
  ];
  return `${lines.join("\n")}\n`;
}

function describeOutcome({ stage, file, what, chain }: Outcome): string {
  const chains = {
    none: "",
    "same file": "; what else is there still runs",
    moved: "; the hook that was there runs first",
    repository: "; it calls each repository's own",
  };
  return `${stage === null ? "" : `${stage} `}${what}: ${escapeForTerminal(file)}${chains[chain]}`;
}
