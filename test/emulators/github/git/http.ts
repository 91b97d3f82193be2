// Smart HTTP through git's own `git http-backend`: what a client sees is what git serves.
import { spawn } from "node:child_process";
import type { IncomingMessage, ServerResponse } from "node:http";
import { gitEnvironment } from "./run-git.ts";

export type GitService = "git-upload-pack" | "git-receive-pack";

/** As the log and faults name requests. */
export type GitRoute = GitService | "git-info-refs";

export interface GitRequest {
  readonly owner: string;
  /** Without `.git`. */
  readonly name: string;
  readonly service: GitService;
  /** What stands behind the repository: `/info/refs` or a slash and the service. */
  readonly endpoint: string;
  readonly query: string;
  readonly route: GitRoute;
}

const GIT_PATH =
  /^\/(?<owner>[^/]+)\/(?<name>[^/]+?)(?:\.git)?(?<endpoint>\/info\/refs|\/git-(?:upload|receive)-pack)$/;
/** What was written gets a moment to arrive before the connection breaks. */
const BYTES_ARRIVE_MS = 30;
const HEADER_END = "\r\n\r\n";

/** @param url as it stands in the request line */
export function matchGit(url: string): GitRequest | undefined {
  const [path = "", query = ""] = url.split("?", 2);
  const { owner, name, endpoint } = GIT_PATH.exec(path)?.groups ?? {};
  if (owner === undefined || name === undefined || endpoint === undefined) return undefined;
  const asked = endpoint === "/info/refs" ? (new URLSearchParams(query).get("service") ?? "") : endpoint.slice(1);
  // Without a service a client asks for the dumb protocol, which github.com does not speak.
  if (asked !== "git-upload-pack" && asked !== "git-receive-pack") return undefined;
  const route = endpoint === "/info/refs" ? "git-info-refs" : asked;
  return { owner: decodeURIComponent(owner), name: decodeURIComponent(name), service: asked, endpoint, query, route };
}

/** @param cut after how many bytes of the body the connection breaks */
export function serveGit(
  gitDir: string,
  { endpoint, query }: GitRequest,
  request: IncomingMessage,
  response: ServerResponse,
  { user, cut = Number.POSITIVE_INFINITY }: { readonly user: string; readonly cut?: number },
): Promise<void> {
  const { headers } = request;
  const optional: Readonly<Record<string, string | undefined>> = {
    CONTENT_LENGTH: headers["content-length"],
    HTTP_CONTENT_ENCODING: headers["content-encoding"],
    GIT_PROTOCOL: headers["git-protocol"] as string | undefined,
  };
  const child = spawn("git", ["http-backend"], {
    env: gitEnvironment({
      GIT_PROJECT_ROOT: gitDir,
      GIT_HTTP_EXPORT_ALL: "1",
      PATH_INFO: endpoint,
      QUERY_STRING: query,
      REQUEST_METHOD: request.method ?? "GET",
      CONTENT_TYPE: headers["content-type"] ?? "",
      REMOTE_USER: user,
      REMOTE_ADDR: request.socket.remoteAddress ?? "",
      ...Object.fromEntries(
        Object.entries(optional).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
      ),
    }),
    stdio: ["pipe", "pipe", "ignore"],
  });
  request.pipe(child.stdin);
  child.stdin.on("error", () => undefined);
  response.once("close", () => {
    child.stdout.destroy();
    child.stdin.destroy();
  });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", () => {
      if (!response.writableEnded && !response.destroyed) response.end();
      resolve();
    });
    let head = Buffer.alloc(0);
    let sent = 0;
    const forward = (chunk: Buffer): void => {
      const left = Math.max(0, cut - sent);
      sent += chunk.length;
      const hasRoom = response.write(chunk.subarray(0, left));
      if (sent > cut) setTimeout(() => request.socket.destroy(), BYTES_ARRIVE_MS);
      if (hasRoom) return;
      child.stdout.pause();
      response.once("drain", () => child.stdout.resume());
    };
    child.stdout.on("data", (chunk: Buffer) => {
      if (response.headersSent) {
        forward(chunk);
        return;
      }
      head = Buffer.concat([head, chunk]);
      const end = head.indexOf(HEADER_END);
      if (end < 0) return;
      const lines = head.subarray(0, end).toString("latin1").split("\r\n");
      const fields = lines.map((line) => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 1).trim()]);
      const { Status: status = "200 OK", ...rest } = Object.fromEntries(fields) as Record<string, string>;
      response.writeHead(Number.parseInt(status, 10), rest);
      response.flushHeaders();
      const body = head.subarray(end + HEADER_END.length);
      if (body.length > 0) forward(body);
    });
  });
}
