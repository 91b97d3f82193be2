// Runs the demo on a terminal, as `script` of util-linux makes one, and draws what it showed: docs/demo.svg.
// Tokens, commits, ports and times are those of this run; tokens show in their masked form.

import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { drawTerminal } from "./terminal-picture.ts";

const root = join(import.meta.dirname, "..");
const { NO_COLOR: _unset, ...environment } = process.env;

const { status, stdout, error } = spawnSync("script", ["-q", "-e", "-c", "node dist/demo.js", "/dev/null"], {
  cwd: root,
  encoding: "utf8",
  env: { ...environment, TERM: "xterm" },
});
if (error !== undefined) throw error;
if (status !== 0) throw new Error(`the demo ended with ${status}:\n${stdout}`);
writeFileSync(join(root, "docs/demo.svg"), drawTerminal(stdout, { title: "npm run demo", columns: 112 }));
