/** What the libraries below may log: messages, and never the objects beside them, which hold requests and answers. */
import { plain } from "../issues/markdown.ts";

/** A pino logger is one. */
export interface GitHubLog {
  debug(message: string): void;
  warn(message: string): void;
}

type Write = (...values: readonly unknown[]) => void;

export interface LibraryLog extends Readonly<Record<"trace" | "debug" | "info" | "warn" | "error" | "fatal", Write>> {
  child(): LibraryLog;
}

export function messagesOnly(log: GitHubLog): LibraryLog {
  const nothing: Write = () => {};
  const to =
    (write: (message: string) => void): Write =>
    (...values) => {
      const message = values.find((value) => typeof value === "string");
      if (message !== undefined) write(plain(message, 300));
    };
  const quiet: LibraryLog = {
    trace: nothing,
    debug: nothing,
    // A line for each request; what fails is thrown, and whoever catches it says so.
    info: to((message) => log.debug(message)),
    error: to((message) => log.debug(message)),
    fatal: to((message) => log.warn(message)),
    warn: to((message) => log.warn(message)),
    child: () => quiet,
  };
  return quiet;
}
