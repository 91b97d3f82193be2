// What has come of a leak on GitHub, waited for.
import type { MadeToken } from "../../support/token.ts";
import { type AppWorld, until } from "./app-world.ts";

type CheckRun = ReturnType<AppWorld["github"]["checkRunsOf"]>[number];
type Issue = ReturnType<AppWorld["github"]["issuesOf"]>[number];

/** The only check run of the App on a commit, once it is completed. */
export async function checkRunOn(
  world: AppWorld,
  repository: string,
  head: string,
  holds: (run: CheckRun) => boolean = () => true,
): Promise<CheckRun> {
  return until(() => {
    const runs = world.github.checkRunsOf(repository, head);
    if (runs.length > 1) throw new Error(`there are ${runs.length} check runs on ${head}`);
    const [run] = runs;
    return run !== undefined && run.status === "completed" && holds(run) ? run : null;
  });
}

/** The only issue about a token, once it says something. */
export async function rotationIssue(
  world: AppWorld,
  repository: string,
  token: MadeToken,
  says: string,
): Promise<Issue> {
  return until(() => {
    const issues = issuesAbout(world, repository, token);
    if (issues.length > 1) throw new Error(`there are ${issues.length} issues about one token`);
    const [issue] = issues;
    if (issue === undefined) return null;
    if (!(issue.body ?? "").includes(says)) throw new Error(`the issue says: ${issue.body}`);
    return issue;
  });
}

export function issuesAbout(world: AppWorld, repository: string, token?: MadeToken): Issue[] {
  const { botLogin } = world.github.appCredentials();
  return world.github
    .issuesOf(repository)
    .filter(({ user, body }) => user?.login === botLogin && (body ?? "").includes(token?.fingerprint ?? ""));
}

/** What came of the last delivery of an event, by the log. */
export function outcomesOf(output: string, event: string): string[] {
  return output.split("\n").flatMap((line) => {
    if (!line.startsWith("{")) return [];
    const entry = JSON.parse(line) as { event?: string; msg?: string; outcome?: string; why?: string };
    if (entry.event !== event) return [];
    if (entry.msg === "a delivery was processed") return [entry.outcome ?? ""];
    return entry.msg === "a delivery failed" ? [`failed: ${entry.why}`] : [];
  });
}
