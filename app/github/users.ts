/** Who is behind a commit, as far as GitHub knows. */
import type { GitHubClient } from "./client.ts";
import { isRefusal, orRefusal } from "./refusal.ts";
import { splitName } from "./repositories.ts";

/** GitHub's own committer of what is done in the browser. */
const WEB_FLOW = "web-flow";

/** The login of a commit's author, else of its committer; null where the mail belongs to nobody, or the commit is gone. */
export async function loginBehindCommit(
  client: GitHubClient,
  fullName: string,
  commit: string,
): Promise<string | null> {
  const outcome = await orRefusal(`read a commit of ${fullName}`, () =>
    // One file a page: the changes, which hold the token, are not what is asked for.
    client.rest.repos.getCommit({ ...splitName(fullName), ref: commit, per_page: 1 }),
  );
  if (isRefusal(outcome)) return null;
  const { author, committer } = outcome.data;
  return [author, committer].map(loginOf).find((login) => login !== null && login !== WEB_FLOW) ?? null;
}

function loginOf(user: object | null): string | null {
  return user !== null && "login" in user && typeof user.login === "string" && user.login !== "" ? user.login : null;
}
