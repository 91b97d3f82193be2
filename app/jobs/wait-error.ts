/** Somebody asked to come back later: the job is sent again for then. */
export class WaitError extends Error {
  readonly seconds: number;

  constructor(seconds: number) {
    super(`come back in ${seconds} s`);
    this.name = "WaitError";
    this.seconds = seconds;
  }
}
