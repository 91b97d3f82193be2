// Serves repositories by git's smart HTTP protocol: node:http in front of `git http-backend`, with a log of what was asked.
import { spawn } from "node:child_process";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface GitServerOptions {
  /** Git directories by name: `owner/name`. */
  readonly repositories?: Readonly<Record<string, string>>;
  /** The password that every request has to carry; without it everybody may read. */
  readonly token?: string;
  /** Whether clients can have objects left out. */
  readonly filters?: boolean;
  /** The newest protocol that is spoken; up to 1 only what a ref names is given out. */
  readonly protocol?: 0 | 1 | 2;
  /** Answers instead of git, where it answers at all. */
  readonly intercept?: (request: GitRequest) => { readonly status: number; readonly location?: string } | undefined;
}

export interface GitRequest {
  readonly method: string;
  /** `owner/name`, as it was asked for. */
  readonly repository: string;
  /** `info/refs` or a service. */
  readonly action: string;
  readonly authorization: string | null;
  status: number;
  sentBytes: number;
  /** Of the pack that was sent, or 0. */
  objects: number;
}

export interface GitHttpServer {
  readonly origin: string;
  readonly requests: readonly GitRequest[];
  serve(repository: string, gitDir: string): void;
  close(): Promise<void>;
}

export async function startGitServer(options: GitServerOptions = {}): Promise<GitHttpServer> {
  const repositories = new Map(Object.entries(options.repositories ?? {}));
  const requests: GitRequest[] = [];
  const http = createServer((request, response) => {
    const entry = readRequest(request);
    requests.push(entry);
    response.on("finish", () => {
      entry.status = response.statusCode;
    });
    const answer = options.intercept?.(entry);
    if (answer !== undefined) {
      end(request, response, answer.status, answer.location === undefined ? {} : { location: answer.location });
      return;
    }
    if (options.token !== undefined && passwordOf(entry.authorization) !== options.token) {
      end(request, response, 401, { "www-authenticate": 'Basic realm="git"' });
      return;
    }
    const gitDir = repositories.get(entry.repository);
    if (gitDir === undefined) end(request, response, 404, {});
    else runBackend(gitDir, entry, request, response, options);
  });
  await new Promise<void>((resolve) => {
    http.listen(0, "127.0.0.1", resolve);
  });
  const { port } = http.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    requests,
    serve: (repository, gitDir) => void repositories.set(repository, gitDir),
    close: () => {
      http.closeAllConnections();
      return new Promise((resolve) => {
        http.close(() => resolve());
      });
    },
  };
}

function readRequest(request: IncomingMessage): GitRequest {
  const { pathname } = new URL(request.url ?? "/", "http://localhost");
  const [, repository = "", action = ""] = /^\/([^/]+\/[^/]+?)(?:\.git)?\/(.+)$/.exec(pathname) ?? [];
  const authorization = request.headers.authorization ?? null;
  return { method: request.method ?? "", repository, action, authorization, status: 0, sentBytes: 0, objects: 0 };
}

function passwordOf(authorization: string | null): string | undefined {
  const [, encoded = ""] = /^basic (\S+)$/i.exec(authorization ?? "") ?? [];
  return /^[^:]*:(.*)$/.exec(Buffer.from(encoded, "base64").toString("utf8"))?.[1];
}

function end(
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  headers: Record<string, string>,
): void {
  request.resume();
  response.writeHead(status, headers).end();
}

/** As the Common Gateway Interface wants it: the request in the environment, its body on standard input. */
function runBackend(
  gitDir: string,
  entry: GitRequest,
  request: IncomingMessage,
  response: ServerResponse,
  { filters = true, protocol = 2 }: GitServerOptions,
): void {
  const header = (name: string): string => String(request.headers[name] ?? "");
  const asked = header("git-protocol");
  const child = spawn("git", ["-c", `uploadpack.allowFilter=${filters}`, "http-backend"], {
    env: {
      PATH: process.env["PATH"],
      GIT_CONFIG_NOSYSTEM: "1",
      GIT_CONFIG_GLOBAL: "/dev/null",
      LC_ALL: "C",
      GIT_HTTP_EXPORT_ALL: "1",
      PATH_TRANSLATED: `${gitDir}/${entry.action}`,
      REQUEST_METHOD: entry.method,
      QUERY_STRING: new URL(request.url ?? "/", "http://localhost").search.slice(1),
      CONTENT_TYPE: header("content-type"),
      ...(request.headers["content-length"] === undefined ? {} : { CONTENT_LENGTH: header("content-length") }),
      ...(header("content-encoding") === "" ? {} : { HTTP_CONTENT_ENCODING: header("content-encoding") }),
      ...(asked === "" || protocol < 2 ? {} : { GIT_PROTOCOL: asked }),
      REMOTE_ADDR: "127.0.0.1",
    },
    stdio: ["pipe", "pipe", "ignore"],
  });
  // git may answer before it has read everything.
  child.stdin.on("error", () => undefined);
  request.pipe(child.stdin);
  let head: Buffer | null = Buffer.alloc(0);
  child.stdout.on("data", (bytes: Buffer) => {
    let body = bytes;
    if (head !== null) {
      head = Buffer.concat([head, bytes]);
      const headEnd = head.indexOf("\r\n\r\n");
      if (headEnd === -1) return;
      writeHead(head.toString("latin1", 0, headEnd), response);
      body = head.subarray(headEnd + 4);
      head = null;
    }
    entry.sentBytes += body.length;
    entry.objects ||= objectsOf(body);
    if (!response.write(body)) {
      child.stdout.pause();
      response.once("drain", () => child.stdout.resume());
    }
  });
  child.on("close", () => {
    if (head !== null) response.writeHead(500);
    response.end();
  });
  response.on("close", () => child.kill());
}

function writeHead(text: string, response: ServerResponse): void {
  let status = 200;
  const headers: Record<string, string> = {};
  for (const line of text.split("\r\n")) {
    const [name = "", ...value] = line.split(": ");
    if (name.toLowerCase() === "status") status = Number.parseInt(value.join(": "), 10);
    else headers[name] = value.join(": ");
  }
  response.writeHead(status, headers);
}

/** A pack begins with its name, its version and the number of its objects. Source: gitformat-pack. */
function objectsOf(bytes: Buffer): number {
  const at = bytes.indexOf("PACK\0\0\0\u0002", 0, "latin1");
  return at === -1 || at + 12 > bytes.length ? 0 : bytes.readUInt32BE(at + 8);
}
