// People: who is asked before anything is revoked, who revokes by hand, and who presses Ctrl-C.
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { expectStatus, type CliRun, type StartedCli } from "../support/cli.ts";
import { GitRepository } from "../support/git-repository.ts";
import { ResponseWorld } from "../support/response-world.ts";
import { jsonOf } from "../support/schema.ts";
import { Terminal, WITHOUT_TERMINAL } from "../support/terminal.ts";
import type { MadeToken } from "../support/token.ts";

function tokensOf(run: CliRun): readonly unknown[] {
  return (jsonOf(run, "revocation") as { tokens: unknown[] }).tokens;
}

let world: ResponseWorld;
let token: MadeToken;

beforeEach(async () => {
  world = await ResponseWorld.start();
  token = world.api.mintControlToken("acme");
});

afterEach(() => world.close());

function says({ child }: StartedCli, text: string): Promise<void> {
  let seen = "";
  return new Promise((resolve, reject) => {
    child.stderr.on("data", (piece: Buffer) => {
      seen += piece.toString();
      if (seen.includes(text)) resolve();
    });
    child.on("close", () => reject(new Error(`it never said ${text}:\n${seen}`)));
  });
}

describe("the question on the terminal", () => {
  function ask(): Terminal {
    const input = world.write("tokens", `${token.raw}\n`);
    const config = join(world.dir, "config.yml");
    return new Terminal(["revoke", "--user-config", config, "--no-cache"], { cwd: world.dir, input });
  }

  it.each(["y", "YES"])("%s revokes", async (answer) => {
    const terminal = ask();
    await terminal.shows("[y/N]");
    expect(world.provider.requests).toEqual([]);
    terminal.type(`${answer}\n`);
    const { status, screen } = await terminal.ended;
    expect(screen).toContain("These tokens will stop working, and whatever uses them:");
    expect(screen).toMatch(new RegExp(`${token.masked} {2}live`));
    expect(screen).toContain("contained");
    expect(status).toBe(0);
    expect(world.api.statusOf(token)).toBe("revoked");
  });

  it.each(["n\n", "\n", "yesterday\n", "\u0004"])("%j does not", async (answer) => {
    const terminal = ask();
    await terminal.shows("[y/N]");
    terminal.type(answer);
    const { status, screen } = await terminal.ended;
    expect(screen).toContain("nothing was revoked");
    expect(status).toBe(2);
    expect(world.provider.requests).toEqual([]);
    expect(world.api.statusOf(token)).toBe("live");
  });

  it("Ctrl-C ends at once", async () => {
    const terminal = ask();
    await terminal.shows("[y/N]");
    terminal.type("\u0003");
    expect((await terminal.ended).status).toBe(130);
    expect(world.provider.requests).toEqual([]);
  });

  it("is not asked about what is dead", async () => {
    world.api.set({ revokedControl: "401" });
    world.api.revoke(token);
    const { status, screen } = await ask().ended;
    expect(screen).toContain("already dead");
    expect(screen).not.toContain("[y/N]");
    expect(status).toBe(0);
  });

  it("tokens are pasted there too, and not shown", async () => {
    const terminal = new Terminal(["revoke", "--user-config", join(world.dir, "config.yml"), "--no-cache"], {
      cwd: world.dir,
    });
    await terminal.shows("they are not shown");
    terminal.type(`${token.raw}\r\r`);
    await terminal.shows("[y/N]");
    terminal.type("y\n");
    expect((await terminal.ended).status).toBe(0);
    expect(world.api.statusOf(token)).toBe("revoked");
  });

  it("without a terminal and without --yes nothing is revoked: exit code 2", async () => {
    const run = await world.run(["revoke"], { input: token.raw, wrapper: WITHOUT_TERMINAL });
    expectStatus(run, 2);
    expect(run.stderr).toContain("no terminal to ask on");
    expect(run.stderr).toContain("--dry-run");
    expect(world.provider.requests).toEqual([]);
  });
});

describe("by hand", () => {
  beforeEach(() => world.configure("projects: [acme]"));

  it("says the steps, with the files that read the variable, and watches until the token is dead", async () => {
    const repository = GitRepository.init();
    repository.write(".github/workflows/deploy.yml", "env: ${{ secrets.INFERENCEKEY_SDK_TOKEN }}\n");
    const started = world.start(["revoke", "--yes", "--format", "json"], {
      input: token.raw,
      cwd: repository.dir,
    });
    await says(started, "Watching until they are dead");
    world.api.revoke(token);
    const run = await started.ended;
    expectStatus(run, 0);
    expect(tokensOf(run)).toMatchObject([{ state: "contained" }]);
    expect(run.stderr).toContain("Mint a replacement in the InferenceKey dashboard (Tokens)");
    expect(run.stderr).toContain(".github/workflows/deploy.yml (workflow)");
    expect(world.provider.requests).toEqual([]);
  });

  it("ends with 5 when the time is over and it lives", async () => {
    const run = await world.run(["revoke", "--yes", "--wait", "1"], { input: token.raw });
    expectStatus(run, 5);
    expect(run.stdout).toContain("still live");
    expect(run.stdout).not.toContain("said");
    expect(run.stderr.match(/Mint a replacement/g)).toHaveLength(1);
  });

  it("--provider manual leaves the configured one alone", async () => {
    world.configure(`revocation: { url: "${world.provider.url}", secretFiles: [secret] }`);
    const run = await world.run(["revoke", "--yes", "--provider", "manual", "--wait", "0"], { input: token.raw });
    expectStatus(run, 5);
    expect(world.provider.requests).toEqual([]);
  });

  it.each(["SIGINT", "SIGTERM"] as const)("%s during the watch gives what is known", async (signal) => {
    const started = world.start(["revoke", "--yes", "--format", "json"], { input: token.raw });
    await says(started, "Watching until they are dead");
    world.api.clearRequests();
    while (world.api.requests.length < 2) await new Promise((resolve) => setTimeout(resolve, 20));
    started.child.kill(signal);
    const run = await started.ended;
    expectStatus(run, 130);
    expect(tokensOf(run)).toMatchObject([{ state: "still-live", verdict: { state: "live" } }]);
  });
});

describe("Ctrl-C while a provider is asked", () => {
  it("says that it was asked, and that nothing is known", async () => {
    world.api.inject({ kind: "latency", milliseconds: 300 });
    world.provider.inject({ kind: "hang" });
    const started = world.start(["revoke", "--yes", "--format", "json"], { input: token.raw });
    await says(started, "asked");
    started.child.kill("SIGINT");
    const run = await started.ended;
    expectStatus(run, 130);
    const [report] = tokensOf(run);
    expect(report).toMatchObject({ state: "unconfirmed", provider: { status: "pending" } });
    expect(run.stderr).toContain("Revoke the leaked one in the dashboard");
  });
});
