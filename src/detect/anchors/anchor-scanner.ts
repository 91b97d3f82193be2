/** One pass over a text for everything that is worth a closer look: in WebAssembly where there is SIMD, else byte by byte. */
import { instantiatorOf } from "../../core/web-assembly.ts";
import { ANCHOR_SCAN_MODULE } from "./anchor-scan.generated.ts";
import type { AnchorTables } from "./anchor-tables.ts";

/** A piece of text that is only base64, with ends of lines, over 32 bytes from a multiple of 32. */
export const BASE64_TEXTURE = 0x1_0000;
/** The same for hex digits and what separates them. */
export const HEX_TEXTURE = 0x2_0000;
/** Every other byte is zero, over 16 bytes. */
export const WIDE_TEXTURE = 0x4_0000;

/** Base64 has ends of lines in it. */
export const LINES_TEXTURE = 0x8_0000;

/** Bytes of an anchor. */
export const ANCHOR_LENGTH = 4;

const CHUNK_BYTES = 32_768;
/** In the module's memory: tables, what was found, the text with the bytes before it. */
const TEXT = 65_536;
const OUT = 2 * TEXT;
/** Two numbers for each 16 bytes of a chunk and of what pads it. */
const OUT_BYTES = CHUNK_BYTES / 2 + 64;
/** Whoever is called searches what it decodes with the same memory. */
const MAX_LEVELS = 7;
const LEAD_BYTES = 16;
/** What is looked at for the texture of base64 and of hex. */
export const TEXTURE_BYTES = 32;

export interface AnchorScanner {
  /**
   * Calls back with each 16 bytes that have something in them, in order.
   *
   * @param found `bits`: bit i for an anchor whose last byte is `at + i`, and the textures; returns true where that is enough
   */
  scan(text: Uint8Array, found: (at: number, bits: number) => boolean | void): void;
}

export function createScanner(tables: AnchorTables): AnchorScanner {
  return SimdScanner.create(tables) ?? new BytewiseScanner(tables);
}

interface ScanModule {
  readonly memory: { readonly buffer: ArrayBuffer };
  readonly scan: (at: number, end: number, out: number) => number;
}

const instantiate = instantiatorOf(ANCHOR_SCAN_MODULE) as () => ScanModule | null;

class SimdScanner implements AnchorScanner {
  readonly #memory: Uint8Array<ArrayBuffer>;
  readonly #numbers: Int32Array;
  readonly #scan: ScanModule["scan"];
  #level = 0;
  #hasLead = false;

  private constructor({ memory, scan }: ScanModule, tables: AnchorTables) {
    this.#memory = new Uint8Array(memory.buffer);
    this.#numbers = new Int32Array(memory.buffer);
    this.#memory.set(tables.halves);
    this.#scan = scan;
  }

  static create(tables: AnchorTables): SimdScanner | null {
    const module = instantiate();
    return module && new SimdScanner(module, tables);
  }

  scan(text: Uint8Array, found: (at: number, bits: number) => boolean | void): void {
    const memory = this.#memory;
    const numbers = this.#numbers;
    if (this.#level === MAX_LEVELS) throw new Error("searches stand too deep in each other");
    const out = OUT + this.#level * OUT_BYTES;
    this.#level += 1;
    let isEnough = false;
    for (let at = 0; at < text.length && !isEnough; at += CHUNK_BYTES) {
      const end = Math.min(text.length, at + CHUNK_BYTES);
      if (at === 0) {
        if (this.#hasLead) memory.fill(0, TEXT - LEAD_BYTES, TEXT);
        this.#hasLead = false;
        memory.set(end === text.length ? text : text.subarray(0, end), TEXT);
      } else {
        memory.set(text.subarray(at - LEAD_BYTES, end), TEXT - LEAD_BYTES);
        this.#hasLead = true;
      }
      let last = (out + this.#scan(TEXT, TEXT + end - at, out)) >> 2;
      // What seems to stand behind a piece is found with the next one.
      if (end < text.length) while (last > out >> 2 && numbers[last - 2]! >= TEXT + end - at) last -= 2;
      for (let index = out >> 2; index < last && !isEnough; index += 2) {
        isEnough = found(numbers[index]! - TEXT + at, numbers[index + 1]!) === true;
      }
    }
    this.#level -= 1;
  }
}

export class BytewiseScanner implements AnchorScanner {
  readonly #masks: readonly Uint8Array[];
  readonly #base64: Uint8Array;
  readonly #hex: Uint8Array;

  constructor({ halves }: AnchorTables) {
    const bytewise = (table: number): Uint8Array =>
      Uint8Array.from({ length: 256 }, (_, byte) => halves[table + (byte & 15)]! & halves[table + 16 + (byte >> 4)]!);
    this.#masks = [0, 32, 64, 96].map(bytewise);
    this.#base64 = bytewise(128);
    this.#hex = bytewise(160);
  }

  scan(text: Uint8Array, found: (at: number, bits: number) => boolean | void): void {
    const [m0, m1, m2, m3] = this.#masks as [Uint8Array, Uint8Array, Uint8Array, Uint8Array];
    const byteAt = (at: number): number => text[at] ?? 0;
    for (let at = 0; at < text.length + ANCHOR_LENGTH - 1; at += 16) {
      let bits = 0;
      for (let lane = 0; lane < 16; lane++) {
        const last = at + lane;
        const mask = m3[byteAt(last)]! & m2[byteAt(last - 1)]! & m1[byteAt(last - 2)]! & m0[byteAt(last - 3)]!;
        if (mask !== 0) bits |= 1 << lane;
      }
      if (at % TEXTURE_BYTES === 0) bits |= this.#texture(byteAt, at);
      bits |= wideTexture(byteAt, at);
      if (bits !== 0 && found(at, bits) === true) return;
    }
  }

  #texture(byteAt: (at: number) => number, at: number): number {
    let isBase64 = true;
    let hasLines = false;
    let isHex = true;
    let digits = 0;
    for (let index = at; index < at + TEXTURE_BYTES && (isBase64 || isHex); index++) {
      const byte = byteAt(index);
      isBase64 &&= this.#base64[byte] !== 0;
      hasLines ||= (this.#base64[byte]! & 0x60) !== 0;
      isHex &&= this.#hex[byte] !== 0;
      if ((this.#hex[byte]! & 3) !== 0) digits += 1;
    }
    if (isBase64) return hasLines ? BASE64_TEXTURE | LINES_TEXTURE : BASE64_TEXTURE;
    return isHex && digits >= 14 ? HEX_TEXTURE : 0;
  }
}

function wideTexture(byteAt: (at: number) => number, at: number): number {
  let zeros = 0;
  for (let lane = 0; lane < 16; lane++) if (byteAt(at + lane) === 0) zeros |= 1 << lane;
  return zeros === 0x5555 || zeros === 0xaaaa ? WIDE_TEXTURE : 0;
}
