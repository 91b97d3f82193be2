// The App and all that it talks to, each as a process of its own: GitHub, InferenceKey and the revocation provider are
// the emulators of test/emulators. The demo and the benchmark of the App run on it.
import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { connectGitHub, type RemoteGitHub } from "../../test/emulators/github/admin.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const WEBHOOK_PATH = "/api/github/webhooks";

export interface Fleet {
  /** Where git and the API of GitHub are. */
  readonly gitHubUrl: string;
  readonly github: RemoteGitHub;
  /** Raw tokens of the emulated platform, by what they are. */
  readonly tokens: Readonly<Record<string, string>>;
  readonly apiUrl: string;
  readonly appUrl: string;
  readonly webhookSecret: string;
  /** What the App runs with. */
  readonly environment: NodeJS.ProcessEnv;
  /** What takes webhooks; without workers, it does the rest too. */
  readonly app: ChildProcess;
  readonly workers: readonly ChildProcess[];
  /** The emulators. */
  readonly others: readonly ChildProcess[];
  close(): Promise<void>;
}

export interface FleetOptions {
  /** An empty directory for all files. */
  readonly directory: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** So many processes beside the one that takes webhooks; they need a `DATABASE_URL`. */
  readonly workers?: number;
  /** Tokens of the emulated platform beside those of its demo world: `control acme 1` and so on. */
  readonly moreTokens?: number;
  /** What is run as `keyrecall-app`; without it, the sources. */
  readonly program?: string;
  /** Each line of the App's log. */
  readonly onLog?: (line: string) => void;
}

export async function startFleet(options: FleetOptions): Promise<Fleet> {
  const { directory, environment = {}, workers: workerCount = 0, moreTokens = 0, onLog = () => {} } = options;
  const program = options.program ?? join(root, "app/main.ts");
  const children: ChildProcess[] = [];
  const close = async (): Promise<void> => {
    for (const child of children.splice(0).toReversed()) await stop(child);
  };
  const secret = randomBytes(32).toString("hex");
  const webhookSecret = randomBytes(32).toString("hex");
  const file = (name: string, text: string): string => {
    writeFileSync(join(directory, name), text, { mode: 0o600 });
    return join(directory, name);
  };
  const tokensFile = join(directory, "tokens.json");
  const keyFile = join(directory, "app.pem");
  try {
    const platform = await start(
      children,
      "test/emulators/revocation/main.ts",
      [
        `--secret-file=${file("revocation-secret", secret)}`,
        `--tokens-file=${tokensFile}`,
        `--more-tokens=${moreTokens}`,
      ],
      "API",
    );
    const gitHub = await start(children, "test/emulators/github/main.ts", ["--key-file", keyFile], "App");
    const gitHubUrl = wordBehind(gitHub, "GitHub");
    const apiUrl = wordBehind(platform, "API");
    const others = [...children];
    const env = {
      ...process.env,
      APP_ID: wordBehind(gitHub, "App"),
      PRIVATE_KEY_PATH: keyFile,
      WEBHOOK_SECRET: webhookSecret,
      KEYRECALL_SEAL_KEY: randomBytes(32).toString("base64"),
      DATA_DIRECTORY: join(directory, "data"),
      GITHUB_API_URL: gitHubUrl,
      GITHUB_SERVER_URL: gitHubUrl,
      INFERENCEKEY_BASE_URL: apiUrl,
      INFERENCEKEY_PROJECTS: "acme",
      REVOCATION_URL: wordBehind(platform, "revocations"),
      REVOCATION_SECRET: secret,
      PORT: "0",
      ...environment,
    };
    const startOne = (role: Role): AppProcess => {
      const one = startApp({ program, role, environment: env, onLog });
      children.push(one.child);
      return one;
    };
    const front = startOne(workerCount === 0 ? "all" : "front");
    const workers = Array.from({ length: workerCount }, () => startOne("worker"));
    const [appUrl] = await Promise.all([addressOf(front), ...workers.map(({ started }) => started)]);
    const github = connectGitHub(wordBehind(gitHub, "admin"));
    await github.set({ webhookUrl: appUrl + WEBHOOK_PATH, webhookSecret });
    const tokens = JSON.parse(readFileSync(tokensFile, "utf8")) as Record<string, string>;
    return {
      gitHubUrl,
      github,
      tokens,
      apiUrl,
      appUrl,
      webhookSecret,
      environment: env,
      app: front.child,
      workers: workers.map(({ child }) => child),
      others,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Starts an emulator. @returns what it said of itself, up to the line that begins with the word */
async function start(
  children: ChildProcess[],
  script: string,
  args: readonly string[],
  lastWord: string,
): Promise<string> {
  const child = spawn(process.execPath, [join(root, script), ...args], { stdio: ["ignore", "pipe", "inherit"] });
  children.push(child);
  let said = "";
  for await (const piece of child.stdout) {
    said += String(piece);
    if (new RegExp(`^${lastWord}\\s.*\n`, "m").test(said)) break;
  }
  child.stdout.resume();
  return said;
}

function wordBehind(text: string, name: string): string {
  const word = new RegExp(`^${name}\\s+(\\S+)$`, "m").exec(text)?.[1];
  if (word === undefined) throw new Error(`nothing was said of ${name}`);
  return word;
}

type Role = "all" | "front" | "worker";

export interface AppProcess {
  readonly child: ChildProcess;
  /** When it works: where it listens, or null where it does not. */
  readonly started: Promise<string | null>;
}

/** One process of the App. @param onLog each line of its log, and what else it prints */
export function startApp(options: {
  readonly program: string;
  readonly role: Role;
  readonly environment: NodeJS.ProcessEnv;
  readonly onLog: (line: string) => void;
}): AppProcess {
  const { program, role, environment, onLog } = options;
  const child = spawn(process.execPath, [program, "start", "--role", role], {
    env: environment,
    stdio: ["ignore", "pipe", "inherit"],
  });
  return { child, started: whenStarted(child, onLog) };
}

export async function addressOf(app: AppProcess): Promise<string> {
  const address = await app.started;
  if (address === null) throw new Error("the App does not listen");
  return address;
}

function whenStarted(app: ChildProcess, onLog: (line: string) => void): Promise<string | null> {
  return new Promise((resolve, reject) => {
    let rest = "";
    app.stdout!.on("data", (piece: Buffer) => {
      const lines = (rest + piece.toString()).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) {
        onLog(line);
        if (/"msg":"started"/.test(line)) resolve(/"address":"(http[^"]+)"/.exec(line)?.[1] ?? null);
      }
    });
    app.once("exit", (code) => reject(new Error(`the App ended with ${code}`)));
  });
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill("SIGTERM");
  await once(child, "exit");
}
