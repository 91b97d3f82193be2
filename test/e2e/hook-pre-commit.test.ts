import { cpSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { GitRepository } from "../support/git-repository.ts";
import {
  attempt,
  expectPassed,
  expectStopped,
  install,
  PACKAGE_DIRECTORY,
  run,
  WatchedNode,
} from "../support/hooks.ts";
import { makeTempDir } from "../support/temp-dir.ts";
import { makeToken, makeTokens } from "../support/token.ts";

function hookedRepository(options: Parameters<typeof GitRepository.init>[0] = {}): GitRepository {
  const repository = GitRepository.init(options);
  repository.commitFile("README", "hello\n");
  install(repository);
  return repository;
}

const commit = ["commit", "-q", "-m", "Change things"];

describe("the pre-commit hook", () => {
  it("says in at most ten lines where, which plane, what to do, and how to allow a false alarm", () => {
    const tokens = makeTokens(5);
    const data = makeToken({ plane: "data" });
    const repository = hookedRepository();
    repository.write("deploy/a b.env", `X=1\nKEY=${data.raw}\n`);
    repository.write("deploy/c.env", tokens.map(({ raw }) => `${raw}\n`).join(""));
    repository.stage();
    const before = repository.id("HEAD");
    const stopped = attempt(repository, commit);
    expectStopped(stopped, "deploy/a b.env:2:5", data.masked, "data plane", "git reset -q -- 'deploy/a b.env'");
    expectStopped(
      stopped,
      "INFERENCEKEY_API_KEY",
      "INFERENCEKEY_SDK_TOKEN",
      "rotate",
      "keyrecall:allow",
      ".keyrecall.yml",
    );
    expectStopped(stopped, "git commit --no-verify", "… and 3 more");
    expect(stopped.output.trimEnd().split("\n").length).toBeLessThanOrEqual(10);
    expect(repository.id("HEAD")).toBe(before);
  });

  it("says nothing and starts no Node for a clean commit", () => {
    const node = new WatchedNode();
    const repository = hookedRepository();
    repository.write("src/index.ts", "export const kind = 'risk';\n").write("image.png", Buffer.alloc(5000, 7)).stage();
    expectPassed(attempt(repository, commit, { env: node.env }));
    expect(node.starts()).toBe(0);
  });

  it("stops the first commit", () => {
    const token = makeToken();
    const repository = GitRepository.init();
    install(repository);
    repository.write(".env", token.raw).stage();
    expectStopped(attempt(repository, commit), token.masked, "git reset -q -- .env");
    expect(attempt(repository, ["reset", "-q", "--", ".env"]).status).toBe(0);
    expect(repository.git(["ls-files", "--cached"])).toBe("");
  });

  it("stops `commit -a`, `commit -o` and a commit by another index", () => {
    const token = makeToken();
    const repository = hookedRepository();
    repository.write("README", token.raw);
    expectStopped(attempt(repository, ["commit", "-q", "-a", "-m", "all"]), token.masked);
    expectStopped(attempt(repository, ["commit", "-q", "-m", "only", "-o", "README"]), token.masked);
    const env = { GIT_INDEX_FILE: join(repository.gitDir, "another index") };
    repository.git(["read-tree", "HEAD"], { env });
    repository.git(["add", "README"], { env });
    expectStopped(attempt(repository, commit, { env }), token.masked);
    // What stays in the working tree is not committed.
    repository.write("other", "x\n").stage("other");
    expectPassed(attempt(repository, commit));
  });

  it.each([
    ["UTF-16, little endian", (raw: string) => Buffer.from(`\ufeffkey=${raw}\n`, "utf16le")],
    ["UTF-16, big endian", (raw: string) => Buffer.from(`\ufeffkey=${raw}\n`, "utf16le").swap16()],
    ["a binary", (raw: string) => Buffer.concat([Buffer.from([0, 1, 2, 255, 0]), Buffer.from(raw), Buffer.alloc(3)])],
    ["a line without an end", (raw: string) => Buffer.from(raw)],
    ["CRLF", (raw: string) => Buffer.from(`a\r\nb=${raw}\r\nc\r\n`)],
    ["a line of a megabyte", (raw: string) => Buffer.from(`${"x".repeat(1 << 20)}${raw}${"\0y".repeat(1 << 19)}`)],
  ])("stops a token in %s", (_, write) => {
    const token = makeToken();
    const repository = hookedRepository();
    repository.write("a.bin", write("nothing")).stage();
    expectPassed(attempt(repository, commit));
    repository.write("a.bin", write(token.raw)).stage();
    expectStopped(attempt(repository, commit), token.masked);
  });

  it("stops a placeholder that becomes a token, behind other changes", () => {
    const token = makeToken();
    const repository = hookedRepository();
    repository.write("a.env", "KEY=ik_sdk_your_control_plane_token\n").stage();
    expectPassed(attempt(repository, commit));
    repository.write("0-first", "changed\n").write("a.env", `KEY=${token.raw}\n`).stage();
    expectStopped(attempt(repository, commit), token.masked);
  });

  it("stops a token in the target of a link, in a name, and where a file becomes a link", () => {
    const tokens = makeTokens(3);
    const repository = hookedRepository();
    repository.symlink("link", tokens[0].raw).stage();
    expectStopped(attempt(repository, commit), tokens[0].masked);
    repository.git(["rm", "-q", "--cached", "link"]);
    repository.write(`dir/${tokens[1].raw}.txt`, "x\n").stage("dir");
    expectStopped(attempt(repository, commit), tokens[1].masked, "another name");
    repository.git(["rm", "-q", "-r", "--cached", "dir"]);
    repository.remove("README").symlink("README", tokens[2].raw).stage("README");
    expectStopped(attempt(repository, commit), tokens[2].masked);
  });

  it("lets renames, modes, deletions and changes beside a known token pass", () => {
    const token = makeToken();
    const repository = hookedRepository();
    repository.write("old.env", `A=1\nKEY=${token.raw}\nB=2\n`).commitIndex();
    repository.stage();
    repository.git(["commit", "-q", "--no-verify", "-m", "known"]);
    repository.git(["mv", "old.env", "new.env"]);
    expectPassed(attempt(repository, commit));
    repository.git(["update-index", "--chmod=+x", "new.env"]);
    expectPassed(attempt(repository, commit));
    repository.git(["checkout", "-q", "--", "."]);
    repository.write("new.env", `A=3\nKEY=${token.raw}\nB=2\n`).stage();
    expectPassed(attempt(repository, commit));
    repository.git(["rm", "-q", "new.env"]);
    expectPassed(attempt(repository, commit));
  });

  it("honours marks, fingerprints and paths that are allowed", () => {
    const [marked, named, fixture] = makeTokens(3);
    const repository = hookedRepository();
    repository.write("a.env", `KEY=${marked.raw} # keyrecall:allow an example\n`);
    repository.write("b.env", `KEY=${named.raw}\n`).write("test/c.env", fixture.raw);
    repository.write(
      ".keyrecall.yml",
      `version: 1\nallow:\n  - fingerprint: ${named.fingerprint}\n    reason: dead\n  - path: test/**\n    expires: 2999-01-01\n    reason: fixtures\n`,
    );
    repository.stage();
    expectPassed(attempt(repository, commit));
  });

  it("works in linked working trees, in subdirectories, and in paths with blanks and quotes", () => {
    const token = makeToken();
    const dir = join(makeTempDir(), "it's a repository");
    mkdirSync(dir);
    const repository = hookedRepository({ dir });
    const linkedDir = join(makeTempDir(), "linked tree");
    repository.git(["worktree", "add", "-q", "--detach", linkedDir]);
    const linked = new GitRepository(linkedDir);
    linked.write("sub dir/a.env", token.raw).stage();
    expectStopped(attempt(linked, commit, { cwd: join(linkedDir, "sub dir") }), "sub dir/a.env:1:1", token.masked);
    linked.git(["rm", "-q", "--cached", "sub dir/a.env"]);
    linked.write("b", "x\n").stage("b");
    expectPassed(attempt(linked, commit));
  });

  it("looks at a merge that has been resolved by hand, and lets a plain merge pass", () => {
    const [onSide, inMerge] = makeTokens(2);
    const repository = hookedRepository();
    repository.git(["checkout", "-q", "-b", "side"]);
    repository.write("README", "side\n").write("side.env", onSide.raw).stage();
    repository.git(["commit", "-q", "--no-verify", "-m", "side"]);
    repository.git(["checkout", "-q", "main"]);
    repository.write("other", "x\n").stage();
    expectPassed(attempt(repository, commit));
    // What a merge takes from its parents it does not bring in.
    expectPassed(attempt(repository, ["merge", "-q", "--no-edit", "side"]));
    repository.git(["reset", "-q", "--hard", "HEAD^"]);
    repository.write("README", "main\n").stage();
    expectPassed(attempt(repository, commit));
    attempt(repository, ["merge", "-q", "--no-edit", "side"]);
    repository.write("README", `both ${inMerge.raw}\n`).stage();
    const stopped = attempt(repository, commit);
    expectStopped(stopped, inMerge.masked);
    expect(stopped.output).not.toContain(onSide.masked);
  });

  it("lets a plain merge pass where a manager calls it for the hook of merges too, and no other", () => {
    const token = makeToken();
    const repository = GitRepository.init();
    repository.commitFile("README", "hello\n");
    repository.git(["checkout", "-q", "-b", "side"]);
    repository.commitFile("side.env", token.raw);
    repository.git(["checkout", "-q", "main"]);
    repository.commitFile("other", "x\n");
    const hook = `#!/bin/sh\nexec sh '${join(PACKAGE_DIRECTORY, "hooks/run")}' pre-commit "$@"\n`;
    repository.write(".git/hooks/pre-merge-commit", hook).chmod(".git/hooks/pre-merge-commit", 0o755);
    expectPassed(attempt(repository, ["merge", "-q", "--no-edit", "side"]));
    repository.git(["reset", "-q", "--hard", "HEAD^"]);
    repository.git(["checkout", "-q", "-b", "other-side", "HEAD^"]);
    repository.commitFile("README", "other\n");
    repository.git(["checkout", "-q", "main"]);
    repository.commitFile("README", "main\n");
    const brought = makeToken();
    repository.write(".git/info/attributes", "README merge=bring\n");
    repository.git(["config", "merge.bring.driver", `echo ${brought.raw} >%A`]);
    expectStopped(attempt(repository, ["merge", "-q", "--no-edit", "other-side"]), brought.masked);
  });

  it.each([
    ["diff.external", "false"],
    ["diff.noprefix", "true"],
    ["diff.renames", "copies"],
    ["color.ui", "always"],
    ["core.quotePath", "false"],
    ["diff.ignoreSubmodules", "all"],
    ["diff.orderFile", "/nonexistent"],
    ["diff.relative", "true"],
    ["core.attributesFile", "ATTRIBUTES"],
    ["core.bigFileThreshold", "1"],
  ])("is not misled by %s = %s", (key, value) => {
    const token = makeToken();
    const repository = hookedRepository();
    const attributes = join(makeTempDir(), "attributes");
    repository.write(".gitattributes", "*.env -diff\n").commit();
    repository.git(["config", key, value.replace("ATTRIBUTES", attributes)]);
    repository.write("0", "x\n").write("a.env", token.raw).stage();
    expectStopped(attempt(repository, commit), token.masked);
    expectStopped(attempt(repository, ["--literal-pathspecs", ...commit]), token.masked);
  });

  it("starts Node for archives, by name and by content", () => {
    const node = new WatchedNode();
    const repository = hookedRepository();
    const archives: [string, Buffer][] = [
      ["a.ZIP", Buffer.from("anything")],
      ["b.tar.gz", Buffer.from("anything")],
      ["no-name-zip", Buffer.from("PK\u0003\u0004rest of it")],
      ["no-name-tar", Buffer.concat([Buffer.alloc(257, "x\0"), Buffer.from("ustar\u000000"), Buffer.alloc(200)])],
      ["no-name-gzip", gzipSync("some text that is compressed")],
      ...["aaaa", "\0a\n\0", "\nbcd", "bcd\n"].map((time, index): [string, Buffer] => {
        const content = gzipSync("some text that is compressed");
        content.write(time, 4, "latin1");
        return [`no-name-gzip-${index}`, content];
      }),
    ];
    for (const [name, content] of archives) {
      repository.write(name, content).stage();
      expectPassed(attempt(repository, commit, { env: node.env }));
      expect(node.starts(), name).toBe(1);
    }
  });

  it("never passes what it could not check", () => {
    const token = makeToken();
    const repository = hookedRepository();
    repository.write("a.env", token.raw).stage();
    const env = { KEYRECALL_NODE: "/nonexistent/node" };
    const hook = join(repository.gitDir, "hooks/pre-commit");

    repository.write(".git/hooks/pre-commit", replaced(repository, hook, process.execPath, "/nonexistent/node"));
    const path = makeTempDir("bin");
    run("ln", ["-s", which("git"), join(path, "git")], { cwd: path });
    const noNode = attempt(repository, commit, { env: { ...env, PATH: path } });
    expectStopped(noNode, "Node.js was not found", "nothing was checked", "git commit --no-verify");

    repository.write("node", "#!/bin/sh\nkill -9 $$\n").chmod("node", 0o755);
    const broken = attempt(repository, commit, { env: { KEYRECALL_NODE: join(repository.dir, "node") } });
    expectStopped(broken, "broke off", "nothing was checked", "git commit --no-verify");

    repository.write(".git/hooks/pre-commit", replaced(repository, hook, PACKAGE_DIRECTORY, "/nonexistent/keyrecall"));
    expectStopped(attempt(repository, commit), "/nonexistent/keyrecall is gone", "nothing was checked", "--no-verify");
  });

  it.each([
    ["empty", ""],
    ["cut off", "import {"],
    ["another's", "process.exit(1)"],
  ])("never takes the end of a program that is %s for an answer", (_, program) => {
    const repository = hookedRepository();
    repository.write("a.env", makeToken().raw).stage();
    const home = makeTempDir("package");
    cpSync(join(PACKAGE_DIRECTORY, "hooks"), join(home, "hooks"), { recursive: true });
    mkdirSync(join(home, "dist"));
    writeFileSync(join(home, "dist/cli.js"), program);
    const hook = join(repository.gitDir, "hooks/pre-commit");
    repository.write(".git/hooks/pre-commit", replaced(repository, hook, PACKAGE_DIRECTORY, home));
    expectStopped(attempt(repository, commit), "broke off", "nothing was checked", "git commit --no-verify");
  });

  it("looks closer where the expressions are gone", () => {
    const token = makeToken();
    const repository = hookedRepository();
    repository.write("a.env", token.raw).stage();
    const home = makeTempDir("package");
    for (const name of ["hooks", "dist"]) cpSync(join(PACKAGE_DIRECTORY, name), join(home, name), { recursive: true });
    writeFileSync(join(home, "package.json"), '{"type":"module"}');
    rmSync(join(home, "hooks/anchors.sh"));
    for (const shell of ["sh", "dash"]) {
      const result = run(shell, [join(home, "hooks/run"), "pre-commit"], { cwd: repository.dir });
      expectStopped(result, token.masked);
    }
  });

  it("never passes a broken configuration, index or HEAD", () => {
    const token = makeToken();
    const repository = hookedRepository();
    repository.write("a.env", token.raw).write(".keyrecall.yml", "version: 2\n").stage();
    expectStopped(attempt(repository, commit), ".keyrecall.yml", "nothing was checked", "git commit --no-verify");
    const front = join(PACKAGE_DIRECTORY, "hooks/run");
    const main = repository.id("HEAD");
    repository.write(".keyrecall.yml", "version: 1\n").write(".git/refs/heads/main", "damaged\n");
    expectStopped(run("sh", [front, "pre-commit"], { cwd: repository.dir }), token.masked);
    repository.write(".git/refs/heads/main", `${main}\n`).write(".git/index", "damaged");
    const damaged = run("sh", [front, "pre-commit"], { cwd: repository.dir });
    expectStopped(damaged, "index", "git commit --no-verify");
    expect(damaged.status).toBe(3);
  });

  it("never passes outside of a repository, or where .git leads nowhere", () => {
    const front = join(PACKAGE_DIRECTORY, "hooks/run");
    const dir = makeTempDir();
    expectStopped(run("sh", [front, "pre-commit"], { cwd: dir }), "not a git repository", "nothing was checked");
    for (const args of [["pre-push", "origin", "../other"], ["pre-receive"]]) {
      expectStopped(run("sh", [front, ...args], { cwd: dir }), "not a git repository", "nothing was checked");
    }
    writeFileSync(join(dir, ".git"), "gitdir: /nonexistent\n");
    expectStopped(run("sh", [front, "pre-commit"], { cwd: dir }), "not a git repository", "nothing was checked");
  });
});

function which(program: string): string {
  return run("sh", ["-c", `command -v ${program}`], { cwd: "/" }).output.trim();
}

function replaced(repository: GitRepository, file: string, text: string, by: string): string {
  return run("cat", [file], { cwd: repository.dir }).output.replaceAll(text, by);
}
