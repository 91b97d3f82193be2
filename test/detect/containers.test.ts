// The reader of archives by itself: bytes in, contents out. Each archive is read whole and in pieces, which are two ways
// through it.
import { deflateRawSync, gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { isContainer } from "../../src/detect/containers/unpack.ts";
import { bzip2, gnuLongName, paxRecords, tar, zip, type ZipEntry } from "../support/archives.ts";
import { unpack, type Unpacked } from "../support/unpacked.ts";

const TEXT = "line one\nline two\n".repeat(40);
const CONTENT = Buffer.from(TEXT);

/** Whole, held and then whole, and as a stream from the first byte in pieces of many sizes. */
function ways(bytes: Buffer): [string, Unpacked][] {
  const stream = { wholeBytes: 0 };
  return [
    ["whole", unpack(bytes)],
    ["held", unpack(bytes, [100])],
    ["stream of 600", unpack(bytes, [600], stream)],
    ["stream of 513 and 1", unpack(bytes, [513, 1, 7], stream)],
    ["stream of all", unpack(bytes, [bytes.length], stream)],
  ];
}

function expectContents(bytes: Buffer, contents: Readonly<Record<string, string>>): void {
  expect(isContainer(bytes)).toBe(true);
  for (const [way, found] of ways(bytes)) {
    expect(Object.fromEntries(found.contents), way).toEqual(contents);
    expect(found.unread, way).toEqual([]);
  }
}

/** Something of it is named as unread, in every way through it. */
function expectUnread(bytes: Buffer, what: RegExp, contents: Readonly<Record<string, string>> = {}): void {
  for (const [way, found] of ways(bytes)) {
    expect(found.unread.join("\n"), way).toMatch(what);
    expect(Object.fromEntries(found.contents), way).toMatchObject(contents);
  }
}

const entry = (name: string, more: Partial<ZipEntry> = {}): ZipEntry => ({ name, content: CONTENT, ...more });

describe("gzip", () => {
  it("reads members, names, comments and all that may be in a header", () => {
    expectContents(gzipSync(CONTENT), { gzip: TEXT });
    expectContents(Buffer.concat([gzipSync(CONTENT), gzipSync("more")]), { gzip: `${TEXT}more` });
    const plain = gzipSync(CONTENT);
    const fields = Buffer.from("\u0004\u0000abcdname.txt\0a comment\0\u0001\u0002", "latin1");
    const full = Buffer.concat([plain.subarray(0, 10), fields, plain.subarray(10)]);
    full[3] = 2 + 4 + 8 + 16;
    expectContents(full, { gzip: TEXT });
    expect(unpack(full).texts).toEqual(["gzip = abcd", "gzip = name.txt", "gzip = a comment"]);
  });

  it("leaves what follows the last member to others", () => {
    for (const rest of ["\0\0\0\0", "trailing garbage", "\u001f", "\u001f\u008bno member"]) {
      expectContents(Buffer.concat([gzipSync(CONTENT), Buffer.from(rest, "latin1")]), { gzip: TEXT });
    }
  });

  it("names what is cut off, damaged or not as its checksum says, and hands over what there is", () => {
    const whole = gzipSync(Buffer.from(Array.from({ length: 4000 }, (_, i) => (i * i * 31) % 251)));
    for (const length of [11, 40, whole.length - 9, whole.length - 8, whole.length - 1]) {
      expectUnread(whole.subarray(0, length), /^gzip: is cut off/);
    }
    const wrong = gzipSync(CONTENT);
    wrong.writeUInt32LE(1, wrong.length - 8);
    expectUnread(wrong, /^gzip: is damaged: its content is not what its checksum says/, { gzip: TEXT });
    const broken = Buffer.concat([gzipSync(CONTENT), gzipSync("second")]);
    broken.fill(0xff, gzipSync(CONTENT).length + 10, gzipSync(CONTENT).length + 14);
    expectUnread(broken, /^gzip: is damaged/, { gzip: TEXT });
  });

  it("takes no bytes for gzip that merely begin like it", () => {
    for (let seed = 0; seed < 200; seed++) {
      const noise = Buffer.from(Array.from({ length: 300 }, (_, i) => (i * 7 + seed * 131 + i * i * seed) % 256));
      noise.set([0x1f, 0x8b, 0x08], 0);
      for (const [way, found] of ways(noise)) expect(found.unread, `${way}, ${seed}`).toEqual([]);
    }
  });
});

describe("bzip2", () => {
  it("reads blocks, parts and runs", () => {
    expectContents(bzip2(CONTENT), { bzip2: TEXT });
    const long = `${"a".repeat(1000)}b${"c".repeat(255 + 4)}${TEXT.repeat(60)}`;
    expectContents(bzip2(Buffer.from(long)), { bzip2: long });
    expectContents(Buffer.concat([bzip2(CONTENT), bzip2(Buffer.from("more")), Buffer.from("BZ garbage")]), {
      bzip2: `${TEXT}more`,
    });
    expectContents(bzip2(Buffer.alloc(0)), { bzip2: "" });
  });

  it("names what is cut off or damaged", () => {
    const packed = bzip2(CONTENT);
    expectUnread(packed.subarray(0, packed.length - 12), /^bzip2: is cut off/);
    expectUnread(packed.subarray(0, packed.length - 2), /^bzip2: is cut off/, { bzip2: TEXT });
    for (let at = 10; at < packed.length; at += 7) {
      const damaged = Buffer.from(packed);
      damaged[at]! ^= 0x55;
      expectUnread(damaged, /^bzip2: is/);
    }
    expect(isContainer(Buffer.from("BZh9 is how bzip2 begins"))).toBe(false);
  });
});

describe("tar", () => {
  it("reads old, POSIX and GNU archives, and gives names, targets and owners", () => {
    for (const format of ["old", "ustar", "gnu"] as const) {
      const archive = tar(
        [
          { name: "etc/", type: "5" },
          { name: "etc/app.env", content: CONTENT },
          { name: "l", type: "2", link: "/to/there" },
        ],
        format,
      );
      expectContents(archive, { "tar:etc/app.env": TEXT });
      expect(unpack(archive).texts).toContain("tar:l = /to/there");
    }
    expect(unpack(tar([{ name: "a", owner: "somebody" }])).texts).toContain("tar:a = somebody");
  });

  it("reads long names, records, several archives in one file, and no end", () => {
    const long = `${"deep/".repeat(60)}app.env`;
    expectContents(tar(gnuLongName(long, CONTENT), "gnu"), { [`tar:${long}`]: TEXT });
    expectContents(tar([paxRecords({ path: long, comment: "said" }), { name: "short", content: CONTENT }]), {
      [`tar:${long}`]: TEXT,
    });
    const two = Buffer.concat([tar([{ name: "a", content: CONTENT }]), tar([{ name: "b", content: CONTENT }])]);
    expectContents(two, { "tar:a": TEXT, "tar:b": TEXT });
    expectContents(tar([{ name: "a", content: CONTENT }], "ustar", false), { "tar:a": TEXT });
    expectContents(Buffer.concat([tar([{ name: "a", content: CONTENT }]), Buffer.from("garbage".repeat(100))]), {
      "tar:a": TEXT,
    });
    const said = unpack(tar([paxRecords({ path: long, "SCHILY.xattr.user.k": "kept" }), { name: "s" }]));
    expect(said.texts.join()).toContain("SCHILY.xattr.user.k=kept");
  });

  it("reads a sparse file's pieces, with the blocks that describe its holes", () => {
    const sparse = tar(
      [
        { name: "s", type: "S", content: CONTENT },
        { name: "after", content: CONTENT },
      ],
      "gnu",
    );
    expectContents(sparse, { "tar:s": TEXT, "tar:after": TEXT });
    const header = Buffer.from(sparse.subarray(0, 512));
    header[482] = 1;
    header.fill(" ", 148, 156);
    header.write(
      `${header
        .reduce((total, byte) => total + byte, 0)
        .toString(8)
        .padStart(6, "0")}\0 `,
      148,
      "latin1",
    );
    const holes = Buffer.alloc(512);
    expectContents(Buffer.concat([header, holes, sparse.subarray(512)]), { "tar:s": TEXT, "tar:after": TEXT });
  });

  it("names damaged headers and what is cut off, and goes on behind them", () => {
    const archive = tar([
      { name: "a", content: CONTENT },
      { name: "b", content: CONTENT },
      { name: "c", content: CONTENT },
    ]);
    const second = 512 + 1024;
    const damaged = Buffer.from(archive);
    damaged.write("x", second + 150);
    expectUnread(damaged, /^tar:b: has a damaged header/, { "tar:a": TEXT, "tar:c": TEXT });
    expectUnread(archive.subarray(0, second + 600), /^tar:b: is cut off/, { "tar:a": TEXT });
    expectUnread(archive.subarray(0, second + 100), /^tar: is cut off/, { "tar:a": TEXT });
    expectUnread(tar([{ name: "a", content: CONTENT, size: 2 ** 33 - 1 }]), /^tar:a: is cut off/);
  });

  it("takes no text for tar that has the word where tar has it", () => {
    for (const text of ["ustar", "ustar  ", "ustar00"]) {
      expect(isContainer(Buffer.from(`${"x".repeat(257)}${text}${"y".repeat(900)}`))).toBe(false);
    }
    expect(isContainer(Buffer.from(`${"x".repeat(148)}012345 0${"0".repeat(900)}`))).toBe(false);
  });
});

describe("zip", () => {
  const deflated = { "zip:a/b.env": TEXT };

  it("reads stored and deflated entries, sizes behind the content, zip64, comments and extra fields", () => {
    expectContents(zip([entry("a/b.env")]), deflated);
    expectContents(zip([entry("a/b.env", { method: "stored" })]), deflated);
    expectContents(zip([entry("a/b.env", { zip64: true })]), deflated);
    expectContents(zip([entry("a/b.env", { method: 12 })]), deflated);
    for (const method of ["stored", "deflated"] as const) {
      for (const descriptor of ["marked", "bare"] as const) {
        for (const zip64 of [false, true]) {
          const entries = [entry("x", { method, descriptor, zip64 }), entry("a/b.env", { method, descriptor, zip64 })];
          expectContents(zip(entries), { "zip:x": TEXT, ...deflated });
        }
      }
    }
    const texts = unpack(
      zip([entry("n", { comment: "of the entry", extra: Buffer.from("xx\u0004\u0000abcd", "latin1") })], {
        comment: "of all",
      }),
    ).texts;
    expect(texts).toContain("zip:n = of the entry");
    expect(texts).toContain("zip = of all");
    expect(texts.join()).toContain("abcd");
  });

  it("reads content that holds what looks like the archive's own records", () => {
    const tricky = Buffer.concat([
      zip([entry("inner")]),
      Buffer.from("PK\u0007\u0008PK\u0003\u0004PK\u0001\u0002PK\u0005\u0006", "latin1"),
    ]);
    for (const more of [{}, { descriptor: "marked" }, { descriptor: "bare" }] as const) {
      for (const [way, found] of ways(
        zip([entry("t", { content: tricky, method: "stored", ...more }), entry("a/b.env")]),
      )) {
        expect(found.contents.get("zip:t"), way).toBe(tricky.toString("latin1"));
        expect(found.contents.get("zip:a/b.env"), way).toBe(TEXT);
        expect(
          found.unread.filter((line) => !line.startsWith("zip:t >")),
          way,
        ).toEqual([]);
      }
    }
  });

  it("reads an archive behind something else", () => {
    const prefix = Buffer.from(`#!/usr/bin/env python3\nPK\u0003\u0004 is how it begins\n${"x".repeat(300)}`);
    for (const countsPrefix of [false, true]) {
      for (const comment of ["", "a comment".repeat(50)]) {
        expectContents(zip([entry("a/b.env")], { prefix, countsPrefix, comment }), deflated);
      }
    }
    expect(unpack(zip([entry("a/b.env")], { prefix })).places.get("zip:a/b.env")).toBe("3:338");
  });

  it("leaves no gap where an archive stands in the middle of something else, and one where it ends it", () => {
    const prefix = Buffer.from("a document\0".repeat(60));
    const damaged = zip([entry("x"), entry("a/b.env")], { prefix });
    damaged.fill(0xff, prefix.length + 36, prefix.length + 44);
    const inside = Buffer.concat([damaged, Buffer.from("the document goes on")]);
    for (const [way, found] of ways(inside)) {
      expect(found.unread, way).toEqual([]);
      expect(found.contents.get("zip:a/b.env"), way).toBe(TEXT);
    }
    expectUnread(damaged, /^zip:x: is damaged/, deflated);
  });

  it("reads what stands in the headers or in the directory only", () => {
    const both = zip([entry("a"), entry("hidden", { isIn: "headers" })]);
    expectContents(both, { "zip:a": TEXT, "zip:hidden": TEXT });
    const archive = zip([entry("a", { method: "stored" }), entry("listed", { isIn: "directory" })]);
    expect(Object.fromEntries(unpack(archive).contents)).toEqual({ "zip:a": TEXT, "zip:listed": TEXT });
    expect(unpack(archive).unread).toEqual([]);
    // What has passed by cannot be had again.
    expect(unpack(archive, [600], { wholeBytes: 0 }).unread.join()).toMatch(
      /^zip:listed: stands in the archive's directory only/,
    );
    expectUnread(zip([entry("a")], { hasDirectory: false }), /^zip: has no directory at its end/, { "zip:a": TEXT });
  });

  it("finds the directory behind a length that is not true", () => {
    const lying = zip([entry("a", { local: { packedSize: 0x7fff_ffff } }), entry("b"), entry("c")]);
    const found = unpack(lying);
    expect(found.contents.get("zip:b")).toBe(TEXT);
    expect(found.contents.get("zip:c")).toBe(TEXT);
    expectUnread(lying, /zip/);
    const hiding = unpack(zip([entry("a", { local: { packedSize: 0, size: 0, checksum: 0 } }), entry("b")]));
    expect(hiding.contents.get("zip:a")).toBe(TEXT);
    expectUnread(
      zip([entry("a", { local: { packedSize: 0, size: 0, checksum: 0 } })]),
      /^$|zip:a: stands in the archive's directory/,
    );
  });

  it("names what is encrypted, unknown, cut off, damaged or lying", () => {
    expectUnread(zip([entry("a", { encrypted: true }), entry("b")]), /^zip:a: is encrypted$/, { "zip:b": TEXT });
    expectUnread(zip([entry("a", { encrypted: true, descriptor: "marked" }), entry("b")]), /zip:a: is encrypted/, {
      "zip:b": TEXT,
    });
    expectUnread(zip([entry("a", { method: 14 }), entry("b")]), /^zip:a: is packed with LZMA/, { "zip:b": TEXT });
    expectUnread(zip([entry("b"), entry("a", { method: 77 })]), /^zip:a: is packed with method 77/, { "zip:b": TEXT });
    expectUnread(zip([entry("a", { checksum: 5 })]), /^zip:a: is damaged: its content is not what/, { "zip:a": TEXT });
    expectUnread(zip([entry("a", { local: { size: 5 } })]), /^zip:a: is not as long as its header says/m);
    const archive = zip([entry("a"), entry("b")]);
    for (const length of [60, 100, archive.length - 22, archive.length - 5]) {
      expectUnread(archive.subarray(0, length), /^zip: /m);
    }
    const broken = Buffer.from(archive);
    broken.fill(0xff, 40, 50);
    expectUnread(broken, /^zip:a: is damaged/m, { "zip:b": TEXT });
  });

  it("takes nothing for a zip archive that merely has its letters", () => {
    const texts = [
      `PK\u0003\u0004 is how a zip archive begins${" and ends".repeat(90)}`,
      `\u00ff\u00d8\u00ff\u00e0 a picture PK\u0003\u0004${"\0\u0001".repeat(300)}PK\u0005\u0006${"\u0002\0".repeat(20)}`,
      "PK\u0005\u0006",
      `PK\u0003\u0004${"\0".repeat(600)}`,
      `text\0PK\u0005\u0006${"\0".repeat(18)}`,
    ].map((text) => Buffer.from(text, "latin1"));
    for (const bytes of texts) {
      for (const [way, found] of ways(bytes)) expect(found.unread, way).toEqual([]);
    }
  });

  it("reads each of overlapping entries", () => {
    const shared = entry("a");
    const archive = zip([shared]);
    const end = archive.length - 22;
    const central = archive.subarray(end - (46 + 1), end);
    const twice = Buffer.concat([archive.subarray(0, end), renamed(central, "b"), archive.subarray(end)]);
    twice.writeUInt16LE(2, twice.length - 14);
    twice.writeUInt16LE(2, twice.length - 12);
    twice.writeUInt32LE(2 * central.length, twice.length - 10);
    expectContents(twice, { "zip:a": TEXT });
    expect(unpack(twice).texts).toContain("zip:b = b");
  });
});

function renamed(central: Buffer, name: string): Buffer {
  const copy = Buffer.from(central);
  copy.write(name, 46);
  return copy;
}

describe("archives in archives", () => {
  it("reads each format in each other", () => {
    const pack: Record<string, (content: Buffer) => Buffer> = {
      gzip: (content) => gzipSync(content),
      bzip2: (content) => bzip2(content),
      "tar:t": (content) => tar([{ name: "t", content }]),
      "zip:z": (content) => zip([{ name: "z", content }]),
    };
    for (const [outer, packOuter] of Object.entries(pack)) {
      for (const [inner, packInner] of Object.entries(pack)) {
        for (const [way, found] of ways(packOuter(packInner(CONTENT)))) {
          expect(found.contents.get(`${outer} > ${inner}`), `${way}: ${inner} in ${outer}`).toBe(TEXT);
          expect(found.unread).toEqual([]);
        }
      }
    }
  });

  it("tells where the outermost entry begins", () => {
    const first = Buffer.from("a\nb\nc\n");
    const archive = tar([
      { name: "one", content: first },
      { name: "two", content: gzipSync(CONTENT) },
    ]);
    for (const [way, found] of ways(archive)) {
      expect(found.places.get("tar:one"), way).toBe("1:513");
      expect(found.places.get("tar:two > gzip"), way).toBe(`4:${1536 - 512 - 6 + 1}`);
    }
    expect(unpack(gzipSync(archive)).places.get("gzip > tar:two")).toBe("1:1");
  });

  it("says what is packed in a way that is not read", () => {
    for (const [name, magic] of Object.entries({
      xz: "fd377a585a00",
      "7z": "377abcaf271c",
      RAR: "526172211a0700",
      Zstandard: "28b52ffd",
    })) {
      const bytes = Buffer.concat([Buffer.from(magic, "hex"), Buffer.alloc(700)]);
      expect(unpack(bytes).leftOut.join()).toContain(name);
      expect(unpack(zip([{ name: "in", content: bytes }])).leftOut.join()).toMatch(new RegExp(`^zip:in: .*${name}`));
    }
  });
});

describe("limits", () => {
  it("stops at a depth", () => {
    let bytes = CONTENT;
    for (let depth = 0; depth < 12; depth++) bytes = gzipSync(bytes);
    for (const [way, found] of ways(bytes)) {
      expect(found.unread, way).toEqual([
        `${Array(8).fill("gzip").join(" > ")}: is an archive within 8 others: it was searched, and not unpacked`,
      ]);
    }
  });

  it("stops at a size, a ratio and a number, names the place and hands over what came before", () => {
    const zeros = Buffer.alloc(3_000_000, "0\n");
    const bomb = zip([entry("first"), { name: "bomb", content: zeros }, entry("after")]);
    for (const pieces of [[], [70]]) {
      const byRatio = unpack(bomb, pieces, { ratio: 20, freeBytes: 1000 });
      expect(byRatio.unread.join()).toMatch(/^zip:bomb: unpacks to more than 20 times its archive/);
      expect(byRatio.contents.get("zip:first")).toBe(TEXT);
      const bySize = unpack(bomb, pieces, { bytes: 1_000_000, freeBytes: 0, ratio: 1e9 });
      expect(bySize.unread.join()).toMatch(/^zip:bomb: unpacks to more than/);
      const byNumber = unpack(zip(Array.from({ length: 30 }, (_, i) => entry(`e${i}`))), pieces, { entries: 10 });
      expect(byNumber.unread).toEqual(["zip:e10: comes behind 10 entries or parts: no more are unpacked"]);
      expect(byNumber.contents.size).toBe(10);
    }
  });

  it("ends on an archive that holds itself", () => {
    // The first entry stands on itself: its content is the whole archive.
    const self = zip([entry("r", { method: "stored" })]);
    const cycle = Buffer.from(self);
    cycle.writeUInt32LE(cycle.length, 18);
    cycle.writeUInt32LE(cycle.length, 22);
    expect(unpack(cycle).unread.join("\n")).toMatch(/zip/);
  });

  it("counts parts of streams as entries, and names no more than a thousand faults", () => {
    const parts = { gzip: gzipSync("x"), bzip2: bzip2(Buffer.from("x")) };
    for (const [format, part] of Object.entries(parts)) {
      for (const pieces of [[], [3000]]) {
        const found = unpack(Buffer.concat(Array<Buffer>(300).fill(part)), pieces, { entries: 100, wholeBytes: 0 });
        expect(found.unread).toEqual([`${format}: comes behind 100 entries or parts: no more are unpacked`]);
        expect(found.contents.get(format)?.length).toBeGreaterThan(40);
      }
    }
    const encrypted = zip(Array.from({ length: 1500 }, (_, i) => entry(`e${i}`, { encrypted: true })));
    expect(unpack(encrypted).unread).toHaveLength(1001);
  });

  it("counts blocks of nothing as entries", () => {
    const empty = zip(
      Array.from({ length: 50 }, (_, i) => ({ name: `e${i}`, content: Buffer.alloc(0), method: "stored" as const })),
    );
    expect(unpack(empty, [], { entries: 20 }).unread.join()).toContain("zip:e20: comes behind 20 entries");
    expect(deflateRawSync(Buffer.alloc(0)).length).toBeGreaterThan(0);
  });
});
