/** GitHub's own alerts about secrets: what they are about, and what is known of it by now. */
import type { GitHubClient } from "./client.ts";
import { orRefusal, type Refusal } from "./refusal.ts";
import { splitName } from "./repositories.ts";

export interface SecretAlert {
  readonly kind: "secret-alert";
  /** Raw: to be looked at and forgotten. */
  readonly secret: string;
  readonly url: string | null;
}

export interface AlertState {
  readonly validity: "active" | "inactive";
  /** Null leaves it as it is. */
  readonly state: "open" | "resolved" | null;
}

export async function readSecretAlert(
  client: GitHubClient,
  fullName: string,
  number: number,
): Promise<SecretAlert | Refusal> {
  return orRefusal(whatOf("read", fullName, number), async (): Promise<SecretAlert> => {
    const { data } = await client.rest.secretScanning.getAlert({ ...splitName(fullName), alert_number: number });
    return { kind: "secret-alert", secret: data.secret ?? "", url: data.html_url ?? null };
  });
}

/** Writes what is not there yet. An alert that somebody closed stays closed, for whatever reason. */
export async function writeSecretAlert(
  client: GitHubClient,
  fullName: string,
  number: number,
  { validity, state }: AlertState,
): Promise<{ readonly kind: "written" } | Refusal> {
  const place = { ...splitName(fullName), alert_number: number };
  return orRefusal(whatOf("update", fullName, number), async () => {
    const { data } = await client.rest.secretScanning.getAlert({ ...place, hide_secret: true });
    const hasState = state === null || data.state === state;
    if (data.validity === validity && hasState) return { kind: "written" } as const;
    // The client's own method does not know the validity yet.
    await client.request({
      method: "PATCH",
      url: "/repos/{owner}/{repo}/secret-scanning/alerts/{alert_number}",
      ...place,
      validity,
      ...(hasState ? {} : state === "resolved" ? RESOLVED : { state: "open" as const }),
    });
    return { kind: "written" } as const;
  });
}

const RESOLVED = {
  state: "resolved",
  resolution: "revoked",
  resolution_comment: "Keyrecall: InferenceKey's API refuses the token.",
} as const;

function whatOf(did: string, fullName: string, number: number): string {
  return `${did} the secret scanning alert ${number} of ${fullName}`;
}
