/** A group of the merge queue: its check run decides whether it is merged. */
import { mask } from "keyrecall";
import { certainDetector } from "../../certain-detector.ts";
import { scanCommits } from "../scan-commits.ts";
import { coverRepository } from "./covered-repository.ts";
import type { EventHandler } from "./handler.ts";
import { mergeGroupPayload } from "./payloads.ts";

export const handleMergeGroup: EventHandler = async (context, delivery, signal) => {
  const payload = mergeGroupPayload.parse(delivery.payload);
  if (payload.action !== "checks_requested") return `nothing to do for ${payload.action}`;
  const repository = await coverRepository(context, payload.repository, payload.installation.id);
  if (typeof repository === "string") return repository;
  const { head_sha: head, head_ref: ref, base_sha: base, base_ref: baseRef } = payload.merge_group;
  return scanCommits(
    context,
    {
      repository,
      // The name of the base branch stands in it.
      ref: mask(certainDetector(context.rules), ref),
      inName: [],
      tip: head,
      head,
      alsoTips: [],
      before: null,
      // Also what was scanned before: the check run is about all that would be merged.
      known: [base],
      fallbackRefs: [baseRef],
      actor: payload.sender?.login ?? null,
      receivedAt: delivery.receivedAt,
      remembersTip: false,
    },
    signal,
  );
};
