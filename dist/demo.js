var __create = Object.create;
var __defProp = Object.defineProperty;
var __getOwnPropDesc = Object.getOwnPropertyDescriptor;
var __getOwnPropNames = Object.getOwnPropertyNames;
var __getProtoOf = Object.getPrototypeOf;
var __hasOwnProp = Object.prototype.hasOwnProperty;
var __commonJS = (cb, mod) => function __require() {
  try {
    return mod || (0, cb[__getOwnPropNames(cb)[0]])((mod = { exports: {} }).exports, mod), mod.exports;
  } catch (e) {
    throw mod = 0, e;
  }
};
var __copyProps = (to, from, except, desc) => {
  if (from && typeof from === "object" || typeof from === "function") {
    for (let key of __getOwnPropNames(from))
      if (!__hasOwnProp.call(to, key) && key !== except)
        __defProp(to, key, { get: () => from[key], enumerable: !(desc = __getOwnPropDesc(from, key)) || desc.enumerable });
  }
  return to;
};
var __toESM = (mod, isNodeMode, target) => (target = mod != null ? __create(__getProtoOf(mod)) : {}, __copyProps(
  // If the importer is in node compatibility mode or this is not an ESM
  // file that has been converted to a CommonJS file using a Babel-
  // compatible transform (i.e. "__esModule" has not been set), then set
  // "default" to the CommonJS "module.exports" for node compatibility.
  isNodeMode || !mod || !mod.__esModule ? __defProp(target, "default", { value: mod, enumerable: true }) : target,
  mod
));

// node_modules/picocolors/picocolors.js
var require_picocolors = __commonJS({
  "node_modules/picocolors/picocolors.js"(exports, module) {
    var p = process || {};
    var argv = p.argv || [];
    var env = p.env || {};
    var isColorSupported = !(!!env.NO_COLOR || argv.includes("--no-color")) && (!!env.FORCE_COLOR || argv.includes("--color") || p.platform === "win32" || (p.stdout || {}).isTTY && env.TERM !== "dumb" || !!env.CI);
    var formatter = (open, close, replace = open) => (input) => {
      let string = "" + input, index = string.indexOf(close, open.length);
      return ~index ? open + replaceClose(string, close, replace, index) + close : open + string + close;
    };
    var replaceClose = (string, close, replace, index) => {
      let result = "", cursor = 0;
      do {
        result += string.substring(cursor, index) + replace;
        cursor = index + close.length;
        index = string.indexOf(close, cursor);
      } while (~index);
      return result + string.substring(cursor);
    };
    var createColors = (enabled = isColorSupported) => {
      let f = enabled ? formatter : () => String;
      return {
        isColorSupported: enabled,
        reset: f("\x1B[0m", "\x1B[0m"),
        bold: f("\x1B[1m", "\x1B[22m", "\x1B[22m\x1B[1m"),
        dim: f("\x1B[2m", "\x1B[22m", "\x1B[22m\x1B[2m"),
        italic: f("\x1B[3m", "\x1B[23m"),
        underline: f("\x1B[4m", "\x1B[24m"),
        inverse: f("\x1B[7m", "\x1B[27m"),
        hidden: f("\x1B[8m", "\x1B[28m"),
        strikethrough: f("\x1B[9m", "\x1B[29m"),
        black: f("\x1B[30m", "\x1B[39m"),
        red: f("\x1B[31m", "\x1B[39m"),
        green: f("\x1B[32m", "\x1B[39m"),
        yellow: f("\x1B[33m", "\x1B[39m"),
        blue: f("\x1B[34m", "\x1B[39m"),
        magenta: f("\x1B[35m", "\x1B[39m"),
        cyan: f("\x1B[36m", "\x1B[39m"),
        white: f("\x1B[37m", "\x1B[39m"),
        gray: f("\x1B[90m", "\x1B[39m"),
        bgBlack: f("\x1B[40m", "\x1B[49m"),
        bgRed: f("\x1B[41m", "\x1B[49m"),
        bgGreen: f("\x1B[42m", "\x1B[49m"),
        bgYellow: f("\x1B[43m", "\x1B[49m"),
        bgBlue: f("\x1B[44m", "\x1B[49m"),
        bgMagenta: f("\x1B[45m", "\x1B[49m"),
        bgCyan: f("\x1B[46m", "\x1B[49m"),
        bgWhite: f("\x1B[47m", "\x1B[49m"),
        blackBright: f("\x1B[90m", "\x1B[39m"),
        redBright: f("\x1B[91m", "\x1B[39m"),
        greenBright: f("\x1B[92m", "\x1B[39m"),
        yellowBright: f("\x1B[93m", "\x1B[39m"),
        blueBright: f("\x1B[94m", "\x1B[39m"),
        magentaBright: f("\x1B[95m", "\x1B[39m"),
        cyanBright: f("\x1B[96m", "\x1B[39m"),
        whiteBright: f("\x1B[97m", "\x1B[39m"),
        bgBlackBright: f("\x1B[100m", "\x1B[49m"),
        bgRedBright: f("\x1B[101m", "\x1B[49m"),
        bgGreenBright: f("\x1B[102m", "\x1B[49m"),
        bgYellowBright: f("\x1B[103m", "\x1B[49m"),
        bgBlueBright: f("\x1B[104m", "\x1B[49m"),
        bgMagentaBright: f("\x1B[105m", "\x1B[49m"),
        bgCyanBright: f("\x1B[106m", "\x1B[49m"),
        bgWhiteBright: f("\x1B[107m", "\x1B[49m")
      };
    };
    module.exports = createColors();
    module.exports.createColors = createColors;
  }
});

// scripts/demo.ts
import { spawn } from "node:child_process";
import { randomBytes as randomBytes4 } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

// src/cli/colors.ts
var import_picocolors = __toESM(require_picocolors(), 1);
function colorsFor(isWanted, stream = process.stdout) {
  const isTerminal = stream?.isTTY === true && process.env["TERM"] !== "dumb";
  return import_picocolors.default.createColors(isTerminal && isWanted && (process.env["NO_COLOR"] ?? "") === "");
}

// test/support/token.ts
import { createHash, randomBytes } from "node:crypto";

// test/support/secret-guard.ts
var WINDOW = 16;
var chosenSecrets = /* @__PURE__ */ new Set();
var piecesOfRandomSecrets = /* @__PURE__ */ new Set();
function rememberSecret(secret, origin) {
  const lower = secret.toLowerCase();
  if (origin === "chosen") {
    chosenSecrets.add(lower);
    return;
  }
  for (let start = 0; start + WINDOW <= lower.length; start += 1)
    piecesOfRandomSecrets.add(lower.slice(start, start + WINDOW));
}

// test/support/token.ts
var PREFIXES = { control: "ik_sdk_", data: "ik_live_" };
function makeToken(options = {}) {
  const plane = options.plane ?? "control";
  const digits = randomHex(options.seed, 36);
  const withCase = (hex) => options.upperCase === true ? hex.toUpperCase() : hex;
  const publicId = withCase(options.publicId ?? digits.slice(0, 8));
  const secret = withCase(options.secret ?? digits.slice(8, 72));
  rememberSecret(secret, options.secret === void 0 ? "random" : "chosen");
  const prefix = PREFIXES[plane];
  const raw = `${prefix}${publicId}_${secret}`;
  return { plane, prefix, publicId, secret, raw, masked: `${prefix}${publicId}…`, fingerprint: fingerprintOf(raw) };
}
function fingerprintOf(raw) {
  return `sha256:${createHash("sha256").update(raw).digest("hex")}`;
}
function randomHex(seed, bytes) {
  if (seed === void 0) return randomBytes(bytes).toString("hex");
  let hex = "";
  for (let block = 0; hex.length < bytes * 2; block += 1) {
    hex += createHash("sha256").update(`keyrecall test ${seed} ${block}`).digest("hex");
  }
  return hex.slice(0, bytes * 2);
}

