// The App under a storm: mixed deliveries, some of them leaking, some twice and some out of order, to a front and workers
// on PostgreSQL, while workers are killed and GitHub, InferenceKey and whoever revokes fail again and again. At the end
// incidents, revocations, issues, check runs and commands are compared with the plan, one by one.
//
//   node bench/soak.ts [--deliveries 2000] [--seed TEXT] [--fault-rate 0.33] [--kill-every 15] [--workers 2]
//
// The plan comes from the seed, which is printed; what the machine does when does not. It ends with 1 where anything
// differs, and names each difference.

import { randomBytes } from "node:crypto";
import { appendFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { parseArgs } from "node:util";
import type { Database } from "../app/store/database.ts";
import { openPostgres } from "../app/store/postgres.ts";
import { buildApp } from "../scripts/app/build.ts";
import { startPostgres } from "../test/support/postgres.ts";
import { printHeader, printLoad } from "./support/print.ts";
import { Seeded } from "./support/seeded.ts";
import { type Comparison, compare } from "./support/soak/compare.ts";
import { Crew } from "./support/soak/crew.ts";
import { makePlan, treatments } from "./support/soak/plan.ts";
import { Post } from "./support/soak/post.ts";
import { Town } from "./support/soak/town.ts";
import { requireTool } from "./support/tools.ts";

const HELP = `Sends a storm of deliveries to the built App on PostgreSQL, and compares what comes of it with the plan.

  node bench/soak.ts [options]

  --deliveries N       so many deliveries of what people do, repetitions included (default: 2000)
  --seed TEXT          of the plan; the same seed plans the same (default: a new one, which is printed)
  --fault-rate SHARE   of the requests to GitHub, InferenceKey and the provider so many go wrong (default: 0.33)
  --kill-every SECONDS a worker is killed so often, on an average; 0 kills none (default: 15)
  --workers N          beside the front (default: 2)
  --log FILE           write the log of the App there
  --help

Exit codes: 0 all is as planned, 1 something differs, 2 the soak could not be run.`;

const { values } = parseArgs({
  options: {
    deliveries: { type: "string", default: "2000" },
    seed: { type: "string", default: randomBytes(4).toString("hex") },
    "fault-rate": { type: "string", default: "0.33" },
    "kill-every": { type: "string", default: "15" },
    workers: { type: "string", default: "2" },
    log: { type: "string" },
    help: { type: "boolean", default: false },
  },
});

/** So many that wait are enough: more would only move the work to behind the storm. */
const MOST_WAITING = 60;
/** All has come to its end by then: failed jobs are made again after ten minutes, whatever they failed for. */
const CALM_LIMIT_MS = 30 * 60_000;
const LOOK_MS = 1000;
const STEADY_LOOKS = 5;
/** For issues in the storm; what is ordered below one that is not there then is ordered in the calm. */
const MOST_LOOKS = 120;

const closers: (() => Promise<void> | void)[] = [];

if (values.help) console.log(HELP);
else {
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => {
      void close().then(() => process.exit(2));
    });
  }
  try {
    process.exitCode = await run();
  } finally {
    await close();
  }
}

/** Nothing that was started stays behind. */
async function close(): Promise<void> {
  for (const one of closers.splice(0).toReversed()) {
    try {
      await one();
    } catch (error) {
      console.error(error);
    }
  }
}

