/** The durable queue: pg-boss in the same database. A job names what it is about by id and never holds a token. */
import { type Db, type Job, PgBoss } from "pg-boss";
import type { Database } from "../store/database.ts";

/** What each kind of job holds. */
export interface Jobs {
  readonly delivery: { readonly deliveryId: string };
  readonly respond: { readonly incidentId: string };
  readonly "check-run": { readonly repositoryId: number; readonly head: string };
  readonly issue: { readonly incidentId: string };
  readonly alert: { readonly repositoryId: number; readonly number: number };
  readonly policy: { readonly accountId: number };
  readonly policies: Readonly<Record<string, never>>;
  readonly reconcile: Readonly<Record<string, never>>;
  readonly sweep: Readonly<Record<string, never>>;
  readonly notify: { readonly notificationId: string };
  readonly erase: { readonly installationId: number };
  readonly backfill: { readonly installationId: number };
  readonly "history-summary": { readonly accountId: number };
}

export type JobKind = keyof Jobs;

export interface JobInfo {
  /** Of one key only one job runs at a time. */
  readonly key: string;
  readonly retryCount: number;
  readonly isLastAttempt: boolean;
  readonly signal: AbortSignal;
}

export type JobHandler<Kind extends JobKind> = (data: Jobs[Kind], info: JobInfo) => Promise<void>;

export interface SendOptions {
  /**
   * Of one key only one job runs at a time, and only one waits: the earliest. A job is about the state of things, so one
   * that begins later sees all that an earlier one would have seen.
   */
  readonly key?: string;
  readonly afterSeconds?: number;
  /** Of that key none can wait: nothing is looked for. */
  readonly isFirst?: boolean;
  /** Below 0 for what can wait until all else of its kind is done. */
  readonly priority?: number;
  /** The transaction that the job belongs to. */
  readonly within?: Db;
}

const SCHEMA = "keyrecall_queue";
const RETRIES = 8;
const RETRY_OPTIONS = { retryLimit: RETRIES, retryDelay: 1, retryBackoff: true, retryDelayMax: 300 };
/** A worker that is killed stops to give signs of life; its job is another's after that. */
const LIFE_OPTIONS = { heartbeatSeconds: 20, expireInSeconds: 3600 };
/** After all attempts, which take some nine minutes, until the next ones. */
const FAILED_PAUSE = "10 minutes";
/** Between two looks for jobs. Most are told of at once; those that are to begin later, or again, are not. */
const POLL_SECONDS = 2;
/** When the App is told to stop: jobs that come to their end within this time do, the others are broken off. */
const GRACE_MS = 8000;
/** Until one that was broken off has noticed. */
const LAST_MS = 10_000;

const KINDS: readonly JobKind[] = [
  "delivery",
  "respond",
  "check-run",
  "issue",
  "alert",
  "policy",
  "policies",
  "reconcile",
  "sweep",
  "notify",
  "erase",
  "backfill",
  "history-summary",
];

export class Queue {
  readonly #boss: PgBoss;
  readonly #database: Database;
  readonly #stopping = new AbortController();
  readonly #running = new Set<Promise<void>>();

  readonly #pollSeconds: number;

