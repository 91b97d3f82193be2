// Incidents for tests: a token that was found in a private repository and is live, and whatever a test changes of it.
import type { Incident, IncidentOccurrence, LeakingRepository } from "../../../app/incident.ts";
import { makeToken } from "../../support/token.ts";

export const PRIVATE_REPOSITORY: LeakingRepository = {
  id: 11,
  fullName: "acme/billing",
  isPrivate: true,
  defaultBranch: "main",
  isArchived: false,
};

export const PUBLIC_REPOSITORY: LeakingRepository = {
  id: 12,
  fullName: "acme/website",
  isPrivate: false,
  defaultBranch: "main",
  isArchived: false,
};

export function makeOccurrence(changes: Partial<IncidentOccurrence> = {}): IncidentOccurrence {
  return {
    repository: PRIVATE_REPOSITORY,
    kind: "blob",
    object: "3".repeat(40),
    path: "deploy/.env",
    line: 3,
    column: 25,
    encoding: [],
    container: [],
    innerLine: null,
    variable: "INFERENCEKEY_SDK_TOKEN",
    commit: "ab".repeat(20),
    author: "Ada <ada@acme.example>",
    committedAt: "2026-11-23T11:58:00+00:00",
    removedBy: [],
    ref: "refs/heads/main",
    actor: "ada",
    receivedAt: "2026-11-23T12:00:00.000Z",
    ...changes,
  };
}

export function makeIncident(changes: Partial<Incident> = {}): Incident {
  const token = makeToken({ plane: changes.plane ?? "control" });
  return {
    id: "5f0c",
    accountId: 1,
    fingerprint: token.fingerprint,
    rule: `inferencekey-${token.plane}-token`,
    plane: token.plane,
    publicId: token.publicId,
    masked: token.masked,
    state: "verified",
    verdict: {
      state: "live",
      reason: "recognised and refused for scope; a random token is not recognised",
      api: "https://api.inferencekey.com",
      checkedAt: "2026-11-23T12:00:00.400Z",
    },
    wasLive: true,
    blastRadius: {
      summary: "can delete 1 workload now (outage), 1 of them with GPUs, which are torn down",
      can: ["delete any workload of the project"],
      cannot: ["call inference or read prompts"],
      workloads: [{ project: "shop", slug: "support", task: "chat", model: "m-1", backend: "vllm", gpu: true }],
    },
    times: {
      receivedAt: "2026-11-23T12:00:00.000Z",
      foundAt: "2026-11-23T12:00:00.300Z",
      verifiedAt: "2026-11-23T12:00:00.400Z",
      revokeRequestedAt: null,
      containedAt: null,
    },
    occurrences: [makeOccurrence()],
    timeline: [{ at: "2026-11-23T12:00:00.300Z", what: "Found in a push to refs/heads/main", by: "keyrecall" }],
    issue: null,
    manualBecause: null,
    awaitsApproval: false,
    resolution: null,
    ...changes,
  };
}

export function contained(changes: Partial<Incident> = {}): Incident {
  return makeIncident({
    state: "contained",
    verdict: {
      state: "revoked",
      reason: "refused by https://api.inferencekey.com",
      api: "https://api.inferencekey.com",
    },
    times: {
      receivedAt: "2026-11-23T12:00:00.000Z",
      foundAt: "2026-11-23T12:00:00.300Z",
      verifiedAt: "2026-11-23T12:00:00.400Z",
      revokeRequestedAt: "2026-11-23T12:00:00.500Z",
      containedAt: "2026-11-23T12:00:01.340Z",
    },
    ...changes,
  });
}
