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
  const scanned = await scannedTips(context.database, repository.id);
  const own = scanned.get(ref);
  const before = NO_OBJECT.test(payload.before) ? [] : [payload.before];
  // The ref's own last scan: a webhook that never came leaves no hole. A first look begins where GitHub says.
  const known = own === undefined ? [...before, ...scanned.values()] : [own];
  const start = own === undefined && before.length === 0 ? await defaultBranchTip(context, repository, ref) : [];
  return scanCommits(
    context,
    {
      repository,
      ref,
      inName: detector.find(Buffer.from(payload.ref)).map(({ token }) => token),
      tip: payload.after,
      known: [...new Set([...known, ...start])],
      actor: payload.sender?.login ?? null,
      receivedAt: delivery.receivedAt,
      remembersTip: true,
    },
    signal,
  );
};

/** A new branch brings in what the default branch does not have. */
async function defaultBranchTip(
  { github }: Parameters<EventHandler>[0],
  { installationId, fullName, defaultBranch }: { installationId: number; fullName: string; defaultBranch: string },
  ref: string,
): Promise<string[]> {
  if (ref === `refs/heads/${defaultBranch}`) return [];
  const tip = await github.branchTip(installationId, fullName, defaultBranch);
  return tip === null ? [] : [tip];
}
