/** GitHub's own alert about a token says what the API said: active, or inactive and closed. */
import { InstallationUnavailableError } from "../github/errors.ts";
import { isRefusal } from "../github/refusal.ts";
import { type AlertState, writeSecretAlert } from "../github/secret-alerts.ts";
import { isContained } from "../issues/disclosure.ts";
import { audit } from "../store/audit-log.ts";
import { type IncidentFacts, incidentFacts } from "../store/incidents.ts";
import { findInstallation, findRepository, noteUnavailable } from "../store/repositories.ts";
import { type AlertPlace, findSecretAlert, notePublishedAlert, type StoredAlert } from "../store/secret-alerts.ts";
import type { JobContext } from "./context.ts";
import { installationSentence } from "./permanent-error.ts";

export async function publishAlert(context: JobContext, place: AlertPlace): Promise<void> {
  const { database, github } = context;
  const alert = await findSecretAlert(database, place);
  const incident = alert === null ? null : await incidentFacts(database, alert.incidentId);
  const repository = await findRepository(database, place.repositoryId);
  if (alert === null || incident === null || repository === null || !repository.isCovered) return;
  const wanted = stateOf(incident);
  if (wanted === null || (wanted === alert.published && alert.problem === null)) return;
  const { installationId, fullName } = repository;
  if ((await findInstallation(database, installationId))?.state !== "active") return;
  try {
    const client = await github.forInstallation(installationId);
    const written = await writeSecretAlert(client, fullName, place.number, answerFor(wanted, alert));
    if (isRefusal(written)) return await reportUnpublished(context, alert, written.sentence);
  } catch (error) {
    if (!(error instanceof InstallationUnavailableError)) throw error;
    await noteUnavailable(database, installationId);
    return reportUnpublished(context, alert, installationSentence(error));
  }
  await database.transaction(async (transaction) => {
    await notePublishedAlert(transaction, place, { published: wanted, problem: null });
    const what = wanted === "resolved" ? "closed as revoked" : "marked as active";
    await audit(transaction, {
      actor: "keyrecall",
      action: "alert-published",
      incidentId: incident.id,
      repositoryId: place.repositoryId,
      detail: { number: place.number, what: `GitHub's alert ${place.number} in ${fullName} was ${what}` },
    });
    await context.queue.send("issue", { incidentId: incident.id }, { key: incident.id, within: transaction.boss });
  });
}

/** Null where nothing is known that GitHub has a word for. */
function stateOf(incident: IncidentFacts): StoredAlert["published"] {
  if (isContained(incident)) return incident.verdict.state === "revoked" ? "resolved" : null;
  return incident.verdict.state === "live" ? "active" : null;
}

/** What the App closed it opens again when the token works again; what people closed is theirs. */
function answerFor(wanted: NonNullable<StoredAlert["published"]>, { published }: StoredAlert): AlertState {
  if (wanted === "resolved") return { validity: "inactive", state: "resolved" };
  return { validity: "active", state: published === "resolved" ? "open" : null };
}

async function reportUnpublished(
  { database, log, metrics }: JobContext,
  alert: StoredAlert,
  why: string,
): Promise<void> {
  metrics.unpublished.inc({ what: "alert" });
  log.error({ incident: alert.incidentId, alert: alert.number, why }, "a secret scanning alert could not be updated");
  if (alert.problem === why) return;
  await database.transaction(async (transaction) => {
    await notePublishedAlert(transaction, alert, { published: alert.published, problem: why });
    await audit(transaction, {
      actor: "keyrecall",
      action: "alert-not-published",
      incidentId: alert.incidentId,
      repositoryId: alert.repositoryId,
      detail: { number: alert.number, what: `GitHub's alert ${alert.number} was not updated: ${why}` },
    });
  });
}
