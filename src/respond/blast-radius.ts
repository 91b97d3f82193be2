/** The blast radius of one token: what its plane can do, and where the operator may know, to what. */
import type { BlastRadius, WorkloadAtRisk } from "../core/blast-radius.ts";
import type { Token } from "../core/token.ts";
import type { Verdict } from "../core/verdict.ts";
import type { Rule } from "../rules/schema.ts";
import type { Verifier, WorkloadList } from "../verify/verifier.ts";

/** What the rule says of every token of its kind. */
export function blastRadiusOf({ blastRadius: { summary, can, cannot } }: Rule): BlastRadius {
  return { summary, can, cannot };
}

/**
 * Adds the workloads that a live control token reaches, where the operator names its project: asked with the token
 * itself, and never of a project that is not named.
 */
export async function blastRadiusNow(
  rule: Rule,
  token: Token,
  verdict: Verdict,
  verifier: Verifier,
  projects: readonly string[],
): Promise<BlastRadius> {
  const general = blastRadiusOf(rule);
  if (verdict.state !== "live" || token.plane !== "control") return general;
  if (projects.length === 0) {
    return { ...general, notes: ["what is there to be deleted is listed for a project of yours: --project"] };
  }
  const lists: WorkloadList[] = [];
  for (const project of projects) lists.push(await verifier.listWorkloads(token, project));
  return withLists(general, lists);
}

function withLists(general: BlastRadius, lists: readonly WorkloadList[]): BlastRadius {
  const workloads = lists.flatMap((list): WorkloadAtRisk[] =>
    list.kind === "listed"
      ? list.workloads.map(({ slug, task, model, backend, gpu }) => ({
          project: list.project,
          slug,
          task,
          model,
          backend,
          gpu,
        }))
      : [],
  );
  const notes = lists.map(noteOn).filter((note) => note !== null);
  const isListed = lists.some((list) => list.kind === "listed");
  return {
    ...general,
    summary: isListed ? summaryOf(workloads) : general.summary,
    ...(isListed ? { workloads } : {}),
    ...(notes.length > 0 ? { notes } : {}),
  };
}

function summaryOf(workloads: readonly WorkloadAtRisk[]): string {
  const gpus = workloads.filter((workload) => workload.gpu).length;
  const count = workloads.length === 1 ? "1 workload" : `${workloads.length} workloads`;
  const torn = gpus === 0 ? "none of them has GPUs provisioned" : `${gpus} of them with GPUs, which are torn down`;
  const loss = workloads.length === 0 ? "has no workload to delete" : `can delete ${count} now (outage), ${torn}`;
  return `${loss}; can create more, which starts billable capacity (cost)`;
}

function noteOn(list: WorkloadList): string | null {
  switch (list.kind) {
    case "listed":
      return null;
    case "refused":
      return `${list.project}: the list of workloads was refused (the token lacks workload:read); what it can do to them stays the same`;
    case "other-project":
      return `${list.project}: the token is of another project`;
    case "unavailable":
      return `${list.project}: the list of workloads could not be had: the API ${list.why}`;
  }
}
