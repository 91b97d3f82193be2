// What goes wrong between the App and a git server, and on its own disk.
import { type ChildProcess, spawn } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import type { ServerResponse } from "node:http";
import { hostname } from "node:os";
import { delimiter, join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { isolatedEnv } from "../../support/isolated-env.ts";
import { makeTempDir } from "../../support/temp-dir.ts";
import { makeToken, makeTokens, randomHex } from "../../support/token.ts";
import type { GitFault } from "./git-server.ts";
import { cacheOf, foundIn, remoteOf, scanPush, type Served, serveRepository, startWorld } from "./served.ts";

const world = await startWorld();

afterEach(() => {
  world.server.fault = null;
  world.server.requests.length = 0;
});

function answer(response: ServerResponse, status: number, headers: Record<string, string> = {}): true {
  response.writeHead(status, headers).end("no\n");
  return true;
}

function basicOf(credential: string): string {
  return Buffer.from(`x-access-token:${credential}`).toString("base64");
}

/** Lets in whoever carries one of the credentials. */
function guard(isValid: (credential: string) => boolean): GitFault {
  return ({ authorization }, response) => {
    const [, given = ""] = /^Basic (.*)$/.exec(authorization ?? "") ?? [];
    const credential = Buffer.from(given, "base64").toString().replace("x-access-token:", "");
    return isValid(credential) ? false : answer(response, 401, { "www-authenticate": 'Basic realm="git"' });
  };
}

function filesBelow(directory: string): string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

describe("an answer that ends too early", () => {
  it.each([
    ["with nothing in it", ""],
    ["in the middle of a line", "0010shallow"],
    ["behind the heading of the objects", "000dpackfile\n"],
    ["behind what both have", "0014acknowledgments\n"],
  ])("is the server's fault, and no damage here: %s", async (_name, body) => {
    const { repository, remote } = serveRepository(world);
    const tip = repository.commitFile("a.txt", "1\n");
    world.server.fault = ({ method }, response) => {
      if (method !== "POST") return false;
      response.writeHead(200, { "content-type": "application/x-git-upload-pack-result" }).end(body);
      return true;
    };
    const fetched = await cacheOf(world).withClone(remote, (clone) => clone.fetch({ tips: [tip], known: [] }));
    expect(fetched).toMatchObject({ outcome: "server-error" });
  });
});

describe("a credential", () => {
  it("reaches the server, and stands in no argument and no file", async () => {
    const credential = `ghs_${randomHex("credential", 20)}`;
    const secrets = [credential, basicOf(credential)];
    const { repository, remote } = serveRepository(world, { credential: () => Promise.resolve(credential) });
    const before = repository.commitFile("a.txt", "1\n");
    const after = repository.commitFile("b.txt", "2\n");
    const seen: string[] = [];
    const isLetIn = guard((given) => given === credential);
    world.server.fault = (request, response) => {
      for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
        try {
          seen.push(readFileSync(`/proc/${pid}/cmdline`, "latin1"));
        } catch {
          // It has ended in between.
        }
      }
      return isLetIn(request, response);
    };
    const shim = makeTempDir("shim");
    const log = join(shim, "log");
    writeFileSync(join(shim, "git"), `#!/bin/sh\nprintf '%s\\n' "$@" >>"${log}"\nPATH="\${PATH#*:}" exec git "$@"\n`);
    chmodSync(join(shim, "git"), 0o755);
    const path = process.env["PATH"];
    process.env["PATH"] = `${shim}${delimiter}${path}`;
    const traces = ["GIT_TRACE", "GIT_TRACE_CURL", "GIT_CURL_VERBOSE", "GIT_TRACE2_EVENT"];
    for (const name of traces) process.env[name] = join(shim, "trace");
    try {
      const request = { tips: [after], known: [before] };
      expect(foundIn(await cacheOf(world).withClone(remote, (clone) => scanPush(clone, request)))).toEqual([]);
    } finally {
      process.env["PATH"] = path;
      for (const name of traces) delete process.env[name];
    }
    expect(existsSync(join(shim, "trace"))).toBe(false);
    expect(seen.some((line) => line.includes("git-remote-http"))).toBe(true);
    const texts = [...seen, readFileSync(log, "latin1")];
    for (const file of filesBelow(world.cacheDirectory)) texts.push(readFileSync(file, "latin1"));
    expect(texts.filter((text) => secrets.some((secret) => text.includes(secret)))).toEqual([]);
  });

  it("that expires between two requests is made anew once", async () => {
    const token = makeToken();
    const asked: boolean[] = [];
    const credential = (isRefused: boolean): Promise<string> => {
      asked.push(isRefused);
      return Promise.resolve(isRefused ? "second" : "first");
    };
    const { repository, remote } = serveRepository(world, { credential });
    const before = repository.commitFile("a.txt", "1\n");
    const after = repository.commitFile("a.env", token.raw);
    let requests = 0;
    const isLetIn = guard((given) => given === (requests > 2 ? "second" : "first"));
    world.server.fault = (request, response) => {
      requests += 1;
      return isLetIn(request, response);
    };
    const request = { tips: [after], known: [before] };
    expect(foundIn(await cacheOf(world).withClone(remote, (clone) => scanPush(clone, request)))).toEqual([
      token.fingerprint,
    ]);
    expect(asked).toEqual([false, true]);
  });

  it("that stays refused ends in unauthorized, with the host and without the credential", async () => {
    let count = 0;
    const credential = (): Promise<string> => Promise.resolve(`credential-${(count += 1)}`);
    const { repository, remote } = serveRepository(world, { credential });
    const tip = repository.commitFile("a.txt", "1\n");
    world.server.fault = guard(() => false);
    const fetched = await cacheOf(world).withClone(remote, (clone) => clone.fetch({ tips: [tip], known: [] }));
    expect(fetched).toMatchObject({ outcome: "unauthorized", message: expect.stringMatching(/127\.0\.0\.1/) });
    expect(JSON.stringify(fetched)).not.toContain("credential-");
    expect(count).toBe(2);
  });

  it("is sent to no other server, whatever a payload names as the URL", async () => {
    const other = await startWorld();
    const asked: boolean[] = [];
    const credential = (isRefused: boolean): Promise<string> => {
      asked.push(isRefused);
      return Promise.resolve("secret");
    };
    const cache = cacheOf(world);
    for (const url of [
      `${other.server.url}/r/.git`,
      "http://github.example/r.git",
      "file:///etc",
      "ext::sh -c id",
      `${world.server.url.replace("//", "//user:password@")}/r.git`,
    ]) {
      await expect(cache.withClone(remoteOf(url, { credential }), () => Promise.resolve())).rejects.toThrow(/URL|git/);
    }
    expect(asked).toEqual([]);
  });

  it("does not follow a redirect", async () => {
    const other = await startWorld();
    const { repository, remote } = serveRepository(world, { credential: () => Promise.resolve("secret") });
    const tip = repository.commitFile("a.txt", "1\n");
    world.server.fault = ({ url }, response) => answer(response, 302, { location: `${other.server.url}${url}` });
    const fetched = await cacheOf(world).withClone(remote, (clone) => clone.fetch({ tips: [tip], known: [] }));
    expect(fetched).toMatchObject({ outcome: "server-error" });
    expect(other.server.requests).toEqual([]);
  });
});

