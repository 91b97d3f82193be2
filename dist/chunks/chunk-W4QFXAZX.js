import {
  Damage,
  EntryHeader,
  MAX_ENTRY_HEADER_BYTES,
  NotForUs,
  OFFSET_DELTA,
  REF_DELTA,
  hashName,
  inflateExactly
} from "./chunk-KTHQ3RLY.js";
import {
  BEGINNING_BYTES,
  Detector,
  instantiatorOf,
  isContainer,
  mayBecomeContainer
} from "./chunk-O7S4ABFV.js";
import {
  compileRules
} from "./chunk-LCFWLN64.js";
import {
  messageOf,
  systemCodeOf
} from "./chunk-U52VU3KD.js";

// src/git/storage/delta.ts
var SHORT_COPY_BYTES = 24;
var DEFAULT_COPY_BYTES = 65536;
var Delta = class {
  baseSize = 0;
  resultSize = 0;
  #bytes = Buffer.alloc(0);
  #operations = 0;
  #position = 0;
  /** The operation that was read last: bytes of the base, or of the delta itself. */
  #isCopy = false;
  #from = 0;
  #size = 0;
  #list = new Int32Array(192);
  /** @throws {Damage} */
  open(bytes) {
    this.#bytes = bytes;
    this.#position = 0;
    this.baseSize = this.#readSize();
    this.resultSize = this.#readSize();
    this.#operations = this.#position;
  }
  /**
   * Puts the version together.
   *
   * @param result takes it; at least {@link resultSize} long
   * @throws {Damage} where an operation reaches beyond the base or the result, or the result is not filled
   */
  apply(base, result) {
    let filled = 0;
    this.#begin(base);
    while (this.#next(base, filled)) {
      filled = copy(this.#isCopy ? base : this.#bytes, this.#from, this.#size, result, filled);
    }
    this.#end(filled);
  }
  /**
   * What of the version is not plainly its base's: bytes of its own, and `context` bytes on both sides of each place
   * where two pieces meet, and at its beginning and end. Pieces that follow each other in the base as well are one. Whatever is left
   * out is left out without a trace, so bytes that stand side by side here need not do so in the version; those that do
   * within `context` of such a place stand so here. The first `head` bytes are always all there.
   *
   * @param result takes the pieces; at least {@link resultSize} long
   * @returns how many bytes they are
   * @throws {Damage} as {@link apply}
   */
  condense(base, result, context, head) {
    let filled = 0;
    let written = 0;
    let pendingFrom = 0;
    let pendingTo = 0;
    this.#begin(base);
    while (this.#next(base, filled)) {
      const from = this.#from;
      const size = this.#size;
      const goesOn = this.#isCopy && from === pendingTo && pendingFrom !== pendingTo;
      if (!goesOn) written = writeEnds(base, pendingFrom, pendingTo, context, head, result, written);
      if (this.#isCopy) {
        if (!goesOn) pendingFrom = from;
        pendingTo = from + size;
      } else {
        pendingFrom = 0;
        pendingTo = 0;
        written = copy(this.#bytes, from, size, result, written);
      }
      filled += size;
    }
    this.#end(filled);
    return writeEnds(base, pendingFrom, pendingTo, context, head, result, written);
  }
  /**
   * @returns three numbers for each operation, valid until the next call: whether it copies, from where, and how many bytes
   * @throws {Damage} as {@link apply}
   */
  listOperations(base) {
    let filled = 0;
    let count = 0;
    this.#begin(base);
    while (this.#next(base, filled)) {
      if (count + 3 > this.#list.length) {
        const longer = new Int32Array(2 * this.#list.length);
        longer.set(this.#list);
        this.#list = longer;
      }
      this.#list[count++] = this.#isCopy ? 1 : 0;
      this.#list[count++] = this.#from;
      this.#list[count++] = this.#size;
      filled += this.#size;
    }
    this.#end(filled);
    return this.#list;
  }
  #begin(base) {
    if (base.length !== this.baseSize) throw new Damage(wrongBase(base, this.baseSize));
    this.#position = this.#operations;
  }
  /** Reads an operation, unless there are no more. @param filled bytes of the version that the earlier ones gave */
  #next(base, filled) {
    const bytes = this.#bytes;
    let position = this.#position;
    if (position >= bytes.length) return false;
    const operation = bytes[position++];
    let from = 0;
    let size = 0;
    this.#isCopy = operation >= 128;
    if (this.#isCopy) {
      if (operation & 1) from = byteAt(bytes, position++);
      if (operation & 2) from |= byteAt(bytes, position++) << 8;
      if (operation & 4) from |= byteAt(bytes, position++) << 16;
      if (operation & 8) from += byteAt(bytes, position++) * 16777216;
      if (operation & 16) size = byteAt(bytes, position++);
      if (operation & 32) size |= byteAt(bytes, position++) << 8;
      if (operation & 64) size |= byteAt(bytes, position++) << 16;
      if (size === 0) size = DEFAULT_COPY_BYTES;
      if (from + size > base.length) throw new Damage("copies from beyond the end of its base");
    } else {
      if (operation === 0) throw new Damage("has an operation that does not exist");
      from = position;
      size = operation;
      position += size;
      if (position > bytes.length) throw new Damage("ends in its own bytes");
    }
    if (filled + size > this.resultSize) throw new Damage("gives more bytes than it says");
    this.#from = from;
    this.#size = size;
    this.#position = position;
    return true;
  }
  #end(filled) {
    if (filled !== this.resultSize) throw new Damage(`gives ${filled} bytes and says ${this.resultSize}`);
  }
  #readSize() {
    let size = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = byteAt(this.#bytes, this.#position++);
      size += (byte & 127) * factor;
      if (size > Number.MAX_SAFE_INTEGER) throw new Damage("has an impossible size");
      if (byte < 128) return size;
    }
  }
};
function writeEnds(base, from, to, context, head, result, written) {
  const size = to - from;
  if (size === 0) return written;
  const first = Math.max(context, head - written);
  if (size <= first + context) return copy(base, from, size, result, written);
  const behind = copy(base, from, first, result, written);
  return copy(base, to - context, context, result, behind);
}
function copy(source, from, size, target, at) {
  if (size <= SHORT_COPY_BYTES) {
    for (let index = 0; index < size; index++) target[at + index] = source[from + index];
  } else {
    source.copy(target, at, from, from + size);
  }
  return at + size;
}
function byteAt(bytes, position) {
  const byte = bytes[position];
  if (byte === void 0) throw new Damage("ends in an operation");
  return byte;
}
function wrongBase(base, size) {
  return `is for a base of ${size} bytes and its base has ${base.length}`;
}

