// src/respond/blast-radius.ts
function blastRadiusOf({ blastRadius: { summary, can, cannot } }) {
  return { summary, can, cannot };
}
async function blastRadiusNow(rule, token, verdict, verifier, { projects, workloads }) {
  const general = blastRadiusOf(rule);
  if (verdict.state !== "live" || token.plane === null) return general;
  if (token.plane === "data") return withReach(general, token, verifier, workloads);
  if (projects.length === 0) {
    return { ...general, notes: ["what is there to be deleted is listed for a project of yours: --project"] };
  }
  const lists = [];
  for (const project of projects) lists.push(await verifier.listWorkloads(token, project));
  return withLists(general, lists);
}
async function withReach(general, token, verifier, workloads) {
  if (workloads.length === 0) {
    return { ...general, notes: ["whether it opens a workload of yours can be asked: --workload project/workload"] };
  }
  const notes = [];
  for (const workload of workloads) notes.push(describeReach(workload, await verifier.reach(token, workload)));
  return { ...general, notes };
}
function describeReach(endpoint, { workload, project }) {
  const [slug = ""] = endpoint.split("/");
  if (workload === false) return `${endpoint}: it does not open this workload`;
  if (workload === null) return `${endpoint}: the API does not tell whether it opens this workload`;
  switch (project) {
    case true:
      return `${endpoint}: it opens this workload, and seems to open all of the project (${slug}/*), later ones included`;
    case false:
      return `${endpoint}: it opens this workload, and not all of the project`;
    case null:
      return `${endpoint}: it opens this workload; the API does not tell whether it opens all of the project`;
  }
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
  const isListed = lists.some((list) => list.kind === "listed");
  const notes = lists.map(noteOn).filter((note) => note !== null);
  if (isListed) notes.push(READ_ALONE);
  return {
    ...general,
    summary: isListed ? summaryOf(workloads) : general.summary,
    ...isListed ? { workloads } : {},
    ...notes.length > 0 ? { notes } : {}
  };
}
var READ_ALONE = "with the scope workload:read alone it could only list them; which scopes it has cannot be told without writing";
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
      return `${list.project}: the list of workloads was refused (the token lacks workload:read); what it can do to them is the same`;
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
