/** Pushes over real git, and the webhooks that GitHub sends for them, caught before they reach the App. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";

export interface Webhook {
  readonly event: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** Takes what is sent and keeps it. */
export class WebhookCatcher {
  readonly #server = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on("data", (piece: Buffer) => pieces.push(piece));
    request.on("end", () => {
      this.#caught.push(webhookOf(request.headers, Buffer.concat(pieces)));
      response.writeHead(202).end();
    });
  });
  #caught: Webhook[] = [];

  async start(): Promise<string> {
    this.#server.listen(0, "127.0.0.1");
    await once(this.#server, "listening");
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/`;
  }

  /** All since the last call, in their order. */
  take(): Webhook[] {
    return this.#caught.splice(0);
  }

  stop(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }
}

function webhookOf(headers: IncomingHttpHeaders, body: Buffer): Webhook {
  const kept = Object.entries(headers).filter(([name]) => /^(x-|content-type$|user-agent$|accept$)/.test(name));
  const event = String(headers["x-github-event"]);
  return { event, headers: Object.fromEntries(kept.map(([name, value]) => [name, String(value)])), body };
}

/** A working tree whose commits go to a repository of the emulated GitHub. */
export class Pusher {
  readonly #directory: string;
  readonly #url: string;
  readonly #credential: string;

  constructor(directory: string, url: string, credential: string) {
    this.#directory = directory;
    this.#url = url;
    this.#credential = credential;
  }

  async init(): Promise<void> {
    mkdirSync(this.#directory, { recursive: true });
    await this.#git(["init", "--quiet", "--initial-branch=main", "."]);
    await this.#git(["remote", "add", "origin", this.#url]);
  }

  async commit(files: Readonly<Record<string, string>>): Promise<void> {
    for (const [file, text] of Object.entries(files)) {
      const full = path.join(this.#directory, file);
      mkdirSync(path.dirname(full), { recursive: true });
      writeFileSync(full, text);
    }
    await this.#git(["add", "--all"]);
    await this.#git(["commit", "--quiet", "--message", "Change things"]);
  }

  push(): Promise<void> {
    return this.#git(["push", "--quiet", "origin", "HEAD:refs/heads/main"]);
  }

  #git(args: readonly string[]): Promise<void> {
    const configuration = {
      "http.extraHeader": `AUTHORIZATION: basic ${Buffer.from(`ada:${this.#credential}`).toString("base64")}`,
      "user.name": "Ada",
      "user.email": "ada@acme.example",
      "commit.gpgSign": "false",
      "gc.auto": "0",
    };
    const rest = Object.entries(process.env).filter(([name]) => !name.startsWith("GIT_"));
    const env: Record<string, string | undefined> = {
      ...Object.fromEntries(rest),
      GIT_CONFIG_NOSYSTEM: "1",
      GIT_CONFIG_GLOBAL: "/dev/null",
      GIT_TERMINAL_PROMPT: "0",
      GIT_CONFIG_COUNT: String(Object.keys(configuration).length),
    };
    for (const [index, [name, value]] of Object.entries(configuration).entries()) {
      env[`GIT_CONFIG_KEY_${index}`] = name;
      env[`GIT_CONFIG_VALUE_${index}`] = value;
    }
    return new Promise((resolve, reject) => {
      const child = spawn("git", args, { cwd: this.#directory, env, stdio: ["ignore", "ignore", "inherit"] });
      child.on("error", reject);
      child.on("close", (status) =>
        status === 0 ? resolve() : reject(new Error(`git ${args[0]} ended with ${status}`)),
      );
    });
  }
}

/** What an ordinary small repository has in it. */
export function ordinaryFiles(seed: number): Record<string, string> {
  const line = (index: number): string => `export const value${index} = "${(index * 7919 + seed).toString(36)}";\n`;
  const text = Array.from({ length: 200 }, (_, index) => line(index)).join("");
  return Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`src/part-${index}.ts`, `// ${seed}\n${text}`]));
}
