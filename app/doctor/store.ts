/** The database, and whether what is sealed in it can be opened with the keys that there are. */
import { existsSync } from "node:fs";
import path from "node:path";
import { systemCodeOf } from "keyrecall";
import { SettingsError } from "../settings-error.ts";
import type { Settings } from "../settings.ts";
import type { Database } from "../store/database.ts";
import { migrationState } from "../store/migrations.ts";
import { countNotifications } from "../store/notifications.ts";
import { countSealed } from "../store/reseal.ts";
import { Sealer } from "../store/seal.ts";
import { type Finding, finding, ok } from "./finding.ts";

export async function checkStore(settings: Settings): Promise<Finding[]> {
  const { databaseUrl, dataDirectory } = settings;
  let sealer: Sealer;
  try {
    sealer = new Sealer(settings.sealKeys);
  } catch (error) {
    const { message, hint } = error as SettingsError;
    return [finding("seal-key", "problem", message, hint)];
  }
  if (databaseUrl === null && !existsSync(path.join(dataDirectory, "pglite"))) {
    return [
      ok("database", `the embedded one in ${dataDirectory} is made at the first start`),
      ok("seal-key", "it is a key, and nothing is sealed yet"),
    ];
  }
  let database: Database | null = null;
  try {
    database = await open(settings);
    return await look(database, sealer, settings);
  } catch (error) {
    if (error instanceof SettingsError) {
      const what = `${error.message}: what is in it was not looked at`;
      return [finding("database", "skipped", what, "while the App runs, its log and /readyz tell how it is")];
    }
    const what = `it cannot be used (${systemCodeOf(error) ?? (error as Error).name})`;
    const remedy =
      databaseUrl === null
        ? "restore the directory from a backup"
        : "check DATABASE_URL, the network, the role's password and that the database exists";
    return [finding("database", "problem", what, remedy)];
  } finally {
    await database?.close();
  }
}

async function open({ databaseUrl, dataDirectory }: Settings): Promise<Database> {
  if (databaseUrl === null) return (await import("../store/pglite.ts")).openPglite(dataDirectory);
  return (await import("../store/postgres.ts")).openPostgres(databaseUrl, () => undefined);
}

const OLDEST_POSTGRESQL = 13;

async function look(database: Database, sealer: Sealer, settings: Settings): Promise<Finding[]> {
  const [server] = await database.query<{ version: string; may_create: boolean }>(
    `select current_setting('server_version') as version, has_database_privilege(current_database(), 'create') as may_create`,
  );
  const name = settings.databaseUrl === null ? "the embedded one" : `PostgreSQL ${server?.version}`;
  const { known, stored } = await migrationState(database);
  const findings: Finding[] = [];
  if (settings.databaseUrl !== null && Number.parseInt(server?.version ?? "0", 10) < OLDEST_POSTGRESQL) {
    findings.push(finding("database", "problem", name, `use PostgreSQL ${OLDEST_POSTGRESQL} or newer`));
  }
  if (stored > known) {
    const what = `${name}: its data is of version ${stored}, and this keyrecall-app knows up to ${known}`;
    return [...findings, finding("database", "problem", what, "run the version that wrote it, or restore a backup")];
  }
  if (stored === 0) {
    findings.push(
      server?.may_create === true
        ? ok("database", `${name}: empty, its tables are made at the first start`)
        : finding("database", "problem", `${name}: empty, and the role may not create a schema`, "make it the owner"),
    );
    return [...findings, ok("seal-key", "it is a key, and nothing is sealed yet")];
  }
  if (stored < known) {
    const what = `${name}: version ${stored}; the next start brings it to ${known}`;
    return [...findings, finding("database", "advice", what, "make a backup before: there is no way back but that")];
  }
  findings.push(ok("database", `${name}, version ${stored}`));
  findings.push(await checkSeals(database, sealer), await checkNotifications(database, settings));
  return findings;
}

async function checkSeals(database: Database, sealer: Sealer): Promise<Finding> {
  const { current, previous, unknown, damaged } = await countSealed(database, sealer);
  if (unknown > 0) {
    const what = `${unknown} stored values are sealed by a key that is not configured`;
    return finding("seal-key", "problem", what, "put that key into KEYRECALL_SEAL_KEY_PREVIOUS");
  }
  if (damaged > 0) {
    const what = `${damaged} stored values were changed: they cannot be opened`;
    return finding("seal-key", "problem", what, "restore a backup; deliveries can be redelivered from the App's page");
  }
  if (previous > 0) {
    const what = `${previous} of ${current + previous} stored values are still sealed by a key of before`;
    return finding("seal-key", "advice", what, "keep KEYRECALL_SEAL_KEY_PREVIOUS: the App seals them anew, in minutes");
  }
  return ok("seal-key", `it opens all ${current} stored values; no key of before is needed`);
}

async function checkNotifications(database: Database, { notifications }: Settings): Promise<Finding> {
  const check = "notifications";
  const channels = [
    ...(notifications.webhook === null ? [] : [`webhook to ${notifications.webhook.url.host}`]),
    ...(notifications.slackUrl === null ? [] : [`Slack form to ${notifications.slackUrl.host}`]),
  ];
  if (channels.length === 0) return finding(check, "skipped", "none are configured", "NOTIFY_URL, NOTIFY_SLACK_URL");
  const counts = await countNotifications(database);
  const failed = counts.find(({ state }) => state === "failed");
  if (failed !== undefined) {
    const what = `${failed.count} of the last three days were not taken (${failed.problem ?? "unknown"})`;
    return finding(check, "problem", what, "put the receiver right: they are sent again every hour");
  }
  const sent = counts.find(({ state }) => state === "sent")?.count ?? 0;
  return ok(check, `${channels.join(", ")}; ${sent} sent in the last three days`);
}
