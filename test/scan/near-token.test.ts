import { describe, expect, it } from "vitest";
import { findHints, mergeHints } from "../../src/scan/near-token.ts";
import { makeToken } from "../support/token.ts";

const { raw, secret } = makeToken();

function hintsIn(before: string, after = ""): ReturnType<typeof findHints> {
  const bytes = Buffer.from(`${before}${raw}${after}`);
  const start = Buffer.byteLength(before);
  return findHints(bytes, start, start + raw.length, "plain");
}

describe("hosts of APIs", () => {
  it.each([
    ["INFERENCEKEY_BASE_URL=https://a.example.com/x\n", "a.example.com"],
    ["export INFERENCEKEY_BASE_URL='https://A.example.com:8443'\n", "a.example.com:8443"],
    ["ENV INFERENCEKEY_BASE_URL https://a.example.com\n", "a.example.com"],
    ["- name: INFERENCEKEY_BASE_URL\n  value: https://a.example.com\n", "a.example.com"],
    ['os.environ.get("INFERENCEKEY_BASE_URL", "https://a.example.com")', "a.example.com"],
    ['process.env.INFERENCEKEY_BASE_URL ?? "https://a.example.com"', "a.example.com"],
    ['base_url="https://a.example.com"', "a.example.com"],
    ['{ baseUrl: "https://a.example.com" }', "a.example.com"],
    ['{"baseURL": "https://a.example.com"}', "a.example.com"],
    ["--base-url https://a.example.com ", "a.example.com"],
    ["curl https://a.example.com/api/projects/acme/workloads -H ", "a.example.com"],
    ["curl http://a.example.com/gateway/endpoint/acme/support/jobs -H ", "a.example.com"],
  ])("%j", (text, host) => {
    expect(hintsIn(text).hosts).toEqual([host]);
    expect(hintsIn("", `\n${text}`).hosts).toEqual([host]);
  });

  it.each([
    "OPENAI_BASE_URL=https://api.example.com/v1\n",
    "see https://cloud.inferencekey.com/dashboard ",
    "https://example.com/endpoints/list ",
  ])("are not in %j", (text) => {
    expect(hintsIn(text).hosts).toEqual([]);
  });

  it("are not shown where they can be a piece of a token", () => {
    const { hosts } = hintsIn(`base_url=https://${secret}.example.com `);
    expect(hosts).toEqual(["….example.com"]);
  });
});

describe("projects and endpoints", () => {
  it.each([
    "INFERENCEKEY_PROJECT=acme\n",
    'INFERENCEKEY_PROJECT: "acme"\n',
    "- name: INFERENCEKEY_PROJECT\n  value: acme\n",
    'from_env(project="acme")',
    '{"project": "acme"}',
    "--project acme ",
    "GET /api/projects/acme/workloads ",
  ])("a project in %j", (text) => {
    expect(hintsIn(text).projects).toEqual(["acme"]);
  });

  it("an endpoint in an address", () => {
    expect(hintsIn("POST /endpoint/acme/support/v1/chat/completions ").endpoints).toEqual(["acme/support"]);
  });

  it.each([
    `project=${secret.slice(0, 30)} `,
    `project=x-${secret.slice(0, 20)} `,
    `/endpoint/acme/${secret.slice(0, 32)}/jobs `,
  ])("none that can be a piece of a token", (text) => {
    expect(hintsIn(text)).toMatchObject({ projects: [], endpoints: [] });
  });

  it("none from far away", () => {
    const far = "x\n".repeat(2000);
    expect(hintsIn(`INFERENCEKEY_PROJECT=acme\n${far}`, `${far}/endpoint/acme/support/jobs`)).toEqual({
      projects: [],
      endpoints: [],
      hosts: [],
    });
  });

  it("few, however many there are", () => {
    const many = Array.from({ length: 100 }, (_, index) => `/endpoint/p${index}/w/jobs `).join("");
    expect(hintsIn(many.slice(0, 1900)).endpoints).toHaveLength(8);
  });

  it("of several places are one list without doubles", () => {
    const one = { projects: ["a"], endpoints: [], hosts: ["h"] };
    expect(mergeHints([one, { ...one, projects: ["b", "a"] }])).toEqual({
      projects: ["a", "b"],
      endpoints: [],
      hosts: ["h"],
    });
  });
});
