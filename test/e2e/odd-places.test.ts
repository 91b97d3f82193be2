// Repositories in unusual places and of unusual make.
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { runCli, scan } from "../support/cli.ts";
import { GitRepository } from "../support/git-repository.ts";
import { expectFound, expectIncomplete, expectNothing, expectUsageError, onlyOccurrence } from "../support/report.ts";
import { makeTempDir } from "../support/temp-dir.ts";
import { makeToken, makeTokens } from "../support/token.ts";

/** The same token in the history, the index and the working tree. */
function fill(repository: GitRepository): ReturnType<typeof makeToken> {
  const token = makeToken();
  repository.commitFile("a.txt", "1\n");
  repository.commitFile("dir/a.env", token.raw);
  repository.write("dir/b.env", token.raw).stage("dir/b.env");
  return token;
}

describe("a repository in an odd place", () => {
  it.each(["with\nnewline", "-dash 'quo\"te $(touch x);`y` back\\slash *?[a] ünïcode"])(
    "is read from every source when its directory is called %j",
    (name) => {
      const dir = join(makeTempDir(), name);
      mkdirSync(dir);
      const repository = GitRepository.init({ dir });
      const token = fill(repository);
      for (const args of [[], ["--staged"], ["--range", "HEAD~1..HEAD"], ["--history"]]) {
        expectFound(scan(args, { cwd: dir }), [token]);
      }
      expectFound(scan(["--history", "--", `./${name}`], { cwd: join(dir, "..") }), [token]);
    },
  );

  it("is read when .git is a symbolic link", () => {
    const repository = GitRepository.init();
    const token = fill(repository);
    const elsewhere = join(makeTempDir(), "git");
    renameSync(repository.gitDir, elsewhere);
    symlinkSync(elsewhere, repository.gitDir);
    for (const args of [[], ["--staged"], ["--range", "HEAD~1..HEAD"], ["--history"]]) {
      expectFound(scan(args, { cwd: repository.dir }), [token]);
    }
  });

  it("is read through GIT_DIR and GIT_WORK_TREE, and with core.worktree", () => {
    const repository = GitRepository.init();
    const token = makeToken();
    repository.commitFile("outside.env", makeToken().raw);
    repository.write("tree/a.env", token.raw);
    const tree = join(repository.dir, "tree");
    const run = scan([], { cwd: "/", env: { GIT_DIR: repository.gitDir, GIT_WORK_TREE: tree } });
    expectFound(run, [token]);
    repository.git(["config", "core.worktree", tree]);
    expectFound(scan([], { cwd: tree }), [token]);
  });

  it("is read in a worktree of a bare repository", () => {
    const source = GitRepository.init();
    const inHistory = fill(source);
    const bare = source.clone([], { bare: true });
    const linked = new GitRepository(join(makeTempDir(), "linked"));
    bare.git(["worktree", "add", "-q", linked.dir, "main"]);
    const token = makeToken();
    linked.write("new.env", token.raw).stage();
    expectFound(scan([], { cwd: linked.dir }), [inHistory, token]);
    expectFound(scan(["--staged"], { cwd: linked.dir }), [token]);
    expectFound(scan(["--history"], { cwd: linked.dir }), [inHistory, token]);
  });

  it("is read without HOME", () => {
    const repository = GitRepository.init();
    const token = fill(repository);
    expectFound(scan(["--history"], { cwd: repository.dir, env: { HOME: "", XDG_CONFIG_HOME: "" } }), [token]);
  });
});

