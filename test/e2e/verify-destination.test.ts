// Where a token is sent, and where it is not.
import { readFileSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo, type Socket } from "node:net";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { startInferenceKey, type InferenceKeyEmulator } from "../emulators/inferencekey/emulator.ts";
import { makeCertificate } from "../support/certificate.ts";
import { startConnectProxy, type ConnectProxy } from "../support/connect-proxy.ts";
import { expectUsageError } from "../support/report.ts";
import { makeTempDir } from "../support/temp-dir.ts";
import type { MadeToken } from "../support/token.ts";
import { runVerify, scanAndVerify, startWithInput, statesOf, verify } from "../support/verification.ts";

let api: InferenceKeyEmulator;
let token: MadeToken;

beforeAll(async () => {
  api = await startInferenceKey();
  api.addProject("acme");
  token = api.mintControlToken("acme");
});

afterAll(() => api.close());
beforeEach(() => api.clearRequests());

function userConfiguration(text: string): string[] {
  const file = join(makeTempDir("user"), "config.yml");
  writeFileSync(file, `version: 1\n${text}`);
  return ["--user-config", file];
}

describe("the address", () => {
  it("comes from the option first, then the user's configuration, then the environment", async () => {
    const nobody = "http://127.0.0.1:1";
    const env = { INFERENCEKEY_BASE_URL: api.baseUrl };
    expect(statesOf(await verify([token], { env }), [token])).toEqual(["live"]);
    const configured = userConfiguration(`baseUrl: ${api.baseUrl}\n`);
    const second = await verify([token], { env: { INFERENCEKEY_BASE_URL: nobody }, args: configured });
    expect(statesOf(second, [token])).toEqual(["live"]);
    const wrong = userConfiguration(`baseUrl: ${nobody}\n`);
    const third = await verify([token], { env: { INFERENCEKEY_BASE_URL: nobody }, args: wrong, baseUrl: api.baseUrl });
    expect(statesOf(third, [token])).toEqual(["live"]);
  });

  it.each(["", "   "])("is not what a blank variable says: %j", async (blank) => {
    const args = userConfiguration(`baseUrl: ${api.baseUrl}\n`);
    expect(statesOf(await verify([token], { env: { INFERENCEKEY_BASE_URL: blank }, args }), [token])).toEqual(["live"]);
  });

  it.each([
    "https://inferencekey.example.com",
    "https://api.inferencekey.com.example.org",
    "https://api.inferencekey.com@example.org",
    "http://api.inferencekey.com",
    "http://example.org",
    "not an address",
  ])("is not taken from the environment: %s", async (url) => {
    const run = await runVerify([token], { env: { INFERENCEKEY_BASE_URL: url } });
    expectUsageError(run, "INFERENCEKEY_BASE_URL");
    expect(run.stdout).toBe("");
  });

  it.each(["http://api.inferencekey.com", "http://example.org", "http://192.168.1.1", "ftp://127.0.0.1"])(
    "is encrypted or this machine, also as an option: %s",
    async (url) => {
      expectUsageError(await runVerify([token], { baseUrl: url }), "--base-url", "not encrypted");
    },
  );

  it.each([
    ["an option's project", (raw: string) => ["--project", raw]],
    ["an option's workload", (raw: string) => ["--workload", `acme/${raw}`]],
    ["the configuration's project", (raw: string) => userConfiguration(`projects: [${raw}]\n`)],
    ["the option's address", (raw: string) => ["--base-url", `${api.baseUrl}/${raw}`]],
  ])("holds no token: %s", async (_, argsOf) => {
    const run = await runVerify([token], { baseUrl: api.baseUrl, args: argsOf(token.raw) });
    expectUsageError(run, "a token stands where");
    expect(api.requests).toEqual([]);
  });

  it("of a provider holds no token", async () => {
    const args = ["--yes", "--revocation-url", `http://127.0.0.1:1/${token.raw}`, "--secret-file", "none"];
    const started = startWithInput(["revoke", "--no-cache", "--base-url", api.baseUrl, ...args], { input: token.raw });
    expectUsageError(await started.ended, "a token stands where");
  });

  it.each(["verify", "revoke"])(
    "is standard input that %s reads, as whoever gives a token as an argument hears",
    async (command) => {
      const started = startWithInput([command, token.raw], {});
      expectUsageError(await started.ended, "tokens come from standard input", `keyrecall ${command} < FILE`);
    },
  );

  it("is checked before a scan, so that no long scan ends in a mistake", async () => {
    const cwd = makeTempDir();
    writeFileSync(join(cwd, "a.env"), token.raw);
    const started = startWithInput(["scan", "--verify", "--no-cache"], {
      cwd,
      env: { INFERENCEKEY_BASE_URL: "https://example.org" },
    });
    expectUsageError(await started.ended, "INFERENCEKEY_BASE_URL names example.org");
  });

  it.each([
    [["--project", "../../workloads"], "--project"],
    [["--project", "a/b"], "--project"],
    [["--project", ".."], "--project"],
    [["--workload", "acme"], "--workload"],
    [["--workload", "../jobs"], "--workload"],
    [["--workload", "acme/.."], "--workload"],
    [["--workload", "a/b/c"], "--workload"],
  ])("is not led elsewhere by %j", async (args, flag) => {
    expectUsageError(await runVerify([token], { baseUrl: api.baseUrl, args }), flag);
    expect(api.requests).toEqual([]);
  });
});

