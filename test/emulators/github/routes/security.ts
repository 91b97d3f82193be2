// Private reports of vulnerabilities, and GitHub's own alerts about secrets.
import { randomInt } from "node:crypto";
import { emitAlert } from "../domain/secret-alerts.ts";
import { forbidden, GitHubError, notFound } from "../github-error.ts";
import { actorOf, created, list, ok, text, type RepositoryCall, type Result, type Route } from "../route.ts";
import { simpleUser, time } from "../shapes/accounts.ts";
import { alertShape } from "../shapes/secret-alerts.ts";
import type { Advisory, AlertLocation, SecretAlert, Severity } from "../world/entities.ts";

const readsAdvisories = [{ repository_advisories: "read" }] as const;
const writesAdvisories = [{ repository_advisories: "write" }] as const;
const readsAlerts = [{ secret_scanning_alerts: "read" }] as const;
const writesAlerts = [{ secret_scanning_alerts: "write" }] as const;
const GHSA_ALPHABET = "23456789cfghjmpqrvwx";

export const securityRoutes: readonly Route[] = [
  {
    route: "GET /repos/{owner}/{repo}/security-advisories",
    by: "repository",
    needs: readsAdvisories,
    isSensitive: true,
    handle: (call) => {
      const state = call.query.get("state");
      const found = call.repository.advisories.filter((advisory) => state === null || advisory.state === state);
      return list(found.toReversed(), (advisory) => advisoryShape(call, advisory));
    },
  },
  {
    route: "POST /repos/{owner}/{repo}/security-advisories",
    by: "repository",
    needs: writesAdvisories,
    isSensitive: true,
    createsContent: true,
    handle: (call) => createAdvisory(call, "draft"),
  },
  {
    route: "POST /repos/{owner}/{repo}/security-advisories/reports",
    by: "repository",
    needs: writesAdvisories,
    createsContent: true,
    handle: (call) => {
      if (!call.repository.hasPrivateReporting) {
        throw new GitHubError(403, "Private vulnerability reporting is not enabled for this repository.");
      }
      return createAdvisory(call, "triage");
    },
  },
  {
    route: "GET /repos/{owner}/{repo}/security-advisories/{ghsa_id}",
    by: "repository",
    needs: readsAdvisories,
    isSensitive: true,
    handle: (call) => ok(advisoryShape(call, findAdvisory(call))),
  },
  {
    route: "PATCH /repos/{owner}/{repo}/security-advisories/{ghsa_id}",
    by: "repository",
    needs: writesAdvisories,
    isSensitive: true,
    handle: (call) => {
      const advisory = findAdvisory(call);
      advisory.summary = text(call.body["summary"]) ?? advisory.summary;
      advisory.description = text(call.body["description"]) ?? advisory.description;
      advisory.severity = (text(call.body["severity"]) as Severity | undefined) ?? advisory.severity;
      advisory.state = (text(call.body["state"]) as Advisory["state"] | undefined) ?? advisory.state;
      advisory.updatedAt = new Date();
      return ok(advisoryShape(call, advisory));
    },
  },
  {
    route: "GET /repos/{owner}/{repo}/private-vulnerability-reporting",
    by: "repository",
    needs: [{ administration: "read" }, { metadata: "read" }],
    handle: ({ repository }) => ok({ enabled: repository.hasPrivateReporting }),
  },
  {
    route: "GET /repos/{owner}/{repo}/secret-scanning/alerts",
    by: "repository",
    needs: readsAlerts,
    isSensitive: true,
    handle: listAlerts,
  },
  {
    route: "GET /repos/{owner}/{repo}/secret-scanning/alerts/{alert_number}",
    by: "repository",
    needs: readsAlerts,
    isSensitive: true,
    handle: (call) => ok(shown(call, findAlert(call))),
  },
  {
    route: "PATCH /repos/{owner}/{repo}/secret-scanning/alerts/{alert_number}",
    by: "repository",
    needs: writesAlerts,
    isSensitive: true,
    handle: updateAlert,
  },
  {
    route: "GET /repos/{owner}/{repo}/secret-scanning/alerts/{alert_number}/locations",
    by: "repository",
    needs: readsAlerts,
    isSensitive: true,
    handle: (call) => list(findAlert(call).locations, (location) => locationShape(call, location)),
  },
];

function createAdvisory(call: RepositoryCall, state: "draft" | "triage"): Result {
  const { github, repository, body } = call;
  if (repository.isArchived) throw forbidden();
  const now = new Date();
  const group = (): string => Array.from({ length: 4 }, () => GHSA_ALPHABET[randomInt(GHSA_ALPHABET.length)]).join("");
  const advisory: Advisory = {
    ghsaId: `GHSA-${group()}-${group()}-${group()}`,
    isReport: state === "triage",
    summary: text(body["summary"]) ?? "",
    description: text(body["description"]) ?? null,
    severity: (text(body["severity"]) as Severity | undefined) ?? null,
    cvssVector: text(body["cvss_vector_string"]) ?? null,
    cweIds: Array.isArray(body["cwe_ids"]) ? (body["cwe_ids"] as string[]) : [],
    vulnerabilities: Array.isArray(body["vulnerabilities"]) ? (body["vulnerabilities"] as unknown[]) : [],
    state,
    author: actorOf(call),
    createdAt: now,
    updatedAt: now,
  };
  repository.advisories.push(advisory);
  const shape = advisoryShape({ ...call, github }, advisory);
  return created(shape);
}

