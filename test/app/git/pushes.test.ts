// What pushes of every kind bring in, fetched from a real server into a cold and into a warm cache.
import { describe, expect, it } from "vitest";
import { makeToken, makeTokens, randomHex } from "../../support/token.ts";
import { cacheOf, foundIn, scanPush, serveRepository, startWorld } from "./served.ts";

const world = await startWorld();
const ZERO = "0".repeat(40);
const FILLER = randomHex("filler", 2000).replaceAll(/(.{60})/g, "$1\n");

describe.each([
  ["of unknown size", null],
  ["that is small", 4096],
])("a push to a repository %s", (_, sizeBytes) => {
  it("brings in what its commits add, and not what was there", async () => {
    const [old, first, second] = makeTokens(3);
    const { repository, remote } = serveRepository(world, { sizeBytes });
    const before = repository.write("old.env", old.raw).write("kept.env", `${FILLER}${old.raw}`).commit();
    repository.commitFile("first.env", first.raw);
    const middle = repository.write("first.env", "\n").write("kept.env", `# edited\n${FILLER}${old.raw}`).commit();
    const cache = cacheOf(world);
    const cold = await cache.withClone(remote, (clone) => scanPush(clone, { tips: [middle], known: [before] }));
    expect(foundIn(cold)).toEqual([first.fingerprint]);
    const after = repository.commitFile("second.env", second.raw, `See ${first.raw}`);
    const warm = await cache.withClone(remote, (clone) => scanPush(clone, { tips: [after], known: [middle] }));
    expect(foundIn(warm)).toEqual([first.fingerprint, second.fingerprint].toSorted());
    expect(warm.result.occurrences.map(({ kind }) => kind).toSorted()).toEqual(["blob", "commit-message"]);
  });

  it("reports a token that moves with its renamed file, and stays in an edited one, as nothing new", async () => {
    const token = makeToken();
    const { repository, remote } = serveRepository(world, { sizeBytes });
    const before = repository.commitFile("old.env", `${FILLER}${token.raw}\n`);
    repository.git(["mv", "old.env", "new.env"]);
    repository.write("new.env", `# moved\n${FILLER}${token.raw}\n`).commit();
    const after = repository.commitFile("new.env", `# moved again\n${FILLER}${token.raw}\n`);
    const cold = await cacheOf(world).withClone(remote, (clone) => scanPush(clone, { tips: [after], known: [before] }));
    expect(foundIn(cold)).toEqual([]);
    const all = await cacheOf(world).withClone(remote, (clone) => scanPush(clone, { tips: [after], known: [] }));
    expect(foundIn(all)).toEqual([token.fingerprint]);
  });
});

