import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { CLI_PATH } from "../support/cli.ts";
import { GitRepository } from "../support/git-repository.ts";
import { attempt, expectPassed, expectStopped, install, PACKAGE_DIRECTORY, run } from "../support/hooks.ts";
import { makeTempDir } from "../support/temp-dir.ts";
import { makeToken, makeTokens } from "../support/token.ts";

const NO_OBJECT = "0".repeat(40);

/** A repository with hooks, and a bare one beside it that has its first commit. */
function pair(): { readonly repository: GitRepository; readonly remote: GitRepository } {
  const remote = GitRepository.init({ bare: true });
  const repository = GitRepository.init();
  repository.commitFile("README", "hello\n");
  repository.git(["remote", "add", "origin", `file://${remote.dir}`]);
  repository.git(["push", "-q", "origin", "main"]);
  install(repository);
  return { repository, remote };
}

/** Commits past the pre-commit hook. */
function sneak(repository: GitRepository, path: string, content: string): string {
  repository.write(path, content).stage();
  repository.git(["commit", "-q", "--no-verify", "-m", `Change ${path}`]);
  return repository.id("HEAD");
}

describe("the pre-push hook", () => {
  it("stops a commit that a later one undoes, and says which, how to go on and what it means", () => {
    const token = makeToken({ plane: "data" });
    const { repository, remote } = pair();
    const leak = sneak(repository, "a.env", `KEY=${token.raw}\n`);
    sneak(repository, "a.env", "KEY=\n");
    const stopped = attempt(repository, ["push", "-q", "origin", "main"]);
    expectStopped(stopped, `a.env:1:5 in ${leak.slice(0, 12)}`, token.masked, "data plane", "git rebase -i", "rotate");
    expectStopped(stopped, "git push --no-verify");
    expect(stopped.output.split("\n").filter((line) => line !== "").length).toBeLessThanOrEqual(11);
    expect(remote.git(["rev-list", "--count", "main"])).toBe("1");
    expectPassed(attempt(repository, ["push", "-q", "--no-verify", "origin", "main"]));
  });

  it("passes what is clean: branches, tags, deletions, rewritten branches, nothing at all", () => {
    const { repository } = pair();
    const push = (...args: string[]): void => expectPassed(attempt(repository, ["push", "-q", "origin", ...args]));
    sneak(repository, "a", "1\n");
    push("main");
    push("main");
    push("main:refs/heads/new/branch", "HEAD~1:refs/heads/older", "HEAD@{0}:refs/heads/by-time");
    push("--delete", "new/branch");
    repository.git(["tag", "-a", "-m", "a release", "v1"]);
    push("v1", "--tags");
    repository.git(["reset", "-q", "--hard", "HEAD^"]);
    sneak(repository, "a", "2\n");
    push("--force", "main");
  });

  it("looks at every ref of a push", () => {
    const [first, second] = makeTokens(2);
    const { repository } = pair();
    repository.git(["checkout", "-q", "-b", "one"]);
    sneak(repository, "one", first.raw);
    repository.git(["checkout", "-q", "-b", "two", "main"]);
    sneak(repository, "two", second.raw);
    repository.git(["checkout", "-q", "main"]);
    expectPassed(attempt(repository, ["push", "-q", "origin", "main"]));
    expectStopped(attempt(repository, ["push", "-q", "origin", "main", "one", "two"]), first.masked, second.masked);
    expectStopped(attempt(repository, ["push", "-q", "--all", "origin"]), first.masked, second.masked);
  });

  it("looks at all of a first push to another repository, although its remote is one with a name", () => {
    const token = makeToken();
    const { repository, remote } = pair();
    sneak(repository, "a.env", token.raw);
    repository.git(["push", "-q", "--no-verify", "origin", "main"]);
    const other = GitRepository.init({ bare: true });
    repository.git(["config", "remote.origin.pushurl", other.dir]);
    expectStopped(attempt(repository, ["push", "-q", "origin", "main"]), token.masked);
    // The same one, by another protocol.
    repository.git(["config", "remote.origin.pushurl", `${remote.dir}/`]);
    sneak(repository, "b", "clean\n");
    expectPassed(attempt(repository, ["push", "-q", "origin", "main:refs/heads/new"]));
  });

  it("looks at all of a first push, the root commit too", () => {
    const token = makeToken();
    const repository = GitRepository.init();
    const remote = GitRepository.init({ bare: true });
    install(repository);
    sneak(repository, "a.env", token.raw);
    sneak(repository, "a.env", "gone\n");
    expectStopped(attempt(repository, ["push", "-q", remote.dir, "main"]), token.masked);
    repository.git(["remote", "add", "origin", remote.dir]);
    expectStopped(attempt(repository, ["push", "-q", "origin", "main"]), token.masked);
  });

  it("looks at messages, tags, tags of tags, notes, blobs, and the names of refs", () => {
    const tokens = makeTokens(6);
    const { repository } = pair();
    const push = (ref: string) => attempt(repository, ["push", "-q", "origin", ref]);
    repository.git(["checkout", "-q", "-b", "message"]);
    repository.git(["commit", "-q", "--allow-empty", "--no-verify", "-m", `Use ${tokens[0].raw}`]);
    expectStopped(push("message"), tokens[0].masked, "message of commit");
    repository.git(["tag", "-a", "-m", tokens[1].raw, "inner", "main"]);
    expectStopped(push("inner"), tokens[1].masked, "message of tag");
    repository.git(["tag", "-a", "-m", "outer", "outer", "inner"]);
    expectStopped(push("outer"), tokens[1].masked);
    repository.git(["notes", "add", "-m", tokens[2].raw, "main"]);
    expectStopped(push("refs/notes/commits"), tokens[2].masked);
    repository.git(["update-ref", "refs/blobs/one", repository.writeBlob(tokens[3].raw)]);
    expectStopped(push("refs/blobs/one"), tokens[3].masked);
    expectStopped(push(`main:refs/heads/${tokens[4].raw}`), tokens[4].masked);
    const tree = repository.git(["mktree"], { input: `100644 blob ${repository.writeBlob(tokens[5].raw)}\ta\n` });
    repository.git(["tag", "-a", "-m", "a tree", "of-tree", tree]);
    expectStopped(push("of-tree"), tokens[5].masked);
  });

  it("takes what the remote was last seen to have for known, and nothing that another remote has", () => {
    const token = makeToken();
    const { repository } = pair();
    sneak(repository, "a.env", token.raw);
    expectPassed(attempt(repository, ["push", "-q", "--no-verify", "origin", "main"]));
    sneak(repository, "b", "x\n");
    expectPassed(attempt(repository, ["push", "-q", "origin", "main", "main:other"]));
    const second = GitRepository.init({ bare: true });
    repository.git(["remote", "add", "second", second.dir]);
    expectStopped(attempt(repository, ["push", "-q", "second", "main"]), token.masked);
  });

  it("tells remotes apart whose names begin alike", () => {
    const token = makeToken();
    const { repository } = pair();
    repository.git(["remote", "add", "origin/fork", GitRepository.init({ bare: true }).dir]);
    sneak(repository, "a.env", token.raw);
    expectPassed(attempt(repository, ["push", "-q", "--no-verify", "origin/fork", "main"]));
    expect(repository.git(["for-each-ref", "refs/remotes/origin/fork/main"])).not.toBe("");
    expectStopped(attempt(repository, ["push", "-q", "origin", "main"]), token.masked);
    expectPassed(attempt(repository, ["push", "-q", "origin/fork", "main:second"]));
  });

  it("knows enough where the remote has what is not here", () => {
    const token = makeToken();
    const { repository, remote } = pair();
    const other = remote.clone();
    other.commitFile("theirs", "x\n");
    other.git(["push", "-q", "origin", "HEAD:main"]);
    sneak(repository, "mine", "x\n");
    expectPassed(attempt(repository, ["push", "-q", "--force", "origin", "main"]));
    sneak(repository, "a.env", token.raw);
    other.commitFile("theirs", "y\n");
    other.git(["push", "-q", "--force", "origin", "HEAD:main"]);
    expectStopped(attempt(repository, ["push", "-q", "--force", "origin", "main"]), token.masked);
  });

  it("works in shallow clones, also where everything that is there goes out", () => {
    const token = makeToken();
    const { repository } = pair();
    sneak(repository, "a", "1\n");
    sneak(repository, "b", "2\n");
    const shallow = repository.clone(["--depth=2"]);
    install(shallow);
    const target = GitRepository.init({ bare: true });
    target.git(["config", "receive.shallowUpdate", "true"]);
    expectPassed(attempt(shallow, ["push", "-q", target.dir, "main"]));
    sneak(shallow, "a.env", token.raw);
    expectStopped(attempt(shallow, ["push", "-q", target.dir, "main"]), token.masked);
    expectStopped(attempt(shallow, ["push", "-q", "origin", "HEAD:refs/heads/x"]), token.masked);
  });

  it("never passes what it was not told or could not read", () => {
    const { repository } = pair();
    const front = join(PACKAGE_DIRECTORY, "hooks/run");
    const hook = (input: string, args: string[] = ["origin", "url"]) =>
      run("sh", [front, "pre-push", ...args], { cwd: repository.dir, input });
    expectStopped(hook("", []), "nothing was checked", "git push --no-verify");
    expectStopped(hook("what is this\n"), "nothing was checked", "line 1 of standard input");
    expectStopped(hook(`refs/heads/main ${"1".repeat(40)} refs/heads/main ${NO_OBJECT}\n`), "1111111111", "missing");
    const head = sneak(repository, "a", "x\n");
    repository.remove(`.git/objects/${head.slice(0, 2)}/${head.slice(2)}`);
    expectStopped(hook(`refs/heads/main ${head} refs/heads/main ${NO_OBJECT}\n`), head);
  });

  it("reads lines of CRLF, and is not misled by a deletion among others", () => {
    const token = makeToken();
    const { repository } = pair();
    const leak = sneak(repository, "a.env", token.raw);
    const input = `(delete) ${NO_OBJECT} refs/heads/old ${leak}\r\nHEAD ${leak} refs/heads/main ${NO_OBJECT}\r\n`;
    expectStopped(
      run("sh", [join(PACKAGE_DIRECTORY, "hooks/run"), "pre-push", "origin", "url"], { cwd: repository.dir, input }),
      token.masked,
    );
  });
});

