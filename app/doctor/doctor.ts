/** `keyrecall-app doctor`: looks at everything that the App depends on, and changes nothing. */
import { createGitHub } from "../github/client.ts";
import { SettingsError } from "../settings-error.ts";
import { readSettings, type Settings } from "../settings.ts";
import { type Finding, finding, ok } from "./finding.ts";
import { checkClock, checkGitHub } from "./github.ts";
import { checkDisk, checkFiles, checkTools } from "./machine.ts";
import { checkApi, checkProvider } from "./services.ts";
import { checkStore } from "./store.ts";

export interface DoctorOptions {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The file that the settings came from, besides the environment. */
  readonly environmentFile: string | null;
  readonly baseUrl: string | null;
}

export interface Diagnosis {
  readonly findings: readonly Finding[];
  /** What must not stand in any output. */
  readonly secrets: readonly string[];
}

export async function diagnose({ environment, environmentFile, baseUrl }: DoctorOptions): Promise<Diagnosis> {
  const files = [environmentFile ?? "", environment["PRIVATE_KEY_PATH"]?.trim() ?? ""].filter((file) => file !== "");
  const findings = [await checkTools(), ...checkFiles(files)];
  let settings: Settings;
  try {
    settings = readSettings(environment, baseUrl === null ? {} : { baseUrl });
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    // Without them nothing else can be asked.
    return { findings: [...findings, finding("settings", "problem", error.message, error.hint)], secrets: [] };
  }
  findings.push(ok("settings", "they can be read, and no secret is missing"), ...checkDisk(settings));
  findings.push(...(await checkStore(settings)));
  const clock = await checkClock(settings);
  findings.push(...clock);
  // Who does not answer there does not answer the rest.
  if (clock.length > 1) findings.push(...(await askGitHub(settings)));
  findings.push(...(await checkProvider(settings)), await checkApi(settings));
  return { findings, secrets: secretsOf(settings) };
}

async function askGitHub(settings: Settings): Promise<Finding[]> {
  const github = createGitHub({
    appId: settings.appId,
    privateKey: settings.privateKey,
    baseUrl: settings.gitHubApiUrl,
    log: { debug: () => undefined, warn: () => undefined },
  });
  try {
    return await checkGitHub(settings, github);
  } finally {
    github.close();
  }
}

function secretsOf({
  webhookSecrets,
  sealKeys,
  privateKey,
  revocation,
  notifications,
  databaseUrl,
}: Settings): string[] {
  return [
    ...webhookSecrets,
    ...sealKeys,
    ...privateKey.split("\n").filter((line) => !line.startsWith("-----")),
    ...(revocation?.secrets ?? []),
    ...(notifications.webhook?.secrets ?? []),
    notifications.slackUrl?.pathname ?? "",
    databaseUrl !== null && URL.canParse(databaseUrl) ? decodeURIComponent(new URL(databaseUrl).password) : "",
  ];
}
