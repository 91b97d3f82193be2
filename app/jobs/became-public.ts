/** A repository became public: what leaked in private is a public leak from now on, and is judged anew at once. */
import { audit } from "../store/audit-log.ts";
import type { Transaction } from "../store/database.ts";
import { askForCheck, incidentsOfRepository } from "../store/incidents.ts";
import type { CoveredRepository } from "../store/repositories.ts";
import { announce } from "./announce.ts";
import type { JobContext } from "./context.ts";

export async function judgeAnew(
  { queue }: JobContext,
  transaction: Transaction,
  { id, fullName }: Pick<CoveredRepository, "id" | "fullName">,
): Promise<void> {
  for (const incidentId of await incidentsOfRepository(transaction, id)) {
    await audit(transaction, {
      actor: "GitHub",
      action: "repository-changed",
      incidentId,
      repositoryId: id,
      detail: { what: `${fullName} became public` },
    });
    await askForCheck(transaction, incidentId);
    await queue.send("respond", { incidentId }, { key: incidentId, within: transaction.boss });
    // What was said there goes before the answer comes.
    await announce(queue, transaction, incidentId);
  }
}
