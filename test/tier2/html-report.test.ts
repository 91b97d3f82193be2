// The page as a browser shows it: no errors, nothing loaded, accessible, and filters that filter.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { AxeResults } from "axe-core";
import type { Browser, Page } from "puppeteer-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { recordNotRun } from "../../scripts/tier2/not-run.ts";
import { startInferenceKey } from "../emulators/inferencekey/emulator.ts";
import { findChromium, startChromium } from "../support/browser.ts";
import { runCli } from "../support/cli.ts";
import { GitRepository } from "../support/git-repository.ts";
import { makeTempDir } from "../support/temp-dir.ts";
import { makeToken } from "../support/token.ts";
import { startWithInput, verificationArgs } from "../support/verification.ts";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const HOSTILE = `"><img src=x onerror=alert(1)><script>alert(2)</script>'&amp;\u202E`;
const SCHEMES = ["light", "dark"] as const;

const chromium = findChromium();
if (chromium === undefined) {
  await recordNotRun({
    what: "the HTML report in a browser",
    needs: "Chromium or Chrome on PATH, or KEYRECALL_CHROMIUM with its path",
    isOptional: true,
  });
}

interface OpenedPage {
  readonly page: Page;
  /** What went wrong in it, and what it asked for beside itself. */
  readonly trouble: string[];
}

