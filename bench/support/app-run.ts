import { mkdtempSync, rmSync } from "node:fs";
/** One App under load: started with its emulators, given webhooks at a steady pace, and asked what became of them. */
import { type Agent, request } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import type { Database } from "../../app/store/database.ts";
import { openPglite } from "../../app/store/pglite.ts";
import { openPostgres } from "../../app/store/postgres.ts";
import { buildApp } from "../../scripts/app/build.ts";
import { type Fleet, startFleet } from "../../scripts/app/fleet.ts";
import type { PostgresServer } from "../../test/support/postgres.ts";
import { type Webhook, WebhookCatcher } from "./app-pushes.ts";
import { ownProcessorSeconds, processorSeconds, processorSecondsOfTree, startedProcesses } from "./processes.ts";

export type Store = "PostgreSQL" | "PGlite";

/** When what happened to one token, in milliseconds after its webhook arrived. */
export interface Stages {
  readonly found: number;
  readonly verified: number;
  readonly requested: number;
  /** The API refused it for the first time. */
  readonly refused: number;
  /** It was asked twice, and that is written down. */
  readonly contained: number;
}

export interface Load {
  readonly stages: readonly Stages[];
  readonly acknowledgedMs: readonly number[];
  /** Tokens that were not contained in time. */
  readonly left: number;
  /** Seconds of processor time, by who took them. */
  readonly processor: Readonly<Record<string, number>>;
  readonly processes: number;
  readonly seconds: number;
}

export interface RunOptions {
  readonly store: Store;
  readonly postgres: PostgresServer | null;
  readonly tokens: number;
  /** One process for everything, or one that takes webhooks and one that works. */
  readonly isSplit: boolean;
}

const LIMIT_MS = 180_000;
/** What operators run is measured, and not the sources. */
const builtApp = buildApp();

export class AppRun {
  /** Those that have not ended, as after a failure. */
  static readonly open = new Set<AppRun>();

  readonly directory: string;
  readonly catcher: WebhookCatcher;
  readonly fleet: Fleet;
  readonly #options: RunOptions;
  readonly #databaseUrl: string | null;
  readonly #processed: { count: number };

  private constructor(
    options: RunOptions,
    parts: { directory: string; catcher: WebhookCatcher; fleet: Fleet; databaseUrl: string | null },
    processed: { count: number },
  ) {
    this.#options = options;
    this.#databaseUrl = parts.databaseUrl;
    this.#processed = processed;
    this.directory = parts.directory;
    this.catcher = parts.catcher;
    this.fleet = parts.fleet;
    AppRun.open.add(this);
  }

  static async start(options: RunOptions): Promise<AppRun> {
    const { store, postgres, tokens, isSplit } = options;
    const directory = mkdtempSync(path.join(tmpdir(), "keyrecall-bench-app-"));
    const databaseUrl = store === "PostgreSQL" && postgres !== null ? await postgres.createDatabase() : null;
    const processed = { count: 0 };
    const fleet = await startFleet({
      directory,
      program: await builtApp,
      moreTokens: tokens,
      workers: isSplit ? 1 : 0,
      environment: databaseUrl === null ? {} : { DATABASE_URL: databaseUrl },
      onLog: (line) => {
        if (line.includes('"msg":"a delivery was processed"')) processed.count += 1;
        if (/"level":[56]0/.test(line)) process.stderr.write(`${line}\n`);
      },
    });
    const catcher = new WebhookCatcher();
    await fleet.github.set({ contentPerMinute: null, rateLimit: 1_000_000, webhookUrl: await catcher.start() });
    await fleet.github.addOrganization("acme", { members: ["ada"] });
    await fleet.github.addInstallation("acme", { silent: true });
    return new AppRun(options, { directory, catcher, fleet, databaseUrl }, processed);
  }

  /** All that was caught since the last time, once nothing more is under way. */
  async takeWebhooks(): Promise<Webhook[]> {
    await this.fleet.github.settled();
    return this.catcher.take();
  }

