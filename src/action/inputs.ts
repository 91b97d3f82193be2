/** What the workflow asks for. */
import { getInput } from "@actions/core";
import { KeyrecallError } from "../core/errors.ts";
import type { Confidence } from "../core/token.ts";
import type { FailOn } from "../scan/outcome.ts";
import { DEFAULT_API, requireApiUrl } from "../verify/api-url.ts";

const SCANS = ["auto", "range", "history", "tree"] as const;

export interface Inputs {
  readonly scan: (typeof SCANS)[number];
  /** Null where the workflow leaves it to the event. */
  readonly verify: boolean | null;
  readonly failOn: FailOn;
  readonly minConfidence: Confidence;
  /** Paths in the base commit. */
  readonly config: string | null;
  readonly baseline: string | null;
  readonly sarifFile: string | null;
  readonly htmlFile: string | null;
  readonly baseUrl: string;
  readonly token: string | null;
}

/** @throws {KeyrecallError} `usage`, naming the input */
export function readInputs(): Inputs {
  return {
    scan: choice("scan", SCANS) ?? "auto",
    verify: flag("verify"),
    failOn: choice("fail-on", ["found", "live", "never"]) ?? "found",
    minConfidence: choice("min-confidence", ["certain", "suspect"]) ?? "certain",
    config: repositoryPath("config"),
    baseline: repositoryPath("baseline"),
    sarifFile: text("sarif-file"),
    htmlFile: text("html-file"),
    baseUrl: apiUrl(),
    token: requestToken(),
  };
}

function text(name: string): string | null {
  const value = getInput(name);
  return value === "" ? null : value;
}

function choice<Value extends string>(name: string, values: readonly Value[]): Value | null {
  const given = text(name);
  if (given === null) return null;
  const value = values.find((one) => one === given);
  if (value === undefined) throw invalid(name, `is ${given}`, `give one of ${values.join(", ")}`);
  return value;
}

function flag(name: string): boolean | null {
  const given = text(name)?.toLowerCase();
  if (given === undefined) return null;
  if (given !== "true" && given !== "false") throw invalid(name, `is ${given}`, "give true or false");
  return given === "true";
}

function repositoryPath(name: string): string | null {
  const given = text(name)?.replace(/^(?:\.\/)+/, "");
  if (given === undefined) return null;
  const isInside = given !== "" && !given.startsWith("/") && !given.split("/").some((part) => part === "..");
  if (!isInside || given.includes("\0")) {
    throw invalid(name, `is ${given}`, "give a path in the repository, from its root on");
  }
  return given;
}

/** The environment names no API here: whatever ran before in the job could have set it. */
function apiUrl(): string {
  const given = text("base-url");
  if (given === null) return DEFAULT_API;
  try {
    return requireApiUrl(given, "option");
  } catch (error) {
    if (!(error instanceof KeyrecallError)) throw error;
    throw new KeyrecallError("usage", error.message.replace("--base-url", "input base-url"), {
      ...(error.hint === undefined ? {} : { hint: error.hint }),
      cause: error,
    });
  }
}

/** Taken out of the environment: no process that is started from here needs it there. */
function requestToken(): string | null {
  const token = text("github-token");
  delete process.env["INPUT_GITHUB-TOKEN"];
  if (token !== null && !/^[\x21-\x7e]+$/.test(token)) {
    throw invalid("github-token", "has characters that no token has", "give ${{ github.token }}");
  }
  return token;
}

function invalid(name: string, what: string, hint: string): KeyrecallError {
  return new KeyrecallError("usage", `input ${name} ${what}`, { hint });
}
