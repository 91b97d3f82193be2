/** Scans what people wrote on GitHub beside code, as it is and as it was before an edit, and opens incidents of it. */
import { Readable } from "node:stream";
import { blastRadiusOf, mask, type Occurrence, scanForOccurrences, type ScanResult } from "keyrecall";
import { certainDetector } from "../certain-detector.ts";
import type { TextKind, TextPlace } from "../incident.ts";
import { kindName } from "../issues/check-run.ts";
import { audit, auditOnce } from "../store/audit-log.ts";
import type { Transaction } from "../store/database.ts";
import { type FoundOccurrence, type FoundToken, incidentInText, saveFinding, textPlace } from "../store/incidents.ts";
import type { CoveredRepository } from "../store/repositories.ts";
import { announce } from "./announce.ts";
import { byToken } from "./by-token.ts";
import type { JobContext } from "./context.ts";
import { formOf } from "./form-of.ts";

export interface PostedTexts {
  readonly kind: TextKind;
  /** GitHub's own number of it. */
  readonly id: number;
  /** Its number or name for people: `#7`. */
  readonly ref: string;
  readonly url: string | null;
  /** Login of whoever wrote it first: others edit and delete it. */
  readonly author: string | null;
  readonly parts: readonly TextPart[];
  /** What an edit replaced. */
  readonly replaced: readonly TextPart[];
  /** It is no longer there. */
  readonly isDeleted: boolean;
}

export interface TextPart {
  readonly part: string;
  readonly text: string;
}

export interface TextSource {
  readonly repository: CoveredRepository;
  readonly deliveryId: string;
  readonly actor: string | null;
  readonly receivedAt: Date;
}

/** A token in one part of the text. */
interface Find {
  readonly occurrence: Occurrence;
  readonly result: ScanResult;
  readonly part: string;
  readonly state: TextPlace["state"];
  /** This edit brought it in: it may have stood there before, and be back. */
  readonly isBroughtIn: boolean;
}

/** @returns a sentence for people */
export async function scanTexts(
  context: JobContext,
  source: TextSource,
  posted: PostedTexts,
  signal: AbortSignal,
): Promise<string> {
  const { parts, replaced, isDeleted } = posted;
  const texts = withMaskedNames(context, posted);
  const now = await readParts(context, parts, signal);
  const before = await readParts(context, replaced, signal);
  const finds: Find[] = [];
  for (const { part, result, occurrences } of now) {
    const was = before.find((one) => one.part === part);
    for (const [fingerprint, occurrence] of occurrences) {
      const isBroughtIn = was !== undefined && !was.occurrences.has(fingerprint);
      finds.push({ occurrence, result, part, state: isDeleted ? "deleted" : "posted", isBroughtIn });
    }
  }
  for (const { part, result, occurrences } of before) {
    const is = now.find((one) => one.part === part);
    for (const [fingerprint, occurrence] of occurrences) {
      if (is?.occurrences.has(fingerprint) === true) continue;
      finds.push({ occurrence, result, part, state: "edited-out", isBroughtIn: false });
    }
  }
  const gaps = [...now, ...before].flatMap(({ result }) => result.coverage.gaps);
  if (finds.length > 0) await save(context, source, texts, finds);
  const count = new Set(finds.map(({ occurrence }) => occurrence.token.fingerprint)).size;
  const tokens = count === 0 ? "no leaked token" : count === 1 ? "1 leaked token" : `${count} leaked tokens`;
  const name = kindName(texts.kind);
  return gaps.length === 0 ? `${name}: ${tokens}` : `${name}, not read completely: ${tokens}`;
}

/** The name of a release stands in its address, and can be a token itself. */
function withMaskedNames({ rules }: JobContext, texts: PostedTexts): PostedTexts {
  const detector = certainDetector(rules);
  const { ref, url } = texts;
  return { ...texts, ref: mask(detector, ref), url: url === null ? null : mask(detector, url) };
}

interface ReadPart {
  readonly part: string;
  readonly result: ScanResult;
  /** The first place of each token, by its fingerprint. */
  readonly occurrences: ReadonlyMap<string, Occurrence>;
}

