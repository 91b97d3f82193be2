// The names and texts around the content: `--history` reads those, too.
import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { scan } from "../support/cli.ts";
import { GitRepository } from "../support/git-repository.ts";
import { expectFound, onlyOccurrence } from "../support/report.ts";
import { makeToken, makeTokens } from "../support/token.ts";

const history = (repository: GitRepository) => scan(["--history"], { cwd: repository.dir });

describe("scan --history and names", () => {
  it("finds tokens in messages, authors, committers and taggers", () => {
    const [subject, body, author, email, committer, tagger] = makeTokens(6);
    const repository = GitRepository.init();
    const first = repository.commitFile("a.txt", "1\n", `Add ${subject.raw}\n\nLine\n key: ${body.raw}\n`);
    repository.write("a.txt", "2\n");
    const second = repository.commit("x", {
      author: `Ada ${author.raw}`,
      email: `${email.raw}@example.org`,
      committer: committer.raw,
    });
    repository.git(["tag", "-a", "-m", "v1", "v1"], { env: { GIT_COMMITTER_NAME: `T ${tagger.raw}` } });
    repository.expireReflogs();
    const run = history(repository);
    expectFound(run, [subject, body, author, email, committer, tagger]);
    expect(onlyOccurrence(run, subject, "commit-message")).toMatchObject({
      object: first,
      line: 1,
      column: 5,
      refs: ["refs/heads/main", "refs/tags/v1"],
    });
    expect(onlyOccurrence(run, body)).toMatchObject({ kind: "commit-message", object: first, line: 4, column: 7 });
    expect(onlyOccurrence(run, author)).toMatchObject({ kind: "commit-identity", object: second, line: 1, column: 5 });
    expect(onlyOccurrence(run, email)).toMatchObject({ kind: "commit-identity", object: second });
    expect(onlyOccurrence(run, committer)).toMatchObject({ kind: "commit-identity", object: second, column: 1 });
    expect(onlyOccurrence(run, tagger)).toMatchObject({ kind: "tag-identity", object: repository.id("v1"), column: 3 });
  });

  it("finds tokens in file names, directory names, symbolic link targets and ref names", () => {
    const [file, directory, link, branch, tag] = makeTokens(5);
    const repository = GitRepository.init();
    repository.write(`a/k-${file.raw}.txt`, "1\n").write(`${directory.raw}/b.txt`, "2\n").symlink("link", link.raw);
    const commit = repository.commit();
    repository.git(["branch", `fix/${branch.raw}`]);
    repository.git(["tag", tag.raw]);
    repository.expireReflogs();
    const run = history(repository);
    expectFound(run, [file, directory, link, branch, tag]);
    expect(onlyOccurrence(run, file)).toMatchObject({
      kind: "path",
      paths: [`a/k-${file.masked}.txt`],
      line: 1,
      column: 5,
      introducedBy: [{ commit }],
    });
    expect(onlyOccurrence(run, directory).kind).toBe("path");
    expect(onlyOccurrence(run, link)).toMatchObject({ kind: "blob", paths: ["link"] });
    expect(onlyOccurrence(run, branch)).toMatchObject({
      kind: "ref-name",
      paths: [],
      refs: [`refs/heads/fix/${branch.masked}`],
    });
    expect(onlyOccurrence(run, tag)).toMatchObject({ kind: "ref-name", refs: [`refs/tags/${tag.masked}`] });
  });

  it("finds tokens in the messages and identities of reflogs", () => {
    const [message, identity] = makeTokens(2);
    const repository = GitRepository.init();
    const commit = repository.commitFile("a.txt", "1\n");
    repository.git(["update-ref", "-m", `moved ${message.raw}`, "--create-reflog", "refs/heads/side", commit]);
    appendFileSync(
      join(repository.gitDir, "logs/HEAD"),
      `${commit} ${commit} ${identity.raw} <a@example.org> 1767600000 +0000\treset\n`,
    );
    const run = history(repository);
    expectFound(run, [message, identity]);
    expect(onlyOccurrence(run, message)).toMatchObject({ kind: "reflog", paths: [], refs: ["refs/heads/side"] });
    expect(onlyOccurrence(run, identity)).toMatchObject({ kind: "reflog", refs: ["HEAD"] });
  });

  it("finds a token in the reflog that a deleted branch left in HEAD's", () => {
    const token = makeToken();
    const repository = GitRepository.init();
    repository.commitFile("a.txt", "1\n");
    repository.git(["checkout", "-q", "-b", token.raw]);
    repository.git(["checkout", "-q", "main"]);
    repository.git(["branch", "-q", "-D", token.raw]);
    const run = history(repository);
    expectFound(run, [token]);
  });

  it("finds tokens in commit headers that git passes on without showing them", () => {
    const [header, encoded] = makeTokens(2);
    const repository = GitRepository.init();
    repository.commitFile("a.txt", "1\n");
    const raw = repository.git(["cat-file", "commit", "HEAD"]);
    const withHeader = raw
      .replace("\n\n", `\nencoding ISO-8859-1\nx-note ${header.raw}\n\n`)
      .replace(/Change things\s*$/, `caf\xe9 ${encoded.raw}\n`);
    const commit = repository.git(["hash-object", "-w", "-t", "commit", "--stdin"], {
      input: Buffer.from(withHeader, "latin1"),
    });
    repository.git(["update-ref", "refs/heads/odd", commit]);
    const run = history(repository);
    expectFound(run, [header, encoded]);
    expect(onlyOccurrence(run, encoded)).toMatchObject({ kind: "commit-message", object: commit, line: 1, column: 6 });
  });
});
