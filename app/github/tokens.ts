/** Tokens for git: of one repository, for reading its contents only. */
import { inspect } from "node:util";
import type { GitHubClient } from "./client.ts";
import { orRefusal, type Refusal } from "./refusal.ts";

/** Shows itself nowhere; only {@link GitToken.reveal} gives the value. Its form and length are GitHub's to change. */
export class GitToken {
  readonly kind = "token";
  readonly #value: string;
  /** ISO 8601, UTC. */
  readonly expiresAt: string;

  constructor(value: string, expiresAt: string) {
    this.#value = value;
    this.expiresAt = expiresAt;
  }

  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return "ghs_…";
  }

  toJSON(): string {
    return this.toString();
  }

  [inspect.custom](): string {
    return this.toString();
  }
}

/**
 * A new one with each call: it lives for an hour, and where git is refused with it in mid-work, another is asked for.
 *
 * @param app the client of the App itself
 */
export async function mintGitToken(
  app: GitHubClient,
  installationId: number,
  repositoryId: number,
): Promise<GitToken | Refusal> {
  return orRefusal(`read the repository ${repositoryId}`, async () => {
    const { data } = await app.rest.apps.createInstallationAccessToken({
      installation_id: installationId,
      repository_ids: [repositoryId],
      permissions: { contents: "read" },
    });
    return new GitToken(data.token, data.expires_at);
  });
}
