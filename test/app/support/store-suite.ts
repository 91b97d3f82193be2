/** What the store promises, whichever backend keeps the data: the same tests for each. */
import { randomBytes, randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type JobKind, Queue } from "../../../app/queue/queue.ts";
import type { Database } from "../../../app/store/database.ts";
import {
  failDelivery,
  finishDelivery,
  type IncomingDelivery,
  openDelivery,
  retryableDeliveries,
  storeDelivery,
  unopenableDeliveries,
} from "../../../app/store/deliveries.ts";
import { changeIncident, incidentFacts, saveFinding } from "../../../app/store/incidents.ts";
import { migrate } from "../../../app/store/migrations.ts";
import { Sealer } from "../../../app/store/seal.ts";
import { builtinRules, compileRules, Detector, type Token, tokensIn } from "../../../src/index.ts";
import { makeToken } from "../../support/token.ts";
import { describeUpkeep } from "./upkeep-suite.ts";

const NO_HINTS = { projects: [], endpoints: [], hosts: [] };
const BLAST_RADIUS = { summary: "", can: [], cannot: [] };

function detectedToken(): Token {
  const detector = new Detector(compileRules(builtinRules), { minConfidence: "certain" });
  return tokensIn(detector, Buffer.from(makeToken().raw))[0]!;
}

const sealer = new Sealer([randomBytes(32).toString("base64")]);
function delivery(fields: Partial<IncomingDelivery> = {}): IncomingDelivery {
  return {
    guid: randomUUID(),
    event: "push",
    action: null,
    installationId: 1,
    repositoryId: 2,
    payload: Buffer.from(JSON.stringify({ nonce: randomUUID() })),
    receivedAt: new Date(),
    isRepeatable: false,
    isIgnored: false,
    ...fields,
  };
}

/** @returns what became of it, and the jobs that were sent for it */
async function storeIn(database: Database, one: IncomingDelivery) {
  const jobs: string[] = [];
  const acceptance = await storeDelivery(database, sealer, one, (_, id) => {
    jobs.push(id);
    return Promise.resolve();
  });
  return { acceptance, jobs };
}

