/** Comments of people, and who they are: asked from the API, whatever a webhook said of them. */
import type { GitHubClient } from "./client.ts";
import { orRefusal, type Refusal } from "./refusal.ts";
import { splitName } from "./repositories.ts";

export interface PersonsComment {
  readonly kind: "comment";
  readonly id: number;
  readonly body: string;
  readonly authorId: number;
  readonly authorLogin: string;
  /** Written by a person with their own hands: by no bot, and by no App in their name. */
  readonly isByHand: boolean;
}

export async function readComment(
  client: GitHubClient,
  fullName: string,
  id: number,
): Promise<PersonsComment | Refusal> {
  return orRefusal(`read a comment in ${fullName}`, async () => {
    const { data } = await client.rest.issues.getComment({ ...splitName(fullName), comment_id: id });
    const { user, performed_via_github_app: via } = data;
    return {
      kind: "comment",
      id,
      body: data.body ?? "",
      authorId: user?.id ?? 0,
      authorLogin: user?.login ?? "",
      isByHand: user?.type === "User" && (via === null || via === undefined),
    };
  });
}

export interface RoleInRepository {
  readonly kind: "role";
  readonly userId: number;
  readonly mayWrite: boolean;
}

/** What somebody may do in a repository, now. */
export async function roleIn(
  client: GitHubClient,
  fullName: string,
  login: string,
): Promise<RoleInRepository | Refusal> {
  return orRefusal(`ask what somebody may do in ${fullName}`, async () => {
    const { data } = await client.rest.repos.getCollaboratorPermissionLevel({
      ...splitName(fullName),
      username: login,
    });
    const mayWrite = data.permission === "admin" || data.permission === "write";
    return { kind: "role", userId: data.user?.id ?? 0, mayWrite };
  });
}

/** The same one once more changes nothing. */
export async function react(
  client: GitHubClient,
  fullName: string,
  commentId: number,
  content: "+1" | "confused",
): Promise<Refusal | null> {
  return orRefusal(`react to a comment in ${fullName}`, async () => {
    await client.rest.reactions.createForIssueComment({ ...splitName(fullName), comment_id: commentId, content });
    return null;
  });
}