// src/git/storage/inflate.generated.ts
var INFLATE_MODULE = "AGFzbQEAAAABKQZgB39/f39/f38Bf2ADfn9/AX9gAABgAn9/AX9gAXsBf2AEf39/fwF/AwcGAAECAwQFBQMBAEAGEAN/AUEAC38BQQALfwFBAAsHFAIGbWVtb3J5AgAHaW5mbGF0ZQAFCtkTBtIDAQt/IAJBAEEg/AsAA0AgAiAAIAdqLQAAQQF0aiEOIA4gDi8BAEEBajsBACAHQQFqIgcgAUkNAAsgAkEAOwEAQQEhCkEBIQgDQCACIAhBAXRqLwEAIQ4gDgRAIAghCQsgCkEBdCAOayEKIApBAEgEQEF/DwtBoAYgCEEBdGogCzsBACALIA5qIQsgCEEBaiIIQQ9NDQALIAlFBEAgBEEAOwEAQQAPCyAKQQBKIAZFIAlBAUdycQRAQX8PC0EAIQcDQCAAIAdqLQAAIQggCARAQaAGIAhBAXRqIQ4gDi8BACELIA4gC0EBajsBACADIAtBAXRqIAc7AQALIAdBAWoiByABSQ0ACyAJIAVJBEAgCSEFC0ECIAV0IQ8gBEEAIA/8CwAgBCAPaiEPQQEhCANAIAMgAiAIQQF0ai8BAEEBdGohEUECIAh0IQ0CQANAIAMgEU8NASADLwEAQQR0IAhyIRAgBCAMQQF0aiEOA0AgDiAQOwEAIA4gDWoiDiAPSQ0AC0EBIAhBAWt0IQcCQANAIAwgB3FFDQEgB0EBdiEHDAALCyAHBH8gDCAHQQFrcSAHagVBAAshDCADQQJqIQMMAAsLIAhBAWoiCCAFTQ0ACyAFC3MBBX9BASEDA0AgBCAAp0EBcXIhBCAAQgGIIQAgASADQQF0ai8BACEHIAQgB2sgBUgEQCACIAYgBCAFa2pBAXRqLwEAQQR0IANyDwsgBiAHaiEGIAUgB2pBAXQhBSAEQQF0IQQgA0EBaiIDQQ9NDQALQX8LWQBBAEEIQaAC/AsAQZABQQlB8AD8CwBBgAJBB0EY/AsAQQBBoAJBgCBBwCBBgChBCUEAEAAkAUEAQQVBIPwLAEEAQSBBoCBBgCVBgDhBBUEAEAAkAkEBJAAL1AICBH8Ee0EBIQICQANAIAEgAGtBEEkNASAAIAEgAGtBcHFqIQQgBCAAa0GgK0sEQCAAQaAraiEECyADIAIgBCAAa2xqIQP9DAAAAAAAAAAAAAAAAAAAAAAhBv0MAAAAAAAAAAAAAAAAAAAAACEH/QwAAAAAAAAAAAAAAAAAAAAAIQgDQCAHIAb9rgEhByAA/QAAACEJIAYgCf19/X/9rgEhBiAIIAn9iQH9DBAADwAOAA0ADAALAAoACQD9ugEgCf2KAf0MCAAHAAYABQAEAAMAAgABAP26Af2uAf2uASEIIABBEGoiACAESQ0ACyACIAYQBGpB8f8DcCECIAggB0EE/asB/a4BIQggAyAIEARqQfH/A3AhAwwACwsCQANAIAAgAU8NASACIAAtAABqIQIgAyACaiEDIABBAWohAAwACwsgA0Hx/wNwQRB0IAJB8f8DcHILGQAgAP0bACAA/RsBaiAA/RsCIAD9GwNqagvECwIBfhF/IAIhBiAALQAAIRQgAC0AASEMIBRBCHQgDHJBH3AgFEEPcUEIRyAUQf8ASyAMQSBxcnJyBEBBfw8LIABBAmohAANAIAAgBUEDdmsgAUsEQEF/DwsgBCAAKQAAIAWthoQhBCAAQT8gBWtBA3ZqIQAgBUE4ciEFIASnQQFxIQcgBKdBAXZBA3EhCCAEQgOIIQQgBUEDayEFAkAgCEUEQCAAIAVBA3ZrIQBCACEEQQAhBSAALwAAIQ0gDSAALwACQf//A3NHBEBBfw8LIABBBGohACAAIA1qIAFLIA0gAyACa0tyBEBBfw8LIAIgACAN/AoAACACIA1qIQIgACANaiEADAELIAhBA0YEQEF/DwsgCEEBRgRAIwBFBEAQAgtBgCAhCUEBIwF0QQFrIQpBASMCdEEBayELBSAEp0EfcUGBAmohEiAEp0EFdkEfcUEBaiEOIASnQQp2QQ9xQQRqIQ0gBEIOiCEEIAVBDmshBSASQZ4CSyAOQR5LcgRAQX8PC0GQA0EAQRP8CwBBACEUA0AgBCAAKQAAIAWthoQhBCAAQT8gBWtBA3ZqIQAgBUE4ciEFIBQtAMADIASnQQdxOgCQAyAEQgOIIQQgBUEDayEFIBRBAWoiFCANSQ0AC0GQA0ETQYDgAEHA4ABBgOEAQQdBABAAIRUgFUEASARAQX8PC0EBIBV0QQFrIRUgEiAOaiETQQAhFANAIAQgACkAACAFrYaEIQQgAEE/IAVrQQN2aiEAIAVBOHIhBSAEpyAVcUEBdC8BgGEhDCAMRQRAQX8PCyAMQQ9xIQ8gBCAPrYghBCAFIA9rIQUgDEEEdiEMIAxBEEkEQCAUIAw6AAAgFEEBaiEUBUEAIRAgDEEQRgRAIBRFBEBBfw8LIBRBAWstAAAhEEEDIQ1BAiEPBSAMQRFGBEBBAyENQQMhDwVBCyENQQchDwsLIA0gBKdBASAPdEEBa3FqIQ0gBCAPrYghBCAFIA9rIQUgFCANaiATSwRAQX8PCyAUIBAgDfwLACAUIA1qIRQLIBQgE0kNAAtBgAItAABFBEBBfw8LQQAgEkGAwABBwMAAQYDIAEEKQQEQACEKIBIgDkGgwABBgMUAQYDYAEEJQQEQACELIApBAEggC0EASHIEQEF/DwtBgMAAIQlBASAKdEEBayEKQQEgC3RBAWshCwsDQCAAIAFBCGpLBEBBfw8LIAQgACkAACAFrYaEIQQgAEE/IAVrQQN2aiEAIAVBOHIhBSAJIASnIApxQQF0ai8BgAghDCAMRQRAIAQgCSAJQcAAahABIQwgDEEASARAQX8PCwsgDEEPcSEPIAQgD62IIQQgBSAPayEFIAxBBHYhDCAMQYACSQRAIAIgA08EQEF/DwsgAiAMOgAAIAJBAWohAgwBCyAMQYECayEMIAxBAEgNASAMQRxLBEBBfw8LIAwtAMAEIQ8gDEEBdC8BgAQgBKdBASAPdEEBa3FqIQ0gBCAPrYghBCAFIA9rIQUgCSAEpyALcUEBdGovAYAYIQwgDEUEQCAEIAlBIGogCUGABWoQASEMIAxBAEgEQEF/DwsLIAxBD3EhDyAEIA+tiCEEIAUgD2shBSAMQQR2IQwgDEEdSwRAQX8PCyAMLQDABSEPIAxBAXQvAYAFIASnQQEgD3RBAWtxaiEOIAQgD62IIQQgBSAPayEFIA4gAiAGa0sgDSADIAJrS3IEQEF/DwsgAiAOayEQIAIgDWohESAOQQhPBEADQCACIBApAAA3AAAgEEEIaiEQIAJBCGoiAiARSQ0ACyARIQIFA0AgAiAQLQAAOgAAIBBBAWohECACQQFqIgIgEUkNAAsLDAALCyAHRQ0ACyAAIAVBA3ZrIQAgAiADRyAAQQRqIAFLcgRAQX8PCyAGIAIQAyEMIAAoAAAhFCAUQQh3Qf+B/AdxIBRBCHhBgP6DeHFyIRQgDCAURwRAQX8PCyAAQQRqCwvjAQUAQcADCxMQERIACAcJBgoFCwQMAw0CDgEPAEGABAs6AwAEAAUABgAHAAgACQAKAAsADQAPABEAEwAXABsAHwAjACsAMwA7AEMAUwBjAHMAgwCjAMMA4wACAQBBwAQLHQAAAAAAAAAAAQEBAQICAgIDAwMDBAQEBAUFBQUAAEGABQs8AQACAAMABAAFAAcACQANABEAGQAhADEAQQBhAIEAwQABAYEBAQIBAwEEAQYBCAEMARABGAEgATABQAFgAEHABQseAAAAAAEBAgIDAwQEBQUGBgcHCAgJCQoKCwsMDA0N";

