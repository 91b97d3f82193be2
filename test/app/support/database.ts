import type { Database } from "../../../app/store/database.ts";
import { migrate } from "../../../app/store/migrations.ts";
/** A database of the App's own for a test file: the embedded one, with the current schema. */
import { openPglite } from "../../../app/store/pglite.ts";
import { makeTempDir } from "../../support/temp-dir.ts";

export async function makeDatabase(): Promise<Database> {
  const database = await openPglite(makeTempDir());
  await migrate(database);
  return database;
}