  /** Sends them one by one, and waits until the App has done what they ask for. */
  async feed(webhooks: readonly Webhook[]): Promise<void> {
    const before = this.#processed.count;
    for (const webhook of webhooks) await send(this.fleet.appUrl, webhook);
    await until(() => Promise.resolve(this.#processed.count >= before + webhooks.length));
  }

  /**
   * Sends the webhooks of each push at its time, and waits until all of their tokens are contained.
   *
   * @param contained how many tokens are contained before
   */
  async load(
    pushes: readonly (readonly Webhook[])[],
    perSecond: number,
    contained: number,
  ): Promise<Omit<Load, "stages">> {
    const acknowledgedMs: number[] = [];
    const before = this.#processor();
    const processesBefore = startedProcesses();
    const startedAt = performance.now();
    const sending: Promise<void>[] = [];
    for (const [index, webhooks] of pushes.entries()) {
      await wait(Math.max(0, startedAt + (index * 1000) / perSecond - performance.now()));
      for (const webhook of webhooks) {
        sending.push(send(this.fleet.appUrl, webhook).then((ms) => void acknowledgedMs.push(ms)));
      }
    }
    await Promise.all(sending);
    let done = 0;
    const isDone = async (): Promise<boolean> => (done = (await this.#contained()) - contained) >= pushes.length;
    await until(isDone, LIMIT_MS).catch(() => {});
    const after = this.#processor();
    return {
      acknowledgedMs,
      left: pushes.length - done,
      processor: Object.fromEntries(Object.entries(after).map(([name, value]) => [name, value - before[name]!])),
      processes: startedProcesses() - processesBefore,
      seconds: (performance.now() - startedAt) / 1000,
    };
  }

  async #contained(): Promise<number> {
    const text = await (await fetch(`${this.fleet.appUrl}/metrics`)).text();
    return Number(/^keyrecall_incidents\{state="contained"\} (\d+)$/m.exec(text)?.[1] ?? 0);
  }

  #processor(): Record<string, number> {
    const sum = (processes: readonly { pid?: number | undefined }[]): number =>
      processes.reduce((all, { pid }) => all + processorSecondsOfTree(pid!), 0);
    return {
      "the App, front": sum([this.fleet.app]),
      "the App, worker": this.fleet.workers.reduce((all, { pid }) => all + ownProcessorSeconds(pid!), 0),
      "its git": this.fleet.workers.reduce(
        (all, { pid }) => all + processorSeconds(pid!) - ownProcessorSeconds(pid!),
        0,
      ),
      database: this.#databaseUrl === null ? 0 : sum([this.#options.postgres!]),
      emulators: sum(this.fleet.others),
    };
  }

  /** Ends the App, so that its database can be read. */
  async end(): Promise<Stages[]> {
    AppRun.open.delete(this);
    this.catcher.stop();
    await this.fleet.close();
    const database = await this.#open();
    try {
      return await readStages(database);
    } finally {
      await database.close();
      rmSync(this.directory, { recursive: true, force: true });
    }
  }

  #open(): Promise<Database> | Database {
    return this.#options.store === "PGlite"
      ? openPglite(path.join(this.directory, "data"))
      : openPostgres(this.#databaseUrl!, () => {});
  }
}

async function readStages(database: Database): Promise<Stages[]> {
  const rows = await database.query<Record<keyof Stages | "received", Date | null>>(
    `select received_at as received, found_at as found, verified_at as verified, revoke_requested_at as requested,
       contained_at as refused, (select min(at) from keyrecall.audit a where a.incident_id = i.id and action = 'contained')
         as contained
     from keyrecall.incident i where state = 'contained' order by received_at`,
  );
  return rows.map((row) => {
    const after = (at: Date | null): number => at!.getTime() - row.received!.getTime();
    const { found, verified, requested, refused, contained } = row;
    return {
      found: after(found),
      verified: after(verified),
      requested: after(requested),
      refused: after(refused),
      contained: after(contained),
    };
  });
}

/** @returns milliseconds until the answer was there */
export function send(appUrl: string, { headers, body }: Webhook, agent?: Agent): Promise<number> {
  return new Promise((resolve, reject) => {
    const startedAt = performance.now();
    const outgoing = request(
      `${appUrl}/api/github/webhooks`,
      { method: "POST", headers: { ...headers, "content-length": body.length }, agent },
      (response) => {
        response.resume();
        response.on("end", () => {
          if (response.statusCode === 202 || response.statusCode === 200) resolve(performance.now() - startedAt);
          else reject(new Error(`the App answered ${response.statusCode}`));
        });
      },
    );
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}

async function until(look: () => Promise<boolean>, limitMs = LIMIT_MS): Promise<void> {
  for (const deadline = performance.now() + limitMs; performance.now() < deadline;) {
    if (await look()) return;
    await wait(500);
  }
  throw new Error(`it did not happen within ${limitMs / 1000} s`);
}
