// What other scanners were told to ignore: it counts where the operator asks for it, and is shown.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startInferenceKey, type InferenceKeyEmulator } from "../emulators/inferencekey/emulator.ts";
import { zip } from "../support/archives.ts";
import { expectStatus, runCli, scan, type ScanRun } from "../support/cli.ts";
import { GitRepository } from "../support/git-repository.ts";
import { expectFound, expectUsageError, reported } from "../support/report.ts";
import { makeTempDir } from "../support/temp-dir.ts";
import { makeToken, makeTokens, type MadeToken } from "../support/token.ts";
import { scanAndVerify } from "../support/verification.ts";

const CONTROL = "inferencekey-control-token";
const IGNORE = ["--gitleaks-ignore", ".gitleaksignore"];

function expectIgnored(run: ScanRun, token: MadeToken, entry: string): void {
  expectStatus(run, 0);
  expect(reported(run, token).allowed).toEqual({ by: "gitleaks-ignore", reason: expect.stringContaining(entry) });
}

describe("--gitleaks-ignore", () => {
  it("takes an entry of a file's line in the working tree, the index and history", () => {
    const token = makeToken();
    const repository = GitRepository.init();
    const entry = `deploy/a.env:${CONTROL}:2`;
    repository
      .write(".gitleaksignore", `# known\n\n${entry}\n`)
      .write("deploy/a.env", `# a\nKEY=${token.raw}\n`)
      .stage();
    expectIgnored(scan(IGNORE, { cwd: repository.dir }), token, `.gitleaksignore:3: ${entry}`);
    expectIgnored(scan(["--staged", ...IGNORE], { cwd: repository.dir }), token, entry);
    repository.commit();
    expectIgnored(scan(["--history", ...IGNORE], { cwd: repository.dir }), token, entry);
    const text = runCli(["scan", ...IGNORE], { cwd: repository.dir });
    expect(text.stdout).toContain("allowed by an imported .gitleaksignore: .gitleaksignore:3:");
  });

  it("takes an entry of a commit, also for later versions of the file that merely keep the token", () => {
    const token = makeToken();
    const repository = GitRepository.init();
    const commit = repository.commitFile("a.env", `KEY=${token.raw}\n`);
    repository.commitFile("a.env", `# above\n\nKEY=${token.raw}\n`);
    repository.write(".gitleaksignore", `${commit}:a.env:${CONTROL}:1\n`);
    expectIgnored(scan(["--history", ...IGNORE], { cwd: repository.dir }), token, `${commit.slice(0, 12)}…:a.env`);
    // A working tree has no commits: the entry is neither used there nor unused.
    const tree = scan(IGNORE, { cwd: repository.dir });
    expectFound(tree, [token]);
    expect(tree.report.policy.unused).toEqual([]);
  });

  it("takes the separators of Windows, gitleaks' rule for tokens in variables, and carriage returns", () => {
    const [one, two] = makeTokens(2);
    const repository = GitRepository.init();
    repository.write("deploy/prod/a.env", `KEY=${one.raw}\n`).write("b.env", `KEY=${two.raw}\n`);
    repository.write(".gitleaksignore", `\uFEFFdeploy\\prod\\a.env:${CONTROL}:1\r\n./b.env:generic-api-key:1\r\n`);
    const run = scan(IGNORE, { cwd: repository.dir });
    expectIgnored(run, one, "deploy");
    expectIgnored(run, two, "generic-api-key");
    expect(run.report.policy.unused).toEqual([]);
  });

  it("takes a value fingerprint of betterleaks, wherever the token stands", () => {
    const token = makeToken();
    const repository = GitRepository.init();
    repository.write("a.env", token.raw).write("b/c.txt", `x\n${token.raw}\n`);
    repository.write(".betterleaksignore", `${token.fingerprint.replace("sha256:", "")}\n`);
    expectIgnored(
      scan(["--gitleaks-ignore", ".betterleaksignore"], { cwd: repository.dir }),
      token,
      ".betterleaksignore:1",
    );
  });

  it("takes an entry of a file in an archive, in a tree and in history", () => {
    const token = makeToken();
    const archive = zip([{ name: "deploy/.env", content: Buffer.from(`A=1\nKEY=${token.raw}\n`) }]);
    const repository = GitRepository.init();
    repository.write("backup.zip", archive).commit();
    repository.write(".gitleaksignore", `backup.zip!deploy/.env:${CONTROL}:2\n`);
    for (const args of [[], ["--history"]]) {
      expectIgnored(scan([...args, ...IGNORE], { cwd: repository.dir }), token, "backup.zip!deploy/.env");
    }
    repository.write(".gitleaksignore", `backup.zip:${CONTROL}:2\n`);
    expect(reported(scan(IGNORE, { cwd: repository.dir }), token).allowed).toBeNull();
  });

  it.each([
    ["another line", `a.env:${CONTROL}:2`],
    ["another file", `b/a.env:${CONTROL}:1`],
    ["another rule", "a.env:inferencekey-data-token:1"],
    ["a foreign rule", "a.env:aws-access-token:1"],
    ["another commit", `${"0".repeat(40)}:a.env:${CONTROL}:1`],
    ["a file in an archive of that name", `a.env!a.env:${CONTROL}:1`],
    ["a name that only begins so", `a.en:${CONTROL}:1`],
  ])("does not take an entry of %s", (_, entry) => {
    const token = makeToken();
    const repository = GitRepository.init();
    repository.commitFile("a.env", `KEY=${token.raw}\n`);
    repository.write(".gitleaksignore", `${entry}\n`);
    for (const args of [[], ["--history"]]) {
      const run = scan([...args, ...IGNORE], { cwd: repository.dir });
      expectFound(run, [token]);
      expect(reported(run, token).allowed).toBeNull();
    }
  });

  it("does not take an entry for one of two places, nor for a token that replaces another in a later commit", () => {
    const [one, two] = makeTokens(2);
    const repository = GitRepository.init();
    const commit = repository.commitFile("a.env", `KEY=${one.raw}\n`);
    repository.commitFile("b.env", `KEY=${one.raw}\n`);
    repository.write(".gitleaksignore", `${commit}:a.env:${CONTROL}:1\n`);
    expect(reported(scan(["--history", ...IGNORE], { cwd: repository.dir }), one).allowed).toBeNull();
    repository.remove("b.env").commit();
    repository.commitFile("a.env", `KEY=${two.raw}\n`);
    const run = scan(["--history", ...IGNORE], { cwd: repository.dir });
    expect(reported(run, two).allowed).toBeNull();
    expectStatus(run, 1);
  });

  it("does not take an entry of a commit for another place of the token in the same version", () => {
    const token = makeToken();
    const repository = GitRepository.init();
    const commit = repository.commitFile("a.env", `KEY=${token.raw}\nTOO=${token.raw}\n`);
    for (const entry of [`${commit}:a.env:${CONTROL}:1`, `a.env:${CONTROL}:2`]) {
      repository.write(".gitleaksignore", `${entry}\n`);
      const run = scan(["--history", ...IGNORE], { cwd: repository.dir });
      expectFound(run, [token]);
      expect(reported(run, token).allowed).toBeNull();
    }
    repository.write(".gitleaksignore", `${commit}:a.env:${CONTROL}:1\n${commit}:a.env:${CONTROL}:2\n`);
    expectIgnored(scan(["--history", ...IGNORE], { cwd: repository.dir }), token, "a.env");
  });

  it("takes no place of the token that a later commit adds to the file, until an entry names it", () => {
    const token = makeToken();
    const repository = GitRepository.init();
    const first = repository.commitFile("a.env", `KEY=${token.raw}\n`);
    const second = repository.commitFile("a.env", `KEY=${token.raw}\nB=1\nTOO=${token.raw}\n`);
    repository.commitFile("a.env", `# above\nKEY=${token.raw}\nB=1\nTOO=${token.raw}\n`);
    repository.write(".gitleaksignore", `${first}:a.env:${CONTROL}:1\n`);
    expect(reported(scan(["--history", ...IGNORE], { cwd: repository.dir }), token).allowed).toBeNull();
    repository.write(".gitleaksignore", `${first}:a.env:${CONTROL}:1\n${second}:a.env:${CONTROL}:3\n`);
    const run = scan(["--history", ...IGNORE], { cwd: repository.dir });
    expectIgnored(run, token, "a.env");
    expect(run.report.policy.unused).toEqual([]);
  });

  it("does not take an entry for what another commit brings in again", () => {
    const token = makeToken();
    const repository = GitRepository.init();
    const first = repository.commitFile("a.env", `KEY=${token.raw}\n`);
    repository.commitFile("a.env", "x\n");
    const second = repository.commitFile("a.env", `x\nx\nKEY=${token.raw}\n`);
    repository.write(".gitleaksignore", `${first}:a.env:${CONTROL}:1\n`);
    expect(reported(scan(["--history", ...IGNORE], { cwd: repository.dir }), token).allowed).toBeNull();
    repository.write(".gitleaksignore", `${first}:a.env:${CONTROL}:1\n${second}:a.env:${CONTROL}:3\n`);
    expectIgnored(scan(["--history", ...IGNORE], { cwd: repository.dir }), token, "a.env");
    expectIgnored(scan(["--range", `${first}..HEAD`, ...IGNORE], { cwd: repository.dir }), token, "a.env");
  });

  it("does not take an entry for a commit message", () => {
    const token = makeToken();
    const repository = GitRepository.init();
    repository.write("a.env", `KEY=${token.raw}\n`).commit(`adds ${token.raw}`);
    repository.write(".gitleaksignore", `a.env:${CONTROL}:1\n`);
    expect(reported(scan(["--history", ...IGNORE], { cwd: repository.dir }), token).allowed).toBeNull();
  });

  it("takes the absolute path of a file, and a name that has colons", () => {
    const [one, two] = makeTokens(2);
    const repository = GitRepository.init();
    repository.write("d/a.env", `KEY=${one.raw}\n`).write("b:c:1", `KEY=${two.raw}\n`);
    const lines = [`${join(repository.dir, "d/a.env")}:${CONTROL}:1`, `b:c:1:${CONTROL}:1`];
    repository.write(".gitleaksignore", `${lines.join("\n")}\n`);
    const run = scan(IGNORE, { cwd: repository.dir });
    expectIgnored(run, one, "d/a.env");
    expectIgnored(run, two, "b:c:1");
  });

  it("never shows a token that stands in the file, nor a part of one", () => {
    const token = makeToken();
    const repository = GitRepository.init();
    repository.write("a.env", "x\n");
    const lines = [
      token.raw,
      ...[120, 160, 190].map((length) => `${"d/".repeat(length / 2)}${token.raw}:${CONTROL}:1`),
    ];
    repository.write(".gitleaksignore", `${lines.join("\n")}\u001b[2J\n`);
    const texts = [
      runCli(["scan", "a.env", ...IGNORE], { cwd: repository.dir }).stdout,
      runCli(["scan", "--format", "json", ...IGNORE], { cwd: repository.dir }).stdout,
      runCli(["baseline", ...IGNORE], { cwd: repository.dir }).stderr,
    ];
    for (const text of texts) {
      expect(text).toContain(".gitleaksignore:1");
      expect(text).not.toContain(token.secret.slice(0, 8));
      expect(text).not.toContain("\u001b");
    }
  });

  it("names entries that nothing needed, foreign rules and lines that are none", () => {
    const token = makeToken();
    const repository = GitRepository.init();
    repository.write("a.env", token.raw);
    const lines = [`gone.env:${CONTROL}:1`, "a.env:aws-access-token:1", "what is this", `a.env:${CONTROL}:1`];
    repository.write(".gitleaksignore", lines.join("\n"));
    const { report } = scan(IGNORE, { cwd: repository.dir });
    expect(report.policy.unused).toEqual([`.gitleaksignore:1: ${lines[0]}`]);
    const { notUnderstood } = report.policy as { notUnderstood?: readonly string[] };
    expect(notUnderstood).toHaveLength(2);
    expect(notUnderstood?.[0]).toContain("no rule of this scan has the id aws-access-token");
    expect(notUnderstood?.[1]).toContain("what is this");
    const text = runCli(["scan", ...IGNORE], { cwd: repository.dir }).stdout;
    expect(text).toContain("unused: .gitleaksignore:1:");
    expect(text).toContain(".gitleaksignore:3: what is this");
  });

  it("is not read without being asked for", () => {
    const token = makeToken();
    const repository = GitRepository.init();
    repository.write("a.env", token.raw).write(".gitleaksignore", `a.env:${CONTROL}:1\n`);
    expectFound(scan([], { cwd: repository.dir }), [token]);
  });

  it("ends with 2 where the file is missing", () => {
    const { dir } = GitRepository.init();
    expectUsageError(runCli(["scan", "--gitleaks-ignore", "missing"], { cwd: dir }), "--gitleaks-ignore missing");
  });
});

