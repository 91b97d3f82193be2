#!/usr/bin/env node
/** `keyrecall-app`: the only place that knows arguments, the environment and how the process ends. */
import { once } from "node:events";
import { Argument, Command, CommanderError, InvalidArgumentError, Option } from "commander";
import { builtinRules, compileRules, completionScript, Detector, mask, systemCodeOf } from "keyrecall";
import type { BackfillOptions } from "./backfill/command.ts";
import { createLog } from "./log.ts";
import { SettingsError } from "./settings-error.ts";
import { type Role, readSettings } from "./settings.ts";
import { startApp } from "./start.ts";
import { VERSION } from "./version.ts";

const ENVIRONMENT = `
Environment:
  APP_ID, PRIVATE_KEY or PRIVATE_KEY_PATH   the GitHub App
  WEBHOOK_SECRET                            shared with GitHub (WEBHOOK_SECRET_PREVIOUS while it is changed)
  KEYRECALL_SEAL_KEY                        seals what is stored: openssl rand -base64 32
                                            (KEYRECALL_SEAL_KEY_PREVIOUS while it is changed)
  DATABASE_URL                              PostgreSQL; without it an embedded database in DATA_DIRECTORY
  REVOCATION_URL, REVOCATION_SECRET         who revokes; without it people do, in the dashboard
  INFERENCEKEY_PROJECTS                     slugs of projects that are yours
  NOTIFY_URL, NOTIFY_SECRET                 signed webhooks about incidents; NOTIFY_SLACK_URL: in Slack's form
  INCIDENT_RETENTION_DAYS, AUDIT_RETENTION_DAYS
                                            how long they are kept; for ever by default
docs/app.md has all of them.`;

// Set by a caller of git, as a hook is, these would lead every git of the App to another repository.
for (const name of Object.keys(process.env)) {
  if (/^GIT_(?!EXEC_PATH$|SSL_)/.test(name)) delete process.env[name];
}

// Whoever reads the log can go away, and a disk can be full: the work goes on without it.
for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});

const USAGE = 2;
const BUG = 70;
process.on("uncaughtException", endWithBug);

const BASE_URL_FLAG = "--base-url <url>";
const BASE_URL_TEXT = "InferenceKey's API, where it is none of *.inferencekey.com and not on this machine";
// Not `--env-file`: Node itself takes that, wherever it stands.
const SETTINGS_FLAG = "--settings <file>";
const SETTINGS_TEXT = "a file of settings; what the environment sets holds";

const program = new Command("keyrecall-app")
  .description("The GitHub App of Keyrecall: revokes leaked InferenceKey tokens and opens one rotation issue each")
  .version(VERSION)
  .exitOverride()
  // Arguments come back in messages, and one of them can be a token.
  .configureOutput({ writeErr: (text) => void process.stderr.write(withoutTokens(text)) })
  .addHelpText(
    "after",
    `
Exit codes: 0 done, 2 bad usage or settings, 70 a bug; doctor has two more.

From nothing to the first contained leak: docs/app-setup.md.`,
  );

program
  .command("init")
  .description("Register the GitHub App, in the browser, and write its settings into a file")
  .requiredOption("--webhook-url <url>", "where GitHub reaches the App: https://HOST")
  .option("--organization <name>", "who owns the App; without it, you yourself")
  .option("--name <name>", "of the App; on github.com no two have the same", "Keyrecall")
  .option("--server-url <url>", "a GitHub Enterprise Server, or a tenant of ghe.com", "https://github.com")
  .option("--api-url <url>", "its API, where it is not where such a server has it")
  .option("--settings <file>", "the file to write, for its owner only", ".env")
  .option("--replace", "write over the file; its seal key and its other settings stay")
  .option("--advisories", "ask for private advisories too (PRIVATE_ADVISORIES)")
  .option("--port <number>", "of the page on this machine; 0 takes a free one", portOf, 0)
  .action(async (flags: InitFlags) => {
    const { initialize } = await import("./setup/init.ts");
    const stopping = new AbortController();
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => stopping.abort());
    await initialize(
      {
        webhookUrl: flags.webhookUrl,
        organization: flags.organization ?? null,
        name: flags.name,
        serverUrl: flags.serverUrl,
        apiUrl: flags.apiUrl ?? null,
        environmentFile: flags.settings,
        isReplacing: flags.replace === true,
        withAdvisories: flags.advisories === true,
        port: flags.port,
      },
      (line) => void process.stdout.write(`${line}\n`),
      stopping.signal,
    );
  });

