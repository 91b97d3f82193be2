// Runs the committed bundle of the Action as GitHub's runner does: the event and the inputs in the environment, files for
// what comes back. Nothing that it prints or writes may hold a secret part, but for the commands that mask it.
import { spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import webhooks from "@octokit/webhooks-examples" with { type: "json" };
import { afterEach, expect } from "vitest";
import type { GitHttpServer } from "./git-http-server.ts";
import { isolatedEnv } from "./isolated-env.ts";
import { validateReport } from "./report-schema.ts";
import type { Report } from "./report.ts";
import { assertNoSecret } from "./secret-guard.ts";
import { makeTempDir } from "./temp-dir.ts";
import type { MadeToken } from "./token.ts";

const ACTION_PATH = fileURLToPath(new URL("../../dist/action.js", import.meta.url));
const HANG_MS = 100_000;

export const REPOSITORY = "acme/shop";

export type Payload = Record<string, unknown>;

export interface ActionOptions {
  readonly event: string;
  /** Text is written as it is, for payloads that are none. */
  readonly payload: Payload | string;
  readonly server: Pick<GitHttpServer, "origin">;
  /** By name, as in a workflow. */
  readonly inputs?: Readonly<Record<string, string>>;
  readonly workspace?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Variables that this runner does not set. */
  readonly without?: readonly string[];
  /** As soon as it is settled the workflow is cancelled. */
  readonly cancelled?: Promise<unknown>;
}

export interface WorkflowCommand {
  readonly name: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly message: string;
}

export interface ActionRun {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly outputs: Readonly<Record<string, string>>;
  readonly summary: string;
  /** What the runner would take for commands, in order. */
  readonly commands: readonly WorkflowCommand[];
  /** Of the three levels. */
  readonly annotations: readonly WorkflowCommand[];
  readonly masks: readonly string[];
  readonly temp: string;
  readonly workspace: string;
  /** The file of the output `report`, checked against the schema. */
  readonly report: Report;
}

let runsOfTest: ActionRun[] = [];

afterEach(({ task }) => {
  if (task.result?.state === "fail") {
    for (const { status, stdout, stderr, summary } of runsOfTest) {
      console.error(
        `status ${status}\nstdout: ${stdout.slice(0, 6000)}\nstderr: ${stderr}\nsummary: ${summary.slice(0, 6000)}`,
      );
    }
  }
  runsOfTest = [];
});

export async function runAction(options: ActionOptions): Promise<ActionRun> {
  const directory = makeTempDir("runner");
  const temp = makeTempDir("runner-temp");
  const workspace = options.workspace ?? makeTempDir("workspace");
  const files = Object.fromEntries(
    ["event.json", "output", "summary"].map((name) => [name, join(directory, name)]),
  ) as Record<"event.json" | "output" | "summary", string>;
  const { payload } = options;
  writeFileSync(files["event.json"], typeof payload === "string" ? payload : JSON.stringify(payload));
  writeFileSync(files.output, "");
  writeFileSync(files.summary, "");
  const environment: Record<string, string> = {
    ...isolatedEnv(),
    GITHUB_ACTIONS: "true",
    GITHUB_ACTOR: "octocat",
    GITHUB_EVENT_NAME: options.event,
    GITHUB_EVENT_PATH: files["event.json"],
    GITHUB_OUTPUT: files.output,
    GITHUB_STEP_SUMMARY: files.summary,
    GITHUB_WORKSPACE: workspace,
    GITHUB_REPOSITORY: REPOSITORY,
    GITHUB_SERVER_URL: options.server.origin,
    // Nobody listens there.
    GITHUB_API_URL: "http://127.0.0.1:9",
    RUNNER_TEMP: temp,
    "INPUT_GITHUB-TOKEN": "",
    INPUT_SCAN: "auto",
    INPUT_VERIFY: "false",
    "INPUT_FAIL-ON": "found",
    "INPUT_MIN-CONFIDENCE": "certain",
    ...Object.fromEntries(
      Object.entries(options.inputs ?? {}).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]),
    ),
    ...options.env,
  };
  for (const name of options.without ?? []) delete environment[name];
  const { status, stdout, stderr } = await runNode(environment, options.cancelled);
  const commands = readCommands(stdout);
  const outputs = readOutputs(existsSync(files.output) ? readFileSync(files.output, "utf8") : "");
  const run: ActionRun = {
    status,
    stdout,
    stderr,
    outputs,
    summary: readFileSync(files.summary, "utf8"),
    commands,
    annotations: commands.filter(({ name }) => ["error", "warning", "notice"].includes(name)),
    masks: commands.filter(({ name }) => name === "add-mask").map(({ message }) => message),
    temp,
    workspace,
    get report(): Report {
      return validateReport(JSON.parse(readFileSync(outputs["report"] ?? "", "utf8")));
    },
  };
  runsOfTest.push(run);
  const visible = stdout.split("\n").filter((line) => !line.startsWith("::add-mask::"));
  assertNoSecret(Buffer.from(visible.join("\n")), "the log");
  assertNoSecret(Buffer.from(stderr), "standard error");
  assertNoSecret(Buffer.from(run.summary), "the summary");
  for (const name of ["report", "sarif", "html"]) {
    const file = outputs[name] ?? "";
    if (file !== "") assertNoSecret(readFileSync(file), `the file of the output ${name}`);
  }
  return run;
}

