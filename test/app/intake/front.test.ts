// The front over real HTTP: what it takes, what it refuses, and that nothing of a body gets into its log.
import { createHmac, randomBytes, randomUUID } from "node:crypto";
import { once } from "node:events";
import { type AddressInfo, connect } from "node:net";
import { Writable } from "node:stream";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createFront } from "../../../app/intake/server.ts";
import { createLog } from "../../../app/log.ts";
import { Metrics } from "../../../app/metrics.ts";
import type { Acceptance, IncomingDelivery } from "../../../app/store/deliveries.ts";
import { makeToken } from "../../support/token.ts";

const PATH = "/api/github/webhooks";
const [current, previous] = [randomBytes(16).toString("hex"), randomBytes(16).toString("hex")];

let stored: IncomingDelivery[];
let answer: () => Promise<Acceptance>;
let isReady: boolean;
let log: string;
let metrics: Metrics;
let server: ReturnType<typeof createFront>;
let origin: string;

beforeEach(async () => {
  stored = [];
  answer = () => Promise.resolve("stored");
  isReady = true;
  log = "";
  metrics = new Metrics();
  const destination = new Writable({
    write(chunk: Buffer, _encoding, done) {
      log += chunk.toString();
      done();
    },
  });
  server = createFront({
    webhookPath: PATH,
    secrets: [current, previous],
    store: (delivery) => {
      stored.push(delivery);
      return answer();
    },
    checkReady: () => (isReady ? Promise.resolve() : Promise.reject(new Error("away"))),
    measure: () => Promise.resolve(),
    metrics,
    log: createLog("debug", destination),
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterEach(() => {
  server.closeAllConnections();
  server.close();
});

const sign = (body: string | Buffer, secret = current): string =>
  `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`;

function deliver(body: string | Buffer, headers: Record<string, string | undefined> = {}): Promise<Response> {
  const all: Record<string, string | undefined> = {
    "content-type": "application/json",
    "x-github-event": "push",
    "x-github-delivery": randomUUID(),
    "x-hub-signature-256": sign(body),
    ...headers,
  };
  const given = Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return fetch(origin + PATH, { method: "POST", headers: given, body: body as string });
}

const BODY = JSON.stringify({ action: "opened", installation: { id: 7 }, repository: { id: 9, name: "shop" } });

describe("the front", () => {
  it("stores a signed delivery as it came, and acknowledges it", async () => {
    const guid = randomUUID();
    const response = await deliver(BODY, { "x-github-delivery": guid });
    expect(response.status).toBe(202);
    expect(stored).toHaveLength(1);
    expect(stored[0]).toMatchObject({
      guid,
      event: "push",
      action: "opened",
      installationId: 7,
      repositoryId: 9,
      isIgnored: false,
    });
    expect(stored[0]?.payload.toString()).toBe(BODY);
  });

  it("does not acknowledge what could not be stored", async () => {
    answer = () => Promise.reject(new Error("the database is away"));
    expect((await deliver(BODY)).status).toBe(500);
  });

  it("takes the secret before the current one too", async () => {
    expect((await deliver(BODY, { "x-hub-signature-256": sign(BODY, previous) })).status).toBe(202);
  });

  const forged: readonly [string, string | undefined][] = [
    ["no signature", undefined],
    ["an empty one", ""],
    ["one by another secret", sign(BODY, "development")],
    ["one by no secret", sign(BODY, "")],
    ["one of another body", sign(`${BODY} `)],
    ["half of one", sign(BODY).slice(0, 40)],
    ["one in the old form", `sha1=${createHmac("sha1", current).update(BODY).digest("hex")}`],
  ];
  it.each(forged)("refuses %s", async (_, signature) => {
    expect((await deliver(BODY, { "x-hub-signature-256": signature })).status).toBe(401);
    expect(stored).toEqual([]);
  });

  it("checks the signature over the bytes and not over what they mean", async () => {
    const spaced = JSON.stringify(JSON.parse(BODY), null, 2);
    expect((await deliver(spaced, { "x-hub-signature-256": sign(BODY) })).status).toBe(401);
    expect((await deliver(spaced)).status).toBe(202);
    expect(stored[0]?.payload.toString()).toBe(spaced);
  });

  it.each([
    ["a form", 415, BODY, { "content-type": "application/x-www-form-urlencoded" }],
    ["no event", 400, BODY, { "x-github-event": undefined }],
    ["a hostile event", 400, BODY, { "x-github-event": "push'; drop" }],
    ["no delivery id", 400, BODY, { "x-github-delivery": undefined }],
    ["a hostile delivery id", 400, BODY, { "x-github-delivery": "1'; drop" }],
    ["broken JSON", 400, `{"a":`, {}],
    ["a list", 400, "[]", {}],
    ["nothing", 400, "", {}],
  ])("refuses %s", async (_, status, body, headers) => {
    expect((await deliver(body, headers)).status).toBe(status);
    expect(stored).toEqual([]);
  });

  it("counts events that nothing is done for, without what they hold", async () => {
    answer = () => Promise.resolve("ignored");
    expect((await deliver(BODY, { "x-github-event": "star" })).status).toBe(200);
    expect(stored[0]?.isIgnored).toBe(true);
  });

  it("knows what asks for another look from what asks for a deed", async () => {
    const pressed = (identifier: string) => ({ action: "requested_action", requested_action: { identifier } });
    const asked = [
      ["check_run", pressed("verify")],
      ["check_run", { action: "rerequested" }],
      ["check_suite", { action: "rerequested" }],
      ["check_run", pressed("approve")],
      ["issues", { action: "rerequested" }],
    ] as const;
    for (const [event, body] of asked) await deliver(JSON.stringify(body), { "x-github-event": event });
    expect(stored.map(({ isRepeatable }) => isRepeatable)).toEqual([true, true, true, false, false]);
  });

  it("takes of check runs and suites only that somebody asks for one again", async () => {
    const actions = ["created", "requested", "completed", "rerequested"];
    for (const event of ["check_run", "check_suite"]) {
      for (const action of actions) await deliver(JSON.stringify({ action }), { "x-github-event": event });
    }
    expect(stored.filter(({ isIgnored }) => !isIgnored).map(({ event, action }) => [event, action])).toEqual([
      ["check_run", "rerequested"],
      ["check_suite", "rerequested"],
    ]);
    expect(stored).toHaveLength(2 * actions.length);
  });

  it("refuses more than 25 MB by what is announced, without reading it", async () => {
    const { port } = server.address() as AddressInfo;
    const socket = connect(port, "127.0.0.1");
    socket.write(
      `POST ${PATH} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 26214401\r\n\r\n`,
    );
    const [answered] = (await once(socket, "data")) as [Buffer];
    expect(answered.toString()).toMatch(/^HTTP\/1.1 413/);
    socket.destroy();
  });

  it("refuses more than 25 MB that come without announcement", async () => {
    const { port } = server.address() as AddressInfo;
    const socket = connect(port, "127.0.0.1");
    socket.on("error", () => {});
    socket.write(
      `POST ${PATH} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n`,
    );
    const answered = once(socket, "data") as Promise<[Buffer]>;
    const piece = `100000\r\n${"x".repeat(0x10_00_00)}\r\n`;
    for (let count = 0; count < 27 && !socket.destroyed; count++) socket.write(piece);
    expect((await answered)[0].toString()).toMatch(/^HTTP\/1.1 413/);
    socket.destroy();
  });

  it("takes a body of exactly 25 MB", async () => {
    const body = Buffer.alloc(25 * 1024 * 1024, " ");
    body.write(BODY);
    expect((await deliver(body)).status).toBe(202);
  });

  it("writes nothing of a body, a header or a token into its log", async () => {
    const token = makeToken();
    const body = JSON.stringify({ comment: { body: `use ${token.raw}` }, secret: "hunter2-hunter2" });
    await deliver(body);
    await deliver(body, { "x-hub-signature-256": sign(body, "somebody else's") });
    await deliver(body, { "x-github-event": token.raw });
    answer = () => Promise.reject(new Error(`cannot insert ${body}`));
    await deliver(body);
    expect(log).toContain("a delivery arrived");
    expect(log).toContain("a request could not be answered");
    for (const secret of [token.raw, token.secret, "hunter2", current, sign(body)]) expect(log).not.toContain(secret);
  });

  it("says whether it lives, whether it is ready, and what it counted", async () => {
    expect((await fetch(`${origin}/healthz`)).status).toBe(200);
    expect((await fetch(`${origin}/readyz`)).status).toBe(200);
    isReady = false;
    expect((await fetch(`${origin}/readyz`)).status).toBe(503);
    expect((await fetch(`${origin}/healthz`)).status).toBe(200);
    await deliver(BODY);
    await deliver(BODY, { "x-hub-signature-256": undefined });
    const text = await (await fetch(`${origin}/metrics`)).text();
    expect(text).toContain(`keyrecall_deliveries_total{event="push",outcome="stored"} 1`);
    expect(text).toContain(`keyrecall_deliveries_total{event="refused",outcome="signature"} 1`);
    expect(text).toContain("keyrecall_acknowledgement_seconds_count 1");
  });

  it("has nothing else", async () => {
    expect((await fetch(`${origin}/`)).status).toBe(404);
    expect((await fetch(origin + PATH)).status).toBe(405);
    expect((await fetch(`${origin}/probot/import`, { method: "POST" })).status).toBe(404);
  });
});
