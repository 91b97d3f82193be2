// Microsoft's own validator of SARIF has nothing against what the command line and the Action write.
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { prerequisite } from "../../scripts/tier2/prerequisites.ts";
import { pullRequestPayload, runAction } from "../support/action.ts";
import { runCli } from "../support/cli.ts";
import { GitRepository } from "../support/git-repository.ts";
import { isolatedEnv } from "../support/isolated-env.ts";
import { makeTempDir } from "../support/temp-dir.ts";
import { makeToken, makeTokens } from "../support/token.ts";
import { startUpstream } from "../support/upstream.ts";

const multitool = await prerequisite("sarif-multitool", "SARIF held against @microsoft/sarif-multitool");

/** What it says against a file, as rule and level; notes, which ask for a style of its own, are left out. */
function complaints(sarif: string): string[] {
  const dir = makeTempDir();
  const [file, log] = [join(dir, "keyrecall.sarif"), join(dir, "log.sarif")];
  writeFileSync(file, sarif);
  const args = [
    "validate",
    file,
    "--output",
    log,
    "--level",
    "Error;Warning",
    "--kind",
    "Fail",
    "--log",
    "ForceOverwrite",
  ];
  const run = spawnSync(multitool!, args, { env: isolatedEnv(), encoding: "utf8" });
  expect(run.stdout).toContain("Analysis completed successfully.");
  const [{ results }] = (JSON.parse(readFileSync(log, "utf8")) as ValidatorLog).runs;
  return results.map(({ ruleId, level = "warning" }) => `${level} ${ruleId}`);
}

interface ValidatorLog {
  readonly runs: readonly [{ readonly results: readonly { readonly ruleId: string; readonly level?: string }[] }];
}

/** The project has no page that a tool could name (SARIF2005); nothing else may be said. */
const KNOWN = ["warning SARIF2005"];

describe.skipIf(multitool === undefined)("the SARIF multitool", () => {
  it("takes a history of every kind of place", () => {
    const repository = GitRepository.init();
    const tokens = makeTokens(5);
    repository.commitFile("deploy/a b#ü.env", `${tokens[0].raw}\n`, tokens[1].raw);
    repository.commitFile(Buffer.from([0x64, 0xff, 0x5b, 0x7b]), `${tokens[0].raw}\n`);
    repository.commitFile("[x](y) {0}.env", `𝒳 ${tokens[2].raw}\n`);
    repository.git(["tag", "-a", "-m", tokens[3].raw, "v1"]);
    repository.git(["branch", `x-${tokens[4].raw}`]);
    repository.writeBlob(makeToken().raw);
    repository.git(["remote", "add", "origin", "https://git.example.org/shop.git"]);
    const run = runCli(["scan", "--history", "--format", "sarif"], { cwd: repository.dir });
    expect(run.status).toBe(1);
    expect(complaints(run.stdout)).toEqual(KNOWN);
  });

  it("takes a clean scan, an incomplete one, and one of what is only suspected", () => {
    const repository = GitRepository.init();
    repository.commitFile("a.txt", "1\n");
    expect(complaints(runCli(["scan", "--format", "sarif"], { cwd: repository.dir }).stdout)).toEqual(KNOWN);
    repository.remove(repository.looseObject(repository.id("HEAD:a.txt")).slice(repository.dir.length + 1));
    repository.write("b.env", ["ik", "sdk", "q7Zk2Vx9Lw4Tn8RbQ2"].join("_"));
    for (const args of [["--history"], ["--min-confidence", "suspect"]]) {
      const run = runCli(["scan", ...args, "--format", "sarif"], { cwd: repository.dir });
      expect(complaints(run.stdout)).toEqual(KNOWN);
    }
  });

  it("takes what the Action writes", async () => {
    const { repository, base, server } = await startUpstream();
    const head = repository.commitFile("a.env", makeToken().raw, makeToken().raw);
    const payload = pullRequestPayload({ base, head });
    const run = await runAction({ event: "pull_request", payload, server, inputs: { "sarif-file": "k.sarif" } });
    expect(complaints(readFileSync(run.outputs["sarif"] ?? "", "utf8"))).toEqual(KNOWN);
  });
});
