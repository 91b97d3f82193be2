/** What an incident knows of earlier answers, as the verifier takes it: only what was seen live, never a verdict. */
import type { CachedVerdict, VerdictCache } from "keyrecall";
import type { LiveEvidence, StoredIncident } from "../store/incidents.ts";

export class EvidenceOfIncident implements VerdictCache {
  readonly #api: string;
  /** The API that it was seen live at, where that is another one than is asked now. */
  readonly otherApi: string | null;
  #known: CachedVerdict | null;

  /** @param api whose answers count: what another one accepted is no evidence of what this one means by a refusal */
  constructor({ liveEvidence, verdict }: Pick<StoredIncident, "liveEvidence" | "verdict">, api: string) {
    this.#api = api;
    this.otherApi = liveEvidence === null || liveEvidence.api === api ? null : liveEvidence.api;
    this.#known =
      liveEvidence === null || this.otherApi !== null
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
  get lastLive(): LiveEvidence | null {
    const lastLive = this.#known?.lastLive ?? null;
    return lastLive === null ? null : { ...lastLive, api: this.#api };
  }
}
