import type { AnchorTables } from "./anchor-tables.js";
/** A piece of text that is only base64, with ends of lines, over 32 bytes from a multiple of 32. */
export declare const BASE64_TEXTURE = 65536;
/** The same for hex digits and what separates them. */
export declare const HEX_TEXTURE = 131072;
/** Every other byte is zero, over 16 bytes. */
export declare const WIDE_TEXTURE = 262144;
/** Base64 has ends of lines in it. */
export declare const LINES_TEXTURE = 524288;
/** Bytes of an anchor. */
export declare const ANCHOR_LENGTH = 4;
/** What is looked at for the texture of base64 and of hex. */
export declare const TEXTURE_BYTES = 32;
export interface AnchorScanner {
    /**
     * Calls back with each 16 bytes that have something in them, in order.
     *
     * @param found `bits`: bit i for an anchor whose last byte is `at + i`, and the textures; returns true where that is enough
     */
    scan(text: Uint8Array, found: (at: number, bits: number) => boolean | void): void;
}
export declare function createScanner(tables: AnchorTables): AnchorScanner;
export declare class BytewiseScanner implements AnchorScanner {
    #private;
    constructor({ halves }: AnchorTables);
    scan(text: Uint8Array, found: (at: number, bits: number) => boolean | void): void;
}
