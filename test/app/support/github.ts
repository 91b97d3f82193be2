// The App's client and the emulator of GitHub, with an organisation that the App is installed on.
import { createGitHub, type GitHub, type GitHubClient, type GitHubSettings } from "../../../app/github/client.ts";
import { type AppIdentity, readIdentity } from "../../../app/github/identity.ts";
import { type GitHubEmulator, type GitHubOptions, startGitHub } from "../../emulators/github/emulator.ts";

export interface Setup {
  readonly emulator: GitHubEmulator;
  readonly github: GitHub;
  readonly identity: AppIdentity;
  readonly installation: number;
  readonly app: GitHubClient;
  readonly client: GitHubClient;
  /** All that was logged. */
  readonly log: string[];
  close(): Promise<void>;
}

export interface SetupOptions extends GitHubOptions {
  readonly client?: Partial<GitHubSettings>;
}

export async function setUpGitHub(options: SetupOptions = {}): Promise<Setup> {
  const emulator = await startGitHub(options);
  emulator.addOrganization("acme", { members: ["ada", "grace"] });
  await emulator.addRepository("acme/billing", { private: true });
  await emulator.addRepository("acme/website");
  const installation = emulator.addInstallation("acme", { repositories: "all" });
  const { github, log } = connect(emulator, options.client);
  const app = await github.forApp();
  return {
    emulator,
    github,
    installation,
    app,
    client: await github.forInstallation(installation),
    identity: await readIdentity(app),
    log,
    close: async () => {
      github.close();
      await emulator.close();
    },
  };
}

export function connect(emulator: GitHubEmulator, settings: Partial<GitHubSettings> = {}) {
  const log: string[] = [];
  const { appId, privateKey } = emulator.appCredentials();
  const write = (message: string): void => {
    log.push(message);
  };
  const github = createGitHub({
    appId,
    privateKey,
    baseUrl: emulator.baseUrl,
    log: { debug: write, warn: write },
    pace: { writeMs: 0, notifyMs: 0 },
    ...settings,
  });
  return { github, log };
}