async function run(): Promise<number> {
  const deliveries = number("--deliveries", values.deliveries, 1, 1_000_000);
  const faultRate = number("--fault-rate", values["fault-rate"], 0, 0.9);
  const killEvery = number("--kill-every", values["kill-every"], 0, 3600);
  const workers = number("--workers", values.workers, 1, 16);
  const { seed } = values;
  printHeader("Soak of the App", [
    { name: "node", file: process.execPath, version: process.version },
    requireTool("git", ["--version"]),
  ]);
  console.log(`- seed ${seed}\n`);
  const program = await buildApp();
  const postgres = await startPostgres();
  const directory = mkdtempSync(path.join(tmpdir(), "keyrecall-soak-"));
  const output: string[] = [];
  const startedAt = performance.now();
  const seconds = (): number => Math.round((performance.now() - startedAt) / 1000);
  const tell = (what: string): void => void process.stderr.write(`${String(seconds()).padStart(5)} s  ${what}\n`);
  closers.push(
    () => postgres.stop(),
    () => rmSync(directory, { recursive: true, force: true }),
  );
  const secrets = { revocation: randomBytes(32).toString("hex"), webhook: randomBytes(32).toString("hex") };
  const town = await Town.start(secrets.revocation);
  closers.push(() => town.close());
  const url = await postgres.createDatabase();
  const environment = environmentOf(town, { url, directory, secrets });
  const crew = new Crew(program, environment, (line) => {
    output.push(line);
    if (values.log !== undefined) appendFileSync(values.log, `${line}\n`);
  });
  closers.push(() => crew.stop());
  const appUrl = await crew.start(workers);
  const database = openPostgres(url, () => {});
  closers.push(() => database.close());
  const post = new Post(appUrl, town.github.appCredentials().botLogin);
  town.github.set({ webhookUrl: await post.catcher.start(), webhookSecret: secrets.webhook });
  closers.push(() => post.catcher.stop());
  await town.found();
  const endFaults = town.inject(faultRate, seed);
  const killing = new AbortController();
  const killer = killAtRandom(crew, new Seeded(seed, "kills"), killEvery, killing.signal);
  let step = 0;
  for (const next of makePlan(seed)) {
    if (post.sent >= deliveries) break;
    await town.do(next);
    step = next.index;
    town.command();
    await town.github.settled();
    post.deliver(treatments(seed, step));
    if (step % 50 === 0) tell(`${post.sent} of ${deliveries} deliveries, ${crew.kills} kills`);
    await untilFewWait(database);
  }
  const deliverRest = (): void => post.deliver(treatments(seed, (step += 1)));
  // What is ordered below an issue waits for it, in the storm still.
  for (let look = 0; town.command() > 0 && look < MOST_LOOKS; look += 1) {
    deliverRest();
    await wait(LOOK_MS);
  }
  deliverRest();
  await post.settled();
  const stormSeconds = seconds();
  tell(`the storm is over: ${post.sent} deliveries, ${crew.kills} kills, ${await waitingOf(database)} wait`);
  killing.abort();
  await killer;
  endFaults();
  const failed = await database.query("select 1 from keyrecall.delivery where state = 'failed'");
  if (failed.length > 0) tell(`${failed.length} deliveries failed at all their attempts; an hour later comes now`);
  await passHour(database);
  const isCalm = await untilCalm(
    database,
    town,
    () => {
      town.command();
      deliverRest();
    },
    tell,
  );
  await crew.stop();
  const calmSeconds = seconds() - stormSeconds;
  const comparison = await compare(town, post, database, output);
  const differences = [...(isCalm ? [] : ["it does not come to rest"]), ...comparison.differences];
  printResult(comparison, {
    "deliveries of what people did": post.sent,
    "of them again under the same id": post.counts.sameDelivery,
    "of them again under another id": post.counts.sameContent,
    "of them late, behind others": post.counts.late,
    "deliveries of what the App did": post.counts.ofTheApp,
    "tokens that leaked": town.leaks.size,
    "workers killed": crew.kills,
    "requests that went wrong": [...town.github.requests, ...town.api.requests, ...town.provider.requests].filter(
      ({ fault }) => fault !== null,
    ).length,
    "of requests": town.github.requests.length + town.api.requests.length + town.provider.requests.length,
    "deliveries that failed at all attempts": failed.length,
    "seconds of storm": stormSeconds,
    "seconds until all was done": calmSeconds,
  });
  for (const difference of differences) console.log(`- differs: ${difference}`);
  console.log(
    `\n${differences.length === 0 ? "met: nothing" : `MISSED: ${differences.length} things`} differ from the plan`,
  );
  printLoad("after");
  return differences.length === 0 ? 0 : 1;
}

function number(flag: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (text.trim() !== "" && value >= least && value <= most) return value;
  console.error(`${flag} needs a number from ${least} to ${most}, not ${text}`);
  process.exit(2);
}

