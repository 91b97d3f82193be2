/** What an incident knows of earlier answers, as the verifier takes it: only what was seen live, never a verdict. */
import type { CachedVerdict, VerdictCache } from "keyrecall";
import type { StoredIncident } from "../store/incidents.ts";

export class EvidenceOfIncident implements VerdictCache {
  #known: CachedVerdict | null;
  constructor({ liveEvidence, verdict }: StoredIncident) {
    this.#known =
      liveEvidence === null
        ? null
        : { state: "live", reason: verdict.reason, checkedAt: liveEvidence.at, lastLive: liveEvidence };
  }

  get(): CachedVerdict | null {
    return this.#known;
  }

  set(_api: string, _fingerprint: string, verdict: CachedVerdict): void {
    this.#known = verdict;
  }

  /** To be written down: by it a later 403 is a difference. */
  get lastLive(): CachedVerdict["lastLive"] {
    return this.#known?.lastLive ?? null;
  }
}
