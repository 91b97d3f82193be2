// The part of the search that finds issues by words and by the commonest qualifiers. What has just been written is not
// found at once on github.com; here it is, unless `searchLagSeconds` says otherwise.
import { canSee } from "../access.ts";
import { GitHubError } from "../github-error.ts";
import { list, type Call, type Result, type Route } from "../route.ts";
import { issueShape } from "../shapes/issues.ts";
import type { Issue, Repository } from "../world/entities.ts";
import { fullName } from "../world/entities.ts";

export const searchRoutes: readonly Route[] = [{ route: "GET /search/issues", by: "anybody", handle: searchIssues }];

const MOST_RESULTS = 1000;
const TERM = /(?:(?<qualifier>[a-z-]+):)?(?:"(?<quoted>[^"]*)"|(?<plain>\S+))/g;
const KNOWN = new Set(["repo", "org", "user", "is", "state", "type", "author", "label", "in", "assignee"]);

interface Term {
  readonly qualifier: string | undefined;
  readonly value: string;
}

function searchIssues({ github, principal, query }: Call): Result {
  const terms = [...(query.get("q") ?? "").matchAll(TERM)].map(({ groups = {} }): Term => ({
    qualifier: groups["qualifier"],
    value: (groups["quoted"] ?? groups["plain"] ?? "").toLowerCase(),
  }));
  const unknown = terms.find(({ qualifier }) => qualifier !== undefined && !KNOWN.has(qualifier));
  if (unknown !== undefined) {
    github.complaints.push(`search for ${unknown.qualifier}: is not emulated`);
    throw new GitHubError(422, "Validation Failed");
  }
  if (terms.length === 0) throw new GitHubError(422, "Validation Failed");
  const newest = Date.now() - github.settings.searchLagSeconds * 1000;
  const found = github.world.repositories.flatMap((repository) =>
    repository.isDeleted || !canSee(github.world, principal, repository)
      ? []
      : repository.issues
          .filter((issue) => issue.createdAt.getTime() <= newest)
          .filter((issue) => terms.every((term) => matches(term, repository, issue)))
          .map((issue) => ({ repository, issue })),
  );
  return list(
    found.slice(0, MOST_RESULTS),
    ({ repository, issue }) => ({ ...issueShape(github, repository, issue), score: 1 }),
    (page, total) => ({ total_count: total, incomplete_results: false, items: page, search_type: "lexical" }),
  );
}

function matches({ qualifier, value }: Term, repository: Repository, issue: Issue): boolean {
  const isPull = issue.pull !== undefined;
  switch (qualifier) {
    case undefined:
      return `${issue.title}\n${issue.body ?? ""}`.toLowerCase().includes(value);
    case "repo":
      return fullName(repository).toLowerCase() === value;
    case "org":
    case "user":
      return repository.owner.login.toLowerCase() === value;
    case "author":
      return issue.user.login.toLowerCase().replace("[bot]", "") === value.replace("app/", "").replace("[bot]", "");
    case "assignee":
      return issue.assignees.some(({ login }) => login.toLowerCase() === value);
    case "label":
      return issue.labels.some(({ name }) => name.toLowerCase() === value);
    case "is":
    case "state":
    case "type":
      if (value === "issue") return !isPull;
      if (value === "pr") return isPull;
      if (value === "public" || value === "private") return repository.isPrivate === (value === "private");
      return issue.state === value;
    default:
      return true;
  }
}
