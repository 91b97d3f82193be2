/**
 * Answers other commands of `keyrecall-app` on this host while this process has the embedded database: JSON over HTTP
 * on a socket of the file system, which only the user of the App can open.
 */
import { once } from "node:events";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Log } from "../log.ts";
import { SettingsError } from "../settings-error.ts";
import { controlFile } from "./client.ts";

/** The address of a socket is short: 104 bytes on some systems. */
const MAX_PATH_BYTES = 100;
const MAX_REQUEST_BYTES = 64 * 1024;

/** @param answer text for people. @returns what ends it */
export async function serveControl(
  dataDirectory: string,
  answer: (asked: unknown) => Promise<string>,
  log: Log,
): Promise<() => Promise<void>> {
  const { socket, remove } = placeFor(dataDirectory);
  const server = createServer((request, response) => {
    reply(request, response, answer).catch((error: unknown) => {
      log.error({ err: error }, "a command could not be answered");
      if (response.headersSent) response.destroy();
      else response.writeHead(500).end("it failed; the log of the App says why");
    });
  });
  const maskBefore = process.umask(0o177);
  server.listen(socket);
  process.umask(maskBefore);
  await once(server, "listening");
  chmodSync(socket, 0o600);
  writeFileSync(controlFile(dataDirectory), socket, { mode: 0o600 });
  return async () => {
    const closed = once(server, "close");
    server.close();
    server.closeAllConnections();
    await closed;
    rmSync(controlFile(dataDirectory), { force: true });
    remove();
  };
}

function placeFor(dataDirectory: string): { socket: string; remove: () => void } {
  const near = path.join(dataDirectory, "control.sock");
  if (Buffer.byteLength(near) <= MAX_PATH_BYTES) {
    // A process that was killed leaves it behind; the directory is this process's now.
    rmSync(near, { force: true });
    return { socket: near, remove: () => rmSync(near, { force: true }) };
  }
  const own = mkdtempSync(path.join(tmpdir(), "keyrecall-"));
  return { socket: path.join(own, "control.sock"), remove: () => rmSync(own, { recursive: true, force: true }) };
}

async function reply(
  request: IncomingMessage,
  response: ServerResponse,
  answer: (asked: unknown) => Promise<string>,
): Promise<void> {
  let text = "";
  for await (const chunk of request) {
    text += String(chunk);
    if (text.length > MAX_REQUEST_BYTES) return void response.writeHead(413).end();
  }
  try {
    const answered = await answer(JSON.parse(text));
    response.writeHead(200).end(answered);
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    response.writeHead(400).end(JSON.stringify({ message: error.message, hint: error.hint }));
  }
}
