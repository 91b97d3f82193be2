// Whose turn it is, by what is stored: the order within an installation, and the turns of several in the queue.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { backfillInstallation } from "../../../app/backfill/begin.ts";
import { Queue } from "../../../app/queue/queue.ts";
import { awaitRepository, changeProgress, nextRepository, secondsToNext } from "../../../app/store/backfill.ts";
import type { Database } from "../../../app/store/database.ts";
import { saveInstallation, saveRepository } from "../../../app/store/repositories.ts";
import { makeDatabase } from "../support/database.ts";

let database: Database;

beforeAll(async () => {
  database = await makeDatabase();
});
afterAll(() => database.close());

async function addRepository(id: number, installationId: number, isPrivate: boolean, pushedAt: string | null) {
  await saveRepository(database, {
    id,
    installationId,
    accountId: installationId,
    fullName: `acme/r${id}`,
    isPrivate,
    defaultBranch: "main",
    isArchived: false,
    sizeBytes: 1,
    isCovered: true,
  });
  await awaitRepository(database, { repositoryId: id, installationId, pushedAt });
}

describe("within an installation", () => {
  it("one that was begun comes first, then public ones, then the most recently pushed, those that failed later", async () => {
    await addRepository(1, 1, true, "2026-01-01T00:00:00Z");
    await addRepository(2, 1, true, "2026-02-01T00:00:00Z");
    await addRepository(3, 1, false, "2020-01-01T00:00:00Z");
    await addRepository(4, 1, false, "2021-01-01T00:00:00Z");
    await addRepository(5, 1, true, null);
    await changeProgress(database, 1, { state: "reading" });
    const order: number[] = [];
    for (let next = await nextRepository(database, 1); next !== null; next = await nextRepository(database, 1)) {
      order.push(next.repository.id);
      await changeProgress(database, next.repository.id, { state: "done" });
    }
    expect(order).toEqual([1, 4, 3, 2, 5]);
    await changeProgress(database, 2, { state: "waiting", notBefore: new Date(Date.now() + 60_000) });
    expect(await nextRepository(database, 1)).toBeNull();
    expect(await secondsToNext(database, 1)).toBeGreaterThan(50);
    await changeProgress(database, 2, { state: "gone" });
    expect(await secondsToNext(database, 1)).toBeNull();
  });

  it("what was read is read again when it is asked for, in a new run, and what is being read goes on", async () => {
    await addRepository(11, 2, true, null);
    await changeProgress(database, 11, { state: "done" });
    await addRepository(11, 2, true, null);
    expect(await nextRepository(database, 2)).toMatchObject({ run: 2 });
    await changeProgress(database, 11, { state: "reading" });
    await addRepository(11, 2, true, null);
    expect(await nextRepository(database, 2)).toMatchObject({ run: 2 });
  });
});

describe("between installations", () => {
  it("each takes one step at a time, and one with thousands does not keep the others waiting", async () => {
    const queue = new Queue(database, (error) => {
      throw error;
    });
    await queue.start();
    const steps: number[] = [];
    const left = new Map([
      [101, 6],
      [102, 2],
      [103, 3],
    ]);
    try {
      for (const id of left.keys()) {
        await saveInstallation(database, { id, accountId: id, accountLogin: `a${id}`, state: "active" });
        await database.transaction((transaction) => backfillInstallation(queue, transaction, id, "ada"));
      }
      await queue.work("backfill", 1, async ({ installationId }) => {
        steps.push(installationId);
        const more = (left.get(installationId) ?? 0) - 1;
        left.set(installationId, more);
        if (more > 0) await queue.send("backfill", { installationId }, { afterSeconds: 0 });
      });
      await expect.poll(() => steps.length, { timeout: 60_000 }).toBe(11);
    } finally {
      await queue.stop(() => undefined);
    }
    expect(steps).toEqual([101, 102, 103, 101, 102, 103, 101, 103, 101, 101, 101]);
  });

  it("what only history holds waits for what was pushed, unless that needs it too", async () => {
    const queue = new Queue(database, (error) => {
      throw error;
    });
    await queue.start();
    const done: string[] = [];
    try {
      for (const incidentId of ["old-1", "old-2", "both"]) {
        await queue.send("respond", { incidentId }, { key: incidentId, priority: -1 });
      }
      await queue.send("respond", { incidentId: "both" }, { key: "both" });
      await queue.send("respond", { incidentId: "pushed" }, { key: "pushed" });
      await queue.work("respond", 1, ({ incidentId }) => {
        done.push(incidentId);
        return Promise.resolve();
      });
      await expect.poll(() => done.length, { timeout: 60_000 }).toBe(4);
    } finally {
      await queue.stop(() => undefined);
    }
    expect(done).toEqual(["both", "pushed", "old-1", "old-2"]);
  });
});
