// What tests of the emulator of GitHub share: its real clients, and something that receives its webhooks.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createAppAuth } from "@octokit/auth-app";
import { Octokit } from "@octokit/rest";
import { isolatedEnv } from "../../support/isolated-env.ts";
import type { GitHubEmulator } from "../github/emulator.ts";
import { readRequestBody } from "../http/request-body.ts";
import { startServer } from "../http/server.ts";

/** @param installation without it, the client is the App itself */
export function appClient(github: GitHubEmulator, installation?: number): Octokit {
  const { appId, privateKey } = github.appCredentials();
  return new Octokit({
    authStrategy: createAppAuth,
    auth: { appId, privateKey, ...(installation === undefined ? {} : { installationId: installation }) },
    baseUrl: github.baseUrl,
    log: { debug: ignore, info: ignore, warn: ignore, error: ignore },
  });
}

function ignore(): void {
  // Errors come back as such; the client's own log says nothing more.
}

export interface ReceivedWebhook {
  readonly event: string;
  readonly guid: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
  // Tests look into payloads of many kinds.
  readonly payload: Readonly<Record<string, never>>;
}

export interface WebhookReceiver {
  readonly url: string;
  readonly received: ReceivedWebhook[];
  /** Of an event, in the order of arrival. */
  of(event: string, action?: string): ReceivedWebhook[];
  /** What is answered from now on; `hang` never answers. */
  answer: number | "hang";
  close(): Promise<void>;
}

export async function receiveWebhooks(): Promise<WebhookReceiver> {
  const received: ReceivedWebhook[] = [];
  const server = await startServer(async (request, response) => {
    const { bytes } = await readRequestBody(request, 64 * 1024 * 1024);
    const body = bytes.toString("utf8");
    const { headers } = request;
    received.push({
      event: String(headers["x-github-event"]),
      guid: String(headers["x-github-delivery"]),
      headers,
      body,
      payload: parse(body),
    });
    if (receiver.answer === "hang") return;
    response.writeHead(receiver.answer);
    response.end("received");
  });
  const receiver: WebhookReceiver = {
    url: `${server.origin}/webhooks`,
    received,
    of: (event, action) =>
      received.filter((hook) => hook.event === event && (action === undefined || hook.payload["action"] === action)),
    answer: 202,
    close: () => server.close(),
  };
  return receiver;
}

function parse(body: string): Readonly<Record<string, never>> {
  try {
    return JSON.parse(body) as Record<string, never>;
  } catch {
    return {};
  }
}

export interface GitResult {
  readonly status: number | null;
  readonly output: string;
}

/** Git as a client, in a process of its own: this one has to serve it meanwhile. */
export async function gitClient(
  args: readonly string[],
  options: { readonly cwd?: string; readonly env?: Readonly<Record<string, string>>; readonly input?: string } = {},
): Promise<GitResult> {
  const people = { GIT_AUTHOR_NAME: "Ada", GIT_AUTHOR_EMAIL: "ada@example.org" };
  const committer = { GIT_COMMITTER_NAME: "Ada", GIT_COMMITTER_EMAIL: "ada@example.org" };
  const child = spawn("git", args, {
    cwd: options.cwd,
    env: isolatedEnv({ ...people, ...committer, ...options.env }),
    stdio: ["pipe", "pipe", "pipe"],
  });
  const output: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => output.push(chunk));
  child.stderr.on("data", (chunk: Buffer) => output.push(chunk));
  child.stdin.on("error", () => undefined);
  child.stdin.end(options.input ?? "");
  const [status] = (await once(child, "close")) as [number | null];
  return { status, output: Buffer.concat(output).toString("utf8").trimEnd() };
}

/** As a client hands over a token without writing it down: by the environment, for one host. */
export function gitCredential(github: GitHubEmulator, token: string): Record<string, string> {
  const header = `Authorization: Basic ${Buffer.from(`x-access-token:${token}`).toString("base64")}`;
  return {
    GIT_CONFIG_COUNT: "1",
    GIT_CONFIG_KEY_0: `http.${github.baseUrl}/.extraHeader`,
    GIT_CONFIG_VALUE_0: header,
  };
}

export async function installationToken(github: GitHubEmulator, installation: number): Promise<string> {
  const { token } = (await appClient(github).auth({ type: "installation", installationId: installation })) as {
    token: string;
  };
  return token;
}
