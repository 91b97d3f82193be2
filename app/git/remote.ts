/** A repository on the server that the App works for. */
import { requireSecureUrl } from "keyrecall";

export interface Remote {
  /** The server's number for the repository: names change and change hands, numbers do not. */
  readonly id: number;
  /** The wiki of that repository, which is a repository of its own. */
  readonly isWiki?: boolean;
  /** The URL to clone from, without a credential. */
  readonly url: string;
  /** What the server says of the repository's size; null where it says nothing. */
  readonly sizeBytes: number | null;
  /**
   * The token that opens the repository; null where none is needed.
   *
   * @param isRefused true where the one given before was refused: then a fresh one is wanted
   */
  readonly credential: (isRefused: boolean) => Promise<string | null>;
}

/**
 * A credential goes to the configured server only, whatever a payload names.
 *
 * @throws {KeyrecallError} `usage`, or an error where the URL is another server's
 */
export function requireRemote(remote: Remote, serverUrl: string): void {
  if (!Number.isSafeInteger(remote.id) || remote.id < 0) throw new Error(`not a repository's number: ${remote.id}`);
  const url = requireSecureUrl(remote.url, "the clone URL");
  const server = requireSecureUrl(serverUrl, "the git server");
  if (url.origin !== server.origin) {
    throw new Error(`the clone URL is on ${url.host}, and the App works for ${server.host}`);
  }
}
