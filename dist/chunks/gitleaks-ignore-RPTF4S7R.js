import {
  entryNamesOf
} from "./chunk-YV5PFDMU.js";
import "./chunk-SEWDMQ6Q.js";

// src/config/gitleaks-ignore.ts
var GENERIC_RULE = "generic-api-key";
var PLACE = /^(?:([0-9a-f]{40}|[0-9a-f]{64}):)?(.+):([^:\s]+):(\d{1,9})$/;
var VALUE = /^(?:sha256:)?([0-9a-f]{64})$/;
var IN_FILES = /* @__PURE__ */ new Set(["blob", "file", "index", "stdin"]);
var MAX_NAME = 200;
var GitleaksIgnore = class {
  #places = [];
  #values = /* @__PURE__ */ new Map();
  #notUnderstood = [];
  #rules;
  /** @param rules ids of the rules of this scan */
  constructor(rules) {
    this.#rules = /* @__PURE__ */ new Set([...rules, GENERIC_RULE]);
  }
  /** @param file its name, for messages */
  add(file, text) {
    for (const [index, whole] of text.replace(/^\uFEFF/, "").split(/\r\n|\n|\r/).entries()) {
      const line = whole.trim();
      if (line !== "" && !line.startsWith("#")) this.#addLine(`${file}:${index + 1}: ${nameOf(line)}`, line);
    }
  }
  #addLine(name, line) {
    const value = VALUE.exec(line)?.[1];
    if (value !== void 0) {
      this.#values.set(`sha256:${value}`, { name, isUsed: false });
      return;
    }
    const [, commit, path, rule, number] = PLACE.exec(line) ?? [];
    if (path === void 0 || rule === void 0) {
      this.#notUnderstood.push(`${name} (not commit:file:rule:line, file:rule:line or a SHA-256)`);
    } else if (!this.#rules.has(rule)) {
      this.#notUnderstood.push(`${name} (no rule of this scan has the id ${rule})`);
    } else {
      this.#places.push({
        name,
        isUsed: false,
        commit: commit ?? null,
        path: path.replaceAll("\\", "/").replace(/^(?:\.\/)+/, ""),
        rule,
        line: Number(number)
      });
    }
  }
  /**
   * Says of each place of a token whether an entry ignores it, and which. In history a token can stand in many versions
   * of a file, and gitleaks names the one that brought it in: where that is ignored, so are those that merely kept it.
   */
  judge(token, occurrences) {
    const value = this.#values.get(token.fingerprint);
    if (value !== void 0) {
      value.isUsed = true;
      return occurrences.map(() => value.name);
    }
    const entries = this.#places.filter(({ rule }) => rule === token.rule || rule === GENERIC_RULE);
    if (entries.length === 0) return occurrences.map(() => null);
    const broughtIn = /* @__PURE__ */ new Map();
    const direct = occurrences.map((occurrence) => matchPlace(occurrence, entries, broughtIn));
    return occurrences.map((occurrence, index) => direct[index] ?? keptFrom(occurrence, broughtIn));
  }
  /**
   * Entries that nothing needed, and lines that say nothing here.
   *
   * @param readsCommits whether the scan could have used an entry of a commit
   */
  notes(readsCommits) {
    const places = this.#places.filter(({ commit }) => commit === null || readsCommits);
    const entries = [...places, ...this.#values.values()];
    return {
      unused: entries.filter(({ isUsed }) => !isUsed).map(({ name }) => name),
      notUnderstood: [...this.#notUnderstood]
    };
  }
};
function nameOf(line) {
  return line.replaceAll(/\b([0-9a-f]{12})[0-9a-f]{28,}\b/g, "$1…").slice(0, MAX_NAME);
}
function matchPlace(occurrence, entries, broughtIn) {
  const paths = pathsOf(occurrence);
  const { introducedBy } = occurrence;
  const { line } = occurrence.inner ?? occurrence;
  const byPath = paths.map((path) => {
    const here = entries.filter(
      (entry) => entry.path === path && entry.line === line && (entry.commit === null || introducedBy.includes(entry.commit))
    );
    for (const entry of here) {
      entry.isUsed = true;
      for (const commit of entry.commit === null ? introducedBy : [entry.commit]) {
        broughtIn.set(keyOf(path, commit), entry.name);
      }
    }
    return here.find(({ commit }) => commit === null)?.name ?? null;
  });
  return paths.length > 0 && !byPath.includes(null) ? byPath[0] : null;
}
function keptFrom(occurrence, broughtIn) {
  const paths = pathsOf(occurrence);
  const { introducedBy } = occurrence;
  if (paths.length === 0 || introducedBy.length === 0) return null;
  const entryOf = (path, commit) => broughtIn.get(keyOf(path, commit));
  const ofPaths = paths.map((path) => introducedBy.map((commit) => entryOf(path, commit)).find(Boolean));
  const ofCommits = introducedBy.map((commit) => paths.map((path) => entryOf(path, commit)).find(Boolean));
  return ofPaths.includes(void 0) || ofCommits.includes(void 0) ? null : ofPaths[0];
}
function pathsOf({ kind, paths, container = [] }) {
  return IN_FILES.has(kind) ? paths.map((path) => [path, ...entryNamesOf(container)].join("!")) : [];
}
function keyOf(path, commit) {
  return `${commit}\0${path}`;
}
export {
  GitleaksIgnore
};
