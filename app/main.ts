#!/usr/bin/env node
/** `keyrecall-app`: the only place that knows arguments, the environment and how the process ends. */
import { once } from "node:events";
import { Command, Option } from "commander";
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
  DATABASE_URL                              PostgreSQL; without it an embedded database in DATA_DIRECTORY
  REVOCATION_URL, REVOCATION_SECRET         who revokes; without it people do, in the dashboard
  INFERENCEKEY_PROJECTS                     slugs of projects that are yours
docs/app.md has all of them.`;

// Set by a caller of git, as a hook is, these would lead every git of the App to another repository.
for (const name of Object.keys(process.env)) {
  if (/^GIT_(?!EXEC_PATH$|SSL_)/.test(name)) delete process.env[name];
}

const program = new Command("keyrecall-app")
  .description("The GitHub App of Keyrecall: revokes leaked InferenceKey tokens and opens one rotation issue each")
  .version(VERSION);

program
  .command("start")
  .description("Run the App: take webhooks, scan, revoke, report")
  .addOption(
    new Option("--role <role>", "front takes webhooks, worker does the rest; two roles need PostgreSQL")
      .choices(["all", "front", "worker"])
      .default("all"),
  )
  .option("--base-url <url>", "InferenceKey's API, where it is none of *.inferencekey.com and not on this machine")
  .addHelpText("after", ENVIRONMENT)
  .action(async ({ role, baseUrl }: { role: Role; baseUrl?: string }) => {
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
  .addOption(new Option("--installation <account>", "of one installation only: its account, or its number"))
  .addOption(new Option("--repository <owner/name>", "of one repository only").conflicts("installation"))
  .addOption(new Option("--status", "how far it is, what could not be read, how long it will take"))
  .addHelpText("after", ENVIRONMENT)
  .action(async (options: BackfillOptions) => {
    const settings = readSettings(process.env);
    const { runBackfillCommand } = await import("./backfill/command.ts");
    process.stdout.write(await runBackfillCommand(settings, options, createLog(settings.logLevel)));
  });

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof SettingsError)) throw error;
  process.stderr.write(`keyrecall-app: ${error.message}\n  ${error.hint}\n`);
  process.exitCode = 2;
}