describe("a server", () => {
  it.each([
    [404, "not-found"],
    [410, "not-found"],
    [403, "unauthorized"],
    [429, "server-error"],
    [500, "server-error"],
    [503, "server-error"],
  ])("that answers %i ends the fetch in %s", async (status, outcome) => {
    const { repository, remote } = serveRepository(world);
    const tip = repository.commitFile("a.txt", "1\n");
    world.server.fault = (_, response) => answer(response, status);
    const fetched = await cacheOf(world).withClone(remote, (clone) => clone.fetch({ tips: [tip], known: [] }));
    expect(fetched).toMatchObject({ outcome });
  });

  it("that cannot be reached, or breaks off, ends the fetch in server-error and spares the cache", async () => {
    const [first, second] = makeTokens(2);
    const { repository, remote } = serveRepository(world);
    const before = repository.commitFile("a.env", first.raw);
    const cache = cacheOf(world);
    await cache.withClone(remote, (clone) => scanPush(clone, { tips: [before], known: [] }));
    const after = repository.commitFile("b.env", second.raw);
    const packs = filesBelow(join(world.cacheDirectory, "clones", `${remote.id}.git`));
    world.server.fault = (_, response) => {
      response.destroy();
      return true;
    };
    const broken = await cache.withClone(remote, (clone) => clone.fetch({ tips: [after], known: [before] }));
    expect(broken).toMatchObject({ outcome: "server-error" });
    expect(filesBelow(join(world.cacheDirectory, "clones", `${remote.id}.git`))).toEqual(packs);
    world.server.fault = null;
    const request = { tips: [after], known: [before] };
    expect(foundIn(await cache.withClone(remote, (clone) => scanPush(clone, request)))).toEqual([second.fingerprint]);
  });

  it("that never answers ends the fetch in timed-out, and no process is left", async () => {
    const { repository, remote } = serveRepository(world);
    const tip = repository.commitFile("a.txt", "1\n");
    world.server.fault = () => true;
    const cache = cacheOf(world, { gitTimeoutMs: 500 });
    const fetched = await cache.withClone(remote, (clone) => clone.fetch({ tips: [tip], known: [] }));
    expect(fetched).toMatchObject({ outcome: "timed-out" });
    expect(processesWith(remote.url)).toEqual([]);
  });

  it("that sends more than the budget ends the fetch in too-large", async () => {
    const { repository, remote } = serveRepository(world);
    const tip = repository.write("large.bin", Buffer.from(randomHex(undefined, 4_000_000), "hex")).commit();
    // What arrives is looked at from time to time, so it must not have arrived at once.
    world.server.fault = slowly;
    const cache = cacheOf(world, { maxFetchBytes: 1_000_000 });
    const fetched = await cache.withClone(remote, (clone) => clone.fetch({ tips: [tip], known: [] }));
    expect(fetched).toMatchObject({ outcome: "too-large" });
  });

  it("that fails in the middle leaves what was found standing, beside what could not be read", async () => {
    const [inMessage, inFile] = makeTokens(2);
    const { repository, remote } = serveRepository(world);
    const before = repository.commitFile("a.txt", "1\n");
    const after = repository.commitFile("a.env", inFile.raw, inMessage.raw);
    await cacheOf(world).withClone(remote, async (clone) => {
      await clone.fetch({ tips: [after], known: [before] });
      world.server.fault = (_, response) => answer(response, 503);
      const scanned = await scanPush(clone, { tips: [after], known: [before] });
      expect(scanned.failed).toMatchObject({ outcome: "server-error" });
      expect(scanned.result.occurrences.map(({ token }) => token.fingerprint)).toEqual([inMessage.fingerprint]);
      expect(scanned.result.coverage.gaps.map(({ what }) => what)).toEqual([`object ${repository.id("HEAD:a.env")}`]);
      world.server.fault = null;
      expect(foundIn(await scanPush(clone, { tips: [after], known: [before] }))).toEqual(
        [inMessage.fingerprint, inFile.fingerprint].toSorted(),
      );
    });
  });
});

