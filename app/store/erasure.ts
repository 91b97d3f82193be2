/**
 * What is erased when the App is uninstalled: everything sealed, and whatever was kept to go on with. What happened stays
 * on record, without it.
 */
import { audit } from "./audit-log.ts";
import type { Database, Queryable } from "./database.ts";
import { eraseToken } from "./incidents.ts";

const UNINSTALLED = "the App was uninstalled: what the event held is erased";
/** Of an account that has the App no more; it can be installed again under another number. */
const IS_GONE = `exists (select 1 from keyrecall.installation n where n.account_id = i.account_id and n.state = 'deleted')
  and not exists (select 1 from keyrecall.installation n where n.account_id = i.account_id and n.state <> 'deleted')`;

/** Of an account: its policy, what was told of its history, and what its people wanted and were told. */
const OF_ACCOUNT: readonly { readonly table: string; readonly is: string }[] = [
  { table: "policy", is: "policy.account_id = i.account_id" },
  { table: "history_summary", is: "history_summary.account_id = i.account_id" },
  { table: "secret_alert", is: isOfIncident("secret_alert") },
  { table: "command", is: isOfIncident("command") },
  // That it was told stays known: what comes late is not told anew.
  { table: "notification", is: `notification.state <> 'sent' and ${isOfIncident("notification")}` },
];

/**
 * Of an installation, whoever has the App again: what was read of its repositories, to read no more than what is new. That
 * its history was being read, and how that ended, happened.
 */
const OF_INSTALLATION: readonly { readonly table: string; readonly is: string }[] = [
  { table: "backfill_repository", is: "backfill_repository.installation_id = i.id" },
  ...["history_tip", "scanned_tip"].map((table) => ({
    table,
    is: `exists (select 1 from keyrecall.repository r where r.id = ${table}.repository_id and r.installation_id = i.id)`,
  })),
];

const TOLD = `notification.body is not null and notification.state = 'sent' and ${isOfIncident("notification")}`;

function isOfIncident(table: string): string {
  return `exists (select 1 from keyrecall.incident n where n.id = ${table}.incident_id and n.account_id = i.account_id)`;
}

/** Erases what is kept of an installation that is gone. Can be made again at any time. */
export async function eraseKept(database: Database, installationId: number): Promise<void> {
  await database.transaction(async (transaction) => {
    const payloads = await transaction.query(
      // Its own last event is at work just now, and is finished by whoever works on it.
      `update keyrecall.delivery set payload = null, state = 'done', outcome = $2, finished_at = now()
       where installation_id = $1 and payload is not null and event <> 'installation' returning id`,
      [installationId, UNINSTALLED],
    );
    const tokens = await transaction.query<{ id: string }>(
      `select id from keyrecall.incident i where token is not null and ${IS_GONE}
         and account_id = (select account_id from keyrecall.installation where id = $1 and state = 'deleted')`,
      [installationId],
    );
    for (const { id } of tokens) await eraseToken(transaction, id);
    const records = await eraseRecords(transaction, installationId);
    if (payloads.length + tokens.length + records === 0) return;
    await audit(transaction, {
      actor: "keyrecall",
      action: "installation-erased",
      detail: { installation: installationId, payloads: payloads.length, tokens: tokens.length, records },
    });
  });
}

/** @returns how many */
async function eraseRecords(transaction: Queryable, installationId: number): Promise<number> {
  const gone = "keyrecall.installation i where i.id = $1 and i.state = 'deleted'";
  const statements = [
    ...OF_INSTALLATION.map(
      ({ table, is }) => `delete from keyrecall.${table} where exists (select 1 from ${gone} and ${is})`,
    ),
    ...OF_ACCOUNT.map(
      ({ table, is }) => `delete from keyrecall.${table} where exists (select 1 from ${gone} and ${IS_GONE} and ${is})`,
    ),
    `update keyrecall.notification set body = null where exists (select 1 from ${gone} and ${IS_GONE} and ${TOLD})`,
  ];
  let count = 0;
  for (const statement of statements) {
    count += (await transaction.query(`${statement} returning 1`, [installationId])).length;
  }
  return count;
}

/** Installations that are gone and of which something came in, or was left, since. */
export async function installationsToErase(database: Queryable): Promise<number[]> {
  const exists = (table: string, is: string): string => `exists (select 1 from keyrecall.${table} where ${is})`;
  const ofAccount = [
    exists("incident", "account_id = i.account_id and token is not null"),
    ...OF_ACCOUNT.map(({ table, is }) => exists(table, is)),
    exists("notification", TOLD),
  ];
  const ofInstallation = [
    exists("delivery", "installation_id = i.id and payload is not null and event <> 'installation'"),
    ...OF_INSTALLATION.map(({ table, is }) => exists(table, is)),
  ];
  const rows = await database.query<{ id: number }>(
    `select i.id from keyrecall.installation i where i.state = 'deleted'
       and (${ofInstallation.join(" or ")} or (${IS_GONE} and (${ofAccount.join(" or ")})))`,
  );
  return rows.map(({ id }) => id);
}

export async function repositoriesOfInstallation(database: Queryable, installationId: number): Promise<number[]> {
  const rows = await database.query<{ id: number }>("select id from keyrecall.repository where installation_id = $1", [
    installationId,
  ]);
  return rows.map(({ id }) => id);
}

/** Of these repositories the ones that the App has nothing to do with any more. */
export async function abandonedRepositories(database: Queryable, ids: readonly number[]): Promise<number[]> {
  const rows = await database.query<{ id: number }>(
    `select r.id from keyrecall.repository r left join keyrecall.installation i on i.id = r.installation_id
     where r.id = any($1::bigint[]) and (not r.is_covered or i.state = 'deleted')`,
    [ids],
  );
  return rows.map(({ id }) => id);
}
