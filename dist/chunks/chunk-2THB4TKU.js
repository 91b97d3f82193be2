// src/respond/rotation.ts
function rotationGuide(rule, { paths, isCut = false, problem }) {
  const variable = rule.variable ?? "its environment variable";
  const { dashboard, leastAccess = "with no more access than its consumers need" } = rule.rotation;
  const files = paths.map((path) => ({ path, kind: kindOf(path) })).toSorted(byKindAndPath);
  const move = `Move the consumers over: give them the new token as ${variable}`;
  const looked = problem === null ? `${move} (no file of this repository reads it; look at the settings of CI, hosts and other repositories)` : `${move} (which files read it is not known: ${problem})`;
  return {
    title: `Rotate an ${rule.name}`,
    steps: [
      { what: `Mint a replacement in the InferenceKey dashboard (${dashboard}): ${leastAccess}` },
      files.length === 0 ? { what: looked } : { what: `${move}. ${isCut ? "Among the files" : "The files"} of this repository that read it`, files },
      { what: `Revoke the leaked one in the dashboard (${dashboard}); its public id names it there` },
      { what: "Check that it is dead: keyrecall verify, with the token on standard input" },
      {
        what: "Then history: take the token out of the files; rewriting history is of use only once it is dead, and a dead token in history is harmless"
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
  rotationGuide
};
