// The least that any reader of packs takes: every entry inflated by Node's zlib, and nothing done with it.
//
//   node bench/support/inflate-floor.ts REPOSITORY THREADS

import { once } from "node:events";
import { isMainThread, Worker, workerData } from "node:worker_threads";
import { runGit } from "../../src/git/process.ts";
import { NotForUs } from "../../src/git/storage/damage.ts";
import { inflateEntry } from "../../src/git/storage/family-walk.ts";
import { inflateExactly } from "../../src/git/storage/inflate.ts";
import { EntryHeader } from "../../src/git/storage/pack-entry.ts";
import type { IdBytes } from "../../src/git/storage/pack-index.ts";
import type { PackMap } from "../../src/git/storage/pack-map.ts";
import { RandomAccessFile } from "../../src/git/storage/random-access-file.ts";
import { Storage } from "../../src/git/storage/storage.ts";

const zlib = { inflate: inflateExactly };
const ENTRIES_AT_A_TIME = 4096;

interface Work {
  readonly packs: readonly { readonly path: string; readonly map: PackMap; readonly idBytes: IdBytes }[];
  readonly next: Int32Array;
}

if (isMainThread) await start(process.argv[2] ?? ".", Number(process.argv[3] ?? 1));
else inflateAll(workerData as Work);

async function start(directory: string, threads: number): Promise<void> {
  const { output } = await runGit({ directory }, ["rev-parse", "--path-format=absolute", "--git-path", "objects"]);
  const { storage } = await Storage.open([output.toString().trim()], 20);
  const packs = storage.packs.map(({ path, mapped, index }) => ({ path, map: mapped.map, idBytes: index.idBytes }));
  const work: Work = { packs, next: new Int32Array(new SharedArrayBuffer(packs.length * 4)) };
  const workers = Array.from({ length: threads }, () => new Worker(new URL(import.meta.url), { workerData: work }));
  await Promise.all(workers.map((worker) => once(worker, "exit")));
}

function inflateAll({ packs, next }: Work): void {
  const header = new EntryHeader();
  for (const [position, { path, map, idBytes }] of packs.entries()) {
    const file = new RandomAccessFile(path);
    for (;;) {
      const from = Atomics.add(next, position, ENTRIES_AT_A_TIME);
      if (from >= map.count) break;
      for (let entry = from; entry < Math.min(from + ENTRIES_AT_A_TIME, map.count); entry++) {
        try {
          inflateEntry(file, map, entry, idBytes, header, zlib);
        } catch (error) {
          if (!(error instanceof NotForUs)) throw error;
        }
      }
    }
    file.close();
  }
}
