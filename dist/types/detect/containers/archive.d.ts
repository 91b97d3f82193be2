/** What the reader of an archive tells about what it finds in it. */
export interface ArchiveVisitor {
    /**
     * An entry's content begins.
     *
     * @param name null in formats that hold one thing only
     * @param at where in the archive it begins, if not at the next byte
     */
    open(name: Buffer | null, at?: number): EntryWriter;
    /** An entry begins, whose name is text of the archive; or, without a name, one more part of a stream. Both are counted. */
    begin(name: Buffer | null): void;
    /** Text of the archive itself, a name or a comment, that belongs to an entry or to the archive. */
    text(name: Buffer | null, bytes: Buffer): void;
    /** From here on it is certain that this is an archive, and not something that begins like one. */
    confirm(): void;
    /** What should have been read and could not. It counts once the archive is {@link confirm}ed. */
    unread(name: Buffer | null, why: string): void;
}
export interface EntryWriter {
    /** The bytes are the entry's during the call only. */
    write(bytes: Buffer): void;
    close(): void;
}
/** Reasons that several formats have in common. */
export declare const CUT_OFF = "is cut off: what comes before that was searched";
export declare const WRONG_CHECKSUM = "is damaged: its content is not what its checksum says; what was unpacked was searched";
export declare const DAMAGED = "is damaged: only what comes before that was searched";