program
  .command("doctor")
  .description(
    "Look at settings, database, disk, keys, the App on GitHub, its webhooks, and whom it asks; change nothing",
  )
  .option(SETTINGS_FLAG, SETTINGS_TEXT)
  .option(BASE_URL_FLAG, BASE_URL_TEXT)
  .addOption(new Option("--format <format>", "for people or for programs").choices(["text", "json"]).default("text"))
  .addHelpText("after", "\nExit codes: 0 all is well, 1 something has to be done, 3 something could not be found out.")
  .action(
    async ({ settings: file, baseUrl, format }: { settings?: string; baseUrl?: string; format: "text" | "json" }) => {
      loadSettings(file);
      const { diagnose } = await import("./doctor/doctor.ts");
      const { exitCodeOf, jsonOf, textOf, withoutSecrets } = await import("./doctor/finding.ts");
      const { findings, secrets } = await diagnose({
        environment: process.env,
        environmentFile: file ?? null,
        baseUrl: baseUrl ?? null,
      });
      process.stdout.write(withoutSecrets(format === "json" ? jsonOf(findings) : textOf(findings), secrets));
      process.exitCode = exitCodeOf(findings);
    },
  );

program
  .command("completion")
  .description("Print a completion script for a shell")
  .addArgument(new Argument("<shell>").choices(["bash", "zsh", "fish"]))
  .addHelpText(
    "after",
    '\nbash: eval "$(keyrecall-app completion bash)"; zsh: the same; fish: keyrecall-app completion fish | source',
  )
  .action((shell: "bash" | "zsh" | "fish") => void process.stdout.write(completionScript(program, shell)));

program
  .command("start")
  .description("Run the App: take webhooks, scan, revoke, report")
  .option(SETTINGS_FLAG, SETTINGS_TEXT)
  .addOption(
    new Option("--role <role>", "front takes webhooks, worker does the rest; two roles need PostgreSQL")
      .choices(["all", "front", "worker"])
      .default("all"),
  )
  .option(BASE_URL_FLAG, BASE_URL_TEXT)
  .addHelpText("after", ENVIRONMENT)
  .action(async ({ role, baseUrl, settings: file }: { role: Role; baseUrl?: string; settings?: string }) => {
    loadSettings(file);
    const settings = readSettings(process.env, { role, ...(baseUrl === undefined ? {} : { baseUrl }) });
    const log = createLog(settings.logLevel);
    const stopSignal = Promise.race([once(process, "SIGTERM"), once(process, "SIGINT")]);
    const app = await startApp(settings, log);
    await stopSignal;
    log.info("stopping: what is under way comes to its end");
    await app.stop();
  });

program
  .command("backfill")
  .description("Have the history of repositories read, or say how far that is")
  .option(SETTINGS_FLAG, SETTINGS_TEXT)
  .addOption(new Option("--installation <account>", "of one installation only: its account, or its number"))
  .addOption(new Option("--repository <owner/name>", "of one repository only").conflicts("installation"))
  .addOption(new Option("--status", "how far it is, what could not be read, how long it will take"))
  .addHelpText("after", ENVIRONMENT)
  .action(async ({ settings: file, ...options }: BackfillOptions & { settings?: string }) => {
    loadSettings(file);
    const settings = readSettings(process.env);
    const { runBackfillCommand } = await import("./backfill/command.ts");
    process.stdout.write(await runBackfillCommand(settings, options, createLog(settings.logLevel)));
  });

interface InitFlags {
  readonly webhookUrl: string;
  readonly organization?: string;
  readonly name: string;
  readonly serverUrl: string;
  readonly apiUrl?: string;
  readonly settings: string;
  readonly replace?: true;
  readonly advisories?: true;
  readonly port: number;
}

function portOf(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new InvalidArgumentError("It is no port.");
}

/** @throws {SettingsError} */
function loadSettings(file: string | undefined): void {
  if (file === undefined) return;
  try {
    process.loadEnvFile(file);
  } catch (error) {
    throw new SettingsError(
      `${file} cannot be read (${systemCodeOf(error) ?? "unknown"})`,
      "check the path and its permissions; keyrecall-app init makes one",
    );
  }
}

function withoutTokens(text: string): string {
  return mask(new Detector(compileRules(builtinRules), { minConfidence: "suspect" }), text);
}

/** The message of a foreign error can quote what was being read; its type and place cannot. */
function endWithBug(error: unknown): void {
  const name = error instanceof Error ? error.name : typeof error;
  const places = error instanceof Error ? (error.stack ?? "").split("\n").filter((line) => /^\s+at /.test(line)) : [];
  const what = `keyrecall-app: this is a bug in keyrecall-app (${name}); please report it with these lines`;
  process.stderr.write([what, ...places, ""].join("\n"));
  process.exit(BUG);
}

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof SettingsError) {
    process.stderr.write(withoutTokens(`keyrecall-app: ${error.message}\n  ${error.hint}\n`));
    process.exitCode = USAGE;
  } else if (error instanceof CommanderError) {
    // It has printed its own message.
    process.exitCode = error.exitCode === 0 ? 0 : USAGE;
  } else {
    endWithBug(error);
  }
}
