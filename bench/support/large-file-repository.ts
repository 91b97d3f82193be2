/** A repository whose first commit brings in one large file. */
import { execFileSync } from "node:child_process";
import { appendFileSync } from "node:fs";
import path from "node:path";
import { ordinaryText, writeText } from "./large-text.ts";

const FILE = "large.txt";
const CONFIGURATION = ["user.name=Bench", "user.email=bench@example.com", "gc.auto=0"].flatMap((entry) => [
  "-c",
  entry,
]);

export class LargeFileRepository {
  readonly #directory: string;

  constructor(directory: string, bytes: number) {
    this.#directory = directory;
    this.#git("init");
    writeText(path.join(directory, FILE), ordinaryText(), bytes);
    this.#commit();
  }

  changeFile(): void {
    appendFileSync(path.join(this.#directory, FILE), "one more line\n");
    this.#commit();
  }

  removeFile(): void {
    this.#git("rm", FILE);
    this.#commit();
  }

  /** As `git gc` does: one version becomes a delta of the other. */
  repack(): void {
    this.#git("repack", "-a", "-d", "-f");
  }

  #commit(): void {
    this.#git("add", "--all");
    this.#git("commit", "-m", "Change the large file");
  }

  #git(...args: string[]): void {
    execFileSync("git", [...CONFIGURATION, ...args], { cwd: this.#directory, stdio: "ignore" });
  }
}