function runNode(
  env: Record<string, string>,
  cancelled: Promise<unknown> | undefined,
): Promise<Pick<ActionRun, "status" | "stdout" | "stderr">> {
  if (!existsSync(ACTION_PATH)) throw new Error("dist/action.js is missing: run the build first");
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [ACTION_PATH], { env, cwd: env["GITHUB_WORKSPACE"], timeout: HANG_MS });
    void cancelled?.then(() => child.kill("SIGTERM"));
    const output: [Buffer[], Buffer[]] = [[], []];
    child.stdout.on("data", (bytes: Buffer) => output[0].push(bytes));
    child.stderr.on("data", (bytes: Buffer) => output[1].push(bytes));
    child.on("error", reject);
    child.on("close", (status) => {
      const [stdout = "", stderr = ""] = output.map((pieces) => Buffer.concat(pieces).toString("utf8"));
      resolve({ status, stdout, stderr });
    });
    child.stdin.end();
  });
}

/** As the runner reads a line: blanks in front do not count, and the older form is taken anywhere in it. */
function readCommands(stdout: string): WorkflowCommand[] {
  return stdout.split(/\r?\n/).flatMap((line): WorkflowCommand[] => {
    const [, name = "", properties = "", message = ""] = /^\s*::([\w-]+)(?: (.*?))?::(.*)$/.exec(line) ?? [];
    if (name !== "") {
      const pairs = properties.split(",").map((pair) => /^\s*([^=]+)=(.*)$/.exec(pair)?.slice(1) ?? ["", ""]);
      return [
        {
          name,
          properties: Object.fromEntries(pairs.map(([key = "", value = ""]) => [key, decodeCommand(value)])),
          message: decodeCommand(message),
        },
      ];
    }
    const [, legacy = ""] = /##\[([\w-]+)/.exec(line) ?? [];
    return legacy === "" ? [] : [{ name: `legacy ${legacy}`, properties: {}, message: line }];
  });
}

function decodeCommand(text: string): string {
  const codes: Record<string, string> = { "%0A": "\n", "%0D": "\r", "%3A": ":", "%2C": ",", "%25": "%" };
  return text.replace(/%(?:0A|0D|3A|2C|25)/g, (code) => codes[code] ?? code);
}

function readOutputs(text: string): Record<string, string> {
  const outputs: Record<string, string> = {};
  for (const [, name = "", , value = ""] of text.matchAll(/^(.+?)<<(ghadelimiter_.+)\n([\s\S]*?)\n?^\2$/gm)) {
    outputs[name] = value.replace(/\n$/, "");
  }
  return outputs;
}