describe("--allow-signature", () => {
  it("lets the marks of gitleaks and betterleaks count", () => {
    const [one, two, three] = makeTokens(3);
    const repository = GitRepository.init();
    repository.write("a.py", `A = "${one.raw}" # gitleaks:allow\nB = "${two.raw}" // betterleaks:allow old\n`);
    repository.write("b.py", `# gitleaks:allow\nC = "${three.raw}"\n`);
    expectFound(scan([], { cwd: repository.dir }), [one, two, three]);
    const marks = ["gitleaks:allow", "betterleaks:allow"].flatMap((mark) => ["--allow-signature", mark]);
    const run = scan(marks, { cwd: repository.dir });
    expectStatus(run, 1);
    expect(reported(run, one).allowed).toEqual({ by: "inline", reason: "gitleaks:allow on its line" });
    expect(reported(run, two).allowed).toEqual({ by: "inline", reason: "betterleaks:allow on its line: old" });
    expect(reported(run, three).allowed).toBeNull();
  });

  it("takes no mark that could stand anywhere", () => {
    const { dir } = GitRepository.init();
    for (const mark of ["", "=", "a b c d e"]) {
      expectUsageError(runCli(["scan", "--allow-signature", mark], { cwd: dir }), "--allow-signature");
    }
  });

  it("is handed on to the hooks that hook install writes", () => {
    const token = makeToken();
    const repository = GitRepository.init();
    expectStatus(runCli(["hook", "install", "--allow-signature", "gitleaks:allow"], { cwd: repository.dir }), 0);
    repository.write("a.py", `A = "${token.raw}" # gitleaks:allow\n`).stage();
    repository.git(["commit", "-q", "-m", "marked"]);
    repository.write("b.py", `A = "${token.raw}"\n`).stage();
    expect(() => repository.git(["commit", "-q", "-m", "not marked"])).toThrow("keyrecall");
  });

  it.each(["al*lowed:", "allow[ed]", "allow?ed", String.raw`allow\ed`, "a b c d e", "="])(
    "is not handed on to hooks where a shell could take it for something else: %s",
    (mark) => {
      const { dir } = GitRepository.init();
      expectUsageError(runCli(["hook", "install", "--allow-signature", mark], { cwd: dir }), "--allow-signature");
    },
  );

  it("counts in pre-commit and not in pre-receive", () => {
    const token = makeToken();
    const repository = GitRepository.init();
    repository.write("a.py", `A = "${token.raw}" # gitleaks:allow\n`).stage();
    const hook = (stage: string, input: string) =>
      runCli(["hook", "run", stage, "--allow-signature", "gitleaks:allow"], { cwd: repository.dir, input });
    expectStatus(hook("pre-commit", ""), 0);
    const commit = repository.commit();
    expectStatus(hook("pre-receive", `${"0".repeat(40)} ${commit} refs/heads/main\n`), 0);
    repository.git(["update-ref", "-d", "refs/heads/main"]);
    expectStatus(hook("pre-receive", `${"0".repeat(40)} ${commit} refs/heads/main\n`), 1);
  });
});