// test/emulators/http/altered-answer.ts
import { STATUS_CODES } from "node:http";
function alterAnswer(fault, own, describe) {
  switch (fault.kind) {
    case "html-page":
      return htmlPage(fault.status ?? 200);
    case "empty-body":
      return { status: fault.status ?? 200, headers: {}, body: "" };
    case "wrong-content-type":
      return { ...own, headers: { ...own.headers, "content-type": fault.contentType ?? "text/html; charset=utf-8" } };
    case "invalid-json":
      return { ...own, body: own.body === "" ? "{" : own.body.slice(0, Math.max(1, own.body.length - 2)) };
    case "redirect":
      return { status: fault.status ?? 307, headers: { location: fault.location }, body: "" };
    case "rate-limit":
      return describe(tooMany(fault.retryAfterSeconds, fault.retryAfterForm ?? "seconds"));
    case "unavailable":
      return describe(unavailable(fault.status ?? 503, fault.retryAfterSeconds));
    case "api-error":
      return describe({ status: fault.status, code: fault.code, message: fault.message ?? nameOf(fault.status) });
  }
}
function htmlPage(status) {
  const title = status === 200 ? "Welcome to the guest network" : nameOf(status);
  const body = `<!doctype html><html><head><title>${title}</title></head><body><h1>${title}</h1></body></html>`;
  return { status, headers: { "content-type": "text/html; charset=utf-8" }, body };
}
function tooMany(seconds2, form) {
  const error = { status: 429, code: "rate_limited", message: "Too many requests." };
  if (seconds2 === void 0) return error;
  const value = form === "seconds" ? String(seconds2) : new Date(Date.now() + seconds2 * 1e3).toUTCString();
  return { ...error, headers: { "retry-after": value } };
}
function unavailable(status, seconds2) {
  const error = { status, code: "unavailable", message: nameOf(status) };
  return seconds2 === void 0 ? error : { ...error, headers: { "retry-after": String(seconds2) } };
}
function nameOf(status) {
  return STATUS_CODES[status] ?? `Status ${status}`;
}

// test/emulators/http/answer.ts
function jsonAnswer(status, value, headers = {}) {
  return { status, headers: { "content-type": "application/json", ...headers }, body: JSON.stringify(value) };
}
function sendAnswer(response, answer) {
  const length = answer.status === 204 ? {} : { "content-length": String(Buffer.byteLength(answer.body)) };
  response.writeHead(answer.status, { ...answer.headers, ...length });
  response.end(answer.body);
}

// test/emulators/http/broken-wire.ts
var MEBIBYTE = 1024 * 1024;
var HUGE_BYTES = 64 * MEBIBYTE;
var CHUNK = Buffer.alloc(64 * 1024, " ");
var ENDLESS_PAUSE_MS = 5;
var SLOW_PAUSE_MS = 1e3;
var HEADERS_ARRIVE_MS = 30;
async function breakWire(fault, own, request, response) {
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
function pause(response, milliseconds) {
  if (isGone(response)) return Promise.resolve(false);
  return new Promise((resolve) => {
    const finish = () => {
      clearTimeout(timer);
      response.off("close", finish);
      resolve(!isGone(response));
    };
    const timer = setTimeout(finish, milliseconds);
    response.once("close", finish);
  });
}
function untilClosed(response) {
  if (isGone(response)) return Promise.resolve();
  return new Promise((resolve) => {
    response.once("close", () => resolve());
  });
}
function isGone(response) {
  return response.destroyed || response.socket?.destroyed === true;
}
function startWhole(response, answer) {
  response.writeHead(answer.status, {
    ...answer.headers,
    "content-length": String(Buffer.byteLength(answer.body) + 1)
  });
}
async function streamSpaces(response, status, total) {
  response.writeHead(status, { "content-type": "application/json" });
  for (let sent = 0; sent < total && !isGone(response); sent += CHUNK.length) {
    const hasRoom = response.write(CHUNK.subarray(0, Math.min(CHUNK.length, total - sent)));
    if (!hasRoom) await drained(response);
    if (total === Number.POSITIVE_INFINITY) await pause(response, ENDLESS_PAUSE_MS);
  }
  if (!isGone(response)) response.end("[]");
}
function drained(response) {
  if (isGone(response)) return Promise.resolve();
  return new Promise((resolve) => {
    const finish = () => {
      response.off("drain", finish);
      response.off("close", finish);
      resolve();
    };
    response.once("drain", finish);
    response.once("close", finish);
  });
}
async function dripHeaders(response, milliseconds) {
  response.socket?.write("HTTP/1.1 200 OK\r\n");
  for (let line = 1; await pause(response, milliseconds); line += 1) response.socket?.write(`x-slow-${line}: 1\r
`);
}
async function dripBody(response, own, milliseconds) {
  const bytes = Buffer.from(own.body);
  response.writeHead(own.status, { ...own.headers, "content-length": String(bytes.length) });
  response.flushHeaders();
  for (const byte of bytes) {
    if (!await pause(response, milliseconds)) return;
    response.write(Buffer.of(byte));
  }
  response.end();
}

// test/emulators/http/faults.ts
var ALTERING = /* @__PURE__ */ new Set([
  "wrong-content-type",
  "invalid-json",
  "slow-body",
  "truncated-body",
  "reset-after-headers"
]);
function actsInSpiteOf(fault) {
  return fault.actFirst === true || ALTERING.has(fault.kind);
}

// test/emulators/http/exchange.ts
var NOTHING = { status: 200, headers: { "content-type": "application/json" }, body: "{}" };
var WIRE_FAULTS = /* @__PURE__ */ new Set([
  "huge-body",
  "endless-body",
  "slow-headers",
  "slow-body",
  "hang",
  "reset-before-headers",
  "reset-after-headers",
  "truncated-body"
]);
async function answerExchange(exchange, { delayMilliseconds, fault }) {
  const { request, response } = exchange;
  if (delayMilliseconds > 0) await pause(response, delayMilliseconds);
  const own = fault === void 0 || actsInSpiteOf(fault) ? await exchange.act() : NOTHING;
  if (fault === void 0) sendAnswer(response, own);
  else if (isWireFault(fault)) await breakWire(fault, own, request, response);
  else sendAnswer(response, alterAnswer(fault, own, exchange.describe));
}
function isWireFault(fault) {
  return WIRE_FAULTS.has(fault.kind);
}

// test/emulators/http/fault-queue.ts
var FaultQueue = class {
  injected = [];
  /** Returns what takes the fault away again. */
  inject(fault, target = {}) {
    const entry = { fault, target, left: target.times ?? Number.POSITIVE_INFINITY };
    this.injected.push(entry);
    return () => {
      this.injected = this.injected.filter((other) => other !== entry);
    };
  }
  clear() {
    this.injected = [];
  }
  /** What meets this request: the oldest fault that is left for it, and every delay. */
  take(route, fingerprint) {
    const matching = this.injected.filter(
      ({ target, left }) => left > 0 && (target.route === void 0 || target.route === route) && (target.fingerprint === void 0 || target.fingerprint === fingerprint) && (target.share === void 0 || (target.random ?? Math.random)() < target.share)
    );
    const latencies = matching.filter((entry) => entry.fault.kind === "latency");
    const first = matching.find((entry) => entry.fault.kind !== "latency");
    for (const entry of first === void 0 ? latencies : [...latencies, first]) entry.left -= 1;
    this.injected = this.injected.filter(({ left }) => left > 0);
    const delays = latencies.map(({ fault }) => fault.kind === "latency" ? fault.milliseconds : 0);
    const delayMilliseconds = delays.reduce((sum, delay) => sum + delay, 0);
    return { delayMilliseconds, fault: first?.fault.kind === "latency" ? void 0 : first?.fault };
  }
};

// test/emulators/http/request-body.ts
async function readRequestBody(request, limit) {
  const chunks = [];
  let length = 0;
  try {
    for await (const chunk of request) {
      length += chunk.length;
      if (length <= limit) chunks.push(chunk);
    }
  } catch {
  }
  const isTooLarge = length > limit;
  return { bytes: isTooLarge ? Buffer.alloc(0) : Buffer.concat(chunks), length, isTooLarge };
}
function parseJson(bytes) {
  try {
    return JSON.parse(bytes.toString("utf8"));
  } catch {
    return void 0;
  }
}
function isRecord(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

// test/emulators/http/server.ts
import { createServer as createPlainServer } from "node:http";
import { createServer as createSecureServer } from "node:https";
var LOOPBACK = "127.0.0.1";
async function startServer(handle, options = {}) {
  const failures = [];
  const listener = (request, response) => {
    handle(request, response).catch((error) => {
      failures.push(error);
      response.destroy();
    });
  };
  const server = options.tls === void 0 ? createPlainServer(listener) : createSecureServer(options.tls, listener);
  const hostname = options.hostname ?? LOOPBACK;
  await new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port ?? 0, hostname, resolve);
  });
  server.on("error", () => void 0);
  const { port } = server.address();
  return {
    origin: `${options.tls === void 0 ? "http" : "https"}://${hostname}:${port}`,
    port,
    close: async () => {
      const closed = new Promise((resolve) => {
        server.close(() => resolve());
      });
      server.closeAllConnections();
      await closed;
      if (failures.length > 0) throw new AggregateError(failures, "the emulator failed on a request");
    }
  };
}

