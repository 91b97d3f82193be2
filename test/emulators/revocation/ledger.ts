// What was asked under which idempotency key, and what came of it: the memory that makes a repetition harmless.
import type { LeakedToken, Result } from "./contract.ts";

/** What became of one token. */
export type Decision = Omit<Result, "fingerprint">;

/** Decides about a token; called until it decides something other than `pending`, and then never again. */
export type Decide = (entry: LeakedToken) => Promise<Decision>;

interface Matter {
  readonly fingerprint: string;
  readonly decide: () => Promise<Decision>;
  /** The decision that is being made or was made; undefined while it is pending. */
  decision: Promise<Decision> | undefined;
}

interface Page {
  readonly bodyDigest: string;
  readonly matters: readonly Matter[];
}

export class RevocationLedger {
  private readonly pages = new Map<string, Page>();

  /** The results in the order of the entries, or `conflict` where the key was used with another body. */
  async revoke(
    key: string,
    bodyDigest: string,
    entries: readonly LeakedToken[],
    decide: Decide,
  ): Promise<Result[] | "conflict"> {
    const known = this.pages.get(key);
    if (known !== undefined && known.bodyDigest !== bodyDigest) return "conflict";
    const page = known ?? { bodyDigest, matters: entries.map((entry) => newMatter(entry, decide)) };
    // Written down before anything is done: a repetition that comes meanwhile waits for the first.
    this.pages.set(key, page);
    return settleAll(page.matters);
  }

  /** The results in the order of the fingerprints, or `unknown` where this key has no such token. */
  async status(key: string, fingerprints: readonly string[]): Promise<Result[] | "unknown"> {
    const matters = fingerprints.map((fingerprint) =>
      this.pages.get(key)?.matters.find((matter) => matter.fingerprint === fingerprint),
    );
    const known = matters.filter((matter) => matter !== undefined);
    return known.length === matters.length ? settleAll(known) : "unknown";
  }
}

function newMatter(entry: LeakedToken, decide: Decide): Matter {
  return { fingerprint: entry.fingerprint, decide: () => decide(entry), decision: undefined };
}

/** One after the other: a token that is listed twice is `revoked` once, then `already`. */
async function settleAll(matters: readonly Matter[]): Promise<Result[]> {
  const results: Result[] = [];
  for (const matter of matters) results.push({ fingerprint: matter.fingerprint, ...(await settle(matter)) });
  return results;
}

async function settle(matter: Matter): Promise<Decision> {
  matter.decision ??= matter.decide();
  const decision = await matter.decision;
  if (decision.status === "pending") matter.decision = undefined;
  return decision;
}
