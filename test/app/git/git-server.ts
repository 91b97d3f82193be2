// Serves repositories over http through `git http-backend`, and breaks the connection on demand in every way.
import { spawn } from "node:child_process";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface GitRequest {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  readonly authorization: string | null;
  /** Bytes of the answer's body, once it has been sent. */
  sentBytes: number;
}

/** Answers a request by itself and says so, or leaves it to git. */
export type GitFault = (request: GitRequest, response: ServerResponse) => boolean | Promise<boolean>;

export class GitHttpServer {
  readonly url: string;
  readonly requests: GitRequest[] = [];
  /** Asked before each request. */
  fault: GitFault | null = null;
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  /** @param root the directory that holds the repositories */
  static async start(root: string): Promise<GitHttpServer> {
    const server = createServer((request, response) => {
      serve(root, started, request, response).catch((error: unknown) => response.destroy(error as Error));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const started = new GitHttpServer(server);
    return started;
  }

  get sentBytes(): number {
    return this.requests.reduce((sum, { sentBytes }) => sum + sentBytes, 0);
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

async function serve(
  root: string,
  server: GitHttpServer,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = new URL(request.url ?? "/", "http://localhost");
  const noted: GitRequest = {
    method: request.method ?? "GET",
    url: request.url ?? "/",
    authorization: request.headers.authorization ?? null,
    sentBytes: 0,
  };
  server.requests.push(noted);
  if (server.fault !== null && (await server.fault(noted, response))) return;
  const header = (name: string): string => String(request.headers[name] ?? "");
  const backend = spawn("git", ["http-backend"], {
    env: {
      PATH: process.env["PATH"] ?? "",
      HOME: "/nonexistent",
      GIT_CONFIG_NOSYSTEM: "1",
      GIT_CONFIG_GLOBAL: "/dev/null",
      GIT_PROJECT_ROOT: root,
      GIT_HTTP_EXPORT_ALL: "1",
      PATH_INFO: decodeURIComponent(url.pathname),
      QUERY_STRING: url.search.slice(1),
      REQUEST_METHOD: noted.method,
      CONTENT_TYPE: header("content-type"),
      ...(header("content-length") === "" ? {} : { CONTENT_LENGTH: header("content-length") }),
      ...(header("content-encoding") === "" ? {} : { HTTP_CONTENT_ENCODING: header("content-encoding") }),
      ...(header("git-protocol") === "" ? {} : { GIT_PROTOCOL: header("git-protocol") }),
      REMOTE_ADDR: "127.0.0.1",
    },
    stdio: ["pipe", "pipe", "ignore"],
  });
  backend.stdin.on("error", () => {});
  request.pipe(backend.stdin);
  response.on("close", () => backend.kill());
  let head = Buffer.alloc(0);
  let isInBody = false;
  for await (const piece of backend.stdout as AsyncIterable<Buffer>) {
    if (isInBody) {
      noted.sentBytes += piece.length;
      await write(response, piece);
      continue;
    }
    head = Buffer.concat([head, piece]);
    const end = head.indexOf("\r\n\r\n");
    if (end === -1) continue;
    isInBody = true;
    for (const line of head.toString("latin1", 0, end).split("\r\n")) {
      const [, name = "", value = ""] = /^([^:]+): *(.*)$/.exec(line) ?? [];
      if (name.toLowerCase() === "status") response.statusCode = Number.parseInt(value, 10);
      else response.setHeader(name, value);
    }
    const body = head.subarray(end + 4);
    noted.sentBytes += body.length;
    await write(response, body);
  }
  if (!isInBody) response.statusCode = 500;
  response.end();
}

async function write(response: ServerResponse, bytes: Buffer): Promise<void> {
  if (response.destroyed || response.write(bytes)) return;
  await new Promise<void>((resolve) => {
    const go = (): void => {
      response.off("drain", go).off("close", go);
      resolve();
    };
    response.on("drain", go).on("close", go);
  });
}
