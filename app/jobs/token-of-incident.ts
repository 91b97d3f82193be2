/** The token of an incident: from its seal, or read again where it was found, once the seal is erased. */
import { compileRules, Detector, type Token, tokensIn } from "keyrecall";
import { InstallationUnavailableError } from "../github/errors.ts";
import { openToken, type StoredIncident } from "../store/incidents.ts";
import { type CoveredRepository, findRepository } from "../store/repositories.ts";
import type { JobContext } from "./context.ts";
import { FetchError, PASSING } from "./fetch-error.ts";
import { PermanentError } from "./permanent-error.ts";
import { remoteOf } from "./remote.ts";

/** Places that are tried: the newest first, and not hundreds of them. */
const MAX_PLACES = 5;
const MAX_OBJECT_BYTES = 64 * 1024 * 1024;

/** @returns null where it can be had no more */
export async function tokenOfIncident(
  context: JobContext,
  incident: StoredIncident,
  signal: AbortSignal,
): Promise<Token | null> {
  const detector = new Detector(compileRules(context.rules), { minConfidence: "certain" });
  const find = (bytes: Buffer): Token | null =>
    tokensIn(detector, bytes).find(({ fingerprint }) => fingerprint === incident.fingerprint) ?? null;
  const sealed = await openToken(context.database, context.sealer, incident.id);
  if (sealed !== null) return find(Buffer.from(sealed, "latin1"));
  const places = incident.occurrences.filter(({ object }) => object !== null).toReversed();
  for (const { object, repository } of places.slice(0, MAX_PLACES)) {
    const covered = await findRepository(context.database, repository.id);
    if (covered === null || !covered.isCovered) continue;
    const bytes = await readObject(context, covered, object!, signal);
    const token = bytes === null ? null : find(bytes);
    if (token !== null) return token;
  }
  return null;
}

/** @returns null where it can be had no more, or not by the App */
async function readObject(
  context: JobContext,
  repository: CoveredRepository,
  object: string,
  signal: AbortSignal,
): Promise<Buffer | null> {
  try {
    const read = await context.cache.withClone(
      remoteOf(context, repository),
      (clone) => clone.readObject(object, MAX_OBJECT_BYTES),
      signal,
    );
    if (read.outcome === "ok") return read.bytes;
    if (PASSING.has(read.outcome)) throw new FetchError(read);
    return null;
  } catch (error) {
    if (error instanceof PermanentError || error instanceof InstallationUnavailableError) return null;
    throw error;
  }
}
