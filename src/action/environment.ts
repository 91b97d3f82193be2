/** What the runner's environment says, and what of it git must not hear. */
import { tmpdir } from "node:os";
import path from "node:path";
import { KeyrecallError } from "../core/errors.ts";
import type { Remote } from "../git/scratch.ts";
import { isLoopback } from "../verify/api-url.ts";

/** Where the checkout is. */
export function workspaceDirectory(): string {
  return path.resolve(process.env["GITHUB_WORKSPACE"] || process.cwd());
}

/** Of the repository's object names; the runner names a commit with every event. */
export function objectIdLength(): 40 | 64 {
  return (process.env["GITHUB_SHA"] ?? "").length === 64 ? 64 : 40;
}

/** The runner empties it when the job is over. */
export function temporaryDirectory(): string {
  return process.env["RUNNER_TEMP"] || tmpdir();
}

/**
 * What ran earlier in the job could have told git where repositories and configuration are. Certificates of a server of
 * one's own are the operator's.
 */
export function isolateGit(): void {
  for (const name of Object.keys(process.env)) {
    if (name.startsWith("GIT_") && name !== "GIT_SSL_CAINFO" && name !== "GIT_SSL_CAPATH") delete process.env[name];
  }
  process.env["GIT_CONFIG_NOSYSTEM"] = "1";
  process.env["GIT_CONFIG_GLOBAL"] = "/dev/null";
  // In a container the checkout belongs to another user; reading it through pinned plumbing runs nothing of it.
  process.env["GIT_CONFIG_COUNT"] = "1";
  process.env["GIT_CONFIG_KEY_0"] = "safe.directory";
  process.env["GIT_CONFIG_VALUE_0"] = workspaceDirectory();
}

/** @throws {KeyrecallError} where the token must not go there */
export function remoteOf(repository: string, token: string | null): Remote {
  const server = process.env["GITHUB_SERVER_URL"] || "https://github.com";
  let url: URL;
  try {
    url = new URL(`${server.replace(/\/+$/, "")}/${repository}`);
  } catch (error) {
    throw new KeyrecallError("usage", "GITHUB_SERVER_URL is no URL", { cause: error });
  }
  const isSecure = url.protocol === "https:" || (url.protocol === "http:" && isLoopback(url.hostname));
  if (!isSecure || url.username !== "" || url.password !== "") {
    throw new KeyrecallError(
      "usage",
      `GITHUB_SERVER_URL names ${url.protocol}//${url.host}, and no token is sent there`,
      {
        hint: "it has to be https, without a user",
      },
    );
  }
  return { url, token };
}
