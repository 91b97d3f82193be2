/** What refs and their logs hold, however they are stored. Names are bytes, and need not be UTF-8. */

/** What a ref says: an object, and that which a tag object leads to where that is known, or another ref. */
export type RefValue = { readonly objectId: string; readonly peeled: string | null } | { readonly target: Buffer };

export interface StoredRef {
  readonly name: Buffer;
  readonly value: RefValue;
}

/** A line of a ref's log. */
export interface LogEntry {
  readonly oldId: string;
  readonly newId: string;
  /** `name <address> seconds zone`, as in a commit. */
  readonly who: Buffer;
  /** Without a line feed at its end. */
  readonly message: Buffer;
}
