import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { scan } from "../support/cli.ts";
import { GitRepository } from "../support/git-repository.ts";
import { isolatedEnv } from "../support/isolated-env.ts";
import { expectFound, expectIncomplete, findToken } from "../support/report.ts";
import { makeTempDir } from "../support/temp-dir.ts";
import { makeToken } from "../support/token.ts";

/** Root reads every file whatever its mode, unless it gives that right away. */
const wrapper = process.getuid?.() === 0 ? ["setpriv", "--bounding-set=-dac_override,-dac_read_search"] : [];

describe("scan of what cannot be read", () => {
  it.each([
    ["tracked in a repository", true],
    ["in a plain directory", false],
  ])("names an unreadable file and finds the rest when it is %s", (_, inRepository) => {
    const [hidden, open] = [makeToken(), makeToken()];
    const repository = inRepository ? GitRepository.init() : new GitRepository(makeTempDir());
    repository.write("locked.env", hidden.raw).write("open.env", open.raw);
    if (inRepository) repository.commit();
    repository.chmod("locked.env", 0o000);
    expectIncomplete(scan([], { cwd: repository.dir, wrapper }), "locked.env", [open]);
    repository.remove("open.env");
    expectIncomplete(scan([], { cwd: repository.dir, wrapper }), "locked.env");
  });

  it.each([
    ["untracked in a repository", true],
    ["in a plain directory", false],
  ])("names an unreadable directory when it is %s", (_, inRepository) => {
    const repository = inRepository ? GitRepository.init() : new GitRepository(makeTempDir());
    repository.write("locked/a.env", makeToken().raw).chmod("locked", 0o000);
    const run = scan([], { cwd: repository.dir, wrapper });
    expectIncomplete(run, "locked");
  });

  it("names an unreadable directory when its files are tracked", () => {
    const repository = GitRepository.init();
    repository.commitFile("locked/a.env", makeToken().raw);
    repository.chmod("locked", 0o000);
    expectIncomplete(scan([], { cwd: repository.dir, wrapper }), "locked");
  });

  it("names the file when the unreadable file is the one that the user named", () => {
    const repository = new GitRepository(makeTempDir());
    repository.write("locked.env", makeToken().raw).chmod("locked.env", 0o000);
    expectIncomplete(scan(["locked.env"], { cwd: repository.dir, wrapper }), "locked.env");
  });

  it.each([
    ["a repository", true],
    ["a plain directory", false],
  ])("does not wait for a named pipe in %s", (_, inRepository) => {
    const token = makeToken();
    const repository = inRepository ? GitRepository.init() : new GitRepository(makeTempDir());
    repository.write("a.env", token.raw).write("was-file", "x\n");
    if (inRepository) repository.commit();
    repository.remove("was-file");
    makePipe(repository, "was-file");
    makePipe(repository, "pipe");
    expectFound(scan([], { cwd: repository.dir }), [token]);
  });

  it("does not wait for a named pipe when --no-ignore is given", () => {
    const repository = GitRepository.init();
    makePipe(repository, "pipe");
    expectFound(scan(["--no-ignore"], { cwd: repository.dir }), []);
  });

  it("goes past a named pipe that somebody holds open and writes nothing to", () => {
    const token = makeToken();
    const dir = new GitRepository(makeTempDir());
    dir.write("a.env", token.raw);
    makePipe(dir, "pipe");
    const holdingIt = ["sh", "-c", 'exec 9<> pipe; exec "$@"', "sh"];
    expectFound(scan([], { cwd: dir.dir, wrapper: holdingIt }), [token]);
  });

  it.each(["./", "../x"])("ends, and names the index, when that has a file %s", (name) => {
    const token = makeToken();
    const repository = GitRepository.init();
    repository.write("a.env", token.raw).stage();
    const file = join(repository.gitDir, "index");
    const index = readFileSync(file);
    const at = index.indexOf("a.env");
    index.write(name.padEnd("a.env".length, "\0"), at);
    // The name's length stands before it.
    index[at - 1] = name.length;
    writeFileSync(file, index);
    expectIncomplete(scan([], { cwd: repository.dir }), /index .*lead out of the tree/, [token]);
  });

  it("goes past a socket", async () => {
    const token = makeToken();
    const dir = new GitRepository(makeTempDir());
    dir.write("a.env", token.raw);
    const server = createServer();
    await new Promise<void>((listening) => {
      server.listen(join(dir.dir, "socket"), listening);
    });
    try {
      expectFound(scan([], { cwd: dir.dir }), [token]);
    } finally {
      server.close();
    }
  });

  it("never ends as clean when a path is too long to open", () => {
    const repository = new GitRepository(makeTempDir());
    const token = makeToken();
    // 20 directories of 250 letters: longer than the 4096 bytes that one system call takes.
    const script = `set -e; for i in $(seq 20); do mkdir ${"d".repeat(250)}; cd ${"d".repeat(250)}; done; printf %s "$KEY" > a.env`;
    const made = spawnSync("bash", ["-c", script], { cwd: repository.dir, env: isolatedEnv({ KEY: token.raw }) });
    expect(made.status).toBe(0);
    const run = scan([], { cwd: repository.dir });
    if (findToken(run.report, token) === undefined) expectIncomplete(run, "ddd");
    else expectFound(run, [token]);
  });
});

function makePipe(repository: GitRepository, name: string): void {
  expect(spawnSync("mkfifo", [repository.fullPath(name).toString()]).status).toBe(0);
}
