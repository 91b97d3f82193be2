// The reference server as a program, together with an emulator of the API whose tokens it revokes.
import { readFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { stopOnSignal } from "../http/stop-on-signal.ts";
import { fillDemoWorld, listTokens, writeTokens } from "../inferencekey/demo-world.ts";
import { startInferenceKey } from "../inferencekey/emulator.ts";
import { startRevocationServer } from "./server.ts";
import { revokingIn } from "./wire.ts";

const USAGE = `Serves docs/revocation-api.openapi.yaml, and beside it an emulator of the InferenceKey API:
a demo token that is revoked here is dead there.

  node test/emulators/revocation/main.ts --secret-file FILE [--secret-file FILE] [options]

  --secret-file FILE   the shared secret; two of them while it is being changed
  --port N             listen there (default: a free port)
  --api-port N         the emulator of the API listens there (default: a free port)
  --tokens-file FILE   write the demo tokens to FILE
  --more-tokens N      so many more control tokens of acme
  --show-tokens        print the demo tokens in full, not masked
  --help`;

const { values } = parseArgs({
  options: {
    "secret-file": { type: "string", multiple: true, default: [] },
    port: { type: "string", default: "0" },
    "api-port": { type: "string", default: "0" },
    "tokens-file": { type: "string" },
    "more-tokens": { type: "string", default: "0" },
    "show-tokens": { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});

if (values.help) console.log(USAGE);
else await run();

async function run(): Promise<void> {
  const secrets = await Promise.all(values["secret-file"].map((path) => readSecret(path)));
  const api = await startInferenceKey({ port: Number(values["api-port"]) });
  const server = await startRevocationServer({ secrets, port: Number(values.port), revoke: revokingIn(api) });
  const demo = fillDemoWorld(api);
  const more = Array.from({ length: Number(values["more-tokens"]) }, (_, index) => ({
    name: `control acme ${index + 1}`,
    token: api.mintControlToken("acme"),
  }));
  const tokens = [...demo, ...more];
  if (values["tokens-file"] !== undefined) await writeTokens(values["tokens-file"], tokens);
  console.log(`revocations  ${server.url}`);
  console.log(`API          ${api.baseUrl}`);
  console.log(listTokens(tokens, values["show-tokens"] ? "raw" : "masked"));
  stopOnSignal(async () => {
    await Promise.all([server.close(), api.close()]);
  });
}

/** Editors and `openssl rand` end a file with a line feed, which is no part of the secret. */
async function readSecret(path: string): Promise<string> {
  return (await readFile(path, "utf8")).trimEnd();
}
