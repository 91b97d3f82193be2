// Projects and workloads, in the words of the wire.

export interface Project {
  readonly id: string;
  readonly slug: string;
  suspended: boolean;
}

/** A workload as the API shows it. */
export interface Workload {
  readonly id: string;
  readonly project_id: string;
  readonly project_slug: string;
  readonly slug: string;
  readonly workload_slug: string;
  readonly name: string;
  readonly description?: string | null;
  readonly task_type: string;
  readonly backend: string;
  readonly model_name: string;
  readonly config?: unknown;
  readonly worker_id?: string | null;
  readonly gpu_resource_id?: string | null;
  readonly execution_policy?: string | null;
  readonly execution_policy_config?: unknown;
  readonly created_at: string;
  readonly updated_at: string;
}

/** What may be said of a workload when it is made; the rest is filled in. */
export type WorkloadFields = Partial<Omit<Workload, "id" | "project_id" | "project_slug" | "workload_slug">>;

export type Modality = "chat" | "embeddings" | "rerank";

/** What the API does not show of a workload. */
export interface WorkloadBehaviour {
  /** The toggles of the dashboard; all are on unless named here. */
  readonly off?: readonly ("jobs" | Modality)[];
  /** The workload's own process refuses every call, by itself: this says nothing about the token. */
  readonly processAnswers?: 400 | 401;
}

/** The server's own form of a slug: lower case, every other run of characters one hyphen. */
export function canonicalSlug(text: string): string {
  return text
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((part) => part !== "")
    .join("-");
}