function environmentOf(
  { github, api, provider }: Town,
  { url, directory, secrets }: { url: string; directory: string; secrets: { revocation: string; webhook: string } },
): NodeJS.ProcessEnv {
  const { appId, privateKey } = github.appCredentials();
  return {
    ...process.env,
    APP_ID: String(appId),
    PRIVATE_KEY: privateKey,
    WEBHOOK_SECRET: secrets.webhook,
    KEYRECALL_SEAL_KEY: randomBytes(32).toString("base64"),
    DATABASE_URL: url,
    DATA_DIRECTORY: path.join(directory, "data"),
    GITHUB_API_URL: github.baseUrl,
    GITHUB_SERVER_URL: github.baseUrl,
    GITHUB_WRITE_PAUSE_MS: "20",
    INFERENCEKEY_BASE_URL: api.baseUrl,
    REVOCATION_URL: provider.url,
    REVOCATION_SECRET: secrets.revocation,
    PORT: "0",
  };
}

async function killAtRandom(crew: Crew, random: Seeded, everySeconds: number, signal: AbortSignal): Promise<void> {
  if (everySeconds === 0) return;
  while (!signal.aborted) {
    const pause = everySeconds * (0.5 + random.next());
    await wait(pause * 1000, undefined, { signal }).catch(() => {});
    if (!signal.aborted) await crew.killOne(random);
  }
}

async function waitingOf(database: Database): Promise<number> {
  const [row] = await database.query<{ count: number }>(
    "select count(*)::integer as count from keyrecall.delivery where state = 'stored'",
  );
  return row!.count;
}

async function untilFewWait(database: Database): Promise<void> {
  while ((await waitingOf(database)) > MOST_WAITING) await wait(LOOK_MS / 4);
}

/** What failed at all its attempts is made again after an hour, which need not be waited for. */
async function passHour(database: Database): Promise<void> {
  await database.query(
    "update keyrecall.delivery set finished_at = finished_at - interval '1 hour' where state = 'failed'",
  );
}

/** @returns false where it never comes to rest */
async function untilCalm(
  database: Database,
  { github }: Town,
  goOn: () => void,
  tell: (what: string) => void,
): Promise<boolean> {
  const deadline = performance.now() + CALM_LIMIT_MS;
  let steady = 0;
  let told = "";
  while (performance.now() < deadline) {
    goOn();
    await github.settled();
    // Checks of contained tokens come an hour and a day later; what the API does not tell about is asked again for ever.
    const left = await database.query<{ what: string; count: number }>(
      `select name || ' ' || state as what, count(*)::integer as count from keyrecall_queue.job
       where state in ('created', 'retry', 'active', 'failed') and name not in ('sweep', 'reconcile', 'policies')
         -- Of a delivery its own state tells.
         and not (name = 'delivery' and state = 'failed')
         and not (name = 'respond' and exists (select 1 from keyrecall.incident
           where id::text = singleton_key and state = 'unverifiable' and found_at < now() - interval '2 minutes'))
         and start_after < now() + interval '15 minutes' and left(name, 2) <> '__' group by 1
       union all
       select 'delivery ' || state, count(*)::integer from keyrecall.delivery where state in ('stored', 'failed') group by 1
       union all
       select 'incident ' || state, count(*)::integer from keyrecall.incident
       where state not in ('contained', 'resolved', 'unverifiable') group by 1`,
    );
    if (left.length === 0) steady += 1;
    else steady = 0;
    if (steady >= STEADY_LOOKS) return true;
    const says = left.map(({ what, count }) => `${count} ${what}`).join(", ");
    if (says !== told) tell(`left: ${says === "" ? "nothing" : says}`);
    told = says;
    await wait(LOOK_MS);
  }
  return false;
}

function printResult({ counts }: Comparison, facts: Readonly<Record<string, number>>): void {
  console.log("| storm | |\n| --- | --: |");
  for (const [name, value] of Object.entries(facts)) console.log(`| ${name} | ${value.toLocaleString("en")} |`);
  console.log("\n| compared with the plan, one by one | |\n| --- | --: |");
  for (const [name, value] of Object.entries(counts)) console.log(`| ${name} | ${value.toLocaleString("en")} |`);
  console.log("");
}