describe("what the scanned files say", () => {
  let other: InferenceKeyEmulator;
  let dead: MadeToken;

  beforeAll(async () => {
    other = await startInferenceKey();
    dead = api.mintControlToken("acme");
    api.revoke(dead);
    api.set({ revokedControl: "401" });
  });
  afterAll(() => other.close());

  it.each([
    ["an environment file", (host: string, raw: string) => `INFERENCEKEY_BASE_URL=http://${host}\nTOKEN=${raw}\n`],
    ["code", (host: string, raw: string) => `client(base_url="http://${host}", token="${raw}")\n`],
    [
      "an address",
      (host: string, raw: string) => `curl -H "Bearer ${raw}" http://${host}/api/projects/acme/workloads\n`,
    ],
    [
      "a manifest",
      (host: string, raw: string) =>
        `- name: INFERENCEKEY_BASE_URL\n  value: http://${host}\n- name: T\n  value: ${raw}\n`,
    ],
  ])("of another API is asked nothing, and makes of revoked unknown: %s", async (_what, write) => {
    const cwd = makeTempDir();
    const { host } = new URL(other.baseUrl);
    writeFileSync(join(cwd, "deploy.txt"), write(host, dead.raw));
    const run = await scanAndVerify(["."], { cwd, baseUrl: api.baseUrl });
    expect(run.report.tokens[0]!.verdict).toMatchObject({ state: "unknown" });
    expect(run.report.tokens[0]!.verdict.reason).toContain(`${host} is named near it`);
    expect(run.status).toBe(1);
    expect(other.requests).toEqual([]);
    expect(api.requests).toHaveLength(2);
  });

  it("of the API that is asked changes nothing", async () => {
    const cwd = makeTempDir();
    writeFileSync(join(cwd, ".env"), `INFERENCEKEY_BASE_URL=${api.baseUrl}/\nTOKEN=${dead.raw}\n`);
    const run = await scanAndVerify(["."], { cwd, baseUrl: api.baseUrl });
    expect(run.report.tokens[0]!.verdict.state).toBe("revoked");
  });

  it("as configuration of the repository sets no address", async () => {
    const cwd = makeTempDir();
    writeFileSync(join(cwd, ".keyrecall.yml"), `version: 1\nbaseUrl: ${other.baseUrl}\n`);
    writeFileSync(join(cwd, "a.env"), dead.raw);
    const args = ["scan", "--verify", "--no-cache", "--base-url", api.baseUrl, "."];
    expectUsageError(await startWithInput(args, { cwd }).ended, ".keyrecall.yml");
    expect(other.requests).toEqual([]);
  });
});

