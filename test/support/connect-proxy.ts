// An HTTP proxy that tunnels every CONNECT to one server, whatever host it names: so tests reach hosts that do not exist.
import { createServer, type Server } from "node:http";
import { connect, type AddressInfo } from "node:net";

export interface ConnectProxy {
  readonly url: string;
  /** `host:port` of each tunnel that was asked for. */
  readonly tunnels: readonly string[];
  /** What came in plain text, which must be nothing of a token's. */
  readonly plainRequests: readonly string[];
  close(): Promise<void>;
}

export async function startConnectProxy(targetPort: number): Promise<ConnectProxy> {
  const tunnels: string[] = [];
  const plainRequests: string[] = [];
  const server: Server = createServer((request, response) => {
    plainRequests.push(request.url ?? "");
    response.writeHead(502).end();
  });
  server.on("connect", (request, client) => {
    tunnels.push(request.url ?? "");
    const upstream = connect(targetPort, "127.0.0.1", () => {
      client.write("HTTP/1.1 200 Connection established\r\n\r\n");
      upstream.pipe(client);
      client.pipe(upstream);
    });
    for (const socket of [upstream, client]) {
      socket.on("error", () => undefined);
      socket.on("close", () => {
        upstream.destroy();
        client.destroy();
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    tunnels,
    plainRequests,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