describe("a push", () => {
  it("of a new branch counts the default branch's history as known", async () => {
    const [old, fresh] = makeTokens(2);
    const { repository, remote } = serveRepository(world);
    repository.commitFile("old.env", old.raw);
    repository.git(["checkout", "-q", "-b", "topic"]);
    const after = repository.commitFile("fresh.env", fresh.raw);
    repository.git(["checkout", "-q", "main"]);
    repository.commitFile("later.env", makeToken().raw);
    const scanned = await cacheOf(world).withClone(remote, (clone) =>
      scanPush(clone, { tips: [after], known: [ZERO], fallbackRefs: ["refs/heads/nowhere", "refs/heads/main"] }),
    );
    expect(foundIn(scanned)).toEqual([fresh.fingerprint]);
  });

  it("is scanned from its root when the default branch holds it already", async () => {
    const token = makeToken();
    const { repository, remote } = serveRepository(world);
    const after = repository.commitFile("a.env", token.raw);
    repository.commitFile("b.txt", "1\n");
    const scanned = await cacheOf(world).withClone(remote, (clone) =>
      scanPush(clone, { tips: [after], known: [ZERO], fallbackRefs: ["HEAD"] }),
    );
    expect(foundIn(scanned)).toEqual([token.fingerprint]);
  });

  it("by force is compared with the commit that it left dangling", async () => {
    const [old, fresh] = makeTokens(2);
    const { repository, remote } = serveRepository(world);
    repository.commitFile("base.txt", "1\n");
    const before = repository.commitFile("a.env", old.raw);
    repository.git(["reset", "-q", "--hard", "HEAD~1"]);
    const after = repository.commitFile("b.env", fresh.raw);
    repository.expireReflogs();
    const scanned = await cacheOf(world).withClone(remote, (clone) =>
      scanPush(clone, { tips: [after], known: [before] }),
    );
    expect(foundIn(scanned)).toEqual([fresh.fingerprint]);
  });

  it("by force is scanned with what else is known when the server has dropped the commit before", async () => {
    const [old, fresh] = makeTokens(2);
    const { repository, remote } = serveRepository(world);
    const base = repository.commitFile("base.env", old.raw);
    repository.git(["branch", "stable"]);
    const before = repository.commitFile("a.env", makeToken().raw);
    repository.git(["reset", "-q", "--hard", base]);
    const after = repository.commitFile("b.env", fresh.raw);
    repository.expireReflogs().git(["gc", "-q", "--prune=now"]);
    await cacheOf(world).withClone(remote, async (clone) => {
      const request = { tips: [after], known: [before], fallbackRefs: ["HEAD", "refs/heads/stable"] };
      expect(await clone.fetch(request)).toMatchObject({ outcome: "ok", tips: [after], known: [base], lost: [before] });
      expect(foundIn(await scanPush(clone, request))).toEqual([fresh.fingerprint]);
    });
  });

  it("to an object that is gone meanwhile ends in gone, and others beside it are scanned", async () => {
    const token = makeToken();
    const { repository, remote } = serveRepository(world);
    const after = repository.commitFile("a.env", token.raw);
    const gone = "12".repeat(20);
    await cacheOf(world).withClone(remote, async (clone) => {
      expect(await clone.fetch({ tips: [gone], known: [] })).toMatchObject({ outcome: "gone" });
      const both = await clone.fetch({ tips: [gone, after], known: [] });
      expect(both).toMatchObject({ outcome: "ok", tips: [after], gone: [gone] });
      expect(foundIn(await scanPush(clone, { tips: [after], known: [] }))).toEqual([token.fingerprint]);
    });
  });

  it("of an annotated tag brings in its message, and of a file its content", async () => {
    const [inMessage, inFile] = makeTokens(2);
    const { repository, remote } = serveRepository(world);
    const before = repository.commitFile("a.txt", "1\n");
    repository.git(["tag", "-a", "-m", inMessage.raw, "v1"]);
    repository.git(["tag", "file", repository.writeBlob(inFile.raw)]);
    const cache = cacheOf(world);
    const tag = { tips: [repository.id("v1")], known: [before] };
    const tagged = await cache.withClone(remote, (clone) => scanPush(clone, tag));
    expect(tagged.result.occurrences.map(({ kind }) => kind)).toEqual(["tag-message"]);
    expect(foundIn(tagged)).toEqual([inMessage.fingerprint]);
    const file = { tips: [repository.id("file")], known: [before] };
    expect(foundIn(await cache.withClone(remote, (clone) => scanPush(clone, file)))).toEqual([inFile.fingerprint]);
  });

  it("of a merge brings in both what it merges and what it adds itself", async () => {
    const [onSide, inMerge, old] = makeTokens(3);
    const { repository, remote } = serveRepository(world);
    repository.commitFile("old.env", old.raw);
    repository.git(["checkout", "-q", "-b", "side"]);
    repository.commitFile("side.env", onSide.raw);
    repository.git(["checkout", "-q", "main"]);
    const before = repository.commitFile("main.txt", "1\n");
    repository.git(["merge", "-q", "--no-commit", "side"]);
    const after = repository.commitFile("merge.env", inMerge.raw);
    const scanned = await cacheOf(world).withClone(remote, (clone) =>
      scanPush(clone, { tips: [after], known: [before] }),
    );
    expect(foundIn(scanned)).toEqual([onSide.fingerprint, inMerge.fingerprint].toSorted());
  });

  it("of more commits than an event lists is scanned whole", { timeout: 120_000 }, async () => {
    const token = makeToken();
    const { repository, remote } = serveRepository(world);
    const before = repository.commitFile("a.txt", "1\n");
    const commits = Array.from({ length: 2100 }, (_, number) => ({
      name: `c${number}`,
      parents: [number === 0 ? before : `c${number - 1}`],
      number,
    }));
    const lines = commits.map(({ number }) => {
      const content = number === 700 ? token.raw : `${number}\n`;
      return (
        `commit refs/heads/main\ncommitter A <a@example.org> ${1_800_000_000 + number} +0000\ndata 1\nx\n` +
        `${number === 0 ? `from ${before}\n` : ""}M 100644 inline f.txt\ndata ${content.length}\n${content}\n`
      );
    });
    repository.git(["fast-import", "--quiet", "--force"], { input: lines.join("") });
    const request = { tips: [repository.id("main")], known: [before] };
    const scanned = await cacheOf(world).withClone(remote, (clone) => scanPush(clone, request));
    expect(scanned.result.coverage.commits).toBe(2100);
    expect(foundIn(scanned)).toEqual([token.fingerprint]);
  });

  it("from a fork is fetched by its id, or by the pull request's name", async () => {
    const token = makeToken();
    const { repository, remote } = serveRepository(world);
    const base = repository.commitFile("a.txt", "1\n");
    const fork = repository.clone();
    const head = fork.commitFile("a.env", token.raw);
    repository.git(["fetch", "-q", fork.gitDir, `${head}:refs/pull/7/head`]);
    const byId = await cacheOf(world).withClone(remote, (clone) => scanPush(clone, { tips: [head], known: [base] }));
    expect(foundIn(byId)).toEqual([token.fingerprint]);
    const request = { tips: [head], known: [base], refs: ["refs/pull/7/head", "refs/pull/8/head"] };
    const byName = await cacheOf(world).withClone(remote, (clone) => scanPush(clone, request));
    expect(foundIn(byName)).toEqual([token.fingerprint]);
  });
});

