/** What can come of asking a git server for objects, told apart by kind; the sentence is for people. */

/**
 * `gone`: the server no longer has the object. `unauthorized`: it refuses the credential, also a fresh one. `not-found`:
 * no such repository, or none for this credential. `too-large`: more than the byte budget. `timed-out`: too slow, or
 * longer than allowed. `server-error`: it cannot be reached, or fails. `unreadable`: git cannot read what was fetched, also
 * after fetching it anew.
 */
export type FailureKind =
  | "gone"
  | "unauthorized"
  | "not-found"
  | "too-large"
  | "timed-out"
  | "server-error"
  | "unreadable";

export interface Failed {
  readonly outcome: FailureKind;
  readonly message: string;
}

/** Within this folder failures are thrown; its methods for others give them back as values. */
export class GitFailure extends Error {
  readonly kind: FailureKind;

  constructor(kind: FailureKind, message: string) {
    super(message);
    this.name = "GitFailure";
    this.kind = kind;
  }

  get asValue(): Failed {
    return { outcome: this.kind, message: this.message };
  }
}

type ServerComplaint = "unauthorized" | "not-found" | "timed-out" | "server-error";

/** What git's own words say about a run that failed. */
export type GitComplaint =
  | { readonly kind: "object-gone"; readonly objectId: string }
  | { readonly kind: "ref-gone"; readonly ref: string }
  | { readonly kind: ServerComplaint | "disk-full" }
  /** Nothing that is known to come from the server: the clone may be damaged. */
  | { readonly kind: "unknown" };

const OBJECT_GONE = /(?:not our ref|unadvertised object) ([0-9a-f]{40,64})/;
const REF_GONE = /couldn't find remote ref (\S+)/;
const COMPLAINTS: readonly (readonly [ServerComplaint | "disk-full", RegExp])[] = [
  ["disk-full", /No space left on device|Disk quota exceeded|File too large/],
  ["unauthorized", /Authentication failed|could not read (?:Username|Password)|returned error: 40[13]\b/],
  ["not-found", /repository '[^']*' not found|returned error: (?:404|410|451)\b/],
  ["timed-out", /Operation too slow|Operation timed out|Connection timed out|Timeout was reached/],
  [
    "server-error",
    new RegExp(
      [
        "returned error: \\d{3}",
        "Could not resolve (?:host|proxy)",
        "Failed to connect|Couldn't connect|Connection (?:refused|reset)|Recv failure|Empty reply",
        "SSL|TLS|certificate|gnutls",
        "RPC failed|early EOF|unexpected disconnect|hung up unexpectedly|expected flush|transfer closed",
        "unable to update url base from redirection|redirect",
        // An answer that ends in its middle: git names the part of it that it waited for.
        "expected '[a-z-]+'|expected (?:packfile|response end|shallow/unshallow|ACK/NAK)|unexpected acknowledg",
        "error processing (?:acks|shallow info|wanted refs)|bad line length|bad pack header|invalid index-pack output",
        "remote error:|protocol error|expected .*got|invalid server response|not valid: is this a git repository",
      ].join("|"),
      "i",
    ),
  ],
];

/** Source: messages of git 2.39 and of libcurl in the C locale. What is not known here counts as damage of the clone. */
export function complaintOf(errorText: string): GitComplaint {
  const objectId = OBJECT_GONE.exec(errorText)?.[1];
  if (objectId !== undefined) return { kind: "object-gone", objectId };
  const ref = REF_GONE.exec(errorText)?.[1];
  if (ref !== undefined) return { kind: "ref-gone", ref };
  const known = COMPLAINTS.find(([, pattern]) => pattern.test(errorText));
  return { kind: known?.[0] ?? "unknown" };
}
