/** A token at a place, as soon as it is known. */
import type { Token } from "../core/token.js";
import type { Detector } from "../detect/detector.js";
import type { Occurrence, OccurrenceKind } from "../scan/occurrence.js";
export interface Finding {
    /** Shows itself masked in every conversion; only its method `reveal` gives the raw value. */
    readonly token: Token;
    readonly kind: OccurrenceKind;
    /** The id of the object, where it is one. */
    readonly object: string | null;
    /** Empty in a history: which paths an object has had is known when all is read, and stands in the report. */
    readonly paths: readonly string[];
    readonly line: number;
    /** Bytes, from 1. */
    readonly column: number;
}
export declare function findingOf({ token, kind, object, paths, line, column }: Occurrence, detector: Detector): Finding;
/** The same name stands in many versions of a directory. */
export declare function identityOf({ token, kind, object, paths, line, column }: Finding): string;
