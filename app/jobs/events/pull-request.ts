/** A pull request, also from a fork: all commits that it would bring into its base. */
import { scanCommits } from "../scan-commits.ts";
import { coverRepository } from "./covered-repository.ts";
import type { EventHandler } from "./handler.ts";
import { pullRequestPayload } from "./payloads.ts";

const SCANNED: ReadonlySet<string> = new Set(["opened", "synchronize", "reopened"]);

export const handlePullRequest: EventHandler = async (context, delivery, signal) => {
  const payload = pullRequestPayload.parse(delivery.payload);
  if (!SCANNED.has(payload.action)) return `nothing to do for ${payload.action}`;
  const repository = await coverRepository(context, payload.repository, payload.installation.id);
  if (typeof repository === "string") return repository;
  const { head, base, user } = payload.pull_request;
  return scanCommits(
    context,
    {
      repository,
      ref: `refs/pull/${payload.number}/head`,
      inName: [],
      tip: head.sha,
      head: head.sha,
      alsoTips: [],
      before: null,
      // Every commit of it counts, however often it was looked at before: the check run is about all of them.
      known: [base.sha],
      fallbackRefs: [`refs/heads/${base.ref}`],
      actor: payload.sender?.login ?? user?.login ?? null,
      receivedAt: delivery.receivedAt,
      remembersTip: false,
    },
    signal,
  );
};
