// A repository on a server, with a branch `topic` that starts at its main branch, for tests of the Action.
import { afterAll } from "vitest";
import { REPOSITORY } from "./action.ts";
import { type GitHttpServer, type GitServerOptions, startGitServer } from "./git-http-server.ts";
import { GitRepository } from "./git-repository.ts";

export interface Upstream {
  readonly repository: GitRepository;
  /** Where `topic` left `main`. */
  readonly base: string;
  readonly server: GitHttpServer;
}

const running: GitHttpServer[] = [];

afterAll(async () => {
  for (const server of running) await server.close();
});

export async function startUpstream(options: GitServerOptions = {}): Promise<Upstream> {
  const repository = GitRepository.init();
  for (const version of ["1", "2", "3"]) repository.commitFile("readme.md", `shop ${version}\n`, `Version ${version}`);
  const base = repository.commitFile("src/app.js", "start();\n", "Start");
  repository.git(["switch", "-qc", "topic"]);
  const server = await startGitServer({ repositories: { [REPOSITORY]: repository.gitDir }, ...options });
  running.push(server);
  return { repository, base, server };
}
