/** Names, messages and paths are shown to people, and each of them can hold a token. */
import type { BlastRadius } from "../core/blast-radius.ts";
import { decodeByteText, encodeByteText } from "../core/byte-text.ts";
import type { Detector } from "../detect/detector.ts";
import type { Rule } from "../rules/schema.ts";

/**
 * As {@link mask}, for messages of git, which cut what they quote: a piece of a token is no token any more, but
 * most of its secret.
 */
export function maskPieces(detector: Detector, rules: readonly Rule[], text: string): string {
  return rules.reduce(
    (masked, { grammar: { prefix } }) =>
      masked
        .split(prefix)
        .map((piece, index) => (index === 0 ? piece : piece.replace(/^[\w-]{12,}/, "…")))
        .join(prefix),
    mask(detector, text),
  );
}

/** The text with every token in it replaced by its masked form. */
export function mask(detector: Detector, text: string): string {
  const bytes = encodeByteText(text);
  const hits = [...detector.find(bytes)].toSorted((a, b) => a.start - b.start);
  if (hits.length === 0) return text;
  const pieces: string[] = [];
  let position = 0;
  for (const hit of hits) {
    if (hit.start < position) continue;
    pieces.push(decodeByteText(bytes.subarray(position, hit.start)), hit.token.masked);
    position = hit.end;
  }
  return [...pieces, decodeByteText(bytes.subarray(position))].join("");
}

const MAX_NOTE = 300;

/** As {@link mask}, for a line of a file that can be of any length. */
export function maskNote(detector: Detector, text: string): string {
  const masked = mask(detector, text);
  return masked.length > MAX_NOTE ? `${masked.slice(0, MAX_NOTE)}…` : masked;
}

/** As {@link mask}; no token stands across the border of two pieces. */
export function* maskEach(detector: Detector, pieces: Iterable<string>): Generator<string> {
  for (const piece of pieces) yield mask(detector, piece);
}

/** Before anything is cut or escaped: what is left of a token then is no token any more, but can be its secret. */
export function maskRule(detector: Detector, rule: Rule): Rule {
  const { dashboard, leastAccess, steps } = rule.rotation;
  return {
    ...rule,
    name: mask(detector, rule.name),
    blastRadius: {
      summary: mask(detector, rule.blastRadius.summary),
      can: maskAll(detector, rule.blastRadius.can),
      cannot: maskAll(detector, rule.blastRadius.cannot),
    },
    rotation: {
      ...rule.rotation,
      dashboard: mask(detector, dashboard),
      ...(leastAccess === undefined ? {} : { leastAccess: mask(detector, leastAccess) }),
      steps: maskAll(detector, steps),
    },
  };
}

export function maskBlastRadius(detector: Detector, { notes, workloads, ...rest }: BlastRadius): BlastRadius {
  const maskName = (name: string | null): string | null => (name === null ? null : mask(detector, name));
  return {
    summary: mask(detector, rest.summary),
    can: maskAll(detector, rest.can),
    cannot: maskAll(detector, rest.cannot),
    ...(workloads === undefined
      ? {}
      : {
          workloads: workloads.map(({ project, slug, task, model, backend, gpu }) => ({
            project: mask(detector, project),
            slug: mask(detector, slug),
            task: maskName(task),
            model: maskName(model),
            backend: maskName(backend),
            gpu,
          })),
        }),
    ...(notes === undefined ? {} : { notes: maskAll(detector, notes) }),
  };
}

function maskAll(detector: Detector, texts: readonly string[]): string[] {
  return texts.map((text) => mask(detector, text));
}
