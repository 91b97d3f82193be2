import { spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import type { OwnRepository } from "../../src/git/repository.ts";
import type { ObtainObjects } from "../../src/git/revisions.ts";
import { builtinRules, scanForOccurrences as scan, type ScanResult } from "../../src/index.ts";
import type { TipRange } from "../../src/scan/commits.ts";
import { GitRepository } from "../support/git-repository.ts";
import { isolatedEnv } from "../support/isolated-env.ts";
import { type MadeToken, makeToken, makeTokens, randomHex } from "../support/token.ts";

const FILLER = randomHex("filler", 2000).replaceAll(/(.{60})/g, "$1\n");

async function scanTips(
  repository: GitRepository,
  range: Partial<TipRange> & Pick<TipRange, "tips"> & { readonly own?: OwnRepository },
) {
  return scan({
    source: { kind: "range", path: repository.dir, known: [], ...range },
    rules: builtinRules,
    minConfidence: "certain",
  });
}

function summary(result: ScanResult) {
  expect(result.coverage.gaps).toEqual([]);
  return result.occurrences
    .map(({ token, kind, paths, introducedBy, refs }) => [token.fingerprint, kind, paths, introducedBy, refs])
    .toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}

const place = (
  token: MadeToken,
  kind: string,
  paths: readonly string[],
  introducedBy: readonly string[],
  refs: readonly string[] = [],
) => [token.fingerprint, kind, paths, introducedBy, refs];

/** A clone without contents and without a remote: git itself cannot fetch what is missing. */
function blobless(repository: GitRepository): { clone: GitRepository; asked: string[][]; obtain: ObtainObjects } {
  repository.git(["config", "uploadpack.allowFilter", "true"]);
  const clone = repository.clone(["--filter=blob:none", "--no-checkout", "--mirror"], { bare: true });
  clone.git(["remote", "remove", "origin"]);
  const asked: string[][] = [];
  const obtain = (objectIds: readonly string[]): Promise<void> => {
    asked.push([...objectIds]);
    const pack = repository.gitBytes(["pack-objects", "-q", "--stdout"], {
      input: objectIds.map((id) => `${id}\n`).join(""),
    });
    spawnSync("git", ["index-pack", "--stdin", "--promisor"], { cwd: clone.dir, input: pack, env: isolatedEnv() });
    return Promise.resolve();
  };
  return { clone, asked, obtain };
}

describe("scan of what tips bring in", () => {
  it("takes several tips and several known commits, and names the tips that reach a find", async () => {
    const [old, left, right, message] = makeTokens(4);
    const repository = GitRepository.init();
    const base = repository.commitFile("old.env", old.raw);
    repository.git(["checkout", "-q", "-b", "left"]);
    const inLeft = repository.commitFile("left.env", left.raw);
    const leftTip = repository.commitFile("left.env", "KEY=\n");
    repository.git(["checkout", "-q", "-b", "right", base]);
    const known = repository.commitFile("known.env", makeToken().raw);
    const inRight = repository.commitFile("right.env", right.raw, `Add ${message.raw}`);
    const result = await scanTips(repository, {
      tips: [
        { id: leftTip, ref: "refs/heads/left" },
        { id: inRight, ref: "refs/heads/right" },
        { id: inRight, ref: "refs/heads/again" },
      ],
      known: [base, known],
    });
    expect(result.source).toBe("range");
    expect(summary(result)).toEqual(
      [
        place(left, "blob", ["left.env"], [inLeft], ["refs/heads/left"]),
        place(right, "blob", ["right.env"], [inRight], ["refs/heads/right", "refs/heads/again"]),
        place(message, "commit-message", [], [inRight], ["refs/heads/right", "refs/heads/again"]),
      ].toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)),
    );
    expect(result.occurrences.every(({ reachable }) => reachable)).toBe(true);
  });

  it("scans everything when nothing is known, and more, never less, when a known commit is not here", async () => {
    const token = makeToken();
    const repository = GitRepository.init();
    const root = repository.commitFile("a.env", token.raw);
    const tip = repository.commitFile("b.txt", "1\n");
    for (const known of [[], ["1".repeat(40)], ["0".repeat(40)]]) {
      expect(summary(await scanTips(repository, { tips: [{ id: tip }], known }))).toEqual([
        place(token, "blob", ["a.env"], [root]),
      ]);
    }
    expect(summary(await scanTips(repository, { tips: [{ id: tip }], known: [tip] }))).toEqual([]);
    expect(summary(await scanTips(repository, { tips: [] }))).toEqual([]);
  });

  it("reads the tags in front of a tip, unless they are known", async () => {
    const [inMessage, inOuter] = makeTokens(2);
    const repository = GitRepository.init();
    const commit = repository.commitFile("a.txt", "1\n");
    repository.git(["tag", "-a", "-m", inMessage.raw, "inner"]);
    repository.git(["tag", "-a", "-m", inOuter.raw, "outer", repository.id("inner")]);
    const tips = [{ id: repository.id("outer"), ref: "refs/tags/outer" }];
    const result = await scanTips(repository, { tips, known: [commit] });
    expect(new Set(result.occurrences.map(({ token }) => token.fingerprint))).toEqual(
      new Set([inMessage.fingerprint, inOuter.fingerprint]),
    );
    expect(result.occurrences.map(({ refs }) => refs)).toEqual([["refs/tags/outer"], ["refs/tags/outer"]]);
    const afterInner = await scanTips(repository, { tips, known: [repository.id("inner")] });
    expect(afterInner.occurrences.map(({ token }) => token.fingerprint)).toEqual([inOuter.fingerprint]);
  });

  it("reads a tag of a file and of a directory, which no commit brings in", async () => {
    const [inFile, inTree, inName] = makeTokens(3);
    const repository = GitRepository.init();
    const base = repository.commitFile("a.txt", "1\n");
    const blob = repository.writeBlob(inFile.raw);
    repository.write(`deep/${inName.raw}.txt`, inTree.raw).stage();
    repository.git(["update-index", "--add", "--cacheinfo", `160000,${"12".repeat(20)},module`]);
    const tree = repository.git(["write-tree"]);
    repository.git(["tag", "-a", "-m", "A directory", "tree", tree]);
    const tips = [
      { id: blob, ref: "refs/tags/file" },
      { id: repository.id("tree"), ref: "refs/tags/tree" },
    ];
    const result = await scanTips(repository, { tips, known: [base] });
    expect(result.coverage.gaps).toEqual([]);
    const found = result.occurrences.map(({ token, kind, paths, refs }) => [token.fingerprint, kind, paths, refs]);
    expect(found).toHaveLength(3);
    expect(found).toEqual(
      expect.arrayContaining([
        [inFile.fingerprint, "blob", [], ["refs/tags/file"]],
        [inTree.fingerprint, "blob", [`deep/${inName.raw}.txt`], ["refs/tags/tree"]],
        [inName.fingerprint, "path", [`${inName.raw}.txt`], ["refs/tags/tree"]],
      ]),
    );
  });

  it("refuses a tip that is not here, and what is no object id", async () => {
    const repository = GitRepository.init();
    repository.commitFile("a.txt", "1\n");
    await expect(scanTips(repository, { tips: [{ id: "1".repeat(40) }] })).rejects.toMatchObject({
      code: "unresolvable-range",
    });
    await expect(scanTips(repository, { tips: [{ id: "--all" }] })).rejects.toMatchObject({ code: "usage" });
    const known = ["--all"];
    await expect(scanTips(repository, { tips: [], known })).rejects.toMatchObject({ code: "usage" });
  });
});

