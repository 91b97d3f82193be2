// GitHub's own alerts about secrets: who is told of what becomes of them.
import type { GitHub } from "../github.ts";
import { alertShape } from "../shapes/secret-alerts.ts";
import type { Account, Repository, SecretAlert } from "../world/entities.ts";

export function emitAlert(
  github: GitHub,
  repository: Repository,
  alert: SecretAlert,
  action: "created" | "resolved" | "reopened",
  sender: Account,
): void {
  github.emit(
    "secret_scanning_alert",
    repository,
    { action, alert: alertShape(github, repository, alert) },
    { sender },
  );
}

export function emitAlertLocation(
  github: GitHub,
  repository: Repository,
  alert: SecretAlert,
  location: { readonly type: string; readonly details: object },
  sender: Account,
): void {
  github.emit(
    "secret_scanning_alert_location",
    repository,
    { action: "created", alert: alertShape(github, repository, alert), location },
    { sender },
  );
}
