/** Who the App is on GitHub: by this it knows what it wrote itself. */
import type { GitHubClient } from "./client.ts";

export interface AppIdentity {
  readonly appId: number;
  readonly slug: string;
  /** The login of whatever the App writes. */
  readonly botLogin: string;
}

/** @param app the client of the App itself */
export async function readIdentity(app: GitHubClient): Promise<AppIdentity> {
  const { data } = await app.rest.apps.getAuthenticated();
  if (data === null || data.slug === undefined) throw new Error("GitHub does not name the App");
  return { appId: data.id, slug: data.slug, botLogin: `${data.slug}[bot]` };
}

interface Written {
  readonly user: { readonly login: string; readonly type: string } | null;
  readonly performed_via_github_app?: { readonly id: number } | null | undefined;
}

/** Whether the App wrote it, and no person with a similar name or through the App. */
export function isWrittenBy(
  { appId, botLogin }: AppIdentity,
  { user, performed_via_github_app: via }: Written,
): boolean {
  if (user === null || user.type !== "Bot") return false;
  // The login changes with the name of the App, the number does not.
  return via === null || via === undefined ? user.login.toLowerCase() === botLogin.toLowerCase() : via.id === appId;
}
