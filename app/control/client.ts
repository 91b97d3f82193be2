/** Asks the process that has the embedded database. */
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { type IncomingMessage, request } from "node:http";
import path from "node:path";
import { text } from "node:stream/consumers";
import { systemCodeOf } from "keyrecall";
import { SettingsError } from "../settings-error.ts";

const NOBODY_THERE: ReadonlySet<string> = new Set(["ENOENT", "ECONNREFUSED"]);

/** Where it stands which socket the App answers on. */
export function controlFile(dataDirectory: string): string {
  return path.join(dataDirectory, "control");
}

/** @returns null where no App runs with that directory. @throws {SettingsError} what is wrong with what was asked */
export async function askRunningApp(dataDirectory: string, asked: unknown): Promise<string | null> {
  try {
    return await ask(readFileSync(controlFile(dataDirectory), "utf8"), JSON.stringify(asked));
  } catch (error) {
    if (NOBODY_THERE.has(systemCodeOf(error) ?? "")) return null;
    throw error;
  }
}

async function ask(socketPath: string, body: string): Promise<string> {
  const sent = request({ socketPath, method: "POST", path: "/" });
  const answered = once(sent, "response") as Promise<[IncomingMessage]>;
  sent.end(body);
  const [response] = await answered;
  const answer = await text(response);
  if (response.statusCode === 200) return answer;
  throw errorOf(answer);
}

function errorOf(answer: string): Error {
  try {
    const { message, hint } = JSON.parse(answer) as { message: string; hint: string };
    return new SettingsError(message, hint);
  } catch {
    return new SettingsError("the App could not do it", answer);
  }
}
