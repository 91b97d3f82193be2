import { mergeBase, readCommits, readDiff, readPatch } from "../git/store.ts";
import { notFound } from "../github-error.ts";
import { list, ok, type RepositoryCall, type Result, type Route } from "../route.ts";
import { commitShape } from "../shapes/commits.ts";
import { fullPull, isPull, pullShape, type PullIssue } from "../shapes/pulls.ts";
import { asPatch, renderFiles } from "./git-data.ts";

const reads = [{ pull_requests: "read" }] as const;
const MOST_FILES = 3000;
const MOST_COMMITS = 250;

export const pullRoutes: readonly Route[] = [
  { route: "GET /repos/{owner}/{repo}/pulls", by: "repository", needs: reads, handle: listPulls },
  {
    route: "GET /repos/{owner}/{repo}/pulls/{pull_number}",
    by: "repository",
    needs: reads,
    handle: async (call) => {
      const issue = findPull(call);
      if (/\.(?:diff|patch)\b/.test(call.accept)) {
        return asPatch(await readPatch(call.repository.gitDir, await forkPoint(call, issue), issue.pull.headSha));
      }
      return ok(await fullPull(call.github, call.repository, issue));
    },
  },
  {
    route: "GET /repos/{owner}/{repo}/pulls/{pull_number}/files",
    by: "repository",
    needs: reads,
    handle: async (call) => {
      const issue = findPull(call);
      const base = await forkPoint(call, issue);
      const files = (await readDiff(call.repository.gitDir, base, issue.pull.headSha)).slice(0, MOST_FILES);
      return list(await renderFiles(call, files, base, issue.pull.headSha), (file) => file);
    },
  },
  {
    route: "GET /repos/{owner}/{repo}/pulls/{pull_number}/commits",
    by: "repository",
    needs: reads,
    handle: async (call) => {
      const { pull } = findPull(call);
      const args = ["--reverse", pull.headSha, `^${pull.baseSha}`];
      const commits = (await readCommits(call.repository.gitDir, args)).slice(0, MOST_COMMITS);
      return list(commits, (commit) => commitShape(call.github, call.repository, commit));
    },
  },
];

function forkPoint({ repository }: RepositoryCall, { pull }: PullIssue): Promise<string | undefined> {
  return mergeBase(repository.gitDir, pull.baseSha, pull.headSha);
}

function findPull({ repository, params }: RepositoryCall): PullIssue {
  const issue = repository.issues[Number(params["pull_number"]) - 1];
  if (issue === undefined || !isPull(issue)) throw notFound();
  return issue;
}

function listPulls({ github, repository, query }: RepositoryCall): Result {
  const state = query.get("state") ?? "open";
  const [owner, branch] = (query.get("head") ?? "").split(":");
  const base = query.get("base");
  const found = repository.issues.filter(isPull).filter((issue) => {
    const from = github.world.findRepositoryById(issue.pull.headRepository);
    const isFrom = branch === undefined || (from?.owner.login === owner && issue.pull.headRef === branch);
    return isFrom && (state === "all" || issue.state === state) && (base === null || issue.pull.baseRef === base);
  });
  const byUpdate = query.get("sort") === "updated";
  const key = (issue: PullIssue): number => (byUpdate ? issue.updatedAt.getTime() : issue.number);
  const ascending = found.toSorted((left, right) => key(left) - key(right));
  const isAscending = query.get("direction") === "asc";
  return list(isAscending ? ascending : ascending.toReversed(), (issue) => pullShape(github, repository, issue));
}
