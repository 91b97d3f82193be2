import type { Token } from "../core/token.js";
import { type Contents, type InnerPlace } from "../detect/containers/unpack.js";
import type { Detector, Hit } from "../detect/detector.js";
import type { Position } from "../detect/position.js";
import { Coverage, type Origin, type StreamLook } from "../sources/sink.js";
import { StreamSearch } from "./stream-search.js";
/** Where in an archive a hit stands. */
export interface Inside {
    readonly place: InnerPlace;
    /** The place in the innermost text; null in a name or a comment. */
    readonly inner: Position | null;
}
type Keep = (hit: Hit, bytes: Buffer, inside: Inside) => unknown;
/** What an origin of archives is called where something of it could not be read; null for what holds none. */
export declare function archiveName(origin: Origin): string | null;
/** What any unit is called where something of it could not be read. */
export declare function unitName(origin: Origin): string;
export declare class ContentsSearch implements Contents {
    #private;
    /** @param name of the outermost archive */
    constructor(detector: Detector, coverage: Coverage, name: string, keep: Keep);
    whole(place: InnerPlace, bytes: Buffer): void;
    stream(place: InnerPlace): StreamSearch;
    text(place: InnerPlace, bytes: Buffer): void;
    unread(steps: readonly string[], why: string): void;
    leftOut(steps: readonly string[], why: string): void;
}
/** All tokens in the bytes, and in what they hold where they are an archive. */
export declare function tokensIn(detector: Detector, bytes: Buffer): Token[];
/** An archive takes more than a look. */
export declare class ContainerLook implements StreamLook {
    #private;
    constructor(detector: Detector);
    write(bytes: Buffer): void;
    close(): void;
    sawAnything(): boolean;
}
export {};
