// Whoever takes the App's notifications: it keeps what came, checks signatures by itself, and fails on demand.
import { createHmac } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";

export interface Received {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly json: Readonly<Record<string, unknown>>;
  /** What it was answered with. */
  readonly status: number;
}

export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
}

export class Receiver {
  readonly received: Received[] = [];
  /** Played one after the other; 204 after them. */
  readonly next: Answer[] = [];
  readonly #server = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on("data", (piece: Buffer) => pieces.push(piece));
    request.on("end", () => {
      const body = Buffer.concat(pieces).toString("utf8");
      const { status, headers = {} } = this.next.shift() ?? { status: 204 };
      const json = body === "" ? {} : (JSON.parse(body) as Record<string, unknown>);
      this.received.push({ path: request.url ?? "", headers: request.headers, body, json, status });
      response.writeHead(status, headers).end();
    });
  });

  static async start(): Promise<Receiver> {
    const receiver = new Receiver();
    receiver.#server.listen(0, "127.0.0.1");
    await once(receiver.#server, "listening");
    return receiver;
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  taken(path: string): Received[] {
    return this.received.filter((one) => one.path === path && one.status < 300);
  }

  async close(): Promise<void> {
    const closed = once(this.#server, "close");
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }
}

/** Whether one of the signatures is by that secret, and from now. */
export function isSignedBy({ headers, body }: Pick<Received, "headers" | "body">, secret: string): boolean {
  const parts = String(headers["x-inferencekey-signature"]).split(",");
  const time = /^t=(\d+)$/.exec(parts[0] ?? "")?.[1] ?? "";
  const wanted = createHmac("sha256", secret).update(`${time}.${body}`).digest("hex");
  return Math.abs(Number(time) - Date.now() / 1000) < 300 && parts.slice(1).includes(`v1=${wanted}`);
}
