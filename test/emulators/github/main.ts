// The emulator as a program: starts, says where it is and how it is steered, and runs until it is interrupted.
import { readFile, writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { stopOnSignal } from "../http/stop-on-signal.ts";
import { startAdmin } from "./admin.ts";
import { startGitHub } from "./emulator.ts";
import { DEFAULT_SETTINGS, type Settings } from "./settings.ts";

const USAGE = `Emulates GitHub for one App: REST API, webhooks, and git over HTTP. It starts empty; what there is in it
is made by POST to the admin address, the function in the path and its arguments as an array of JSON
(see steering.ts), such as

  curl -d '["acme/app", {"private": true}]' http://127.0.0.1:PORT/addRepository

  node test/emulators/github/main.ts [options]

  --port N               listen there (default: a free port)
  --admin-port N         the admin address listens there, on loopback only (default: a free port)
  --hostname NAME        listen there (default: 127.0.0.1)
  --webhook-url URL      where webhooks go
  --webhook-secret-file FILE
  --key-file FILE        write the App's private key (PEM) to FILE
  --private-key FILE     use this key (PEM) instead of a new one
  --app-id N
  --latency MS           answer each request that much later
  --setting NAME=VALUE   as JSON; can be repeated
  --tls-key FILE         serve over TLS (PEM), together with
  --tls-cert FILE
  --help

Settings and their defaults:
${Object.entries(DEFAULT_SETTINGS)
  .map(([name, value]) => `  ${name.padEnd(28)} ${JSON.stringify(value)}`)
  .join("\n")}`;

const OWNER_ONLY = 0o600;

const { values } = parseArgs({
  options: {
    port: { type: "string", default: "0" },
    "admin-port": { type: "string", default: "0" },
    hostname: { type: "string", default: "127.0.0.1" },
    "webhook-url": { type: "string" },
    "webhook-secret-file": { type: "string" },
    "key-file": { type: "string" },
    "private-key": { type: "string" },
    "app-id": { type: "string" },
    latency: { type: "string" },
    setting: { type: "string", multiple: true, default: [] },
    "tls-key": { type: "string" },
    "tls-cert": { type: "string" },
    help: { type: "boolean", default: false },
  },
});

if (values.help) console.log(USAGE);
else await run();

async function run(): Promise<void> {
  const [secret, privateKey, key, cert] = await Promise.all(
    (["webhook-secret-file", "private-key", "tls-key", "tls-cert"] as const).map((name) => read(values[name])),
  );
  if ((key === undefined) !== (cert === undefined)) throw new Error("--tls-key and --tls-cert belong together");
  const emulator = await startGitHub({
    port: Number(values.port),
    hostname: values.hostname,
    ...(key === undefined || cert === undefined ? {} : { tls: { key, cert } }),
    app: {
      ...(values["app-id"] === undefined ? {} : { id: Number(values["app-id"]) }),
      ...(privateKey === undefined ? {} : { privateKey }),
    },
    settings: {
      ...Object.assign({}, ...values.setting.map((text) => parseSetting(text))),
      ...(values["webhook-url"] === undefined ? {} : { webhookUrl: values["webhook-url"] }),
      // Editors and `openssl rand` end a file with a line feed, which is no part of the secret.
      ...(secret === undefined ? {} : { webhookSecret: secret.trimEnd() }),
    },
  });
  const admin = await startAdmin(emulator, Number(values["admin-port"]));
  if (values.latency !== undefined) emulator.inject({ kind: "latency", milliseconds: Number(values.latency) });
  const { appId, privateKey: pem } = emulator.appCredentials();
  if (values["key-file"] !== undefined) await writeFile(values["key-file"], pem, { mode: OWNER_ONLY });
  console.log(`GitHub  ${emulator.baseUrl}`);
  console.log(`admin   ${admin.origin}`);
  console.log(`App     ${appId}`);
  stopOnSignal(async () => {
    await admin.close();
    await emulator.close();
  });
}

async function read(path: string | undefined): Promise<string | undefined> {
  return path === undefined ? undefined : readFile(path, "utf8");
}

function parseSetting(text: string): Partial<Settings> {
  const name = text.slice(0, text.indexOf("="));
  const value = text.slice(text.indexOf("=") + 1);
  if (!(name in DEFAULT_SETTINGS)) throw new Error(`there is no setting ${name}`);
  return { [name]: JSON.parse(value) as unknown };
}
