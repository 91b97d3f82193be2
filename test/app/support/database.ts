/** Databases of the App's own, the embedded one, with the current schema: made once and copied for each test. */
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Queue } from "../../../app/queue/queue.ts";
import type { Database } from "../../../app/store/database.ts";
import { migrate } from "../../../app/store/migrations.ts";
import { openPglite } from "../../../app/store/pglite.ts";
import { makeTempDir } from "../../support/temp-dir.ts";

const root = fileURLToPath(new URL("../../../", import.meta.url));

/** Making one takes several seconds, copying it a moment. @returns a data directory with the current schema */
export async function makeDataDirectory(): Promise<string> {
  const madeFrom = ["app/store/migrations.ts", "app/queue/queue.ts", "app/package-lock.json"].map((file) =>
    readFileSync(join(root, file)),
  );
  const digest = createHash("sha256").update(Buffer.concat(madeFrom)).digest("hex").slice(0, 16);
  const template = join(root, "node_modules/.cache", `keyrecall-database-${digest}`);
  if (!existsSync(template)) await makeTemplate(template);
  const directory = join(makeTempDir(), "data");
  cpSync(template, directory, { recursive: true });
  return directory;
}

async function makeTemplate(template: string): Promise<void> {
  const draft = `${template}.${process.pid}`;
  mkdirSync(draft, { recursive: true });
  const database = await openPglite(draft);
  await migrate(database);
  const queue = new Queue(database, (error) => {
    throw error;
  });
  await queue.start();
  await queue.stop(() => undefined);
  await database.close();
  try {
    renameSync(draft, template);
  } catch {
    // Another test file was faster.
  }
}

export async function makeDatabase(): Promise<Database> {
  return openPglite(await makeDataDirectory());
}
