// How long verifying takes against an API that answers after 20 ms, and how many requests it costs.
//
//   node bench/verify.ts [--rounds 5]

import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { readArguments } from "./support/arguments.ts";
import { milliseconds, printHeader, printLoad } from "./support/print.ts";
import { summarize } from "./support/statistics.ts";
import { findNodes, keyrecall } from "./support/tools.ts";

const LATENCY_MS = 20;
const TOKENS = 1000;
const WANTED_MS = 5000;

const { rounds } = readArguments({ rounds: 5 });
const nodes = findNodes();

/** Answers as the vendor documents it; who is known is all that it looks at. */
class Api {
  readonly known = new Set<string>();
  requests = 0;
  readonly #server = createServer((request, response) => {
    this.requests += 1;
    const isKnown = this.known.has(request.headers.authorization ?? "");
    const [status, error] = isKnown ? [403, "project_scope_mismatch"] : [401, "unauthorized"];
    setTimeout(() => {
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify({ error }));
    }, LATENCY_MS);
  });

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }
}

interface Case {
  readonly name: string;
  readonly tokens: readonly string[];
  readonly wantedRequests: number;
}

function makeTokens(count: number, prefix: string): string[] {
  return Array.from(
    { length: count },
    () => `${prefix}${randomBytes(4).toString("hex")}_${randomBytes(32).toString("hex")}`,
  );
}

function verify(node: string, baseUrl: string, tokens: readonly string[]): Promise<number> {
  const startedAt = performance.now();
  return new Promise((resolve, reject) => {
    const child = spawn(node, [keyrecall, "verify", "--base-url", baseUrl, "--no-cache", "--format", "json"], {
      stdio: ["pipe", "ignore", "inherit"],
    });
    child.on("error", reject);
    child.on("close", (status) => {
      if (status === 0 || status === 1) resolve(performance.now() - startedAt);
      else reject(new Error(`keyrecall verify ended with ${status}`));
    });
    child.stdin.end(tokens.join("\n"));
  });
}

const control = makeTokens(TOKENS, "ik_sdk_");
const data = makeTokens(TOKENS, "ik_live_");
const cases: Case[] = [
  { name: "a thousand live control tokens", tokens: control, wantedRequests: TOKENS + 1 },
  { name: "a thousand dead data tokens", tokens: data, wantedRequests: TOKENS + 1 },
  { name: "one token, a thousand times", tokens: Array.from(control, () => control[0]!), wantedRequests: 2 },
];

printHeader(`Verifying, ${LATENCY_MS} ms an answer`, nodes);
const api = new Api();
for (const token of control) api.known.add(`Bearer ${token}`);
const baseUrl = await api.start();
for (const { file, version } of nodes) {
  console.log(`\n### Node ${version}\n`);
  console.log("| | rounds | median | min–max | requests | |");
  console.log("| --- | --: | --: | --: | --: | --- |");
  for (const { name, tokens, wantedRequests } of cases) {
    const times: number[] = [];
    const requests: number[] = [];
    for (let round = 0; round < rounds; round++) {
      api.requests = 0;
      times.push(await verify(file, baseUrl, tokens));
      requests.push(api.requests);
    }
    const { median, min, max } = summarize(times);
    const isMet = median <= WANTED_MS && Math.max(...requests) === wantedRequests;
    const cells = [
      name,
      String(rounds),
      milliseconds(median),
      `${milliseconds(min)}–${milliseconds(max)}`,
      [...new Set(requests)].join(", "),
      isMet ? "met" : `MISSED: wanted ${milliseconds(WANTED_MS)} and ${wantedRequests} requests`,
    ];
    console.log(`| ${cells.join(" | ")} |`);
  }
}
api.stop();
printLoad("after");
