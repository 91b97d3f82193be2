/** A push: of a branch or a tag, new, forced or deleted, with any number of commits. */
import { mask } from "keyrecall";
import { certainDetector } from "../../certain-detector.ts";
import { forgetScannedTip, scannedTip } from "../../store/repositories.ts";
import { scanCommits } from "../scan-commits.ts";
import { coverRepository } from "./covered-repository.ts";
import type { EventHandler } from "./handler.ts";
import { NO_OBJECT, pushPayload } from "./payloads.ts";
import { notePolicyPush, policyPlaceOf } from "./policy.ts";

export const handlePush: EventHandler = async (context, delivery, signal) => {
  const payload = pushPayload.parse(delivery.payload);
  const repository = await coverRepository(context, payload.repository, payload.installation.id);
  if (typeof repository === "string") return repository;
  const detector = certainDetector(context.rules);
  const ref = mask(detector, payload.ref);
  if (NO_OBJECT.test(payload.after)) {
    await forgetScannedTip(context.database, repository.id, ref);
    return "a ref was deleted";
  }
  const { before, after, forced } = payload;
  if (payload.ref === `refs/heads/${payload.repository.default_branch}`) {
    const commits = payload.commits.map(({ id }) => id);
    await notePolicyPush(context, policyPlaceOf(payload.repository), {
      by: payload.sender?.login ?? null,
      after,
      commits,
    });
  }
  const { known, fallbackRefs } = await startOfNews(context, repository, ref, before);
  const isUpdate = !NO_OBJECT.test(before);
  return scanCommits(
    context,
    {
      repository,
      ref,
      inName: detector.find(Buffer.from(payload.ref)).map(({ token }) => token),
      tip: after,
      head: payload.ref.startsWith("refs/tags/") ? (payload.head_commit?.id ?? null) : after,
      // The push that brought it may never have been told of, and it can still be fetched.
      alsoTips: forced && isUpdate && !known.includes(before) ? [before] : [],
      before: isUpdate ? before : null,
      known,
      fallbackRefs,
      actor: payload.sender?.login ?? null,
      receivedAt: delivery.receivedAt,
      remembersTip: true,
    },
    signal,
  );
};

/**
 * Where the history begins that nobody has looked at. The ref's own last scan comes first: a webhook that never came
 * leaves no hole. Of a new ref it is what the default branch does not have, whatever is known of the ref: a later push
 * to it can have come first, and took for known where it began.
 */
async function startOfNews(
  { database }: Parameters<EventHandler>[0],
  { id, defaultBranch }: { readonly id: number; readonly defaultBranch: string },
  ref: string,
  before: string,
): Promise<{ known: string[]; fallbackRefs: string[] }> {
  if (!NO_OBJECT.test(before)) {
    return { known: [(await scannedTip(database, id, ref)) ?? before], fallbackRefs: [] };
  }
  const defaultRef = `refs/heads/${defaultBranch}`;
  if (ref === defaultRef) return { known: [], fallbackRefs: [] };
  const ofDefault = await scannedTip(database, id, defaultRef);
  return ofDefault === null ? { known: [], fallbackRefs: [defaultRef] } : { known: [ofDefault], fallbackRefs: [] };
}
