// What the formats say, in the bundle's own words: the same facts in each, nothing of a stranger's that acts, no token.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { marked } from "marked";
import { beforeAll, describe, expect, it } from "vitest";
import { expectStatus, runCli, scan } from "../support/cli.ts";
import { expectValidJunit, validSarif, type SarifRun } from "../support/foreign-schemas.ts";
import { GitRepository } from "../support/git-repository.ts";
import { makeTempDir } from "../support/temp-dir.ts";
import { makeToken, makeTokens, type MadeToken } from "../support/token.ts";

const FORMATS = ["text", "json", "sarif", "html", "markdown", "github", "junit"] as const;
type Format = (typeof FORMATS)[number];
type Reports = Readonly<Record<Format, string>>;

/** One scan, and what each format says of it. */
function reportsOf(cwd: string, args: readonly string[], status: number, env: Record<string, string> = {}): Reports {
  const dir = makeTempDir("reports");
  const outputs = FORMATS.flatMap((format) => ["--format", format, "--output", join(dir, format)]);
  const run = runCli(["scan", ...args, ...outputs], { cwd, env });
  expectStatus(run, status);
  const read = FORMATS.map((format) => [format, readFileSync(join(dir, format), "utf8")] as const);
  return Object.fromEntries(read) as Reports;
}

function sarifOf(cwd: string, args: readonly string[], status = 1): SarifRun {
  const run = runCli(["scan", ...args, "--format", "sarif"], { cwd });
  expectStatus(run, status);
  return validSarif(run.stdout);
}

/** What is in an XML or HTML text once entities are read. */
function unescape(text: string): string {
  return text.replaceAll(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)));
}

describe("every format", () => {
  let reports: Reports;
  const tokens = makeTokens(3);
  let first: string;
  beforeAll(() => {
    const repository = GitRepository.init();
    first = repository.commitFile("deploy/.env", `KEY=${tokens[0].raw}\n`);
    repository.commitFile("deploy/.env", "KEY=\n", `Message\n\n${tokens[1].raw}\n`);
    repository.git(["tag", "-a", "-m", tokens[2].raw, "v1"]);
    reports = reportsOf(repository.dir, ["--history"], 1);
  });

  it.each(FORMATS)("%s names each token by its masked form, and where it stands", (format) => {
    const text = unescape(reports[format]);
    for (const { masked } of tokens) expect(text).toContain(masked);
    expect(text).toContain("deploy/.env");
    expect(text).toContain(first.slice(0, 12));
  });

  it.each(FORMATS)("%s holds no raw token, and none in a piece", (format) => {
    for (const { secret } of tokens) {
      expect(reports[format]).not.toContain(secret.slice(0, 16));
      expect(reports[format]).not.toContain(secret.slice(-16));
    }
  });

  it("JUnit is valid, and has a failing test for each place", async () => {
    await expectValidJunit(reports.junit);
    expect(reports.junit).toMatch(/<testsuite name="keyrecall scan" tests="4" failures="3" errors="0" skipped="0"/);
    expect(reports.junit.match(/<failure /g)).toHaveLength(3);
  });

  it("SARIF is valid", () => {
    expect(validSarif(reports.sarif).results).toHaveLength(3);
  });
});

describe("a clean scan", () => {
  it("is said by every format, and is a passing test", async () => {
    const cwd = makeTempDir();
    writeFileSync(join(cwd, "a.txt"), "nothing\n");
    const reports = reportsOf(cwd, [], 0);
    expect(reports.html).toContain("<h1>No leaked token found.</h1>");
    expect(reports.markdown).toContain("no leaked token found");
    expect(reports.github).toBe("keyrecall: 0 leaked tokens; read: the files\n");
    expect(validSarif(reports.sarif)).toMatchObject({ results: [], invocations: [{ executionSuccessful: true }] });
    await expectValidJunit(reports.junit);
    expect(reports.junit).toContain('tests="2" failures="0" errors="0"');
    expect(reports.junit).toMatch(/name="no leaked token" time="0"\/>/);
  });
});

