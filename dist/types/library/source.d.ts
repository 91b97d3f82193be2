import type { ScanSource } from "../scan/scan.js";
export type Source = 
/** Everything that a repository keeps: every object and name, reachable or not. */
{
    readonly kind: "history";
    readonly path?: string;
}
/** What each commit of a range brings in: `main..HEAD`. */
 | {
    readonly kind: "range";
    readonly path?: string;
    readonly range: string;
}
/** What the next commit would bring in. */
 | {
    readonly kind: "staged";
    readonly path?: string;
}
/** A working tree, a directory or a file; `includeIgnored` takes what git ignores too. */
 | {
    readonly kind: "tree";
    readonly path?: string;
    readonly includeIgnored?: boolean;
}
/** Bytes as they come; as a patch, what it adds counts. */
 | {
    readonly kind: "stream";
    readonly stream: AsyncIterable<Uint8Array | string> | Iterable<Uint8Array | string>;
    readonly isPatch?: boolean;
} | {
    readonly kind: "text";
    readonly text: string;
    readonly isPatch?: boolean;
} | {
    readonly kind: "bytes";
    readonly bytes: Uint8Array;
    readonly isPatch?: boolean;
};
/** @throws {KeyrecallError} `usage` */
export declare function engineSource(source: Source): ScanSource;
/** How the source is named in the report. */
export declare function targetOf(source: Source): string;
