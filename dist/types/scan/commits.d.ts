import type { Detector } from "../detect/detector.js";
import { type KnownSide, type RefUpdate } from "../git/outgoing.js";
import type { Repository } from "../git/repository.js";
import { type ObtainObjects } from "../git/revisions.js";
import type { Collector } from "./collector.js";
import { type Occurrence } from "./occurrence.js";
/** Everything that the commits of a range bring in, each commit by itself and not the end state only. */
export declare function scanRange(repository: Repository, range: string, detector: Detector, collector: Collector): Promise<Occurrence[]>;
/** What a push brings in, or would: all that its tips reach and that is not known to be elsewhere already. */
export interface TipRange {
    readonly tips: readonly {
        readonly id: string;
        /** The name that occurrences are reported to be reachable under. */
        readonly ref?: string;
    }[];
    /** Objects whose history is not scanned. One that is not here is left out of account. */
    readonly known: readonly string[];
    /** Brings in what the repository, a partial clone, lacks and the scan needs, in few large lists. */
    readonly obtain?: ObtainObjects;
}
/** @throws {KeyrecallError} `unresolvable-range` where a tip is not here */
export declare function scanTips(repository: Repository, range: TipRange, detector: Detector, collector: Collector): Promise<Occurrence[]>;
/** What a push brings to the other side: its commits, each by itself, its tags, and the names of its refs. */
export declare function scanPush(repository: Repository, updates: readonly RefUpdate[] | "local-refs", known: KnownSide, detector: Detector, collector: Collector): Promise<Occurrence[]>;
