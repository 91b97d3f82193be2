// Where an issue goes: never a public place before the token is out of service.
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { IncidentState } from "../../../app/incident.ts";
import { isContained } from "../../../app/issues/disclosure.ts";
import { decidePlacement, type PlaceFacts, type PlacementFacts } from "../../../app/issues/placement.ts";
import { contained, makeIncident, makeOccurrence, PRIVATE_REPOSITORY, PUBLIC_REPOSITORY } from "../support/incident.ts";

const inPrivate: PlaceFacts = { ...PRIVATE_REPOSITORY, hasIssues: true };
const inPublic: PlaceFacts = { ...PUBLIC_REPOSITORY, hasIssues: true };
const security: PlaceFacts = { id: 99, fullName: "acme/security", isPrivate: true, isArchived: false, hasIssues: true };
const publicIncident = { occurrences: [makeOccurrence({ repository: PUBLIC_REPOSITORY })] };
const issueIn = (place: PlaceFacts) => ({
  repositoryId: place.id,
  repository: place.fullName,
  number: 4,
  url: `https://github.com/${place.fullName}/issues/4`,
});

function decide(changes: Partial<PlacementFacts> = {}) {
  return decidePlacement({
    incident: makeIncident(),
    repositories: new Map([inPrivate, inPublic].map((place) => [place.id, place])),
    fallback: security,
    advisories: false,
    existing: null,
    ...changes,
  });
}

describe("a private leaking repository", () => {
  it("holds the issue itself", () => {
    expect(decide()).toMatchObject({ kind: "issue", repository: inPrivate, withdraw: null });
  });

  it.each([
    ["archived", { ...inPrivate, isArchived: true }, /archived/],
    ["without issues", { ...inPrivate, hasIssues: false }, /issues are disabled/],
  ])("leaves it to the configured one where it is %s", (_, place, reason) => {
    const placement = decide({ repositories: new Map([[place.id, place]]) });
    expect(placement).toMatchObject({ kind: "issue", repository: security });
    expect(placement.reason).toMatch(reason);
  });

  it("leaves it to the configured one where it cannot be read any more", () => {
    expect(decide({ repositories: new Map() })).toMatchObject({ kind: "issue", repository: security });
  });

  it("says what to configure where nothing can hold the issue", () => {
    const placement = decide({ repositories: new Map(), fallback: null });
    expect(placement.kind).toBe("nowhere");
    expect(placement.reason).toMatch(/no private repository is configured/);
    const unseen = decide({ repositories: new Map(), fallback: null, fallbackName: "acme/security" });
    expect(unseen.reason).toMatch(/the configured repository acme\/security is gone, or the App may not see it/);
  });
});

describe("a public leaking repository", () => {
  it("leaves it to the configured private one", () => {
    expect(decide({ incident: makeIncident(publicIncident) })).toMatchObject({ kind: "issue", repository: security });
  });

  it("counts although another one is private", () => {
    const occurrences = [makeOccurrence(), makeOccurrence({ repository: PUBLIC_REPOSITORY })];
    expect(decide({ incident: makeIncident({ occurrences }) })).toMatchObject({ kind: "issue", repository: security });
  });

  it("counts as what it is now", () => {
    const published = { ...inPrivate, isPrivate: false };
    expect(decide({ repositories: new Map([[published.id, published]]) })).toMatchObject({ repository: security });
  });

  it.each([
    ["missing", null],
    ["public", { ...security, isPrivate: false }],
    ["archived", { ...security, isArchived: true }],
    ["without issues", { ...security, hasIssues: false }],
  ])("opens an advisory where the configured one is %s", (_, fallback) => {
    const incident = makeIncident(publicIncident);
    expect(decide({ incident, fallback, advisories: true })).toMatchObject({ kind: "advisory", repository: inPublic });
    expect(decide({ incident, fallback })).toMatchObject({ kind: "nowhere" });
  });

  it("may hold it itself once the token is out of service", () => {
    expect(decide({ incident: contained(publicIncident), fallback: null })).toMatchObject({
      kind: "issue",
      repository: inPublic,
    });
  });
});

describe("an issue that there is", () => {
  it("stays where it is, contained or not", () => {
    for (const incident of [makeIncident(publicIncident), contained(publicIncident)]) {
      const placement = decide({
        incident: { ...incident, issue: issueIn(security) },
        existing: security,
        fallback: null,
      });
      expect(placement).toMatchObject({ kind: "issue", repository: security, withdraw: null });
    }
  });

  it("is withdrawn from a public place when the token lives again", () => {
    const issue = issueIn(inPublic);
    const incident = makeIncident({ ...publicIncident, state: "reopened", issue });
    expect(decide({ incident, existing: inPublic })).toMatchObject({
      kind: "issue",
      repository: security,
      withdraw: issue,
    });
    expect(decide({ incident, existing: inPublic, fallback: null })).toMatchObject({
      kind: "nowhere",
      withdraw: issue,
    });
  });

  it("is made again where its repository cannot hold it any more", () => {
    const incident = makeIncident({ issue: issueIn(inPrivate) });
    const archived = { ...inPrivate, isArchived: true };
    const placement = decide({ incident, existing: archived, repositories: new Map([[archived.id, archived]]) });
    expect(placement).toMatchObject({ kind: "issue", repository: security, withdraw: null });
  });
});

const place = (id: number) =>
  fc.record({
    id: fc.constant(id),
    fullName: fc.constant(`acme/r${id}`),
    isPrivate: fc.boolean(),
    isArchived: fc.boolean(),
    hasIssues: fc.boolean(),
  });

it("never chooses a public place for an issue on a token that may work", () => {
  fc.assert(
    fc.property(
      fc.record({
        state: fc.constantFrom<IncidentState[]>(
          "found",
          "verified",
          "revoking",
          "contained",
          "unverifiable",
          "resolved",
          "reopened",
        ),
        verdict: fc.constantFrom("live", "revoked", "unknown", "unchecked"),
        recorded: fc.array(place(1), { minLength: 1, maxLength: 3 }),
        now: fc.tuple(place(1), place(2), place(3)),
        readable: fc.subarray([0, 1, 2]),
        fallback: fc.option(place(9)),
        existing: fc.option(place(4)),
        hasIssue: fc.boolean(),
        advisories: fc.boolean(),
      }),
      ({ state, verdict, recorded, now, readable, fallback, existing, hasIssue, advisories }) => {
        const incident = makeIncident({
          state,
          verdict: { state: verdict, reason: "" },
          occurrences: recorded.map((repository, index) =>
            makeOccurrence({ repository: { ...repository, id: index + 1, defaultBranch: "main" } }),
          ),
          issue: hasIssue ? issueIn(existing ?? inPublic) : null,
        });
        const repositories = new Map(readable.map((index) => [index + 1, now[index as 0]]));
        const placement = decidePlacement({ incident, repositories, fallback, existing, advisories });
        expect(placement.reason).not.toBe("");
        if (placement.kind === "issue") {
          expect(placement.repository.isPrivate || isContained(incident)).toBe(true);
          expect(placement.repository.hasIssues && !placement.repository.isArchived).toBe(true);
        }
        if (hasIssue && existing !== null && !existing.isPrivate && !isContained(incident))
          expect(placement.withdraw).toEqual(incident.issue);
      },
    ),
    { numRuns: 2000 },
  );
});
