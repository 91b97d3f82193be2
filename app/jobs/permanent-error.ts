/** A failure that would be the same again: the job ends with it, and a person reads the sentence. */
export class PermanentError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "PermanentError";
  }
}
