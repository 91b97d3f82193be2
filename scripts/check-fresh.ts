// Fails when a generated file differs from what the sources make today, and names each one.

import { execFileSync } from "node:child_process";
import { join } from "node:path";

const root = join(import.meta.dirname, "..");
const generated = ["dist", "docs/schema", "rules/*.schema.json", "src/**/*.generated.ts", "hooks/anchors.sh"];

execFileSync("npm", ["run", "--silent", "build"], { cwd: root, stdio: "inherit", shell: process.platform === "win32" });

const stale = [...listFiles(["diff", "--name-only", "-z"]), ...listFiles(["ls-files", "--others", "-z"])];
for (const file of stale) console.error(`stale: ${file}`);
if (stale.length > 0) {
  console.error("The files above are not what the sources make. Run `npm run build` and add them to the commit.");
  process.exitCode = 1;
}

function listFiles(command: string[]): string[] {
  const output = execFileSync("git", ["-c", "core.quotePath=false", ...command, "--", ...generated], {
    cwd: root,
    encoding: "utf8",
  });
  return output.split("\0").filter((file) => file !== "");
}
