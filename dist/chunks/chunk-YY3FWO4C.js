// src/hooks/stages.ts
var HOOK_STAGES = ["pre-commit", "pre-merge-commit", "pre-push", "pre-receive"];
function passOnceCommand(stage) {
  switch (stage) {
    case "pre-commit":
      return "git commit --no-verify";
    case "pre-merge-commit":
      return "git merge --no-verify";
    case "pre-push":
      return "git push --no-verify";
    case "pre-receive":
      return null;
  }
}
function subjectOf(stage) {
  if (stage === "pre-commit") return "commit";
  return stage === "pre-merge-commit" ? "merge" : "push";
}

export {
  HOOK_STAGES,
  passOnceCommand,
  subjectOf
};
