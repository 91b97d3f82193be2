/** Something that a scan should have read and could not. One gap makes the whole scan incomplete. */
export interface Gap {
    /** The thing, named so that a person can look at it: `object 3f2a…`, `file deploy/.env`. */
    readonly what: string;
    /** The reason, with the remedy where there is one. */
    readonly why: string;
}
