/** Searches what a source hands over and keeps what is found: where sources and detection meet. */
import type { ApiHints } from "../core/api-hints.js";
import type { Token } from "../core/token.js";
import type { Detector } from "../detect/detector.js";
import { type Encoding } from "../detect/encoding.js";
import { type Position } from "../detect/position.js";
import { type Identity } from "../git/object-text.js";
import { Coverage, type Origin, type Sink, type StreamLook, type UnitWriter } from "../sources/sink.js";
/** The text that a find stands in. */
export type FindPlace = {
    readonly kind: "blob";
    readonly objectId: string;
} | {
    readonly kind: "commit-message" | "commit-identity" | "tag-message" | "tag-identity";
    readonly objectId: string;
} | {
    readonly kind: "tree-entry";
    readonly objectId: string;
    readonly name: Buffer;
} | {
    readonly kind: "ref-name" | "reflog";
    readonly ref: string;
} | {
    readonly kind: "file" | "path";
    readonly path: string;
} | {
    readonly kind: "stdin";
    readonly path: string | null;
    readonly section: number;
} | {
    readonly kind: "patch-old";
    readonly path: string | null;
    readonly section: number;
};
export interface Find {
    readonly token: Token;
    readonly place: FindPlace;
    readonly position: Position;
    /** Behind its last byte, where it stands in another form than its characters one by one; else, and in archives, null. */
    readonly end: Position | null;
    /** What was peeled off the token, outermost first. */
    readonly encoding: readonly Encoding[];
    /** Archives that it stands in, from the outside to the inside; the position is where the outermost entry begins. */
    readonly container: readonly string[];
    /** The position in the innermost text; null outside of archives, and in a name or comment of one. */
    readonly inner: Position | null;
    /** The reason of a `keyrecall:allow` mark on the line, or null without one. */
    readonly inlineMark: string | null;
    /** What is given the token, such as an environment variable; null where that cannot be told. */
    readonly variable: string | null;
}
export declare class Collector implements Sink {
    #private;
    readonly coverage: Coverage;
    readonly finds: Find[];
    /** By commit: of those that were read first. */
    readonly authors: Map<string, Identity | null>;
    objectIdLength: 40 | 64;
    /**
     * @param variables names of environment variables that are told where they are given a token
     * @param signatures marks of other tools that count as `keyrecall:allow` does
     */
    constructor(detector: Detector, variables: ReadonlySet<string>, signatures?: readonly string[]);
    scan(origin: Origin, bytes: Buffer): void;
    holdsAnything(bytes: Buffer): boolean;
    open(origin: Origin): UnitWriter;
    look(): StreamLook;
    /** What stands near the places of a token. */
    hintsOf(fingerprint: string): ApiHints;
}
