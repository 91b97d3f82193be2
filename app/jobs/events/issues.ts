import { incidentOfIssue, withdrawResolution } from "../../store/incidents.ts";
/** Somebody changed a rotation issue: ticked a step, closed it, opened it again. */
import { announce } from "../announce.ts";
import type { EventHandler } from "./handler.ts";
import { issuesPayload } from "./payloads.ts";

export const handleIssues: EventHandler = async ({ database, queue, identity }, delivery) => {
  const { issue, repository, action, sender } = issuesPayload.parse(delivery.payload);
  // Our own changes come back as events too.
  if (sender?.login === (await identity()).botLogin) return "the App's own change";
  const incidentId = await incidentOfIssue(database, repository.id, issue.number);
  if (incidentId === null) return "no rotation issue of ours";
  await database.transaction(async (transaction) => {
    // Whoever opens it again takes back what closed it.
    if (action === "reopened") await withdrawResolution(transaction, incidentId);
    await announce(queue, transaction, incidentId);
  });
  return `the rotation issue was ${action}`;
};
