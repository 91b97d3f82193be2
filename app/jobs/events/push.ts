/** A push: of a branch or a tag, new, forced or deleted, with any number of commits. */
import { compileRules, Detector, mask } from "keyrecall";
import { forgetScannedTip, scannedTips } from "../../store/repositories.ts";
import type { EventHandler } from "../process-delivery.ts";
import { scanCommits } from "../scan-commits.ts";
import { coverRepository } from "./covered-repository.ts";
import { NO_OBJECT, pushPayload } from "./payloads.ts";

export const handlePush: EventHandler = async (context, delivery, signal) => {
  const payload = pushPayload.parse(delivery.payload);
  const repository = await coverRepository(context, payload.repository, payload.installation.id);
  if (typeof repository === "string") return repository;
  const detector = new Detector(compileRules(context.rules), { minConfidence: "certain" });
  const ref = mask(detector, payload.ref);
  if (payload.deleted || NO_OBJECT.test(payload.after)) {
    await forgetScannedTip(context.database, repository.id, ref);
    return "a ref was deleted";
  }
  const { known, fallbackRefs } = await startOfNews(context, repository, ref, payload.before);
  return scanCommits(
    context,
    {
      repository,
      ref,
      inName: detector.find(Buffer.from(payload.ref)).map(({ token }) => token),
      tip: payload.after,
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
 * leaves no hole. Of a new branch it is what the default branch does not have.
 */
async function startOfNews(
  { database }: Parameters<EventHandler>[0],
  { id, defaultBranch }: { readonly id: number; readonly defaultBranch: string },
  ref: string,
  before: string,
): Promise<{ known: string[]; fallbackRefs: string[] }> {
  const scanned = await scannedTips(database, id);
  const own = scanned.get(ref);
  if (own !== undefined) return { known: [own], fallbackRefs: [] };
  if (!NO_OBJECT.test(before)) return { known: [...new Set([before, ...scanned.values()])], fallbackRefs: [] };
  const defaultRef = `refs/heads/${defaultBranch}`;
  const isCovered = scanned.has(defaultRef);
  return {
    known: isCovered ? [...scanned.values()] : [],
    fallbackRefs: isCovered || ref === defaultRef ? [] : [defaultRef],
  };
}
