import { get } from "node:https";
import { afterEach, describe, expect, it } from "vitest";
import { makeCertificate, type MadeCertificate } from "../support/certificate.ts";
import { startInferenceKey, type InferenceKeyEmulator } from "./inferencekey/emulator.ts";

let api: InferenceKeyEmulator | undefined;

afterEach(() => api?.close());

/** The status, or the code of the error with which the client refuses. */
async function statusOver(tls: MadeCertificate, trusted: boolean): Promise<unknown> {
  api = await startInferenceKey({ tls });
  const url = `${api.baseUrl}/`;
  return new Promise((resolve) => {
    get(url, trusted ? { ca: tls.cert } : {}, (response) => {
      response.resume();
      resolve(response.statusCode);
    }).on("error", (error: NodeJS.ErrnoException) => resolve(error.code));
  });
}

describe("an emulator over TLS", () => {
  it("answers a client that trusts its certificate", async () => {
    expect(await statusOver(makeCertificate(), true)).toBe(404);
    expect(api?.baseUrl).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/);
  });

  it.each([
    ["signed by itself", {}, false, "DEPTH_ZERO_SELF_SIGNED_CERT"],
    ["expired", { notAfter: new Date(Date.now() - 1000) }, true, "CERT_HAS_EXPIRED"],
    ["not valid yet", { notBefore: new Date(Date.now() + 100_000) }, true, "CERT_NOT_YET_VALID"],
    ["for another host", { hosts: ["elsewhere.invalid"] }, true, "ERR_TLS_CERT_ALTNAME_INVALID"],
  ] as const)("is refused where its certificate is %s", async (_name, options, trusted, code) => {
    expect(await statusOver(makeCertificate(options), trusted)).toBe(code);
    expect(api?.requests).toEqual([]);
  });
});
