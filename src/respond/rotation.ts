/** How to rotate a token: mint, move the consumers over, revoke, check, then clean up. */
import type { Rule } from "../rules/schema.ts";

export interface RotationGuide {
  readonly title: string;
  readonly steps: readonly RotationStep[];
}

export interface RotationStep {
  readonly what: string;
  /** Files that the step is about. */
  readonly files?: readonly Consumer[];
}

/** A file of the repository that reads the variable. */
export interface Consumer {
  readonly path: string;
  readonly kind: ConsumerKind;
}

export type ConsumerKind = "workflow" | "manifest" | "environment file" | "documentation" | "code";

export function rotationGuide(rule: Rule, paths: readonly string[]): RotationGuide {
  const variable = rule.variable ?? "its environment variable";
  const screen = rule.rotation.dashboard;
  const consumers = paths.map((path) => ({ path, kind: kindOf(path) })).toSorted(byKindAndPath);
  const moved =
    consumers.length === 0
      ? `Move the consumers over: set the new token as ${variable} wherever the old one is used (no file here reads it)`
      : `Move the consumers over: these files read ${variable}; give the places that set it the new token`;
  return {
    title: `Rotate an ${rule.name}`,
    steps: [
      {
        what: `Mint a replacement in the InferenceKey dashboard (${screen}), with no more access than its consumers need`,
      },
      consumers.length === 0 ? { what: moved } : { what: moved, files: consumers },
      { what: `Revoke the leaked one in the dashboard (${screen}); its public id names it there` },
      { what: "Check that it is dead: keyrecall verify, with the token on standard input" },
      {
        what: "Then clean up: take it out of the files, and out of history only if you must (git filter-repo); a revoked token in history is harmless",
      },
    ],
  };
}

const KINDS: readonly [ConsumerKind, RegExp][] = [
  [
    "workflow",
    /(^|\/)(\.github\/(workflows|actions)\/|\.gitlab-ci\.ya?ml$|\.circleci\/|\.buildkite\/|\.woodpecker|azure-pipelines\.ya?ml$|bitbucket-pipelines\.ya?ml$|Jenkinsfile)/,
  ],
  ["environment file", /(^|\/)(\.env[^/]*|[^/]*\.env|\.envrc)$/],
  [
    "manifest",
    /(^|\/)(Dockerfile[^/]*|Containerfile[^/]*|(docker-)?compose[^/]*\.ya?ml|Procfile|[^/]*\.(ya?ml|tf|tfvars|hcl|toml|service|nix))$/,
  ],
  ["documentation", /\.(md|mdx|rst|adoc|txt)$/i],
];

function kindOf(path: string): ConsumerKind {
  return KINDS.find(([, pattern]) => pattern.test(path))?.[0] ?? "code";
}

const ORDER: readonly ConsumerKind[] = ["workflow", "manifest", "environment file", "code", "documentation"];

function byKindAndPath(a: Consumer, b: Consumer): number {
  return ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind) || (a.path < b.path ? -1 : 1);
}