describe("an incomplete scan", () => {
  it("is said loudly by every format", async () => {
    const repository = GitRepository.init();
    repository.commitFile("a.txt", "1\n");
    const object = repository.id("HEAD:a.txt");
    repository.remove(repository.looseObject(object).slice(repository.dir.length + 1));
    const reports = reportsOf(repository.dir, ["--history"], 3);
    for (const format of FORMATS) expect(reports[format], format).toContain(object);
    expect(reports.text).toContain("Not everything could be read");
    expect(reports.html).toContain("<h1>No leaked token found, and not everything could be read.</h1>");
    expect(reports.html).toContain('<h2 id="gaps">Not everything could be read</h2>');
    expect(reports.markdown).toContain("and not everything could be read");
    expect(reports.github).toMatch(/^::error title=Not everything could be read::/m);
    const [{ executionSuccessful, toolExecutionNotifications }] = validSarif(reports.sarif).invocations;
    expect(executionSuccessful).toBe(false);
    expect(toolExecutionNotifications[0]?.message.text).toContain(object);
    await expectValidJunit(reports.junit);
    expect(reports.junit).toMatch(/errors="1"/);
    expect(reports.junit).toMatch(/<error type="incomplete" message="The scan is incomplete/);
  });
});

/** What acts in one of the formats, or would end what it stands in. */
const HOSTILE = [
  `"><script>alert(1)</script><img src=x onerror=alert(1)>`,
  "</style></title></script><!--",
  "]]></failure></testcase><testcase name='x'/>&lt;&unknown;",
  "::error::faked%0A::error::faked",
  "##[error]faked",
  "a\n::error::faked\r\n::stop-commands::x",
  "a|b `x` ``` [link](javascript:alert(1)) <b>bold</b> @everyone #1",
  "{0} [text](1) {{x}}",
  "\u001B[31mred\u0007\u202Egnp.\u2028\u200B\uFEFF\u009B",
  "\uFFFE\uFFFF\u0001\u0008",
  Buffer.from([0xff, 0xfe, 0x80, 0x3c, 0x62, 0x3e]),
];

describe("strangers' words", () => {
  let reports: Reports;
  let tokens: MadeToken[];
  beforeAll(() => {
    const repository = GitRepository.init();
    tokens = HOSTILE.map(() => makeToken());
    for (const [index, text] of HOSTILE.entries()) {
      const name = Buffer.from(text).toString("latin1").replaceAll("/", "|");
      repository.write(Buffer.from(`${index} ${name}`, "latin1"), `${tokens[index]?.raw}\n`);
      const author = typeof text === "string" ? text.replaceAll(/[<>\n]/g, " ") : "Ada";
      repository.commit(text, { author });
    }
    repository.git(["branch", `odd-<script>alert(1)|script>&"'\`\u202E`]);
    const policy = JSON.stringify({ version: 1, allow: [{ fingerprint: tokens[0]?.fingerprint, reason: HOSTILE[0] }] });
    repository.write("policy.yml", policy);
    reports = reportsOf(repository.dir, ["--history", "--config", "policy.yml"], 1);
  });

  it.each(FORMATS)("steer no terminal in %s", (format) => {
    // oxlint-disable-next-line no-control-regex -- these are what it looks for
    expect(reports[format]).not.toMatch(/[\u0000-\u0009\u000B-\u001F\u007F-\u009F\u200B-\u200F\u2028-\u202E\uFEFF]/u);
    for (const { masked } of tokens.slice(1)) expect(unescape(reports[format])).toContain(masked);
  });

  it("are no markup of the page", () => {
    const own =
      /<\/?(?:html|head|meta|title|style|body|div|header|main|section|article|h[1-4]|p|span|strong|code|time|ul|ol|li|a|svg|line|rect|circle|text|form|label|input|select|option|button|output|details|summary|table|tbody|tr|th|td|footer|script)\b[^<>]*>|<!doctype html>/g;
    const left = reports.html.replace(/<style>.*?<\/style>/s, "").replace(/<script>.*?<\/script>\n<\/body>/s, "");
    expect(left.replaceAll(own, "")).not.toMatch(/[<>]/);
    expect(left).not.toMatch(/<(?:script|img|b)\b/);
    for (const [tag] of left.matchAll(own)) expect(tag).not.toMatch(/\s(?:on\w+|style)=/i);
  });

  it("keep to the policy that lets only the page's own script and style act", () => {
    expect(reports.html).toMatch(
      /http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-[\w+/=]+'; script-src 'sha256-[\w+/=]+'; base-uri 'none'; form-action 'none'"/,
    );
    expect(reports.html).not.toMatch(/https?:\/\//);
  });

  it("are no element of JUnit's XML", async () => {
    await expectValidJunit(reports.junit);
    expect(reports.junit.match(/<testcase /g)).toHaveLength(HOSTILE.length + 1);
    expect(reports.junit).toMatch(/skipped="1"/);
  });

  it("are no command of the workflow", () => {
    const lines = reports.github.split("\n").slice(1, -1);
    for (const line of lines) {
      expect(line).toMatch(/^::(?:error|notice) (?:file=[^,:]+,line=\d+,)?title=[^,:]+::[^:]/);
      expect(line).not.toContain("##[");
    }
    // Ten errors are all that GitHub shows.
    expect(lines.filter((line) => line.startsWith("::error"))).toHaveLength(10);
  });

  it("are no markup, link or mention of the Markdown", () => {
    const html = marked.parse(reports.markdown, { async: false });
    const outside = html.replaceAll(/<code>.*?<\/code>/gs, "");
    expect(outside).not.toMatch(/<(?!\/?(?:p|h2|h3|ul|li|strong|blockquote)>)/);
    expect(outside).not.toMatch(/@everyone|javascript:|alert/);
  });

  it("are no link and no argument of SARIF's messages", () => {
    for (const { message, locations } of validSarif(reports.sarif).results) {
      expect(message.text).not.toMatch(/(?<!\\)\[[^\]]*(?<!\\)\]\(/);
      expect(message.text.replaceAll("{{", "").replaceAll("}}", "")).not.toMatch(/[{}]/);
      expect(locations[0].physicalLocation.artifactLocation.uri).toMatch(/^(?:[\w.~/-]|%[0-9A-F]{2})+$/);
    }
  });
});

describe("SARIF", () => {
  it("has what code scanning shows, within its limits", () => {
    const repository = GitRepository.init();
    const [control, data] = [makeToken(), makeToken({ plane: "data" })];
    repository.commitFile("a b/ü#1.env", `${control.raw}\n${data.raw}\n`);
    const run = sarifOf(repository.dir, ["--history"]);
    expect(run.automationDetails.id).toBe("keyrecall/history/");
    expect(run.tool.driver.semanticVersion).toMatch(/^\d+\.\d+\.\d+$/);
    for (const { name, shortDescription, fullDescription, help, properties } of run.tool.driver.rules) {
      expect(name.length).toBeLessThanOrEqual(255);
      expect(shortDescription.text.length).toBeLessThanOrEqual(1024);
      expect(fullDescription.text.length).toBeLessThanOrEqual(1024);
      expect(help.text).not.toBe("");
      expect(help.markdown).not.toBe("");
      expect(properties.tags).toContain("security");
      expect(properties.precision).toBe("very-high");
      expect(Number(properties["security-severity"])).toBeGreaterThan(8);
    }
    const [result] = run.results;
    expect(result?.message.text).toMatch(/^ik_sdk_[0-9a-f]{8}… is leaked here\. /);
    expect(result?.locations[0].physicalLocation).toEqual({
      artifactLocation: { uri: "a%20b/%C3%BC%231.env", uriBaseId: "%SRCROOT%" },
      region: { startLine: 1, startColumn: 1, endLine: 1, endColumn: 1 + control.raw.length },
    });
    expect(JSON.stringify(run)).not.toContain("snippet");
  });

  it("counts columns in characters, as columnKind says, and never past the end of a line", () => {
    const token = makeToken();
    const directory = new GitRepository(makeTempDir());
    directory.write("a.txt", `über 𝒳\t= "${token.raw}"; end\r\nnext\n`);
    directory.write("b.txt", Buffer.from(`first\nü ${token.raw}\n`, "utf16le"));
    for (const repository of [null, GitRepository.init({ dir: directory.dir })]) {
      repository?.commit();
      const run = sarifOf(directory.dir, repository === null ? [] : ["--history"]);
      expect(run.columnKind).toBe("utf16CodeUnits");
      const regions = run.results.map(({ locations: [{ physicalLocation }] }) => physicalLocation.region);
      const startColumn = 'über 𝒳\t= "'.length + 1;
      expect(regions).toContainEqual({
        startLine: 1,
        startColumn,
        endLine: 1,
        endColumn: startColumn + token.raw.length,
      });
      expect(regions).toContainEqual({ startLine: 2, startColumn: 3, endLine: 2, endColumn: 3 + token.raw.length });
      expect(run.results.map(({ properties }) => properties["byteColumn"])).toContain(
        Buffer.byteLength('über 𝒳\t= "') + 1,
      );
    }
  });

  it("gives a line the same hash in every source, wherever the line moves", () => {
    const token = makeToken();
    const repository = GitRepository.init();
    const hashes = (args: readonly string[]): string[] =>
      sarifOf(repository.dir, args).results.map(
        ({ partialFingerprints }) => partialFingerprints.primaryLocationLineHash,
      );
    repository.commitFile("base.txt", "base\n");
    repository.write("a.env", `KEY=${token.raw}\nlast\n`).stage();
    const [staged] = hashes(["--staged"]);
    repository.commit();
    const all = [...hashes([]), ...hashes(["--history"]), ...hashes(["--range", "HEAD~1..HEAD"])];
    repository.commitFile("a.env", `one\ntwo\n  KEY=${token.raw}\r\nlast\n`);
    expect(new Set([...all, ...hashes(["a.env"])])).toEqual(new Set([staged]));
  });

  it("names every place that is no file by a name that no checkout has, and says the rest in properties", () => {
    const repository = GitRepository.init();
    const [inMessage, inTag, inRef, lost, inAuthor] = makeTokens(5);
    const commit = repository.commitFile("a.txt", "1\n", inMessage.raw);
    repository.commitFile("b.txt", "1\n");
    repository.write("c.txt", "1\n").commit("by", { author: inAuthor.raw });
    repository.git(["tag", "-a", "-m", inTag.raw, "v1"]);
    repository.git(["branch", `x-${inRef.raw}`]);
    const blob = repository.writeBlob(`${lost.raw}\n`);
    const { results } = sarifOf(repository.dir, ["--history"]);
    const uriOf = (token: MadeToken): string[] =>
      results
        .filter(({ message }) => message.text.startsWith(token.masked))
        .map(({ locations: [{ physicalLocation }] }) => physicalLocation.artifactLocation.uri);
    expect(uriOf(inMessage)).toContain(`.git/commit-message/${commit}`);
    expect(uriOf(inTag)).toEqual([`.git/tag-message/${repository.id("v1^{tag}")}`]);
    expect(uriOf(inRef).every((uri) => uri.startsWith(".git/re"))).toBe(true);
    expect(uriOf(inAuthor)).toContain(`.git/commit-identity/${repository.id("HEAD")}`);
    expect(uriOf(lost)).toEqual([`.git/blob/${blob}`]);
    const found = results.find(({ message }) => message.text.startsWith(lost.masked));
    expect(found?.properties).toMatchObject({
      kind: "blob",
      object: blob,
      reachable: false,
      fingerprint: lost.fingerprint,
    });
    for (const {
      locations: [{ physicalLocation }],
    } of results) {
      expect(physicalLocation.region.endColumn).toBeGreaterThan(physicalLocation.region.startColumn);
    }
  });

  it("says where the repository is, without who may push there", () => {
    const repository = GitRepository.init();
    const commit = repository.commitFile("a.env", makeToken().raw);
    repository.git(["remote", "add", "origin", `https://ada:${makeToken().raw}@git.example.org/shop.git?x=1`]);
    const provenance = (): unknown => sarifOf(repository.dir, ["--history"]).versionControlProvenance;
    const expected = {
      repositoryUri: "https://git.example.org/shop.git",
      revisionId: commit,
      branch: "main",
      mappedTo: { uriBaseId: "%SRCROOT%" },
    };
    expect(provenance()).toEqual([expected]);
    repository.git(["remote", "set-url", "origin", "git@git.example.org:team/shop.git"]);
    expect(provenance()).toEqual([{ ...expected, repositoryUri: "ssh://git.example.org/team/shop.git" }]);
    repository.git(["remote", "set-url", "origin", "/srv/git/shop.git"]);
    expect(provenance()).toBeUndefined();
  });

  it("keeps what is only suspected apart, and its hash on this machine", () => {
    const suspect = ["ik", "live", "q7Zk2Vx9Lw4Tn8RbQ2"].join("_");
    const directory = new GitRepository(makeTempDir()).write("a.env", suspect);
    const run = sarifOf(directory.dir, ["--min-confidence", "suspect"]);
    const [result] = run.results;
    expect(result?.ruleId).toBe("inferencekey-data-token-suspect");
    expect(run.tool.driver.rules[result?.ruleIndex ?? 0]).toMatchObject({
      id: "inferencekey-data-token-suspect",
      properties: { precision: "medium" },
    });
    const [token] = scan(["--min-confidence", "suspect"], { cwd: directory.dir }).report.tokens;
    const reports = reportsOf(directory.dir, ["--min-confidence", "suspect"], 1);
    for (const format of ["sarif", "html", "junit", "markdown", "github"] as const) {
      expect(reports[format]).not.toContain(token?.fingerprint);
    }
  });

  it("has no more than GitHub takes, and counts the rest", () => {
    const directory = new GitRepository(makeTempDir());
    const lines = Array.from({ length: 200 }, () => `KEY=${makeToken().raw}\n`).join("");
    for (let file = 0; file < 30; file++) directory.write(`${"long-name-".repeat(20)}${file}.env`, lines);
    const run = runCli(["scan", "--format", "sarif"], { cwd: directory.dir });
    const { results, invocations } = validSarif(run.stdout);
    expect(results).toHaveLength(5000);
    expect(invocations[0].toolExecutionNotifications.at(-1)?.message.text).toMatch(/^1000 more places were left out/);
    expect(gzipSync(run.stdout).length).toBeLessThan(10_000_000);
  });
});

describe("annotations", () => {
  function annotations(env: Record<string, string>): string {
    const directory = new GitRepository(makeTempDir());
    for (let file = 0; file < 15; file++) directory.write(`f${file}.env`, makeToken().raw);
    const run = runCli(["scan", "--format", "github"], { cwd: directory.dir, env });
    expectStatus(run, 1);
    return run.stdout;
  }

  it("are ten of a kind, and one says how many more there are", () => {
    const lines = annotations({}).split("\n");
    expect(lines.filter((line) => line.startsWith("::error file="))).toHaveLength(10);
    expect(lines.filter((line) => line.startsWith("::notice"))).toEqual([
      expect.stringContaining("::5 more places") as string,
    ]);
  });

  it.each([
    ["a public repository", { private: false }, false],
    ["one that cannot be told", null, false],
    ["a private repository", { private: true }, true],
  ])("of a workflow of %s say only what strangers may know", (_, repository, isTold) => {
    const event = join(makeTempDir(), "event.json");
    writeFileSync(event, JSON.stringify({ repository }));
    const output = annotations({ GITHUB_ACTIONS: "true", GITHUB_EVENT_PATH: event });
    expect(/ik_sdk_[0-9a-f]{8}…/.test(output)).toBe(isTold);
    expect(output).toContain("::error file=f0.env,line=1");
  });
});

describe("JUnit", () => {
  it("fails for what --fail-on fails for, and passes over the rest by name", async () => {
    const directory = new GitRepository(makeTempDir()).write("a.env", makeToken().raw);
    const run = runCli(["scan", "--format", "junit", "--fail-on", "never"], { cwd: directory.dir });
    expectStatus(run, 0);
    await expectValidJunit(run.stdout);
    expect(run.stdout).toMatch(/failures="0" errors="0" skipped="1"/);
    expect(run.stdout).toContain("by --fail-on it does not fail");
  });
});
