// The emulator as a program: starts, says where it is, and runs until it is interrupted.
import { readFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { stopOnSignal } from "../http/stop-on-signal.ts";
import { fillDemoWorld, listTokens, writeTokens } from "./demo-world.ts";
import { startInferenceKey } from "./emulator.ts";
import { parseSwitch, SWITCHES, type Switches } from "./switches.ts";

const USAGE = `Emulates the InferenceKey API with two projects and freshly made tokens.

  node test/emulators/inferencekey/main.ts [options]

  --port N             listen there (default: a free port)
  --hostname NAME      listen there (default: 127.0.0.1)
  --tokens-file FILE   write the demo tokens to FILE
  --show-tokens        print the demo tokens in full, not masked
  --latency MS         answer each request that much later
  --switch NAME=VALUE  read the documents in another way; can be repeated
  --tls-key FILE       serve over TLS (PEM), together with
  --tls-cert FILE
  --help

Switches (the first value is the default):
${Object.entries(SWITCHES)
  .map(([name, values]) => `  ${name.padEnd(16)} ${values.join(" | ")}`)
  .join("\n")}`;

const { values } = parseArgs({
  options: {
    port: { type: "string", default: "0" },
    hostname: { type: "string", default: "127.0.0.1" },
    "tokens-file": { type: "string" },
    "show-tokens": { type: "boolean", default: false },
    latency: { type: "string" },
    switch: { type: "string", multiple: true, default: [] },
    "tls-key": { type: "string" },
    "tls-cert": { type: "string" },
    help: { type: "boolean", default: false },
  },
});

if (values.help) console.log(USAGE);
else await run();

async function run(): Promise<void> {
  const switches: Partial<Switches> = Object.assign({}, ...values.switch.map((text) => parseSwitch(text)));
  const tls = await readTls(values["tls-key"], values["tls-cert"]);
  const emulator = await startInferenceKey({
    port: Number(values.port),
    hostname: values.hostname,
    switches,
    ...(tls === undefined ? {} : { tls }),
  });
  if (values.latency !== undefined) emulator.inject({ kind: "latency", milliseconds: Number(values.latency) });
  const tokens = fillDemoWorld(emulator);
  if (values["tokens-file"] !== undefined) await writeTokens(values["tokens-file"], tokens);
  console.log(emulator.baseUrl);
  console.log(listTokens(tokens, values["show-tokens"] ? "raw" : "masked"));
  stopOnSignal(() => emulator.close());
}

async function readTls(key: string | undefined, cert: string | undefined) {
  if (key === undefined && cert === undefined) return undefined;
  if (key === undefined || cert === undefined) throw new Error("--tls-key and --tls-cert belong together");
  return { key: await readFile(key, "utf8"), cert: await readFile(cert, "utf8") };
}
