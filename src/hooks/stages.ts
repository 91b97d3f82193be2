/** The hooks of git that Keyrecall has a check for. */

export const HOOK_STAGES = ["pre-commit", "pre-merge-commit", "pre-push", "pre-receive"] as const;

export type HookStage = (typeof HOOK_STAGES)[number];

/** How git passes once what a hook stops, where it can. */
export function passOnceCommand(stage: HookStage): string | null {
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

/** What a hook stops, in words. */
export function subjectOf(stage: HookStage): "commit" | "merge" | "push" {
  if (stage === "pre-commit") return "commit";
  return stage === "pre-merge-commit" ? "merge" : "push";
}
