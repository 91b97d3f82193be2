/** What the store does over time, whichever backend keeps the data: sealing anew, erasing, deleting, telling. */
import { randomBytes, randomUUID } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { IncidentState } from "../../../app/incident.ts";
import type { Database } from "../../../app/store/database.ts";
import { eraseKept, installationsToErase } from "../../../app/store/erasure.ts";
import { leftIncidents, openToken, purposeOfIncident } from "../../../app/store/incidents.ts";
import { migrationState } from "../../../app/store/migrations.ts";
import {
  endNotification,
  findNotification,
  noteNotifications,
  noteOverdue,
  retryableNotifications,
} from "../../../app/store/notifications.ts";
import { saveInstallation, saveRepository } from "../../../app/store/repositories.ts";
import { countSealed, resealSome } from "../../../app/store/reseal.ts";
import { deleteOldAudit, deleteOldIncidents } from "../../../app/store/retention.ts";
import { Sealer } from "../../../app/store/seal.ts";

const newKey = () => randomBytes(32).toString("base64");
let lastId = 70_000;

/** @param use the database of the tests */
export function describeUpkeep(backend: string, use: () => Database): void {
  /** An account with the App on it, or not any more. */
  async function account(state: "active" | "deleted"): Promise<number> {
    lastId += 1;
    await saveInstallation(use(), { id: lastId, accountId: lastId, accountLogin: `acme-${lastId}`, state });
    await saveRepository(use(), {
      id: lastId,
      installationId: lastId,
      accountId: lastId,
      fullName: `acme-${lastId}/shop`,
      isPrivate: true,
      defaultBranch: "main",
      isArchived: false,
      sizeBytes: null,
      isCovered: true,
    });
    return lastId;
  }

  async function incident(
    accountId: number,
    fields: { state?: IncidentState; sealer?: Sealer; ageDays?: number; foundMinutesAgo?: number } = {},
  ): Promise<string> {
    const { state = "contained", sealer, ageDays = 0, foundMinutesAgo = 0 } = fields;
    const id = randomUUID();
    await use().query(
      `insert into keyrecall.incident (id, account_id, fingerprint, rule, plane, public_id, masked, state, verdict, was_live,
         blast_radius, hints, token, checks_done, received_at, found_at, contained_at, updated_at)
       values ($1, $2, $3, 'r', 'control', '00000000', 'ik_sdk_00000000…', $4, '{"state":"live","reason":""}', true, '{}', '{}',
         $5, 3, now(), now() - $6 * interval '1 minute', null, now() - $7 * interval '1 day')`,
      [
        id,
        accountId,
        `sha256:${id}`,
        state,
        sealer?.seal(Buffer.from("secret"), purposeOfIncident(id)) ?? null,
        foundMinutesAgo,
        ageDays,
      ],
    );
    await use().query(
      `insert into keyrecall.occurrence (incident_id, place, installation_id, repository_id, kind, line, byte_column,
         encoding, removed_by, ref, received_at) values ($1, 'p', $2, $2, 'blob', 1, 1, '[]', '[]', 'r', now())`,
      [id, accountId],
    );
    return id;
  }

  const exists = async (id: string) =>
    (await use().query("select 1 from keyrecall.incident where id = $1", [id])).length === 1;

  describe(`keys in ${backend}`, () => {
    it("are changed by sealing anew what an older one sealed; what no key opens stays, and is counted", async () => {
      const [oldKey, key] = [newKey(), newKey()];
      const [before, both, after] = [new Sealer([oldKey]), new Sealer([key, oldKey]), new Sealer([key])];
      const owner = await account("active");
      const [one, foreign, moved] = [
        await incident(owner, { state: "verified", sealer: before }),
        await incident(owner, { state: "verified", sealer: new Sealer([newKey()]) }),
        await incident(owner, { state: "verified", sealer: before }),
      ];
      await use().query(
        "update keyrecall.incident set token = (select token from keyrecall.incident where id = $1) where id = $2",
        [one, moved],
      );
      const counts = await countSealed(use(), both);
      expect(counts).toMatchObject({ current: 0, previous: 2, damaged: 1 });
      expect(counts.unknown).toBeGreaterThanOrEqual(1);
      expect(await resealSome(use(), both)).toBe(1);
      expect(await openToken(use(), after, one)).toBe("secret");
      await expect(openToken(use(), both, foreign)).rejects.toThrow("cannot be opened");
      expect(await resealSome(use(), both)).toBe(0);
      await use().query("update keyrecall.incident set token = null where id = any($1::uuid[])", [
        [one, foreign, moved],
      ]);
    });
  });

  describe(`accounts in ${backend}`, () => {
    it("that are gone have nothing sealed any more, also what came late; others are left alone", async () => {
      const sealer = new Sealer([newKey()]);
      const [gone, stays] = [await account("deleted"), await account("active")];
      const left = await incident(gone, { state: "verified", sealer, ageDays: 1 });
      const kept = await incident(stays, { state: "verified", sealer, ageDays: 1 });
      await use().query(
        `insert into keyrecall.delivery (id, guid, event, installation_id, content_hash, state, payload, received_at)
         values ($1, 'g', 'push', $2, $3, 'failed', 'x', now())`,
        [randomUUID(), gone, randomBytes(32)],
      );
      expect(await installationsToErase(use())).toContain(gone);
      await eraseKept(use(), gone);
      await eraseKept(use(), stays);
      expect(await openToken(use(), sealer, left)).toBeNull();
      expect(await openToken(use(), sealer, kept)).toBe("secret");
      expect(await installationsToErase(use())).not.toContain(gone);
      // Nobody can ask about what nobody can read: it is not tried for ever.
      const tried = await leftIncidents(use(), [60]);
      expect(tried).toContain(kept);
      expect(tried).not.toContain(left);
    });

    /** Tables in which something is kept of an account, its installation or its repositories, but for their records. */
    async function fill(owner: number, incidentId: string): Promise<() => Promise<Record<string, number>>> {
      const add = (text: string, ...values: unknown[]) => use().query(`insert into keyrecall.${text}`, values);
      await add("policy (account_id, policy) values ($1, '{}')", owner);
      await add("history_summary (account_id, told) values ($1, 3)", owner);
      await add("secret_alert (repository_id, number, incident_id) values ($1, 1, $2)", owner, incidentId);
      await add(
        "command (key, incident_id, actor, was_done, answer) values ($1, $2, '@ada', true, '{}')",
        `comment:${owner}`,
        incidentId,
      );
      await add("backfill (installation_id, state, reads_all, requested_by) values ($1, 'done', true, '@ada')", owner);
      await add("backfill_repository (repository_id, installation_id, state) values ($1, $1, 'done')", owner);
      await add("history_tip (repository_id, ref_hash, rules, run) values ($1, 'h', 'r', 1)", owner);
      await add("scanned_tip (repository_id, ref, tip) values ($1, 'refs/heads/main', 'a')", owner);
      for (const [event, state] of [
        ["opened", "sent"],
        ["contained", "waiting"],
        ["overdue", "failed"],
      ]) {
        await add(
          "notification (id, incident_id, event, channel, episode, state, body) values ($1, $2, $3, 'slack', now(), $4, 'text')",
          randomUUID(),
          incidentId,
          event,
          state,
        );
      }
      const count = async (what: string, value: unknown): Promise<number> =>
        (await use().query(`select 1 from keyrecall.${what} = $1`, [value])).length;
      return async () => ({
        policy: await count("policy where account_id", owner),
        summary: await count("history_summary where account_id", owner),
        alert: await count("secret_alert where incident_id", incidentId),
        command: await count("command where incident_id", incidentId),
        backfill: await count("backfill where installation_id", owner),
        repository: await count("backfill_repository where installation_id", owner),
        history: await count("history_tip where repository_id", owner),
        tip: await count("scanned_tip where repository_id", owner),
        bodies: await count("notification where body is not null and incident_id", incidentId),
      });
    }

    it("that are gone leave nothing to go on with, and nothing of others goes", async () => {
      const [gone, stays] = [await account("deleted"), await account("active")];
      const [left, kept] = [await incident(gone), await incident(stays)];
      const [ofGone, ofStays] = [await fill(gone, left), await fill(stays, kept)];
      const whole = await ofStays();
      expect(Object.values(whole).every((rows) => rows > 0)).toBe(true);
      expect(await installationsToErase(use())).toContain(gone);
      expect(await installationsToErase(use())).not.toContain(stays);
      for (const id of [gone, stays]) await eraseKept(use(), id);
      expect(Object.entries(await ofGone()).filter(([, rows]) => rows > 0)).toEqual([["backfill", 1]]);
      expect(await ofStays()).toEqual(whole);
      expect(await installationsToErase(use())).not.toContain(gone);
      // What was told stays known as told, and the incident on record.
      const told = await use().query("select event from keyrecall.notification where incident_id = $1", [left]);
      expect(told).toEqual([{ event: "opened" }]);
      expect(await exists(left)).toBe(true);
      // A job that was at work just then comes late.
      await use().query("insert into keyrecall.policy (account_id) values ($1)", [gone]);
      expect(await installationsToErase(use())).toContain(gone);
      await eraseKept(use(), gone);
      expect(await installationsToErase(use())).not.toContain(gone);
    });

    it("that have the App again keep what is the account's, and lose what was the installation's", async () => {
      const owner = await account("deleted");
      const id = await incident(owner);
      const left = await fill(owner, id);
      lastId += 1;
      await saveInstallation(use(), { id: lastId, accountId: owner, accountLogin: "again", state: "active" });
      await eraseKept(use(), owner);
      expect(await left()).toEqual({
        policy: 1,
        summary: 1,
        alert: 1,
        command: 1,
        backfill: 1,
        repository: 0,
        history: 0,
        tip: 0,
        bodies: 3,
      });
    });

    it("that have the App again under another number keep what is theirs", async () => {
      const sealer = new Sealer([newKey()]);
      const owner = await account("deleted");
      lastId += 1;
      await saveInstallation(use(), { id: lastId, accountId: owner, accountLogin: "again", state: "active" });
      const id = await incident(owner, { state: "verified", sealer });
      await eraseKept(use(), owner);
      expect(await openToken(use(), sealer, id)).toBe("secret");
    });
  });

  describe(`retention in ${backend}`, () => {
    it("deletes incidents at their end with all that refers to them, and none that is open, new, or sealed", async () => {
      const [owner, gone] = [await account("active"), await account("deleted")];
      const sealer = new Sealer([newKey()]);
      const deleted = [
        await incident(owner, { state: "resolved", ageDays: 40 }),
        await incident(owner, { state: "contained", ageDays: 40 }),
        await incident(gone, { state: "unverifiable", ageDays: 40 }),
      ];
      const kept = [
        await incident(owner, { state: "resolved", ageDays: 20 }),
        await incident(owner, { state: "verified", ageDays: 40 }),
        await incident(owner, { state: "reopened", ageDays: 40 }),
        await incident(owner, { state: "resolved", ageDays: 40, sealer }),
      ];
      expect(await deleteOldIncidents(use(), 30, 3)).toBeGreaterThanOrEqual(3);
      for (const id of deleted) expect(await exists(id)).toBe(false);
      for (const id of kept) expect(await exists(id)).toBe(true);
    });

    it("deletes lines of the audit log past their time, in any number, and leaves a line about it", async () => {
      const add =
        "insert into keyrecall.audit (at, actor, action) select now() - $1 * interval '1 day', 'upkeep', 'scanned'";
      await use().query(`${add} from generate_series(1, 1200)`, [40]);
      await use().query(add, [20]);
      expect(await deleteOldAudit(use(), 30)).toBe(1200);
      const left = await use().query("select 1 from keyrecall.audit where actor = 'upkeep'");
      expect(left).toHaveLength(1);
      const said = await use().query(
        "select detail from keyrecall.audit where action = 'retention-applied' order by id",
      );
      expect(said.at(-1)).toEqual({ detail: { deleted: "audit lines", count: 200, days: 30 } });
      // The permission ended with its transaction.
      await expect(use().query("delete from keyrecall.audit where actor = 'upkeep'")).rejects.toThrow("append-only");
      // Nor does one for less than a day hold.
      const cheating = use().transaction(async (transaction) => {
        await transaction.query("select set_config('keyrecall.audit_retention_days', '0', true)");
        await transaction.query("delete from keyrecall.audit where actor = 'upkeep'");
      });
      await expect(cheating).rejects.toThrow("append-only");
    });

    it("knows which version the data has", async () => {
      const { stored, known } = await migrationState(use());
      expect(stored).toBe(known);
      expect(known).toBeGreaterThan(2);
    });
  });

  describe(`notifications in ${backend}`, () => {
    const both = ["webhook", "slack"] as const;
    const note = (id: string) => use().transaction((transaction) => noteNotifications(transaction, id, both));
    const set = (id: string, state: IncidentState) =>
      use().query("update keyrecall.incident set state = $2 where id = $1", [id, state]);

    it("are noted once for each channel and step, and again when the token is back", async () => {
      const owner = await account("active");
      const id = await incident(owner, { state: "found" });
      expect(await note(id)).toEqual([]);
      await set(id, "contained");
      expect(await note(id)).toEqual([]);
      await set(id, "verified");
      expect(await note(id)).toHaveLength(2);
      await set(id, "revoking");
      expect(await note(id)).toEqual([]);
      await set(id, "contained");
      expect(await note(id)).toHaveLength(2);
      expect(await note(id)).toEqual([]);
      await use().query("update keyrecall.incident set resurfaced_at = now() where id = $1", [id]);
      await set(id, "verified");
      expect(await note(id)).toHaveLength(2);
    });

    it("are overdue once, of who has the App", async () => {
      const [owner, gone] = [await account("active"), await account("deleted")];
      const late = await incident(owner, { state: "verified", foundMinutesAgo: 61 });
      await incident(owner, { state: "contained", foundMinutesAgo: 61 });
      await incident(gone, { state: "verified", foundMinutesAgo: 61 });
      const noteLate = () => use().transaction((transaction) => noteOverdue(transaction, both, 60));
      const ids = await noteLate();
      const told = await Promise.all(ids.map((id) => findNotification(use(), id)));
      expect(told.filter((one) => one?.incidentId === late).map((one) => one?.channel)).toEqual([...both]);
      expect(told.every((one) => one?.event === "overdue")).toBe(true);
      expect(await noteLate()).toEqual([]);
    });

    it("that were not taken are tried again after an hour, for three days, and those that were never", async () => {
      const id = await incident(await account("active"), { state: "verified" });
      const [failed = "", sent = ""] = await note(id);
      await endNotification(use(), failed, "answered 500");
      await endNotification(use(), sent, null);
      const retry = () => use().transaction(retryableNotifications);
      expect(await retry()).toEqual([]);
      const age = (hours: number, created = hours) =>
        use().query(
          `update keyrecall.notification set tried_at = now() - $2 * interval '1 hour',
             created_at = now() - $3 * interval '1 hour' where incident_id = $1`,
          [id, hours, created],
        );
      await age(2);
      expect(await retry()).toEqual([failed]);
      expect((await findNotification(use(), failed))?.incidentId).toBe(id);
      await age(2, 80);
      expect(await retry()).not.toContain(failed);
    });
  });
}
