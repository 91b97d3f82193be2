/**
 * Searches a unit that comes in pieces. The end of what is there is held back until enough has followed
 * to decide on it, so that no border between pieces can hide a token.
 */
import type { Detector, Hit } from "../detect/detector.js";
import type { StreamLook, UnitWriter } from "../sources/sink.js";
export interface StreamEvents {
    /** The next bytes of the unit that are decided on; those up to a hit come before it. */
    readonly passed: (bytes: Buffer) => void;
    /** @param bytes a window of the unit, in which the hit's offsets are */
    readonly hit: (hit: Hit, bytes: Buffer) => void;
    /** Something of the unit was not read. */
    readonly unread: (why: string) => void;
}
export declare class StreamSearch implements UnitWriter {
    #private;
    constructor(detector: Detector, events: StreamEvents);
    write(bytes: Buffer): void;
    close(): void;
}
/**
 * Only whether there is a hit, without lines and copies, which take longer than the search. Each piece is searched by
 * itself, and what stands around each border once more: a cut can make a hit where there is none, and hide none.
 */
export declare class QuickLook implements StreamLook {
    #private;
    constructor(detector: Detector);
    write(bytes: Buffer): void;
    close(): void;
    sawAnything(): boolean;
}
