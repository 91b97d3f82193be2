// How long a leaked token lives after its push, with the App, its database and all that it talks to as processes of
// their own; what that costs; and how much memory the App takes when nothing happens.
//
//   node bench/app.ts [--seconds 20] [--warm PUSHES-A-SECOND] [--only cold,warm,memory,large] [--store PostgreSQL,PGlite] [REPOSITORY]
//
// REPOSITORY is a bare clone of a large repository, such as git/git; it is read only. Linux only: it reads /proc.

import { execFileSync } from "node:child_process";
import { appendFileSync, readdirSync, statSync } from "node:fs";
import path from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { parseArgs } from "node:util";
import { type PostgresServer, startPostgres } from "../test/support/postgres.ts";
import { ordinaryFiles, Pusher, type Webhook } from "./support/app-pushes.ts";
import { AppRun, type Load, type Stages, type Store } from "./support/app-run.ts";
import { milliseconds, printHeader, printLoad } from "./support/print.ts";
import { residentMegabytes } from "./support/processes.ts";
import { percentile } from "./support/statistics.ts";
import { requireTool } from "./support/tools.ts";

const { values, positionals } = parseArgs({
  options: {
    seconds: { type: "string", default: "20" },
    warm: { type: "string", default: "20" },
    only: { type: "string", default: "memory,cold,warm,large" },
    store: { type: "string", default: "PostgreSQL,PGlite" },
  },
  allowPositionals: true,
});
const seconds = Number(values.seconds);
const wants = (what: string): boolean => values.only.split(",").includes(what);
const stores = values.store.split(",") as Store[];

const WANTED = { medianMs: 1000, p99Ms: 3000, acknowledgedMs: 20, largeRatio: 3 };
const WANTED_MEGABYTES: Readonly<Record<Store, number>> = { PostgreSQL: 150, PGlite: 700 };
const COLD_PER_SECOND = 5;
const WARM_REPOSITORIES = 20;
const LARGE_PUSHES = 15;
const IDLE_MS = 20_000;

printHeader("The App", [
  { name: "node", file: process.execPath, version: process.version },
  requireTool("git", ["--version"]),
]);
const postgres = stores.includes("PostgreSQL") || wants("large") ? await startPostgres() : null;
try {
  if (wants("memory")) await measureMemory(postgres);
  if (wants("cold")) await measureLoad("cold", COLD_PER_SECOND, postgres);
  if (wants("warm")) await measureLoad("warm", Number(values.warm), postgres);
  const [large] = positionals;
  if (wants("large") && large !== undefined) await measureLarge(path.resolve(large), postgres);
} finally {
  for (const run of AppRun.open) await run.end();
  await postgres?.stop();
}
console.log("");
printLoad("after");

async function measureMemory(server: PostgresServer | null): Promise<void> {
  console.log("\n### Memory, when nothing happens\n");
  console.log("| store | process | resident | wanted | |");
  console.log("| --- | --- | --: | --: | --- |");
  for (const store of stores) {
    for (const isSplit of store === "PGlite" ? [false] : [false, true]) {
      const run = await AppRun.start({ store, postgres: server, tokens: 0, isSplit });
      await wait(IDLE_MS);
      const { app, workers } = run.fleet;
      const processes = [[isSplit ? "front" : "all", app] as const, ...workers.map((one) => ["worker", one] as const)];
      for (const [role, { pid }] of processes) {
        const megabytes = residentMegabytes(pid!);
        const wanted = WANTED_MEGABYTES[store];
        console.log(
          `| ${store} | ${role} | ${megabytes.toFixed(0)} MB | ${wanted} MB | ${megabytes < wanted ? "met" : "MISSED"} |`,
        );
      }
      await run.end();
    }
  }
}

async function measureLoad(kind: "cold" | "warm", perSecond: number, server: PostgresServer | null): Promise<void> {
  const count = perSecond * seconds;
  const caches = kind === "cold" ? "each in a repository of its own that the App has never seen" : "warm caches";
  console.log(`\n### ${perSecond} pushes a second for ${seconds} s, ${caches}\n`);
  for (const store of stores) {
    const run = await AppRun.start({ store, postgres: server, tokens: count, isSplit: store === "PostgreSQL" });
    const pushes = await preparePushes(run, count, kind === "cold" ? count : WARM_REPOSITORIES, kind === "warm");
    // The identity of the App and tokens are there once it has worked; what was made ready is over.
    await wait(3000);
    const load = await run.load(pushes, perSecond, 0);
    printRun(store, { ...load, stages: await run.end() });
  }
}

