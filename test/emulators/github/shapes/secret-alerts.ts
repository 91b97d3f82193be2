import type { Repository, SecretAlert } from "../world/entities.ts";
import { maybeTime, simpleUser, time } from "./accounts.ts";
import type { ShapeContext } from "./issues.ts";

/** Without the secret: only the API gives that, and only when it is asked for. */
export function alertShape({ urls }: ShapeContext, repository: Repository, alert: SecretAlert) {
  const url = urls.repo(repository, `/secret-scanning/alerts/${alert.number}`);
  return {
    number: alert.number,
    created_at: time(alert.createdAt),
    updated_at: time(alert.updatedAt),
    url,
    html_url: urls.html(repository, `/security/secret-scanning/${alert.number}`),
    locations_url: `${url}/locations`,
    state: alert.state,
    resolution: alert.resolution,
    resolved_at: maybeTime(alert.resolvedAt),
    resolved_by: alert.resolvedBy === null ? null : simpleUser(urls, alert.resolvedBy),
    resolution_comment: alert.resolutionComment,
    secret_type: alert.secretType,
    secret_type_display_name: alert.secretType,
    validity: alert.validity,
    push_protection_bypassed: null,
    push_protection_bypassed_by: null,
    push_protection_bypassed_at: null,
    publicly_leaked: !repository.isPrivate,
    multi_repo: false,
  };
}