describe("scan of what tips bring in, in a clone without contents", () => {
  it("asks for the new contents in one list, and for nothing else where nothing is found", async () => {
    const repository = GitRepository.init();
    const base = repository.commitFile("old.env", makeToken().raw);
    repository.write("a.txt", "1\n").write("old.env", "KEY=\n").commit();
    const tip = repository.commitFile("b.txt", "2\n");
    const { clone, asked, obtain } = blobless(repository);
    expect(summary(await scanTips(clone, { tips: [{ id: tip }], known: [base], obtain }))).toEqual([]);
    expect(asked.map((ids) => ids.toSorted())).toEqual([
      [repository.id("HEAD:a.txt"), repository.id("HEAD:old.env"), repository.id("HEAD:b.txt")].toSorted(),
    ]);
  });

  it("tells a token that stays from one that is new, in changed, renamed and merged files", async () => {
    const [kept, added] = makeTokens(2);
    const repository = GitRepository.init();
    const base = repository
      .write("kept.env", `${FILLER}${kept.raw}\n`)
      .write("moved.env", `${FILLER}${FILLER}${kept.raw}\n`)
      .commit();
    repository.git(["checkout", "-q", "-b", "side"]);
    repository.commitFile("side.txt", "1\n");
    repository.git(["checkout", "-q", "main"]);
    repository.write("kept.env", `# first\n${FILLER}${kept.raw}\n`);
    repository.git(["mv", "moved.env", "elsewhere.env"]);
    repository.write("elsewhere.env", `# first\n${FILLER}${FILLER}${kept.raw}\n`).commit();
    const adding = repository.commitFile("kept.env", `# first\n${FILLER}${kept.raw}\n${added.raw}\n`);
    repository.git(["merge", "-q", "--no-edit", "side"]);
    const { clone, obtain } = blobless(repository);
    const tips = [{ id: repository.id("HEAD"), ref: "refs/heads/main" }];
    const result = await scanTips(clone, { tips, known: [base], obtain });
    expect(summary(result)).toEqual([place(added, "blob", ["kept.env"], [adding], ["refs/heads/main"])]);
  });

  it("finds a copy, and a file that comes back, although their contents are old", async () => {
    const [copied, back] = makeTokens(2);
    const repository = GitRepository.init();
    repository.write("copied.env", `${FILLER}${copied.raw}`).write("back.env", back.raw).commit();
    const base = repository.remove("back.env").commit();
    const tip = repository.write("copy.env", `${FILLER}${copied.raw}`).write("back.env", back.raw).commit();
    const { clone, obtain } = blobless(repository);
    const result = await scanTips(clone, { tips: [{ id: tip }], known: [base], obtain });
    expect(summary(result)).toEqual(
      [place(copied, "blob", ["copy.env"], [tip]), place(back, "blob", ["back.env"], [tip])].toSorted((a, b) =>
        JSON.stringify(a) < JSON.stringify(b) ? -1 : 1,
      ),
    );
  });

  it("does not take a directory's name for news because the files in it are not here", async () => {
    const [old, fresh] = makeTokens(2);
    const repository = GitRepository.init();
    const base = repository.commitFile(`${old.raw}/a.txt`, "1\n");
    const tip = repository.write(`${old.raw}/b.txt`, "2\n").write(`${fresh.raw}/c.txt`, "3\n").commit();
    const { clone, obtain } = blobless(repository);
    const result = await scanTips(clone, { tips: [{ id: tip }], known: [base], obtain });
    expect(summary(result)).toEqual([place(fresh, "path", [fresh.raw], [tip])]);
  });

  it("names what cannot be brought in, and still reports the rest", async () => {
    const token = makeToken();
    const repository = GitRepository.init();
    const base = repository.commitFile("a.txt", "1\n");
    const tip = repository.write("a.env", token.raw).write("b.env", "2\n").commit();
    const lost = repository.id("HEAD:b.env");
    const { clone, obtain } = blobless(repository);
    const result = await scanTips(clone, {
      tips: [{ id: tip }],
      known: [base],
      obtain: async (ids) => obtain(ids.filter((id) => id !== lost)),
    });
    expect(result.coverage.gaps.map(({ what }) => what)).toEqual([`object ${lost}`]);
    expect(result.occurrences.map((one) => one.token.fingerprint)).toEqual([token.fingerprint]);
  });

  it("reads an own repository, of which git is not asked what it is, like any other", async () => {
    const tokens = makeTokens(4);
    const plain = GitRepository.init();
    const base = plain.commitFile("base.env", tokens[0].raw);
    const tip = plain.write("a.env", tokens[1].raw).write("b.env", "2\n").commit(`See ${tokens[2].raw}`);
    const lost = plain.id("HEAD:b.env");
    const partial = blobless(plain);
    const sha256 = GitRepository.init({ objectFormat: "sha256" });
    const longBase = sha256.commitFile("base.env", tokens[0].raw);
    const longTip = sha256.commitFile("a.env", tokens[3].raw);
    const shallow = plain.clone(["--depth=1"], { bare: true });
    const obtain: ObtainObjects = async (ids) => partial.obtain(ids.filter((id) => id !== lost));
    const cases = [
      [plain.clone([], { bare: true }), 40, { tips: [{ id: tip, ref: "refs/heads/main" }], known: [base] }],
      [partial.clone, 40, { tips: [{ id: tip }], known: [base], obtain }],
      [sha256.clone([], { bare: true }), 64, { tips: [{ id: longTip }], known: [longBase] }],
      [shallow, 40, { tips: [{ id: tip }], known: [] }],
    ] as const;
    for (const [repository, objectIdLength, range] of cases) {
      const own = { objectIdLength, isShallow: repository === shallow };
      const [asked, told] = [await scanTips(repository, range), await scanTips(repository, { ...range, own })];
      const seen = ({ occurrences, coverage: { gaps }, commits }: ScanResult) => ({ occurrences, gaps, commits });
      expect(asked.occurrences.length + asked.coverage.gaps.length).toBeGreaterThan(0);
      expect(seen(told)).toEqual(seen(asked));
    }
  });

  it("names the author and the date of each commit, of a push of many commits too", async () => {
    const [first, last] = makeTokens(2);
    const repository = GitRepository.init();
    const authors = ["Ada <ada@acme.example>", "Bo <bo@acme.example>"];
    const commit = (text: string, number: number, author: string): string =>
      `commit refs/heads/main\nmark :${number}\nauthor ${author} ${1_700_000_000 + number} +0200\n` +
      `committer C <c@acme.example> ${1_800_000_000 + number} +0000\ndata 1\nx\n` +
      (number === 1 ? "" : `from :${number - 1}\n`) +
      `M 100644 inline a-${number}.env\ndata ${text.length}\n${text}\n`;
    const count = 600;
    const textOf = (number: number): string => (number === 1 ? first.raw : number === count ? last.raw : "none");
    const input = Array.from({ length: count }, (_, index) =>
      commit(textOf(index + 1), index + 1, authors[index === 0 ? 0 : 1]!),
    ).join("");
    repository.git(["fast-import", "--quiet", "--force"], { input });
    const tip = repository.id("refs/heads/main");
    const root = repository.id(`${tip}~${count - 1}`);
    const { commits } = await scanTips(repository, { tips: [{ id: tip }] });
    expect([...commits.values()].toSorted((a, b) => (a.author! < b.author! ? -1 : 1))).toEqual([
      { commit: root, author: authors[0], date: "2023-11-15T00:13:21+02:00" },
      { commit: tip, author: authors[1], date: "2023-11-15T00:23:20+02:00" },
    ]);
  });
});
