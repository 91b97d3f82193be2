/** `keyrecall-app init`: registers the GitHub App from a manifest and writes the settings that it runs with. */
import { randomBytes } from "node:crypto";
import { requireSecureUrl } from "keyrecall";
import { createGitHub } from "../github/client.ts";
import { SettingsError } from "../settings-error.ts";
import { convertCode, type NewApp } from "./conversion.ts";
import { readFromFile, requireWritable, writeEnvironmentFile } from "./environment-file.ts";
import { apiUrlOf, manifestOf } from "./manifest.ts";
import { openRegistration } from "./registration-page.ts";

export interface InitOptions {
  /** Where GitHub reaches the App: an origin, or with a path of the operator's own. */
  readonly webhookUrl: string;
  readonly organization: string | null;
  readonly name: string;
  readonly serverUrl: string;
  /** Null where it follows from the server. */
  readonly apiUrl: string | null;
  readonly environmentFile: string;
  readonly isReplacing: boolean;
  readonly withAdvisories: boolean;
  readonly port: number;
}

const WEBHOOK_PATH = "/api/github/webhooks";
const GITHUB = "https://github.com";
/** A code is good for an hour; who does not come back by then starts again. */
const PATIENCE_MS = 3_600_000;
const NAME_LIMIT = 34;

/** @param say one line for the person at the terminal */
export async function initialize(
  options: InitOptions,
  say: (line: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const { environmentFile: file, isReplacing, organization } = options;
  const serverUrl = secure(options.serverUrl, "--server-url");
  const apiUrl = secure(options.apiUrl ?? apiUrlOf(serverUrl), "--api-url");
  const webhook = webhookOf(options.webhookUrl);
  if (organization !== null && !/^[\w-]{1,100}$/.test(organization)) {
    throw new SettingsError("--organization is no name of an organisation", "give it as it stands in its address");
  }
  if (options.name.trim() === "" || options.name.length > NAME_LIMIT) {
    throw new SettingsError(`--name has none, or more than ${NAME_LIMIT} letters`, "GitHub takes no longer one");
  }
  requireWritable(file, isReplacing);
  const registration = await openRegistration({
    port: options.port,
    serverUrl,
    organization,
    makeManifest: (redirectUrl) =>
      manifestOf({
        name: options.name,
        homepage: new URL(webhook.href).origin,
        webhookUrl: webhook.href,
        redirectUrl,
        withAdvisories: options.withAdvisories,
      }),
  });
  try {
    say(`Open this page in a browser on this machine, and go on from there:\n\n  ${registration.url}\n`);
    const limit = AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]);
    const app = await registration.waitForCode(async (code) => {
      const made = await convertCode(apiUrl, code);
      const generated = isUsable(made.webhookSecret) ? null : randomBytes(32).toString("hex");
      // Written before anything else is tried: GitHub shows the key this one time.
      write(file, isReplacing, settingsOf(options, made, generated ?? made.webhookSecret!, serverUrl, apiUrl, webhook));
      if (generated !== null) await giveSecret(made, apiUrl, generated);
      return made;
    }, limit);
    say(whatNext(app, file, serverUrl));
  } catch (error) {
    if (error === signal.reason || (error as Error).name === "TimeoutError") {
      throw new SettingsError("no App was registered", "nothing was written; run init again");
    }
    throw error;
  } finally {
    await registration.close();
  }
}

function webhookOf(text: string): URL {
  const url = new URL(secure(text, "--webhook-url"));
  if (url.pathname === "/") url.pathname = WEBHOOK_PATH;
  return url;
}

function secure(text: string, name: string): string {
  try {
    return requireSecureUrl(text, name).href.replace(/\/+$/, "");
  } catch (error) {
    const { message, hint } = error as Error & { hint?: string };
    throw new SettingsError(message, hint ?? "give an https address");
  }
}

/** One that an environment file says in the same way to every reader of it, and that the App takes. */
function isUsable(secret: string | null): boolean {
  return secret !== null && /^[\w.-]{16,}$/.test(secret);
}

function settingsOf(
  { environmentFile: file, withAdvisories }: InitOptions,
  app: NewApp,
  webhookSecret: string,
  serverUrl: string,
  apiUrl: string,
  webhook: URL,
): [string, string][] {
  // Another seal key would make what is stored unreadable.
  const sealKey = readFromFile(file, "KEYRECALL_SEAL_KEY") ?? randomBytes(32).toString("base64");
  return [
    ["APP_ID", String(app.id)],
    ["PRIVATE_KEY", Buffer.from(app.privateKey).toString("base64")],
    ["WEBHOOK_SECRET", webhookSecret],
    ["KEYRECALL_SEAL_KEY", sealKey],
    ...(webhook.pathname === WEBHOOK_PATH ? [] : ([["WEBHOOK_PATH", webhook.pathname]] as [string, string][])),
    ...(serverUrl === GITHUB
      ? []
      : ([
          ["GITHUB_SERVER_URL", serverUrl],
          ["GITHUB_API_URL", apiUrl],
        ] as [string, string][])),
    ...(withAdvisories ? ([["PRIVATE_ADVISORIES", "true"]] as [string, string][]) : []),
  ];
}

/** All that this command sets, for whichever server: of an earlier App nothing is left. */
const OWN_VARIABLES = [
  "APP_ID",
  "PRIVATE_KEY",
  "PRIVATE_KEY_PATH",
  "WEBHOOK_SECRET",
  "WEBHOOK_SECRET_PREVIOUS",
  "WEBHOOK_PATH",
  "KEYRECALL_SEAL_KEY",
  "GITHUB_SERVER_URL",
  "GITHUB_API_URL",
  "PRIVATE_ADVISORIES",
];

function write(file: string, isReplacing: boolean, variables: readonly [string, string][]): void {
  try {
    writeEnvironmentFile(file, variables, isReplacing ? OWN_VARIABLES : null);
  } catch (error) {
    if (isReplacing) throw error;
    // Somebody else wrote it meanwhile, and the key is shown one time only.
    const aside = `${file}.${variables[0]?.[1]}`;
    writeEnvironmentFile(aside, variables, null);
    throw new SettingsError(`${file} is there by now: the App's settings are in ${aside}`, "put them together by hand");
  }
}

async function giveSecret(app: NewApp, apiUrl: string, secret: string): Promise<void> {
  const log = { debug: () => undefined, warn: () => undefined };
  const github = createGitHub({ appId: app.id, privateKey: app.privateKey, baseUrl: apiUrl, log });
  try {
    const client = await github.forApp();
    // The address is in the manifest; a field `url` here would be taken for the address of the request.
    await client.rest.apps.updateWebhookConfigForApp({ content_type: "json", insecure_ssl: "0", secret });
  } catch {
    throw new SettingsError(
      "the App was made and its settings are written, but GitHub did not take the webhook's secret",
      "put WEBHOOK_SECRET of the file into the App's page (Webhook secret)",
    );
  } finally {
    github.close();
  }
}

function whatNext(app: NewApp, file: string, serverUrl: string): string {
  const page = app.pageUrl ?? (app.slug === null ? null : `${serverUrl}/apps/${app.slug}`);
  return `The App is registered with the number ${app.id}, and its settings are in ${file} (only you can read it).

Next:
  1. Add who revokes: REVOCATION_URL and REVOCATION_SECRET, and a private place for issues: PRIVATE_ISSUE_REPOSITORY.
  2. keyrecall-app doctor --settings ${file}
  3. keyrecall-app start --settings ${file}
  4. Install the App${page === null ? "" : `: ${page}/installations/new`}`;
}