// test/emulators/inferencekey/errors.ts
function describeError(error, switches) {
  if (error.code === null && switches.bareForbidden === "empty-body") {
    return { status: error.status, headers: { ...error.headers }, body: "" };
  }
  return jsonAnswer(error.status, bodyOf(error, switches), error.headers);
}
function bodyOf({ status, code, message }, switches) {
  const named = code ?? (switches.bareForbidden === "generic-code" && status === 403 ? "forbidden" : null);
  if (switches.errorShape === "flat") return named === null ? { message } : { error: named };
  return { error: named === null ? { message } : { code: named, message } };
}
var unauthorized = {
  status: 401,
  code: "unauthorized",
  message: "invalid or expired credentials"
};
function wrongPlane(wanted) {
  const prefix = wanted === "control" ? "an ik_sdk_ control-plane token" : "an ik_live_ data-plane key";
  return { status: 403, code: "wrong_credential_type", message: `This route requires ${prefix}.` };
}
function projectMismatch(project) {
  return { status: 403, code: "project_scope_mismatch", message: `token is not scoped to project "${project}"` };
}
var scopeInsufficient = {
  status: 403,
  code: "scope_insufficient",
  message: "this credential cannot perform the requested operation"
};
var bareForbidden = { status: 403, code: null, message: "Forbidden" };
function notFound(what) {
  return { status: 404, code: "not_found", message: `${what} not found` };
}
function invalid(code, message) {
  return { status: 400, code, message };
}
function refuse(how, code) {
  if (how === "401") return unauthorized;
  return how === "403" ? bareForbidden : { status: 403, code, message: `This credential is refused: ${code}.` };
}

// test/emulators/inferencekey/credential.ts
var TOKEN_ANYWHERE = /ik_(?:sdk|live)_[\w-]+/gi;
function readCredential(headers) {
  const [, raw] = /^Bearer +(\S+)$/i.exec(headers.authorization ?? "") ?? [];
  if (raw === void 0) return { kind: headers.authorization === void 0 ? "none" : "other", fingerprint: null };
  return { kind: kindOf(raw), fingerprint: fingerprintOf(raw) };
}
function kindOf(raw) {
  if (raw.startsWith("ik_sdk_")) return "control";
  return raw.startsWith("ik_live_") ? "data" : "other";
}
function withoutTokens(text) {
  const decoded = text.replaceAll(
    /%([0-9a-f]{2})/gi,
    (_encoded, hex) => String.fromCodePoint(Number.parseInt(hex, 16))
  );
  return decoded.replaceAll(TOKEN_ANYWHERE, "[token]");
}
function misplacedTokens({ url, headers, body }) {
  const others = Object.entries(headers).filter(([name]) => name !== "authorization");
  return [
    ...hasToken(url) ? ["url"] : [],
    ...others.filter(([, value]) => hasToken(String(value))).map(([name]) => `header ${name}`),
    ...hasToken(body.toString("latin1")) ? ["body"] : []
  ];
}
function hasToken(text) {
  return withoutTokens(text).includes("[token]");
}

// test/emulators/inferencekey/request-log.ts
function openEntry(request, route, body, state, number) {
  const [path = "", query = ""] = (request.url ?? "").split("?", 2);
  const { kind, fingerprint } = readCredential(request.headers);
  return {
    number,
    method: request.method ?? "",
    path: withoutTokens(path),
    query: withoutTokens(query),
    host: withoutTokens(request.headers.host ?? ""),
    route: route?.name ?? "undocumented",
    credential: kind,
    fingerprint,
    isKnownToken: fingerprint !== null && state.findToken(fingerprint) !== void 0,
    misplacedTokens: misplacedTokens({ url: request.url ?? "", headers: request.headers, body: body.bytes }),
    bodyBytes: body.length,
    receivedAt: /* @__PURE__ */ new Date(),
    durationMilliseconds: null,
    status: null,
    effect: "none",
    fault: null
  };
}
function closeEntry(entry, response) {
  const start = performance.now();
  response.once("close", () => {
    entry.durationMilliseconds = performance.now() - start;
    entry.status = response.headersSent ? response.statusCode : null;
  });
}

