import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { CLI_PATH, expectStatus, withReport, runCli, startCli, type StartedCli } from "../support/cli.ts";
import { GitRepository } from "../support/git-repository.ts";
import { isolatedEnv } from "../support/isolated-env.ts";
import { makeTempDir } from "../support/temp-dir.ts";
import { makeToken } from "../support/token.ts";

/** Writes more than a pipe holds, so that what was written first must have been read. */
async function feed({ child }: StartedCli, first: string): Promise<void> {
  const padding = Buffer.alloc(8 << 20, "padding\n");
  child.stdin.write(first);
  if (!child.stdin.write(padding)) await once(child.stdin, "drain");
}

describe("an interrupted scan", () => {
  it.each(["SIGINT", "SIGTERM"] as const)("reports what it found so far, as incomplete, after %s", async (signal) => {
    const token = makeToken();
    const started = startCli(["scan", "--stdin", "--format", "json"], { cwd: makeTempDir() });
    await feed(started, `KEY=${token.raw}\n`);
    started.child.kill(signal);
    const run = await started.ended;
    expect(signal === "SIGINT" ? [130] : [130, 143]).toContain(run.status);
    const report = withReport(run).report;
    expect(report.tokens.map(({ masked }) => masked)).toEqual([token.masked]);
    expect(report.scan.complete).toBe(false);
    expect(JSON.stringify(report.scan.incomplete)).toMatch(/interrupt/i);
  });

  it("ends with 130 and says so in words when nothing was found yet", async () => {
    const started = startCli(["scan", "--stdin"], { cwd: makeTempDir() });
    await feed(started, "nothing\n");
    started.child.kill("SIGINT");
    const run = await started.ended;
    expectStatus(run, 130);
    expect(run.stdout + run.stderr).toMatch(/interrupted/i);
    expect(run.stdout).not.toMatch(/^no tokens? found\.?$/im);
  });

  it("ends at once at a second Ctrl-C", async () => {
    const started = startCli(["scan", "--stdin"], { cwd: makeTempDir() });
    await feed(started, "nothing\n");
    started.child.kill("SIGINT");
    started.child.kill("SIGINT");
    expectStatus(await started.ended, 130);
  });

  it("stops in the middle of one huge file", async () => {
    const token = makeToken();
    const dir = makeTempDir();
    writeFileSync(join(dir, "huge"), token.raw);
    truncateSync(join(dir, "huge"), 2 ** 40);
    const started = startCli(["scan", "--format", "json"], { cwd: dir });
    await sleep(1500);
    started.child.kill("SIGINT");
    const run = await started.ended;
    expectStatus(run, 130);
    const { report } = withReport(run);
    expect(report.tokens.map(({ masked }) => masked)).toEqual([token.masked]);
    expect(report.scan.complete).toBe(false);
  });

  it("stops in the middle of a history", async () => {
    const token = makeToken();
    const repository = GitRepository.init();
    repository.commitFile("a.env", token.raw);
    // A quarter of a gigabyte that is quickly written and slowly read: nothing else makes a scan last.
    const zeros = Buffer.alloc(64 << 20);
    for (let index = 0; index < 4; index += 1) {
      zeros.writeUInt32BE(index);
      repository.git(["-c", "core.compression=1", "hash-object", "-w", "--stdin"], { input: zeros });
    }
    const started = startCli(["scan", "--history", "--format", "json"], { cwd: repository.dir });
    await childOf(started);
    started.child.kill("SIGINT");
    const run = await started.ended;
    expectStatus(run, 130);
    expect(withReport(run).report.scan.complete).toBe(false);
  });
});

/** Waits until the tool has started a process of its own: then it is at work. */
async function childOf({ child }: StartedCli): Promise<void> {
  const isAtWork = () => spawnSync("ps", ["-o", "pid=", "--ppid", String(child.pid)]).stdout.length > 0;
  while (child.exitCode === null && !isAtWork()) await sleep(10);
}

describe("a closed pipe", () => {
  /** Runs the tool in a pipeline and gives its own status, not that of the reader. */
  function pipeInto(reader: string, args: readonly string[], cwd: string): { status: number; stderr: string } {
    const command = `"$@" | { ${reader}; } > /dev/null; exit "\${PIPESTATUS[0]}"`;
    const child = spawnSync("bash", ["-c", command, "bash", process.execPath, CLI_PATH, ...args], {
      cwd,
      env: isolatedEnv(),
    });
    return { status: child.status ?? -1, stderr: child.stderr.toString() };
  }

  it.each(["text", "json"])("is no crash when the reader of the %s report leaves early", (format) => {
    const dir = new GitRepository(makeTempDir());
    dir.write("many.env", Array.from({ length: 2000 }, () => `${makeToken().raw}\n`).join(""));
    for (const reader of ["head -c 1", "true", "exec 0<&-; sleep 0.2"]) {
      const { status, stderr } = pipeInto(reader, ["scan", "--format", format], dir.dir);
      expect(stderr).not.toMatch(/EPIPE|Error|^\s+at /m);
      // A shell shows death by SIGPIPE as 141.
      expect([1, 141]).toContain(status);
    }
  });

  it("is no crash when standard error is closed", async () => {
    const dir = makeTempDir();
    const child = spawn(process.execPath, [CLI_PATH, "scan", "missing"], {
      cwd: dir,
      env: isolatedEnv(),
      stdio: ["ignore", "pipe", "pipe"],
    });
    child.stderr.destroy();
    const [status] = (await once(child, "close")) as [number | null];
    expect(status).toBe(2);
  });

  it("is no end when standard input is closed from the start", () => {
    const wrapper = ["sh", "-c", 'exec "$@" 0<&-', "sh"];
    expectStatus(runCli(["scan"], { cwd: makeTempDir(), wrapper }), 0);
    const run = runCli(["scan", "--stdin"], { cwd: makeTempDir(), wrapper });
    expect([0, 2, 3]).toContain(run.status);
  });

  it("is incomplete when standard input cannot be read", () => {
    const wrapper = ["sh", "-c", 'exec "$@" 0< /', "sh"];
    const run = runCli(["scan", "--stdin"], { cwd: makeTempDir(), wrapper });
    expect([2, 3]).toContain(run.status);
    expect(run.stderr + run.stdout).toMatch(/standard input|stdin/i);
  });
});
