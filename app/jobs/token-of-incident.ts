/** The token of an incident: from its seal, or read again where it was found, once the seal is erased or its key lost. */
import { type Token, tokensIn } from "keyrecall";
import { certainDetector } from "../certain-detector.ts";
import { InstallationUnavailableError } from "../github/errors.ts";
import { keepToken, openToken, type StoredIncident } from "../store/incidents.ts";
import { type CoveredRepository, findRepository } from "../store/repositories.ts";
import { UnsealError } from "../store/seal.ts";
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
  const detector = certainDetector(context.rules);
  const find = (bytes: Buffer): Token | null =>
    tokensIn(detector, bytes).find(({ fingerprint }) => fingerprint === incident.fingerprint) ?? null;
  const sealed = await openOrNull(context, incident.id);
  if (sealed !== null) return find(Buffer.from(sealed, "latin1"));
  const places = incident.occurrences.filter(isInAnObject).toReversed();
  for (const { object, repository } of places.slice(0, MAX_PLACES)) {
    const covered = await findRepository(context.database, repository.id);
    if (covered === null || !covered.isCovered) continue;
    const bytes = await readObject(context, covered, object, signal);
    const token = bytes === null ? null : find(bytes);
    if (token === null) continue;
    // Under a key that the App has; until it is known to be dead it is needed again.
    if (incident.hasSealedToken) await keepToken(context.database, context.sealer, incident.id, token);
    return token;
  }
  return null;
}

/** Whether its token can be had again from git. */
export function isReadableAgain({ occurrences }: Pick<StoredIncident, "occurrences">): boolean {
  return occurrences.some(isInAnObject);
}

type Place = StoredIncident["occurrences"][number];

/** Names of refs and files have none. */
function isInAnObject(place: Place): place is Place & { readonly object: string } {
  return place.object !== null;
}

async function openOrNull({ database, sealer, log }: JobContext, incidentId: string): Promise<string | null> {
  try {
    return await openToken(database, sealer, incidentId);
  } catch (error) {
    if (!(error instanceof UnsealError)) throw error;
    log.error(
      { incident: incidentId, why: error.message },
      "a sealed token cannot be opened; it is read again from git",
    );
    return null;
  }
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
