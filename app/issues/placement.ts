/** Where the rotation issue of an incident goes, by the disclosure rule: never a public place before it is contained. */
import type { Incident, LeakingRepository, PlacedIssue } from "../incident.ts";
import { isContained, mayTellAll } from "./disclosure.ts";

/** A repository as it is now. */
export interface PlaceFacts {
  readonly id: number;
  readonly fullName: string;
  readonly isPrivate: boolean;
  readonly isArchived: boolean;
  readonly hasIssues: boolean;
}

export interface PlacementFacts {
  readonly incident: Incident;
  /** The leaking repositories as they are now, by id; one that cannot be read any more is missing. */
  readonly repositories: ReadonlyMap<number, PlaceFacts>;
  /** The configured private repository, as it is now. */
  readonly fallback: PlaceFacts | null;
  /** Its name, also where it cannot be read; null where none is configured. */
  readonly fallbackName?: string | null;
  /** The repository that the organisation's policy names, as it is now; null where it names none or it cannot be read. */
  readonly preferred?: PlaceFacts | null;
  /** Whether private advisories may be opened. */
  readonly advisories: boolean;
  /** The repository of the issue that there is, as it is now; null where there is none or it cannot be read. */
  readonly existing: PlaceFacts | null;
}

export type Placement =
  | {
      readonly kind: "issue";
      readonly repository: PlaceFacts;
      readonly reason: string;
      readonly withdraw: PlacedIssue | null;
    }
  | {
      readonly kind: "advisory";
      readonly repository: PlaceFacts;
      readonly reason: string;
      readonly withdraw: PlacedIssue | null;
    }
  /** Nothing is written; the sentence says what to configure. */
  | { readonly kind: "nowhere"; readonly reason: string; readonly withdraw: PlacedIssue | null };

/** `withdraw` is an issue that stands where it may not say anything any more: its text has to be withheld. */
export function decidePlacement(facts: PlacementFacts): Placement {
  const { incident, existing } = facts;
  if (incident.issue !== null && existing !== null) {
    const withdraw = mayTellAll(incident, existing) ? null : incident.issue;
    if (withdraw !== null) return { ...choose(facts), withdraw };
    if (canHoldIssues(existing)) {
      return { kind: "issue", repository: existing, reason: "the issue stays where it is", withdraw: null };
    }
  }
  return { ...choose(facts), withdraw: null };
}

type Choice =
  | Omit<Extract<Placement, { kind: "issue" | "advisory" }>, "withdraw">
  | Omit<Extract<Placement, { kind: "nowhere" }>, "withdraw">;

function choose(facts: PlacementFacts): Choice {
  const { preferred = null } = facts;
  if (isUsablePrivate(preferred)) {
    return { kind: "issue", repository: preferred, reason: "the repository that the organisation's policy names" };
  }
  const leaking = leakingRepositories(facts.incident);
  const now = leaking.map(({ id }) => facts.repositories.get(id)).filter((repository) => repository !== undefined);
  const publicName = leaking.find(
    ({ id, isPrivate }) => !(facts.repositories.get(id)?.isPrivate ?? isPrivate),
  )?.fullName;
  return publicName === undefined ? choosePrivate(facts, now) : choosePublic(facts, now, publicName);
}

function choosePrivate(facts: PlacementFacts, repositories: readonly PlaceFacts[]): Choice {
  const { fallback } = facts;
  const own = repositories.find((repository) => repository.isPrivate && canHoldIssues(repository));
  if (own !== undefined) return { kind: "issue", repository: own, reason: "the leaking repository is private" };
  const why = repositories[0] === undefined ? "the leaking repository cannot be read" : whyNot(repositories[0]);
  if (isUsablePrivate(fallback)) {
    return { kind: "issue", repository: fallback, reason: `the configured private repository, because ${why}` };
  }
  return { kind: "nowhere", reason: `${why}, and ${whyNoFallback(facts)}` };
}

function choosePublic(facts: PlacementFacts, repositories: readonly PlaceFacts[], name: string): Choice {
  const { incident, fallback, advisories } = facts;
  if (isUsablePrivate(fallback)) {
    return {
      kind: "issue",
      repository: fallback,
      reason: `the configured private repository, because ${name} is public`,
    };
  }
  if (isContained(incident)) {
    const own = repositories.find(canHoldIssues);
    if (own !== undefined) return { kind: "issue", repository: own, reason: "the token is out of service" };
    return { kind: "nowhere", reason: `no leaking repository can hold an issue, and ${whyNoFallback(facts)}` };
  }
  const advised = repositories.find(({ isPrivate, isArchived }) => !isPrivate && !isArchived);
  if (advisories && advised !== undefined) {
    return {
      kind: "advisory",
      repository: advised,
      reason: `a private advisory, because ${name} is public and ${whyNoFallback(facts)}`,
    };
  }
  const own = repositories.find((repository) => repository.isPrivate && canHoldIssues(repository));
  if (own !== undefined) {
    return {
      kind: "issue",
      repository: own,
      reason: `a private repository that leaks it too, because ${name} is public`,
    };
  }
  return {
    kind: "nowhere",
    reason: `${name} is public and the token is not out of service, ${whyNoFallback(facts)}, and no private advisory can be opened`,
  };
}

/** In the order in which the token was seen there. */
export function leakingRepositories({ occurrences }: Pick<Incident, "occurrences">): LeakingRepository[] {
  const byId = new Map<number, LeakingRepository>();
  for (const { repository } of occurrences.toSorted((a, b) =>
    a.receivedAt < b.receivedAt ? -1 : a.receivedAt > b.receivedAt ? 1 : 0,
  )) {
    const known = byId.get(repository.id);
    // Records of one repository can be of different days: what was public once has been read by the public.
    if (known === undefined || (known.isPrivate && !repository.isPrivate)) byId.set(repository.id, repository);
  }
  return [...byId.values()];
}

function canHoldIssues({ hasIssues, isArchived }: PlaceFacts): boolean {
  return hasIssues && !isArchived;
}

function isUsablePrivate(repository: PlaceFacts | null): repository is PlaceFacts {
  return repository !== null && repository.isPrivate && canHoldIssues(repository);
}

function whyNot({ fullName, isArchived }: PlaceFacts): string {
  return isArchived ? `${fullName} is archived` : `issues are disabled in ${fullName}`;
}

function whyNoFallback({ fallback, fallbackName = null }: PlacementFacts): string {
  if (fallback === null) {
    return fallbackName === null
      ? "no private repository is configured for such issues"
      : `the configured repository ${fallbackName} is gone, or the App may not see it`;
  }
  if (!fallback.isPrivate) return `the configured repository ${fallback.fullName} is public`;
  return `the configured repository ${fallback.fullName} cannot hold issues: ${whyNot(fallback)}`;
}
