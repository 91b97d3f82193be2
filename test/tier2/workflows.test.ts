// The workflows of this repository, and the one that the README shows, as two linters see them.
import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { prerequisite } from "../../scripts/tier2/prerequisites.ts";
import { GitRepository } from "../support/git-repository.ts";
import { isolatedEnv } from "../support/isolated-env.ts";

const actionlint = await prerequisite("actionlint", "actionlint over the workflows");
const zizmor = await prerequisite("zizmor", "zizmor over the workflows");

const root = fileURLToPath(new URL("../../", import.meta.url));

/** A repository with the workflows, the action that they use, and the README's as one more. */
function withWorkflows(change: (text: string) => string = (text) => text): string {
  const { dir } = GitRepository.init();
  const workflows = path.join(dir, ".github/workflows");
  mkdirSync(workflows, { recursive: true });
  writeFileSync(path.join(dir, "action.yml"), readFileSync(path.join(root, "action.yml")));
  mkdirSync(path.join(dir, "dist"));
  writeFileSync(path.join(dir, "dist/action.js"), "");
  for (const name of readdirSync(path.join(root, ".github/workflows"))) {
    writeFileSync(path.join(workflows, name), change(readFileSync(path.join(root, ".github/workflows", name), "utf8")));
  }
  writeFileSync(path.join(workflows, "readme.yml"), change(workflowOfReadme()));
  return dir;
}

function workflowOfReadme(): string {
  const [, text = ""] =
    /```yaml\n(name: keyrecall\n[\s\S]*?)```/.exec(readFileSync(path.join(root, "README.md"), "utf8")) ?? [];
  return text.replace("OWNER/keyrecall@COMMIT", `acme/keyrecall@${"0123456789".repeat(4)}`);
}

function lint(file: string, args: readonly string[], cwd: string): { status: number; output: string } {
  try {
    const output = execFileSync(file, args, { cwd, env: isolatedEnv(), encoding: "utf8", stdio: "pipe" });
    return { status: 0, output };
  } catch (error) {
    const { status, stdout, stderr } = error as { status: number; stdout: string; stderr: string };
    return { status, output: stdout + stderr };
  }
}

it("shows a workflow of ten lines at most in the README", () => {
  const lines = workflowOfReadme().trimEnd().split("\n");
  expect(lines.length).toBeGreaterThan(5);
  expect(lines.length).toBeLessThanOrEqual(10);
});

describe.skipIf(actionlint === undefined)("actionlint", () => {
  const args = ["-no-color", "-shellcheck=", "-pyflakes="];

  it("has nothing to say", () => {
    expect(lint(actionlint!, args, withWorkflows())).toEqual({ status: 0, output: "" });
  });

  it("would say it", () => {
    const dir = withWorkflows((text) =>
      text.replace(/- uses: \.\/.*/, "- uses: ./\n        with:\n          scann: auto"),
    );
    expect(lint(actionlint!, args, dir).output).toContain("scann");
  });
});

describe.skipIf(zizmor === undefined)("zizmor", () => {
  const args = ["--offline", "--no-progress", "--color=never", "."];

  it("has nothing to say", () => {
    const { status, output } = lint(zizmor!, args, withWorkflows());
    expect(output).toContain("No findings to report");
    expect(status).toBe(0);
  });

  it("would say it", () => {
    const dir = withWorkflows((text) => text.replace(/@[0-9a-f]{40}/, "@main"));
    expect(lint(zizmor!, args, dir)).toMatchObject({ output: expect.stringContaining("unpinned-uses") as string });
  });
});
