// What the developer's machine sets must not reach a test: no git configuration, no locale, no colour, no identity.
import { makeTempDir } from "./temp-dir.ts";

let emptyHome: string | undefined;

/** The environment of every process that tests start: git's and the tool's. */
export function isolatedEnv(extra: Readonly<Record<string, string>> = {}): Record<string, string> {
  emptyHome ??= makeTempDir("home");
  return {
    PATH: process.env["PATH"] ?? "",
    ...(process.env["TMPDIR"] === undefined ? {} : { TMPDIR: process.env["TMPDIR"] }),
    HOME: emptyHome,
    XDG_CONFIG_HOME: `${emptyHome}/.config`,
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_CONFIG_GLOBAL: "/dev/null",
    GIT_TERMINAL_PROMPT: "0",
    LC_ALL: "C",
    TZ: "UTC",
    ...extra,
  };
}