describe("imports in the user's own configuration", () => {
  it("count in every scan of theirs", () => {
    const [one, two] = makeTokens(2);
    const repository = GitRepository.init();
    const user = join(makeTempDir(), "config.yml");
    writeFileSync(user, "version: 1\nimports:\n  gitleaksIgnore: true\n  allowSignatures: [gitleaks:allow]\n");
    repository.write("a.env", `A=${one.raw}\nB=${two.raw} # gitleaks:allow\n`);
    repository.write(".gitleaksignore", `a.env:${CONTROL}:1\n`);
    const run = scan(["--user-config", user], { cwd: repository.dir });
    expectIgnored(run, one, ".gitleaksignore:1");
    expect(reported(run, two).allowed?.by).toBe("inline");
  });

  it("cannot be asked for by a repository's own file", () => {
    const repository = GitRepository.init();
    repository.write(".keyrecall.yml", "version: 1\nimports:\n  gitleaksIgnore: true\n");
    expectUsageError(runCli(["scan"], { cwd: repository.dir }), /imports/);
  });

  it("ends with 2 where a mark could stand anywhere", () => {
    const user = join(makeTempDir(), "config.yml");
    writeFileSync(user, 'version: 1\nimports:\n  allowSignatures: ["#"]\n');
    expectUsageError(runCli(["scan", "--user-config", user], { cwd: makeTempDir() }), /allowSignatures/);
  });
});

