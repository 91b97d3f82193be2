import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { makeTempDir } from "../support/temp-dir.ts";

const FILES = new URL("../../src/action/files.ts", import.meta.url).href;

describe("a file of the Action", () => {
  it("that a disk takes only a part of is a failure, and leaves nothing behind", () => {
    const workspace = makeTempDir("workspace");
    const script = `
      const { writeInWorkspace } = await import(${JSON.stringify(FILES)});
      writeInWorkspace(process.argv[1], "out/report.sarif", ["x".repeat(10_000)], "sarif-file");`;
    // A limit on the size of files cuts a write as a full disk does.
    const limited = 'trap "" XFSZ; ulimit -f 8; exec "$@"';
    const args = ["-c", limited, "sh", process.execPath, "--input-type=module", "--eval", script, workspace];
    const { status, stderr } = spawnSync("sh", args, { encoding: "utf8" });
    expect(stderr).toContain("cannot write out/report.sarif (input sarif-file)");
    expect(status).not.toBe(0);
    expect(existsSync(join(workspace, "out/report.sarif"))).toBe(false);
    expect(readdirSync(join(workspace, "out"))).toEqual([]);
  });
});
