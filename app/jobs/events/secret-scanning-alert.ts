/** GitHub itself found something: where it is a token of the known kinds, it is answered like any other leak. */
import { isRefusal } from "../../github/refusal.ts";
import { readSecretAlert } from "../../github/secret-alerts.ts";
import { textPlace } from "../../store/incidents.ts";
import { saveSecretAlert } from "../../store/secret-alerts.ts";
import { sendAlert } from "../announce.ts";
import { PermanentError } from "../permanent-error.ts";
import { scanTexts } from "../scan-texts.ts";
import { coverRepository } from "./covered-repository.ts";
import type { EventHandler } from "./handler.ts";
import { secretScanningAlertPayload } from "./payloads.ts";

export const handleSecretScanningAlert: EventHandler = async (context, delivery, signal) => {
  const payload = secretScanningAlertPayload.parse(delivery.payload);
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
};
