/** What is erased when the App is uninstalled: everything sealed. What happened stays on record, without it. */
import { audit } from "./audit-log.ts";
import type { Database, Queryable } from "./database.ts";
import { eraseToken } from "./incidents.ts";

const UNINSTALLED = "the App was uninstalled: what the event held is erased";
/** Of an account that has the App no more; it can be installed again under another number. */
const IS_GONE = `exists (select 1 from keyrecall.installation n where n.account_id = i.account_id and n.state = 'deleted')
  and not exists (select 1 from keyrecall.installation n where n.account_id = i.account_id and n.state <> 'deleted')`;

/** Erases what is sealed of an installation that is gone. Can be made again at any time. */
export async function eraseSealed(database: Database, installationId: number): Promise<void> {
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
    if (payloads.length + tokens.length === 0) return;
    await audit(transaction, {
      actor: "keyrecall",
      action: "installation-erased",
      detail: { installation: installationId, payloads: payloads.length, tokens: tokens.length },
    });
  });
}

/** Installations that are gone and of which something sealed came in, or was left, since. */
export async function installationsToErase(database: Queryable): Promise<number[]> {
  const rows = await database.query<{ id: number }>(
    `select i.id from keyrecall.installation i where i.state = 'deleted' and (
       exists (select 1 from keyrecall.delivery
         where installation_id = i.id and payload is not null and event <> 'installation')
       or (${IS_GONE} and exists (select 1 from keyrecall.incident
         where account_id = i.account_id and token is not null)))`,
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
