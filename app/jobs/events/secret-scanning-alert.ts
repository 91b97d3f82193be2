/** GitHub itself found something: where it is a token of the known kinds, it is answered like any other leak. */
import { isRefusal } from "../../github/refusal.ts";
import { readSecretAlert } from "../../github/secret-alerts.ts";
import { auditOnce } from "../../store/audit-log.ts";
import { askForCheck, textPlace } from "../../store/incidents.ts";
import { findSecretAlert, saveSecretAlert } from "../../store/secret-alerts.ts";
import { announce, sendAlert } from "../announce.ts";
import { PermanentError } from "../permanent-error.ts";
import { scanTexts } from "../scan-texts.ts";
import { coverRepository } from "./covered-repository.ts";
import type { EventHandler } from "./handler.ts";
import { secretScanningAlertPayload, secretScanningLocationPayload } from "./payloads.ts";

export const handleSecretScanningAlert: EventHandler = async (context, delivery, signal) =>
  readAlert(context, delivery, secretScanningAlertPayload.parse(delivery.payload), signal);

/** It found the same secret in one place more, which may be one that no event of its own tells of. */
export const handleSecretScanningAlertLocation: EventHandler = async (context, delivery, signal) => {
  const payload = secretScanningLocationPayload.parse(delivery.payload);
  const { alert, location, repository } = payload;
  const outcome = await readAlert(context, delivery, payload, signal);
  const { database, queue } = context;
  const known = await findSecretAlert(database, { repositoryId: repository.id, number: alert.number });
  if (known === null) return outcome;
  const { incidentId } = known;
  await database.transaction(async (transaction) => {
    const type = PLACE_TYPE.test(location.type) ? location.type.replaceAll("_", " ") : "place";
    await auditOnce(transaction, {
      actor: "GitHub",
      action: "found-again",
      incidentId,
      deliveryId: delivery.id,
      repositoryId: repository.id,
      detail: { what: `secret scanning alert ${alert.number} of ${repository.full_name} names a place of it: ${type}` },
    });
    // Whoever sees it there can use it, if it works again.
    await askForCheck(transaction, incidentId);
    await queue.send("respond", { incidentId }, { key: incidentId, within: transaction.boss });
    await announce(queue, transaction, incidentId);
  });
  return outcome;
};

/** Of GitHub's list; another is not quoted. */
const PLACE_TYPE = /^[a-z_]{1,40}$/;

async function readAlert(
  context: Parameters<EventHandler>[0],
  delivery: Parameters<EventHandler>[1],
  payload: ReturnType<typeof secretScanningAlertPayload.parse>,
  signal: AbortSignal,
): Promise<string> {
  const { alert, sender, installation } = payload;
  if (sender?.login === (await context.identity()).botLogin) return "the App's own change";
  const repository = await coverRepository(context, payload.repository, installation.id);
  if (typeof repository === "string") return repository;
  // The event does not hold the secret.
  const client = await context.github.forInstallation(installation.id);
  const read = await readSecretAlert(client, repository.fullName, alert.number);
  if (isRefusal(read)) throw new PermanentError(read.sentence);
  const source = {
    repository,
    deliveryId: delivery.id,
    actor: null,
    receivedAt: delivery.receivedAt,
  };
  const outcome = await scanTexts(
    context,
    source,
    {
      kind: "alert",
      id: alert.number,
      ref: `alert ${alert.number}`,
      url: read.url,
      author: null,
      parts: [{ part: "secret", text: read.secret }],
      replaced: [],
      isDeleted: false,
    },
    signal,
  );
  const place = { repositoryId: repository.id, number: alert.number };
  await context.database.transaction(async (transaction) => {
    const secret = textPlace(repository.id, "alert", alert.number, "secret");
    if (await saveSecretAlert(transaction, place, secret)) await sendAlert(context.queue, transaction, place);
  });
  return outcome;
}