describe("a repository of an odd make", () => {
  it("is read whole when the index is sparse", () => {
    const [inside, outside] = makeTokens(2);
    const repository = GitRepository.init();
    repository.commitFile("a.txt", "1\n");
    repository.write("in/a.env", inside.raw).write("out/b.env", outside.raw).commit();
    repository.git(["sparse-checkout", "init", "--cone", "--sparse-index"]);
    repository.git(["sparse-checkout", "set", "in"]);
    expectFound(scan([], { cwd: repository.dir }), [inside]);
    expectNothing(scan(["--staged"], { cwd: repository.dir }));
    expectFound(scan(["--history"], { cwd: repository.dir }), [inside, outside]);
    repository.git(["reset", "-q", "--soft", "HEAD~1"]);
    const staged = scan(["--staged"], { cwd: repository.dir });
    expectFound(staged, [inside, outside]);
    expect(onlyOccurrence(staged, outside).paths).toEqual(["out/b.env"]);
  });

  it("is read past a submodule in every source, whether it is checked out or not", () => {
    const [own, inModule] = makeTokens(2);
    const module = GitRepository.init();
    module.commitFile("s.env", inModule.raw);
    const repository = GitRepository.init();
    repository.commitFile("a.txt", "1\n");
    repository.git(["-c", "protocol.file.allow=always", "submodule", "add", "-q", module.dir, "module"]);
    repository.write("a.env", own.raw).stage();
    expectFound(scan(["--staged"], { cwd: repository.dir }), [own]);
    repository.commitIndex();
    expectFound(scan(["--range", "HEAD~1..HEAD"], { cwd: repository.dir }), [own]);
    expectFound(scan(["--history"], { cwd: repository.dir }), [own]);
    repository.git(["submodule", "-q", "deinit", "-f", "module"]);
    expectFound(scan([], { cwd: repository.dir }), [own]);
  });

  it("says that a submodule has a history of its own, which can be scanned by itself", () => {
    const token = makeToken();
    const module = GitRepository.init();
    module.commitFile("a.env", token.raw);
    module.commitFile("a.env", "clean\n");
    const repository = GitRepository.init();
    repository.commitFile("x", "x\n");
    const args = ["submodule", "add", "-q", "--name", "deep/inner", module.dir, "module"];
    repository.git(["-c", "protocol.file.allow=always", ...args]);
    const run = scan(["--history"], { cwd: repository.dir });
    expectFound(run, []);
    const kept = join(repository.gitDir, "modules/deep/inner");
    expect(JSON.stringify(run.report.scan.coverage.skipped)).toContain(kept);
    expect(runCli(["scan", "--history"], { cwd: repository.dir }).stdout).toMatch(
      /Left out:\n.*deep\/inner.*--history/,
    );
    expectFound(scan(["--history", kept], { cwd: repository.dir }), [token]);
  });

  it("is read when a rebase, a cherry-pick and a bisect are under way", () => {
    const [kept, picked] = makeTokens(2);
    const repository = GitRepository.init();
    repository.commitFile("a.env", "1\n");
    repository.git(["checkout", "-q", "-b", "side"]);
    repository.commitFile("a.env", picked.raw);
    repository.git(["checkout", "-q", "main"]);
    repository.commitFile("a.env", kept.raw);
    repository.git(["bisect", "start", "HEAD", "HEAD~1"]);
    repository.git(["checkout", "-q", "main"]);
    repository.git(["rebase", "-q", "side"], { mayFail: true });
    repository.git(["branch", "-q", "-D", "side"]);
    expectFound(scan(["--history"], { cwd: repository.expireReflogs().dir }), [kept, picked]);
  });

  it("is not left through a link that stands where a tracked directory was", () => {
    const [outside, tracked] = makeTokens(2);
    const elsewhere = makeTempDir();
    writeFileSync(join(elsewhere, "a.env"), outside.raw);
    const repository = GitRepository.init();
    repository.commitFile("d/a.env", "clean\n");
    repository.commitFile("b.env", tracked.raw);
    rmSync(join(repository.dir, "d"), { recursive: true });
    symlinkSync(elsewhere, join(repository.dir, "d"));
    expectFound(scan([], { cwd: repository.dir }), [tracked]);
  });

  it("is the one that GIT_DIR names, or a mistake that is named", () => {
    const repository = GitRepository.init();
    fill(repository);
    const wrong = join(repository.dir, "none");
    expectUsageError(runCli(["scan", "--history"], { cwd: repository.dir, env: { GIT_DIR: wrong } }), "GIT_DIR", wrong);
    mkdirSync(join(repository.dir, "below"));
    const below = { cwd: join(repository.dir, "below"), env: { GIT_CEILING_DIRECTORIES: repository.dir } };
    expectUsageError(runCli(["scan", "--history"], below), "not a git repository");
  });

  it("is read whatever GIT_SHALLOW_FILE, GIT_NAMESPACE and GIT_ATTR_SOURCE say", () => {
    const repository = GitRepository.init();
    const token = fill(repository);
    const env = { GIT_SHALLOW_FILE: join(repository.dir, "a.txt"), GIT_NAMESPACE: "other", GIT_ATTR_SOURCE: "none" };
    for (const args of [[], ["--staged"], ["--range", "HEAD~1..HEAD"], ["--history"]]) {
      expectFound(scan(args, { cwd: repository.dir, env }), [token]);
    }
  });

  it("is read with the refs that another working tree has for itself, from either", () => {
    const [inName, inBlob] = makeTokens(2);
    const repository = GitRepository.init();
    repository.commitFile("a.txt", "1\n");
    const linked = join(makeTempDir(), "linked");
    repository.git(["worktree", "add", "-q", "-b", "side", linked]);
    const blob = repository.writeBlob(inBlob.raw);
    repository.git(["update-ref", `refs/worktree/${inName.raw}`, blob], { cwd: linked });
    for (const cwd of [repository.dir, linked]) {
      const run = scan(["--history"], { cwd });
      expectFound(run, [inName, inBlob]);
      expect(onlyOccurrence(run, inBlob, "blob").reachable).toBe(true);
    }
  });

  it("does not wait for a pipe among the reflogs, and says so", () => {
    const repository = GitRepository.init();
    const token = fill(repository);
    expect(spawnSync("mkfifo", [join(repository.gitDir, "logs/refs/heads/pipe")]).status).toBe(0);
    symlinkSync("/dev/zero", join(repository.gitDir, "logs/refs/heads/zero"));
    const run = scan(["--history"], { cwd: repository.dir });
    expectIncomplete(run, /heads\/pipe.*not a regular file/, [token]);
    expectIncomplete(run, /heads\/zero.*not a regular file/, [token]);
  });

  it("is read with a reflog whose ref is gone", () => {
    const repository = GitRepository.init();
    repository.commitFile("a.txt", "1\n");
    const token = makeToken();
    copyFileSync(join(repository.gitDir, "logs/HEAD"), join(repository.gitDir, "logs/refs/heads", token.raw));
    expectFound(scan(["--history"], { cwd: repository.dir }), [token]);
  });

  it("still tells which commit brought a token in when the index is damaged", () => {
    const repository = GitRepository.init();
    repository.commitFile("b.txt", "1\n");
    const token = makeToken();
    const commit = repository.commitFile("a.env", token.raw);
    writeFileSync(join(repository.gitDir, "index"), "junk");
    const run = scan(["--history"], { cwd: repository.dir });
    expectIncomplete(run, /index/, [token]);
    expect(onlyOccurrence(run, token).introducedBy.map((one) => one.commit)).toEqual([commit]);
    expect(run.report.scan.incomplete.filter(({ what }) => what.startsWith("changes of"))).toEqual([]);
  });
});