describe("baseline --gitleaks-ignore", () => {
  it("makes fingerprints of what the file ignores, and of nothing else", () => {
    const [ignored, other] = makeTokens(2);
    const repository = GitRepository.init();
    const commit = repository.commitFile("a.env", `KEY=${ignored.raw}\n`);
    repository.commitFile("b.env", `KEY=${other.raw}\n`);
    repository.write(".gitleaksignore", `${commit}:a.env:${CONTROL}:1\nsomething else\n`);
    const made = runCli(["baseline", ...IGNORE, "--output", "known.json"], { cwd: repository.dir });
    expectStatus(made, 0);
    expect(made.stderr).toContain("something else");
    const known = readFileSync(join(repository.dir, "known.json"), "utf8");
    expect(known).toContain(ignored.fingerprint);
    expect(known).not.toContain(other.fingerprint);
    const run = scan(["--history", "--baseline", "known.json"], { cwd: repository.dir });
    expect(reported(run, ignored).allowed?.by).toBe("baseline");
    expect(reported(run, other).allowed).toBeNull();
  });
});

describe("baseline --allow-signature", () => {
  it("makes fingerprints of what is marked, and of nothing else", () => {
    const [ignored, marked, other] = makeTokens(3);
    const repository = GitRepository.init();
    repository.commitFile("a.env", `KEY=${ignored.raw}\n`);
    repository.commitFile("b.py", `KEY = "${marked.raw}" # gitleaks:allow\n`);
    repository.commitFile("c.py", `KEY = "${other.raw}" # gitleaks:allow\n`);
    repository.commitFile("d.py", `KEY = "${other.raw}"\n`);
    repository.write(".gitleaksignore", `a.env:${CONTROL}:1\n`);
    const fingerprintsOf = (args: readonly string[]): string[] => {
      const run = runCli(["baseline", ...args], { cwd: repository.dir });
      expectStatus(run, 0);
      const { fingerprints } = JSON.parse(run.stdout) as { fingerprints: { fingerprint: string }[] };
      return fingerprints.map(({ fingerprint }) => fingerprint);
    };
    const marks = ["--allow-signature", "gitleaks:allow"];
    expect(fingerprintsOf(marks)).toEqual([marked.fingerprint]);
    expect(fingerprintsOf([...IGNORE, ...marks])).toEqual([ignored.fingerprint, marked.fingerprint].toSorted());
    expect(fingerprintsOf([])).toHaveLength(3);
  });
});

describe("a live token", () => {
  let api: InferenceKeyEmulator;
  beforeAll(async () => {
    api = await startInferenceKey();
    api.addWorkload("acme", { slug: "support" });
  });
  afterAll(() => api.close());

  it("is silenced neither by an entry nor by a mark", async () => {
    const [one, two] = [api.mintControlToken("acme"), api.mintControlToken("acme")];
    const cwd = makeTempDir();
    writeFileSync(join(cwd, "a.env"), `A=${one.raw}\nB=${two.raw} # gitleaks:allow\n`);
    writeFileSync(join(cwd, ".gitleaksignore"), `a.env:${CONTROL}:1\n`);
    const args = [...IGNORE, "--allow-signature", "gitleaks:allow"];
    const run = await scanAndVerify(args, { cwd, baseUrl: api.baseUrl });
    expectStatus(run, 1);
    for (const token of [one, two]) {
      const { allowed, overruled } = reported(run, token) as { allowed: unknown; overruled?: { by: string } | null };
      expect(allowed).toBeNull();
      expect(overruled?.by).toMatch(/gitleaks-ignore|inline/);
    }
  });
});