describe("what is fetched", () => {
  it("is in proportion to the push, into a cold cache and into a warm one", async () => {
    const { repository, remote } = serveRepository(world);
    const large = (): Buffer => Buffer.from(randomHex(undefined, 500_000), "hex");
    repository.commitFile("large.bin", large());
    const before = repository.commitFile("large.bin", large());
    repository.git(["checkout", "-q", "-b", "topic"]);
    const after = repository.write("a.env", makeToken().raw).commit();
    const sent = async (use: () => Promise<unknown>): Promise<number> => {
      const earlier = world.server.sentBytes;
      await use();
      return world.server.sentBytes - earlier;
    };
    const cache = cacheOf(world);
    const pushed = { tips: [after], known: [before] };
    expect(await sent(() => cache.withClone(remote, (clone) => scanPush(clone, pushed)))).toBeLessThan(5000);
    const created = { tips: [after], known: [ZERO], fallbackRefs: ["refs/heads/main"] };
    const other = { ...remote, id: 1_000_000 };
    expect(await sent(() => cache.withClone(other, (clone) => scanPush(clone, created)))).toBeLessThan(5000);
    const next = { tips: [repository.commitFile("b.txt", "1\n")], known: [after] };
    expect(await sent(() => cache.withClone(remote, (clone) => scanPush(clone, next)))).toBeLessThan(3000);
    expect(await sent(() => cache.withClone(remote, (clone) => scanPush(clone, next)))).toBe(0);
  });
});

