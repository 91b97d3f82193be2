/** The App's settings, from environment variables. Blank ones count as unset. No secret has a default. */
import { createPrivateKey } from "node:crypto";
import { readFileSync } from "node:fs";
import path from "node:path";
import { requireApiUrl, requireSecureUrl } from "keyrecall";
import * as z from "zod";
import type { PolicyBounds } from "./policy.ts";
import { SettingsError } from "./settings-error.ts";

export type Role = "all" | "front" | "worker";

export interface Settings {
  readonly role: Role;
  readonly host: string;
  readonly port: number;
  readonly webhookPath: string;
  /** The one that GitHub has, and the one before it while it is changed. */
  readonly webhookSecrets: readonly string[];
  /** The one that seals, and those that still open. */
  readonly sealKeys: readonly string[];
  readonly appId: number;
  readonly privateKey: string;
  readonly gitHubApiUrl: string;
  readonly gitHubServerUrl: string;
  /** Between two writes of an installation; three times that between two that notify people. */
  readonly gitHubWritePauseMs: number;
  readonly databaseUrl: string | null;
  readonly dataDirectory: string;
  readonly cacheDirectory: string;
  readonly cacheMaxBytes: number;
  readonly concurrency: number;
  readonly inferenceKeyUrl: string;
  /** Slugs of projects that are the operator's: only these are ever listed. */
  readonly projects: readonly string[];
  readonly revocation: { readonly url: URL; readonly secrets: readonly string[] } | null;
  /** Until the end of that day (UTC) nothing is revoked. */
  readonly dryRunUntil: string | null;
  /** `owner/name`: where an issue goes that must not be public. */
  readonly privateIssueRepository: string | null;
  /** Whether private advisories may be opened where there is no private place for an issue. */
  readonly opensAdvisories: boolean;
  readonly logLevel: string;
  readonly notifications: NotificationSettings;
  readonly retention: RetentionSettings;
  /** What the policies of organisations may say. */
  readonly policyBounds: PolicyBounds;
}

/** Where the operator is told of incidents, outside of GitHub. */
export interface NotificationSettings {
  readonly webhook: { readonly url: URL; readonly secrets: readonly string[] } | null;
  /** An incoming webhook of Slack, or of what takes the same. */
  readonly slackUrl: URL | null;
  /** A token that is not out of service after that time is overdue. */
  readonly overdueMinutes: number;
}

/** In days; null keeps for ever. */
export interface RetentionSettings {
  /** Of incidents that are at their end, from their last change. */
  readonly incidentDays: number | null;
  readonly auditDays: number | null;
}

export interface SettingsOptions {
  /** From the command line: an API host other than the vendor's is taken from there only. */
  readonly baseUrl?: string;
  readonly role?: Role;
}

const optional = z
  .string()
  .optional()
  .transform((text) => (text === undefined || text.trim() === "" ? null : text.trim()));
const whole = (fallback: number, max: number) =>
  optional.transform((text, context) => {
    const value = text === null ? fallback : Number(text);
    if (Number.isSafeInteger(value) && value >= 0 && value <= max) return value;
    context.addIssue({ code: "custom", message: `is no whole number up to ${max}` });
    return z.NEVER;
  });

