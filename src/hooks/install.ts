/** Puts hooks into a repository and takes them out, by the way of whoever manages them there. */
import { existsSync, realpathSync } from "node:fs";
import path from "node:path";
import { KeyrecallError } from "../core/errors.ts";
import type { Repository } from "../git/repository.ts";
import { globalHooksDirectory } from "./global.ts";
import type { Front } from "./hook-file.ts";
import { addLefthookJobs, isOfLefthook, removeLefthookJobs } from "./lefthook.ts";
import { type HookPlace, installHook, type Outcome, uninstallAll } from "./one-hook.ts";
import { findPlaces, isOfPreCommit, type Manager, type Places } from "./places.ts";
import { HOOK_STAGES, type HookStage } from "./stages.ts";

export interface Installation {
  readonly manager: Manager;
  readonly outcomes: readonly Outcome[];
  /** What the user should know of it. */
  readonly notes: readonly string[];
}

/** @param stages null for those that fit the repository */
export async function installHooks(
  repository: Repository,
  stages: readonly HookStage[] | null,
  front: Front,
): Promise<Installation> {
  const wanted = stages ?? defaultStages(repository);
  const places = await findPlaces(repository);
  requireOwnDirectory(places);
  const notes: string[] = [];
  const outcomes: Outcome[] = [];
  const filed = wanted.map((stage) => placeOf(stage, places));
  if (places.lefthook !== null) {
    const forLefthook = wanted.filter((stage) => stage !== "pre-receive");
    const isWritten = addLefthookJobs(places.lefthook, forLefthook, front, stateDirectory(repository));
    const what = isWritten ? "installed" : "up to date";
    for (const stage of forLefthook) outcomes.push({ stage, file: places.lefthook.local, what, chain: "same file" });
  }
  for (const place of filed) {
    if (place !== null)
      outcomes.push(installHook(place, isInWorkTree(place.file, repository) ? shared(front, repository) : front));
  }
  const tracked = outcomes.find(({ file }) => isInWorkTree(file, repository) && file !== places.lefthook?.local);
  if (tracked !== undefined) {
    notes.push(
      `${path.relative(repository.workTree!, tracked.file)} is in the working tree: whoever else uses it needs keyrecall at ${shared(front, repository).home}`,
    );
  }
  if (
    places.hooksPath === null &&
    repository.workTree !== null &&
    existsSync(path.join(repository.workTree, ".husky"))
  ) {
    notes.push("there is a .husky, and husky is not set up: run npx husky, then keyrecall hook install again");
  }
  if (places.lefthook !== null) {
    notes.push(`${path.basename(places.lefthook.local)} is yours alone: keep it out of commits`);
  }
  return { manager: places.manager, outcomes, notes };
}

export async function uninstallHooks(repository: Repository): Promise<Outcome[]> {
  const places = await findPlaces(repository);
  const outcomes: Outcome[] = [];
  if (places.lefthook !== null && removeLefthookJobs(places.lefthook, stateDirectory(repository))) {
    outcomes.push({ stage: null, file: places.lefthook.local, what: "removed", chain: "none" });
  }
  const directories = new Set([
    path.join(repository.commonDirectory, "hooks"),
    ...(isForAll(places) ? [] : [places.hooksDirectory]),
    ...(places.huskyDirectory === null ? [] : [places.huskyDirectory]),
  ]);
  // The suffixes are those of managers that move what they find: the pre-commit framework, and lefthook.
  const files = [...directories].flatMap((directory) =>
    HOOK_STAGES.flatMap((stage) => ["", ".legacy", ".old"].map((suffix) => path.join(directory, stage + suffix))),
  );
  return [...outcomes, ...uninstallAll(files)];
}

function defaultStages(repository: Repository): HookStage[] {
  return repository.workTree === null ? ["pre-receive"] : ["pre-commit", "pre-merge-commit", "pre-push"];
}

/** Null where the manager runs the stage by itself. */
function placeOf(stage: HookStage, places: Places): HookPlace | null {
  if (places.huskyDirectory !== null) {
    if (stage === "pre-receive") {
      throw new KeyrecallError("usage", "husky has no pre-receive hook", {
        hint: "install it in the repository that is pushed to",
      });
    }
    return { stage, file: path.join(places.huskyDirectory, stage), isFragment: true };
  }
  const file = path.join(places.hooksDirectory, stage);
  if (isOfPreCommit(file)) return { stage, file: `${file}.legacy` };
  if (places.lefthook !== null && isOfLefthook(file)) return null;
  return { stage, file };
}

/** In a file that others use as well: nothing of this machine, where keyrecall is a dependency of the repository. */
function shared(front: Front, { workTree }: Repository): Front {
  const dependency = "node_modules/keyrecall";
  const installed = path.join(workTree ?? "", dependency);
  const isDependency = existsSync(installed) && realpathSync(installed) === realpathSync(front.home);
  return { ...front, node: "", home: isDependency ? dependency : front.home };
}

function isForAll({ hooksPath }: Places): boolean {
  return hooksPath !== null && hooksPath.scope !== "local" && hooksPath.scope !== "worktree";
}

function requireOwnDirectory(places: Places): void {
  if (!isForAll(places)) return;
  const { value, scope } = places.hooksPath!;
  const isOurs = path.resolve(value) === globalHooksDirectory();
  throw new KeyrecallError(
    "usage",
    isOurs
      ? "the hooks of keyrecall are installed for all of your repositories, this one too"
      : `core.hooksPath of the ${scope} configuration names ${value}, which holds for all repositories`,
    {
      hint: isOurs
        ? "keyrecall hook install --global brings them up to date, keyrecall hook uninstall --global takes them out"
        : "to add to that directory: keyrecall hook install --global",
    },
  );
}

/** For what has to be restored later. */
function stateDirectory(repository: Repository): string {
  return path.join(repository.commonDirectory, "keyrecall");
}

function isInWorkTree(file: string, { workTree, commonDirectory }: Repository): boolean {
  return workTree !== null && isWithin(file, workTree) && !isWithin(file, commonDirectory);
}

function isWithin(file: string, directory: string): boolean {
  const relative = path.relative(directory, file);
  return !relative.startsWith("..") && !path.isAbsolute(relative);
}
