/** Where the App is installed. */
import type { GitHubClient } from "./client.ts";

export interface InstallationFacts {
  readonly id: number;
  readonly accountId: number;
  readonly account: string;
  readonly isSuspended: boolean;
  readonly permissions: Readonly<Record<string, string>>;
  readonly events: readonly string[];
}

/** @param app the client of the App itself */
export async function* installations(app: GitHubClient): AsyncGenerator<InstallationFacts> {
  for await (const { data } of app.paginate.iterator(app.rest.apps.listInstallations, { per_page: 100 })) {
    for (const { id, account, suspended_at: suspendedAt, permissions, events } of data) {
      if (account === null) continue;
      yield {
        id,
        accountId: account.id,
        account: account.login,
        isSuspended: suspendedAt !== null,
        permissions,
        events,
      };
    }
  }
}