const schema = z.object({
  APP_ID: optional,
  PRIVATE_KEY: optional,
  PRIVATE_KEY_PATH: optional,
  WEBHOOK_SECRET: optional,
  WEBHOOK_SECRET_PREVIOUS: optional,
  WEBHOOK_PATH: optional.refine(
    (text) => text === null || (/^\/[^\s?#]*$/.test(text) && !["/healthz", "/readyz", "/metrics"].includes(text)),
    "is no path of its own as /api/github/webhooks",
  ),
  KEYRECALL_SEAL_KEY: optional,
  KEYRECALL_SEAL_KEY_PREVIOUS: optional,
  DATABASE_URL: optional,
  DATA_DIRECTORY: optional,
  CACHE_DIRECTORY: optional,
  CACHE_MAX_BYTES: whole(20 * 1024 ** 3, Number.MAX_SAFE_INTEGER),
  CONCURRENCY: whole(4, 64),
  HOST: optional,
  PORT: whole(3000, 65_535),
  GITHUB_API_URL: optional,
  GITHUB_SERVER_URL: optional,
  GITHUB_WRITE_PAUSE_MS: whole(1000, 60_000),
  INFERENCEKEY_BASE_URL: optional,
  INFERENCEKEY_PROJECTS: optional,
  REVOCATION_URL: optional,
  REVOCATION_SECRET: optional,
  REVOCATION_SECRET_PREVIOUS: optional,
  DRY_RUN_UNTIL: optional.refine(
    (text) => text === null || z.iso.date().safeParse(text).success,
    "is no date as 2027-01-31",
  ),
  PRIVATE_ISSUE_REPOSITORY: optional.refine(
    (text) => text === null || /^[\w.-]+\/[\w.-]+$/.test(text),
    "is no owner/name",
  ),
  PRIVATE_ADVISORIES: optional.refine(
    (text) => text === null || text === "true" || text === "false",
    "is neither true nor false",
  ),
  NOTIFY_URL: optional,
  NOTIFY_SECRET: optional,
  NOTIFY_SECRET_PREVIOUS: optional,
  NOTIFY_SLACK_URL: optional,
  NOTIFY_OVERDUE_MINUTES: whole(60, 525_600),
  INCIDENT_RETENTION_DAYS: whole(0, 36_500),
  AUDIT_RETENTION_DAYS: whole(0, 36_500),
  LOG_LEVEL: optional.refine(
    (text) => text === null || ["fatal", "error", "warn", "info", "debug"].includes(text),
    "is none of fatal, error, warn, info, debug",
  ),
  POLICY_APPROVAL_PLANES: optional.refine(
    (text) =>
      text === null || text === "none" || listOf(text).every((plane) => plane === "control" || plane === "data"),
    "is neither none nor a list of control and data",
  ),
  POLICY_MAX_DRY_RUN_DAYS: whole(30, 3660),
  POLICY_ISSUES: optional.refine(
    (text) => text === null || text === "true" || text === "false",
    "is neither true nor false",
  ),
});

type Environment = Readonly<Record<string, string | undefined>>;

/** @throws {SettingsError} naming the variable and what to do, never a value */
export function readSettings(environment: Environment, options: SettingsOptions = {}): Settings {
  const parsed = schema.safeParse(environment);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new SettingsError(`${issue?.path.join(".")} ${issue?.message}`, "see docs/app.md for what each variable is");
  }
  const variables = parsed.data;
  const dataDirectory = path.resolve(variables.DATA_DIRECTORY ?? "keyrecall-data");
  const role = options.role ?? "all";
  if (role !== "all" && variables.DATABASE_URL === null) {
    throw new SettingsError(`--role ${role} needs DATABASE_URL`, "the embedded database is one process's only");
  }
  return {
    role,
    host: variables.HOST ?? "127.0.0.1",
    port: variables.PORT,
    webhookPath: variables.WEBHOOK_PATH ?? "/api/github/webhooks",
    webhookSecrets: webhookSecretsOf(variables.WEBHOOK_SECRET, variables.WEBHOOK_SECRET_PREVIOUS),
    sealKeys: [variables.KEYRECALL_SEAL_KEY ?? "", ...listOf(variables.KEYRECALL_SEAL_KEY_PREVIOUS)],
    appId: appIdOf(variables.APP_ID),
    privateKey: privateKeyOf(variables.PRIVATE_KEY, variables.PRIVATE_KEY_PATH),
    gitHubApiUrl: secureUrl(variables.GITHUB_API_URL ?? "https://api.github.com", "GITHUB_API_URL"),
    gitHubServerUrl: secureUrl(variables.GITHUB_SERVER_URL ?? "https://github.com", "GITHUB_SERVER_URL"),
    gitHubWritePauseMs: variables.GITHUB_WRITE_PAUSE_MS,
    databaseUrl: variables.DATABASE_URL,
    dataDirectory,
    cacheDirectory: path.resolve(variables.CACHE_DIRECTORY ?? path.join(dataDirectory, "repositories")),
    cacheMaxBytes: variables.CACHE_MAX_BYTES,
    concurrency: Math.max(1, variables.CONCURRENCY),
    inferenceKeyUrl: inferenceKeyUrlOf(options.baseUrl, variables.INFERENCEKEY_BASE_URL),
    projects: listOf(variables.INFERENCEKEY_PROJECTS),
    revocation: signedReceiverOf("REVOCATION", variables.REVOCATION_URL, [
      variables.REVOCATION_SECRET,
      variables.REVOCATION_SECRET_PREVIOUS,
    ]),
    dryRunUntil: variables.DRY_RUN_UNTIL,
    privateIssueRepository: variables.PRIVATE_ISSUE_REPOSITORY,
    opensAdvisories: variables.PRIVATE_ADVISORIES === "true",
    logLevel: variables.LOG_LEVEL ?? "info",
    notifications: {
      webhook: signedReceiverOf("NOTIFY", variables.NOTIFY_URL, [
        variables.NOTIFY_SECRET,
        variables.NOTIFY_SECRET_PREVIOUS,
      ]),
      slackUrl: secretUrl(variables.NOTIFY_SLACK_URL, "NOTIFY_SLACK_URL"),
      overdueMinutes: Math.max(1, variables.NOTIFY_OVERDUE_MINUTES),
    },
    retention: {
      incidentDays: variables.INCIDENT_RETENTION_DAYS || null,
      auditDays: variables.AUDIT_RETENTION_DAYS || null,
    },
    policyBounds: {
      approvalPlanes: (["control", "data"] as const).filter((plane) =>
        listOf(variables.POLICY_APPROVAL_PLANES ?? "control,data").includes(plane),
      ),
      maxDryRunDays: variables.POLICY_MAX_DRY_RUN_DAYS,
      choosesIssues: variables.POLICY_ISSUES !== "false",
    },
  };
}

function listOf(text: string | null): string[] {
  return (text ?? "")
    .split(",")
    .map((item) => item.trim())
    .filter((item) => item !== "");
}

const MIN_SECRET_LENGTH = 16;

function webhookSecretsOf(current: string | null, previous: string | null): string[] {
  if (current === null) {
    throw new SettingsError("WEBHOOK_SECRET is not set", "make one (openssl rand -hex 32) and give it to GitHub too");
  }
  const secrets = [current, previous].filter((secret) => secret !== null);
  if (secrets.some((secret) => secret.length < MIN_SECRET_LENGTH)) {
    throw new SettingsError(
      `WEBHOOK_SECRET has fewer than ${MIN_SECRET_LENGTH} characters`,
      "make one: openssl rand -hex 32",
    );
  }
  return secrets;
}

function appIdOf(text: string | null): number {
  const id = Number(text);
  if (text !== null && Number.isSafeInteger(id) && id > 0) return id;
  throw new SettingsError("APP_ID is not set, or no number", "the App's page on GitHub shows it");
}

function privateKeyOf(text: string | null, file: string | null): string {
  if (text === null && file === null) {
    throw new SettingsError("PRIVATE_KEY and PRIVATE_KEY_PATH are not set", "the App's page on GitHub makes the key");
  }
  const given = text ?? readKeyFile(file!);
  const key = given.includes("-----BEGIN") ? given.replaceAll("\\n", "\n") : Buffer.from(given, "base64").toString();
  if (isPrivateKey(key)) return key;
  throw new SettingsError(
    "the App's private key is no PEM of a private key",
    "give the file that GitHub made, as it is or as base64",
  );
}

function isPrivateKey(pem: string): boolean {
  try {
    return createPrivateKey(pem).asymmetricKeyType === "rsa";
  } catch {
    return false;
  }
}

function readKeyFile(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    throw new SettingsError(`PRIVATE_KEY_PATH cannot be read: ${file}`, "check the path and its permissions");
  }
}

