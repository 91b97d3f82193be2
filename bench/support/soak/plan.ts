/** What happens in a soak, made from a seed: who writes what where, which of it leaks, and how it is delivered. */
import { Seeded } from "../seeded.ts";

/** Where a token can stand. */
export const PLACES = [
  "push",
  "branch",
  "pull-request",
  "pull-request-text",
  "issue",
  "issue-edit",
  "comment",
  "comment-edit",
  "review",
  "review-comment",
  "discussion",
  "discussion-comment",
  "release",
  "commit-comment",
  "wiki",
  "merge-group",
  "alert",
  "new-installation",
  "added-repository",
] as const;

export type Place = (typeof PLACES)[number];

/** What holds no token whatever it is. */
export type Change = "publicize" | "permissions" | "suspend" | "remove-repository" | "command";

export interface PlannedToken {
  readonly index: number;
  readonly organization: number;
  readonly plane: "control" | "data";
  /** It was revoked before it leaks. */
  readonly isDead: boolean;
}

export interface Step {
  readonly index: number;
  readonly kind: Place | Change;
  readonly organization: number;
  /** In the organisation. */
  readonly repository: number;
  readonly leak: PlannedToken | null;
  /** Of a command. */
  readonly command: PlannedCommand | null;
}

export interface PlannedCommand {
  /** Whose issue it is written below. */
  readonly token: PlannedToken;
  readonly name: "verify" | "resolve" | "false-alarm";
  /** Somebody who may write, or not. */
  readonly mayWrite: boolean;
}

/** How one webhook is delivered. */
export interface Treatment {
  /** It comes so much later, after others. */
  readonly delayMs: number;
  /** It comes once more: the same delivery, or the same content under another id. */
  readonly again: { readonly as: "same-delivery" | "same-content"; readonly afterMs: number } | null;
}

/** Organisations that the App is installed on from the beginning, and the repositories of each. */
export const ORGANIZATIONS = 6;
export const REPOSITORIES = 5;
/** The App is on some repositories of this organisation, and on all of the others. */
export const SELECTED_ORGANIZATION = ORGANIZATIONS - 1;

/** Of so many steps one leaks: 5 % of the deliveries, as a step is 1.7 of them on an average. */
const STEPS_A_LEAK = 12;
const WEIGHTS: Readonly<Record<Place | Change, number>> = {
  push: 24,
  branch: 5,
  "pull-request": 5,
  "pull-request-text": 3,
  issue: 9,
  "issue-edit": 5,
  comment: 10,
  "comment-edit": 4,
  review: 4,
  "review-comment": 5,
  discussion: 4,
  "discussion-comment": 4,
  release: 4,
  "commit-comment": 4,
  wiki: 3,
  "merge-group": 2,
  alert: 1,
  "new-installation": 0.6,
  "added-repository": 0.6,
  publicize: 0.6,
  permissions: 0.6,
  suspend: 0.6,
  "remove-repository": 0.4,
  command: 3,
};
const REORDERED = 0.15;
const LONGEST_DELAY_MS = 8000;
const DELIVERED_AGAIN = 0.06;
const SENT_AGAIN = 0.04;

/** One step after the other, without an end. */
export function* makePlan(seed: string): Generator<Step> {
  const random = new Seeded(seed, "plan");
  const tokens: PlannedToken[] = [];
  let deck: Place[] = [];
  const drawPlace = (): Place => {
    if (deck.length === 0) deck = random.shuffled(PLACES);
    return deck.pop()!;
  };
  const leakIn = (organization: number, place: Place): PlannedToken => {
    const known = tokens.filter((token) => token.organization === organization);
    // What only history holds has ways of its own of being told when it is dead.
    const isOld = place === "new-installation" || place === "added-repository";
    if (known.length > 0 && !isOld && random.isIn(0.1)) return random.pick(known);
    const token: PlannedToken = {
      index: tokens.length,
      organization,
      plane: random.isIn(0.2) ? "data" : "control",
      isDead: !isOld && random.isIn(0.08),
    };
    tokens.push(token);
    return token;
  };
  let leaking = 0;
  for (let index = 0; ; index += 1) {
    if (index % STEPS_A_LEAK === 0) leaking = index + random.below(STEPS_A_LEAK);
    const isLeaking = index === leaking;
    const kind = isLeaking ? drawPlace() : random.weighted(WEIGHTS);
    const isSelected = kind === "added-repository" || kind === "remove-repository";
    const organization =
      kind === "new-installation"
        ? ORGANIZATIONS + index
        : isSelected
          ? SELECTED_ORGANIZATION
          : random.below(ORGANIZATIONS);
    const repository = random.below(REPOSITORIES);
    const leak = isLeaking ? leakIn(organization, kind as Place) : null;
    const step = { index, kind, organization, repository, leak };
    if (kind !== "command") {
      yield { ...step, command: null };
      continue;
    }
    const live = tokens.filter((token) => !token.isDead && token.organization < ORGANIZATIONS);
    if (live.length === 0) continue;
    const token = random.pick(live);
    const mayWrite = random.isIn(0.5);
    const name = mayWrite ? "verify" : random.pick(["verify", "resolve", "false-alarm"] as const);
    yield { ...step, organization: token.organization, command: { token, name, mayWrite } };
  }
}

/** How the webhooks of a step are delivered, one after the other. */
export function treatments(seed: string, step: number): () => Treatment {
  const random = new Seeded(seed, `delivery of ${step}`);
  return () => {
    const delayMs = random.isIn(REORDERED) ? random.below(LONGEST_DELAY_MS) : 0;
    const chance = random.next();
    const afterMs = delayMs + random.below(LONGEST_DELAY_MS);
    if (chance < DELIVERED_AGAIN) return { delayMs, again: { as: "same-delivery", afterMs } };
    if (chance < DELIVERED_AGAIN + SENT_AGAIN) return { delayMs, again: { as: "same-content", afterMs } };
    return { delayMs, again: null };
  };
}
