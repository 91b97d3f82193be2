/** The rotation issue as a private advisory, for public repositories with no private place for an issue. */
import { cut } from "./markdown.ts";
import { rotationIssue, type RotationIssueFacts } from "./rotation-issue.ts";

export interface AdvisoryText {
  readonly summary: string;
  readonly description: string;
  readonly severity: "critical" | "high";
}

const MAX_SUMMARY = 1024;

/** An advisory is seen by the repository's maintainers only, so it tells all until it is published. */
export function rotationAdvisory(facts: Omit<RotationIssueFacts, "place">): AdvisoryText {
  const { title, body } = rotationIssue({ ...facts, place: { isPrivate: true } });
  return {
    summary: cut(title, MAX_SUMMARY),
    description: body,
    severity: facts.incident.plane === "control" ? "critical" : "high",
  };
}
