// Nothing is written into the repository that is scanned, whatever the scan looks at, but the record of packs.
import { chmodSync, readdirSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { expectStatus, runCli } from "../support/cli.ts";
import { snapshotDirectory } from "../support/directory-snapshot.ts";
import { GitRepository } from "../support/git-repository.ts";
import { makeToken } from "../support/token.ts";

function busyRepository(): GitRepository {
  const repository = GitRepository.init();
  repository.commitFile("a.env", makeToken().raw);
  repository.commitFile("a.env", "clean\n");
  repository.git(["repack", "-q", "-d"]);
  repository.write("a.env", makeToken().raw).git(["stash", "-q"]);
  repository.write("s.env", makeToken().raw).stage().write("u.env", makeToken().raw);
  // An index whose times no longer fit: `git status` and `git diff` would refresh and rewrite it.
  utimesSync(join(repository.dir, "a.env"), 1_700_000_000, 1_700_000_000);
  repository.git(["config", "core.untrackedCache", "true"]);
  return repository;
}

const commands: readonly (readonly string[])[] = [
  ["scan"],
  ["scan", "--no-ignore"],
  ["scan", "--staged"],
  ["scan", "--range", "HEAD~1..HEAD"],
  ["scan", "--history"],
  ["scan", "--history", "--format", "json"],
  ["baseline"],
];

/** What the next scan of a history is spared by, and the time at which it was put there. */
function withoutRecord(snapshot: Record<string, string>): unknown {
  return { ...snapshot, ".git/keyrecall.packs": "", ".git": "" };
}

describe("the repository that is scanned", () => {
  it.each(commands.map((args) => [args.join(" "), args] as const))("is not written to by %s", (_, args) => {
    const repository = busyRepository();
    const before = snapshotDirectory(repository.dir);
    expectStatus(
      runCli(args, { cwd: repository.dir }),
      args[0] === "baseline" || args.includes("HEAD~1..HEAD") ? 0 : 1,
    );
    expect(withoutRecord(snapshotDirectory(repository.dir))).toEqual(withoutRecord(before));
  });

  it.each([["scan", "--history"], ["baseline"]])("is not written to at all by %s with --no-cache", (...args) => {
    const repository = busyRepository();
    const before = snapshotDirectory(repository.dir);
    runCli([...args, "--no-cache"], { cwd: repository.dir });
    expect(snapshotDirectory(repository.dir)).toEqual(before);
  });

  it("may be read-only altogether", () => {
    const wrapper = process.getuid?.() === 0 ? ["setpriv", "--bounding-set=-dac_override,-dac_read_search"] : [];
    const repository = busyRepository();
    const entries = readdirSync(repository.dir, { recursive: true, withFileTypes: true });
    const inner = entries.filter((entry) => entry.isDirectory()).map((entry) => join(entry.parentPath, entry.name));
    const directories = [repository.dir, ...inner];
    for (const path of directories.toReversed()) chmodSync(path, 0o500);
    for (const args of commands) expect([0, 1]).toContain(runCli(args, { cwd: repository.dir, wrapper }).status);
    for (const path of directories) chmodSync(path, 0o700);
  });

  it("is not written to when a scan of a damaged or a locked repository fails", () => {
    const repository = busyRepository();
    repository.write(".git/index.lock", "").write(".git/HEAD.lock", "");
    const object = repository.id(":s.env");
    repository.remove(`.git/objects/${object.slice(0, 2)}/${object.slice(2)}`);
    const before = snapshotDirectory(repository.dir);
    for (const args of commands) runCli(args, { cwd: repository.dir });
    expect(withoutRecord(snapshotDirectory(repository.dir))).toEqual(withoutRecord(before));
  });
});
