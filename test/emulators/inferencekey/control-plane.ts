// What the control routes do once a request has passed every check.
import { jsonAnswer, type Answer } from "../http/answer.ts";
import { isRecord } from "../http/request-body.ts";
import type { Case } from "./checks.ts";
import type { Effect } from "./request-log.ts";
import type { Project, Workload, WorkloadFields } from "./workload.ts";

export interface Outcome {
  readonly answer: Answer;
  readonly effect: Effect;
}

const PHASES = ["scheduling", "provisioning", "bootstrapping", "ready"];

/** The fields of a body that a workload takes over; everything else in it is ignored. */
const FIELDS: ReadonlySet<string> = new Set([
  "name",
  "slug",
  "description",
  "task_type",
  "backend",
  "model_name",
  "config",
  "worker_id",
  "gpu_resource_id",
  "execution_policy",
  "execution_policy_config",
]);

export function performControl(request: Case): Outcome {
  const { state } = request;
  switch (request.route.name) {
    case "create-workload": {
      const workload = state.addWorkload(projectOf(request).slug, fieldsOf(request.body));
      return { answer: jsonAnswer(201, workload), effect: "write" };
    }
    case "update-workload": {
      const workload = state.updateWorkload(workloadOf(request), fieldsOf(request.body));
      return { answer: jsonAnswer(200, workload), effect: "write" };
    }
    case "delete-workload":
      state.deleteWorkload(workloadOf(request));
      return { answer: { status: 204, headers: {}, body: "" }, effect: "write" };
    case "readiness-events":
      return { answer: readinessEvents(workloadOf(request)), effect: "read" };
    default: {
      const workloads = state.workloadsOf(projectOf(request));
      const list = request.switches.listShape === "array" ? workloads : { workloads };
      return { answer: jsonAnswer(200, list), effect: "read" };
    }
  }
}

function readinessEvents({ slug }: Workload): Answer {
  const events = PHASES.map((phase, index) => ({ phase, message: `${slug}: ${phase}`, elapsed_ms: index * 1500 }));
  const body = events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join("");
  return { status: 200, headers: { "content-type": "text/event-stream" }, body };
}

function fieldsOf(body: unknown): WorkloadFields {
  if (!isRecord(body)) return {};
  return Object.fromEntries(Object.entries(body).filter(([name]) => FIELDS.has(name)));
}

function projectOf({ project }: Case): Project {
  if (project === undefined) throw new Error("a request passed the checks without its project");
  return project;
}

function workloadOf({ workload }: Case): Workload {
  if (workload === undefined) throw new Error("a request passed the checks without its workload");
  return workload;
}
