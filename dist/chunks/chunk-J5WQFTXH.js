import {
  STEERING_CHARACTERS
} from "./chunk-WXEWRWTG.js";

// src/report/places.ts
function listPlaces(report, disclosure) {
  const tokens = report.tokens.filter((token) => token.allowed === null);
  const sorted = tokens.toSorted((a, b) => severity(a, disclosure) - severity(b, disclosure));
  const places = sorted.map((token) => placesOf(token, disclosure));
  const rounds = Math.max(0, ...places.map((list) => list.length));
  return Array.from({ length: rounds }, (_, round) => places.flatMap((list) => list[round] ?? [])).flat();
}
function placesOf(token, disclosure) {
  const places = /* @__PURE__ */ new Map();
  for (const occurrence of token.occurrences) {
    const place = describe(token, occurrence, disclosure);
    const key = `${place.before}\0${place.name}\0${place.after}`;
    if (!places.has(key)) places.set(key, place);
  }
  return [...places.values()];
}
function severity({ verdict, confidence, plane }, { isPublic }) {
  const byVerdict = isPublic ? 0 : { live: 0, unknown: 1, unchecked: 1, revoked: 2 }[verdict.state];
  const byPlane = plane === "control" ? 0 : plane === "data" ? 1 : 2;
  return byVerdict * 100 + (confidence === "certain" ? 0 : 10) + byPlane;
}
function describe(token, occurrence, disclosure) {
  const { kind, object } = occurrence;
  const { line } = occurrence.inner ?? occurrence;
  const short = object?.slice(0, 12) ?? "";
  const path = occurrence.paths[0] ?? null;
  const words = (before, name, after) => ({
    token,
    occurrence,
    before,
    name: name === null ? null : withoutPublicIds(name, disclosure),
    after: `${after}${formOf(occurrence)}${wayOf(occurrence, disclosure)}`,
    file: HAS_FILE.has(kind) && path !== null && isPlainName(path, disclosure) ? path : null
  });
  const inContainer = (outer) => {
    const name = innerName(occurrence);
    return name === null ? words(`${outer}, line ${line}`, null, "") : words(`${outer}, `, name, ` line ${line}`);
  };
  switch (kind) {
    case "blob":
    case "index":
    case "file":
    case "stdin":
      if (path !== null) return words("", nameOf(path, occurrence), ` line ${line}`);
      return inContainer(kind === "stdin" ? "standard input" : `object ${short}`);
    case "path":
      return words("in the name ", path, "");
    case "commit-message":
      return words(`message of commit ${short}, line ${line}`, null, "");
    case "commit-identity":
      return words(`author or committer of commit ${short}`, null, "");
    case "tag-message":
      return words(`message of tag ${short}, line ${line}`, null, "");
    case "tag-identity":
      return words(`tagger of tag ${short}`, null, "");
    case "ref-name":
      return words("in the name of a ref, ", occurrence.refs[0] ?? null, "");
    case "reflog":
      return words("in the reflog of ", occurrence.refs[0] ?? null, "");
  }
}
function nameOf(path, occurrence) {
  return [path, ...entriesOf(occurrence)].join("!");
}
function innerName(occurrence) {
  const entries = entriesOf(occurrence);
  return entries.length === 0 ? null : entries.join("!");
}
function entriesOf({ container }) {
  return container.map((one) => one.slice(one.indexOf(":") + 1));
}
function formOf({ encoding }) {
  return encoding.length === 0 ? "" : ` (${encoding.join(", ")})`;
}
var HAS_FILE = /* @__PURE__ */ new Set(["blob", "index", "file"]);
function wayOf({ kind, introducedBy, removedBy, inlineMark }, { honoursInlineMarks }) {
  const [brought] = introducedBy;
  const [took] = removedBy;
  const isOfCommit = kind.startsWith("commit-");
  return [
    ...brought === void 0 || isOfCommit ? [] : [`, in with ${brought.commit.slice(0, 12)}`],
    ...took === void 0 ? [] : [`, out with ${took.commit.slice(0, 12)}`],
    ...inlineMark && !honoursInlineMarks ? ["; the keyrecall:allow on its line does not count here"] : []
  ].join("");
}
function withoutPublicIds(text, { isPublic, prefixes }) {
  if (!isPublic) return text;
  return prefixes.reduce(
    (hidden, prefix) => hidden.split(prefix).map((piece, index) => index === 0 ? piece : piece.replace(/^[\w-]*…/, "…")).join(prefix),
    text
  );
}
function isPlainName(path, { prefixes }) {
  const isMasked = path.includes("…") && prefixes.some((prefix) => path.includes(prefix));
  return !isMasked && path.search(STEERING_CHARACTERS) === -1 && !path.includes("##[");
}

export {
  listPlaces,
  placesOf,
  severity,
  withoutPublicIds
};