function secureUrl(text: string, name: string): string {
  return asSetting(() => requireSecureUrl(text, name).href.replace(/\/+$/, ""));
}

function inferenceKeyUrlOf(option: string | undefined, variable: string | null): string {
  if (option !== undefined) return asSetting(() => requireApiUrl(option, "option"));
  return asSetting(() => requireApiUrl(variable ?? "https://api.inferencekey.com", "environment"));
}

/** @param prefix of the variables' names */
function signedReceiverOf(
  prefix: "REVOCATION" | "NOTIFY",
  url: string | null,
  given: readonly (string | null)[],
): { url: URL; secrets: readonly string[] } | null {
  if (url === null) return null;
  const secrets = given.filter((secret) => secret !== null);
  if (secrets.length === 0 || secrets.some((secret) => secret.length < MIN_SECRET_LENGTH)) {
    throw new SettingsError(
      `${prefix}_URL needs ${prefix}_SECRET with at least ${MIN_SECRET_LENGTH} characters`,
      "make one (openssl rand -hex 32) and give it to the receiver too",
    );
  }
  return { url: asSetting(() => requireSecureUrl(url, `${prefix}_URL`)), secrets };
}

/** The address of it is a secret, so no message names it. */
function secretUrl(text: string | null, name: string): URL | null {
  if (text === null) return null;
  try {
    return requireSecureUrl(text, name);
  } catch {
    throw new SettingsError(
      `${name} is no https address of origin and path`,
      "copy it from the receiver's own settings; plain http is for this machine only",
    );
  }
}

function asSetting<Value>(read: () => Value): Value {
  try {
    return read();
  } catch (error) {
    const { message, hint } = error as Error & { hint?: string };
    throw new SettingsError(message, hint ?? "see docs/app.md");
  }
}