/** A real payload of the event, with fields put in their place. */
export function examplePayload(event: string, action: string | null, changes: Payload = {}): Payload {
  const examples = (webhooks as unknown as { name: string; examples: Payload[] }[]).find(({ name }) => name === event);
  const example = examples?.examples.find((one) => action === null || one["action"] === action);
  if (example === undefined) throw new Error(`there is no example of ${event} ${action ?? ""}`);
  return merge(example, {
    repository: { full_name: REPOSITORY, private: true, visibility: "private", default_branch: "main" },
    ...changes,
  });
}

function merge(onto: Payload, changes: Payload): Payload {
  const merged = { ...onto };
  for (const [key, value] of Object.entries(changes)) {
    const known = merged[key];
    merged[key] = isPlain(known) && isPlain(value) ? merge(known, value) : value;
  }
  return merged;
}

function isPlain(value: unknown): value is Payload {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export interface PullRequest {
  readonly base: string;
  readonly head: string;
  readonly number?: number;
  /** The repository of the head. */
  readonly from?: string | null;
  readonly changes?: Payload;
}

export function pullRequestPayload({ base, head, number = 7, from = REPOSITORY, changes = {} }: PullRequest): Payload {
  const example = examplePayload("pull_request", "synchronize", {
    number,
    pull_request: {
      number,
      user: { login: "octocat" },
      base: { ref: "main", sha: base, repo: { full_name: REPOSITORY } },
      head: { sha: head, repo: from === null ? null : { full_name: from } },
    },
  });
  return merge(example, changes);
}

export interface Push {
  readonly ref?: string;
  readonly before: string;
  readonly after: string;
  readonly changes?: Payload;
}

export function pushPayload({ ref = "refs/heads/topic", before, after, changes = {} }: Push): Payload {
  const created = /^0+$/.test(before);
  const deleted = /^0+$/.test(after);
  return merge(examplePayload("push", null, { ref, before, after, created, deleted, forced: false }), changes);
}

/** These tokens were found, all of them were masked before anything else was said, and the step failed. */
export function expectLeak(run: ActionRun, tokens: readonly MadeToken[]): void {
  expect(run.report.tokens.map(({ masked }) => masked).toSorted()).toEqual(
    tokens.map(({ masked }) => masked).toSorted(),
  );
  expect(run.report.scan.incomplete).toEqual([]);
  expect(run.outputs).toMatchObject({ found: String(tokens.length), incomplete: "false" });
  for (const { raw, secret } of tokens) expect(run.masks).toEqual(expect.arrayContaining([raw, secret]));
  const other = run.commands.findIndex(({ name }) => name !== "add-mask");
  expect(other).toBe(run.masks.length);
  expect(
    run.stdout
      .split("\n")
      .slice(0, run.masks.length)
      .every((line) => line.startsWith("::add-mask::")),
  ).toBe(true);
  expect(run.status).toBe(1);
  expectNothingLeft(run);
}

export function expectClean(run: ActionRun): void {
  expect(run.outputs).toMatchObject({ found: "0", live: "0", incomplete: "false" });
  expect(run.annotations.filter(({ name }) => name === "error")).toEqual([]);
  expect(run.status).toBe(0);
  expectNothingLeft(run);
}

/** The step failed with a message that names the trouble, and its outputs do not look like a clean result. */
export function expectFailure(run: ActionRun, ...named: readonly (string | RegExp)[]): void {
  const errors = run.annotations.filter(({ name }) => name === "error").map(({ message }) => message);
  for (const name of named) expect(errors.join("\n")).toMatch(name);
  expect(run.status).toBe(1);
  expect(run.stdout + run.stderr).not.toMatch(/^\s+at .+:\d+:\d+\)?$/m);
  expect(errors.join("\n")).not.toContain("bug in keyrecall");
  if (run.outputs["incomplete"] !== undefined) expect(run.outputs["incomplete"]).toBe("true");
}

/** Of what was fetched nothing stays behind. */
function expectNothingLeft(run: ActionRun): void {
  const left = readdirSync(run.temp, { recursive: true }).map(String);
  expect(left.filter((name) => !/^keyrecall-[^/]+(\/report\.json)?$/.test(name))).toEqual([]);
}
