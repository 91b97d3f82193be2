/** Installations and repositories, by GitHub's own ids: names change. */
import type { LeakingRepository } from "../incident.ts";
import type { Queryable } from "./database.ts";

export type InstallationState = "active" | "suspended" | "deleted";

export interface Installation {
  readonly id: number;
  readonly accountId: number;
  readonly accountLogin: string;
  readonly state: InstallationState;
}

export async function saveInstallation(database: Queryable, installation: Installation): Promise<void> {
  const { id, accountId, accountLogin, state } = installation;
  await database.query(
    `insert into keyrecall.installation (id, account_id, account_login, state) values ($1, $2, $3, $4)
     on conflict (id) do update set account_id = $2, account_login = $3, updated_at = now(),
       -- It is installed again under another id; what still comes of this one came late.
       state = case when keyrecall.installation.state = 'deleted' then 'deleted' else $4 end`,
    [id, accountId, accountLogin, state],
  );
}

/** Whatever is named after an account that has another name now. @returns whether that is news */
export async function renameAccount(database: Queryable, accountId: number, login: string): Promise<boolean> {
  const installations = await database.query(
    `update keyrecall.installation set account_login = $2, updated_at = now()
     where account_id = $1 and account_login <> $2 returning id`,
    [accountId, login],
  );
  const repositories = await database.query(
    `update keyrecall.repository set full_name = $2 || '/' || split_part(full_name, '/', 2), updated_at = now()
     where account_id = $1 and split_part(full_name, '/', 1) <> $2 returning id`,
    [accountId, login],
  );
  return installations.length + repositories.length > 0;
}

/**
 * As GitHub's API says; the event may come later, or never. It counts as suspended, also where GitHub knows no such
 * installation: that can pass, and what is erased of one that is gone cannot be had again.
 */
export async function noteUnavailable(database: Queryable, id: number): Promise<void> {
  await database.query(
    "update keyrecall.installation set state = 'suspended', updated_at = now() where id = $1 and state = 'active'",
    [id],
  );
}

export interface UnavailableInstallation {
  readonly id: number;
  readonly accountId: number;
  readonly since: Date;
}

export async function unavailableInstallations(database: Queryable): Promise<UnavailableInstallation[]> {
  const rows = await database.query<{ id: number; account_id: number; updated_at: Date }>(
    "select id, account_id, updated_at from keyrecall.installation where state = 'suspended' order by id",
  );
  return rows.map((row) => ({ id: row.id, accountId: row.account_id, since: row.updated_at }));
}

/** It let the App read: the event that says so may have come too early, or never comes. @returns whether that is news */
export async function noteAvailable(database: Queryable, id: number): Promise<boolean> {
  const changed = await database.query(
    "update keyrecall.installation set state = 'active', updated_at = now() where id = $1 and state = 'suspended' returning id",
    [id],
  );
  return changed.length > 0;
}

export async function findInstallation(database: Queryable, id: number): Promise<Installation | null> {
  const [row] = await database.query<{ account_id: number; account_login: string; state: InstallationState }>(
    "select account_id, account_login, state from keyrecall.installation where id = $1",
    [id],
  );
  if (row === undefined) return null;
  return { id, accountId: row.account_id, accountLogin: row.account_login, state: row.state };
}

/** The active installation on an account; null where there is none. */
export async function installationOfAccount(database: Queryable, accountId: number): Promise<number | null> {
  const [row] = await database.query<{ id: number }>(
    "select id from keyrecall.installation where account_id = $1 and state = 'active' order by updated_at desc limit 1",
    [accountId],
  );
  return row?.id ?? null;
}

export interface CoveredRepository extends LeakingRepository {
  readonly installationId: number;
  readonly accountId: number;
  /** As GitHub says; null where it is not known. */
  readonly sizeBytes: number | null;
  /** False once the App was taken off it. */
  readonly isCovered: boolean;
}