const slowly: GitFault = (_, response) => {
  const write = response.write.bind(response) as (piece: Buffer) => boolean;
  response.write = ((piece: Buffer) => {
    setTimeout(() => {
      if (!response.destroyed && write(piece)) response.emit("drain");
    }, 60);
    return false;
  }) as typeof response.write;
  return false;
};

function processesWith(text: string): string[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        const line = readFileSync(`/proc/${pid}/cmdline`, "latin1").replaceAll("\0", " ");
        return line.includes(text) ? [line] : [];
      } catch {
        return [];
      }
    });
}

/** A clone in the cache with one push scanned, and a second push that it does not have yet. */
async function warmClone() {
  const [old, fresh] = makeTokens(2);
  const served = serveRepository(world);
  const { repository, remote } = served;
  const before = repository.write("old.env", old.raw).write("f.txt", randomHex("f", 3000)).commit();
  const cache = cacheOf(world);
  await cache.withClone(remote, (clone) => scanPush(clone, { tips: [before], known: [] }));
  const after = repository.commitFile("fresh.env", fresh.raw);
  const directory = join(world.cacheDirectory, "clones", `${remote.id}.git`);
  const file = (pattern: RegExp): string => {
    const found = filesBelow(directory).find((name) => pattern.test(name));
    if (found === undefined) throw new Error(`no ${pattern} in ${directory}`);
    chmodSync(found, 0o644);
    return found;
  };
  return { ...served, cache, before, after, fresh, directory, file };
}

type Warm = Awaited<ReturnType<typeof warmClone>>;

