// Archives as the programs make them that people have, where they are installed.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { recordNotRun } from "../../scripts/tier2/not-run.ts";
import { scan } from "../support/cli.ts";
import { GitRepository } from "../support/git-repository.ts";
import { expectFound, onlyOccurrence } from "../support/report.ts";
import { makeTempDir } from "../support/temp-dir.ts";
import { makeToken } from "../support/token.ts";

interface Recipe {
  readonly program: string;
  /** Run where `etc/app.env` is; makes `archive` beside it. */
  readonly args: readonly string[];
  readonly container: readonly string[];
}

const python = (code: string): readonly string[] => ["-c", `import zipfile, tarfile, gzip, bz2, shutil\n${code}`];
const FILE = "etc/app.env";

const RECIPES: Readonly<Record<string, Recipe>> = {
  zip: { program: "zip", args: ["-q", "-r", "archive", "etc"], container: [`zip:${FILE}`] },
  "zip into a pipe": { program: "sh", args: ["-c", `zip -q - ${FILE} | cat > archive`], container: [`zip:${FILE}`] },
  "zip, stored": { program: "zip", args: ["-q", "-0", "archive", FILE], container: [`zip:${FILE}`] },
  "tar --format=gnu": { program: "tar", args: ["--format=gnu", "-cf", "archive", "etc"], container: [`tar:${FILE}`] },
  "tar --format=pax": { program: "tar", args: ["--format=pax", "-cf", "archive", "etc"], container: [`tar:${FILE}`] },
  "tar --format=v7": { program: "tar", args: ["--format=v7", "-cf", "archive", "etc"], container: [`tar:${FILE}`] },
  "tar --sparse": { program: "tar", args: ["--sparse", "-cf", "archive", "etc"], container: [`tar:${FILE}`] },
  "tar -z": { program: "tar", args: ["-czf", "archive", "etc"], container: ["gzip", `tar:${FILE}`] },
  "tar -j": { program: "tar", args: ["-cjf", "archive", "etc"], container: ["bzip2", `tar:${FILE}`] },
  gzip: { program: "sh", args: ["-c", `gzip -c ${FILE} > archive`], container: ["gzip"] },
  bzip2: { program: "sh", args: ["-c", `bzip2 -c ${FILE} > archive`], container: ["bzip2"] },
  "python's zipfile, bzip2": {
    program: "python3",
    args: python(`zipfile.ZipFile("archive", "w", zipfile.ZIP_BZIP2).write("${FILE}")`),
    container: [`zip:${FILE}`],
  },
  "python's tarfile": {
    program: "python3",
    args: python(`tarfile.open("archive", "w:bz2").add("etc")`),
    container: ["bzip2", `tar:${FILE}`],
  },
};

const archivers = ["zip", "tar", "gzip", "bzip2", "python3"];

const runnable: [string, Recipe][] = [];
for (const [name, recipe] of Object.entries(RECIPES)) {
  const { program, args } = recipe;
  const needed = program === "sh" ? archivers.filter((archiver) => args.join(" ").includes(archiver)) : [program];
  const missing = needed.find((one) => spawnSync(one, ["--version"]).error !== undefined);
  if (missing === undefined) runnable.push([name, recipe]);
  else await recordNotRun({ what: `archives by ${name}`, needs: missing });
}

describe("archives of the programs that people have", () => {
  for (const [name, { program, args, container }] of runnable) {
    it(`are opened: ${name}`, () => {
      const token = makeToken();
      const directory = new GitRepository(makeTempDir("archive"));
      directory.write(FILE, `# settings\n${"A=1\n".repeat(5000)}KEY=${token.raw}\n`);
      const { status, stderr } = spawnSync(program, args, { cwd: directory.dir, encoding: "utf8" });
      expect(status, stderr).toBe(0);
      const made = ["archive", "archive.zip"].find((file) => existsSync(join(directory.dir, file)))!;
      const run = scan([join(directory.dir, made)], { cwd: directory.dir });
      expectFound(run, [token]);
      const occurrence = onlyOccurrence(run, token, "file");
      expect(occurrence.container).toEqual(container);
      expect(occurrence.inner).toEqual({ line: 5002, column: 5 });
    });
  }
});
