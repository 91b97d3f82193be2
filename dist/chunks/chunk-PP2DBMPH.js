// src/core/token.ts
import { createHash } from "node:crypto";
import { inspect } from "node:util";
var Token = class {
  #raw;
  rule;
  plane;
  confidence;
  prefix;
  publicId;
  /** Prefix, public id and `…`: the only form that is ever printed, logged or stored in clear. */
  masked;
  /** `sha256:` and the hex SHA-256 of the raw value: the identity of a leak everywhere. */
  fingerprint;
  /** The fingerprint of a guessable token must not leave the machine. */
  isGuessable;
  constructor(raw, facts) {
    this.#raw = raw;
    this.rule = facts.rule;
    this.plane = facts.plane;
    this.confidence = facts.confidence;
    this.prefix = facts.prefix;
    this.publicId = facts.isGuessable ? null : facts.publicId;
    this.masked = `${facts.prefix}${this.publicId ?? ""}…`;
    this.fingerprint = `sha256:${createHash("sha256").update(raw).digest("hex")}`;
    this.isGuessable = facts.isGuessable;
  }
  /** The raw value, for the two places that it may go to: the vendor's API and the revocation provider. */
  reveal() {
    return this.#raw;
  }
  toString() {
    return this.masked;
  }
  toJSON() {
    return this.masked;
  }
  [inspect.custom]() {
    return this.masked;
  }
};

// src/detect/encoding.ts
function unitBytes(encoding) {
  return encoding === "plain" ? 1 : 2;
}
function unitAt(bytes, position, encoding) {
  if (position < 0) return -1;
  if (encoding === "plain") return bytes[position] ?? -1;
  const first = bytes[position];
  const second = bytes[position + 1];
  if (first === void 0 || second === void 0) return -1;
  if (encoding === "utf-16le") return second === 0 ? first : -1;
  return first === 0 ? second : -1;
}

// src/detect/match.ts
import { isUtf8 } from "node:buffer";
var BINARY_SAMPLE_BYTES = 16;
var MAX_OTHER_SHAPE_EXCESS = 192;
var FILLER_LENGTH = 8;
var LOOKAHEAD_LENGTH = MAX_OTHER_SHAPE_EXCESS + BINARY_SAMPLE_BYTES;
function matchCertain(bytes, start, rule, encoding) {
  let position = matchLiteral(bytes, start, rule.prefix, encoding);
  for (const [index, part] of rule.parts.entries()) {
    if (position === -1) return -1;
    position = part.kind === "literal" ? matchLiteral(bytes, position, part.bytes, encoding) : matchRun(bytes, position, part, encoding, index === rule.parts.length - 1);
  }
  return position;
}
function matchSuspect(bytes, start, rule, encoding) {
  if (rule.suspect === null) return -1;
  const step = unitBytes(encoding);
  if (isWordCharacter(unitAt(bytes, start - step, encoding))) return -1;
  const bodyStart = matchLiteral(bytes, start, rule.prefix, encoding);
  if (bodyStart === -1) return -1;
  const length = runLength(bytes, bodyStart, rule.suspect.table, rule.suspect.max + 1, encoding);
  if (length < rule.suspect.min || length > rule.suspect.max) return -1;
  return bodyStart + length * step;
}
function matchLiteral(bytes, start, literal, encoding) {
  const step = unitBytes(encoding);
  for (let index = 0; index < literal.length; index++) {
    if (unitAt(bytes, start + index * step, encoding) !== literal[index]) return -1;
  }
  return start + literal.length * step;
}
function matchRun(bytes, start, part, encoding, isLast) {
  const length = runLength(bytes, start, part.table, part.max, encoding);
  if (length < part.min) return -1;
  const end = start + length * unitBytes(encoding);
  return isLast && length === part.max && isPartOfLongerShape(bytes, end, part.table, encoding) ? -1 : end;
}
function isPartOfLongerShape(bytes, end, table, encoding) {
  const excess = runLength(bytes, end, table, MAX_OTHER_SHAPE_EXCESS + 1, encoding);
  if (excess === 0 || excess > MAX_OTHER_SHAPE_EXCESS) return false;
  const step = unitBytes(encoding);
  const next = unitAt(bytes, end + excess * step, encoding);
  if (isWordCharacter(next) && next !== UNDERSCORE) return false;
  if (excess >= FILLER_LENGTH && isRepeated(bytes, end, excess, encoding)) return false;
  return encoding !== "plain" || !isBinary(bytes.subarray(end, end + BINARY_SAMPLE_BYTES));
}
function isRepeated(bytes, start, length, encoding) {
  const first = unitAt(bytes, start, encoding);
  for (let index = 1; index < length; index++) {
    if (unitAt(bytes, start + index * unitBytes(encoding), encoding) !== first) return false;
  }
  return true;
}
function runLength(bytes, start, table, max, encoding) {
  const step = unitBytes(encoding);
  let length = 0;
  while (length < max) {
    const code = unitAt(bytes, start + length * step, encoding);
    if (code === -1 || table[code] !== 1) break;
    length += 1;
  }
  return length;
}
var UNDERSCORE = 95;
function isWordCharacter(code) {
  return code >= 48 && code <= 57 || code >= 65 && code <= 90 || code >= 97 && code <= 122 || code === 95;
}
function isBinary(bytes) {
  if (bytes.some((byte) => byte < 9 || byte > 13 && byte < 32 && byte !== 27)) return true;
  return ![0, 1, 2, 3].some((cut) => isUtf8(bytes.subarray(0, Math.max(0, bytes.length - cut))));
}

