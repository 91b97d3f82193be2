/** What is left of reading history: by installation, by repository, by ref. A worker that is killed finds it here. */
import type { Gap } from "keyrecall";
import type { Queryable } from "./database.ts";
import { type CoveredRepository, repositoryOf } from "./repositories.ts";

export interface Backfill {
  readonly installationId: number;
  readonly state: "listing" | "reading" | "done";
  readonly readsAll: boolean;
  readonly nextPage: number;
  readonly listed: number;
  readonly listings: number;
  readonly stopped: string | null;
}

/** `waiting` and `reading` are on their way; all others are ends, and all but `done` and `empty` are told to people. */
export type RepositoryState = "waiting" | "reading" | "done" | "incomplete" | "empty" | "gone" | "too-large" | "unread";

export interface RepositoryProgress {
  readonly repository: CoveredRepository;
  readonly run: number;
  readonly gaps: readonly Gap[];
  readonly tries: number;
  readonly yields: number;
}

/** Begins, or begins again: what was listed or read before is remembered elsewhere. */
export async function startBackfill(
  database: Queryable,
  { installationId, readsAll, by }: { installationId: number; readsAll: boolean; by: string },
): Promise<void> {
  await database.query(
    `insert into keyrecall.backfill as b (installation_id, state, reads_all, requested_by) values ($1, 'listing', $2, $3)
     on conflict (installation_id) do update set state = 'listing', next_page = 1, listed = 0, listings = 1,
       -- A listing that was to read all of them has not come to its end.
       reads_all = $2 or (b.state = 'listing' and b.reads_all),
       stopped = null, requested_by = $3, requested_at = now(), finished_at = null`,
    [installationId, readsAll, by],
  );
}

/** Without a listing: what waits already is read. */
export async function startReading(database: Queryable, installationId: number, by: string): Promise<void> {
  await database.query(
    `insert into keyrecall.backfill as b (installation_id, state, reads_all, requested_by) values ($1, 'reading', false, $2)
     on conflict (installation_id) do update set stopped = null, finished_at = null,
       state = case when b.state = 'listing' then 'listing' else 'reading' end, requested_by = $2, requested_at = now()`,
    [installationId, by],
  );
}

/** To be read, and again where it was before; one that is being read goes on. */
export async function awaitRepository(
  database: Queryable,
  { repositoryId, installationId, pushedAt }: AwaitedRepository,
): Promise<void> {
  await database.query(
    `insert into keyrecall.backfill_repository as b (repository_id, installation_id, state, pushed_at)
     values ($1, $2, 'waiting', $3)
     on conflict (repository_id) do update set installation_id = $2, pushed_at = coalesce($3, b.pushed_at),
       run = b.run + (case when b.state in ('waiting', 'reading') then 0 else 1 end),
       gaps = case when b.state in ('waiting', 'reading') then b.gaps else '[]' end,
       commits = case when b.state in ('waiting', 'reading') then b.commits else 0 end,
       tokens = case when b.state in ('waiting', 'reading') then b.tokens else 0 end,
       worked_ms = case when b.state in ('waiting', 'reading') then b.worked_ms else 0 end,
       state = case when b.state = 'reading' then 'reading' else 'waiting' end,
       why = null, tries = 0, yields = 0, not_before = null, refs_left = null, finished_at = null`,
    [repositoryId, installationId, pushedAt],
  );
}

export interface AwaitedRepository {
  readonly repositoryId: number;
  readonly installationId: number;
  readonly pushedAt: string | null;
}

/** What decides its turn, where it waits already. */
export async function notePushedAt(database: Queryable, repositoryId: number, pushedAt: string | null): Promise<void> {
  await database.query(
    "update keyrecall.backfill_repository set pushed_at = coalesce($2, pushed_at) where repository_id = $1",
    [repositoryId, pushedAt],
  );
}

/** Those that could not be read: what they lacked may have been granted. @returns whether there are any */
export async function awaitUnread(database: Queryable, installationId: number): Promise<boolean> {
  const rows = await database.query(
    `update keyrecall.backfill_repository set state = 'waiting', why = null, tries = 0, not_before = null, finished_at = null
     where installation_id = $1 and state = 'unread' returning repository_id`,
    [installationId],
  );
  return rows.length > 0;
}

