import type { InstallationUnavailableError } from "../github/errors.ts";

/** A failure that would be the same again: the job ends with it, and a person reads the sentence. */
export class PermanentError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "PermanentError";
  }
}

export function installationSentence({ why }: InstallationUnavailableError): string {
  return why === "uninstalled" ? "the App was uninstalled" : "the installation is suspended";
}
