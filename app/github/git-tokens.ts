/** Tokens for git that are still good: one for each repository, not one for each push. */
import type { GitHub } from "./client.ts";
import { isRefusal, type Refusal } from "./refusal.ts";
import { type GitToken, mintGitToken } from "./tokens.ts";

/** A fetch takes its time; a token that ends before it is of no use. */
const MIN_LEFT_MS = 15 * 60_000;
const MAX_TOKENS = 10_000;

export class GitTokens {
  readonly #github: GitHub;
  readonly #tokens = new Map<string, GitToken>();

  constructor(github: GitHub) {
    this.#github = github;
  }

  /** @param isRefused the one that is known was refused */
  async get(installationId: number, repositoryId: number, isRefused: boolean): Promise<GitToken | Refusal> {
    const key = `${installationId} ${repositoryId}`;
    const known = this.#tokens.get(key);
    if (!isRefused && known !== undefined && Date.parse(known.expiresAt) - Date.now() > MIN_LEFT_MS) return known;
    const minted = await mintGitToken(await this.#github.forApp(), installationId, repositoryId);
    this.#tokens.delete(key);
    if (isRefusal(minted)) return minted;
    this.#tokens.set(key, minted);
    const [oldest] = this.#tokens.keys();
    if (this.#tokens.size > MAX_TOKENS && oldest !== undefined) this.#tokens.delete(oldest);
    return minted;
  }
}