// src/git/storage/inflater.ts
var INPUT_START = 16384;
var SLACK_BYTES = 64;
var instantiate = instantiatorOf(INFLATE_MODULE);
var Inflater = class {
  #memory;
  #inflate;
  constructor() {
    const instance = instantiate();
    this.#memory = instance === null ? Buffer.alloc(0) : Buffer.from(instance.memory.buffer);
    this.#inflate = instance === null ? null : instance.inflate;
  }
  /**
   * @param input the stream and nothing behind it
   * @returns the bytes, valid until the next call
   * @throws {Damage} where it is not `size` bytes long, its checksum is wrong, or something follows it
   */
  inflate(input, size) {
    const inputEnd = INPUT_START + input.length;
    const output = inputEnd + SLACK_BYTES;
    const outputEnd = output + size;
    if (this.#inflate === null || outputEnd + SLACK_BYTES > this.#memory.length) return inflateExactly(input, size);
    this.#memory.set(input, INPUT_START);
    if (this.#inflate(INPUT_START, inputEnd, output, outputEnd) === inputEnd) {
      return this.#memory.subarray(output, outputEnd);
    }
    return inflateExactly(input, size);
  }
};

// src/git/storage/pack-map.ts
import { createHash } from "node:crypto";
import { setImmediate } from "node:timers/promises";
var PACK_HEADER_BYTES = 12;
var PACK_SIGNATURE = 1346454347;
var READ_BYTES = 1 << 20;
var PAUSE_BYTES = 16 * READ_BYTES;
var NO_ENTRY = -1;
async function mapPack(file, index, signal) {
  checkEnds(file, index);
  const offsets = sortedOffsets(file, index);
  const reader = new HeaderReader(file, index, offsets);
  const hasRightChecksum = await reader.readAll(signal);
  const { map, unreached } = linkFamilies(offsets, reader.bases, reader.types);
  const damage = reader.damage;
  const explained = descendantsOf(map, [...damage.keys(), ...reader.basesElsewhere.keys()]);
  const known = new Set(explained);
  for (const entry of unreached) if (!known.has(entry)) damage.set(entry, "is a delta of itself, by way of others");
  return { map, apart: unreached, damage, basesElsewhere: reader.basesElsewhere, hasRightChecksum };
}
function entryAt({ offsets, count }, offset) {
  return searchOffset(offsets, count, offset);
}
function descendantsOf(map, entries) {
  const found = [];
  const seen = /* @__PURE__ */ new Set();
  const open = [...entries];
  for (let entry = open.pop(); entry !== void 0; entry = open.pop()) {
    if (seen.has(entry)) continue;
    seen.add(entry);
    found.push(entry);
    for (let child = map.firstChild[entry]; child !== NO_ENTRY; child = map.nextSibling[child]) open.push(child);
    if (map.heaviestChild[entry] !== NO_ENTRY) open.push(map.heaviestChild[entry]);
  }
  return found;
}
function checkEnds(file, index) {
  const header = file.read(0, PACK_HEADER_BYTES);
  if (header.length < PACK_HEADER_BYTES || file.size < PACK_HEADER_BYTES + index.idBytes)
    throw new Damage("is too short");
  if (header.readUInt32BE(0) !== PACK_SIGNATURE) throw new Damage("does not begin as a pack");
  const version = header.readUInt32BE(4);
  if (version !== 2 && version !== 3) throw new Damage(`has version ${version}`);
  const count = header.readUInt32BE(8);
  if (count !== index.count) throw new Damage(`has ${count} objects and its index ${index.count}`);
  const checksum = file.read(file.size - index.idBytes, index.idBytes);
  if (!checksum.equals(index.packChecksum)) throw new Damage("is another one than its index is for");
}
function sortedOffsets(file, index) {
  const { count } = index;
  const offsets = new Float64Array(new SharedArrayBuffer((count + 1) * 8));
  for (let position = 0; position < count; position++) offsets[position] = index.offsetAt(position);
  offsets[count] = file.size - index.idBytes;
  const end = offsets[count];
  offsets.subarray(0, count).sort();
  for (let entry = 0; entry < count; entry++) {
    if (offsets[entry] < PACK_HEADER_BYTES || offsets[entry] >= end) {
      throw new Damage(`has no room for an object at ${offsets[entry]}, where its index has one`);
    }
    if (offsets[entry] === offsets[entry + 1]) throw new Damage(`has two objects at ${offsets[entry]} by its index`);
  }
  if (count > 0 && offsets[0] !== PACK_HEADER_BYTES) throw new Damage("has bytes in front of its first object");
  return offsets;
}
function searchOffset(offsets, count, offset) {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = low + high >>> 1;
    if (offsets[middle] < offset) low = middle + 1;
    else high = middle;
  }
  return low < count && offsets[low] === offset ? low : NO_ENTRY;
}
var HeaderReader = class {
  bases;
  types;
  damage = /* @__PURE__ */ new Map();
  basesElsewhere = /* @__PURE__ */ new Map();
  #file;
  #index;
  #offsets;
  #header = new EntryHeader();
  constructor(file, index, offsets) {
    this.#file = file;
    this.#index = index;
    this.#offsets = offsets;
    this.bases = new Int32Array(new SharedArrayBuffer(index.count * 4)).fill(NO_ENTRY);
    this.types = new Uint8Array(new SharedArrayBuffer(index.count));
  }
  /** @returns whether the checksum is right */
  async readAll(signal) {
    const { count, idBytes } = this.#index;
    const end = this.#offsets[count];
    const hash = createHash(hashName(idBytes));
    let entry = 0;
    for (let start = 0; start < end; start += READ_BYTES) {
      const stop = Math.min(start + READ_BYTES, end);
      if (start % PAUSE_BYTES === 0) {
        await setImmediate();
        signal?.throwIfAborted();
      }
      const bytes = this.#file.read(start, Math.min(READ_BYTES + MAX_ENTRY_HEADER_BYTES, end - start));
      hash.update(bytes.subarray(0, stop - start));
      for (; entry < count && this.#offsets[entry] < stop; entry++) {
        const offset = this.#offsets[entry];
        const room = Math.min(this.#offsets[entry + 1], start + bytes.length) - start;
        this.#read(entry, room === bytes.length ? bytes : bytes.subarray(0, room), offset - start);
      }
    }
    return hash.digest().equals(this.#index.packChecksum);
  }
  #read(entry, bytes, at) {
    const header = this.#header;
    try {
      header.read(bytes, at, this.#index.idBytes);
      this.types[entry] = header.type;
      if (header.type === OFFSET_DELTA) this.bases[entry] = this.#baseByOffset(entry);
      else if (header.type === REF_DELTA) this.#baseByName(entry, bytes);
    } catch (error) {
      if (!(error instanceof Damage)) throw error;
      this.types[entry] = REF_DELTA;
      this.damage.set(entry, error.message);
    }
  }
  #baseByOffset(entry) {
    const offset = this.#offsets[entry] - this.#header.baseDistance;
    const base = searchOffset(this.#offsets, entry, offset);
    if (base === NO_ENTRY) throw new Damage(`is a delta of what begins at ${offset}, where nothing does`);
    return base;
  }
  #baseByName(entry, bytes) {
    const { baseName } = this.#header;
    const name = bytes.subarray(baseName, baseName + this.#index.idBytes);
    const position = this.#index.find(name);
    if (position === -1) this.basesElsewhere.set(entry, name.toString("hex"));
    else this.bases[entry] = searchOffset(this.#offsets, this.#index.count, this.#index.offsetAt(position));
  }
};
function linkFamilies(offsets, bases, types) {
  const count = types.length;
  const makeLinks = () => new Int32Array(new SharedArrayBuffer(count * 4)).fill(NO_ENTRY);
  const firstChild = makeLinks();
  const nextSibling = makeLinks();
  const heaviestChild = makeLinks();
  for (let entry = count - 1; entry >= 0; entry--) {
    const base = bases[entry];
    if (base === NO_ENTRY) continue;
    nextSibling[entry] = firstChild[base];
    firstChild[base] = entry;
  }
  const line = new Int32Array(count);
  let filled = 0;
  for (let entry = 0; entry < count; entry++) if (types[entry] < OFFSET_DELTA) line[filled++] = entry;
  const roots = new Int32Array(new SharedArrayBuffer(filled * 4));
  roots.set(line.subarray(0, filled));
  for (let next = 0; next < filled; next++) {
    const entry = line[next];
    for (let child = firstChild[entry]; child !== NO_ENTRY; child = nextSibling[child]) {
      types[child] = types[entry];
      line[filled++] = child;
    }
  }
  const unreached = [];
  for (let entry = 0; entry < count; entry++) {
    if (types[entry] < OFFSET_DELTA) continue;
    unreached.push(entry);
    types[entry] = 0;
  }
  const weights = new Int32Array(count).fill(1);
  for (let next = filled - 1; next >= 0; next--) {
    const base = bases[line[next]];
    if (base !== NO_ENTRY) weights[base] += weights[line[next]];
  }
  for (let entry = 0; entry < count; entry++) if (types[entry] !== 0) setHeaviestApart(entry);
  return { map: { count, offsets, types, bases, firstChild, nextSibling, heaviestChild, roots }, unreached };
  function setHeaviestApart(entry) {
    let heaviest = NO_ENTRY;
    let before = NO_ENTRY;
    let last = NO_ENTRY;
    for (let child = firstChild[entry]; child !== NO_ENTRY; child = nextSibling[child]) {
      if (heaviest === NO_ENTRY || weights[child] > weights[heaviest]) {
        heaviest = child;
        before = last;
      }
      last = child;
    }
    if (heaviest === NO_ENTRY) return;
    heaviestChild[entry] = heaviest;
    if (before === NO_ENTRY) firstChild[entry] = nextSibling[heaviest];
    else nextSibling[before] = nextSibling[heaviest];
    nextSibling[heaviest] = NO_ENTRY;
  }
}

// src/git/storage/name-lookup.ts
var TYPE_BYTES = 4;
function shareNames({ index, mapped, positions }) {
  const { count, idBytes } = index;
  const step = idBytes + TYPE_BYTES;
  const rows = new Uint8Array(new SharedArrayBuffer(count * step));
  const bits = Math.min(24, Math.max(1, Math.ceil(Math.log2(count + 1))));
  const shift = 32 - bits;
  const begins = new Uint32Array(new SharedArrayBuffer((2 ** bits + 1) * 4));
  let filled = 0;
  for (let position = 0; position < count; position++) {
    const name = index.nameAt(position);
    rows.set(name, position * step);
    const number = name.readUInt32BE(0) >>> shift;
    while (filled <= number) begins[filled++] = position;
  }
  begins.fill(count, filled);
  for (let entry = 0; entry < count; entry++) rows[positions[entry] * step + idBytes] = mapped.map.types[entry];
  return { idBytes, rows, begins, shift };
}
function findName({ idBytes, rows, begins, shift }, bytes, at) {
  const head = (bytes[at] << 24 | bytes[at + 1] << 16 | bytes[at + 2] << 8 | bytes[at + 3]) >>> 0;
  const number = head >>> shift;
  const step = idBytes + TYPE_BYTES;
  const end = begins[number + 1];
  for (let position = begins[number]; position < end; position++) {
    const row = position * step;
    let byte = 0;
    while (byte < idBytes && rows[row + byte] === bytes[at + byte]) byte++;
    if (byte === idBytes) return position;
  }
  return -1;
}
function typeAt({ idBytes, rows }, position) {
  return rows[position * (idBytes + TYPE_BYTES) + idBytes];
}

// src/git/storage/references.ts
var ANY = 0;
var COMMIT = 1;
var TREE = 2;
var BLOB = 3;
var TAG = 4;
var TYPE_NAMES = ["", "commit", "tree", "blob", "tag"];
var FILE_TYPE_MASK = 61440;
var DIRECTORY = 16384;
var FILE = 32768;
var LINK = 40960;
var SUBMODULE = 57344;
var MAX_ABSENT = 5e4;
var EMPTY_TREES = /* @__PURE__ */ new Set([
  "4b825dc642cb6eb9a060e54bf8d69288fbee4904",
  "6ef19b41225c5369f1c104d45d8d85efa9b057b53b14b4b9b939dd74decc5321"
]);
var NO_REFERENCES = { absent: [], links: new Int32Array(), isDoubtful: false };
var ReferenceReader = class {
  #known;
  #idBytes;
  #id;
  #absent = /* @__PURE__ */ new Map();
  #isDoubtful = false;
  #layout = new Layout();
  #links = new Int32Array(1024);
  #linkCount = 0;
  /** @param known the first is asked first */
  constructor(known, idBytes) {
    this.#known = known;
    this.#idBytes = idBytes;
    this.#id = Buffer.alloc(idBytes);
  }
  /** What has come together since the last call. */
  take() {
    const links = this.#links.slice(0, this.#linkCount);
    const taken = { absent: [...this.#absent.values()], links, isDoubtful: this.#isDoubtful };
    this.#linkCount = 0;
    this.#absent = /* @__PURE__ */ new Map();
    this.#isDoubtful = false;
    return taken;
  }
  /**
   * @param self how the object is told as the holder of what it names
   * @returns where entries of a tree begin, and where the last one ends; null of what is no tree
   */
  read(type, self, bytes) {
    if (type === TREE) return this.#readTree(bytes, self);
    if (type === COMMIT) this.#readCommit(bytes, self);
    else if (type === TAG) this.#readTag(bytes, self);
    return null;
  }
  /**
   * Of a tree that is made from another only those entries are looked at that are not the other's.
   *
   * @param starts what {@link read} or this gave for the base
   */
  readTreeDelta(delta, base, starts, self, bytes) {
    const operations = delta.listOperations(base);
    const layout = this.#layout;
    layout.begin(starts);
    let at = 0;
    let operation = 0;
    let operationAt = 0;
    while (at < bytes.length) {
      while (operationAt + operations[operation + 2] <= at) {
        operationAt += operations[operation + 2];
        operation += 3;
      }
      const from = operations[operation + 1];
      const inBase = from + at - operationAt;
      const first = operations[operation] === 1 ? lastStartUpTo(starts, inBase) : -1;
      if (first >= 0 && starts[first] === inBase) {
        const last = lastStartUpTo(starts, from + operations[operation + 2]);
        if (last > first) {
          layout.copy(first, last, at - inBase);
          at += starts[last] - inBase;
          continue;
        }
      }
      const end = this.#readEntry(bytes, at, self);
      if (end === -1) return null;
      layout.add(at);
      at = end;
    }
    return layout.end(at);
  }
  /** Whether the object is known and has the type; else it is among the absent. */
  refer(objectId, type) {
    this.#id.write(objectId, "hex");
    this.#refer(this.#id, 0, type, null);
  }
  #readTree(bytes, self) {
    this.#layout.begin(NO_STARTS);
    let at = 0;
    while (at < bytes.length) {
      const end = this.#readEntry(bytes, at, self);
      if (end === -1) return null;
      this.#layout.add(at);
      at = end;
    }
    return this.#layout.end(at);
  }
  /** @returns where it ends, or -1 where it is none */
  #readEntry(bytes, start, self) {
    let mode = 0;
    let at = start;
    for (; bytes[at] !== 32; at++) {
      const digit = bytes[at] - 48;
      if (!(digit >= 0 && digit <= 7) || at - start > 7) return this.#fail();
      mode = mode * 8 + digit;
    }
    const name = at + 1;
    let nameEnd = name;
    while (nameEnd < bytes.length && bytes[nameEnd] !== 0) nameEnd++;
    const end = nameEnd + 1 + this.#idBytes;
    if (at === start || nameEnd <= name || end > bytes.length) return this.#fail();
    const kind = mode & FILE_TYPE_MASK;
    if (kind === DIRECTORY) this.#refer(bytes, nameEnd + 1, TREE, self);
    else if (kind === FILE || kind === LINK) this.#refer(bytes, nameEnd + 1, BLOB, self);
    else if (kind !== SUBMODULE) this.#isDoubtful = true;
    return end;
  }
  #link(holder, position) {
    if (this.#linkCount + 2 > this.#links.length) {
      const longer = new Int32Array(2 * this.#links.length);
      longer.set(this.#links);
      this.#links = longer;
    }
    this.#links[this.#linkCount++] = holder;
    this.#links[this.#linkCount++] = position;
  }
  #fail() {
    this.#isDoubtful = true;
    return -1;
  }
  #readCommit(bytes, self) {
    let at = this.#readLine(bytes, 0, "tree ", TREE, self);
    while (at > 0 && bytes.toString("latin1", at, at + 7) === "parent ") {
      at = this.#readLine(bytes, at, "parent ", COMMIT, self);
    }
  }
  #readTag(bytes, self) {
    const head = bytes.toString("latin1", 0, 256);
    const type = TYPE_NAMES.indexOf(/^object [0-9a-f]+\ntype ([a-z]+)\ntag [^\n]*\n/.exec(head)?.[1] ?? "?");
    if (type < COMMIT) this.#isDoubtful = true;
    else this.#readLine(bytes, 0, "object ", type, self);
  }
  /** @returns where it ends, or -1 */
  #readLine(bytes, start, word, type, self) {
    const hex = start + word.length;
    const end = hex + 2 * this.#idBytes;
    if (bytes[end] !== 10 || bytes.toString("latin1", start, hex) !== word) return this.#fail();
    if (this.#id.write(bytes.toString("latin1", hex, end), "hex") !== this.#idBytes) return this.#fail();
    this.#refer(this.#id, 0, type, self);
    return end + 1;
  }
  #refer(bytes, at, type, holder) {
    const known = this.#known;
    for (let pack = 0; pack < known.length; pack++) {
      const position = findName(known[pack], bytes, at);
      if (position === -1) continue;
      const found = typeAt(known[pack], position);
      if (found === type || type === ANY) {
        if (found !== BLOB && known.length === 1) this.#link(typeof holder === "number" ? holder : -1, position);
        return;
      }
      if (found > 0) break;
    }
    const objectId = bytes.toString("hex", at, at + this.#idBytes);
    if (type === TREE && EMPTY_TREES.has(objectId)) return;
    if (this.#absent.size >= MAX_ABSENT) this.#isDoubtful = true;
    else this.#absent.set(`${objectId} ${type} ${holder}`, { objectId, type, holder });
  }
};
var NO_STARTS = new Int32Array();
var Layout = class {
  #base = NO_STARTS;
  #isSame = true;
  #starts = new Int32Array(1024);
  #count = 0;
  begin(base) {
    this.#base = base;
    this.#isSame = base.length > 0;
    this.#count = 0;
  }
  add(start) {
    if (this.#isSame && this.#base[this.#count] === start) {
      this.#count += 1;
      return;
    }
    this.#reserve(1);
    this.#starts[this.#count++] = start;
  }
  /** Those of the base from `first` up to `last`, moved by so many bytes. */
  copy(first, last, shift) {
    if (this.#isSame && shift === 0 && first === this.#count) {
      this.#count = last;
      return;
    }
    this.#reserve(last - first);
    const starts = this.#starts;
    const base = this.#base;
    let count = this.#count;
    for (let entry = first; entry < last; entry++) starts[count++] = base[entry] + shift;
    this.#count = count;
  }
  end(end) {
    if (this.#isSame && this.#count === this.#base.length - 1 && this.#base[this.#count] === end) return this.#base;
    this.#reserve(1);
    this.#starts[this.#count] = end;
    return this.#starts.slice(0, this.#count + 1);
  }
  /** What is the same up to here is written down, now that something else follows. */
  #reserve(more) {
    if (this.#count + more > this.#starts.length) {
      const larger = new Int32Array(2 * (this.#count + more));
      larger.set(this.#starts);
      this.#starts = larger;
    }
    if (this.#isSame) this.#starts.set(this.#base.subarray(0, this.#count));
    this.#isSame = false;
  }
};
function lastStartUpTo(starts, place) {
  let low = 0;
  let high = starts.length;
  while (low < high) {
    const middle = low + high >>> 1;
    if (starts[middle] <= place) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

// src/git/storage/family-walk.ts
var MAX_OBJECT_BYTES = 16 * 1024 * 1024;
var MAX_KEPT_BYTES = 64 * 1024 * 1024;
var FamilyWalk = class {
  #file;
  #map;
  #idBytes;
  #visitor;
  #references;
  #header = new EntryHeader();
  #delta = new Delta();
  #inflater = new Inflater();
  #pieces = Buffer.allocUnsafeSlow(1 << 16);
  #scratch = Buffer.allocUnsafeSlow(1 << 16);
  #keptBytes = 0;
  /** @param references looks at all that objects name */
  constructor(file, map, idBytes, visitor, references) {
    this.#file = file;
    this.#map = map;
    this.#idBytes = idBytes;
    this.#visitor = visitor;
    this.#references = references;
  }
  /** @param root a whole object; from there on everything that is made from it is visited */
  walk(root) {
    const { firstChild, nextSibling, heaviestChild } = this.#map;
    const open = [];
    const first = this.#enterWhole(root);
    if (first !== null) open.push(first);
    for (let parent = open.at(-1); parent !== void 0; parent = open.at(-1)) {
      let child = parent.nextChild;
      if (child === NO_ENTRY) {
        child = heaviestChild[parent.entry];
        open.pop();
        this.#keptBytes -= parent.bytes.length;
      } else {
        parent.nextChild = nextSibling[child];
      }
      const entered = this.#enterDelta(child, parent);
      if (entered !== null) {
        entered.nextChild = firstChild[child];
        open.push(entered);
      }
    }
  }
  #enterWhole(entry) {
    try {
      const inflated = this.#inflate(entry);
      const isWatched = this.#visitor.whole(entry, inflated);
      const starts = this.#references?.read(this.#map.types[entry], entry, inflated) ?? null;
      return this.#map.heaviestChild[entry] === NO_ENTRY ? null : this.#keep(entry, copyOf(inflated), isWatched, starts);
    } catch (error) {
      return this.#leave(entry, error);
    }
  }
  #enterDelta(entry, parent) {
    const delta = this.#delta;
    const hasChildren = this.#map.heaviestChild[entry] !== NO_ENTRY;
    try {
      delta.open(this.#inflate(entry));
      const size = delta.resultSize;
      if (size > MAX_OBJECT_BYTES) throw new NotForUs(`is ${size} bytes long`);
      let isWatched = parent.isWatched;
      if (!isWatched) {
        if (this.#pieces.length < size) this.#pieces = Buffer.allocUnsafeSlow(2 * size);
        const { contextBytes, headBytes } = this.#visitor;
        const length = delta.condense(parent.bytes, this.#pieces, contextBytes, headBytes);
        isWatched = this.#visitor.pieces(entry, this.#pieces.subarray(0, length), size);
        const namesOthers = this.#references !== null && this.#map.types[entry] !== BLOB;
        if (!isWatched && !hasChildren && !namesOthers) return null;
      }
      const bytes = hasChildren ? Buffer.allocUnsafe(size) : this.#scratchOf(size);
      delta.apply(parent.bytes, bytes);
      const starts = this.#readReferences(entry, bytes, parent);
      return this.#keep(entry, bytes, isWatched && this.#visitor.whole(entry, bytes), starts);
    } catch (error) {
      return this.#leave(entry, error);
    }
  }
  #readReferences(entry, bytes, { bytes: base, starts }) {
    if (this.#references === null) return null;
    const type = this.#map.types[entry];
    if (type === TREE && starts !== null)
      return this.#references.readTreeDelta(this.#delta, base, starts, entry, bytes);
    return this.#references.read(type, entry, bytes);
  }
  #keep(entry, bytes, isWatched, starts) {
    if (this.#map.heaviestChild[entry] === NO_ENTRY) return null;
    if (this.#keptBytes + bytes.length > MAX_KEPT_BYTES) {
      this.#leaveChildren(entry);
      return null;
    }
    this.#keptBytes += bytes.length;
    return { entry, bytes, isWatched, starts, nextChild: this.#map.firstChild[entry] };
  }
  #leave(entry, error) {
    if (!(error instanceof Damage || error instanceof NotForUs)) throw error;
    this.#visitor.left(entry, error);
    return null;
  }
  #leaveChildren(entry) {
    const why = new NotForUs("has too many large versions");
    for (let child = this.#map.firstChild[entry]; child !== NO_ENTRY; child = this.#map.nextSibling[child]) {
      this.#visitor.left(child, why);
    }
    this.#visitor.left(this.#map.heaviestChild[entry], why);
  }
  #inflate(entry) {
    return inflateEntry(this.#file, this.#map, entry, this.#idBytes, this.#header, this.#inflater);
  }
  #scratchOf(size) {
    if (this.#scratch.length < size) this.#scratch = Buffer.allocUnsafeSlow(2 * size);
    return this.#scratch.subarray(0, size);
  }
};
function inflateEntry(file, { offsets }, entry, idBytes, header, inflater) {
  const start = offsets[entry];
  const length = offsets[entry + 1] - start;
  if (length > MAX_OBJECT_BYTES) throw new NotForUs(`takes ${length} bytes in its pack`);
  const bytes = file.read(start, length);
  header.read(bytes, 0, idBytes);
  if (header.size > MAX_OBJECT_BYTES) throw new NotForUs(`is ${header.size} bytes long`);
  return inflater.inflate(bytes.subarray(header.length), header.size);
}
function copyOf(bytes) {
  const copy2 = Buffer.allocUnsafe(bytes.length);
  bytes.copy(copy2);
  return copy2;
}

// src/git/storage/random-access-file.ts
import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs";
var WINDOW_BITS = 14;
var WINDOW_BYTES = 1 << WINDOW_BITS;
var WINDOW_COUNT = 1024;
var RandomAccessFile = class {
  path;
  size;
  #descriptor;
  /** Window `n` of the file is kept in slot `n % WINDOW_COUNT`. */
  #slots = [];
  #kept = new Float64Array(WINDOW_COUNT).fill(-1);
  #spanning = Buffer.alloc(0);
  /** @throws where there is no such file, or it is none with an end */
  constructor(path) {
    this.path = path;
    this.#descriptor = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    const stat = fstatSync(this.#descriptor);
    if (!stat.isFile()) {
      this.close();
      throw new Damage("is not a regular file");
    }
    this.size = stat.size;
  }
  /**
   * @returns the bytes from `start` on, `length` of them or as many as there are; valid until the next call
   */
  read(start, length) {
    const end = Math.min(start + length, this.size);
    if (end <= start) return EMPTY;
    const first = Math.floor(start / WINDOW_BYTES);
    const last = Math.floor((end - 1) / WINDOW_BYTES);
    const offset = start - first * WINDOW_BYTES;
    if (first === last) return this.#window(first).subarray(offset, offset + end - start);
    if (this.#spanning.length < end - start) this.#spanning = Buffer.allocUnsafeSlow(roundUp(end - start));
    if (last - first > 4) {
      this.#readInto(this.#spanning, end - start, start);
      return this.#spanning.subarray(0, end - start);
    }
    let filled = 0;
    for (let number = first; number <= last; number++) {
      const from = number === first ? offset : 0;
      const to = Math.min(WINDOW_BYTES, end - number * WINDOW_BYTES);
      filled += this.#window(number).copy(this.#spanning, filled, from, to);
    }
    if (filled < end - start) throw new Damage("has become shorter while it was read");
    return this.#spanning.subarray(0, filled);
  }
  close() {
    closeSync(this.#descriptor);
  }
  #window(number) {
    const slot = number % WINDOW_COUNT;
    const window = this.#slots[slot] ??= Buffer.allocUnsafeSlow(WINDOW_BYTES);
    const start = number * WINDOW_BYTES;
    const length = Math.min(WINDOW_BYTES, this.size - start);
    if (this.#kept[slot] !== number) {
      this.#kept[slot] = -1;
      this.#readInto(window, length, start);
      this.#kept[slot] = number;
    }
    return length === WINDOW_BYTES ? window : window.subarray(0, length);
  }
  #readInto(target, length, start) {
    let filled = 0;
    while (filled < length) {
      const count = this.#readSome(target, filled, length - filled, start + filled);
      if (count === 0) throw new Damage("has become shorter while it was read");
      filled += count;
    }
  }
  #readSome(target, at, length, start) {
    try {
      return readSync(this.#descriptor, target, at, length, start);
    } catch (error) {
      throw new Damage(`cannot be read: ${messageOf(error)}`, { cause: error });
    }
  }
};
var EMPTY = Buffer.alloc(0);
function roundUp(bytes) {
  return Math.ceil(bytes / WINDOW_BYTES) * WINDOW_BYTES;
}

// src/scan/pack-screener.ts
var PackScreener = class {
  contextBytes;
  headBytes = BEGINNING_BYTES;
  #detector;
  #pack;
  #file;
  #walk;
  #references;
  #counts = new Float64Array(5);
  #flagged = [];
  #left = [];
  #damage = [];
  /**
   * @param names of the objects of all packs, or none where it does not matter what objects name
   * @throws where the pack cannot be opened any more
   */
  constructor(pack, names, detector) {
    this.#pack = pack;
    this.#detector = detector;
    this.contextBytes = detector.anchorContextBytes;
    this.#file = new RandomAccessFile(pack.path);
    this.#references = names.length === 0 ? null : new ReferenceReader(names, pack.idBytes);
    this.#walk = new FamilyWalk(this.#file, pack.map, pack.idBytes, this, this.#references);
  }
  /** @param from first of the roots, up to `to` */
  screen(from, to) {
    for (let root = from; root < to; root++) this.#walk.walk(this.#pack.map.roots[root]);
  }
  /** What has come together since the last call. */
  take() {
    const taken = {
      counts: this.#counts,
      flagged: Uint32Array.from(this.#flagged),
      left: Uint32Array.from(this.#left),
      damage: this.#damage,
      references: this.#references?.take() ?? NO_REFERENCES
    };
    this.#counts = new Float64Array(5);
    this.#flagged = [];
    this.#left = [];
    this.#damage = [];
    return taken;
  }
  close() {
    this.#file.close();
  }
  whole(entry, bytes) {
    const hasAnchor = this.#detector.mayHold(bytes);
    const mayBecomeArchive = mayBecomeContainer(bytes);
    const isFlagged = mayBecomeArchive && isContainer(bytes) || hasAnchor && this.#detector.needsALook(bytes);
    if (!isFlagged) this.#count(entry, bytes.length);
    else if (this.#pack.doubles[entry] === 0) this.#flagged.push(entry);
    return mayBecomeArchive || hasAnchor;
  }
  pieces(entry, pieces, size) {
    if (mayBecomeContainer(pieces) || this.#detector.mayHold(pieces)) return true;
    this.#count(entry, size);
    return false;
  }
  left(entry, why) {
    for (const one of descendantsOf(this.#pack.map, [entry])) if (this.#pack.doubles[one] === 0) this.#left.push(one);
    if (why instanceof Damage) this.#damage.push([entry, why.message]);
  }
  #count(entry, bytes) {
    if (this.#pack.doubles[entry] === 1) return;
    this.#counts[this.#pack.map.types[entry]] += 1;
    this.#counts[0] += bytes;
  }
};

// src/scan/pack-threads.ts
import { setImmediate as setImmediate2 } from "node:timers/promises";
import { Worker } from "node:worker_threads";

// src/scan/worker-url.ts
function workerUrl(name) {
  if (import.meta.url.endsWith(".ts")) return new URL(`./${name}.ts`, import.meta.url);
  const isChunk = /\/chunks\/[^/]+$/.test(import.meta.url);
  return new URL(isChunk ? `../${name}.js` : `./${name}.js`, import.meta.url);
}

// src/scan/pack-threads.ts
var ROOTS_AT_A_TIME = 64;
var MIN_ENTRIES_TO_SHARE = 2e4;
var PackThreads = class {
  #options;
  constructor(options) {
    this.#options = options;
  }
  async screen(packs, names, onPart) {
    const { jobs, signal, rules, minConfidence } = this.#options;
    const shared = packs.map(({ path, index, mapped, doubles }) => ({
      path,
      idBytes: index.idBytes,
      map: mapped.map,
      doubles
    }));
    const done = shared.map(({ map }) => new Uint8Array(Math.ceil(map.roots.length / ROOTS_AT_A_TIME)));
    const entries = shared.reduce((sum, { map }) => sum + map.count, 0);
    if (jobs > 1 && entries >= MIN_ENTRIES_TO_SHARE) {
      const next = new Int32Array(new SharedArrayBuffer(shared.length * 4));
      const work = { rules, minConfidence, packs: shared, names, next };
      await runThreads(jobs, work, signal, ({ pack, families, runs }) => {
        for (const first of runs) done[pack][first / ROOTS_AT_A_TIME] = 1;
        onPart(packs[pack], families);
      });
    }
    const detector = new Detector(compileRules(rules), { minConfidence });
    for (const [position, pack] of shared.entries()) {
      const runs = [...done[position].keys()].filter((run) => done[position][run] === 0);
      if (runs.length === 0) continue;
      const screener = openScreener(pack, ownFirst(names, position), detector);
      if (screener === null) onPart(packs[position], leaveRuns(pack, runs));
      else await screenHere(screener, pack, runs, signal, (part) => onPart(packs[position], part));
    }
  }
};
function ownFirst(names, own) {
  return [...names.slice(own, own + 1), ...names.slice(0, own), ...names.slice(own + 1)];
}
async function screenHere(screener, pack, runs, signal, onPart) {
  try {
    for (const run of runs) {
      await setImmediate2();
      signal?.throwIfAborted();
      const from = run * ROOTS_AT_A_TIME;
      screener.screen(from, Math.min(from + ROOTS_AT_A_TIME, pack.map.roots.length));
      onPart(screener.take());
    }
  } finally {
    screener.close();
  }
}
function openScreener(pack, names, detector) {
  try {
    return new PackScreener(pack, names, detector);
  } catch (error) {
    if (systemCodeOf(error) === void 0) throw error;
    return null;
  }
}
function leaveRuns({ map, doubles }, runs) {
  const roots = runs.flatMap((run) => [...map.roots.subarray(run * ROOTS_AT_A_TIME, (run + 1) * ROOTS_AT_A_TIME)]);
  const left = descendantsOf(map, roots).filter((entry) => doubles[entry] === 0);
  return {
    counts: new Float64Array(5),
    flagged: new Uint32Array(),
    left: Uint32Array.from(left),
    damage: [],
    references: NO_REFERENCES
  };
}
async function runThreads(jobs, work, signal, onAnswer) {
  const workers = Array.from({ length: jobs }, () => new Worker(workerUrl("pack-worker"), { workerData: work }));
  const stop = () => {
    for (const worker of workers) void worker.terminate();
  };
  let failure;
  signal?.addEventListener("abort", stop, { once: true });
  await Promise.all(
    workers.map(
      (worker) => new Promise((resolve) => {
        worker.on("message", (answer) => {
          if (failure !== void 0) return;
          try {
            onAnswer(answer);
          } catch (error) {
            failure = error instanceof Error ? error : new Error(messageOf(error));
            stop();
          }
        });
        worker.on("error", () => {
        });
        worker.on("exit", () => resolve());
      })
    )
  );
  signal?.removeEventListener("abort", stop);
  if (failure !== void 0) throw failure;
  signal?.throwIfAborted();
}

export {
  Delta,
  Inflater,
  NO_ENTRY,
  mapPack,
  entryAt,
  descendantsOf,
  shareNames,
  ANY,
  COMMIT,
  TREE,
  BLOB,
  TAG,
  ReferenceReader,
  MAX_OBJECT_BYTES,
  inflateEntry,
  RandomAccessFile,
  PackScreener,
  workerUrl,
  ROOTS_AT_A_TIME,
  PackThreads,
  ownFirst
};
