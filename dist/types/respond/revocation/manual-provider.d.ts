/** Where nobody can be asked by a machine: a person revokes in the dashboard, and the tokens are watched until then. */
import type { RevocationEntry, RevocationProvider, RevocationResult } from "./provider.js";
export declare class ManualProvider implements RevocationProvider {
    readonly name = "the dashboard";
    readonly isManual = true;
    revoke(entries: readonly RevocationEntry[]): Promise<Map<string, RevocationResult>>;
    poll(): Promise<Map<string, RevocationResult>>;
    close(): Promise<void>;
}
