// The vendor's own client takes the emulator for the API: what the verdicts are tested against is no invention of ours.
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { prerequisite } from "../../scripts/tier2/prerequisites.ts";
import { startInferenceKey, type InferenceKeyEmulator } from "../emulators/inferencekey/emulator.ts";
import { isolatedEnv } from "../support/isolated-env.ts";
import { assertNoSecret } from "../support/secret-guard.ts";
import { makeToken } from "../support/token.ts";

const python = await prerequisite("inferencekey", "the vendor's own client against the emulator");

const SCRIPT = fileURLToPath(new URL("inferencekey-client.py", import.meta.url));
const SPEC = { name: "Support bot", slug: "support-bot", model: "m", backend: "vllm", command: "vllm serve m" };
const CHAT = { project: "acme", workload: "support", call: "generate_text", prompt: "hello there" };
const ENSURE = { project: "acme", call: "ensure", spec: SPEC };

let api: InferenceKeyEmulator;

beforeEach(async () => {
  api = await startInferenceKey();
  api.addWorkload("acme", { slug: "support" });
  api.addProject("beta");
});

afterEach(() => api.close());

interface ClientCall {
  readonly call: string;
  readonly token: { readonly raw: string };
  readonly project: string;
  readonly [field: string]: unknown;
}

type Outcome = { readonly value: unknown } | { readonly error: string; readonly message: string };

/** The emulator lives in this process, so the client must not be waited for synchronously. */
async function runClient(...calls: readonly ClientCall[]): Promise<Outcome[]> {
  const child = spawn(python!, [SCRIPT], { env: isolatedEnv(), stdio: ["pipe", "pipe", "pipe"] });
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => stdout.push(chunk));
  child.stderr.on("data", (chunk: Buffer) => stderr.push(chunk));
  const raw = calls.map((one) => ({ ...one, token: one.token.raw }));
  child.stdin.end(JSON.stringify({ base_url: api.baseUrl, calls: raw }));
  const status = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  const output = Buffer.concat(stdout);
  assertNoSecret(output, "the client's output");
  expect(status, Buffer.concat(stderr).toString()).toBe(0);
  return JSON.parse(output.toString()) as Outcome[];
}

describe.skipIf(python === undefined)("the inferencekey package of PyPI", () => {
  it("provisions, changes, waits for and deletes a workload", async () => {
    const token = api.mintControlToken("acme");
    const slug = { project: "acme", workload: "support-bot", token };
    const outcomes = await runClient(
      { ...ENSURE, token },
      { ...ENSURE, token, spec: { ...SPEC, model: "n" } },
      { ...slug, call: "wait_until_ready" },
      { ...slug, call: "delete" },
      { ...slug, call: "delete" },
    );
    expect(outcomes).toEqual([
      { value: ["acme", "support-bot"] },
      { value: ["acme", "support-bot"] },
      { value: ["scheduling", "provisioning", "bootstrapping", "ready"] },
      { value: true },
      { value: false },
    ]);
    expect(api.requests.map(({ route, status }) => [route, status])).toEqual([
      ["list-workloads", 200],
      ["create-workload", 201],
      ["list-workloads", 200],
      ["update-workload", 200],
      ["readiness-events", 200],
      ["list-workloads", 200],
      ["delete-workload", 204],
      ["list-workloads", 200],
    ]);
  });

  it("reads a list in an envelope as well", async () => {
    api.set({ listShape: "envelope" });
    const token = api.mintControlToken("acme");
    const gone = { token, project: "acme", workload: "support", call: "delete" };
    expect(await runClient(gone, gone)).toEqual([{ value: true }, { value: false }]);
  });

  it("runs inference, and submits jobs as the guide does", async () => {
    const call = { token: api.mintDataToken(["acme/support"]), project: "acme", workload: "support" };
    const outcomes = await runClient(
      { ...CHAT, ...call },
      { ...CHAT, ...call, call: "generate_text_stream" },
      { ...call, call: "embed", input: ["a", "bc"] },
      { ...call, call: "rerank", documents: ["a", "longer"] },
      { ...call, call: "job", job: { kind: "embeddings", body: { input: "a" } } },
      { ...call, call: "job", job: { kind: "no-such-kind", body: {} } },
    );
    const embeddings = [
      [1, 0, 0.5],
      [2, 1, 0.5],
    ];
    const ranking = [
      [1, 0.06],
      [0, 0.01],
    ];
    expect(outcomes).toEqual([
      { value: "You said: hello there" },
      { value: ["You ", "said: ", "hello ", "there", ""] },
      { value: embeddings },
      { value: ranking },
      { value: [202, ["job_id"]] },
      { value: [400, { error: "unsupported_kind" }] },
    ]);
  });

  it("raises what the documents say for 403 and 404", async () => {
    const control = api.mintControlToken("acme");
    const data = api.mintDataToken(["acme/*"]);
    const outcomes = await runClient(
      { ...ENSURE, token: data },
      { ...CHAT, token: control },
      { ...ENSURE, token: control, project: "beta" },
      { ...CHAT, token: data, project: "beta" },
      { ...ENSURE, token: api.mintControlToken("acme", ["workload:read"]) },
      { ...CHAT, token: data, workload: "missing" },
    );
    const denied = (code: string): Outcome => ({
      error: "PermissionDenied",
      message: `permission denied [${code}]: ${code}`,
    });
    expect(outcomes).toEqual([
      denied("wrong_credential_type"),
      denied("wrong_credential_type"),
      denied("project_scope_mismatch"),
      denied("project_scope_mismatch"),
      denied("scope_insufficient"),
      { error: "ApiError", message: "not found: not_found" },
    ]);
  });

  it("tells a revoked token by its 401 or 403; a 401 comes as PermissionDenied, not as the documented AuthError", async () => {
    const control = api.mintControlToken("acme");
    const data = api.mintDataToken(["acme/*"]);
    api.revoke(control);
    api.revoke(data);
    const unauthorized = { error: "PermissionDenied", message: "authentication failed: unauthorized" };
    expect(await runClient({ ...ENSURE, token: control }, { ...CHAT, token: data })).toEqual([
      { error: "PermissionDenied", message: "permission denied [forbidden]: forbidden" },
      unauthorized,
    ]);
    api.set({ revokedControl: "401" });
    expect(await runClient({ ...ENSURE, token: control }, { ...ENSURE, token: makeToken() })).toEqual([
      unauthorized,
      unauthorized,
    ]);
  });

  it("loses the code of an error in the shape of the wire-format page", async () => {
    api.set({ errorShape: "nested" });
    const [outcome] = await runClient({ ...ENSURE, token: api.mintControlToken("beta") });
    expect(outcome).toMatchObject({
      error: "PermissionDenied",
      message: expect.stringMatching(/^permission denied \[forbidden\]: \{"error":\{"code":"project_scope_mismatch"/),
    });
  });
});
