/** Where nobody can be asked by a machine: a person revokes in the dashboard, and the tokens are watched until then. */
import type { RevocationEntry, RevocationProvider, RevocationResult } from "./provider.ts";

const WAITING: RevocationResult = { status: "pending", message: null };

export class ManualProvider implements RevocationProvider {
  readonly name = "the dashboard";
  readonly isManual = true;

  revoke(entries: readonly RevocationEntry[]): Promise<Map<string, RevocationResult>> {
    return Promise.resolve(new Map(entries.map(({ token }) => [token.fingerprint, WAITING])));
  }

  poll(): Promise<Map<string, RevocationResult>> {
    return Promise.resolve(new Map());
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
