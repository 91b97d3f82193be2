import { describe, expect, it } from "vitest";
import { KeyrecallError } from "../../src/core/errors.ts";
import { type ApiSource, requireApiUrl } from "../../src/verify/api-url.ts";

const SOURCES: readonly ApiSource[] = ["option", "configuration", "environment"];

describe("an address that tokens may be sent to", () => {
  it.each([
    ["https://api.inferencekey.com", "https://api.inferencekey.com"],
    ["https://api.inferencekey.com/", "https://api.inferencekey.com"],
    ["https://API.InferenceKey.com:443", "https://api.inferencekey.com"],
    ["https://cloud.inferencekey.com/v2//", "https://cloud.inferencekey.com/v2"],
    ["http://127.0.0.1:8080", "http://127.0.0.1:8080"],
    ["http://127.8.9.1", "http://127.8.9.1"],
    ["http://[::1]:9", "http://[::1]:9"],
    ["http://localhost:8080/ik/", "http://localhost:8080/ik"],
    ["https://localhost", "https://localhost"],
  ])("is %s, whoever names it", (text, url) => {
    for (const source of SOURCES) expect(requireApiUrl(text, source)).toBe(url);
  });

  it.each([
    "https://inferencekey.example.com",
    "https://api.inferencekey.com.evil.example",
    "https://evilinferencekey.com",
    "https://api-inferencekey.com",
    "https://127.0.0.1.evil.example",
    "https://localhost.evil.example",
    "https://10.0.0.1",
  ])("is %s only where the operator names it", (text) => {
    expect(requireApiUrl(text, "option")).toBe(text);
    expect(requireApiUrl(text, "configuration")).toBe(text);
    expect(() => requireApiUrl(text, "environment")).toThrow(/is not InferenceKey's/);
  });

  it.each([
    ["http://api.inferencekey.com", /not encrypted/],
    ["http://127.0.0.1.evil.example", /not encrypted/],
    ["http://0.0.0.0:80", /not encrypted/],
    ["ftp://127.0.0.1", /not encrypted/],
    ["file:///etc/passwd", /not encrypted/],
    ["javascript:alert(1)", /not encrypted/],
    ["https://api.inferencekey.com@evil.example", /a user, a query or a fragment/],
    ["https://evil.example?.inferencekey.com", /a user, a query or a fragment/],
    ["https://evil.example#.inferencekey.com", /a user, a query or a fragment/],
    ["api.inferencekey.com", /no URL/],
    ["", /no URL/],
    ["https://", /no URL/],
  ])("is never %s", (text, why) => {
    for (const source of SOURCES) {
      expect(() => requireApiUrl(text, source)).toThrow(KeyrecallError);
      expect(() => requireApiUrl(text, source)).toThrow(why);
    }
  });

  it("is named by the setting that it came from", () => {
    expect(() => requireApiUrl("x", "environment")).toThrow("INFERENCEKEY_BASE_URL");
    expect(() => requireApiUrl("x", "option")).toThrow("--base-url");
    expect(() => requireApiUrl("x", "configuration")).toThrow("user configuration");
  });
});
