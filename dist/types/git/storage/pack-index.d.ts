/** Bytes of an object's name: SHA-1 or SHA-256. */
export type IdBytes = 20 | 32;
export declare class PackIndex {
    #private;
    readonly count: number;
    readonly idBytes: IdBytes;
    /** The checksum at the end of the pack that this index was made for. */
    readonly packChecksum: Buffer;
    /** Whether a name stands here more than once. */
    readonly hasDoubles: boolean;
    /**
     * @param bytes the whole file, kept
     * @throws {Damage}
     */
    constructor(bytes: Buffer, idBytes: IdBytes);
    /** Valid as long as the index. */
    nameAt(position: number): Buffer;
    /** @throws {Damage} where it stands in a table that does not reach so far */
    offsetAt(position: number): number;
    /** @returns the position of a name, or -1 */
    find(name: Uint8Array): number;
}
export declare function hashOf(bytes: Uint8Array, idBytes: IdBytes): Buffer;
export declare function hashName(idBytes: IdBytes): "sha1" | "sha256";
