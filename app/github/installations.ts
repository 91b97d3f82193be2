/** Where the App is installed. */
import type { GitHubClient } from "./client.ts";
import { orRefusal, type Refusal } from "./refusal.ts";

export interface InstallationFacts {
  readonly id: number;
  readonly accountId: number;
  readonly account: string;
  readonly isSuspended: boolean;
  readonly permissions: Readonly<Record<string, string>>;
  readonly events: readonly string[];
}

export interface InstallationAccount {
  readonly kind: "account";
  readonly id: number;
  readonly login: string;
}

/** On whom an installation is, under the name of now. @param app the client of the App itself */
export async function installationAccount(
  app: GitHubClient,
  installationId: number,
): Promise<InstallationAccount | Refusal> {
  return orRefusal("read an installation", async (): Promise<InstallationAccount> => {
    const { data } = await app.rest.apps.getInstallation({ installation_id: installationId });
    const { account } = data;
    return {
      kind: "account",
      id: account?.id ?? 0,
      login: account !== null && "login" in account ? account.login : "",
    };
  });
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
