/** Puts the App together and runs it until it is told to stop. */
import { once } from "node:events";
import type { Server } from "node:http";
import { setPriority } from "node:os";
import { systemCodeOf } from "keyrecall";
import { measureBackfill } from "./backfill/report.ts";
import { serveControl } from "./control/server.ts";
import { createFront } from "./intake/server.ts";
import type { Log } from "./log.ts";
import { Metrics } from "./metrics.ts";
import { Queue } from "./queue/queue.ts";
import { SettingsError } from "./settings-error.ts";
import type { Settings } from "./settings.ts";
import type { Database } from "./store/database.ts";
import { countDeliveries, storeDelivery } from "./store/deliveries.ts";
import { countByState } from "./store/incidents.ts";
import { migrate } from "./store/migrations.ts";
import { Sealer } from "./store/seal.ts";

/** A bit below normal. */
const WORKER_PRIORITY = 5;

export interface RunningApp {
  /** Where the front listens; null where there is none. */
  readonly address: string | null;
  /** Lets what is under way come to its end. */
  stop(): Promise<void>;
}

/** @throws {SettingsError} */
export async function startApp(settings: Settings, log: Log): Promise<RunningApp> {
  // Before anything else: without a key nothing may be stored.
  const sealer = new Sealer(settings.sealKeys);
  const metrics = new Metrics();
  const database = await openDatabase(settings, log);
  const stops: (() => Promise<void>)[] = [() => database.close()];
  const stop = async (): Promise<void> => {
    for (const one of stops.splice(0).toReversed()) await one();
  };
  try {
    const queue = new Queue(database, (error) => log.error({ err: error }, "the queue has a problem"));
    await queue.start();
    // Of the part that works, once it is there.
    let endRequests = (): void => undefined;
    stops.push(async () => {
      await queue.stop(() => endRequests());
      endRequests();
    });
    // The front is there first: what is asked for again comes back at once.
    const front = settings.role === "worker" ? null : await listen(settings, { database, sealer, queue, metrics, log });
    if (front !== null) stops.push(() => close(front));
    if (settings.role !== "front") {
      if (settings.role === "worker") yieldToFront();
      const { startWork } = await import("./work.ts");
      const work = await startWork({ settings, database, sealer, queue, metrics, log });
      endRequests = () => work.end();
      // Nobody else can open the embedded database: other commands ask this process.
      if (settings.databaseUrl === null) {
        const { answerBackfillRequest } = await import("./backfill/request.ts");
        const answer = (asked: unknown) => answerBackfillRequest({ database, queue, github: work.github }, asked);
        stops.push(await serveControl(settings.dataDirectory, answer, log));
      }
    }
    const address = front === null ? null : addressOf(front);
    log.info(
      { address, role: settings.role, store: settings.databaseUrl === null ? "embedded" : "PostgreSQL" },
      "started",
    );
    return { address, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** GitHub waits ten seconds for an acknowledgement, and for nothing else. What a worker starts inherits it. */
function yieldToFront(): void {
  setPriority(WORKER_PRIORITY);
}

/** With all migrations. @throws {SettingsError} where it cannot be used */
export async function openDatabase(settings: Settings, log: Log): Promise<Database> {
  try {
    const database = await connect(settings, log);
    try {
      await migrate(database);
    } catch (error) {
      await database.close();
      throw error;
    }
    return database;
  } catch (error) {
    throw asUnusable(error, settings);
  }
}

async function connect(settings: Settings, log: Log): Promise<Database> {
  if (settings.databaseUrl === null) {
    const { openPglite } = await import("./store/pglite.ts");
    return openPglite(settings.dataDirectory);
  }
  const { openPostgres } = await import("./store/postgres.ts");
  return openPostgres(settings.databaseUrl, (error) => log.error({ err: error }, "a connection to the database broke"));
}

/** Of PostgreSQL's classes of errors those that speak of a statement; that a role may not do something is none of them. */
const OF_A_STATEMENT = /^(?:0A|2[1-7]|42(?!501)|XX)/;

/** The message of a foreign error can name the password. */
function asUnusable(error: unknown, { databaseUrl, dataDirectory }: Settings): unknown {
  const code = systemCodeOf(error);
  if (error instanceof SettingsError || code === undefined || OF_A_STATEMENT.test(code)) return error;
  return databaseUrl === null
    ? new SettingsError(
        `the data directory ${dataDirectory} cannot be used (${code})`,
        "check that it is a directory which the App's user owns, and that its disk has room, or name another DATA_DIRECTORY",
      )
    : new SettingsError(
        `the database cannot be used (${code})`,
        "check DATABASE_URL, the network, the role's password and rights, and that the database exists",
      );
}

interface FrontParts {
  readonly database: Database;
  readonly sealer: Sealer;
  readonly queue: Queue;
  readonly metrics: Metrics;
  readonly log: Log;
}

async function listen(settings: Settings, { database, sealer, queue, metrics, log }: FrontParts): Promise<Server> {
  const front = createFront({
    webhookPath: settings.webhookPath,
    secrets: settings.webhookSecrets,
    store: (delivery) =>
      storeDelivery(database, sealer, delivery, (transaction, deliveryId, isFirst) =>
        queue.send("delivery", { deliveryId }, { within: transaction.boss, isFirst }),
      ),
    checkReady: async () => void (await database.query("select 1")),
    measure: async () => {
      for (const [kind, count] of await queue.depths()) metrics.waiting.set({ kind }, count);
      for (const [state, count] of await countDeliveries(database)) metrics.deliveriesLeft.set({ state }, count);
      metrics.incidents.reset();
      for (const [state, count] of await countByState(database)) metrics.incidents.set({ state }, count);
      await measureBackfill(database, metrics);
    },
    metrics,
    log,
  });
  front.listen(settings.port, settings.host);
  try {
    await once(front, "listening");
  } catch (error) {
    const { code } = error as { code?: string };
    throw new SettingsError(
      `the front cannot listen on ${settings.host}, port ${settings.port} (${code ?? "unknown"})`,
      "name another PORT or HOST, or end what has it",
    );
  }
  return front;
}

function addressOf(front: Server): string | null {
  const address = front.address();
  if (address === null || typeof address === "string") return address;
  return `http://${address.family === "IPv6" ? `[${address.address}]` : address.address}:${address.port}`;
}

/** No new request is taken; those under way are answered. */
async function close(front: Server): Promise<void> {
  const closed = once(front, "close");
  front.close();
  front.closeIdleConnections();
  await closed;
}