describe("a damaged clone", () => {
  it.each<[string, (warm: Warm) => void]>([
    ["pack cut short", ({ file }) => truncateSync(file(/\.pack$/), 200)],
    ["pack gone", ({ file }) => rmSync(file(/\.pack$/))],
    ["index of a pack emptied", ({ file }) => truncateSync(file(/\.idx$/), 0)],
    ["ref emptied", ({ file }) => truncateSync(file(/refs\/keyrecall\/tips\//), 0)],
    ["ref to nowhere", ({ file }) => writeFileSync(file(/refs\/keyrecall\/tips\//), `${"12".repeat(20)}\n`)],
    ["configuration changed", ({ directory }) => writeFileSync(join(directory, "config"), "[core]\n\tbare = maybe\n")],
    ["head emptied", ({ directory }) => truncateSync(join(directory, "HEAD"), 0)],
    ["store gone", ({ directory }) => rmSync(join(directory, "objects"), { recursive: true })],
    [
      "bytes of a pack changed",
      ({ file }) => {
        const pack = file(/\.pack$/);
        const bytes = readFileSync(pack);
        bytes.fill(0x5a, 20, bytes.length - 40);
        writeFileSync(pack, bytes);
      },
    ],
  ])("is thrown away and fetched anew: %s", async (_, damage) => {
    const warm = await warmClone();
    damage(warm);
    const request = { tips: [warm.after], known: [warm.before] };
    const scanned = await warm.cache.withClone(warm.remote, (clone) => scanPush(clone, request));
    expect(foundIn(scanned)).toEqual([warm.fresh.fingerprint]);
  });

  it("is mended of what a killed git left: locks and half a pack", async () => {
    const warm = await warmClone();
    const packs = join(warm.directory, "objects", "pack");
    const kept = readdirSync(packs).filter((name) => name.endsWith(".pack"));
    writeFileSync(join(packs, "tmp_pack_abcdef"), "PACK");
    writeFileSync(join(warm.directory, "shallow.lock"), "");
    writeFileSync(join(warm.directory, "refs", "keyrecall", "tips", `${warm.after}.lock`), "");
    const request = { tips: [warm.after], known: [warm.before] };
    const scanned = await warm.cache.withClone(warm.remote, (clone) => scanPush(clone, request));
    expect(foundIn(scanned)).toEqual([warm.fresh.fingerprint]);
    expect(readdirSync(packs)).toEqual(expect.arrayContaining(kept));
    expect(readdirSync(packs)).not.toContain("tmp_pack_abcdef");
  });
});

function startWorker({ remote }: Served, tip: string, known: string): { child: ChildProcess; output: () => string } {
  const script = join(import.meta.dirname, "push-worker.ts");
  const args = [script, world.cacheDirectory, world.server.url, remote.url, String(remote.id), tip, known];
  const child = spawn(process.execPath, args, { env: isolatedEnv(), stdio: ["ignore", "pipe", "pipe"] });
  let text = "";
  child.stdout.on("data", (piece: Buffer) => (text += piece.toString()));
  child.stderr.on("data", (piece: Buffer) => (text += piece.toString()));
  return { child, output: () => text };
}

function ended(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve) => child.on("close", (code) => resolve(code)));
}

describe("processes that share a cache", () => {
  it("use a clone one after the other", async () => {
    const [first, second] = makeTokens(2);
    const served = serveRepository(world);
    const before = served.repository.commitFile("a.env", first.raw);
    const after = served.repository.commitFile("b.env", second.raw);
    const order: string[] = [];
    const workers = [startWorker(served, before, ""), startWorker(served, after, before)];
    for (const [number, { child }] of workers.entries()) {
      child.stdout?.on("data", (piece: Buffer) => {
        for (const [word] of piece.toString().matchAll(/begun|ended/g)) order.push(`${word} ${number}`);
      });
    }
    expect(await Promise.all(workers.map(({ child }) => ended(child)))).toEqual([0, 0]);
    expect(workers[0]?.output()).toContain(first.fingerprint);
    expect(workers[1]?.output()).toContain(second.fingerprint);
    const [winner] = order[0]?.match(/\d/) ?? [];
    expect(order.slice(0, 2)).toEqual([`begun ${winner}`, `ended ${winner}`]);
  });

  it("get on when one of them is killed in the middle of a fetch", async () => {
    const token = makeToken();
    const served = serveRepository(world);
    const before = served.repository.write("large.bin", Buffer.from(randomHex(undefined, 2_000_000), "hex")).commit();
    const after = served.repository.commitFile("a.env", token.raw);
    const arrived = new Promise<void>((resolve) => {
      world.server.fault = (request, response) => {
        if (request.method === "POST") setTimeout(resolve, 300);
        return slowly(request, response);
      };
    });
    const { child } = startWorker(served, before, "");
    await arrived;
    child.kill("SIGKILL");
    await ended(child);
    expect(existsSync(join(world.cacheDirectory, "locks", `${served.remote.id}.lock`))).toBe(true);
    world.server.fault = null;
    const request = { tips: [after], known: [before] };
    const scanned = await cacheOf(world).withClone(served.remote, (clone) => scanPush(clone, request));
    expect(foundIn(scanned)).toEqual([token.fingerprint]);
    expect(existsSync(join(world.cacheDirectory, "locks", `${served.remote.id}.lock`))).toBe(false);
  });

  it("break a lock of another host only when nobody has touched it for long", async () => {
    const { repository, remote } = serveRepository(world);
    const tip = repository.commitFile("a.txt", "1\n");
    const lock = join(world.cacheDirectory, "locks", `${remote.id}.lock`);
    mkdirSync(join(world.cacheDirectory, "locks"), { recursive: true });
    writeFileSync(lock, JSON.stringify({ host: `not-${hostname()}`, pid: 1, began: "1", nonce: "x" }));
    const cache = cacheOf(world);
    const waiting = cache.withClone(remote, () => Promise.resolve(), AbortSignal.timeout(300));
    await expect(waiting).rejects.toMatchObject({ name: "TimeoutError" });
    const old = new Date(Date.now() - 10 * 60_000);
    utimesSync(lock, old, old);
    const request = { tips: [tip], known: [] };
    expect(foundIn(await cache.withClone(remote, (clone) => scanPush(clone, request)))).toEqual([]);
  });

  it("and workers of one process, get the clone in the order in which they ask", async () => {
    const { remote } = serveRepository(world);
    const cache = cacheOf(world);
    const order: number[] = [];
    await Promise.all(
      [1, 2, 3, 4].map((number) =>
        cache.withClone(remote, async () => {
          order.push(number);
          await new Promise((resolve) => setTimeout(resolve, 5));
          order.push(number);
        }),
      ),
    );
    expect(order).toEqual([1, 1, 2, 2, 3, 3, 4, 4]);
  });
});

describe("the disk budget", () => {
  it("takes those clones away that were not used for the longest time, and never one in use", async () => {
    const own = await startWorld();
    const pushes = [1, 2, 3].map((number) => {
      const served = serveRepository(own, { id: number });
      return { ...served, tip: served.repository.commitFile("f.bin", Buffer.from(randomHex(number, 100_000), "hex")) };
    });
    const cache = cacheOf(own, { maxBytes: 250_000 });
    const clones = (): string[] => readdirSync(join(own.cacheDirectory, "clones")).toSorted();
    const use = async (number: number, during?: () => Promise<void>): Promise<void> => {
      const { remote, tip } = pushes[number - 1]!;
      await cache.withClone(remote, async (clone) => {
        await scanPush(clone, { tips: [tip], known: [] });
        await during?.();
      });
      await new Promise((resolve) => setTimeout(resolve, 20));
    };
    await use(1);
    await use(2);
    await use(1);
    await use(3);
    expect(clones()).toEqual(["1.git", "3.git"]);
    await use(1, () => use(2));
    expect(clones()).toEqual(["1.git", "2.git"]);
    await cache.forget(1);
    expect(clones()).toEqual(["2.git"]);
  });

  it(
    "keeps the number of packs and of refs of a clone small, however many pushes come",
    { timeout: 180_000 },
    async () => {
      const token = makeToken();
      const { repository, remote } = serveRepository(world);
      let before = repository.commitFile("a.txt", "0\n");
      const cache = cacheOf(world);
      for (let number = 1; number <= 70; number += 1) {
        const tip = repository.commitFile("a.txt", `${number}\n${number === 70 ? token.raw : ""}`);
        const request = { tips: [tip], known: [before] };
        const scanned = await cache.withClone(remote, (clone) => scanPush(clone, request));
        expect(foundIn(scanned)).toEqual(number === 70 ? [token.fingerprint] : []);
        before = tip;
      }
      const directory = join(world.cacheDirectory, "clones", `${remote.id}.git`);
      const packs = readdirSync(join(directory, "objects", "pack")).filter((name) => name.endsWith(".pack"));
      expect(packs.length).toBeLessThan(50);
      expect(readdirSync(join(directory, "refs", "keyrecall", "tips")).length).toBeLessThan(66);
      expect(statSync(join(directory, "objects", "pack")).isDirectory()).toBe(true);
      const all = await cache.withClone(remote, (clone) => scanPush(clone, { tips: [before], known: [] }));
      expect(all.result.coverage.commits).toBe(71);
      expect(foundIn(all)).toEqual([token.fingerprint]);
    },
  );
});