describe("a repository", () => {
  it("without commits has nothing to scan", async () => {
    const { remote } = serveRepository(world);
    await cacheOf(world).withClone(remote, async (clone) => {
      const request = { tips: ["12".repeat(20)], known: [ZERO], fallbackRefs: ["HEAD"] };
      expect(await clone.fetch(request)).toMatchObject({ outcome: "gone" });
    });
  });

  it("whose history was replaced is scanned from its new root", async () => {
    const [old, fresh] = makeTokens(2);
    const { repository, remote } = serveRepository(world);
    const before = repository.commitFile("a.env", old.raw);
    const cache = cacheOf(world);
    await cache.withClone(remote, (clone) => scanPush(clone, { tips: [before], known: [] }));
    repository.git(["checkout", "-q", "--orphan", "other"]);
    const after = repository.commitFile("b.env", fresh.raw);
    repository.git(["branch", "-q", "-M", "other", "main"]);
    repository.expireReflogs().git(["gc", "-q", "--prune=now"]);
    const scanned = await cache.withClone(remote, (clone) => scanPush(clone, { tips: [after], known: [before] }));
    // The file with the old token still stands in the new history.
    expect(foundIn(scanned)).toEqual([old.fingerprint, fresh.fingerprint].toSorted());
  });

  it("in the SHA-256 format is read, also in place of one in the other format", async () => {
    const [first, second] = makeTokens(2);
    const other = serveRepository(world);
    const tip = other.repository.commitFile("a.env", makeToken().raw);
    const { repository, remote } = serveRepository(world, { objectFormat: "sha256" });
    const cache = cacheOf(world);
    await cache.withClone({ ...other.remote, id: remote.id }, (clone) => scanPush(clone, { tips: [tip], known: [] }));
    const before = repository.commitFile("a.env", first.raw);
    const after = repository.commitFile("b.env", second.raw);
    const request = { tips: [after], known: [before] };
    expect(foundIn(await cache.withClone(remote, (clone) => scanPush(clone, request)))).toEqual([second.fingerprint]);
  });

  it("on a server without filters is fetched whole", async () => {
    const [old, fresh] = makeTokens(2);
    const { repository, remote } = serveRepository(world, { isFilterRefused: true });
    const before = repository.commitFile("old.env", old.raw);
    const after = repository.write("old.env", `# edited\n${old.raw}`).write("fresh.env", fresh.raw).commit();
    const cache = cacheOf(world);
    const request = { tips: [after], known: [before] };
    expect(foundIn(await cache.withClone(remote, (clone) => scanPush(clone, request)))).toEqual([fresh.fingerprint]);
    const next = { tips: [repository.commitFile("old.env", `# again\n${old.raw}`)], known: [after] };
    expect(foundIn(await cache.withClone(remote, (clone) => scanPush(clone, next)))).toEqual([]);
  });

  it("that is shallow on the server is scanned as far as it goes, and called incomplete where it ends", async () => {
    const [inside, outside] = makeTokens(2);
    const full = serveRepository(world);
    full.repository.commitFile("outside.env", outside.raw);
    const before = full.repository.commitFile("b.txt", "1\n");
    full.repository.commitFile("outside.env", "\n");
    const { repository, remote } = serveRepository(world);
    repository.git(["fetch", "-q", "--depth=2", `file://${full.repository.gitDir}`, "main:shallow"]);
    repository.git(["checkout", "-q", "shallow"]);
    const after = repository.commitFile("inside.env", inside.raw);
    const inRange = await cacheOf(world).withClone(remote, (clone) =>
      scanPush(clone, { tips: [after], known: [before] }),
    );
    expect(foundIn(inRange)).toEqual([inside.fingerprint]);
    const beyond = await cacheOf(world).withClone(remote, (clone) => scanPush(clone, { tips: [after], known: [] }));
    expect(beyond.result.coverage.gaps).toEqual([{ what: `commit ${before}`, why: expect.stringMatching(/shallow/) }]);
  });
});

describe("an object", () => {
  it("is read again from its id, fetched where it is missing, and refused where it is too large or gone", async () => {
    const token = makeToken();
    const { repository, remote } = serveRepository(world);
    const before = repository.write("a.env", token.raw).write("large.txt", FILLER).commit();
    const after = repository.commitFile("b.txt", "1\n");
    await cacheOf(world).withClone(remote, async (clone) => {
      await clone.fetch({ tips: [after], known: [before] });
      const read = await clone.readObject(repository.id("HEAD:a.env"), 1000);
      expect(read.outcome === "ok" && read.bytes.equals(Buffer.from(token.raw))).toBe(true);
      const empty = await clone.readObject(repository.writeBlob(""), 1000);
      expect(empty).toMatchObject({ outcome: "ok", bytes: Buffer.alloc(0) });
      expect(await clone.readObject(repository.id("HEAD:large.txt"), 1000)).toMatchObject({ outcome: "too-large" });
      expect(await clone.readObject("12".repeat(20), 1000)).toMatchObject({ outcome: "gone" });
    });
  });
});