/** Of each push the webhooks. @param warms has the App fetch the repositories before */
async function preparePushes(run: AppRun, count: number, repositories: number, warms: boolean): Promise<Webhook[][]> {
  const { github, gitHubUrl, tokens } = run.fleet;
  const credential = await github.createUserToken("ada");
  const pushers = await inTurns(repositories, async (index) => {
    await github.addRepository(`acme/shop-${index}`, { private: true, size: 500, collaborators: { ada: "write" } });
    const pusher = new Pusher(
      path.join(run.directory, "trees", String(index)),
      `${gitHubUrl}/acme/shop-${index}.git`,
      credential,
    );
    await pusher.init();
    await pusher.commit(ordinaryFiles(index));
    await pusher.push();
    return pusher;
  });
  const first = await run.takeWebhooks();
  if (warms) await run.feed(first.filter(({ event }) => event === "push"));
  // In one repository one after the other: which webhook belongs to which push is told by their order.
  const byRepository = await inTurns(repositories, async (index) => {
    const made: string[] = [];
    for (let number = index; number < count; number += repositories) {
      const token = tokens[`control acme ${number + 1}`]!;
      await pushers[index]!.commit({ [`deploy/${number}.env`]: `INFERENCEKEY_SDK_TOKEN=${token}\n` });
      await pushers[index]!.push();
      made.push(token);
    }
    return made.length;
  });
  const queues = new Map<number, Webhook[][]>();
  for (const webhook of await run.takeWebhooks()) {
    const { repository, ref } = JSON.parse(webhook.body.toString()) as { repository?: { id: number }; ref?: string };
    if (repository === undefined) continue;
    const queue = queues.get(repository.id) ?? [];
    queues.set(repository.id, queue);
    if (webhook.event === "push" && ref !== undefined) queue.push([webhook]);
    else queue.at(-1)?.push(webhook);
  }
  const inOrder: Webhook[][] = [];
  const all = [...queues.values()];
  for (let round = 0; round < Math.max(...byRepository); round++) {
    for (const queue of all) if (queue[round] !== undefined) inOrder.push(queue[round]!);
  }
  if (inOrder.length !== count) throw new Error(`${inOrder.length} pushes were announced, not ${count}`);
  return inOrder;
}

async function inTurns<Result>(count: number, work: (index: number) => Promise<Result>): Promise<Result[]> {
  const results: Result[] = Array.from({ length: count });
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let index = next++; index < count; index = next++) results[index] = await work(index);
  };
  await Promise.all([worker(), worker()]);
  return results;
}

function printRun(store: string, { stages, acknowledgedMs, left, processor, processes, seconds: took }: Load): void {
  const refused = stages.map((one) => one.refused);
  const median = percentile(refused, 0.5);
  const p99 = percentile(refused, 0.99);
  const acknowledged = percentile(acknowledgedMs, 0.99);
  const verdict = (isMet: boolean): string => (isMet ? "met" : "MISSED");
  console.log(`**${store}**: ${stages.length} contained, ${left} left after ${took.toFixed(0)} s\n`);
  console.log("| | median | 99th percentile | wanted | |");
  console.log("| --- | --: | --: | --- | --- |");
  const isMet = left <= 0 && median < WANTED.medianMs && p99 < WANTED.p99Ms;
  console.log(`| exposure window | ${milliseconds(median)} | ${milliseconds(p99)} | 1 s, 3 s | ${verdict(isMet)} |`);
  const names: readonly (keyof Stages)[] = ["found", "verified", "requested", "refused", "contained"];
  for (const name of names) {
    const all = stages.map((one) => one[name]);
    console.log(`| … ${name} | ${milliseconds(percentile(all, 0.5))} | ${milliseconds(percentile(all, 0.99))} | | |`);
  }
  console.log(
    `| webhook acknowledged | ${milliseconds(percentile(acknowledgedMs, 0.5))} | ${milliseconds(acknowledged)} | 20 ms | ${verdict(acknowledged < WANTED.acknowledgedMs)} |`,
  );
  const each = Object.entries(processor).map(
    ([name, value]) => `${name} ${milliseconds((value * 1000) / stages.length)}`,
  );
  console.log(
    `\nProcessor time for each push: ${each.join(", ")}; processes: ${(processes / stages.length).toFixed(1)}\n`,
  );
}

