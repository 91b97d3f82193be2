/** What to look for in the dashboard: what its plane can do leaves other traces for each. */
import type { Rule } from "keyrecall";
import type { Incident } from "../incident.ts";
import { code } from "./markdown.ts";
import { formatTime } from "./times.ts";

export function signsOfMisuse(incident: Incident, rule: Rule): string[] {
  const { plane, times, publicId } = incident;
  const from = formatTime(times.receivedAt) ?? "the push";
  const until = times.containedAt === null ? "now" : (formatTime(times.containedAt) ?? "its end");
  const name =
    publicId === "" ? "" : ` The public id ${code(publicId)} names the token (${code(rule.rotation.dashboard)}).`;
  return [
    `Look in the InferenceKey dashboard at the time from ${from} to ${until}, and from the commit on where that is older.${name}`,
    "",
    ...SIGNS[plane].map((sign) => `- ${sign}`),
  ];
}

const SIGNS: Readonly<Record<Incident["plane"], readonly string[]>> = {
  control: [
    "workloads that are gone, or were made again: deleting one tears down its GPUs, so an outage can be a sign too",
    "workloads that nobody of you created, and capacity that is billed for them",
    "changed settings of workloads: model, backend, configuration, execution policy",
    "it cannot have run inference or read prompts: strange answers or inference costs have another cause",
  ],
  data: [
    "inference that nobody of you ran: more requests or tokens than your own applications send, at odd hours or from one moment on",
    "asynchronous jobs that nobody of you submitted",
    "use of workloads that the application of this token never calls, where its scope is the whole project",
    "quota that ran out, or answers that were refused for it",
    "it cannot have created, changed or deleted workloads: such changes have another cause",
  ],
};
