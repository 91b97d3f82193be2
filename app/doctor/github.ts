import type { GitHub, GitHubClient } from "../github/client.ts";
/** The App as GitHub knows it: its identity, what it may and is told, where its webhooks go and what became of them. */
import { failedDeliveries } from "../github/deliveries.ts";
import { GitHubError, GitHubUnreachableError } from "../github/errors.ts";
import { installations, type InstallationFacts } from "../github/installations.ts";
import { isRefusal } from "../github/refusal.ts";
import { repositoryByName, splitName } from "../github/repositories.ts";
import {
  ADVISORY_PERMISSION,
  missingEvents,
  missingPermissions,
  PERMISSIONS,
  type RequiredPermission,
} from "../github/requirements.ts";
import type { Settings } from "../settings.ts";
import { type Finding, finding, ok } from "./finding.ts";

const TIMEOUT_MS = 15_000;
/** A JWT of the App holds for ten minutes and may not be from the future. */
const WORST_SKEW_MS = 30_000;
const DELIVERIES_AGE_MS = 3 * 86_400_000;

/** Asked without signing in: a clock that is wrong spoils every signature, and the reason should be told. */
export async function checkClock({ gitHubApiUrl }: Settings): Promise<Finding[]> {
  const { host } = new URL(gitHubApiUrl);
  try {
    const asked = Date.now();
    const response = await fetch(`${gitHubApiUrl}/rate_limit`, {
      headers: { "user-agent": "keyrecall-app", accept: "application/vnd.github+json" },
      redirect: "manual",
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    await response.body?.cancel();
    const theirs = Date.parse(response.headers.get("date") ?? "");
    if (Number.isNaN(theirs)) {
      return [finding("github", "problem", `${host} does not answer as GitHub does`, "check GITHUB_API_URL")];
    }
    // Their date is cut to seconds, and is from somewhere between question and answer.
    const skewMs = Math.max(0, Math.abs(theirs + 500 - (asked + Date.now()) / 2) - 500);
    const what = `the clocks of ${host} and of this machine are ${Math.round(skewMs / 1000)} s apart`;
    return [
      ok("github", `${host} answers`),
      skewMs > WORST_SKEW_MS
        ? finding("clock", "problem", what, "set this machine's clock by NTP: GitHub refuses what is signed otherwise")
        : ok("clock", what),
    ];
  } catch {
    const remedy = "check the network, a proxy, and GITHUB_API_URL";
    return [finding("github", "problem", `${host} cannot be reached`, remedy)];
  }
}

export async function checkGitHub(settings: Settings, github: GitHub): Promise<Finding[]> {
  const app = await github.forApp();
  const wanted = [...PERMISSIONS, ...(settings.opensAdvisories ? [ADVISORY_PERMISSION] : [])];
  const identity = await settled("app", async () => {
    const { data } = await app.rest.apps.getAuthenticated();
    if (data === null || data.slug === undefined) throw new Error("GitHub does not name the App");
    const what = `${data.slug} (${data.id}) signs in`;
    const permissions = data.permissions as Readonly<Record<string, string | undefined>>;
    return [
      data.id === settings.appId
        ? ok("app", what)
        : finding(
            "app",
            "problem",
            `${what}, and APP_ID is ${settings.appId}`,
            "set APP_ID as the App's page shows it",
          ),
      ...granted("permissions", "the App asks for", permissions, data.events, wanted, "the App's page, Permissions"),
    ];
  });
  if (identity.length === 1 && identity[0]?.state !== "ok") return identity;
  return [
    ...identity,
    ...(await settled("installations", () => checkInstallations(app, wanted))),
    ...(await settled("webhook", () => checkWebhook(settings, app))),
    ...(await settled("deliveries", () => checkDeliveries(app))),
    ...(await settled("issues", () => checkPrivateRepository(settings, app, github))),
  ];
}

/** What an installation or the App is granted, against what is needed. */
function granted(
  check: string,
  who: string,
  permissions: Readonly<Record<string, string | undefined>>,
  events: readonly string[],
  wanted: readonly RequiredPermission[],
  where: string,
): Finding[] {
  const missing = missingPermissions(permissions, wanted);
  const essential = missing.filter(({ isEssential }) => isEssential);
  const others = missing.filter(({ isEssential }) => !isEssential);
  const unheard = missingEvents(events, permissions);
  const findings = [
    ...(essential.length === 0
      ? []
      : [finding(check, "problem", `${who} too little: ${named(essential)}`, `grant it: ${where}`)]),
    ...(others.length === 0
      ? []
      : [finding(check, "advice", `${who} less than there is: ${named(others)}`, `grant it: ${where}`)]),
    ...(unheard.length === 0
      ? []
      : [
          finding(
            "events",
            "problem",
            `${who} no events of: ${unheard.map(({ name, purpose }) => `${name} (${purpose})`).join(", ")}`,
            `subscribe to them: ${where} & events`,
          ),
        ]),
  ];
  return findings.length === 0 ? [ok(check, `${who} all permissions and events`)] : findings;
}

function named(permissions: readonly RequiredPermission[]): string {
  return permissions.map(({ name, level, purpose }) => `${name}: ${level} (${purpose})`).join(", ");
}

async function checkInstallations(app: GitHubClient, wanted: readonly RequiredPermission[]): Promise<Finding[]> {
  const all: InstallationFacts[] = [];
  for await (const installation of installations(app)) all.push(installation);
  if (all.length === 0) {
    return [
      finding("installations", "advice", "it is installed nowhere yet", "install it: the App's page, Install App"),
    ];
  }
  return all.flatMap(({ account, isSuspended, permissions, events }) =>
    isSuspended
      ? [
          finding(
            "installations",
            "problem",
            `${account} has suspended it`,
            "an owner of it can end that, or uninstall it",
          ),
        ]
      : granted(
          "installations",
          `${account} grants`,
          permissions,
          events,
          wanted,
          `an owner of ${account} accepts the App's new permissions`,
        ),
  );
}

async function checkWebhook({ webhookPath, gitHubServerUrl }: Settings, app: GitHubClient): Promise<Finding[]> {
  const check = "webhook";
  const { data } = await app.rest.apps.getWebhookConfigForApp();
  const page = "the App's page, Webhook";
  if (data.url === undefined || data.url === "" || !URL.canParse(data.url)) {
    return [finding(check, "problem", "GitHub has no address for its webhooks", `set it: ${page}`)];
  }
  const url = new URL(data.url);
  const shown = `${url.origin}${url.pathname}`;
  const findings: Finding[] = [];
  if (url.pathname !== webhookPath) {
    const what = `webhooks go to ${shown}, and the App listens at ${webhookPath}`;
    findings.push(finding(check, "problem", what, `correct the address (${page}) or WEBHOOK_PATH`));
  }
  // An emulated GitHub on this machine may well send to this machine.
  const isLocalTest = ["127.0.0.1", "localhost"].includes(new URL(gitHubServerUrl).hostname);
  if (url.protocol !== "https:" && !isLocalTest) {
    findings.push(finding(check, "problem", `webhooks go to ${shown}, unencrypted`, `use https: ${page}`));
  }
  if (String(data.insecure_ssl ?? "0") !== "0") {
    findings.push(finding(check, "problem", "GitHub does not check the receiver's certificate", `enable it: ${page}`));
  }
  if (data.content_type !== undefined && data.content_type !== "json") {
    const what = `the content type is ${data.content_type === "form" ? "form" : "another one"}`;
    findings.push(finding(check, "problem", what, `application/json: ${page}`));
  }
  if (data.secret === undefined || data.secret === "") {
    findings.push(
      finding(check, "problem", "GitHub has no secret for its webhooks", `put WEBHOOK_SECRET there: ${page}`),
    );
  }
  return findings.length === 0 ? [ok(check, `webhooks go to ${shown}`), await checkFront(url)] : findings;
}

/** The front refuses everything but POST, in words that nobody else has. */
async function checkFront(url: URL): Promise<Finding> {
  const check = "front";
  const remedy = "start the App, and see that what stands in front of it hands on that path; GitHub may still reach it";
  try {
    const response = await fetch(url, { redirect: "manual", signal: AbortSignal.timeout(TIMEOUT_MS) });
    await response.body?.cancel();
    const isFront = response.status === 405 && response.headers.get("allow") === "POST";
    if (isFront) return ok(check, `${url.host} is the App's front`);
    return finding(check, "advice", `${url.host} answers ${response.status}, which is not the App's front`, remedy);
  } catch {
    return finding(check, "advice", `${url.host} cannot be reached from here`, remedy);
  }
}

const REASONS: readonly (readonly [RegExp, string])[] = [
  [/401/, "WEBHOOK_SECRET is not the one that GitHub has"],
  [/404/, "the path of the webhook's address is not WEBHOOK_PATH"],
  [/415/, "the webhook's content type is not application/json"],
  [/50\d/, "what stands in front of the App does not reach it, or its database is away: see /readyz"],
  [/./, "the webhook's address cannot be reached from GitHub: see its name, certificate and firewall"],
];

async function checkDeliveries(app: GitHubClient): Promise<Finding[]> {
  const failed = await failedDeliveries(app, new Date(Date.now() - DELIVERIES_AGE_MS));
  const latest = failed.at(-1);
  if (latest === undefined) return [ok("deliveries", "none of the last three days is missing")];
  const status = latest.status.replaceAll(/[^\w :.]/g, "").slice(0, 60);
  const what = `${failed.length} of the last three days did not arrive; the latest, ${latest.event} at ${latest.triedAt}: ${status}`;
  const why = REASONS.find(([pattern]) => pattern.test(status))?.[1] ?? "see the App's page, Advanced";
  return [finding("deliveries", "problem", what, `${why}; they are asked for again by themselves`)];
}

async function checkPrivateRepository(
  { privateIssueRepository, opensAdvisories }: Settings,
  app: GitHubClient,
  github: GitHub,
): Promise<Finding[]> {
  const check = "issues";
  const remedy = "set PRIVATE_ISSUE_REPOSITORY to a private repository that the App is installed on";
  if (privateIssueRepository === null) {
    if (opensAdvisories) return [ok(check, "leaks of public repositories go to private advisories")];
    const what = "there is no private place for issues about leaks of public repositories";
    return [finding(check, "advice", what, `${remedy}, or PRIVATE_ADVISORIES=true`)];
  }
  const { owner } = splitName(privateIssueRepository);
  for await (const { id, account, isSuspended } of installations(app)) {
    if (account.toLowerCase() !== owner.toLowerCase() || isSuspended) continue;
    const repository = await repositoryByName(await github.forInstallation(id), privateIssueRepository);
    if (isRefusal(repository)) return [finding(check, "problem", repository.sentence, remedy)];
    if (!repository.isPrivate) return [finding(check, "problem", `${privateIssueRepository} is public`, remedy)];
    if (!repository.hasIssues || repository.isArchived) {
      return [
        finding(check, "problem", `${privateIssueRepository} cannot hold issues`, "enable them, or name another"),
      ];
    }
    return [ok(check, `${privateIssueRepository} is private and takes issues`)];
  }
  return [finding(check, "problem", `the App is not installed on ${owner}`, remedy)];
}

/** What GitHub refuses becomes a finding. */
async function settled(check: string, look: () => Promise<Finding[]>): Promise<Finding[]> {
  try {
    return await look();
  } catch (error) {
    if (!(error instanceof GitHubError)) throw error;
    if (error instanceof GitHubUnreachableError) {
      return [finding(check, "unknown", error.message, "run this again when GitHub answers")];
    }
    const remedy =
      error.httpStatus === 401 || error.httpStatus === 404
        ? "APP_ID and PRIVATE_KEY are not of one App of this server, or the clock is wrong"
        : "see the sentence, and run this again";
    return [finding(check, "problem", error.message, remedy)];
  }
}
