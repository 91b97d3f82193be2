/** The durable queue: pg-boss in the same database. A job names what it is about by id and never holds a token. */
import { type Db, type Job, PgBoss } from "pg-boss";
import type { Database } from "../store/database.ts";

/** What each kind of job holds. */
export interface Jobs {
  readonly delivery: { readonly deliveryId: string };
  readonly respond: { readonly incidentId: string };
  readonly "check-run": { readonly repositoryId: number; readonly head: string };
  readonly issue: { readonly incidentId: string };
  readonly reconcile: Readonly<Record<string, never>>;
  readonly sweep: Readonly<Record<string, never>>;
}

export type JobKind = keyof Jobs;

export interface JobInfo {
  readonly retryCount: number;
  readonly isLastAttempt: boolean;
  readonly signal: AbortSignal;
}

export type JobHandler<Kind extends JobKind> = (data: Jobs[Kind], info: JobInfo) => Promise<void>;

export interface SendOptions {
  /** Of one key only one job runs at a time. */
  readonly key?: string;
  readonly afterSeconds?: number;
  /** The transaction that the job belongs to. */
  readonly within?: Db;
}

const RETRIES = 8;
const RETRY_OPTIONS = { retryLimit: RETRIES, retryDelay: 1, retryBackoff: true, retryDelayMax: 300 };
/** A worker that is killed stops to give signs of life; its job is another's after that. */
const LIFE_OPTIONS = { heartbeatSeconds: 10, expireInSeconds: 900 };

const KINDS: readonly JobKind[] = ["delivery", "respond", "check-run", "issue", "reconcile", "sweep"];

export class Queue {
  readonly #boss: PgBoss;

  constructor(database: Database, onError: (error: unknown) => void) {
    this.#boss = new PgBoss({
      ...database.bossOptions,
      schema: "keyrecall_queue",
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
  }

  async send<Kind extends JobKind>(kind: Kind, data: Jobs[Kind], options: SendOptions = {}): Promise<void> {
    const { key, afterSeconds, within } = options;
    await this.#boss.send(kind, data, {
      // Without a key of its own each job would have the same: the empty one.
      singletonKey: key ?? JSON.stringify(data),
      ...(afterSeconds === undefined ? {} : { startAfter: afterSeconds }),
      ...(within === undefined ? {} : { db: within }),
    });
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
        pollingIntervalSeconds: 2,
        notifyPollingIntervalSeconds: 2,
        heartbeatRefreshSeconds: 4,
      },
      async (jobs) => {
        // Where there was one job there may be more: without this it would sleep until it is woken or its time comes.
        if (worker.id !== undefined) this.#boss.notifyWorker(worker.id);
        for (const job of jobs) {
          const { retryCount, retryLimit } = job as unknown as { retryCount: number; retryLimit: number };
          const { signal } = job as Job<Jobs[Kind]> & { signal: AbortSignal };
          await handle(job.data, { retryCount, isLastAttempt: retryCount >= retryLimit, signal });
        }
      },
    );
  }

  /** @param cron in UTC */
  async schedule(kind: "reconcile" | "sweep", cron: string): Promise<void> {
    await this.#boss.schedule(kind, cron, {}, { tz: "UTC", singletonKey: kind });
  }

  /** Jobs that wait or run, by kind. */
  async depths(): Promise<ReadonlyMap<JobKind, number>> {
    const queues = await this.#boss.getQueues([...KINDS]);
    return new Map(queues.map((queue) => [queue.name as JobKind, (queue.queuedCount ?? 0) + (queue.activeCount ?? 0)]));
  }

  async stop(): Promise<void> {
    await this.#boss.stop({ graceful: true, timeout: 20_000 });
  }
}
