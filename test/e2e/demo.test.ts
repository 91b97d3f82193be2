// `npm run demo` from a fresh clone: the bundle alone, on every Node that is installed here.
import { spawnSync } from "node:child_process";
import { cpSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { drawTerminal } from "../../scripts/terminal-picture.ts";
import { isolatedEnv } from "../support/isolated-env.ts";
import { findNodeBinaries } from "../support/node-binaries.ts";
import { makeTempDir } from "../support/temp-dir.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const WHOLE_TOKEN = /ik_(sdk|live)_[0-9a-f]{8}_/;

const PROMISES = [
  /^# .*emulated\.\n\(\d+\.\d s\)$/m,
  /^# A repository gets a leak.*\n\(\d+\.\d s\)$/m,
  /^\$ keyrecall scan --history\n(ik_sdk_[0-9a-f]{8}…) {2}control plane · not verified$/m,
  /^\$ keyrecall scan --history --verify\nik_sdk_[0-9a-f]{8}… {2}control plane · live$/m,
  /can delete 2 workloads now \(outage\), 1 of them with GPUs/,
  /^ {2}At risk: acme\/support \(.*GPUs provisioned\)$/m,
  /^ {2}At risk: acme\/search \(.*no GPU\)$/m,
  /^\$ keyrecall revoke --yes < leaked-token\nik_sdk_[0-9a-f]{8}… {2}control plane · contained after \d/m,
  /^\$ keyrecall verify < leaked-token\nik_sdk_[0-9a-f]{8}… {2}control plane · revoked$/m,
  /^The whole tour took \d+\.\d s\.$/m,
];

describe.each(findNodeBinaries())("the demo on Node $version", ({ path: node }) => {
  it("shows what it promises, each command with its exit code and time, and leaves nothing behind", () => {
    const clone = makeTempDir();
    cpSync(join(ROOT, "dist"), join(clone, "dist"), { recursive: true });
    const scratch = makeTempDir();
    const { status, stdout, stderr } = spawnSync(node, ["dist/demo.js"], {
      cwd: clone,
      encoding: "utf8",
      // As in a hook of a repository that is none of the demo's business.
      env: isolatedEnv({ GIT_DIR: "/nowhere", GIT_INDEX_FILE: "/nowhere/index", TMPDIR: scratch }),
    });
    expect(status, stdout + stderr).toBe(0);
    for (const promise of PROMISES) expect(stdout).toMatch(promise);
    expect(stdout.match(/^\(exit code \d, \d+\.\d s\)$/gm)).toHaveLength(4);
    expect(stdout + stderr).not.toMatch(WHOLE_TOKEN);
    expect(readdirSync(scratch)).toEqual([]);
  });
});

describe("the picture of it", () => {
  const picture = readFileSync(join(ROOT, "docs/demo.svg"), "utf8");

  it("shows the tour, and no token", () => {
    const text = picture.replaceAll(/<style>[^<]*<\/style>|<[^>]+>/g, "\n");
    for (const word of ["keyrecall scan --history --verify", "live", "acme/support", "contained", "revoked"]) {
      expect(text).toContain(word);
    }
    expect(text).not.toMatch(WHOLE_TOKEN);
    expect(picture).toContain("prefers-color-scheme: light");
  });

  it("is well-formed, as is whatever a terminal shows", () => {
    const odd =
      '\u001b[1m<b> & "q"\u001b[22m \u001b[31mred\u001b[39m\r\n\rgone\u001b[Kkept ]]> \u0007\n\n  long ' +
      "word ".repeat(60);
    for (const svg of [picture, drawTerminal(odd, { title: "a < b & c", columns: 40 })]) {
      const open: string[] = [];
      for (const [, closing, name, empty] of svg.matchAll(/<(\/?)([a-z]+)(?:\s+[\w:-]+="[^"<]*")*\s*(\/?)>/g)) {
        if (closing !== "") expect(open.pop()).toBe(name);
        else if (empty === "") open.push(name ?? "");
      }
      expect(open).toEqual([]);
      const text = svg.replaceAll(/<\/?[a-z]+(?:\s+[\w:-]+="[^"<]*")*\s*\/?>/g, "");
      expect(text).not.toMatch(/[<>]|&(?!(amp|lt|gt|quot);)/);
      // oxlint-disable-next-line no-control-regex
      expect(text).not.toMatch(/[\u0000-\u0008\u000b-\u001f]/);
    }
    const drawn = drawTerminal("\u001b[1;31mred\u001b[0m plain", { title: "t", columns: 40 });
    expect(drawn).toMatch(/<text class="bold red" [^>]*>red<\/text><text x="[\d.]+" [^>]*>plain<\/text>/);
  });
});
