// Whatever stands in what is staged in a form with a literal anchor, the hook's front does not pass over it: it starts
// Node, which finds what it can read.
import { spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import { gzipSync } from "node:zlib";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bzip2, tar, zip } from "../support/archives.ts";
import { ENCODED_FORMS } from "../support/encoded-forms.ts";
import { GitRepository } from "../support/git-repository.ts";
import { attempt, install, WatchedNode } from "../support/hooks.ts";
import { isolatedEnv } from "../support/isolated-env.ts";
import { makeToken, type MadeToken } from "../support/token.ts";

const FORMS: Readonly<Record<string, (raw: string) => Buffer>> = {
  plain: (raw: string) => Buffer.from(raw),
  "utf-16le": (raw: string) => Buffer.from(raw, "utf16le"),
  "utf-16be": (raw: string) => Buffer.from(raw, "utf16le").swap16(),
  "base64 at 0": (raw: string) => Buffer.from(Buffer.from(`${raw}:x`).toString("base64")),
  "base64 at 1": (raw: string) => Buffer.from(Buffer.from(`u${raw}:x`).toString("base64")),
  "base64url at 2": (raw: string) => Buffer.from(Buffer.from(`ab${raw}`).toString("base64url")),
  hex: (raw: string) => Buffer.from(Buffer.from(raw).toString("hex")),
  HEX: (raw: string) => Buffer.from(Buffer.from(raw).toString("hex").toUpperCase()),
  "gzip with a time": (raw: string) => withTime(gzipSync(raw)),
  zip: (raw: string) => zip([{ name: "a", content: Buffer.from(raw) }]),
  "zip behind a script": (raw: string) =>
    zip([{ name: "a", content: Buffer.from(raw) }], { prefix: Buffer.from("#!/bin/sh\n") }),
  "tar of gzip": (raw: string) => tar([{ name: "a", content: gzipSync(raw) }]),
  bzip2: (raw: string) => bzip2(Buffer.from(raw)),
  ...Object.fromEntries(Object.entries(ENCODED_FORMS).map(([name, form]) => [name, form.encode])),
};

/** An archive is a file by itself. */
const ARCHIVES: ReadonlySet<string> = new Set([
  "gzip with a time",
  "zip",
  "zip behind a script",
  "tar of gzip",
  "bzip2",
]);

/** As a program writes it that keeps the file's time. */
function withTime(archive: Buffer): Buffer {
  archive.writeUInt32LE(0x69_1f_00_10, 4);
  return archive;
}

const noise = fc.oneof(
  fc
    .constantFrom("", "\n", "\r\n", "\0", "\n\n", "é", "\u2028", "=", '"', "\\n", "ik_", "i\0k\0")
    .map((text) => Buffer.from(text)),
  fc.uint8Array({ maxLength: 120 }).map((bytes) => Buffer.from(bytes)),
  fc.string({ unit: "binary", maxLength: 60 }).map((text) => Buffer.from(text)),
);

interface Plan {
  readonly seed: number;
  readonly plane: "control" | "data";
  readonly form: string;
  readonly before: Buffer;
  readonly after: Buffer;
  /** What the file was like in the last commit. */
  readonly past: "absent" | "without" | "placeholder" | "link";
  readonly path: string;
}

const plans: fc.Arbitrary<Plan> = fc.record({
  seed: fc.integer(),
  plane: fc.constantFrom("control" as const, "data" as const),
  form: fc.constantFrom(...Object.keys(FORMS)),
  before: noise,
  after: noise,
  past: fc.constantFrom("absent" as const, "without" as const, "placeholder" as const, "link" as const),
  path: fc.constantFrom("a", "z.env", "dir/in dir/é.bin", "-x", "a.min.js", "quo'te", 'quo"te'),
});

function contentOf(plan: Plan, token: MadeToken): Buffer {
  const form = FORMS[plan.form]!(token.raw);
  if (ARCHIVES.has(plan.form)) return form;
  // A hex digit right behind a token makes another shape of it.
  return Buffer.concat([plan.before, form, Buffer.from("\n"), plan.after]);
}

function pastOf(plan: Plan): Buffer {
  const between = plan.past === "placeholder" ? "ik_sdk_your_control_plane_token" : "";
  return Buffer.concat([plan.before, Buffer.from(`${between}\n`), plan.after]);
}

describe("the front of the pre-commit hook", () => {
  it("starts Node for every staged token in a form with a literal anchor", () => {
    const node = new WatchedNode();
    const repository = GitRepository.init();
    repository.write("README", "hello\n").write(".gitattributes", "*.bin binary\n*.env -diff\n*.js diff=none\n");
    const base = repository.commit();
    install(repository, ["--stage", "pre-commit"]);
    fc.assert(
      fc.property(plans, fc.boolean(), (plan, hasOther) => {
        const token = makeToken({ seed: plan.seed, plane: plan.plane });
        repository.git(["reset", "-q", "--hard", base]);
        if (plan.past !== "absent") {
          if (plan.past === "link") repository.write("dir/in dir/x", "").symlink(plan.path, "elsewhere");
          else repository.write(plan.path, pastOf(plan));
          repository.stage().git(["commit", "-q", "--no-verify", "-m", "before"]);
        }
        rmSync(repository.fullPath(plan.path), { force: true });
        repository.write(plan.path, contentOf(plan, token));
        if (hasOther) repository.write("0 in front of it", "x\n");
        const result = attempt(repository.stage(), ["commit", "-q", "-m", "x"], { env: node.env });
        expect(node.starts()).toBe(1);
        expect(result.output).toContain(token.masked);
      }),
      { numRuns: 45 },
    );
  });

  it("asks git so that it names every file with a form of a token", () => {
    const repository = GitRepository.init();
    const names = Object.entries(ENCODED_FORMS).map(([, { encode }], index) => {
      for (const plane of ["control", "data"] as const) {
        const made = makeToken({ plane });
        repository.write(`${index}-${plane}.txt`, Buffer.concat([encode(made.raw), Buffer.from("\n")]));
      }
      return [`${index}-control.txt`, `${index}-data.txt`];
    });
    repository.stage();
    const script = '. "$1/hooks/anchors.sh" && LC_ALL=C git diff --cached --name-only -a -G"$keyrecall_content"';
    const { stdout } = spawnSync("sh", ["-c", script, "sh", process.cwd()], {
      cwd: repository.dir,
      env: isolatedEnv(),
      encoding: "utf8",
    });
    expect(names.flat().filter((name) => !stdout.split("\n").includes(name))).toEqual([]);
  });

  it("starts no Node where nothing looks like a token", () => {
    const node = new WatchedNode();
    const harmless = fc.array(
      fc.constantFrom("ik", "a_sdk_", "live_", "risk_sdk", "ik-sdk-", "IK_SDK_", "\n", " ", "\t", "const x = 1;", "é"),
      { maxLength: 60 },
    );
    const repository = GitRepository.init();
    install(repository, ["--stage", "pre-commit"]);
    fc.assert(
      fc.property(harmless, (parts) => {
        // Joined by what can stand in no prefix.
        repository.write("a.txt", parts.join("|")).stage();
        const result = attempt(repository, ["commit", "-q", "--allow-empty", "-m", "x"], { env: node.env });
        expect(result.status, result.output).toBe(0);
        expect(node.starts()).toBe(0);
      }),
      { numRuns: 15 },
    );
  });
});