// src/detect/needles.ts
var FREQUENT_FIRST = ' etaonirsldcu\nmpfhg.,y()b_=-vw"/*;kx:TSE0A1CIR2PLDN{}';
var NEEDLE_LENGTHS = [2, 3];
function chooseNeedles(ruleset) {
  const needles = [];
  let uncovered = [...ruleset.rules];
  while (uncovered.length > 0) {
    const best = candidates(uncovered).reduce((a, b) => compare(a, b, uncovered) <= 0 ? a : b);
    const targets = uncovered.flatMap((rule) => {
      const offset = rule.rule.grammar.prefix.indexOf(best);
      return offset === -1 ? [] : [{ rule, offset, rest: Buffer.from(rule.rule.grammar.prefix.slice(offset), "latin1") }];
    });
    const covered = new Set(targets.map((target) => target.rule));
    uncovered = uncovered.filter((rule) => !covered.has(rule));
    needles.push({ plain: Buffer.from(best, "latin1"), utf16: withZeros(best), targets });
  }
  return needles;
}
function candidates(rules) {
  return rules.flatMap(
    ({ rule: { grammar } }) => NEEDLE_LENGTHS.flatMap(
      (length) => Array.from(
        { length: grammar.prefix.length - length + 1 },
        (_, start) => grammar.prefix.slice(start, start + length)
      )
    )
  );
}
function compare(a, b, rules) {
  return coverage(b, rules) - coverage(a, rules) || rarity(b) - rarity(a) || b.length - a.length;
}
function coverage(needle, rules) {
  return rules.filter((rule) => rule.rule.grammar.prefix.includes(needle)).length;
}
function rarity(needle) {
  const rank = FREQUENT_FIRST.indexOf(needle.charAt(0));
  return rank === -1 ? FREQUENT_FIRST.length : rank;
}
function withZeros(needle) {
  return Buffer.from([...needle].join("\0"), "latin1");
}