export async function saveRepository(database: Queryable, repository: CoveredRepository): Promise<void> {
  const { id, installationId, accountId, fullName, isPrivate, defaultBranch, isArchived, sizeBytes, isCovered } =
    repository;
  await database.query(
    `insert into keyrecall.repository
       (id, installation_id, account_id, full_name, is_private, default_branch, is_archived, size_bytes,
        is_covered)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
     on conflict (id) do update set installation_id = $2, account_id = $3, full_name = $4, is_private = $5,
       default_branch = $6, is_archived = $7, size_bytes = $8, is_covered = $9, updated_at = now()`,
    [id, installationId, accountId, fullName, isPrivate, defaultBranch, isArchived, sizeBytes, isCovered],
  );
}

/** As GitHub's API says, and nothing else of it: whether it is covered, events tell, also in the meantime. */
export async function updateRepositoryFacts(
  database: Queryable,
  { id, fullName, isPrivate, defaultBranch, isArchived, sizeBytes }: CoveredRepository,
): Promise<void> {
  await database.query(
    `update keyrecall.repository set full_name = $2, is_private = $3, default_branch = $4, is_archived = $5,
       size_bytes = $6, updated_at = now() where id = $1`,
    [id, fullName, isPrivate, defaultBranch, isArchived, sizeBytes],
  );
}

interface RepositoryRow {
  readonly id: number;
  readonly installation_id: number;
  readonly account_id: number;
  readonly full_name: string;
  readonly is_private: boolean;
  readonly default_branch: string;
  readonly is_archived: boolean;
  readonly size_bytes: number | null;
  readonly is_covered: boolean;
}

export async function findRepository(database: Queryable, id: number): Promise<CoveredRepository | null> {
  const [row] = await database.query<RepositoryRow>("select * from keyrecall.repository where id = $1", [id]);
  return row === undefined ? null : repositoryOf(row);
}

export function repositoryOf(row: RepositoryRow): CoveredRepository {
  return {
    id: row.id,
    installationId: row.installation_id,
    accountId: row.account_id,
    fullName: row.full_name,
    isPrivate: row.is_private,
    defaultBranch: row.default_branch,
    isArchived: row.is_archived,
    sizeBytes: row.size_bytes,
    isCovered: row.is_covered,
  };
}

/** What another installation covers by now, as after a transfer, stays covered. */
export async function uncoverRepositories(
  database: Queryable,
  installationId: number,
  ids: readonly number[],
): Promise<void> {
  await database.query(
    `update keyrecall.repository set is_covered = false, updated_at = now()
     where id = any($1::bigint[]) and installation_id = $2`,
    [ids, installationId],
  );
}

export async function uncoverInstallation(database: Queryable, installationId: number): Promise<void> {
  await database.query(
    "update keyrecall.repository set is_covered = false, updated_at = now() where installation_id = $1",
    [installationId],
  );
}

/** The newest commit of a ref that was scanned whole; null where none was. */
export async function scannedTip(database: Queryable, repositoryId: number, ref: string): Promise<string | null> {
  const [row] = await database.query<{ tip: string }>(
    "select tip from keyrecall.scanned_tip where repository_id = $1 and ref = $2",
    [repositoryId, ref],
  );
  return row?.tip ?? null;
}

export async function saveScannedTip(
  database: Queryable,
  repositoryId: number,
  ref: string,
  tip: string,
): Promise<void> {
  await database.query(
    `insert into keyrecall.scanned_tip (repository_id, ref, tip) values ($1, $2, $3)
     on conflict (repository_id, ref) do update set tip = $3, scanned_at = now()`,
    [repositoryId, ref, tip],
  );
}

/** A branch that is gone keeps nothing from being read again elsewhere. */
export async function forgetScannedTip(database: Queryable, repositoryId: number, ref: string): Promise<void> {
  await database.query("delete from keyrecall.scanned_tip where repository_id = $1 and ref = $2", [repositoryId, ref]);
}
