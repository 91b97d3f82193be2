// Archives in base64 within text, as releases of Helm and user data of cloud-init have them: found wherever Keyrecall reads,
// and what is too large for that is named.
import { randomBytes } from "node:crypto";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { scan } from "../support/cli.ts";
import { GitRepository } from "../support/git-repository.ts";
import { expectFound, expectIncomplete, expectNothing, onlyOccurrence } from "../support/report.ts";
import { scanFiles } from "../support/scan-files.ts";
import { makeTokens } from "../support/token.ts";

const MIB = 1024 * 1024;
const UNREAD = "holds an archive in base64 that is too large";

function noise(bytes: number): string {
  return randomBytes(bytes / 2).toString("hex");
}

/** So much stands in front of the token that the archive begins far from what changes with it. */
function release(before: string, value: string): string {
  return `release: ${gzipSync(`${before}\nKEY=${value}\n`).toString("base64")}\n`;
}

describe("an archive in base64", () => {
  it("that changes far behind its beginning is found in history, in deltas too", () => {
    const [first, second] = makeTokens(2);
    const before = noise(40_000);
    const repository = GitRepository.init();
    for (const value of ["none", first.raw, second.raw]) {
      repository.write("release.yaml", release(before, value)).commit("Change");
    }
    repository.write("release.yaml", "none\n").commit("Remove");
    repository.git(["repack", "-a", "-d", "-f", "--quiet"]);
    for (const options of [["--no-cache"], [], []]) {
      const run = scan(["--history", ...options], { cwd: repository.dir });
      expectFound(run, [first, second]);
      expect(onlyOccurrence(run, first, "blob")).toMatchObject({ line: 1, column: 10, encoding: ["base64", "gzip"] });
    }
  });

  it("that is larger than what is read of one is named, in files, in history and from standard input", () => {
    const [token] = makeTokens(1);
    const text = release(noise(8 * MIB), token.raw);
    expectIncomplete(scanFiles({ "release.yaml": text }), `release.yaml: ${UNREAD}`);
    const repository = GitRepository.init();
    repository.write("release.yaml", text).commit("Add");
    repository.git(["repack", "-a", "-d", "--quiet"]);
    for (const options of [["--no-cache"], [], []]) {
      expectIncomplete(scan(["--history", ...options], { cwd: repository.dir }), UNREAD);
    }
    expectIncomplete(scan(["--stdin"], { cwd: repository.dir, input: text }), `standard input: ${UNREAD}`);
  });

  it("of which there are too many in one another, or with more than they may hold, is named", () => {
    const bomb = gzipSync(Buffer.alloc(64 * MIB)).toString("base64");
    expectIncomplete(scanFiles({ "bomb.txt": bomb }), `bomb.txt: ${UNREAD}`);
    let nested = "x";
    for (let depth = 0; depth < 5; depth++) nested = gzipSync(`${noise(200)} ${nested}`).toString("base64");
    expectIncomplete(scanFiles({ "nested.txt": nested }), `nested.txt: ${UNREAD}`);
  });

  it("is no gap for the texts around it that are made of escapes and pieces, and the marks of archives are none", () => {
    const archive = gzipSync("nothing here").toString("base64");
    const pieces = Array.from({ length: 8 }, (_, n) => `"i" + 'k_' + \`\\x69\\u006b\\137${n}\` + "%69k_"`).join(" + ");
    expectNothing(
      scanFiles({
        "a.js": `const a = ${pieces} + "${archive}";\nconst b = ["${archive}", "i" +\n "k_s" + "dk_"];\n`,
        "b.ts": `const MARKS = "${pieces} H4sI SDRz UEsDBBQA 6b5f H4sIAAAA UEsDBA== " + ${pieces};\n`,
      }),
    );
  });

  it("that is cut short is an example of one, and no gap", () => {
    const whole = release(noise(2000), "none");
    expectNothing(
      scanFiles({ "README.md": `${whole.slice(0, 120)}…\n`, "short.md": "H4sIAAAAAAAA/8pIzcnJBwQAAP//\n" }),
    );
  });
});