async function readParts(
  { rules }: JobContext,
  parts: readonly TextPart[],
  signal: AbortSignal,
): Promise<readonly ReadPart[]> {
  const read: ReadPart[] = [];
  for (const { part, text } of parts) {
    const input = Readable.from([Buffer.from(text)]);
    const result = await scanForOccurrences({
      source: { kind: "stdin", input, isPatch: false },
      rules,
      minConfidence: "certain",
      signal,
    });
    // What was not read for that reason is read again.
    signal.throwIfAborted();
    const occurrences = new Map<string, Occurrence>();
    for (const one of result.occurrences) {
      const { fingerprint } = one.token;
      if (!occurrences.has(fingerprint)) occurrences.set(fingerprint, one);
    }
    read.push({ part, result, occurrences });
  }
  return read;
}

async function save(
  context: JobContext,
  source: TextSource,
  texts: PostedTexts,
  finds: readonly Find[],
): Promise<void> {
  const { database, queue, sealer } = context;
  const { repository, receivedAt } = source;
  const groups = byToken(finds, ({ occurrence }) => occurrence);
  await database.transaction(async (transaction) => {
    for (const [fingerprint, ofToken] of groups) {
      const news: Find[] = [];
      for (const find of ofToken) {
        const place = textPlace(repository.id, texts.kind, texts.id, find.part);
        const known = find.isBroughtIn
          ? null
          : await incidentInText(transaction, repository.accountId, fingerprint, place);
        if (known === null) news.push(find);
        else await noteChange(context, transaction, source, texts, find, known);
      }
      const found = findingOf(context, source, texts, news);
      if (found === null) continue;
      const saved = await saveFinding(transaction, sealer, repository.accountId, found, receivedAt);
      if (!saved.isNews) continue;
      const { incidentId, isFirst } = saved;
      await queue.send("respond", { incidentId }, { key: incidentId, within: transaction.boss });
      // The issue names the new place too.
      if (!isFirst) await announce(queue, transaction, incidentId);
    }
    await audit(transaction, {
      actor: "keyrecall",
      action: "scanned",
      repositoryId: repository.id,
      deliveryId: source.deliveryId,
      detail: { kind: texts.kind, ref: texts.ref, by: source.actor, tokens: groups.size },
    });
  });
}

/** What is taken away was read: it changes what is said, and not what has to be done. */
async function noteChange(
  { queue }: JobContext,
  transaction: Transaction,
  { deliveryId, repository, actor }: TextSource,
  texts: PostedTexts,
  { state, part }: Find,
  incidentId: string,
): Promise<void> {
  if (state === "posted") return;
  const did =
    state === "deleted" ? "was deleted, and has been read before" : "was edited, and its old text stays readable";
  await auditOnce(transaction, {
    actor: actor === null ? "GitHub" : `@${actor}`,
    action: "text-changed",
    incidentId,
    deliveryId,
    repositoryId: repository.id,
    detail: { what: `the ${part} of the ${kindName(texts.kind)} ${placeName(texts)} ${did}` },
  });
  await announce(queue, transaction, incidentId);
}

/** Null where there is nothing new. */
function findingOf(
  { rules }: JobContext,
  { repository, actor, deliveryId }: TextSource,
  texts: PostedTexts,
  finds: readonly Find[],
): FoundToken | null {
  const [first] = finds;
  if (first === undefined) return null;
  const { token } = first.occurrence;
  const rule = rules.find(({ id }) => id === token.rule);
  if (rule === undefined || token.plane === null || token.publicId === null) return null;
  const places = finds.map(({ occurrence, part, state, isBroughtIn }): FoundOccurrence => {
    const place = textPlace(repository.id, texts.kind, texts.id, part);
    return {
      installationId: repository.installationId,
      repositoryId: repository.id,
      place: isBroughtIn ? `${place} ${deliveryId}` : place,
      kind: texts.kind,
      object: null,
      path: null,
      ...formOf(first.result.detector, occurrence),
      commit: null,
      author: null,
      committedAt: null,
      removedBy: [],
      ref: texts.ref,
      actor: isBroughtIn ? actor : (texts.author ?? actor),
      text: { part, state, url: texts.url },
    };
  });
  return {
    token,
    hints: first.result.hintsOf(token.fingerprint),
    blastRadius: blastRadiusOf(rule),
    occurrences: places,
    what: `found in ${[...new Set(finds.map((find) => sentence(find, texts)))].join(", and in ")}`,
  };
}

const STATES: Readonly<Record<TextPlace["state"], string>> = {
  posted: "",
  "edited-out": ", as it was before an edit",
  deleted: ", which was deleted",
};

function sentence({ part, state }: Find, texts: PostedTexts): string {
  return `the ${part} of the ${kindName(texts.kind)} ${placeName(texts)}${STATES[state]}`;
}

function placeName({ url, ref }: PostedTexts): string {
  return url ?? ref;
}