/** A bare repository that has one commit and a pre-receive hook, and a clone of it. */
function server(args: readonly string[] = []): { readonly remote: GitRepository; readonly clone: GitRepository } {
  const seed = GitRepository.init();
  seed.commitFile("README", "hello\n");
  const remote = seed.clone([], { bare: true });
  install(remote, args);
  return { remote, clone: remote.clone() };
}

describe("the pre-receive hook", () => {
  it("reads what is in quarantine, stops it, and tells whoever pushes", () => {
    const token = makeToken();
    const { remote, clone } = server();
    clone.commitFile("a.env", `KEY=${token.raw}\n`);
    clone.commitFile("a.env", "KEY=\n");
    const stopped = attempt(clone, ["push", "origin", "HEAD:main", "HEAD:refs/heads/second"]);
    expectStopped(stopped, "remote: keyrecall: this push is stopped", token.masked, "a.env:1:5 in");
    expect(stopped.output).not.toContain("--no-verify");
    expect(remote.git(["for-each-ref", "--format=%(refname)"])).toBe("refs/heads/main");
    expect(remote.git(["rev-list", "--count", "--all"])).toBe("1");
    // Nothing of it has stayed.
    expect(attempt(remote, ["cat-file", "-e", clone.id("HEAD")]).status).not.toBe(0);
  });

  it.each([1, 100])("passes clean pushes, and finds in packs and loose objects (unpackLimit %i)", (limit) => {
    const token = makeToken();
    const { remote, clone } = server();
    remote.git(["config", "receive.unpackLimit", String(limit)]);
    clone.commitFile("a", "1\n");
    clone.git(["tag", "-a", "-m", "fine", "v1"]);
    expectPassed(attempt(clone, ["push", "-q", "origin", "HEAD:main", "v1"]));
    expectPassed(attempt(clone, ["push", "-q", "origin", "--delete", "v1"]));
    clone.git(["tag", "-a", "-m", token.raw, "v2"]);
    expectStopped(attempt(clone, ["push", "-q", "origin", "v2"]), token.masked);
    clone.git(["checkout", "-q", "-b", "side"]);
    clone.commitFile("b.env", token.raw);
    expectStopped(attempt(clone, ["push", "-q", "origin", "side"]), token.masked);
  });

  it("takes its configuration from the base of a push and never from the push, and honours no marks", () => {
    const [marked, allowed] = makeTokens(2);
    const { clone } = server();
    clone.write(".keyrecall.yml", `version: 1\nallow:\n  - fingerprint: ${allowed.fingerprint}\n    reason: dead\n`);
    clone.commitFile("a.env", `${allowed.raw}\n`);
    expectStopped(attempt(clone, ["push", "-q", "origin", "HEAD:main"]), allowed.masked);
    clone.git(["reset", "-q", "--soft", "HEAD^"]);
    clone.git(["reset", "-q", "a.env"]);
    clone.commitIndex("Allow a token");
    expectPassed(attempt(clone, ["push", "-q", "origin", "HEAD:main"]));
    clone.commit("Add the token that is allowed");
    expectPassed(attempt(clone, ["push", "-q", "origin", "HEAD:main"]));
    clone.commitFile("b.env", `${marked.raw} # keyrecall:allow I say so\n`);
    expectStopped(attempt(clone, ["push", "-q", "origin", "HEAD:main"]), marked.masked);
  });

  it("ends at its time limit, and passes or stops then as the operator says", () => {
    const passing = server(["--max-seconds", "0", "--on-timeout", "pass"]);
    passing.clone.commitFile("a.env", makeToken().raw);
    const passed = attempt(passing.clone, ["push", "origin", "HEAD:main"]);
    expect(passed.status, passed.output).toBe(0);
    expect(passed.output).toContain("passes WITHOUT having been checked to its end");
    expect(passing.remote.git(["rev-list", "--count", "main"])).toBe("2");

    const failing = server(["--max-seconds", "0", "--on-timeout", "fail"]);
    failing.clone.commitFile("a", "x\n");
    expectStopped(attempt(failing.clone, ["push", "origin", "HEAD:main"]), "was not checked to its end");
    // Without a word about it, what was not checked does not pass.
    const silent = server(["--max-seconds", "0"]);
    silent.clone.commitFile("a", "x\n");
    expectStopped(attempt(silent.clone, ["push", "origin", "HEAD:main"]), "was not checked to its end");
    // A limit that is not reached changes nothing.
    const patient = server(["--max-seconds", "60", "--on-timeout", "pass"]);
    patient.clone.commitFile("a.env", makeToken().raw);
    expectStopped(attempt(patient.clone, ["push", "origin", "HEAD:main"]));
  });

  it("is closed where the hook itself cannot work", () => {
    const { remote, clone } = server();
    clone.commitFile("a", "x\n");
    remote.write(
      "hooks/pre-receive",
      `#!/bin/sh\nexec '${process.execPath}' '${CLI_PATH}' hook run pre-receive </dev/tty\n`,
    );
    expect(attempt(clone, ["push", "-q", "origin", "HEAD:main"]).status).not.toBe(0);
    remote.write(
      "hooks/pre-receive",
      `#!/bin/sh\necho nonsense | '${process.execPath}' '${CLI_PATH}' hook run pre-receive\n`,
    );
    expectStopped(attempt(clone, ["push", "-q", "origin", "HEAD:main"]), "nothing was checked");
  });

  it("works in a server directory with blanks in its path, and beside a hook that was there", () => {
    const token = makeToken();
    const seed = GitRepository.init();
    seed.commitFile("README", "hello\n");
    const dir = join(makeTempDir(), "a server's repository.git");
    seed.git(["clone", "-q", "--bare", seed.dir, dir]);
    const remote = new GitRepository(dir, dir);
    remote.write("hooks/pre-receive", '#!/bin/sh\nwhile read -r old new ref; do echo "saw $ref"; done\n');
    remote.chmod("hooks/pre-receive", 0o755);
    install(remote);
    const clone = remote.clone();
    clone.commitFile("a", "x\n");
    const passed = attempt(clone, ["push", "origin", "HEAD:main", "HEAD:second"]);
    expect(passed.status, passed.output).toBe(0);
    expect(passed.output).toMatch(/saw refs\/heads\/main[^]*saw refs\/heads\/second/);
    clone.commitFile("a.env", token.raw);
    expectStopped(attempt(clone, ["push", "origin", "HEAD:main"]), token.masked);
  });
});
