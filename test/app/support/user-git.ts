// Somebody's clone, pushed over real git to the emulated GitHub.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { GitRepository } from "../../support/git-repository.ts";
import { isolatedEnv } from "../../support/isolated-env.ts";
import type { AppWorld } from "./app-world.ts";

export class UserGit {
  readonly repository = GitRepository.init();
  readonly #world: AppWorld;
  readonly #name: string;

  constructor(world: AppWorld, name: string) {
    this.#world = world;
    this.#name = name;
    world.github.addCollaborator(name, "ada");
  }

  commit(files: Readonly<Record<string, string>>, message: string, author = "Ada"): string {
    for (const [path, text] of Object.entries(files)) this.repository.write(path, text);
    return this.repository.stage().commitIndex(message, { author });
  }

  /** As many commits as that, each with a file of its own. */
  importCommits(count: number): void {
    const base = this.repository.id("HEAD");
    const stream = Array.from({ length: count }, (_, index) =>
      [
        "commit refs/heads/main",
        `committer Ada <ada@acme.example> ${1_800_000_000 + index} +0000`,
        "data 4",
        "More",
        ...(index === 0 ? [`from ${base}`] : []),
        `M 644 inline n/${index}`,
        `data ${String(index).length}`,
        String(index),
        "",
      ].join("\n"),
    );
    this.repository.git(["fast-import", "--quiet"], { input: stream.join("\n") });
    this.repository.git(["reset", "--quiet", "--hard"]);
  }

  /** Not waited for in a blocking way: the server is in this process. @returns the commit that was pushed */
  async push(...refspecs: readonly string[]): Promise<string> {
    const credential = Buffer.from(`ada:${this.#world.github.createUserToken("ada")}`).toString("base64");
    const url = `${this.#world.github.baseUrl}/${this.#name}.git`;
    const child = spawn("git", ["push", "--quiet", "--force", url, ...refspecs], {
      cwd: this.repository.dir,
      env: {
        ...isolatedEnv(),
        GIT_CONFIG_COUNT: "1",
        GIT_CONFIG_KEY_0: "http.extraHeader",
        GIT_CONFIG_VALUE_0: `Authorization: Basic ${credential}`,
      },
      stdio: ["ignore", "ignore", "pipe"],
    });
    let said = "";
    child.stderr.on("data", (chunk: Buffer) => (said += chunk.toString()));
    const [status] = (await once(child, "close")) as [number];
    if (status !== 0) throw new Error(`git push ended with ${status}: ${said}`);
    return this.repository.id("HEAD");
  }
}
