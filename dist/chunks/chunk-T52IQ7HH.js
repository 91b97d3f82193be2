import {
  decodeByteText,
  encodeByteText
} from "./chunk-QQ2TBE5L.js";

// src/scan/mask.ts
function maskPieces(detector, rules, text) {
  return rules.reduce(
    (masked, { grammar: { prefix } }) => masked.split(prefix).map((piece, index) => index === 0 ? piece : piece.replace(/^[\w-]{12,}/, "…")).join(prefix),
    mask(detector, text)
  );
}
function mask(detector, text) {
  const bytes = encodeByteText(text);
  const hits = [...detector.find(bytes)].toSorted((a, b) => a.start - b.start);
  if (hits.length === 0) return text;
  const pieces = [];
  let position = 0;
  for (const hit of hits) {
    if (hit.start < position) continue;
    pieces.push(decodeByteText(bytes.subarray(position, hit.start)), hit.token.masked);
    position = hit.end;
  }
  return [...pieces, decodeByteText(bytes.subarray(position))].join("");
}
var MAX_NOTE = 300;
function maskNote(detector, text) {
  const masked = mask(detector, text);
  return masked.length > MAX_NOTE ? `${masked.slice(0, MAX_NOTE)}…` : masked;
}
function* maskEach(detector, pieces) {
  for (const piece of pieces) yield mask(detector, piece);
}
function maskRule(detector, rule) {
  const { dashboard, leastAccess, steps } = rule.rotation;
  return {
    ...rule,
    name: mask(detector, rule.name),
    blastRadius: {
      summary: mask(detector, rule.blastRadius.summary),
      can: maskAll(detector, rule.blastRadius.can),
      cannot: maskAll(detector, rule.blastRadius.cannot)
    },
    rotation: {
      ...rule.rotation,
      dashboard: mask(detector, dashboard),
      ...leastAccess === void 0 ? {} : { leastAccess: mask(detector, leastAccess) },
      steps: maskAll(detector, steps)
    }
  };
}
function maskBlastRadius(detector, { notes, workloads, ...rest }) {
  const maskName = (name) => name === null ? null : mask(detector, name);
  return {
    summary: mask(detector, rest.summary),
    can: maskAll(detector, rest.can),
    cannot: maskAll(detector, rest.cannot),
    ...workloads === void 0 ? {} : {
      workloads: workloads.map(({ project, slug, task, model, backend, gpu }) => ({
        project: mask(detector, project),
        slug: mask(detector, slug),
        task: maskName(task),
        model: maskName(model),
        backend: maskName(backend),
        gpu
      }))
    },
    ...notes === void 0 ? {} : { notes: maskAll(detector, notes) }
  };
}
function maskAll(detector, texts) {
  return texts.map((text) => mask(detector, text));
}

export {
  maskPieces,
  mask,
  maskNote,
  maskEach,
  maskRule,
  maskBlastRadius
};
