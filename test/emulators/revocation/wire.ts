// Joins the two emulators: what is revoked here is dead there.
import type { InferenceKeyEmulator } from "../inferencekey/emulator.ts";
import type { LeakedToken } from "./contract.ts";
import type { Decision } from "./ledger.ts";

/** For the `revoke` of a revocation server: looks the token up by its hash and kills it. */
export function revokingIn(api: InferenceKeyEmulator): (entry: LeakedToken) => Decision {
  return ({ fingerprint }) => {
    const status = api.statusOf(fingerprint);
    if (status === "unknown") return { status: "not_owned" };
    if (status === "revoked" || status === "expired") return { status: "already" };
    api.revoke(fingerprint);
    return { status: "revoked" };
  };
}
