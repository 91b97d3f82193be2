import { describe, expect, it } from "vitest";
import { expectStatus, scan } from "../support/cli.ts";
import { GitRepository } from "../support/git-repository.ts";
import { expectFound, reported } from "../support/report.ts";
import { makeToken, makeTokens } from "../support/token.ts";

describe("an inline keyrecall:allow", () => {
  it.each([
    ["the working tree", []],
    ["the index", ["--staged"]],
  ])("counts in a scan of %s when it stands on the token's line", (_, args) => {
    const token = makeToken();
    const repository = GitRepository.init();
    repository.write("a.py", `# sample\nKEY = "${token.raw}"  # keyrecall:allow documented sample\n`).stage();
    const run = scan(args, { cwd: repository.dir });
    expectStatus(run, 0);
    expect(reported(run, token).allowed?.by).toBe("inline");
  });

  it("does not count on the line before or after", () => {
    const token = makeToken();
    const repository = GitRepository.init();
    repository.write("a.py", `# keyrecall:allow\nKEY = "${token.raw}"\n# keyrecall:allow\n`);
    const run = scan([], { cwd: repository.dir });
    expectFound(run, [token]);
    expect(reported(run, token).allowed).toBeNull();
  });

  it("does not count for the token's other places", () => {
    const token = makeToken();
    const repository = GitRepository.init();
    repository.write("a.py", `KEY = "${token.raw}"  # keyrecall:allow sample\n`).write("b.env", token.raw);
    const run = scan([], { cwd: repository.dir });
    expectFound(run, [token]);
    expect(reported(run, token).allowed).toBeNull();
  });

  it("does not count for a file name", () => {
    const token = makeToken();
    const repository = GitRepository.init();
    repository.write(`keyrecall:allow ${token.raw}`, "x\n");
    expectFound(scan([], { cwd: repository.dir }), [token]);
  });

  it("counts only as a whole word", () => {
    const [one, two] = makeTokens(2);
    const repository = GitRepository.init();
    repository.write("a.py", `"${one.raw}" # keyrecall:allowance\n"${two.raw}" # notkeyrecall:allow\n`);
    const run = scan([], { cwd: repository.dir });
    expectStatus(run, 1);
    expect([one, two].map((token) => reported(run, token).allowed)).toEqual([null, null]);
  });

  it("counts in UTF-16 text", () => {
    const token = makeToken();
    const repository = GitRepository.init();
    repository.write("wide.txt", Buffer.from(`a\n${token.raw} keyrecall:allow sample\n`, "utf16le"));
    const run = scan([], { cwd: repository.dir });
    expectStatus(run, 0);
    expect(reported(run, token).allowed?.by).toBe("inline");
  });

  it("does not count on another line when lines end in a carriage return alone", () => {
    const token = makeToken();
    const repository = GitRepository.init();
    repository.write("a.py", `# keyrecall:allow\rKEY = "${token.raw}"\r# keyrecall:allow\r`);
    expectFound(scan([], { cwd: repository.dir }), [token]);
  });
});