describe("a proxy", () => {
  const HOST = "api.inferencekey.com";
  const certificate = makeCertificate({ hosts: [HOST] });
  let server: InferenceKeyEmulator;
  let proxy: ConnectProxy;
  let ca: string;
  let behind: MadeToken;

  beforeAll(async () => {
    server = await startInferenceKey({ tls: certificate });
    server.addProject("acme");
    behind = server.mintControlToken("acme");
    ca = join(makeTempDir("ca"), "ca.pem");
    writeFileSync(ca, certificate.cert);
  });
  afterAll(() => server.close());

  beforeEach(async () => {
    server.clearRequests();
    proxy = await startConnectProxy(server.port);
  });
  afterEach(() => proxy.close());

  it.each(["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"])(
    "is used that %s names, as a tunnel",
    async (name) => {
      const env = { [name]: proxy.url, NODE_EXTRA_CA_CERTS: ca };
      const run = await verify([behind], { env });
      expect(statesOf(run, [behind])).toEqual(["live"]);
      expect(run.tokens[0]!.verdict.api).toBe(`https://${HOST}`);
      expect(new Set(proxy.tunnels)).toEqual(new Set([`${HOST}:443`]));
      expect(proxy.plainRequests).toEqual([]);
    },
  );

  it("is not used where NO_PROXY says so", async () => {
    const env = { HTTPS_PROXY: proxy.url, NO_PROXY: ".invalid", NODE_EXTRA_CA_CERTS: ca };
    const run = await verify([behind], { env, baseUrl: "https://api.invalid" });
    expect(statesOf(run, [behind])).toEqual(["unknown"]);
    expect(proxy.tunnels).toEqual([]);
  });

  it("never sees what goes to this machine", async () => {
    const env = { HTTPS_PROXY: proxy.url, HTTP_PROXY: proxy.url, ALL_PROXY: proxy.url };
    expect(statesOf(await verify([token], { env, baseUrl: api.baseUrl }), [token])).toEqual(["live"]);
    expect(proxy.tunnels).toEqual([]);
    expect(proxy.plainRequests).toEqual([]);
  });

  it("cannot read along: its certificate is checked", async () => {
    const env = { HTTPS_PROXY: proxy.url, NODE_TLS_REJECT_UNAUTHORIZED: "0" };
    const run = await verify([behind], { env });
    expect(statesOf(run, [behind])).toEqual(["unknown"]);
    expect(run.tokens[0]!.verdict.reason).toContain("certificate that this machine does not trust");
    expect(server.requests).toEqual([]);
  });

  it("may be named without its protocol", async () => {
    const env = { https_proxy: new URL(proxy.url).host, NODE_EXTRA_CA_CERTS: ca };
    expect(statesOf(await verify([behind], { env }), [behind])).toEqual(["live"]);
  });

  it.each([
    ["hangs up", ""],
    ["refuses", "HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n"],
    ["forbids", "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n"],
    ["is none", "SSH-2.0-OpenSSH_9.9\r\n"],
  ])("that %s is told apart from the API, and no reason to hang", async (_what, words) => {
    const deaf = await listen((socket) => socket.once("data", () => socket.end(words)));
    const run = await verify([behind], { env: { HTTPS_PROXY: deaf.url }, args: ["--timeout", "1"] });
    expect(statesOf(run, [behind])).toEqual(["unknown"]);
    expect(run.tokens[0]!.verdict.reason).toContain("cannot be reached through the proxy");
    await deaf.close();
  });

  it.each([
    ["says nothing", "", /did not answer within 1 s/],
    ["says nothing behind its tunnel", "HTTP/1.1 200 OK\r\n\r\n", /did not answer within 1 s/],
  ])("that %s is no reason to hang", async (_what, words, reason) => {
    const mute = await listen((socket) => socket.once("data", () => socket.write(words)));
    const run = await verify([behind], { env: { HTTPS_PROXY: mute.url }, args: ["--timeout", "1"] });
    expect(statesOf(run, [behind])).toEqual(["unknown"]);
    expect(run.tokens[0]!.verdict.reason).toMatch(reason);
    await mute.close();
  });

  it.each(["::nonsense", "socks5://127.0.0.1:9", "ftp://127.0.0.1"])("that is none is a mistake: %s", async (url) => {
    expectUsageError(await runVerify([behind], { env: { HTTPS_PROXY: url } }), "proxy");
  });
});

interface RawServer {
  readonly url: string;
  close(): Promise<void>;
}

async function listen(onSocket: (socket: Socket) => void): Promise<RawServer> {
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on("error", () => undefined);
    onSocket(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

describe("a token on the command line", () => {
  it("is refused, and not shown", async () => {
    const run = await startWithInput(["verify", token.raw], { cwd: makeTempDir() }).ended;
    expectUsageError(run, "too many arguments");
    expect(api.requests).toEqual([]);
  });

  it("is no option either", async () => {
    const run = await startWithInput(["verify", "--token", token.raw], { cwd: makeTempDir() }).ended;
    expectUsageError(run, "unknown option");
  });
});

describe("standard input", () => {
  it.each([
    ["nothing", "", /holds no token/],
    ["blank lines", "\n  \n\n", /holds no token/],
    ["a placeholder", "ik_sdk_your_control_plane_token\n", /line 1 .* is no token/],
    ["another word", "hello\n", /line 1 .* is no token/],
  ])("with %s is a mistake", async (_what, input, message) => {
    expectUsageError(await runVerify([], { baseUrl: api.baseUrl, input }), message);
    expect(api.requests).toEqual([]);
  });

  it("names the line that holds more than a token, and asks about none", async () => {
    const input = `${token.raw}\nTOKEN=${token.raw}\n`;
    const run = await runVerify([], { baseUrl: api.baseUrl, input });
    expectUsageError(run, "line 2 of standard input is no token");
    expect(api.requests).toEqual([]);
  });

  it.each([
    ["lines of Windows", (raw: string) => `${raw}\r\n\r\n`],
    ["a mark of the byte order", (raw: string) => `\ufeff${raw}\n`],
    ["blanks around", (raw: string) => `  ${raw}\t\n`],
    ["no end of the line", (raw: string) => raw],
    ["the same token again", (raw: string) => `${raw}\n${raw}\n${raw}\n`],
  ])("may have %s", async (_what, write) => {
    const run = await verify([token], { baseUrl: api.baseUrl, input: write(token.raw) });
    expect(statesOf(run, [token])).toEqual(["live"]);
    expect(run.tokens).toHaveLength(1);
    expect(api.requests).toHaveLength(2);
  });
});

describe("without --verify", () => {
  it("a scan asks nobody", async () => {
    const cwd = makeTempDir();
    writeFileSync(join(cwd, "a.env"), token.raw);
    const run = await startWithInput(["scan", "--format", "json", "--base-url", api.baseUrl], { cwd }).ended;
    expect(run.status).toBe(1);
    expect(run.json).toMatchObject({ tokens: [{ verdict: { state: "unchecked" } }] });
    expect(api.requests).toEqual([]);
    expect(readFileSync(join(cwd, "a.env"), "utf8")).toBe(token.raw);
  });
});
