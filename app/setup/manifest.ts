/** The manifest of the GitHub App, as GitHub takes it from a form. */
import { ADVISORY_PERMISSION, EVENTS, PERMISSIONS } from "../github/requirements.ts";

export interface ManifestFacts {
  readonly name: string;
  /** A page about the App; GitHub wants one. */
  readonly homepage: string;
  /** The whole address, path included: GitHub adds nothing to it. */
  readonly webhookUrl: string;
  /** Where GitHub sends the browser with the code. */
  readonly redirectUrl: string;
  readonly withAdvisories: boolean;
}

export interface Manifest {
  readonly name: string;
  readonly url: string;
  readonly hook_attributes: { readonly url: string; readonly active: true };
  readonly redirect_url: string;
  readonly description: string;
  readonly public: false;
  readonly default_events: readonly string[];
  readonly default_permissions: Readonly<Record<string, string>>;
}

export function manifestOf({ name, homepage, webhookUrl, redirectUrl, withAdvisories }: ManifestFacts): Manifest {
  const permissions = [...PERMISSIONS, ...(withAdvisories ? [ADVISORY_PERMISSION] : [])];
  return {
    name,
    url: homepage,
    hook_attributes: { url: webhookUrl, active: true },
    redirect_url: redirectUrl,
    description: "Takes leaked InferenceKey tokens out of service and opens one rotation issue each.",
    public: false,
    default_events: EVENTS.map((event) => event.name),
    default_permissions: Object.fromEntries(permissions.map((permission) => [permission.name, permission.level])),
  };
}

/** Where a manifest is posted to: of an organisation, or of the person who is signed in. */
export function registrationUrl(serverUrl: string, organization: string | null, state: string): string {
  const owner = organization === null ? "" : `/organizations/${encodeURIComponent(organization)}`;
  return `${serverUrl}${owner}/settings/apps/new?state=${encodeURIComponent(state)}`;
}

/** The API of a server that is named by its web address: github.com, a tenant of ghe.com, or an Enterprise Server. */
export function apiUrlOf(serverUrl: string): string {
  const { host, origin } = new URL(serverUrl);
  if (host === "github.com" || host === "www.github.com") return "https://api.github.com";
  return host.endsWith(".ghe.com") ? `https://api.${host}` : `${origin}/api/v3`;
}
