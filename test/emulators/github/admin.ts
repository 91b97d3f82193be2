import { jsonAnswer, sendAnswer } from "../http/answer.ts";
// Steering from another process: every function of `Steering`, and a few of the emulator's, by its name over HTTP.
// It has no guard of its own, and so listens on loopback and nowhere else.
import { isRecord, parseJson, readRequestBody } from "../http/request-body.ts";
import { startServer, type RunningServer } from "../http/server.ts";
import type { GitHubEmulator } from "./emulator.ts";
import { Steering } from "./steering.ts";

const BODY_LIMIT = 64 * 1024 * 1024;
const OWN = ["assertNothingUnknown", "clearFaults", "clearRequests", "takeComplaints"];

/** `POST /name` with the arguments as an array of JSON; `GET /requests` gives the log. */
export function startAdmin(emulator: GitHubEmulator, port: number): Promise<RunningServer> {
  const names = new Set([...Object.getOwnPropertyNames(Steering.prototype), ...OWN]);
  names.delete("constructor");
  return startServer(
    async (request, response) => {
      const body = await readRequestBody(request, BODY_LIMIT);
      const name = (request.url ?? "").slice(1);
      if (request.method === "GET" && name === "requests") {
        sendAnswer(response, jsonAnswer(200, emulator.requests));
        return;
      }
      if (name === "inject") {
        const [fault, target] = parseJson(body.bytes) as Parameters<GitHubEmulator["inject"]>;
        emulator.inject(fault, target);
        sendAnswer(response, jsonAnswer(200, null));
        return;
      }
      const args = body.length === 0 ? [] : parseJson(body.bytes);
      const method = names.has(name) ? (emulator as unknown as Record<string, unknown>)[name] : undefined;
      if (typeof method !== "function" || !Array.isArray(args)) {
        sendAnswer(response, jsonAnswer(404, { message: `there is no function ${name} of such arguments` }));
        return;
      }
      try {
        const result: unknown = await method.apply(emulator, args);
        sendAnswer(response, jsonAnswer(200, result ?? null));
      } catch (error) {
        sendAnswer(response, jsonAnswer(400, { message: error instanceof Error ? error.message : String(error) }));
      }
    },
    { port },
  );
}

type Steered = Pick<
  GitHubEmulator,
  keyof Steering | "assertNothingUnknown" | "clearFaults" | "clearRequests" | "takeComplaints" | "inject"
>;

/** The same functions, each with a promise of what it gives. */
export type RemoteGitHub = {
  readonly [Name in keyof Steered]: (...args: Parameters<Steered[Name]>) => Promise<Awaited<ReturnType<Steered[Name]>>>;
};

/** @param url that `main.ts` printed */
export function connectGitHub(url: string): RemoteGitHub {
  const call = async (name: string, args: readonly unknown[]): Promise<unknown> => {
    const response = await fetch(`${url}/${name}`, { method: "POST", body: JSON.stringify(args) });
    const value: unknown = await response.json();
    if (response.ok) return value;
    throw new Error(isRecord(value) ? String(value["message"]) : `${name} failed with ${response.status}`);
  };
  return new Proxy({} as RemoteGitHub, {
    get:
      (_target, name) =>
      (...args: readonly unknown[]) =>
        call(String(name), args),
  });
}
