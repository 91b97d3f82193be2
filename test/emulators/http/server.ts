// Listening, for every emulator alike: plain HTTP or TLS, on loopback unless told otherwise, and gone when closed.
import { createServer as createPlainServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createSecureServer } from "node:https";
import type { AddressInfo } from "node:net";

export interface TlsIdentity {
  /** PEM. */
  readonly key: string;
  /** PEM. */
  readonly cert: string;
}

export interface ServerOptions {
  /** Where to listen, and the host of the base URL. */
  readonly hostname?: string;
  /** 0, the default, takes a free one. */
  readonly port?: number;
  readonly tls?: TlsIdentity;
}

export interface RunningServer {
  /** Scheme, host and port, without a slash at the end. */
  readonly origin: string;
  readonly port: number;
  /** Drops every connection. Rejects if the emulator itself failed on a request: that must not pass as a fault. */
  close(): Promise<void>;
}

export type Handler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

const LOOPBACK = "127.0.0.1";

export async function startServer(handle: Handler, options: ServerOptions = {}): Promise<RunningServer> {
  const failures: unknown[] = [];
  const listener = (request: IncomingMessage, response: ServerResponse): void => {
    handle(request, response).catch((error: unknown) => {
      failures.push(error);
      response.destroy();
    });
  };
  const server = options.tls === undefined ? createPlainServer(listener) : createSecureServer(options.tls, listener);
  const hostname = options.hostname ?? LOOPBACK;
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port ?? 0, hostname, resolve);
  });
  // Clients that refuse the certificate, or hang up, are what the tests are about.
  server.on("error", () => undefined);
  const { port } = server.address() as AddressInfo;
  return {
    origin: `${options.tls === undefined ? "http" : "https"}://${hostname}:${port}`,
    port,
    close: async () => {
      const closed = new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
      server.closeAllConnections();
      await closed;
      if (failures.length > 0) throw new AggregateError(failures, "the emulator failed on a request");
    },
  };
}
