/** All that a repository keeps: every object, reachable or not, and every name. */
import { encodeByteText } from "../core/byte-text.ts";
import type { Gap } from "../core/gap.ts";
import { findMissingObjects, surveyStore } from "../git/object-store.ts";
import { listDanglingNames, listReflogs, listRefs, type Ref, reflogEntries } from "../git/refs.ts";
import type { Repository } from "../git/repository.ts";
import { listSubmoduleRepositories } from "../git/submodules.ts";
import { missingReason, objectReceiver } from "./objects.ts";
import type { Sink } from "./sink.ts";
import { type PackScreen, readStoredObjects } from "./stored-objects.ts";

/** @returns what holds on to objects: refs, then reflog entries */
export async function readHistory(repository: Repository, sink: Sink, screen: PackScreen): Promise<Ref[]> {
  const { coverage } = sink;
  if (repository.refusal !== null) {
    coverage.gap({
      what: `refs, reflogs and index of ${repository.gitDirectory}`,
      why: `the installed git does not open this repository (${repository.refusal}); only its objects were read`,
    });
  }
  if (repository.isShallow) {
    coverage.gap({
      what: "history",
      why: "this is a shallow clone: older commits are not here; run git fetch --unshallow",
    });
  }
  const survey = surveyStore(repository.objectDirectory);
  coverage.packs = survey.packs;
  for (const gap of survey.gaps) coverage.gap(gap);

  const onGap = (gap: Gap): void => coverage.gap(gap);
  for (const submodule of listSubmoduleRepositories(repository, onGap)) {
    coverage.skip({
      what: `repository of a submodule ${submodule}`,
      why: `has a history of its own; scan it with keyrecall scan --history ${submodule}`,
    });
  }
  const store = readStoredObjects(
    repository,
    objectReceiver(sink, { whyMissing: missingReason(repository), checked: survey.loose }),
    screen,
    coverage,
  );
  // Both take one core, so they run side by side; where one fails, the others come to their end before that is told.
  const walk = repository.refusal === null ? findMissingObjects(repository) : Promise.resolve([]);
  const names = repository.refusal === null ? readNames(repository, sink) : Promise.resolve([]);
  await Promise.allSettled([store, walk, names]);
  await store;
  for (const gap of await walk) coverage.gap(gap);
  return names;
}

async function readNames(repository: Repository, sink: Sink): Promise<Ref[]> {
  const { coverage } = sink;
  const refs = await listRefs(repository, (gap) => coverage.gap(gap));
  coverage.refs = refs.length;
  for (const ref of refs) sink.scan({ kind: "ref-name", ref: ref.name }, encodeByteText(ref.name));
  const dangling = listDanglingNames(repository, refs);
  const known = new Set([...refs.map((ref) => ref.name), ...dangling]);
  for (const name of dangling) {
    sink.scan({ kind: "ref-name", ref: name }, encodeByteText(name));
  }
  const reflogs = listReflogs(repository, (gap) => coverage.gap(gap));
  for (const reflog of reflogs) {
    coverage.bytes += reflog.bytes.length;
    // A log outlives its ref.
    if (!known.has(reflog.ref)) sink.scan({ kind: "ref-name", ref: reflog.ref }, encodeByteText(reflog.ref));
    sink.scan({ kind: "reflog", ref: reflog.ref }, reflog.bytes);
  }
  return [...refs, ...reflogs.flatMap((reflog) => reflogEntries(reflog, repository.objectIdLength))];
}
