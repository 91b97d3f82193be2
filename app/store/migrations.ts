/** The versions of the store. A version that was released is never changed: the next one changes what it made. */
import { SettingsError } from "../settings-error.ts";
import type { Database, Queryable } from "./database.ts";

const MIGRATIONS: readonly string[] = [
  `
  create table keyrecall.installation (
    id bigint primary key,
    account_id bigint not null,
    account_login text not null,
    state text not null check (state in ('active', 'suspended', 'deleted')),
    updated_at timestamptz not null default now()
  );

  create table keyrecall.repository (
    id bigint primary key,
    installation_id bigint not null,
    account_id bigint not null,
    full_name text not null,
    is_private boolean not null,
    default_branch text not null,
    is_archived boolean not null,
    size_bytes bigint,
    is_covered boolean not null default true,
    updated_at timestamptz not null default now()
  );

  create table keyrecall.delivery (
    id uuid primary key,
    guid text not null,
    event text not null,
    action text,
    installation_id bigint,
    repository_id bigint,
    content_hash bytea not null unique,
    state text not null check (state in ('stored', 'done', 'ignored', 'failed')),
    outcome text,
    -- Sealed; null as soon as it has been processed.
    payload bytea,
    received_at timestamptz not null,
    finished_at timestamptz
  );
  create index on keyrecall.delivery (guid);
  create index on keyrecall.delivery (state, received_at);

  create table keyrecall.incident (
    id uuid primary key,
    account_id bigint not null,
    fingerprint text not null,
    rule text not null,
    plane text not null,
    public_id text not null,
    masked text not null,
    state text not null check
      (state in ('found', 'verified', 'revoking', 'contained', 'unverifiable', 'resolved', 'reopened')),
    verdict jsonb not null,
    was_live boolean not null default false,
    -- What was asked when it answered live: by that a later 403 is a difference.
    live_evidence jsonb,
    blast_radius jsonb not null,
    hints jsonb not null,
    -- Sealed; null as soon as the token is contained.
    token bytea,
    -- Of the revocation that is going on: the same one as often as it is asked for.
    revocation_key uuid,
    manual_because text,
    checks_done integer not null default 0,
    received_at timestamptz not null,
    found_at timestamptz not null,
    verified_at timestamptz,
    revoke_requested_at timestamptz,
    contained_at timestamptz,
    issue jsonb,
    updated_at timestamptz not null default now(),
    unique (account_id, fingerprint)
  );
  create index on keyrecall.incident (state);

  create table keyrecall.occurrence (
    id bigint generated always as identity primary key,
    incident_id uuid not null references keyrecall.incident,
    -- A hash of what tells one place from another.
    place text not null,
    installation_id bigint not null,
    repository_id bigint not null references keyrecall.repository,
    kind text not null,
    object text,
    path text,
    line integer not null,
    byte_column integer not null,
    encoding jsonb not null,
    variable text,
    commit_id text,
    author text,
    committed_at timestamptz,
    removed_by jsonb not null,
    ref text not null,
    actor text,
    received_at timestamptz not null,
    unique (incident_id, place)
  );

  -- What was scanned of a repository, by its newest commit and the ref that brought it.
  create table keyrecall.scan (
    repository_id bigint not null references keyrecall.repository,
    head text not null,
    ref text not null,
    installation_id bigint not null,
    known jsonb not null,
    actor text,
    -- Null while it is going on.
    is_complete boolean,
    gaps jsonb not null default '[]',
    scanned_at timestamptz,
    primary key (repository_id, head, ref)
  );

  create table keyrecall.scan_incident (
    repository_id bigint not null,
    head text not null,
    incident_id uuid not null references keyrecall.incident,
    primary key (repository_id, head, incident_id)
  );
  create index on keyrecall.scan_incident (incident_id);

  create table keyrecall.check_run (
    repository_id bigint not null references keyrecall.repository,
    head text not null,
    check_run_id bigint not null,
    -- A hash of what it says now.
    published text not null,
    primary key (repository_id, head)
  );

  -- The newest commit of a ref that was scanned whole: what it reaches needs no second look.
  create table keyrecall.scanned_tip (
    repository_id bigint not null references keyrecall.repository,
    ref text not null,
    tip text not null,
    scanned_at timestamptz not null default now(),
    primary key (repository_id, ref)
  );

  create table keyrecall.audit (
    id bigint generated always as identity primary key,
    at timestamptz not null default clock_timestamp(),
    actor text not null,
    action text not null,
    incident_id uuid,
    delivery_id uuid,
    repository_id bigint,
    detail jsonb not null default '{}'
  );
  create index on keyrecall.audit (incident_id, id);

  create function keyrecall.refuse_change() returns trigger language plpgsql as $$
  begin
    raise exception 'the audit log is append-only';
  end $$;
  create trigger append_only before update or delete on keyrecall.audit
    for each row execute function keyrecall.refuse_change();
  create trigger append_only_whole before truncate on keyrecall.audit
    for each statement execute function keyrecall.refuse_change();
  `,
  `
  -- When it turned up, or lived, again after it was contained; and up to which of these the issue was opened again.
  alter table keyrecall.incident add column resurfaced_at timestamptz, add column issue_resurfaced_at timestamptz;
  -- Why there is no issue, or why it could not be brought up to date; null where it is as it should be.
  alter table keyrecall.incident add column issue_problem text;
  -- What was read, where that is no commit: an annotated tag.
  alter table keyrecall.scan add column tip text;
  -- Why the check run could not be written; null where it was.
  alter table keyrecall.scan add column check_run_problem text;
  `,
  `
  -- Of a place that is no part of the code: which part of the text, its state and address.
  alter table keyrecall.occurrence add column text jsonb;
  -- Since when an answer is wanted before its time, as when the repository became public; null where none is.
  alter table keyrecall.incident add column check_asked_at timestamptz;

  -- GitHub's own alerts about tokens of incidents.
  create table keyrecall.secret_alert (
    repository_id bigint not null references keyrecall.repository on delete cascade,
    number integer not null,
    incident_id uuid not null references keyrecall.incident on delete cascade,
    -- What the App wrote there last: active, or resolved.
    published text,
    problem text,
    primary key (repository_id, number)
  );
  create index on keyrecall.secret_alert (incident_id);
  `,
  `
  -- What is told outside of GitHub, each once for an incident that was opened, or opened again.
  create table keyrecall.notification (
    id uuid primary key,
    incident_id uuid not null references keyrecall.incident,
    event text not null check (event in ('opened', 'contained', 'overdue')),
    channel text not null check (channel in ('webhook', 'slack')),
    episode timestamptz not null,
    -- As it was sent first; null before that.
    body text,
    state text not null default 'waiting' check (state in ('waiting', 'sent', 'failed')),
    problem text,
    created_at timestamptz not null default now(),
    tried_at timestamptz,
    unique (incident_id, event, channel, episode)
  );
  create index on keyrecall.notification (state, created_at);

  create index on keyrecall.audit (at);
  -- Lines go only when they are older than what the transaction names as the time for which they are kept.
  create or replace function keyrecall.refuse_change() returns trigger language plpgsql as $$
  declare
    days numeric := nullif(current_setting('keyrecall.audit_retention_days', true), '')::numeric;
  begin
    if tg_op = 'DELETE' and days >= 1 then
      if old.at < now() - days * interval '1 day' then
        return old;
      end if;
    end if;
    raise exception 'the audit log is append-only';
  end $$;
  `,
  `
  create table keyrecall.policy (
    account_id bigint primary key,
    -- The last valid one; null where there is none.
    policy jsonb,
    source jsonb,
    push jsonb,
    problem jsonb,
    problem_issue jsonb,
    announcement jsonb,
    announcement_problem text,
    -- Null until the repository was looked into once.
    checked_at timestamptz
  );

  create table keyrecall.command (
    -- The comment, or the delivery that told of a button.
    key text primary key,
    incident_id uuid not null references keyrecall.incident,
    actor text not null,
    was_done boolean not null,
    answer jsonb not null,
    at timestamptz not null default now()
  );

  alter table keyrecall.incident
    -- Whether it waits for somebody whom the policy names; by whom it was approved.
    add column awaits_approval boolean not null default false,
    add column approved_by text,
    -- By whom, why and as what it was closed by a command.
    add column resolution jsonb,
    -- Who wants the API to be asked now; null once it was.
    add column verify_asked_by text;
  `,
  `
  -- The history of an installation's repositories, read on installation and on request.
  create table keyrecall.backfill (
    installation_id bigint primary key,
    state text not null check (state in ('listing', 'reading', 'done')),
    -- Whether all that is listed is to be read, or only what waits already.
    reads_all boolean not null,
    next_page integer not null default 1,
    -- Repositories seen in this listing, and how often it was begun.
    listed integer not null default 0,
    listings integer not null default 1,
    -- Why nothing is done although something is left; null where that is not so.
    stopped text,
    requested_by text not null,
    requested_at timestamptz not null default now(),
    finished_at timestamptz
  );

  create table keyrecall.backfill_repository (
    repository_id bigint primary key references keyrecall.repository on delete cascade,
    installation_id bigint not null,
    state text not null check
      (state in ('waiting', 'reading', 'done', 'incomplete', 'empty', 'gone', 'too-large', 'unread')),
    pushed_at timestamptz,
    -- Counts how often its history was asked for: a ref is read once in each.
    run integer not null default 1,
    why text,
    gaps jsonb not null default '[]',
    tries integer not null default 0,
    -- How often it made room for a push to the same repository.
    yields integer not null default 0,
    not_before timestamptz,
    refs_left integer,
    commits integer not null default 0,
    tokens integer not null default 0,
    worked_ms bigint not null default 0,
    finished_at timestamptz
  );
  create index on keyrecall.backfill_repository (installation_id, state);

  -- What was read of a ref in history. Unlike a scanned tip, all that the tip reaches was read.
  create table keyrecall.history_tip (
    repository_id bigint not null references keyrecall.repository on delete cascade,
    -- A hash: a name can hold a token.
    ref_hash text not null,
    -- Null where not all that it reaches could be read.
    tip text,
    -- A digest of the rules under which it was read.
    rules text not null,
    run integer not null,
    primary key (repository_id, ref_hash)
  );

  -- The one issue of an account about tokens that were dead when they were found in history.
  create table keyrecall.history_summary (
    account_id bigint primary key,
    issue jsonb,
    told integer not null default 0,
    problem text,
    updated_at timestamptz not null default now()
  );

  -- Whether history holds it, and whether nothing but history does.
  alter table keyrecall.incident add column in_history boolean not null default false;
  alter table keyrecall.incident add column only_in_history boolean not null default false;
  create index on keyrecall.incident (account_id) where in_history;
  `,
  `
  -- The way into the archives that a token stands in, and its line in the innermost text.
  alter table keyrecall.occurrence add column container jsonb not null default '[]';
  alter table keyrecall.occurrence add column inner_line integer;
  `,
];