/** @param open an empty database with the current schema */
export function describeStore(backend: string, open: () => Promise<Database>): void {
  let database: Database;
  const store = (one: IncomingDelivery) => storeIn(database, one);

  beforeAll(async () => {
    database = await open();
  });
  afterAll(() => database.close());

  describe(`deliveries in ${backend}`, () => {
    it("are stored sealed, opened again, and erased when they are processed", async () => {
      const token = makeToken();
      const payload = Buffer.from(JSON.stringify({ issue: { body: token.raw } }));
      const { acceptance, jobs } = await store(delivery({ payload }));
      expect([acceptance, jobs.length]).toEqual(["stored", 1]);
      for (const { payload: stored } of await database.query<{ payload: Uint8Array | null }>(
        "select payload from keyrecall.delivery",
      )) {
        expect(Buffer.from(stored ?? []).includes(token.secret)).toBe(false);
      }
      const opened = await openDelivery(database, sealer, jobs[0]!);
      expect(opened?.payload).toEqual({ issue: { body: token.raw } });
      await finishDelivery(database, jobs[0]!, "scanned");
      expect(await openDelivery(database, sealer, jobs[0]!)).toBeNull();
      const [row] = await database.query("select state, payload, outcome from keyrecall.delivery where id = $1", [
        jobs[0],
      ]);
      expect(row).toEqual({ state: "done", payload: null, outcome: "scanned" });
    });

    it("change nothing when they come again after they were processed, under whatever id", async () => {
      const one = delivery();
      const { jobs } = await store(one);
      await finishDelivery(database, jobs[0]!, "done");
      expect(await store(one)).toEqual({ acceptance: "duplicate", jobs: [] });
      expect(await store({ ...one, guid: randomUUID() })).toEqual({ acceptance: "duplicate", jobs: [] });
    });

    it("change nothing when they come again while they wait", async () => {
      const one = delivery();
      await store(one);
      expect(await store(one)).toEqual({ acceptance: "duplicate", jobs: [] });
    });

    it("run again when they come again after they had failed", async () => {
      const one = delivery();
      const { jobs } = await store(one);
      await failDelivery(database, jobs[0]!, "GitHub did not answer");
      expect(await store(one)).toEqual({ acceptance: "again", jobs });
      expect((await openDelivery(database, sealer, jobs[0]!))?.guid).toBe(one.guid);
    });

    it("that failed and were sealed under a key that is lost are named, and no others", async () => {
      const ids: string[] = [];
      const all = [delivery(), delivery()];
      for (const one of all) {
        const { jobs } = await store(one);
        ids.push(jobs[0]!);
      }
      await failDelivery(database, ids[0]!, "broken");
      const other = new Sealer([randomBytes(32).toString("base64")]);
      const lost = await unopenableDeliveries(database, other);
      expect(all.map(({ guid }) => lost.has(guid))).toEqual([true, false]);
      expect(await unopenableDeliveries(database, sealer)).toEqual(new Set());
    });

    it("that may be meant anew are known by their id, and all others by what they say", async () => {
      for (const [isRepeatable, anew] of [
        [true, "stored"],
        [false, "duplicate"],
      ] as const) {
        const one = delivery({ event: "check_run", isRepeatable });
        expect((await store(one)).acceptance).toBe("stored");
        expect((await store(one)).acceptance).toBe("duplicate");
        expect((await store({ ...one, guid: randomUUID() })).acceptance).toBe(anew);
      }
    });

    it("are counted and not kept where nothing is done for them", async () => {
      const one = delivery({ event: "star", isIgnored: true });
      expect(await store(one)).toEqual({ acceptance: "ignored", jobs: [] });
      const rows = await database.query("select state, payload from keyrecall.delivery where guid = $1", [one.guid]);
      expect(rows).toEqual([{ state: "ignored", payload: null }]);
    });

    it("leave one line in the audit log when they are stored, and none when they are recognised", async () => {
      for (const [isIgnored, action] of [
        [false, "delivery-received"],
        [true, "delivery-ignored"],
      ] as const) {
        const one = delivery({ event: "push", action: "made", isIgnored });
        await store(one);
        await store({ ...one, guid: randomUUID() });
        const lines = await database.query(
          `select a.actor, a.action, a.detail from keyrecall.audit a
             join keyrecall.delivery d on d.id = a.delivery_id where d.guid = $1`,
          [one.guid],
        );
        expect(lines).toEqual([{ actor: "GitHub", action, detail: { guid: one.guid, event: "push", action: "made" } }]);
      }
    });

    it("exist only if their job does", async () => {
      const one = delivery();
      await expect(
        storeDelivery(database, sealer, one, () => Promise.reject(new Error("the queue is away"))),
      ).rejects.toThrow("the queue is away");
      expect(await database.query("select id from keyrecall.delivery where guid = $1", [one.guid])).toEqual([]);
      expect((await store(one)).acceptance).toBe("stored");
    });

    it("that failed are taken up again after an hour, and erased after three days", async () => {
      const hour = 3_600_000;
      const [fresh, due, old] = [0, 2 * hour, 80 * hour].map((age) =>
        delivery({ receivedAt: new Date(Date.now() - age) }),
      );
      const ids: string[] = [];
      for (const one of [fresh!, due!, old!]) {
        const { jobs } = await store(one);
        ids.push(jobs[0]!);
        await failDelivery(database, jobs[0]!, "broken");
        await database.query("update keyrecall.delivery set finished_at = $2 where id = $1", [jobs[0], one.receivedAt]);
      }
      expect(await database.transaction(retryableDeliveries)).toEqual([ids[1]]);
      expect(await openDelivery(database, sealer, ids[2]!)).toBeNull();
      expect(await openDelivery(database, sealer, ids[1]!)).not.toBeNull();
    });
  });

  describeUpkeep(backend, () => database);

  describe(`the store in ${backend}`, () => {
    it("does not let lines of the audit log be changed or taken away", async () => {
      await store(delivery());
      for (const statement of [
        "update keyrecall.audit set actor = 'nobody'",
        "delete from keyrecall.audit",
        "truncate keyrecall.audit",
      ]) {
        await expect(database.query(statement)).rejects.toThrow("append-only");
      }
    });

    it("is brought to its version once, and refuses data of a newer one", async () => {
      await migrate(database);
      await database.query("insert into keyrecall.migration (version) values (999)");
      await expect(migrate(database)).rejects.toThrow(/version 999/);
      await database.query("delete from keyrecall.migration where version = 999");
    });

    it("keeps the key of a revocation that is going on, whoever else begins one", async () => {
      const found = { token: detectedToken(), hints: NO_HINTS, blastRadius: BLAST_RADIUS, occurrences: [] };
      const { incidentId } = await database.transaction((transaction) =>
        saveFinding(transaction, sealer, 1, found, new Date()),
      );
      const [first, second] = [randomUUID(), randomUUID()];
      const keyAfter = async (revocationKey: string | null): Promise<string | null | undefined> => {
        await changeIncident(database, incidentId, { revocationKey });
        return (await incidentFacts(database, incidentId))?.revocationKey;
      };
      expect(await keyAfter(first)).toBe(first);
      expect(await keyAfter(second)).toBe(first);
      expect(await keyAfter(null)).toBeNull();
      expect(await keyAfter(second)).toBe(second);
    });

    it("sends a job with a transaction, or not at all", async () => {
      const queue = new Queue(database, (error) => {
        throw error;
      });
      await queue.start();
      try {
        const done: string[] = [];
        const kind: JobKind = "respond";
        await queue.work(kind, 1, ({ incidentId }) => {
          done.push(incidentId);
          return Promise.resolve();
        });
        const send = (incidentId: string, fails: boolean): Promise<void> =>
          database.transaction(async (transaction) => {
            await queue.send(kind, { incidentId }, { within: transaction.boss });
            if (fails) throw new Error("taken back");
          });
        await expect(send("never", true)).rejects.toThrow("taken back");
        await send("once", false);
        await expect.poll(() => done, { timeout: 30_000 }).toEqual(["once"]);
      } finally {
        await queue.stop(() => undefined);
      }
    });

    it("does jobs that wait one after the other, and does not pause in between", async () => {
      const fail = (error: unknown): void => {
        throw error;
      };
      // With a pause of one poll after each it would not come to an end.
      const queue = new Queue(database, fail, { pollSeconds: 3600 });
      await queue.start();
      const sent = Array.from({ length: 30 }, () => randomUUID());
      const done: string[] = [];
      try {
        await database.transaction(async (transaction) => {
          for (const incidentId of sent) await queue.send("issue", { incidentId }, { within: transaction.boss });
        });
        await new Promise<void>((resolve, reject) => {
          const handle = ({ incidentId }: { readonly incidentId: string }): Promise<void> => {
            done.push(incidentId);
            if (done.length === sent.length) resolve();
            return Promise.resolve();
          };
          queue.work("issue", 1, handle).catch(reject);
        });
      } finally {
        await queue.stop(() => undefined);
      }
      expect(done.toSorted()).toEqual(sent.toSorted());
    });

    it("sends jobs anew that have failed for good a while ago, each once", async () => {
      const queue = new Queue(database, (error) => {
        throw error;
      });
      await queue.start();
      try {
        const [old, fresh] = [randomUUID(), randomUUID()];
        const kind: JobKind = "check-run";
        const jobOf = (head: string) => ({ repositoryId: 1, head });
        for (const head of [old, fresh]) await queue.send(kind, jobOf(head), { key: head });
        await database.query(
          `update keyrecall_queue.job set state = 'failed', retry_count = retry_limit,
             completed_on = now() - (case when singleton_key = $2 then 1 else 11 end) * interval '1 minute'
           where name = $1 and singleton_key in ($2, $3)`,
          [kind, fresh, old],
        );
        await queue.sendFailedAgain([kind]);
        await queue.sendFailedAgain([kind]);
        const jobs = await database.query(
          "select singleton_key as key, state::text as state, retry_count as tries, data from keyrecall_queue.job where name = $1 and singleton_key in ($2, $3) order by state",
          [kind, fresh, old],
        );
        expect(jobs).toEqual([
          { key: old, state: "created", tries: 0, data: jobOf(old) },
          { key: fresh, state: "failed", tries: 8, data: jobOf(fresh) },
        ]);
      } finally {
        await queue.stop(() => undefined);
      }
    });

    it("takes back all of a transaction that fails", async () => {
      const one = delivery();
      const failing = database.transaction(async (transaction) => {
        await transaction.query("insert into keyrecall.audit (actor, action, detail) values ('nobody', 'test', '{}')");
        throw new Error(one.guid);
      });
      await expect(failing).rejects.toThrow(one.guid);
      expect(await database.query("select id from keyrecall.audit where actor = 'nobody'")).toEqual([]);
    });
  });
}