// src/detect/placeholder.ts
var THRESHOLD_BITS = -64;
var MAX_LAG = 32;
var TEST_COUNT_BITS = 10;
function isPatternedHex(secret) {
  const digits = Array.from(secret, (character) => Number.parseInt(character, 16));
  if (digits.length === 0 || digits.some(Number.isNaN)) return false;
  return hasFewDistinctValues(digits) || hasSteadySteps(digits, 16) || digits.length % 2 === 0 && hasSteadySteps(pairs(digits), 256);
}
function hasFewDistinctValues(digits) {
  const distinct = new Set(digits).size;
  const bits = logChoose(16, distinct) + digits.length * Math.log2(distinct / 16);
  return bits + TEST_COUNT_BITS < THRESHOLD_BITS;
}
function hasSteadySteps(values, base) {
  const counts = new Uint16Array(base);
  for (let lag = 1; lag <= Math.min(MAX_LAG, values.length - 1); lag++) {
    const enough = suspiciousCount(values.length - lag, base);
    counts.fill(0);
    for (let index = lag; index < values.length; index++) {
      const step = (values[index] - values[index - lag] + base) % base;
      if ((counts[step] += 1) >= enough) return true;
    }
  }
  return false;
}
var suspiciousCounts = /* @__PURE__ */ new Map();
function suspiciousCount(trials, base) {
  const key = trials * 2 + (base === 16 ? 0 : 1);
  let count = suspiciousCounts.get(key);
  if (count === void 0) {
    const allowance = Math.log2(base) + Math.log2(MAX_LAG) + TEST_COUNT_BITS;
    count = 1;
    while (count <= trials && logTail(trials, count, 1 / base) + allowance >= THRESHOLD_BITS) count += 1;
    suspiciousCounts.set(key, count);
  }
  return count;
}
function pairs(digits) {
  return Array.from({ length: digits.length / 2 }, (_, index) => digits[2 * index] * 16 + digits[2 * index + 1]);
}
function logTail(n, k, p) {
  return logChoose(n, k) + k * Math.log2(p);
}
function logChoose(n, k) {
  let bits = 0;
  for (let index = 1; index <= k; index++) bits += Math.log2((n - k + index) / index);
  return bits;
}
var MIN_RANDOM_LENGTH = 16;
var MIN_BITS_PER_CHARACTER = 3;
var MIN_DIGITS = 2;
function looksRandom(body) {
  return body.split(/[_-]/).some((piece) => {
    if (piece.length < MIN_RANDOM_LENGTH) return false;
    const digits = piece.replace(/\D/g, "").length;
    return digits >= MIN_DIGITS && digits < piece.length && entropyPerCharacter(piece) >= MIN_BITS_PER_CHARACTER && !isPatternedHex(piece) && !isMostlyCounting(piece);
  });
}
function isMostlyCounting(text) {
  const steps = Array.from(text.slice(1), (_, index) => text.charCodeAt(index + 1) - text.charCodeAt(index));
  return [1, -1].some((step) => steps.filter((one) => one === step).length > steps.length / 2);
}
function entropyPerCharacter(text) {
  const counts = /* @__PURE__ */ new Map();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= count / text.length * Math.log2(count / text.length);
  return bits;
}

