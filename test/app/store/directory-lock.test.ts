import { spawn } from "node:child_process";
import { once } from "node:events";
import { utimesSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { lockDirectory } from "../../../app/store/directory-lock.ts";
import { makeTempDir } from "../../support/temp-dir.ts";

const MODULE = new URL("../../../app/store/directory-lock.ts", import.meta.url).href;

/** Another process that has the directory. */
async function holder(directory: string) {
  const script = `import(${JSON.stringify(MODULE)}).then(({ lockDirectory }) => { lockDirectory(${JSON.stringify(directory)}); console.log("locked"); setInterval(() => {}, 1000); });`;
  const child = spawn(process.execPath, ["--input-type=module", "--eval", script], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  await once(child.stdout, "data");
  return child;
}

describe("lockDirectory", () => {
  it("lets one process in at a time, and names the other", async () => {
    const directory = makeTempDir();
    const child = await holder(directory);
    expect(() => lockDirectory(directory)).toThrow(new RegExp(`in use by process ${child.pid}`));
    child.kill("SIGKILL");
    await once(child, "exit");
    lockDirectory(directory)();
  });

  it("can be taken again once it was given free", () => {
    const directory = makeTempDir();
    lockDirectory(directory)();
    lockDirectory(directory)();
  });

  it("takes over from a process that is gone, and from a file that says nothing", () => {
    for (const content of [JSON.stringify({ pid: 2 ** 22 - 1, host: hostname(), started: "1" }), "", "{"]) {
      const directory = makeTempDir();
      writeFileSync(join(directory, "lock"), content);
      lockDirectory(directory)();
    }
  });

  it("does not take over from a process on another host that shows that it lives, and does when it stops to", () => {
    const directory = makeTempDir();
    const file = join(directory, "lock");
    writeFileSync(file, JSON.stringify({ pid: 1, host: "elsewhere", started: "1" }));
    expect(() => lockDirectory(directory)).toThrow(/on elsewhere/);
    const before = new Date(Date.now() - 120_000);
    utimesSync(file, before, before);
    lockDirectory(directory)();
  });

  it("is not fooled by a number that another process has by now", () => {
    const directory = makeTempDir();
    writeFileSync(join(directory, "lock"), JSON.stringify({ pid: process.ppid, host: hostname(), started: "1" }));
    lockDirectory(directory)();
  });
});
