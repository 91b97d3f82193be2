/** Scans what was written in a wiki, which is a git repository of its own beside the one that it belongs to. */
import { blastRadiusOf, mask, type Occurrence, type ScanResult } from "keyrecall";
import type { Scanned } from "../git/clone.ts";
import type { Failed } from "../git/failure.ts";
import { kindName } from "../issues/check-run.ts";
import { audit } from "../store/audit-log.ts";
import { type FoundOccurrence, type FoundToken, saveFinding, textPlace } from "../store/incidents.ts";
import { noteAvailable, saveScannedTip, scannedTip } from "../store/repositories.ts";
import { announce } from "./announce.ts";
import { byToken } from "./by-token.ts";
import type { JobContext } from "./context.ts";
import { FetchError, PASSING } from "./fetch-error.ts";
import { formOf } from "./form-of.ts";
import { PermanentError } from "./permanent-error.ts";
import { wikiOf } from "./remote.ts";
import type { TextSource } from "./scan-texts.ts";

/** No ref of the repository itself has such a name. */
const WIKI = "wiki";

interface Read extends Scanned {
  /** The newest of the tips, from where the next scan may begin; null where an earlier one has come further. */
  readonly newest: string | null;
}

/** @returns a sentence for people */
export async function scanWiki(
  context: JobContext,
  source: TextSource,
  tips: readonly string[],
  signal: AbortSignal,
): Promise<string> {
  const { repository } = source;
  const known = await scannedTip(context.database, repository.id, WIKI);
  const read = await readWiki(context, source, tips, known === null ? [] : [known], signal);
  if (read.outcome !== "ok") return refuse(read);
  const { result, failed, newest } = read;
  await noteAvailable(context.database, repository.installationId);
  const found = findingsOf(context, source, result);
  const isComplete = failed === null && result.coverage.gaps.length === 0;
  await save(context, source, found, isComplete ? newest : null);
  if (failed !== null) return refuse(failed);
  if (!isComplete) throw new PermanentError("the wiki could not be read completely");
  return `wiki: ${found.length === 0 ? "no leaked token" : found.length === 1 ? "1 leaked token" : `${found.length} leaked tokens`}`;
}

/** There is no check run that could say it. */
function refuse(failed: Failed): never {
  if (PASSING.has(failed.outcome)) throw new FetchError(failed);
  throw new PermanentError(`the wiki could not be read: ${failed.outcome}`);
}

function readWiki(
  context: JobContext,
  { repository }: TextSource,
  tips: readonly string[],
  known: readonly string[],
  signal: AbortSignal,
): Promise<Read | Failed> {
  return context.cache.withClone(
    wikiOf(context, repository),
    async (clone): Promise<Read | Failed> => {
      const fetched = await clone.fetch({ tips, known });
      if (fetched.outcome !== "ok") return fetched;
      const [gone] = fetched.gone;
      if (gone !== undefined) return { outcome: "gone", message: `The wiki no longer has ${gone}.` };
      const scanned = await clone.scan({
        tips: fetched.tips.map((id) => ({ id })),
        known: fetched.known,
        rules: context.rules,
        minConfidence: "certain",
      });
      if (scanned.outcome !== "ok") return scanned;
      let newest: string | null = null;
      for (const id of fetched.tips) {
        if (await clone.isReached(id, newest === null ? fetched.known : [newest, ...fetched.known])) continue;
        newest = id;
      }
      return { ...scanned, newest };
    },
    signal,
  );
}

async function save(
  { database, queue, sealer }: JobContext,
  { repository, receivedAt, deliveryId, actor }: TextSource,
  found: readonly FoundToken[],
  newest: string | null,
): Promise<void> {
  await database.transaction(async (transaction) => {
    for (const finding of found) {
      const saved = await saveFinding(transaction, sealer, repository.accountId, finding, receivedAt);
      if (!saved.isNews) continue;
      const { incidentId, isFirst } = saved;
      await queue.send("respond", { incidentId }, { key: incidentId, within: transaction.boss });
      if (!isFirst) await announce(queue, transaction, incidentId);
    }
    if (newest !== null) await saveScannedTip(transaction, repository.id, WIKI, newest);
    await audit(transaction, {
      actor: "keyrecall",
      action: "scanned",
      repositoryId: repository.id,
      deliveryId,
      detail: { kind: "wiki", by: actor, tokens: found.length },
    });
  });
}

function findingsOf(context: JobContext, source: TextSource, result: ScanResult): FoundToken[] {
  const groups = byToken(result.occurrences, (occurrence) => occurrence);
  return [...groups.values()].flatMap((occurrences): FoundToken[] => {
    const { token } = occurrences[0]!;
    const rule = context.rules.find(({ id }) => id === token.rule);
    if (rule === undefined || token.plane === null || token.publicId === null) return [];
    const places = occurrences.flatMap((occurrence) => placesOf(context, source, occurrence, result));
    const urls = [...new Set(places.map(({ text }) => text?.url ?? ""))];
    return [
      {
        token,
        hints: result.hintsOf(token.fingerprint),
        blastRadius: blastRadiusOf(rule),
        occurrences: places,
        what: `found in the ${kindName("wiki")} ${urls.slice(0, 3).join(", ")}`,
      },
    ];
  });
}

/** A place for each page and each version that brought it in. */
function placesOf(
  { settings }: JobContext,
  { repository, actor }: TextSource,
  occurrence: Occurrence,
  { commits, detector }: ScanResult,
): FoundOccurrence[] {
  const { kind, object, line, column, paths, introducedBy } = occurrence;
  const files = paths.length === 0 ? [null] : paths;
  const versions = introducedBy.length === 0 ? [null] : introducedBy;
  return files.flatMap((file) =>
    versions.map((version): FoundOccurrence => {
      const facts = version === null ? undefined : commits.get(version);
      const page =
        file === null
          ? []
          : [
              encodeURIComponent(
                file
                  .split("/")
                  .at(-1)!
                  .replace(/\.[^.]+$/, ""),
              ),
            ];
      const path = [repository.fullName, "wiki", ...page, ...(version === null || file === null ? [] : [version])];
      return {
        installationId: repository.installationId,
        repositoryId: repository.id,
        // Which version of which page; the objects are none of the repository's.
        place: textPlace(repository.id, "wiki", [object, line, column, version, file].join(" "), kind),
        kind: "wiki",
        object: null,
        path: null,
        ...formOf(detector, occurrence),
        commit: null,
        author: facts?.author == null ? null : mask(detector, facts.author),
        committedAt: facts?.date ?? null,
        removedBy: [],
        ref: WIKI,
        actor,
        text: {
          part: kind === "blob" ? "text" : "name or message",
          state: "posted",
          url: mask(detector, `${settings.gitHubServerUrl}/${path.join("/")}`),
        },
      };
    }),
  );
}
