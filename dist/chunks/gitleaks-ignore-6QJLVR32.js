import {
  entryNamesOf
} from "./chunk-YV5PFDMU.js";
import "./chunk-SEWDMQ6Q.js";

// src/config/gitleaks-ignore.ts
var GENERIC_RULE = "generic-api-key";
var PLACE = /^(?:([0-9a-f]{40}|[0-9a-f]{64}):)?(.+):([^:\s]+):(\d{1,9})$/;
var VALUE = /^(?:sha256:)?([0-9a-f]{64})$/;
var IN_FILES = /* @__PURE__ */ new Set(["blob", "file", "index", "stdin"]);
var GitleaksIgnore = class {
  #places = [];
  #byPlace = /* @__PURE__ */ new Map();
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
      const place = { name, isUsed: false, commit: commit ?? null, path: plainPath(path), rule, line: Number(number) };
      this.#places.push(place);
      this.#index(place, place.path);
    }
  }
  #index(place, path) {
    const key = placeKey(path, place.line);
    const known = this.#byPlace.get(key);
    if (known === void 0) this.#byPlace.set(key, [place]);
    else known.push(place);
  }
  /** @param root the directory that is scanned: entries may name its files by their absolute paths */
  locate(root) {
    const start = `${plainPath(root).replace(/\/$/, "")}/`;
    for (const place of this.#places) {
      if (place.path.startsWith(start)) this.#index(place, place.path.slice(start.length));
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
    const named = occurrences.map(
      (occurrence) => pathsOf(occurrence).map((path) => ({ path, entries: this.#entriesOf(token, path, occurrence) }))
    );
    const versions = versionsOf(occurrences, named);
    const known = knownAdditions(versions.values());
    return occurrences.map(
      (occurrence, index) => byPlaceAlone(named[index]) ?? byAddition(occurrence, named[index], versions, known)
    );
  }
  #entriesOf({ rule }, path, { inner, line }) {
    const here = this.#byPlace.get(placeKey(path, inner?.line ?? line)) ?? [];
    return here.filter((entry) => entry.rule === rule || entry.rule === GENERIC_RULE);
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
  return line.replaceAll(/\b([0-9a-f]{12})[0-9a-f]{28,}\b/g, "$1…");
}
function byPlaceAlone(paths) {
  const found = paths.map(({ entries }) => entries.find(({ commit }) => commit === null));
  for (const entry of found) if (entry !== void 0) entry.isUsed = true;
  return found.includes(void 0) ? null : found[0]?.name ?? null;
}
function versionsOf(occurrences, named) {
  const versions = /* @__PURE__ */ new Map();
  if (named.every((paths) => paths.every(({ entries }) => entries.length === 0))) return versions;
  for (const [index, { object, introducedBy }] of occurrences.entries()) {
    for (const { path, entries } of named[index]) {
      for (const commit of introducedBy) {
        const addition = additionKey(path, commit);
        const key = versionKey(object, addition);
        const version = versions.get(key);
        if (version === void 0) versions.set(key, { addition, commit, places: [entries] });
        else version.places.push(entries);
      }
    }
  }
  return versions;
}
function knownAdditions(versions) {
  const known = /* @__PURE__ */ new Map();
  for (const { addition, commit, places } of versions) {
    const exact = places.flat().filter((entry) => entry.commit === null || entry.commit === commit);
    for (const entry of exact) entry.isUsed = true;
    if (exact[0] === void 0 || places.some((entries) => entries.length === 0)) continue;
    for (const entry of places.flat()) entry.isUsed = true;
    if (places.length > (known.get(addition)?.places ?? 0)) {
      known.set(addition, { name: exact[0].name, places: places.length });
    }
  }
  return known;
}
function byAddition({ object, introducedBy }, named, versions, known) {
  if (known.size === 0 || named.length === 0 || introducedBy.length === 0) return null;
  const entryOf = (path, commit) => {
    const addition = additionKey(path, commit);
    const addedBefore = known.get(addition);
    if (addedBefore === void 0) return void 0;
    return versions.get(versionKey(object, addition)).places.length > addedBefore.places ? void 0 : addedBefore.name;
  };
  const ofPaths = named.map(({ path }) => introducedBy.map((commit) => entryOf(path, commit)).find(Boolean));
  const ofCommits = introducedBy.map((commit) => named.map(({ path }) => entryOf(path, commit)).find(Boolean));
  return ofPaths.includes(void 0) || ofCommits.includes(void 0) ? null : ofPaths[0];
}
function pathsOf({ kind, paths, container = [] }) {
  return IN_FILES.has(kind) ? paths.map((path) => [path, ...entryNamesOf(container)].join("!")) : [];
}
function plainPath(path) {
  return path.replaceAll("\\", "/").replace(/^(?:\.\/)+/, "");
}
function placeKey(path, line) {
  return `${line}\0${path}`;
}
function additionKey(path, commit) {
  return `${commit}\0${path}`;
}
function versionKey(object, addition) {
  return `${object ?? ""}\0${addition}`;
}
export {
  GitleaksIgnore
};
