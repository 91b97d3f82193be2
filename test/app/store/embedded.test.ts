// What the store promises, of the embedded database. test/tier2/app-postgres.test.ts has the same of PostgreSQL.
import { makeDatabase } from "../support/database.ts";
import { describeStore } from "../support/store-suite.ts";

describeStore("the embedded database", makeDatabase);