/** @param lock until the transaction is over nobody else changes it */
export async function findBackfill(
  database: Queryable,
  installationId: number,
  lock: "locked" | "not-locked" = "not-locked",
): Promise<Backfill | null> {
  const [row] = await database.query<{
    state: Backfill["state"];
    reads_all: boolean;
    next_page: number;
    listed: number;
    listings: number;
    stopped: string | null;
  }>(`select * from keyrecall.backfill where installation_id = $1 ${lock === "locked" ? "for update" : ""}`, [
    installationId,
  ]);
  if (row === undefined) return null;
  const { state, reads_all: readsAll, next_page: nextPage, listed, listings, stopped } = row;
  return { installationId, state, readsAll, nextPage, listed, listings, stopped };
}

export interface BackfillChange {
  readonly state?: Backfill["state"];
  readonly nextPage?: number;
  readonly listed?: number;
  readonly listings?: number;
  readonly stopped?: string | null;
  readonly finishedAt?: Date;
}

const BACKFILL_COLUMNS: Readonly<Record<keyof BackfillChange, string>> = {
  state: "state",
  nextPage: "next_page",
  listed: "listed",
  listings: "listings",
  stopped: "stopped",
  finishedAt: "finished_at",
};

export async function changeBackfill(
  database: Queryable,
  installationId: number,
  change: BackfillChange,
): Promise<void> {
  await update(database, "backfill", "installation_id", installationId, BACKFILL_COLUMNS, change);
}

export interface ProgressChange {
  readonly state?: RepositoryState;
  readonly why?: string | null;
  readonly gaps?: readonly Gap[];
  readonly tries?: number;
  readonly yields?: number;
  readonly notBefore?: Date | null;
  readonly refsLeft?: number | null;
  readonly pushedAt?: string | null;
  readonly finishedAt?: Date;
}

const PROGRESS_COLUMNS: Readonly<Record<keyof ProgressChange, string>> = {
  state: "state",
  why: "why",
  gaps: "gaps",
  tries: "tries",
  yields: "yields",
  notBefore: "not_before",
  refsLeft: "refs_left",
  pushedAt: "pushed_at",
  finishedAt: "finished_at",
};

export async function changeProgress(database: Queryable, repositoryId: number, change: ProgressChange): Promise<void> {
  const { gaps, ...rest } = change;
  const written = gaps === undefined ? rest : { ...rest, gaps: JSON.stringify(gaps) };
  await update(database, "backfill_repository", "repository_id", repositoryId, PROGRESS_COLUMNS, written);
}

async function update(
  database: Queryable,
  table: string,
  key: string,
  id: number,
  columns: Readonly<Record<string, string>>,
  change: object,
): Promise<void> {
  const entries = Object.entries(change);
  const assignments = entries.map(([field], index) => `${columns[field]} = $${index + 2}`);
  await database.query(`update keyrecall.${table} set ${assignments.join(", ")} where ${key} = $1`, [
    id,
    ...entries.map(([, value]) => value),
  ]);
}

/** What one step came to. */
export async function addWork(
  database: Queryable,
  repositoryId: number,
  work: { readonly commits: number; readonly tokens: number; readonly ms: number },
): Promise<void> {
  await database.query(
    `update keyrecall.backfill_repository set commits = commits + $2, tokens = tokens + $3, worked_ms = worked_ms + $4
     where repository_id = $1`,
    [repositoryId, work.commits, work.tokens, Math.round(work.ms)],
  );
}

type ProgressRow = Parameters<typeof repositoryOf>[0] & {
  readonly run: number;
  readonly gaps: Gap[];
  readonly tries: number;
  readonly yields: number;
};

const DUE = "(b.not_before is null or b.not_before <= now())";

/** The one whose turn it is: one that was begun, then public ones before private ones, then the most recently pushed. */
export async function nextRepository(database: Queryable, installationId: number): Promise<RepositoryProgress | null> {
  const [row] = await database.query<ProgressRow>(
    `select r.*, b.run, b.gaps, b.tries, b.yields
     from keyrecall.backfill_repository b join keyrecall.repository r on r.id = b.repository_id
     where b.installation_id = $1 and b.state in ('waiting', 'reading') and ${DUE}
     order by b.state = 'reading' desc, r.is_private, b.pushed_at desc nulls last, r.id limit 1`,
    [installationId],
  );
  if (row === undefined) return null;
  const { run, gaps, tries, yields } = row;
  return { repository: repositoryOf(row), run, gaps, tries, yields };
}

