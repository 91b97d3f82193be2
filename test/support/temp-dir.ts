// One directory for each test file, removed when the file is done.
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";

let root: string | undefined;
let count = 0;

/** A fresh empty directory. Its path is real: no symbolic link on the way to it. */
export function makeTempDir(name = "dir"): string {
  root ??= mkdtempSync(join(realpathSync(tmpdir()), "keyrecall-test-"));
  count += 1;
  const dir = join(root, `${name}-${count}`);
  mkdirSync(dir);
  return dir;
}

afterAll(() => {
  if (root === undefined) return;
  // Tests take permissions away and make paths that are too long for one call; these two cope with both.
  spawnSync("chmod", ["-R", "u+rwX", root]);
  spawnSync("rm", ["-rf", root]);
  root = undefined;
});
