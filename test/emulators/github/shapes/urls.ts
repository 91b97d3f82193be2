// Addresses: the API's and those for people are on one host here.
import type { Repository } from "../world/entities.ts";
import { fullName } from "../world/entities.ts";

export class Urls {
  readonly origin: string;

  constructor(origin: string) {
    this.origin = origin;
  }

  repo(repository: Repository, rest = ""): string {
    return `${this.origin}/repos/${fullName(repository)}${rest}`;
  }

  html(repository: Repository, rest = ""): string {
    return `${this.origin}/${fullName(repository)}${rest}`;
  }

  user(login: string, rest = ""): string {
    return `${this.origin}/users/${login}${rest}`;
  }
}