/** Seconds until the next one is due that failed and is tried again; null where nothing is left. */
export async function secondsToNext(database: Queryable, installationId: number): Promise<number | null> {
  const [row] = await database.query<{ seconds: number | null }>(
    `select ceil(extract(epoch from min(coalesce(not_before, now())) - now()))::integer as seconds
     from keyrecall.backfill_repository where installation_id = $1 and state in ('waiting', 'reading')`,
    [installationId],
  );
  return row?.seconds == null ? null : Math.max(0, row.seconds);
}

/** Installations with something left to do, whether or not it is possible now. */
export async function openBackfills(
  database: Queryable,
): Promise<{ installationId: number; isStopped: boolean; isActive: boolean }[]> {
  const rows = await database.query<{ installation_id: number; is_stopped: boolean; is_active: boolean }>(
    `select b.installation_id, b.stopped is not null as is_stopped, i.state = 'active' as is_active
     from keyrecall.backfill b join keyrecall.installation i on i.id = b.installation_id where b.state <> 'done'`,
  );
  return rows.map((row) => ({
    installationId: row.installation_id,
    isStopped: row.is_stopped,
    isActive: row.is_active,
  }));
}

/** By the hash of a ref's name. */
export type ReadTips = ReadonlyMap<string, { readonly tip: string | null; readonly run: number }>;

/** @param rules the digest of those that count now: what was read under others is to be read again */
export async function readTips(database: Queryable, repositoryId: number, rules: string): Promise<ReadTips> {
  const rows = await database.query<{ ref_hash: string; tip: string | null; run: number }>(
    "select ref_hash, tip, run from keyrecall.history_tip where repository_id = $1 and rules = $2",
    [repositoryId, rules],
  );
  return new Map(rows.map(({ ref_hash: hash, tip, run }) => [hash, { tip, run }]));
}

/** @param tip null where not all of it could be read: what was read whole before stays known */
export async function rememberTips(
  database: Queryable,
  { repositoryId, rules, run }: { repositoryId: number; rules: string; run: number },
  tips: readonly { readonly hash: string; readonly tip: string | null }[],
): Promise<void> {
  await database.query(
    `insert into keyrecall.history_tip as h (repository_id, ref_hash, tip, rules, run)
     select $1, t.hash, t.tip, $2, $3 from unnest($4::text[], $5::text[]) as t (hash, tip)
     on conflict (repository_id, ref_hash) do update set run = $3, rules = $2,
       tip = case when excluded.tip is null and h.rules = $2 then h.tip else excluded.tip end`,
    [repositoryId, rules, run, tips.map(({ hash }) => hash), tips.map(({ tip }) => tip)],
  );
}

/** Where pushes go on from; what a push has come to already is later. */
export async function offerScannedTips(
  database: Queryable,
  repositoryId: number,
  tips: readonly { readonly ref: string; readonly tip: string }[],
): Promise<void> {
  await database.query(
    `insert into keyrecall.scanned_tip (repository_id, ref, tip)
     select $1, t.ref, t.tip from unnest($2::text[], $3::text[]) as t (ref, tip) on conflict do nothing`,
    [repositoryId, tips.map(({ ref }) => ref), tips.map(({ tip }) => tip)],
  );
}

/** Whether a webhook about the repository waits or is being worked on. */
export async function hasDelivery(database: Queryable, repositoryId: number): Promise<boolean> {
  const rows = await database.query(
    "select 1 from keyrecall.delivery where repository_id = $1 and state = 'stored' limit 1",
    [repositoryId],
  );
  return rows.length > 0;
}

