import {
  escapeForMarkdown,
  escapeForTerminal
} from "./chunk-YJTMF76D.js";

// src/report/rotation.ts
var MAX_FILES = 20;
function rotationText(guide) {
  const lines = guide.steps.flatMap(({ what, files = [] }, index) => [
    `  ${index + 1}. ${what}${files.length > 0 ? ":" : ""}`,
    ...files.slice(0, MAX_FILES).map(({ path, kind }) => `       ${escapeForTerminal(path)} (${kind})`),
    ...more(files, "       ")
  ]);
  return `${guide.title}
${lines.join("\n")}
`;
}
function rotationMarkdown(guide, level = 3) {
  const lines = guide.steps.flatMap(({ what, files = [] }, index) => [
    `${index + 1}. ${what}${files.length > 0 ? ":" : ""}`,
    ...files.slice(0, MAX_FILES).map(({ path, kind }) => `   - ${escapeForMarkdown(path)} (${kind})`),
    ...more(files, "   - ")
  ]);
  return `${"#".repeat(level)} ${guide.title}

${lines.join("\n")}
`;
}
function more(files, indent) {
  return files.length > MAX_FILES ? [`${indent}… and ${files.length - MAX_FILES} more`] : [];
}

// src/respond/rotation.ts
function rotationGuide(rule, paths) {
  const variable = rule.variable ?? "its environment variable";
  const screen = rule.rotation.dashboard;
  const consumers = paths.map((path) => ({ path, kind: kindOf(path) })).toSorted(byKindAndPath);
  const moved = consumers.length === 0 ? `Move the consumers over: set the new token as ${variable} wherever the old one is used (no file here reads it)` : `Move the consumers over: these files read ${variable}; give the places that set it the new token`;
  return {
    title: `Rotate an ${rule.name}`,
    steps: [
      {
        what: `Mint a replacement in the InferenceKey dashboard (${screen}), with no more access than its consumers need`
      },
      consumers.length === 0 ? { what: moved } : { what: moved, files: consumers },
      { what: `Revoke the leaked one in the dashboard (${screen}); its public id names it there` },
      { what: "Check that it is dead: keyrecall verify, with the token on standard input" },
      {
        what: "Then clean up: take it out of the files, and out of history only if you must (git filter-repo); a revoked token in history is harmless"
      }
    ]
  };
}
var KINDS = [
  [
    "workflow",
    /(^|\/)(\.github\/(workflows|actions)\/|\.gitlab-ci\.ya?ml$|\.circleci\/|\.buildkite\/|\.woodpecker|azure-pipelines\.ya?ml$|bitbucket-pipelines\.ya?ml$|Jenkinsfile)/
  ],
  ["environment file", /(^|\/)(\.env[^/]*|[^/]*\.env|\.envrc)$/],
  [
    "manifest",
    /(^|\/)(Dockerfile[^/]*|Containerfile[^/]*|(docker-)?compose[^/]*\.ya?ml|Procfile|[^/]*\.(ya?ml|tf|tfvars|hcl|toml|service|nix))$/
  ],
  ["documentation", /\.(md|mdx|rst|adoc|txt)$/i]
];
function kindOf(path) {
  return KINDS.find(([, pattern]) => pattern.test(path))?.[0] ?? "code";
}
var ORDER = ["workflow", "manifest", "environment file", "code", "documentation"];
function byKindAndPath(a, b) {
  return ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind) || (a.path < b.path ? -1 : 1);
}

export {
  rotationText,
  rotationMarkdown,
  rotationGuide
};
