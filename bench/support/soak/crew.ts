/** The processes of the App in a soak: a front that stays, and workers that are killed and replaced. */
import { once } from "node:events";
import { addressOf, type AppProcess, startApp } from "../../../scripts/app/fleet.ts";
import type { Seeded } from "../seeded.ts";

export class Crew {
  kills = 0;
  #front: AppProcess | null = null;
  #workers: AppProcess[] = [];
  readonly #program: string;
  readonly #environment: NodeJS.ProcessEnv;
  readonly #onLog: (line: string) => void;

  constructor(program: string, environment: NodeJS.ProcessEnv, onLog: (line: string) => void) {
    this.#program = program;
    this.#environment = environment;
    this.#onLog = onLog;
  }

  /** @returns where it takes webhooks */
  async start(workers: number): Promise<string> {
    this.#front = this.#one("front");
    this.#workers = Array.from({ length: workers }, () => this.#one("worker"));
    const [address] = await Promise.all([addressOf(this.#front), ...this.#workers.map(({ started }) => started)]);
    return address;
  }

  /** In the middle of whatever it does. Another one begins at once. */
  async killOne(random: Seeded): Promise<void> {
    const victim = this.#workers[random.below(this.#workers.length)]!;
    // One that is killed before it has started says so.
    victim.started.catch(() => {});
    const ended = once(victim.child, "exit");
    victim.child.kill("SIGKILL");
    await ended;
    this.kills += 1;
    const next = this.#one("worker");
    next.started.catch(() => {});
    this.#workers = this.#workers.map((worker) => (worker === victim ? next : worker));
  }

  async stop(): Promise<void> {
    for (const { child } of [...this.#workers, ...(this.#front === null ? [] : [this.#front])]) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      child.kill("SIGTERM");
      await once(child, "exit");
    }
  }

  #one(role: "front" | "worker"): AppProcess {
    return startApp({ program: this.#program, role, environment: this.#environment, onLog: this.#onLog });
  }
}
