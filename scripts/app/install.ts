// Installs what the App needs, unless that is there already. The App is a package of its own, so that whoever installs a
// hook gets no database with it.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const app = join(import.meta.dirname, "../../app");
const lock = createHash("sha256")
  .update(readFileSync(join(app, "package-lock.json")))
  .digest("hex");
/** Of the lock file that what is installed was made from. */
const mark = join(app, "node_modules/.installed-from");

if (!existsSync(mark) || readFileSync(mark, "utf8") !== lock) {
  const args = ["ci", "--no-audit", "--no-fund"];
  const { status } = spawnSync("npm", args, { cwd: app, stdio: "inherit", shell: process.platform === "win32" });
  if (status === 0) writeFileSync(mark, lock);
  process.exitCode = status ?? 1;
}
