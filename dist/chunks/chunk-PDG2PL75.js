// src/report/words.ts
function plural(count, noun) {
  const plurals = noun.endsWith("y") ? `${noun.slice(0, -1)}ies` : `${noun}s`;
  return `${count.toLocaleString("en")} ${count === 1 ? noun : plurals}`;
}
function formatBytes(bytes) {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let value = bytes;
  let unit = 0;
  while (value >= 1e3 && unit < units.length - 1) {
    value /= 1e3;
    unit += 1;
  }
  return `${unit === 0 ? value : value.toFixed(1)} ${units[unit]}`;
}
function countsOf({ coverage }) {
  return [
    { noun: "file", count: coverage.files },
    { noun: "commit", count: coverage.commits },
    { noun: "blob", count: coverage.blobs },
    { noun: "tree", count: coverage.trees },
    { noun: "tag", count: coverage.tags },
    { noun: "ref", count: coverage.refs }
  ].filter(({ count }) => count !== 0);
}
function readingOf(scan) {
  const counts = countsOf(scan).map(({ noun, count }) => plural(count, noun));
  return `${[...counts, formatBytes(scan.coverage.bytes)].join(", ")} in ${(scan.durationMs / 1e3).toFixed(1)} s.`;
}
var ALLOWED_BY = {
  fingerprint: "by its fingerprint",
  path: "by its path",
  inline: "by a mark on its line",
  baseline: "by the baseline"
};

export {
  plural,
  formatBytes,
  countsOf,
  readingOf,
  ALLOWED_BY
};
