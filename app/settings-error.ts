/** A setting of the operator's that cannot be used: what it is, and what to do. Never its value. */
export class SettingsError extends Error {
  readonly hint: string;

  constructor(message: string, hint: string) {
    super(message);
    this.name = "SettingsError";
    this.hint = hint;
  }
}
