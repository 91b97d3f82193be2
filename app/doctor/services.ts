/** Whether those whom the App asks answer: InferenceKey's API, and the revocation provider. Neither is asked to change anything. */
import { randomBytes, randomUUID } from "node:crypto";
import { HttpClient, KeyrecallError, SIGNATURE_HEADER, signBody, Verifier } from "keyrecall";
import type { Settings } from "../settings.ts";
import { VERSION } from "../version.ts";
import { type Finding, finding, ok } from "./finding.ts";

const USER_AGENT = `keyrecall-app/${VERSION}`;
const TIMEOUT_MS = 15_000;

/** A random token: what it is refused with is what a verdict is compared to. */
export async function checkApi({ inferenceKeyUrl }: Settings): Promise<Finding> {
  const check = "inferencekey";
  const verifier = new Verifier({ baseUrl: inferenceKeyUrl, userAgent: USER_AGENT, timeoutMs: TIMEOUT_MS });
  try {
    const answer = await verifier.askControl("control");
    if (answer.kind === "error") {
      return ok(check, `${verifier.api} answers, and refuses a random token (${answer.status})`);
    }
    const why = answer.kind === "workloads" ? "answers a random token like a good one" : answer.why;
    const remedy = "check the network and INFERENCEKEY_BASE_URL; until then no verdict can be had";
    return finding(check, "problem", `${verifier.api} ${why}`, remedy);
  } catch (error) {
    if (!(error instanceof KeyrecallError)) throw error;
    return finding(check, "problem", error.message, error.hint ?? "check INFERENCEKEY_BASE_URL");
  } finally {
    await verifier.close();
  }
}

/** Asked how a revocation is getting on that nobody has asked for: the signature is looked at before that. */
export async function checkProvider({ revocation, dryRunUntil }: Settings): Promise<Finding[]> {
  const check = "revocation";
  const findings = dryRun(dryRunUntil);
  if (revocation === null) {
    const what = "no provider is configured: people revoke by hand, in the dashboard";
    return [...findings, finding(check, "advice", what, "set REVOCATION_URL and REVOCATION_SECRET")];
  }
  const { url, secrets } = revocation;
  const body = JSON.stringify({
    method: "status",
    idempotency_key: randomUUID(),
    fingerprints: [`sha256:${randomBytes(32).toString("hex")}`],
  });
  const client = new HttpClient(url.href, { totalMs: TIMEOUT_MS, maxBytes: 1024 * 1024, maxAttempts: 1 }, 1);
  try {
    const result = await client.send({
      method: "POST",
      url: url.href,
      headers: () => ({
        "content-type": "application/json",
        accept: "application/json",
        "user-agent": USER_AGENT,
        [SIGNATURE_HEADER]: signBody(body, secrets, Math.floor(Date.now() / 1000)),
      }),
      body,
    });
    if (result.kind === "failure") {
      return [...findings, finding(check, "problem", `${url.host} ${result.why}`, "check REVOCATION_URL")];
    }
    return [...findings, judge(check, url.host, result.status, result.location !== null, codeIn(result.body))];
  } finally {
    await client.close();
  }
}

function judge(check: string, host: string, status: number, redirects: boolean, code: string | null): Finding {
  const what = `${host} answers ${status}${code === null ? "" : ` ${code}`}`;
  if (redirects) return finding(check, "problem", `${host} redirects, which is not followed`, "correct REVOCATION_URL");
  if (status === 401 && code === "stale_timestamp") {
    return finding(check, "problem", what, "the clock of this machine, or of the provider's, is wrong");
  }
  if (status === 401) {
    return finding(check, "problem", what, "REVOCATION_SECRET is not the provider's: give both the same one");
  }
  // What it does not know is no valid question: it read the body, and so took the signature.
  if (status === 200 || (status === 400 && code === "invalid_request")) {
    return ok(check, `${host} answers, and takes the signature`);
  }
  return finding(check, "problem", what, "check REVOCATION_URL: the contract is docs/revocation-api.md");
}

function codeIn(body: Buffer): string | null {
  try {
    const { error } = JSON.parse(body.toString("utf8")) as { error?: { code?: unknown } };
    const code = error?.code;
    return typeof code === "string" && /^[a-z_]{1,64}$/.test(code) ? code : null;
  } catch {
    return null;
  }
}

function dryRun(until: string | null): Finding[] {
  if (until === null) return [];
  const isOn = new Date().toISOString().slice(0, 10) <= until;
  return isOn
    ? [finding("dry-run", "advice", `nothing is revoked until ${until}`, "take DRY_RUN_UNTIL away to have it revoke")]
    : [ok("dry-run", `it was over on ${until}`)];
}
