/** The fields of commits, tags and trees, found in their raw bytes. Source: gitformat-pack and git-hash-object's checks. */
export interface ObjectField {
    readonly kind: "message" | "identity";
    /** Where the field's text begins in the object. */
    readonly start: number;
    readonly end: number;
}
/** The field of a commit or tag that an offset stands in: an identity's text, or the message with all other headers. */
export declare function fieldAt(bytes: Buffer, offset: number): ObjectField;
export interface Identity {
    /** `Name <address>` */
    readonly text: Buffer;
    /** ISO 8601 with the offset of its author, or null where the time is not readable. */
    readonly date: string | null;
}
/** The author of a commit, or null where the object has none that can be read. */
export declare function authorOf(commit: Buffer): Identity | null;
/** The name of the tree entry that an offset stands in, or null where it stands elsewhere or the tree is damaged. */
export declare function entryNameAt(tree: Buffer, offset: number, objectIdLength: 40 | 64): {
    name: Buffer;
    start: number;
} | null;
