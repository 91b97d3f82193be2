// The tool on a terminal of its own, as `script` of util-linux makes one, or with none at all.
import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { CLI_PATH } from "./cli.ts";
import { isolatedEnv } from "./isolated-env.ts";
import { assertNoSecret } from "./secret-guard.ts";

/** Takes the terminal away from a process. */
export const WITHOUT_TERMINAL: readonly string[] = ["setsid", "--wait"];

export interface TerminalRun {
  readonly status: number | null;
  /** Everything that the terminal showed. */
  readonly screen: string;
}

export class Terminal {
  readonly #child: ChildProcessWithoutNullStreams;
  #screen = "";
  #waiting: (() => void)[] = [];
  readonly ended: Promise<TerminalRun>;

  /** @param input a file for standard input; without one, that is the terminal too */
  constructor(args: readonly string[], options: { readonly cwd: string; readonly input?: string }) {
    const command = [process.execPath, CLI_PATH, ...args].map(quote).join(" ");
    const from = options.input === undefined ? "" : ` < ${quote(options.input)}`;
    this.#child = spawn("script", ["-q", "-e", "-c", `exec ${command}${from}`, "/dev/null"], {
      cwd: options.cwd,
      env: isolatedEnv({ TERM: "xterm", SHELL: "/bin/sh" }),
      stdio: "pipe",
    });
    this.#child.stdout.setEncoding("utf8").on("data", (text: string) => {
      this.#screen += text;
      for (const wake of this.#waiting.splice(0)) wake();
    });
    this.ended = new Promise((resolve, reject) => {
      this.#child.on("error", reject);
      this.#child.on("close", (status) => {
        for (const wake of this.#waiting.splice(0)) wake();
        try {
          assertNoSecret(Buffer.from(this.#screen), "the terminal");
          resolve({ status, screen: this.#screen });
        } catch (error) {
          reject(error);
        }
      });
    });
  }

  /** Waits until the terminal shows the text. */
  async shows(text: string): Promise<void> {
    while (!this.#screen.includes(text)) {
      if (this.#child.exitCode !== null) throw new Error(`the terminal never showed ${text}:\n${this.#screen}`);
      await new Promise<void>((resolve) => {
        this.#waiting.push(resolve);
      });
    }
  }

  type(keys: string): void {
    this.#child.stdin.write(keys);
  }
}

function quote(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