function findAdvisory({ repository, params }: RepositoryCall): Advisory {
  const found = repository.advisories.find(({ ghsaId }) => ghsaId === params["ghsa_id"]);
  if (found === undefined) throw notFound();
  return found;
}

function advisoryShape({ github, repository }: RepositoryCall, advisory: Advisory) {
  const { ghsaId } = advisory;
  const vulnerabilities = advisory.vulnerabilities.map((entry) => {
    const {
      package: named,
      vulnerable_version_range,
      patched_versions,
      vulnerable_functions,
    } = entry as Readonly<Record<string, unknown>>;
    return {
      package: named ?? null,
      vulnerable_version_range: vulnerable_version_range ?? null,
      patched_versions: patched_versions ?? null,
      vulnerable_functions: vulnerable_functions ?? null,
    };
  });
  return {
    ghsa_id: ghsaId,
    cve_id: null,
    url: github.urls.repo(repository, `/security-advisories/${ghsaId}`),
    html_url: github.urls.html(repository, `/security/advisories/${ghsaId}`),
    summary: advisory.summary,
    description: advisory.description,
    severity: advisory.severity,
    author: simpleUser(github.urls, advisory.author),
    publisher: null,
    identifiers: [{ type: "GHSA", value: ghsaId }],
    state: advisory.state,
    created_at: time(advisory.createdAt),
    updated_at: time(advisory.updatedAt),
    published_at: null,
    closed_at: advisory.state === "closed" ? time(advisory.updatedAt) : null,
    withdrawn_at: null,
    submission: advisory.isReport ? { accepted: advisory.state !== "triage" } : null,
    vulnerabilities,
    cvss: advisory.cvssVector === null ? null : { vector_string: advisory.cvssVector, score: null },
    cwes: advisory.cweIds.map((id) => ({ cwe_id: id, name: id })),
    cwe_ids: advisory.cweIds,
    credits: [],
    credits_detailed: [],
    collaborating_users: [],
    collaborating_teams: [],
    private_fork: null,
  };
}

function listAlerts(call: RepositoryCall): Result {
  const { query, repository } = call;
  const wanted = (name: string): readonly string[] | undefined => query.get(name)?.split(",");
  const matches = (name: string, value: string | null): boolean => wanted(name)?.includes(value ?? "") ?? true;
  const found = repository.alerts.filter(
    (alert) =>
      matches("state", alert.state) &&
      matches("secret_type", alert.secretType) &&
      matches("resolution", alert.resolution) &&
      matches("validity", alert.validity),
  );
  return list(found.toReversed(), (alert) => shown(call, alert));
}

function findAlert({ repository, params }: RepositoryCall): SecretAlert {
  const found = repository.alerts.find(({ number }) => number === Number(params["alert_number"]));
  if (found === undefined) throw notFound();
  return found;
}

function updateAlert(call: RepositoryCall): Result {
  const { body } = call;
  const alert = findAlert(call);
  const state = body["state"] as SecretAlert["state"] | undefined;
  const before = alert.state;
  if (state === "resolved" && typeof body["resolution"] !== "string") {
    throw new GitHubError(422, "Validation Failed: a resolution is required");
  }
  const validity = body["validity"];
  if (validity === "active" || validity === "inactive") alert.validity = validity;
  if (validity === null) alert.validity = "unknown";
  if (state !== undefined) {
    const isResolved = state === "resolved";
    alert.state = state;
    alert.resolution = isResolved ? (body["resolution"] as SecretAlert["resolution"]) : null;
    alert.resolutionComment = text(body["resolution_comment"]) ?? null;
    alert.resolvedAt = isResolved ? new Date() : null;
    alert.resolvedBy = isResolved ? actorOf(call) : null;
  }
  alert.updatedAt = new Date();
  if (alert.state !== before) {
    emitAlert(call.github, call.repository, alert, alert.state === "resolved" ? "resolved" : "reopened", actorOf(call));
  }
  return ok(shown(call, alert));
}

function shown(call: RepositoryCall, alert: SecretAlert) {
  const secret = call.query.get("hide_secret") === "true" ? {} : { secret: alert.secret };
  return { ...alertShape(call.github, call.repository, alert), ...secret };
}

function locationShape({ github, repository }: RepositoryCall, location: AlertLocation) {
  return {
    type: "commit",
    details: {
      path: location.path,
      start_line: location.startLine,
      end_line: location.endLine,
      start_column: location.startColumn,
      end_column: location.endColumn,
      blob_sha: location.blobSha,
      blob_url: github.urls.repo(repository, `/git/blobs/${location.blobSha}`),
      commit_sha: location.commitSha,
      commit_url: github.urls.repo(repository, `/git/commits/${location.commitSha}`),
    },
  };
}