describe.skipIf(chromium === undefined)("the HTML report", () => {
  let browser: Browser;
  /** Tokens of every verdict and tier, in files and messages, with hostile names; something could not be read. */
  let report: string;

  beforeAll(async () => {
    browser = await startChromium(chromium!);
    report = await makeReport();
  });
  afterAll(() => browser.close());

  async function makeReport(): Promise<string> {
    const api = await startInferenceKey();
    try {
      api.addWorkload("acme", { slug: "support", gpu_resource_id: "gpu_1" });
      const live = api.mintControlToken("acme");
      const [dead, allowed] = [makeToken({ plane: "data" }), makeToken()];
      const repository = GitRepository.init();
      repository.write("deploy/.env", `KEY=${live.raw}\n`);
      repository.commit("Deploy", { author: HOSTILE.replaceAll(/[<>]/g, ""), date: 1_700_000_000 });
      repository.write(`odd/${HOSTILE}.ts`, `const key = "${dead.raw}";\n`).commit(HOSTILE);
      repository.write("deploy/.env", "KEY=\n").commit("Take it out");
      for (let index = 0; index < 9; index++) repository.write(`copy-${index}.env`, `N${index}=${live.raw}\n`).commit();
      repository.write("fixture.env", allowed.raw).commit(`Message with ${makeToken().raw}`);
      repository.write("suspect.env", ["ik", "live", "q7Zk2Vx9Lw4Tn8RbQ2"].join("_")).commit();
      repository.git(["branch", "odd/<b>&\u202Ename"]);
      repository.remove(repository.looseObject(repository.writeBlob("gone\n")).slice(repository.dir.length + 1));
      const lost = repository.commitFile("lost.txt", "lost\n");
      repository.remove(repository.looseObject(repository.id(`${lost}:lost.txt`)).slice(repository.dir.length + 1));
      const policy = `version: 1\nallow:\n  - fingerprint: ${allowed.fingerprint}\n    reason: ${JSON.stringify(HOSTILE)}\n`;
      repository.write("policy.yml", policy);
      const file = join(makeTempDir(), "report.html");
      const verifying = ["--verify", ...verificationArgs({ baseUrl: api.baseUrl }), "--project", "acme"];
      const args = ["--config", "policy.yml", "--min-confidence", "suspect", "--output", file, ...verifying];
      const run = await startWithInput(["scan", "--history", ...args], { cwd: repository.dir }).ended;
      expect(run.status, run.stderr).toBe(1);
      return file;
    } finally {
      await api.close();
    }
  }

  async function open(
    file: string,
    scheme: (typeof SCHEMES)[number] = "light",
    width = 1100,
    height = 900,
  ): Promise<OpenedPage> {
    const page = await browser.newPage();
    const trouble: string[] = [];
    page.on("console", (message) => trouble.push(message.text()));
    page.on("pageerror", (error) => trouble.push(String(error)));
    page.on("dialog", (dialog) => trouble.push(dialog.message()));
    page.on("request", (request) => {
      if (request.url() !== pathToFileURL(file).href) trouble.push(request.url());
    });
    await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
    await page.setViewport({ width, height, isMobile: width < 500 });
    await page.goto(pathToFileURL(file).href);
    return { page, trouble };
  }

  async function visible(page: Page, selector: string): Promise<number> {
    return page.$$eval(
      selector,
      (found) => found.filter((one) => (one as unknown as { checkVisibility(): boolean }).checkVisibility()).length,
    );
  }

  async function shownAfter(page: Page, change: () => Promise<unknown>): Promise<string> {
    await page.$eval("#shown", (output) => {
      output.textContent = "";
    });
    await change();
    await page.waitForFunction(
      () => (globalThis as unknown as PageGlobals).document.getElementById("shown").textContent !== "",
    );
    return page.$eval("#shown", (output) => output.textContent ?? "");
  }

  async function expectFlawless(file: string, scheme: (typeof SCHEMES)[number], width: number): Promise<number> {
    // High enough for all of the page: what is not drawn is not judged.
    const { page, trouble } = await open(file, scheme, width, 12_000);
    await page.$$eval("details", (all) => {
      for (const one of all) one.setAttribute("open", "");
    });
    // Through the debugger: the page's policy lets no other script in.
    const axe = await page.evaluate(`${AXE}; axe.run(document, { resultTypes: ["violations", "passes"] })`);
    const { violations, passes } = axe as AxeResults;
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`)).toEqual([]);
    expect(trouble).toEqual([]);
    expect(await page.evaluate("document.documentElement.scrollWidth <= innerWidth")).toBe(true);
    await page.close();
    return passes.find(({ id }) => id === "color-contrast")?.nodes.length ?? 0;
  }

  it.each(SCHEMES.flatMap((scheme) => [1100, 360].map((width) => [scheme, width] as const)))(
    "has no violation that axe knows, no error and no request in %s colours at %i pixels",
    async (scheme, width) => {
      expect(await expectFlawless(report, scheme, width)).toBeGreaterThan(50);
    },
  );

  it.each(SCHEMES)("has none in %s colours where nothing was found, and something is left out", async (scheme) => {
    const directory = new GitRepository(makeTempDir()).write("b.txt", "1\n");
    expect(spawnSync("mkfifo", [join(directory.dir, "pipe")]).status).toBe(0);
    const file = join(makeTempDir(), "report.html");
    expect(runCli(["scan", "--output", file], { cwd: directory.dir }).status).toBe(0);
    expect(readFileSync(file, "utf8")).toContain("Left out");
    expect(await expectFlawless(file, scheme, 1100)).toBeGreaterThan(10);
  });

  it("says in one sentence how it went, and that not everything was read", async () => {
    const { page } = await open(report);
    const sentence = await page.$eval("h1", (heading) => heading.textContent ?? "");
    expect(sentence).toMatch(/^4 tokens found, 1 still works, .*and not everything could be read\.$/);
    expect(await page.title()).toBe(`Keyrecall: ${sentence}`);
    expect(await page.$eval(".gaps", (gaps) => gaps.textContent ?? "")).toMatch(/object [0-9a-f]{12}/);
    await page.close();
  });

  it("can be read without script", async () => {
    const { page } = await open(report);
    await page.setJavaScriptEnabled(false);
    await page.reload();
    expect(await visible(page, "article.token")).toBe(5);
    expect(await visible(page, "svg.bar")).toBeGreaterThan(5);
    expect(await visible(page, "#filters, #theme")).toBe(0);
    await page.close();
  });

  it("filters by plane, verdict, confidence, allowance and text, and shows all again", async () => {
    const { page, trouble } = await open(report);
    const [all, cases] = [
      5,
      [
        ["plane", "control", 3],
        ["verdict", "live", 1],
        ["verdict", "revoked", 4],
        ["confidence", "suspect", 1],
        ["allowed", "yes", 1],
      ] as const,
    ];
    for (const [name, value, count] of cases) {
      expect(await shownAfter(page, () => page.select(`select[name=${name}]`, value))).toBe(`${count} of ${all} shown`);
      expect(await visible(page, "article.token")).toBe(count);
      expect(await shownAfter(page, () => page.click("button[type=reset]"))).toBe(`All ${all} shown`);
    }
    expect(await shownAfter(page, () => page.type("input[type=search]", "COPY-8"))).toBe(`1 of ${all} shown`);
    expect(await visible(page, "li[data-lane]")).toBe(1);
    expect(trouble).toEqual([]);
    await page.close();
  });

  it("works by keyboard, and changes its colours on request", async () => {
    const { page } = await open(report);
    const colour = (): Promise<unknown> => page.evaluate("getComputedStyle(document.body).backgroundColor");
    const before = await colour();
    await page.keyboard.press("Tab");
    expect(await page.evaluate("document.activeElement.id")).toBe("theme");
    await page.keyboard.press("Enter");
    expect(await colour()).not.toBe(before);
    await page.keyboard.press("Enter");
    expect(await colour()).toBe(before);
    await page.close();
  });

  it("lets no script of a report run, and opens all that is folded for printing", async () => {
    const { page, trouble } = await open(report);
    expect(await page.$$eval("script", (scripts) => scripts.length)).toBe(1);
    expect(await page.$$eval("img, iframe, object, link, [style]", (found) => found.length)).toBe(0);
    const pdf = await page.pdf();
    expect(Buffer.from(pdf).subarray(0, 4).toString()).toBe("%PDF");
    expect(await page.$$eval("details:not([open])", (closed) => closed.length)).toBe(0);
    expect(trouble).toEqual([]);
    await page.close();
  });

  it("stays usable with a thousand tokens in fifty places each", async () => {
    const directory = new GitRepository(makeTempDir());
    const lines = Array.from({ length: 1000 }, (_, index) => `KEY_${index}=${makeToken().raw}\n`);
    for (let file = 0; file < 50; file++) directory.write(`team-${file}/.env`, lines.join(""));
    const file = join(makeTempDir(), "report.html");
    expect(runCli(["scan", "--output", file], { cwd: directory.dir }).status).toBe(1);
    const { page, trouble } = await open(file);
    expect(await shownAfter(page, () => page.type("input[type=search]", "env:1000:"))).toBe("1 of 1000 shown");
    expect(await visible(page, "article.token")).toBe(1);
    expect(trouble).toEqual([]);
    await page.close();
  });
});

interface PageGlobals {
  readonly document: { getElementById(id: string): { textContent: string } };
}
