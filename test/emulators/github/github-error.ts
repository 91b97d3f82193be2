// An answer that is an error, thrown from wherever it is noticed.

export interface FieldError {
  readonly resource: string;
  readonly code: string;
  readonly field?: string;
  readonly message?: string;
}

export interface ErrorDetails {
  readonly errors?: readonly (FieldError | string)[];
  readonly headers?: Readonly<Record<string, string>>;
  readonly documentationUrl?: string;
  /** Where to find what has moved. */
  readonly url?: string;
}

export class GitHubError extends Error {
  readonly status: number;
  readonly details: ErrorDetails;

  constructor(status: number, message: string, details: ErrorDetails = {}) {
    super(message);
    this.status = status;
    this.details = details;
  }

  get body(): Record<string, unknown> {
    const { errors, documentationUrl, url } = this.details;
    return {
      message: this.message,
      ...(errors === undefined ? {} : { errors }),
      ...(url === undefined ? {} : { url }),
      documentation_url: documentationUrl ?? "https://docs.github.com/rest",
      status: String(this.status),
    };
  }
}

export function notFound(): GitHubError {
  return new GitHubError(404, "Not Found");
}

export function forbidden(): GitHubError {
  return new GitHubError(403, "Resource not accessible by integration");
}

export function archived(): GitHubError {
  return new GitHubError(403, "Repository was archived so is read-only.");
}

export function issuesDisabled(): GitHubError {
  return new GitHubError(410, "Issues has been disabled in this repository.");
}

export function emptyRepository(): GitHubError {
  return new GitHubError(409, "Git Repository is empty.");
}

export function invalidField(resource: string, field: string, code: string, message?: string): GitHubError {
  const error: FieldError = { resource, code, field, ...(message === undefined ? {} : { message }) };
  return new GitHubError(422, "Validation Failed", { errors: [error] });
}
