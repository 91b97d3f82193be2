/** `keyrecall-app backfill`: asks the App that runs, or writes down what the next one is to do. */
import { userInfo } from "node:os";
import { askRunningApp } from "../control/client.ts";
import type { Log } from "../log.ts";
import type { Settings } from "../settings.ts";
import { openDatabase } from "../start.ts";
import { connectGitHub } from "../work.ts";
import { answerBackfillRequest, type BackfillRequest } from "./request.ts";

export type BackfillOptions = Omit<BackfillRequest, "by">;

/** @returns text for people. @throws {SettingsError} */
export async function runBackfillCommand(settings: Settings, options: BackfillOptions, log: Log): Promise<string> {
  const asked: BackfillRequest = { ...options, by: operator() };
  if (settings.databaseUrl === null) {
    const answer = await askRunningApp(settings.dataDirectory, asked);
    if (answer !== null) return answer;
  }
  const database = await openDatabase(settings, log);
  const github = connectGitHub(settings, log);
  try {
    return await answerBackfillRequest({ database, github, queue: null }, asked);
  } finally {
    github.close();
    await database.close();
  }
}

/** Who is on this host, for the audit log. */
function operator(): string {
  try {
    return `operator ${userInfo().username}`;
  } catch {
    // A container can run under a number that has no name.
    return "operator";
  }
}