export interface InstallationProgress {
  readonly installationId: number;
  readonly account: string;
  readonly state: Backfill["state"];
  readonly stopped: string | null;
  readonly listed: number;
  readonly requestedBy: string;
  readonly requestedAt: string;
  readonly finishedAt: string | null;
  readonly counts: Readonly<Partial<Record<RepositoryState, number>>>;
  readonly commits: number;
  readonly tokens: number;
  readonly done: Amount;
  readonly left: Amount;
  readonly summaryProblem: string | null;
  readonly isSuspended: boolean;
}

export interface Amount {
  readonly repositories: number;
  readonly bytes: number;
  readonly ms: number;
}

export async function progressOfAll(database: Queryable): Promise<InstallationProgress[]> {
  const installations = await database.query<{
    installation_id: number;
    account_login: string;
    state: Backfill["state"];
    stopped: string | null;
    listed: number;
    requested_by: string;
    requested_at: Date;
    finished_at: Date | null;
    problem: string | null;
    is_suspended: boolean;
  }>(
    `select b.*, i.account_login, i.state = 'suspended' as is_suspended, s.problem from keyrecall.backfill b
     join keyrecall.installation i on i.id = b.installation_id
     left join keyrecall.history_summary s on s.account_id = i.account_id
     order by i.account_login, b.installation_id`,
  );
  const amounts = await database.query<{
    installation_id: number;
    state: RepositoryState;
    count: number;
    bytes: number;
    ms: number;
    commits: number;
    tokens: number;
  }>(
    `select b.installation_id, b.state, count(*)::integer as count, coalesce(sum(r.size_bytes), 0)::float8 as bytes,
       sum(b.worked_ms)::float8 as ms, sum(b.commits)::integer as commits, sum(b.tokens)::integer as tokens
     from keyrecall.backfill_repository b join keyrecall.repository r on r.id = b.repository_id
     group by b.installation_id, b.state`,
  );
  return installations.map((row) => {
    const own = amounts.filter((one) => one.installation_id === row.installation_id);
    return {
      installationId: row.installation_id,
      account: row.account_login,
      state: row.state,
      stopped: row.stopped,
      listed: row.listed,
      requestedBy: row.requested_by,
      requestedAt: row.requested_at.toISOString(),
      finishedAt: row.finished_at?.toISOString() ?? null,
      counts: Object.fromEntries(own.map(({ state, count }) => [state, count])),
      commits: sumOf(own, ({ commits }) => commits),
      tokens: sumOf(own, ({ tokens }) => tokens),
      done: amountOf(own.filter(({ state }) => state === "done" || state === "incomplete" || state === "empty")),
      left: amountOf(own.filter(({ state }) => state === "waiting" || state === "reading")),
      summaryProblem: row.problem,
      isSuspended: row.is_suspended,
    };
  });
}

function amountOf(rows: readonly { readonly count: number; readonly bytes: number; readonly ms: number }[]): Amount {
  return {
    repositories: sumOf(rows, ({ count }) => count),
    bytes: sumOf(rows, ({ bytes }) => bytes),
    ms: sumOf(rows, ({ ms }) => ms),
  };
}

function sumOf<Row>(rows: readonly Row[], value: (row: Row) => number): number {
  return rows.reduce((sum, row) => sum + value(row), 0);
}

export interface RepositoryTrouble {
  readonly fullName: string;
  readonly isPrivate: boolean;
  readonly state: RepositoryState;
  readonly why: string;
}

/** Repositories of which not everything was read, or not yet and with trouble. */
export async function troublesOf(database: Queryable, installationId: number): Promise<RepositoryTrouble[]> {
  const rows = await database.query<{
    full_name: string;
    is_private: boolean;
    state: RepositoryState;
    why: string | null;
    gaps: Gap[];
  }>(
    `select r.full_name, r.is_private, b.state, b.why, b.gaps
     from keyrecall.backfill_repository b join keyrecall.repository r on r.id = b.repository_id
     where b.installation_id = $1 and (b.state in ('incomplete', 'gone', 'too-large', 'unread') or b.why is not null)
     order by b.state, r.full_name`,
    [installationId],
  );
  return rows.map(({ full_name: fullName, is_private: isPrivate, state, why, gaps }) => ({
    fullName,
    isPrivate,
    state,
    why: why ?? (gaps.length === 0 ? "" : gaps.map((gap) => `${gap.what}: ${gap.why}`).join("; ")),
  }));
}
