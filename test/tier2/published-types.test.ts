// The types of the published package, as a tool sees them that resolves them in every way there is.
import { execFileSync, spawnSync } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { prerequisite } from "../../scripts/tier2/prerequisites.ts";
import { isolatedEnv } from "../support/isolated-env.ts";
import { makeTempDir } from "../support/temp-dir.ts";

const attw = await prerequisite("attw", "the types of the published package in @arethetypeswrong/cli");

const root = fileURLToPath(new URL("../../", import.meta.url));

describe.skipIf(attw === undefined)("@arethetypeswrong/cli", () => {
  it("has nothing to say of the packed package, which is an ES module", () => {
    const dir = makeTempDir();
    const pack = ["pack", "--silent", "--ignore-scripts", "--pack-destination", dir];
    const archive = execFileSync("npm", pack, { cwd: root, env: isolatedEnv(), encoding: "utf8" }).trim();
    const args = [attw!, join(dir, archive), "--profile", "esm-only", "--format", "ascii", "--no-emoji"];
    const { status, stdout } = spawnSync(process.execPath, args, { cwd: dir, env: isolatedEnv(), encoding: "utf8" });
    for (const line of ["node16 (from ESM): OK (ESM)", "bundler: OK"]) expect(stdout).toContain(line);
    expect(status).toBe(0);
  });
});