// src/detect/detector.ts
var DENSE_FROM = 8;
var DENSE_BYTES = 4096;
var Detector = class {
  #needles;
  #withSuspects;
  /** A hit's bytes and all that decides on it lie within this many bytes from its start. */
  windowBytes;
  /** The most bytes that an anchor takes: what {@link mayHold} looks for, and what every hit begins with. */
  anchorBytes;
  constructor(ruleset, options = {}) {
    this.#needles = chooseNeedles(ruleset);
    this.#withSuspects = options.minConfidence === "suspect";
    this.windowBytes = 2 * (ruleset.maxLength + 1 + LOOKAHEAD_LENGTH);
    this.anchorBytes = 2 * Math.max(...ruleset.rules.map((rule) => rule.prefix.length));
  }
  /**
   * All hits that start from `from` on and before `limit`, in no order.
   *
   * @param bytes owned by the caller and not kept
   * @param base where the bytes begin in their unit; units of two bytes are aligned to that
   */
  find(bytes, from = 0, limit = bytes.length, base = 0) {
    let hits;
    const search = { from, limit, base, judged: /* @__PURE__ */ new Map() };
    const firstZero = bytes.indexOf(0);
    for (const needle of this.#needles) {
      let seen = 0;
      for (let at = bytes.indexOf(needle.plain); at !== -1; at = bytes.indexOf(needle.plain, at + 1)) {
        hits = this.#tryTargets(bytes, at, needle, "plain", search, hits);
        seen += 1;
        if (seen >= DENSE_FROM && seen * DENSE_BYTES > at) {
          hits = this.#findEach(bytes, at + 1, needle, search, hits);
          break;
        }
      }
      if (firstZero === -1) continue;
      const zeroFrom = Math.max(0, firstZero - needle.utf16.length);
      for (let at = bytes.indexOf(needle.utf16, zeroFrom); at !== -1; at = bytes.indexOf(needle.utf16, at + 1)) {
        hits = this.#tryTargets(bytes, at, needle, "utf-16le", search, hits);
        hits = this.#tryTargets(bytes, at - 1, needle, "utf-16be", search, hits);
      }
    }
    return hits ?? NO_HITS;
  }
  /**
   * Whether an anchor stands somewhere in the bytes. Every hit of {@link find} has one in it, whole and in one piece,
   * whatever stands around it: bytes without any hold no token, and do not become part of one unless an anchor
   * is put together or added. A form that `find` learns to read needs its anchor here.
   */
  mayHold(bytes) {
    const firstZero = bytes.indexOf(0);
    for (const needle of this.#needles) {
      for (let at = bytes.indexOf(needle.plain); at !== -1; at = bytes.indexOf(needle.plain, at + 1)) {
        if (isAnchor(bytes, at, needle, "plain")) return true;
      }
      if (firstZero === -1) continue;
      const zeroFrom = Math.max(0, firstZero - needle.utf16.length);
      for (let at = bytes.indexOf(needle.utf16, zeroFrom); at !== -1; at = bytes.indexOf(needle.utf16, at + 1)) {
        if (isAnchor(bytes, at, needle, "utf-16le") || isAnchor(bytes, at - 1, needle, "utf-16be")) return true;
      }
    }
    return false;
  }
  /** Where a needle turns up all the time, a pass for each rule costs less than all the attempts. */
  #findEach(bytes, after, needle, search, hits) {
    for (const { rule, offset, rest } of needle.targets) {
      for (let at = bytes.indexOf(rest, after); at !== -1; at = bytes.indexOf(rest, at + 1)) {
        const start = at - offset;
        if (start < search.from || start >= search.limit) continue;
        const hit = this.#tryRule(bytes, start, rule, "plain", search);
        if (hit !== null) (hits ??= []).push(hit);
      }
    }
    return hits;
  }
  #tryTargets(bytes, at, needle, encoding, search, hits) {
    for (const target of needle.targets) {
      const start = at - target.offset * unitBytes(encoding);
      if (start < search.from || start >= search.limit) continue;
      const hit = this.#tryRule(bytes, start, target.rule, encoding, search);
      if (hit !== null) (hits ??= []).push(hit);
    }
    return hits;
  }
  #tryRule(bytes, start, rule, encoding, { base, judged }) {
    const end = matchCertain(bytes, start, rule, encoding);
    if (end === -1) return this.#withSuspects ? trySuspect(bytes, start, rule, encoding) : null;
    if (hasAlignedTwin(bytes, start, rule, encoding, base)) return null;
    const raw = readText(bytes, start, end, encoding);
    const key = `${rule.rule.id} ${raw}`;
    let token = judged.get(key);
    if (token === void 0) {
      token = certainToken(raw, rule);
      judged.set(key, token);
    }
    return token && { token, start, end, encoding };
  }
};
function isAnchor(bytes, at, needle, encoding) {
  return needle.targets.some(
    ({ rule, offset }) => matchLiteral(bytes, at - offset * unitBytes(encoding), rule.prefix, encoding) !== -1
  );
}
function certainToken(raw, rule) {
  const parts = splitParts(raw, rule);
  if (rule.placeholders.has(raw) || isPatternedHex(parts.secret)) return null;
  return new Token(raw, {
    rule: rule.rule.id,
    plane: rule.rule.plane ?? null,
    confidence: "certain",
    prefix: rule.rule.grammar.prefix,
    publicId: parts.publicId,
    isGuessable: rule.isGuessable
  });
}
var NO_HITS = [];
function hasAlignedTwin(bytes, start, rule, encoding, base) {
  if (encoding === "plain" || (base + start) % 2 === 0) return false;
  return encoding === "utf-16le" ? matchCertain(bytes, start - 1, rule, "utf-16be") !== -1 : matchCertain(bytes, start + 1, rule, "utf-16le") !== -1;
}
function trySuspect(bytes, start, rule, encoding) {
  const end = matchSuspect(bytes, start, rule, encoding);
  if (end === -1) return null;
  const raw = readText(bytes, start, end, encoding);
  if (rule.placeholders.has(raw) || !looksRandom(raw.slice(rule.prefix.length))) return null;
  const token = new Token(raw, {
    rule: rule.rule.id,
    plane: rule.rule.plane ?? null,
    confidence: "suspect",
    prefix: rule.rule.grammar.prefix,
    publicId: null,
    isGuessable: true
  });
  return { token, start, end, encoding };
}
function readText(bytes, start, end, encoding) {
  if (encoding === "plain") return bytes.toString("latin1", start, end);
  const first = encoding === "utf-16le" ? start : start + 1;
  let text = "";
  for (let at = first; at < end; at += 2) text += String.fromCharCode(bytes[at]);
  return text;
}
function splitParts(raw, rule) {
  let position = rule.prefix.length;
  let publicId = null;
  let secret = "";
  for (const part of rule.parts) {
    let length = part.kind === "literal" ? part.bytes.length : 0;
    if (part.kind === "run") {
      while (length < part.max && part.table[raw.charCodeAt(position + length)] === 1) length += 1;
      const text = raw.slice(position, position + length);
      if (part.name === rule.rule.grammar.publicId) publicId = text;
      if (part.name === rule.rule.grammar.secret) secret = text;
    }
    position += length;
  }
  return { publicId, secret };
}

export {
  Token,
  Detector
};