  constructor(
    database: Database,
    onError: (error: unknown) => void,
    { pollSeconds = POLL_SECONDS }: { readonly pollSeconds?: number } = {},
  ) {
    this.#database = database;
    this.#pollSeconds = pollSeconds;
    this.#boss = new PgBoss({
      ...database.bossOptions,
      schema: SCHEMA,
      useListenNotify: true,
      superviseIntervalSeconds: 5,
      monitorIntervalSeconds: 2,
      cronMonitorIntervalSeconds: 30,
    });
    this.#boss.on("error", onError);
  }

  async start(): Promise<void> {
    await this.#boss.start();
    for (const kind of KINDS) {
      // singleton: of all jobs with one key one is active, and none is lost.
      await this.#boss.createQueue(kind, {
        policy: "singleton",
        notify: true,
        ...RETRY_OPTIONS,
        ...LIFE_OPTIONS,
      });
    }
    if (this.#database.isExclusive) await this.#takeUp();
  }

  /** Jobs that a killed process had begun: nobody gives signs of life for them, so that need not be waited for. */
  async #takeUp(): Promise<void> {
    await this.#database.query(
      `update ${SCHEMA}.job set
         state = (case when retry_count < retry_limit then 'retry' else 'failed' end)::${SCHEMA}.job_state,
         completed_on = case when retry_count < retry_limit then null else now() end,
         start_after = now(), heartbeat_on = null
       where state = 'active'`,
    );
  }

  async send<Kind extends JobKind>(kind: Kind, data: Jobs[Kind], options: SendOptions = {}): Promise<void> {
    const { key, afterSeconds = 0, priority = 0, within } = options;
    if (within === undefined) {
      await this.#database.transaction(({ boss }) => this.send(kind, data, { ...options, within: boss }));
      return;
    }
    // Without a key of its own each job would have the same: the empty one.
    const singletonKey = key ?? JSON.stringify(data);
    if (options.isFirst !== true && (await this.#waitsEarlier(kind, singletonKey, afterSeconds, within))) {
      // What waits does so for whoever needs it first.
      await within.executeSql(
        `update ${SCHEMA}.job set priority = $3 where name = $1 and singleton_key = $2
           and state in ('created', 'retry') and priority < $3`,
        [kind, singletonKey, priority],
      );
      return;
    }
    await this.#boss.send(kind, data, { singletonKey, startAfter: afterSeconds, priority, db: within });
  }

  /** Takes away what would begin later. */
  async #waitsEarlier(kind: JobKind, singletonKey: string, afterSeconds: number, within: Db): Promise<boolean> {
    const waiting = `${SCHEMA}.job where name = $1 and singleton_key = $2 and state in ('created', 'retry')`;
    const later = "start_after >= now() + $3 * interval '1 second'";
    await within.executeSql(`delete from ${waiting} and ${later}`, [kind, singletonKey, afterSeconds]);
    // Locked until this transaction is over, so that it sees what this transaction has changed.
    const { rows } = await within.executeSql(`select id from ${waiting} limit 1 for update`, [kind, singletonKey]);
    return rows.length > 0;
  }

  /** Jobs of these kinds that have failed for good a while ago are sent anew: what they failed for may be over. */
  async sendFailedAgain(kinds: readonly JobKind[]): Promise<void> {
    await this.#database.transaction(async (transaction) => {
      const failed = await transaction.query<{ name: JobKind; singleton_key: string; data: never }>(
        `delete from ${SCHEMA}.job where name = any($1::text[]) and state = 'failed'
           and completed_on < now() - $2::interval returning name, singleton_key, data`,
        [kinds, FAILED_PAUSE],
      );
      for (const { name, singleton_key: key, data } of failed)
        await this.send(name, data, { key, within: transaction.boss });
    });
  }

  /** Whether a job of that kind could begin and has not. */
  async isBehind(kind: JobKind): Promise<boolean> {
    const rows = await this.#database.query(
      `select 1 from ${SCHEMA}.job where name = $1 and state in ('created', 'retry') and start_after <= now() limit 1`,
      [kind],
    );
    return rows.length > 0;
  }

  /** Whether a job of that key waits or runs. */
  async has<Kind extends JobKind>(kind: Kind, data: Jobs[Kind]): Promise<boolean> {
    const rows = await this.#database.query(
      `select 1 from ${SCHEMA}.job where name = $1 and singleton_key = $2 and state in ('created', 'retry', 'active')`,
      [kind, JSON.stringify(data)],
    );
    return rows.length > 0;
  }

  /** @param concurrency jobs of this kind at a time, in this process */
  async work<Kind extends JobKind>(kind: Kind, concurrency: number, handle: JobHandler<Kind>): Promise<void> {
    // Each on its own, so that each can be told to go on.
    await Promise.all(Array.from({ length: concurrency }, () => this.#work(kind, handle)));
  }

  async #work<Kind extends JobKind>(kind: Kind, handle: JobHandler<Kind>): Promise<void> {
    const worker: { id?: string } = {};
    worker.id = await this.#boss.work<Jobs[Kind]>(
      kind,
      {
        includeMetadata: true,
        pollingIntervalSeconds: this.#pollSeconds,
        notifyPollingIntervalSeconds: this.#pollSeconds,
        heartbeatRefreshSeconds: 4,
      },
      async (jobs) => {
        // Where there was one job there may be more: without this it would sleep until it is woken or its time comes.
        if (worker.id !== undefined) this.#boss.notifyWorker(worker.id);
        for (const job of jobs) {
          const { retryCount, retryLimit, singletonKey } = job as unknown as {
            retryCount: number;
            retryLimit: number;
            singletonKey: string;
          };
          const { signal: own } = job as Job<Jobs[Kind]> & { signal: AbortSignal };
          const signal = AbortSignal.any([own, this.#stopping.signal]);
          const isLastAttempt = retryCount >= retryLimit;
          await this.#keepTrack(handle(job.data, { key: singletonKey, retryCount, isLastAttempt, signal }));
        }
      },
    );
  }

  async #keepTrack(handling: Promise<void>): Promise<void> {
    this.#running.add(handling);
    try {
      await handling;
    } finally {
      this.#running.delete(handling);
    }
  }

  /** @param cron in UTC */
  async schedule(kind: "policies" | "reconcile" | "sweep", cron: string): Promise<void> {
    await this.#boss.schedule(kind, cron, {}, { tz: "UTC", singletonKey: kind });
  }

  /** Jobs that wait or run, by kind. */
  async depths(): Promise<ReadonlyMap<JobKind, number>> {
    const queues = await this.#boss.getQueues([...KINDS]);
    return new Map(queues.map((queue) => [queue.name as JobKind, (queue.queuedCount ?? 0) + (queue.activeCount ?? 0)]));
  }

  /**
   * @param breakOff called when what is under way has had its time; jobs that were broken off are made again by the next
   * process
   */
  async stop(breakOff: () => void): Promise<void> {
    const grace = setTimeout(() => {
      this.#stopping.abort(new Error("the App is stopping"));
      breakOff();
    }, GRACE_MS);
    await this.#boss.stop({ graceful: true, timeout: GRACE_MS + LAST_MS });
    clearTimeout(grace);
    this.#stopping.abort(new Error("the App is stopping"));
    // The database is closed after this.
    await Promise.race([
      Promise.allSettled(this.#running),
      new Promise((resolve) => setTimeout(resolve, 2000).unref()),
    ]);
  }
}