/** One push at a time, in turns with a small repository. */
async function measureLarge(large: string, server: PostgresServer | null): Promise<void> {
  console.log(`\n### A large repository beside a small one: ${path.basename(path.dirname(large))}\n`);
  const run = await AppRun.start({
    store: "PostgreSQL",
    postgres: server,
    tokens: 2 * LARGE_PUSHES + 2,
    isSplit: true,
  });
  const { github, tokens } = run.fleet;
  const cache = path.join(run.directory, "data/repositories/clones");
  const sizeKilobytes = Math.round(bytesBelow(path.join(large, "objects/pack")) / 1024);
  const described = await github.addRepository("acme/large", {
    private: true,
    size: sizeKilobytes,
    defaultBranch: "main",
  });
  appendFileSync(path.join(described.gitDir, "objects/info/alternates"), `${path.join(large, "objects")}\n`);
  const head = execFileSync("git", ["rev-parse", "HEAD"], { cwd: large, encoding: "utf8" }).trim();
  await github.pushRef("acme/large", "refs/heads/main", head, { silent: true });
  const small = await github.addRepository("acme/small", { private: true, size: 500 });
  await github.commit("acme/small", { files: ordinaryFiles(1), silent: true });
  await run.takeWebhooks();
  const bytesOf = (id: number): number => bytesBelow(path.join(cache, `${id}.git/objects/pack`), ".pack");
  const results: { name: string; bytes: number; index: number }[] = [];
  let count = 0;
  for (let round = 0; round <= LARGE_PUSHES; round++) {
    for (const [name, id] of [
      ["acme/large", described.id],
      ["acme/small", small.id],
    ] as const) {
      const text = `INFERENCEKEY_SDK_TOKEN=${tokens[`control acme ${count + 1}`]}\n`;
      await github.commit(name, { files: { [`deploy/${round}.env`]: text } });
      const before = bytesOf(id);
      await run.load([await run.takeWebhooks()], 1, count);
      count += 1;
      results.push({ name, bytes: bytesOf(id) - before, index: results.length });
    }
  }
  const stages = await run.end();
  const of = (name: string, isCold: boolean) =>
    results
      .filter((one, index) => one.name === name && index < 2 === isCold)
      .map((one) => ({ ...one, ...stages[one.index]! }));
  console.log("| repository | pushes | found, median | exposure window, median | min–max | bytes fetched, median |");
  console.log("| --- | --: | --: | --: | --: | --: |");
  const medians: Record<string, { found: number; refused: number }> = {};
  for (const isCold of [true, false]) {
    for (const name of ["acme/large", "acme/small"]) {
      const all = of(name, isCold);
      const refused = all.map((one) => one.refused);
      const found = percentile(
        all.map((one) => one.found),
        0.5,
      );
      if (!isCold) medians[name] = { found, refused: percentile(refused, 0.5) };
      const cells = [
        `${name.slice("acme/".length)}, ${isCold ? "cold" : "warm"}`,
        String(all.length),
        milliseconds(found),
        milliseconds(percentile(refused, 0.5)),
        `${milliseconds(Math.min(...refused))}–${milliseconds(Math.max(...refused))}`,
        Math.round(
          percentile(
            all.map(({ bytes }) => bytes),
            0.5,
          ),
        ).toLocaleString("en"),
      ];
      console.log(`| ${cells.join(" | ")} |`);
    }
  }
  const { "acme/large": a, "acme/small": b } = medians;
  for (const what of ["found", "refused"] as const) {
    const times = a![what] / b![what];
    console.log(
      `\n- ${times <= WANTED.largeRatio ? "met" : "MISSED"}: warm, large to small, until ${what}: ${times.toFixed(2)}, wanted at most ${WANTED.largeRatio}`,
    );
  }
}

function bytesBelow(directory: string, extension = ""): number {
  try {
    return readdirSync(directory)
      .filter((name) => name.endsWith(extension))
      .reduce((sum, name) => sum + statSync(path.join(directory, name)).size, 0);
  } catch {
    return 0;
  }
}
