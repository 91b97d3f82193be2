/** The words of the App: an incident is its record of one leaked token, in whatever number of places it stands. */
import type { BlastRadius, OccurrenceKind, Plane, Verdict } from "keyrecall";

/**
 * `found` → `verified` (live) → `revoking` → `contained` (live, then dead, on the same API and route). A token that is
 * found dead goes to `contained` at once, with `wasLive` false. `unverifiable`: the API does not tell; it is asked again.
 * `resolved`: contained, and the rotation issue was completed. `reopened`: contained or resolved before, and live again
 * or found in a new place; from there the same way as from `found`.
 */
export type IncidentState = "found" | "verified" | "revoking" | "contained" | "unverifiable" | "resolved" | "reopened";

export interface Incident {
  readonly id: string;
  /** The organisation or user that the App is installed on. */
  readonly accountId: number;
  readonly fingerprint: string;
  readonly rule: string;
  readonly plane: Plane;
  readonly publicId: string;
  readonly masked: string;
  readonly state: IncidentState;
  readonly verdict: Verdict;
  /** Whether the API ever answered that it is live. */
  readonly wasLive: boolean;
  readonly blastRadius: BlastRadius;
  readonly times: IncidentTimes;
  readonly occurrences: readonly IncidentOccurrence[];
  readonly timeline: readonly TimelineEntry[];
  readonly issue: PlacedIssue | null;
  /** Why nothing is revoked by the App, or null where it is: no provider, a dry run, an approval that is waited for. */
  readonly manualBecause: string | null;
  /** It works, and is revoked once somebody whom the organisation's policy names approves that. */
  readonly awaitsApproval: boolean;
  /** How a person closed it by a command, or null. */
  readonly resolution: Resolution | null;
}

export interface Resolution {
  readonly as: "resolved" | "false-alarm";
  /** `@login`. */
  readonly by: string;
  /** A person's words, without tokens. */
  readonly reason: string;
  readonly at: string;
}

/** ISO 8601, UTC; null while it has not happened. */
export interface IncidentTimes {
  /** When the webhook arrived that brought it: the exposure window begins here. */
  readonly receivedAt: string;
  readonly foundAt: string;
  readonly verifiedAt: string | null;
  readonly revokeRequestedAt: string | null;
  readonly containedAt: string | null;
}

export interface LeakingRepository {
  readonly id: number;
  readonly fullName: string;
  readonly isPrivate: boolean;
  readonly defaultBranch: string;
  readonly isArchived: boolean;
}

export interface IncidentOccurrence {
  readonly repository: LeakingRepository;
  readonly kind: OccurrenceKind | TextKind;
  /** The object that holds it, or null for names. */
  readonly object: string | null;
  readonly path: string | null;
  readonly line: number;
  /** Bytes, from 1. */
  readonly column: number;
  readonly encoding: readonly string[];
  /** Archives that it stands in, as the scan has them; the names in them are strangers' texts. */
  readonly container: readonly string[];
  /** Of the innermost text in these; null where it stands in none, or in a name. */
  readonly innerLine: number | null;
  readonly variable: string | null;
  readonly commit: string | null;
  /** As git has it: `Name <mail>`. A stranger's text. */
  readonly author: string | null;
  readonly committedAt: string | null;
  readonly removedBy: readonly string[];
  /** `refs/heads/main`, `refs/pull/7/head`; of a text its number or name: `#7`, `wiki`. */
  readonly ref: string;
  /** Login of whoever pushed it, opened the pull request or wrote the text. */
  readonly actor: string | null;
  readonly receivedAt: string;
  /** Where it is no part of the code. */
  readonly text?: TextPlace | null;
}

/** What people write on GitHub beside code. */
export type TextKind =
  | "issue"
  | "issue-comment"
  | "pull-request"
  | "review"
  | "review-comment"
  | "discussion"
  | "discussion-comment"
  | "release"
  | "commit-comment"
  | "wiki"
  | "alert";

export interface TextPlace {
  /** `title`, `body`, `tag_name`, … */
  readonly part: string;
  /** What had become of it when it was read. It was sent to whoever watches the repository in each case. */
  readonly state: "posted" | "edited-out" | "deleted";
  /** For people; tokens in it are masked. */
  readonly url: string | null;
}

export interface TimelineEntry {
  readonly at: string;
  /** What happened, in one sentence for people; made by the App, strangers' texts in it are escaped later. */
  readonly what: string;
  /** `keyrecall`, `InferenceKey's API`, `the provider`, or a login. */
  readonly by: string;
}

/** What the operator is told of outside of GitHub, and how. */
export type NotificationEvent = "opened" | "contained" | "overdue";
export type NotificationChannel = "webhook" | "slack";

export interface PlacedIssue {
  readonly repositoryId: number;
  readonly repository: string;
  readonly number: number;
  readonly url: string;
}

/** A token that only history holds, or that was dead when it was found there: what is told of it in few words. */
export interface HistoryToken {
  readonly fingerprint: string;
  readonly masked: string;
  readonly plane: Plane;
  readonly state: IncidentState;
  readonly verdict: Verdict;
  /** In the order in which they were found. */
  readonly places: readonly HistoryPlaces[];
}

/** Where it stands in one repository. */
export interface HistoryPlaces {
  readonly repositoryId: number;
  readonly count: number;
  /** One of them, for people to look at; null where it is in no file. */
  readonly path: string | null;
  readonly commit: string | null;
  /** Of the oldest commit that brought it in. */
  readonly committedAt: string | null;
}
