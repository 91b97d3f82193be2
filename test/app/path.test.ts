// The whole path through the App as a process: a push over real git, a dead token, a check run, one issue.
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { AppWorld, until } from "./support/app-world.ts";

let world: AppWorld;

beforeEach(async () => {
  world = await AppWorld.make({ INFERENCEKEY_PROJECTS: "acme" });
  world.github.addOrganization("acme", { members: ["ada"] });
  await world.github.addRepository("acme/shop", { private: true });
  world.github.addInstallation("acme", { silent: true });
  world.api.addWorkload("acme", { slug: "support", gpu_resource_id: "gpu_1" });
});

afterEach(() => world.close());

describe("a push that leaks a live token", () => {
  it("ends with a dead token, a failed check and one rotation issue", async () => {
    const app = await world.start();
    const token = world.api.mintControlToken("acme");
    const head = await world.github.commit("acme/shop", {
      files: { "deploy/.env": `INFERENCEKEY_SDK_TOKEN=${token.raw}\n` },
    });
    try {
      await until(() => world.api.statusOf(token) === "revoked");
      const [run] = await until(() => {
        const runs = world.github.checkRunsOf("acme/shop", head);
        return runs.length > 0 && runs[0]!.conclusion !== null ? runs : null;
      });
      expect(run).toMatchObject({ name: "keyrecall", conclusion: "failure" });
      const [issue] = await until(() => {
        const issues = world.github.issuesOf("acme/shop");
        return issues.some(({ body }) => body?.includes("contained") || body?.includes("out of service"))
          ? issues
          : null;
      });
      console.log(
        issue?.title,
        issue?.assignees.map(({ login }) => login),
        issue?.labels,
      );
      console.log(issue?.body);
    } finally {
      console.log(app.output());
    }
  });
});
