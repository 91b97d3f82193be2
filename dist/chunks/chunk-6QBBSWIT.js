// src/respond/blast-radius.ts
function blastRadiusOf({ blastRadius: { summary, can, cannot } }) {
  return { summary, can, cannot };
}
async function blastRadiusNow(rule, token, verdict, verifier, projects) {
  const general = blastRadiusOf(rule);
  if (verdict.state !== "live" || token.plane !== "control") return general;
  if (projects.length === 0) {
    return { ...general, notes: ["what is there to be deleted is listed for a project of yours: --project"] };
  }
  const lists = [];
  for (const project of projects) lists.push(await verifier.listWorkloads(token, project));
  return withLists(general, lists);
}
function withLists(general, lists) {
  const workloads = lists.flatMap(
    (list) => list.kind === "listed" ? list.workloads.map(({ slug, task, model, backend, gpu }) => ({
      project: list.project,
      slug,
      task,
      model,
      backend,
      gpu
    })) : []
  );
  const notes = lists.map(noteOn).filter((note) => note !== null);
  const isListed = lists.some((list) => list.kind === "listed");
  return {
    ...general,
    summary: isListed ? summaryOf(workloads) : general.summary,
    ...isListed ? { workloads } : {},
    ...notes.length > 0 ? { notes } : {}
  };
}
function summaryOf(workloads) {
  const gpus = workloads.filter((workload) => workload.gpu).length;
  const count = workloads.length === 1 ? "1 workload" : `${workloads.length} workloads`;
  const torn = gpus === 0 ? "none of them has GPUs provisioned" : `${gpus} of them with GPUs, which are torn down`;
  const loss = workloads.length === 0 ? "has no workload to delete" : `can delete ${count} now (outage), ${torn}`;
  return `${loss}; can create more, which starts billable capacity (cost)`;
}
function noteOn(list) {
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

export {
  blastRadiusOf,
  blastRadiusNow
};