// test/emulators/inferencekey/routes.ts
var TABLE = [
  ["GET", /^\/api\/projects\/(?<project>[^/]+)\/workloads$/, "control", "list-workloads"],
  ["POST", /^\/api\/projects\/(?<project>[^/]+)\/workloads$/, "control", "create-workload"],
  ["PATCH", /^\/api\/workloads\/(?<workload>[^/]+)$/, "control", "update-workload"],
  ["DELETE", /^\/api\/workloads\/(?<workload>[^/]+)$/, "control", "delete-workload"],
  [
    "GET",
    /^\/api\/projects\/(?<project>[^/]+)\/workloads\/(?<workload>[^/]+)\/readiness-events$/,
    "control",
    "readiness-events"
  ],
  ["POST", /^\/endpoint\/(?<project>[^/]+)\/(?<workload>[^/]+)\/v1\/chat\/completions$/, "data", "chat"],
  ["POST", /^\/endpoint\/(?<project>[^/]+)\/(?<workload>[^/]+)\/v1\/embeddings$/, "data", "embeddings"],
  ["POST", /^\/endpoint\/(?<project>[^/]+)\/(?<workload>[^/]+)\/v1\/rerank$/, "data", "rerank"],
  ["POST", /^\/endpoint\/(?<project>[^/]+)\/(?<workload>[^/]+)\/jobs$/, "data", "jobs"]
];
function matchRoute(method, url) {
  const path = decodePath(url.split("?", 1).join(""));
  for (const [routeMethod, pattern, plane, name] of TABLE) {
    const match = method === routeMethod ? pattern.exec(path) : null;
    if (match !== null)
      return { name, plane, project: match.groups?.["project"], workload: match.groups?.["workload"] };
  }
  return void 0;
}
function decodePath(path) {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

// test/emulators/inferencekey/validate.ts
var JOB_KINDS = /* @__PURE__ */ new Map([
  ["chat", "chat"],
  ["chat_completions", "chat"],
  ["embeddings", "embeddings"],
  ["rerank", "rerank"],
  ["reranking", "rerank"],
  ["audio_speech", null],
  ["audio_generate", null],
  ["audio_transcriptions", null],
  ["images", null],
  ["images_generations", null],
  ["images_edits", null],
  ["images_variations", null],
  ["forecast", null]
]);
function validateBody(route, body) {
  switch (route.name) {
    case "create-workload":
      return validateNewWorkload(body);
    case "update-workload":
      return isRecord(body) ? void 0 : invalid("invalid_request", "the body is no JSON object");
    case "jobs":
      return validateJob(body);
    default:
      return void 0;
  }
}
function modalityOfJob(body) {
  return JOB_KINDS.get(isRecord(body) ? String(body["kind"]) : "") ?? null;
}
function validateNewWorkload(body) {
  if (!isRecord(body)) return invalid("invalid_request", "the body is no JSON object");
  for (const field of ["name", "backend", "model_name"]) {
    if (!isText(body[field])) return invalid("validation_failed", `${field} must not be empty`);
  }
  return void 0;
}
function validateJob(body) {
  if (!isRecord(body)) return invalid("invalid_request", "the body is no JSON object");
  const kind = body["kind"];
  if (typeof kind !== "string" || !JOB_KINDS.has(kind)) {
    return invalid("unsupported_kind", `kind is one of ${[...JOB_KINDS.keys()].join(", ")}`);
  }
  const hasBytes = body["body_b64"] !== void 0;
  if (hasBytes === (body["body"] !== void 0)) return invalid("invalid_request", "send either body or body_b64");
  if (hasBytes && !isText(body["content_type"])) return invalid("invalid_request", "body_b64 needs content_type");
  if (hasBytes && modalityOfJob(body) === "chat") return invalid("invalid_request", "chat takes no body_b64");
  return void 0;
}
function isText(value) {
  return typeof value === "string" && value.trim() !== "";
}

// test/emulators/inferencekey/checks.ts
function judge(request) {
  for (const check of orderOf(request.switches)) {
    const error = check(request);
    if (error !== void 0) return error;
  }
  return void 0;
}
function orderOf({ planeCheck, lookup, validation, projectCheck }) {
  const movable = (when) => [
    ...lookup === when ? [checkExistence] : [],
    ...validation === when ? [checkBody] : []
  ];
  const authentication = planeCheck === "before-authentication" ? [checkPlane, authenticate] : [authenticate, checkPlane];
  const authorization = projectCheck === "before-scope" ? [checkProject, checkScope] : [checkScope, checkProject];
  return [
    ...movable("before-authentication"),
    ...authentication,
    ...movable("before-authorization"),
    ...authorization,
    ...movable("after-authorization"),
    checkToggles
  ];
}
function checkPlane({ route, credential }) {
  if (credential.kind !== "control" && credential.kind !== "data") return void 0;
  return credential.kind === route.plane ? void 0 : wrongPlane(route.plane);
}
function authenticate(request) {
  const { credential, state, switches } = request;
  const token = credential.fingerprint === null ? void 0 : state.findToken(credential.fingerprint);
  if (token === void 0) return unauthorized;
  if (token.status !== "live") return refuse(refusalOf(token, switches), `token_${token.status}`);
  request.token = token;
  return void 0;
}
function refusalOf({ plane, status }, switches) {
  if (status === "suspended") return switches.suspended;
  if (status === "expired") return plane === "control" ? switches.expiredControl : switches.expiredData;
  return plane === "control" ? switches.revokedControl : switches.revokedData;
}
function checkExistence({ route, project, workload }) {
  if (route.project !== void 0 && project === void 0) return notFound(`project "${route.project}"`);
  if (route.workload === void 0 || workload !== void 0) return void 0;
  return notFound(`workload "${route.workload}"`);
}
function checkBody({ route, body }) {
  return validateBody(route, body);
}
function checkProject({ route, token, project, switches }) {
  const slug = project?.slug ?? route.project;
  if (token === void 0 || slug === void 0) return void 0;
  if (token.plane === "data")
    return hasGrantIn(token, slug) ? suspension(project, switches) : ungranted(slug, switches);
  if (token.project === slug) return suspension(project, switches);
  return route.project === void 0 && switches.foreignWorkload === "404" ? notFound(`workload "${route.workload}"`) : projectMismatch(slug);
}
function suspension(project, switches) {
  return project?.suspended === true ? refuse(switches.suspended, "project_suspended") : void 0;
}
function ungranted(project, { grantMismatch }) {
  if (grantMismatch === "404") return notFound(`project "${project}"`);
  return grantMismatch === "403" ? bareForbidden : projectMismatch(project);
}
function checkScope(request) {
  const { token, switches } = request;
  if (token === void 0) return void 0;
  if (token.plane === "control")
    return neededScopes(request).every((any) => any.some((scope) => token.scopes.includes(scope))) ? void 0 : scopeInsufficient;
  return checkGrant(token, request) ? void 0 : grantError(request, switches);
}
function neededScopes({ route, body, switches }) {
  const assigns = isRecord(body) && (typeof body["worker_id"] === "string" || typeof body["gpu_resource_id"] === "string");
  switch (route.name) {
    case "list-workloads":
    case "readiness-events":
      return [switches.listScope === "read" ? ["workload:read"] : ["workload:read", "workload:write"]];
    case "create-workload":
    case "update-workload":
      return assigns ? [["workload:write"], ["assignment:write"]] : [["workload:write"]];
    default:
      return [["workload:write"]];
  }
}
function checkGrant(token, { route, project }) {
  const slug = project?.slug ?? route.project;
  return token.grants.some((grant) => grant === `${slug}/*` || grant === `${slug}/${route.workload}`);
}
function grantError({ route }, { grantMismatch }) {
  if (grantMismatch === "404") return notFound(`workload "${route.workload}"`);
  return grantMismatch === "403" ? bareForbidden : scopeInsufficient;
}
function hasGrantIn(token, project) {
  return token.grants.some((grant) => grant.startsWith(`${project}/`));
}
function checkToggles({ route, body, workload, state, switches }) {
  if (workload === void 0 || route.plane === "control") return void 0;
  const modality = modalityOfJob(body);
  const needed = route.name === "jobs" ? ["jobs", ...modality === null ? [] : [modality]] : [route.name];
  const off = state.behaviourOf(workload).off ?? [];
  const missing = needed.find((toggle) => off.includes(toggle));
  if (missing === void 0) return void 0;
  const message = `the ${missing} endpoint of this workload is off`;
  if (switches.endpointOff === "400") return invalid("endpoint_disabled", message);
  return switches.endpointOff === "404" ? notFound(missing) : { status: 403, code: "endpoint_disabled", message };
}

// test/emulators/inferencekey/control-plane.ts
var PHASES = ["scheduling", "provisioning", "bootstrapping", "ready"];
var FIELDS = /* @__PURE__ */ new Set([
  "name",
  "slug",
  "description",
  "task_type",
  "backend",
  "model_name",
  "config",
  "worker_id",
  "gpu_resource_id",
  "execution_policy",
  "execution_policy_config"
]);
function performControl(request) {
  const { state } = request;
  switch (request.route.name) {
    case "create-workload": {
      const workload = state.addWorkload(projectOf(request).slug, fieldsOf(request.body));
      return { answer: jsonAnswer(201, workload), effect: "write" };
    }
    case "update-workload": {
      const workload = state.updateWorkload(workloadOf(request), fieldsOf(request.body));
      return { answer: jsonAnswer(200, workload), effect: "write" };
    }
    case "delete-workload":
      state.deleteWorkload(workloadOf(request));
      return { answer: { status: 204, headers: {}, body: "" }, effect: "write" };
    case "readiness-events":
      return { answer: readinessEvents(workloadOf(request)), effect: "read" };
    default: {
      const workloads = state.workloadsOf(projectOf(request));
      const list = request.switches.listShape === "array" ? workloads : { workloads };
      return { answer: jsonAnswer(200, list), effect: "read" };
    }
  }
}
function readinessEvents({ slug }) {
  const events = PHASES.map((phase, index) => ({ phase, message: `${slug}: ${phase}`, elapsed_ms: index * 1500 }));
  const body = events.map((event) => `data: ${JSON.stringify(event)}

`).join("");
  return { status: 200, headers: { "content-type": "text/event-stream" }, body };
}
function fieldsOf(body) {
  if (!isRecord(body)) return {};
  return Object.fromEntries(Object.entries(body).filter(([name]) => FIELDS.has(name)));
}
function projectOf({ project }) {
  if (project === void 0) throw new Error("a request passed the checks without its project");
  return project;
}
function workloadOf({ workload }) {
  if (workload === void 0) throw new Error("a request passed the checks without its workload");
  return workload;
}

// test/emulators/inferencekey/data-plane.ts
import { randomUUID } from "node:crypto";
var CREATED = 175e7;
function performData(request) {
  const { route, workload, state } = request;
  if (workload === void 0) throw new Error("a request passed the checks without its workload");
  if (route.name === "jobs") return { answer: jsonAnswer(202, { job_id: randomUUID() }), effect: "job" };
  const refusal = state.behaviourOf(workload).processAnswers;
  const answer = refusal === void 0 ? infer(request, workload) : processError(refusal);
  return { answer, effect: "inference" };
}
function infer({ route, body }, workload) {
  const fields = isRecord(body) ? body : {};
  switch (route.name) {
    case "embeddings":
      return embed(fields, workload);
    case "rerank":
      return rerank(fields, workload);
    default:
      return chat(fields, workload);
  }
}
function chat(fields, workload) {
  const messages = fields["messages"];
  const last = Array.isArray(messages) ? messages.at(-1) : void 0;
  if (!isRecord(last)) return processError(400);
  const content = `You said: ${String(last["content"])}`;
  return fields["stream"] === true ? streamChat(content) : jsonAnswer(200, completion(content, workload));
}
function completion(content, { model_name: model }) {
  const choices = [{ index: 0, message: { role: "assistant", content }, finish_reason: "stop" }];
  const usage = { prompt_tokens: 7, completion_tokens: 11, total_tokens: 18 };
  return { id: "chatcmpl-emulated", object: "chat.completion", created: CREATED, model, choices, usage };
}
function streamChat(content) {
  const deltas = [...content.split(/(?<= )/).map((word) => ({ content: word })), {}];
  const frames = deltas.map((delta, index) => {
    const finish = index === deltas.length - 1 ? "stop" : null;
    const choices = [{ index: 0, delta, finish_reason: finish }];
    return `data: ${JSON.stringify({ id: "chatcmpl-emulated", object: "chat.completion.chunk", choices })}

`;
  });
  return { status: 200, headers: { "content-type": "text/event-stream" }, body: `${frames.join("")}data: [DONE]

` };
}
function embed(fields, { model_name: model }) {
  const input = fields["input"];
  const texts = Array.isArray(input) ? input : [input];
  if (!texts.every((text) => typeof text === "string")) return processError(400);
  const data = texts.map((text, index) => ({ object: "embedding", index, embedding: [text.length, index, 0.5] }));
  const usage = { prompt_tokens: texts.length, total_tokens: texts.length };
  return jsonAnswer(200, { object: "list", model, data, usage });
}
function rerank(fields, { model_name: model }) {
  const { documents, top_n: top } = fields;
  if (!Array.isArray(documents) || typeof fields["query"] !== "string") return processError(400);
  const results = documents.map((document, index) => ({ index, relevance_score: String(document).length / 100 })).toSorted((left, right) => right.relevance_score - left.relevance_score).slice(0, typeof top === "number" ? top : documents.length);
  return jsonAnswer(200, { model, results });
}
function processError(status) {
  const message = status === 401 ? "Incorrect API key provided." : "Invalid request.";
  const type = status === 401 ? "invalid_api_key" : "invalid_request_error";
  return jsonAnswer(status, { error: { message, type, param: null, code: status } });
}

// test/emulators/inferencekey/serve.ts
function serve(request, route, body, state, switches) {
  if (route === void 0) return { answer: describeError(notFound("route"), switches), effect: "none" };
  const project = route.project === void 0 ? void 0 : state.findProject(route.project);
  const known = {
    route,
    credential: readCredential(request.headers),
    body: parseJson(body.bytes),
    state,
    switches,
    token: void 0,
    ...locate(route, project, state)
  };
  const error = judge(known);
  if (error !== void 0) return { answer: describeError(error, switches), effect: "none" };
  return route.plane === "control" ? performControl(known) : performData(known);
}
function locate(route, project, state) {
  if (route.workload === void 0) return { project, workload: void 0 };
  if (route.project !== void 0) {
    return { project, workload: project === void 0 ? void 0 : state.findWorkload(project, route.workload) };
  }
  const workload = state.findWorkloadById(route.workload);
  return { project: workload === void 0 ? void 0 : state.findProject(workload.project_id), workload };
}

// test/emulators/inferencekey/state.ts
import { randomBytes as randomBytes2 } from "node:crypto";

// test/emulators/inferencekey/workload.ts
function canonicalSlug(text) {
  return text.toLowerCase().split(/[^a-z0-9]+/).filter((part) => part !== "").join("-");
}

// test/emulators/inferencekey/state.ts
var PlatformState = class {
  projects = /* @__PURE__ */ new Map();
  workloads = /* @__PURE__ */ new Map();
  behaviours = /* @__PURE__ */ new Map();
  tokens = /* @__PURE__ */ new Map();
  addProject(slug) {
    const project = { id: `proj_${randomBytes2(10).toString("hex")}`, slug, suspended: false };
    this.projects.set(slug, project);
    return project;
  }
  addWorkload(projectSlug, fields, behaviour = {}) {
    const project = this.requireProject(projectSlug);
    const slug = this.freeSlug(project, canonicalSlug(fields.slug ?? fields.name ?? "workload"));
    const now = (/* @__PURE__ */ new Date()).toISOString();
    const workload = {
      name: slug,
      task_type: "text2text",
      backend: "vllm",
      model_name: "Qwen/Qwen2.5-7B-Instruct",
      worker_id: null,
      gpu_resource_id: null,
      created_at: now,
      updated_at: now,
      ...fields,
      slug,
      id: `wl_${randomBytes2(10).toString("hex")}`,
      project_id: project.id,
      project_slug: project.slug,
      workload_slug: slug
    };
    this.workloads.set(workload.id, workload);
    this.behaviours.set(workload.id, behaviour);
    return workload;
  }
  updateWorkload(workload, fields) {
    const { slug: _kept, ...changes } = fields;
    const updated = { ...workload, ...changes, updated_at: (/* @__PURE__ */ new Date()).toISOString() };
    this.workloads.set(workload.id, updated);
    return updated;
  }
  deleteWorkload(workload) {
    this.workloads.delete(workload.id);
  }
  addToken(record) {
    this.tokens.set(record.fingerprint, record);
  }
  setTokenStatus(token, status) {
    const record = this.findToken(fingerprintOfReference(token));
    if (record === void 0) throw new Error("this platform never minted that token");
    record.status = status;
  }
  findToken(fingerprint) {
    return this.tokens.get(fingerprint);
  }
  findProject(slugOrId) {
    return this.projects.get(slugOrId) ?? [...this.projects.values()].find(({ id }) => id === slugOrId);
  }
  requireProject(slug) {
    const project = this.findProject(slug);
    if (project === void 0) throw new Error(`there is no project ${slug}`);
    return project;
  }
  workloadsOf(project) {
    return [...this.workloads.values()].filter(({ project_id: id }) => id === project.id);
  }
  findWorkload(project, slug) {
    return this.workloadsOf(project).find((workload) => workload.slug === slug);
  }
  findWorkloadById(id) {
    return this.workloads.get(id);
  }
  behaviourOf(workload) {
    return this.behaviours.get(workload.id) ?? {};
  }
  /** A slug that is taken gets a number, as on the platform. */
  freeSlug(project, wanted) {
    let slug = wanted;
    for (let number = 1; this.findWorkload(project, slug) !== void 0; number += 1) slug = `${wanted}-${number}`;
    return slug;
  }
};
function fingerprintOfReference(token) {
  if (typeof token !== "string") return token.fingerprint;
  return token.startsWith("sha256:") ? token : fingerprintOf(token);
}

// test/emulators/inferencekey/switches.ts
var SWITCHES = {
  /** `{"error":"code"}` is what the SDK reads, `{"error":{"code","message"}}` what the wire-format page shows. */
  errorShape: ["flat", "nested"],
  /** The SDK accepts a list of workloads in both shapes. */
  listShape: ["array", "envelope"],
  /** What a revoked control token gets: the tokens page says 403, the errors page 401. */
  revokedControl: ["403", "403-coded", "401"],
  /** What a revoked data token gets: both pages say 401. */
  revokedData: ["401", "403", "403-coded"],
  expiredControl: ["401", "403", "403-coded"],
  expiredData: ["401", "403", "403-coded"],
  /** What a suspended token or project gets; the documents do not speak of it. */
  suspended: ["403", "403-coded"],
  /** The body of a 403 that names none of the documented codes. */
  bareForbidden: ["generic-code", "no-code", "empty-body"],
  /** Whether the prefix alone decides that a token is on the wrong plane, or only a token that was recognised. */
  planeCheck: ["before-authentication", "after-authentication"],
  /** When a project or workload that does not exist is noticed. */
  lookup: ["after-authorization", "before-authorization", "before-authentication"],
  /** When the platform checks a body: of a workload, or the `kind` of a job. */
  validation: ["after-authorization", "before-authorization", "before-authentication"],
  /** Which is named when both the project and the scope are wrong. */
  projectCheck: ["before-scope", "after-scope"],
  /** `ensure()` lists with a token that has only the two write scopes, so these have to suffice somewhere. */
  listScope: ["read-or-write", "read"],
  /** What a data token gets for an endpoint that it was not granted; only control tokens are documented. */
  grantMismatch: ["coded", "403", "404"],
  /** What PATCH and DELETE answer for a workload of another project. */
  foreignWorkload: ["project_scope_mismatch", "404"],
  /** What a workload answers whose toggle for jobs, or for the modality, is off. */
  endpointOff: ["403-coded", "404", "400"]
};
var DEFAULT_SWITCHES = {
  errorShape: SWITCHES.errorShape[0],
  listShape: SWITCHES.listShape[0],
  revokedControl: SWITCHES.revokedControl[0],
  revokedData: SWITCHES.revokedData[0],
  expiredControl: SWITCHES.expiredControl[0],
  expiredData: SWITCHES.expiredData[0],
  suspended: SWITCHES.suspended[0],
  bareForbidden: SWITCHES.bareForbidden[0],
  planeCheck: SWITCHES.planeCheck[0],
  lookup: SWITCHES.lookup[0],
  validation: SWITCHES.validation[0],
  projectCheck: SWITCHES.projectCheck[0],
  listScope: SWITCHES.listScope[0],
  grantMismatch: SWITCHES.grantMismatch[0],
  foreignWorkload: SWITCHES.foreignWorkload[0],
  endpointOff: SWITCHES.endpointOff[0]
};

// test/emulators/inferencekey/emulator.ts
var BODY_LIMIT = 16 * 1024 * 1024;
var DEFAULT_SCOPES = ["workload:write", "assignment:write"];
async function startInferenceKey(options = {}) {
  const state = new PlatformState();
  const faults = new FaultQueue();
  const requests = [];
  let switches = { ...DEFAULT_SWITCHES, ...options.switches };
  const server = await startServer(async (request, response) => {
    const body = await readRequestBody(request, BODY_LIMIT);
    const route = matchRoute(request.method ?? "", request.url ?? "/");
    const entry = openEntry(request, route, body, state, requests.length + 1);
    requests.push(entry);
    closeEntry(entry, response);
    const misfortune = faults.take(entry.route, entry.fingerprint);
    entry.fault = misfortune.fault?.kind ?? (misfortune.delayMilliseconds > 0 ? "latency" : null);
    const act = () => {
      const { answer, effect } = serve(request, route, body, state, switches);
      entry.effect = effect;
      return Promise.resolve(answer);
    };
    await answerExchange({ request, response, act, describe: (error) => describeError(error, switches) }, misfortune);
  }, options);
  return {
    baseUrl: server.origin,
    port: server.port,
    requests,
    clearRequests: () => {
      requests.length = 0;
    },
    addProject: (slug) => state.addProject(slug),
    addWorkload: (project, fields = {}, behaviour = {}) => {
      if (state.findProject(project) === void 0) state.addProject(project);
      return state.addWorkload(project, fields, behaviour);
    },
    workloadsOf: (project) => state.workloadsOf(state.requireProject(project)),
    mintControlToken: (project, scopes = DEFAULT_SCOPES) => {
      const token = makeToken({ plane: "control" });
      const { slug } = state.requireProject(project);
      state.addToken({ plane: "control", fingerprint: token.fingerprint, status: "live", project: slug, scopes });
      return token;
    },
    mintDataToken: (grants) => {
      const token = makeToken({ plane: "data" });
      state.addToken({ plane: "data", fingerprint: token.fingerprint, status: "live", grants });
      return token;
    },
    revoke: (token) => state.setTokenStatus(token, "revoked"),
    expire: (token) => state.setTokenStatus(token, "expired"),
    suspend: (token) => state.setTokenStatus(token, "suspended"),
    restore: (token) => state.setTokenStatus(token, "live"),
    suspendProject: (project) => {
      state.requireProject(project).suspended = true;
    },
    restoreProject: (project) => {
      state.requireProject(project).suspended = false;
    },
    statusOf: (token) => state.findToken(fingerprintOfReference(token))?.status ?? "unknown",
    set: (changes) => {
      switches = { ...switches, ...changes };
    },
    inject: (fault, target) => faults.inject(fault, target),
    clearFaults: () => faults.clear(),
    close: () => server.close()
  };
}

// test/emulators/revocation/server.ts
import { createHash as createHash2 } from "node:crypto";

// test/emulators/revocation/contract.ts
var TOKEN_TYPES = ["inferencekey_control_token", "inferencekey_data_token"];
var InvalidRequest = class extends Error {
};
var LIMIT = 100;
var UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
var FINGERPRINT = /^sha256:[0-9a-f]{64}$/;
function readRevocationRequest(body) {
  if (!isRecord(body)) throw new InvalidRequest("the body is no JSON object");
  const idempotencyKey = body["idempotency_key"];
  if (typeof idempotencyKey !== "string" || !UUID.test(idempotencyKey)) {
    throw new InvalidRequest("idempotency_key is no UUID");
  }
  switch (body["method"]) {
    case "revoke": {
      const entries = readList(body["entries"], "entries").map((entry, index) => readEntry(entry, index));
      return { method: "revoke", idempotencyKey, entries };
    }
    case "status": {
      const fingerprints = readList(body["fingerprints"], "fingerprints");
      return { method: "status", idempotencyKey, fingerprints: fingerprints.map((one) => readFingerprint(one)) };
    }
    default:
      throw new InvalidRequest("method is neither revoke nor status");
  }
}
function readList(value, name) {
  if (Array.isArray(value) && value.length > 0 && value.length <= LIMIT) return value;
  throw new InvalidRequest(`${name} is no list of 1 to ${LIMIT}`);
}
function readEntry(entry, index) {
  if (!isRecord(entry)) throw new InvalidRequest(`entries[${index}] is no object`);
  const token = readText(entry["token"], 1, 1024, `entries[${index}].token`);
  const type = TOKEN_TYPES.find((known) => known === entry["type"]);
  if (type === void 0) throw new InvalidRequest(`entries[${index}].type is none of ${TOKEN_TYPES.join(", ")}`);
  const url = readText(entry["url"], 0, 4096, `entries[${index}].url`);
  const source = readText(entry["source"], 1, 64, `entries[${index}].source`);
  return { token, fingerprint: fingerprintOf(token), type, url, source };
}
function readText(value, shortest, longest, name) {
  if (typeof value === "string" && value.length >= shortest && value.length <= longest) return value;
  throw new InvalidRequest(`${name} is no text of ${shortest} to ${longest} characters`);
}
function readFingerprint(value) {
  if (typeof value === "string" && FINGERPRINT.test(value)) return value;
  throw new InvalidRequest("a fingerprint is sha256: and 64 hex digits");
}

// test/emulators/revocation/signature.ts
import { createHmac, timingSafeEqual } from "node:crypto";
var TOLERANCE_SECONDS = 300;
var MAX_SIGNATURES = 8;
function checkSignature(header, body, secrets, nowSeconds2) {
  if (header === void 0) return "missing";
  const fields = header.split(",").map((field) => field.trim().split("=", 2));
  const time = fields.find(([name]) => name === "t")?.[1] ?? "";
  const signatures = fields.filter(([name]) => name === "v1").map(([, value = ""]) => value);
  if (!/^\d{1,12}$/.test(time)) return "invalid";
  let matches = false;
  for (const secret of secrets) {
    const expected = hmac(body, secret, time);
    for (const signature of signatures.slice(0, MAX_SIGNATURES)) matches = equals(signature, expected) || matches;
  }
  if (!matches) return "invalid";
  return Math.abs(nowSeconds2 - Number(time)) > TOLERANCE_SECONDS ? "stale" : "valid";
}
function hmac(body, secret, time) {
  return createHmac("sha256", secret).update(`${time}.`).update(body).digest();
}
function equals(signature, expected) {
  if (!/^[0-9a-f]{64}$/i.test(signature)) return false;
  return timingSafeEqual(Buffer.from(signature, "hex"), expected);
}

// test/emulators/revocation/incoming.ts
function readIncoming(request, body, secrets, now) {
  const header = request.headers["x-inferencekey-signature"];
  const signature = checkSignature(Array.isArray(header) ? header.join(",") : header, body.bytes, secrets, now);
  try {
    return { request, body, signature, asked: readRevocationRequest(parseJson(body.bytes)) };
  } catch (error) {
    if (!(error instanceof InvalidRequest)) throw error;
    return { request, body, signature, asked: error };
  }
}
function openCall({ request, body, signature, asked }, number) {
  const common = {
    number,
    method: request.method ?? "",
    path: withoutTokens(request.url ?? ""),
    signature,
    bodyBytes: body.length,
    receivedAt: /* @__PURE__ */ new Date(),
    durationMilliseconds: null,
    status: null,
    fault: null
  };
  if (asked instanceof InvalidRequest) {
    return { ...common, route: "unreadable", idempotencyKey: null, fingerprints: [] };
  }
  const fingerprints = asked.method === "status" ? asked.fingerprints : asked.entries.map(({ fingerprint }) => fingerprint);
  return { ...common, route: asked.method, idempotencyKey: asked.idempotencyKey, fingerprints };
}

// test/emulators/revocation/ledger.ts
var RevocationLedger = class {
  pages = /* @__PURE__ */ new Map();
  /** The results in the order of the entries, or `conflict` where the key was used with another body. */
  async revoke(key, bodyDigest, entries, decide) {
    const known = this.pages.get(key);
    if (known !== void 0 && known.bodyDigest !== bodyDigest) return "conflict";
    const page = known ?? { bodyDigest, matters: entries.map((entry) => newMatter(entry, decide)) };
    this.pages.set(key, page);
    return settleAll(page.matters);
  }
  /** The results in the order of the fingerprints, or `unknown` where this key has no such token. */
  async status(key, fingerprints) {
    const matters = fingerprints.map(
      (fingerprint) => this.pages.get(key)?.matters.find((matter) => matter.fingerprint === fingerprint)
    );
    const known = matters.filter((matter) => matter !== void 0);
    return known.length === matters.length ? settleAll(known) : "unknown";
  }
};
function newMatter(entry, decide) {
  return { fingerprint: entry.fingerprint, decide: () => decide(entry), decision: void 0 };
}
async function settleAll(matters) {
  const results = [];
  for (const matter of matters) results.push({ fingerprint: matter.fingerprint, ...await settle(matter) });
  return results;
}
async function settle(matter) {
  matter.decision ??= matter.decide();
  const decision = await matter.decision;
  if (decision.status === "pending") matter.decision = void 0;
  return decision;
}

// test/emulators/revocation/misbehaviour.ts
import { randomBytes as randomBytes3 } from "node:crypto";
function distort(results, behaviour, entries) {
  const kept = results.slice(0, results.length - (behaviour.missingResults ?? 0)).map((result) => {
    const entry = entries.find(({ fingerprint }) => fingerprint === result.fingerprint);
    const echo = behaviour.echoTokens === true && entry !== void 0 ? { message: `done: ${entry.token}` } : {};
    const other = behaviour.wrongFingerprints === true ? { fingerprint: `sha256:${randomBytes3(32).toString("hex")}` } : {};
    return { ...result, ...echo, ...other };
  });
  return behaviour.reversed === true ? kept.toReversed() : kept;
}

// test/emulators/revocation/request-log.ts
function closeCall(call, response) {
  const start = performance.now();
  response.once("close", () => {
    call.durationMilliseconds = performance.now() - start;
    call.status = response.headersSent ? response.statusCode : null;
  });
}

// test/emulators/revocation/server.ts
var BODY_LIMIT2 = 1024 * 1024;
var RETRY_AFTER_SECONDS = 1;
var SHORTEST_SECRET = 16;
async function startRevocationServer(options) {
  const path = options.path ?? "/revocations";
  const ledger = new RevocationLedger();
  const faults = new FaultQueue();
  const requests = [];
  const pendingLeft = /* @__PURE__ */ new Map();
  let secrets = checkSecrets(options.secrets);
  let behaviour = {};
  const server = await startServer(async (request, response) => {
    const body = await readRequestBody(request, BODY_LIMIT2);
    const incoming = readIncoming(request, body, secrets, nowSeconds(behaviour));
    const call = openCall(incoming, requests.length + 1);
    requests.push(call);
    closeCall(call, response);
    const misfortune = faults.take(call.route, null);
    call.fault = misfortune.fault?.kind ?? null;
    const act = async () => {
      const answer = await serve2(incoming);
      const date = new Date(nowSeconds(behaviour) * 1e3).toUTCString();
      return { ...answer, headers: { ...answer.headers, date } };
    };
    await answerExchange({ request, response, act, describe: describeError2 }, misfortune);
  }, options);
  const serve2 = async ({ request, body, signature, asked }) => {
    if (!(request.url ?? "").startsWith(path)) return failure(404, "not_found", "there is nothing here");
    if (request.method !== "POST")
      return failure(405, "method_not_allowed", "POST is the only method", { allow: "POST" });
    if (body.isTooLarge) return failure(413, "payload_too_large", `the limit is ${BODY_LIMIT2} bytes`);
    if (signature === "stale") return failure(401, "stale_timestamp", "the signature is too old, or a clock is wrong");
    if (signature !== "valid") return failure(401, "invalid_signature", "no signature matches this body");
    if (asked instanceof InvalidRequest) return failure(400, "invalid_request", asked.message);
    if (asked.method === "status") {
      const results2 = await ledger.status(asked.idempotencyKey, asked.fingerprints);
      if (results2 === "unknown") return failure(400, "invalid_request", "nothing is known under this key");
      return outcome(asked.idempotencyKey, results2, []);
    }
    const digest = createHash2("sha256").update(body.bytes).digest("hex");
    const results = await ledger.revoke(asked.idempotencyKey, digest, asked.entries, decide);
    if (results === "conflict") return failure(409, "idempotency_conflict", "this key was used with another body");
    return outcome(asked.idempotencyKey, results, asked.entries);
  };
  const decide = async (entry) => {
    if (behaviour.pretend !== void 0) return { status: behaviour.pretend };
    const left = pendingLeft.get(entry.fingerprint) ?? behaviour.pendingAnswers ?? 0;
    pendingLeft.set(entry.fingerprint, Math.max(0, left - 1));
    if (left > 0) return { status: "pending" };
    try {
      return await options.revoke(entry);
    } catch {
      return { status: "failed", message: "the token could not be revoked" };
    }
  };
  const url = `${server.origin}${path}`;
  const outcome = (key, results, entries) => {
    const isPending = results.some(({ status }) => status === "pending");
    const polling = { retry_after_seconds: RETRY_AFTER_SECONDS, poll_url: behaviour.pollUrl ?? url };
    return jsonAnswer(200, {
      idempotency_key: key,
      results: distort(results, behaviour, entries),
      ...isPending ? polling : {}
    });
  };
  return {
    url,
    port: server.port,
    requests,
    clearRequests: () => {
      requests.length = 0;
    },
    misbehave: (next) => {
      behaviour = next;
    },
    inject: (fault, target) => faults.inject(fault, target),
    clearFaults: () => faults.clear(),
    rotate: (next) => {
      secrets = checkSecrets(next);
    },
    close: () => server.close()
  };
}
function checkSecrets(secrets) {
  if (secrets.length === 0 || secrets.length > 2) throw new Error("there is one secret, or two during a rotation");
  if (secrets.some((secret) => secret.length < SHORTEST_SECRET)) {
    throw new Error(`a secret has ${SHORTEST_SECRET} characters or more`);
  }
  return secrets;
}
function nowSeconds({ clockSkewSeconds = 0 }) {
  return Math.floor(Date.now() / 1e3) + clockSkewSeconds;
}
function failure(status, code, message, headers = {}) {
  return jsonAnswer(status, { error: { code, message } }, headers);
}
function describeError2({ status, code, message, headers }) {
  return failure(status, code ?? "error", message, { ...headers });
}

// test/emulators/revocation/wire.ts
function revokingIn(api) {
  return ({ fingerprint }) => {
    const status = api.statusOf(fingerprint);
    if (status === "unknown") return { status: "not_owned" };
    if (status === "revoked" || status === "expired") return { status: "already" };
    api.revoke(fingerprint);
    return { status: "revoked" };
  };
}

// scripts/demo.ts
var colors = colorsFor(true);
var cli = fileURLToPath(new URL("../dist/cli.js", import.meta.url));
var startedAt = performance.now();
var servers = [];
var directory = mkdtempSync(join(tmpdir(), "keyrecall-demo-"));
var repository = join(directory, "shop");
var configuration = join(directory, "config.yml");
var cache = join(directory, "verdicts.json");
try {
  const { api, provider, secret } = await step(
    "InferenceKey's API and a revocation provider start, both emulated.",
    startServers
  );
  const token = api.mintControlToken("acme");
  writeConfiguration(api, provider, secret);
  await step("A repository gets a leak, and a commit that takes the file away again.", () => leak(token.raw));
  say("Is it still there? The scan reads all that git keeps.");
  await keyrecall(["scan", "--history"], 1);
  say("Does it still work, and what could its holder do? acme is ours, so its workloads may be listed.");
  await keyrecall(["scan", "--history", "--verify"], 1);
  say("Take it out of service, and ask the API until it is dead.");
  await keyrecall(["revoke", "--yes"], 0, `${token.raw}
`);
  say("Once more: the token stays in history, and opens nothing.");
  await keyrecall(["verify"], 0, `${token.raw}
`);
  process.stdout.write(`
The whole tour took ${seconds(startedAt)}.
`);
} finally {
  for (const server of servers) await server.close();
  rmSync(directory, { recursive: true, force: true });
}
async function startServers() {
  const api = await startInferenceKey();
  servers.push(api);
  const secret = randomBytes4(32).toString("hex");
  const provider = await startRevocationServer({ secrets: [secret], revoke: revokingIn(api) });
  servers.push(provider);
  api.addWorkload("acme", {
    slug: "support",
    model_name: "meta-llama/Llama-3.1-8B-Instruct",
    gpu_resource_id: "gpu_1"
  });
  api.addWorkload("acme", { slug: "search", task_type: "embedding", model_name: "nomic-embed-text" });
  return { api, provider, secret };
}
function writeConfiguration(api, provider, secret) {
  writeFileSync(join(directory, "secret"), secret, { mode: 384 });
  writeFileSync(
    configuration,
    [
      "version: 1",
      `baseUrl: ${api.baseUrl}`,
      "projects: [acme]",
      `revocation: { url: ${provider.url}, secretFiles: [secret] }`,
      ""
    ].join("\n")
  );
}
async function leak(rawToken) {
  await git(["init", "--quiet", "--initial-branch=main", repository]);
  await commit("README.md", "# shop\n", "Begin");
  await commit("deploy/.env", `INFERENCEKEY_PROJECT=acme
INFERENCEKEY_SDK_TOKEN=${rawToken}
`, "Deploy");
  await git(["-C", repository, "rm", "--quiet", "deploy/.env"]);
  await git(["-C", repository, ...identity(), "commit", "--quiet", "--message", "Remove the environment file"]);
}
function identity() {
  return ["-c", "user.name=Ada", "-c", "user.email=ada@shop.example", "-c", "commit.gpgSign=false"];
}
async function commit(file, text, message) {
  const blob = (await git(["-C", repository, "hash-object", "-w", "--stdin"], text)).trim();
  await git(["-C", repository, "update-index", "--add", "--cacheinfo", `100644,${blob},${file}`]);
  await git(["-C", repository, ...identity(), "commit", "--quiet", "--message", message]);
  await git(["-C", repository, "checkout", "--quiet", "--", "."]);
}
function say(text) {
  process.stdout.write(`
${colors.cyan(colors.bold(`# ${text}`))}
`);
}
async function step(text, act) {
  const from = performance.now();
  say(text);
  const result = await act();
  process.stdout.write(colors.dim(`(${seconds(from)})
`));
  return result;
}
async function keyrecall(args, expected, input = "") {
  const from = performance.now();
  const command = `keyrecall ${args.join(" ")}${input === "" ? "" : " < leaked-token"}`;
  process.stdout.write(`${colors.green("$")} ${colors.bold(command)}
`);
  const asks = args.includes("--verify") || args[0] !== "scan";
  const options = asks ? ["--user-config", configuration, "--cache", cache] : [];
  const { status } = await run(process.execPath, [cli, ...args, ...options], input, true);
  process.stdout.write(colors.dim(`(exit code ${status}, ${seconds(from)})
`));
  if (status !== expected) throw new Error(`${command} ended with ${status}, and should have with ${expected}`);
}
async function git(args, input = "") {
  const { status, output } = await run("git", args, input, false);
  if (status !== 0) throw new Error(`git ended with ${status}`);
  return output;
}
function run(command, args, input, isShown) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: isShown ? repository : directory,
      // Who is given nothing may have ended before nothing is written to it.
      stdio: [input === "" ? "ignore" : "pipe", isShown ? "inherit" : "pipe", "inherit"],
      env: environment()
    });
    let output = "";
    child.stdout?.setEncoding("utf8").on("data", (text) => {
      output += text;
    });
    child.on("error", reject);
    child.on("close", (status) => resolve({ status, output }));
    child.stdin?.end(input);
  });
}
function environment() {
  const rest = Object.entries(process.env).filter(([name]) => !name.startsWith("GIT_"));
  return { ...Object.fromEntries(rest), GIT_CONFIG_NOSYSTEM: "1", GIT_CONFIG_GLOBAL: join(directory, "none") };
}
function seconds(from) {
  return `${((performance.now() - from) / 1e3).toFixed(1)} s`;
}