/** Which version the data has, 0 for none, and up to which this program knows. */
export async function migrationState(
  database: Queryable,
): Promise<{ readonly stored: number; readonly known: number }> {
  const known = MIGRATIONS.length;
  const [table] = await database.query<{ name: string | null }>(
    "select to_regclass('keyrecall.migration')::text as name",
  );
  if (table?.name == null) return { stored: 0, known };
  const [row] = await database.query<{ version: number | null }>(
    "select max(version) as version from keyrecall.migration",
  );
  return { stored: row?.version ?? 0, known };
}

/** Any number, the same in all processes: of those that start together one migrates. */
const LOCK = 7_213_044;

/** @throws {SettingsError} where the data was written by a newer version of the App */
export async function migrate(database: Database): Promise<void> {
  await database.transaction(async (transaction) => {
    await transaction.query("select pg_advisory_xact_lock($1)", [LOCK]);
    await transaction.query("create schema if not exists keyrecall");
    await transaction.query(
      "create table if not exists keyrecall.migration (version integer primary key, at timestamptz not null default now())",
    );
    const [row] = await transaction.query<{ version: number | null }>(
      "select max(version) as version from keyrecall.migration",
    );
    const version = row?.version ?? 0;
    if (version > MIGRATIONS.length) {
      throw new SettingsError(
        `the data is of version ${version}, and this keyrecall-app knows up to ${MIGRATIONS.length}`,
        "run the version that wrote it, or restore a backup",
      );
    }
    for (const [index, script] of MIGRATIONS.entries()) {
      if (index < version) continue;
      await transaction.boss.executeSql(script);
      await transaction.query("insert into keyrecall.migration (version) values ($1)", [index + 1]);
    }
  });
}
