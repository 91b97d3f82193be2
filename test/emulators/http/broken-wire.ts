// The faults that no answer can express: they are done to the connection.
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Answer } from "./answer.ts";
import type { WireFault } from "./faults.ts";

const MEBIBYTE = 1024 * 1024;
const HUGE_BYTES = 64 * MEBIBYTE;
const CHUNK = Buffer.alloc(64 * 1024, " ");
/** Keeps an endless body from taking a processor for itself. */
const ENDLESS_PAUSE_MS = 5;
const SLOW_PAUSE_MS = 1000;
/** A reset throws away what the other side has not read yet, so the headers get a moment to arrive. */
const HEADERS_ARRIVE_MS = 30;

export async function breakWire(
  fault: WireFault,
  own: Answer,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  switch (fault.kind) {
    case "huge-body":
      return streamSpaces(response, fault.status ?? 200, fault.bytes ?? HUGE_BYTES);
    case "endless-body":
      return streamSpaces(response, fault.status ?? 200, Number.POSITIVE_INFINITY);
    case "slow-headers":
      return dripHeaders(response, fault.millisecondsPerLine ?? SLOW_PAUSE_MS);
    case "slow-body":
      return dripBody(response, own, fault.millisecondsPerByte ?? SLOW_PAUSE_MS);
    case "hang":
      return untilClosed(response);
    case "reset-before-headers":
      request.socket.resetAndDestroy();
      return;
    case "reset-after-headers":
      startWhole(response, own);
      response.flushHeaders();
      await pause(response, HEADERS_ARRIVE_MS);
      request.socket.resetAndDestroy();
      return;
    case "truncated-body":
      startWhole(response, own);
      response.write(own.body.slice(0, Math.ceil(own.body.length / 2)));
      await pause(response, HEADERS_ARRIVE_MS);
      request.socket.end();
  }
}

/** Waits; false if the client has gone meanwhile. */
export function pause(response: ServerResponse, milliseconds: number): Promise<boolean> {
  if (isGone(response)) return Promise.resolve(false);
  return new Promise((resolve) => {
    const finish = (): void => {
      clearTimeout(timer);
      response.off("close", finish);
      resolve(!isGone(response));
    };
    const timer = setTimeout(finish, milliseconds);
    response.once("close", finish);
  });
}

function untilClosed(response: ServerResponse): Promise<void> {
  if (isGone(response)) return Promise.resolve();
  return new Promise((resolve) => {
    response.once("close", () => resolve());
  });
}

function isGone(response: ServerResponse): boolean {
  return response.destroyed || response.socket?.destroyed === true;
}

/** The headers of the whole answer, whatever part of it follows. */
function startWhole(response: ServerResponse, answer: Answer): void {
  response.writeHead(answer.status, {
    ...answer.headers,
    "content-length": String(Buffer.byteLength(answer.body) + 1),
  });
}

/** JSON may begin with any number of spaces: a reader without a limit waits for the value for as long as they come. */
async function streamSpaces(response: ServerResponse, status: number, total: number): Promise<void> {
  response.writeHead(status, { "content-type": "application/json" });
  for (let sent = 0; sent < total && !isGone(response); sent += CHUNK.length) {
    const hasRoom = response.write(CHUNK.subarray(0, Math.min(CHUNK.length, total - sent)));
    if (!hasRoom) await drained(response);
    if (total === Number.POSITIVE_INFINITY) await pause(response, ENDLESS_PAUSE_MS);
  }
  if (!isGone(response)) response.end("[]");
}

function drained(response: ServerResponse): Promise<void> {
  if (isGone(response)) return Promise.resolve();
  return new Promise((resolve) => {
    const finish = (): void => {
      response.off("drain", finish);
      response.off("close", finish);
      resolve();
    };
    response.once("drain", finish);
    response.once("close", finish);
  });
}

/** Past the response object: it can only send all headers at once. */
async function dripHeaders(response: ServerResponse, milliseconds: number): Promise<void> {
  response.socket?.write("HTTP/1.1 200 OK\r\n");
  for (let line = 1; await pause(response, milliseconds); line += 1) response.socket?.write(`x-slow-${line}: 1\r\n`);
}

async function dripBody(response: ServerResponse, own: Answer, milliseconds: number): Promise<void> {
  const bytes = Buffer.from(own.body);
  response.writeHead(own.status, { ...own.headers, "content-length": String(bytes.length) });
  response.flushHeaders();
  for (const byte of bytes) {
    if (!(await pause(response, milliseconds))) return;
    response.write(Buffer.of(byte));
  }
  response.end();
}
