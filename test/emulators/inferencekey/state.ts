// What the platform knows. Of a token it keeps the hash alone, as the vendor does.
import { randomBytes } from "node:crypto";
import { fingerprintOf, type MadeToken, type Plane } from "../../support/token.ts";
import { canonicalSlug, type Project, type Workload, type WorkloadBehaviour, type WorkloadFields } from "./workload.ts";

export type Scope = "workload:write" | "assignment:write" | "workload:read";
export type TokenStatus = "live" | "revoked" | "expired" | "suspended";

/** Which endpoints a data token opens: `project/workload`, or `project/*` with later workloads included. */
export type Grant = `${string}/${string}`;

/** A token, its raw value, or its fingerprint. */
export type TokenReference = MadeToken | string;

interface TokenFacts {
  readonly plane: Plane;
  readonly fingerprint: string;
  status: TokenStatus;
}

export interface ControlTokenRecord extends TokenFacts {
  readonly plane: "control";
  readonly project: string;
  readonly scopes: readonly Scope[];
}

export interface DataTokenRecord extends TokenFacts {
  readonly plane: "data";
  readonly grants: readonly Grant[];
}

export type TokenRecord = ControlTokenRecord | DataTokenRecord;

export class PlatformState {
  private readonly projects = new Map<string, Project>();
  private readonly workloads = new Map<string, Workload>();
  private readonly behaviours = new Map<string, WorkloadBehaviour>();
  private readonly tokens = new Map<string, TokenRecord>();

  addProject(slug: string): Project {
    const project = { id: `proj_${randomBytes(10).toString("hex")}`, slug, suspended: false };
    this.projects.set(slug, project);
    return project;
  }

  addWorkload(projectSlug: string, fields: WorkloadFields, behaviour: WorkloadBehaviour = {}): Workload {
    const project = this.requireProject(projectSlug);
    const slug = this.freeSlug(project, canonicalSlug(fields.slug ?? fields.name ?? "workload"));
    const now = new Date().toISOString();
    const workload: Workload = {
      name: slug,
      task_type: "text2text",
      backend: "vllm",
      model_name: "Qwen/Qwen2.5-7B-Instruct",
      worker_id: null,
      gpu_resource_id: null,
      created_at: now,
      updated_at: now,
      ...fields,
      slug,
      id: `wl_${randomBytes(10).toString("hex")}`,
      project_id: project.id,
      project_slug: project.slug,
      workload_slug: slug,
    };
    this.workloads.set(workload.id, workload);
    this.behaviours.set(workload.id, behaviour);
    return workload;
  }

  updateWorkload(workload: Workload, fields: WorkloadFields): Workload {
    const { slug: _kept, ...changes } = fields;
    const updated = { ...workload, ...changes, updated_at: new Date().toISOString() };
    this.workloads.set(workload.id, updated);
    return updated;
  }

  deleteWorkload(workload: Workload): void {
    this.workloads.delete(workload.id);
  }

  addToken(record: TokenRecord): void {
    this.tokens.set(record.fingerprint, record);
  }

  setTokenStatus(token: TokenReference, status: TokenStatus): void {
    const record = this.findToken(fingerprintOfReference(token));
    if (record === undefined) throw new Error("this platform never minted that token");
    record.status = status;
  }

  findToken(fingerprint: string): TokenRecord | undefined {
    return this.tokens.get(fingerprint);
  }

  findProject(slugOrId: string): Project | undefined {
    return this.projects.get(slugOrId) ?? [...this.projects.values()].find(({ id }) => id === slugOrId);
  }

  requireProject(slug: string): Project {
    const project = this.findProject(slug);
    if (project === undefined) throw new Error(`there is no project ${slug}`);
    return project;
  }

  workloadsOf(project: Project): Workload[] {
    return [...this.workloads.values()].filter(({ project_id: id }) => id === project.id);
  }

  findWorkload(project: Project, slug: string): Workload | undefined {
    return this.workloadsOf(project).find((workload) => workload.slug === slug);
  }

  findWorkloadById(id: string): Workload | undefined {
    return this.workloads.get(id);
  }

  behaviourOf(workload: Workload): WorkloadBehaviour {
    return this.behaviours.get(workload.id) ?? {};
  }

  /** A slug that is taken gets a number, as on the platform. */
  private freeSlug(project: Project, wanted: string): string {
    let slug = wanted;
    for (let number = 1; this.findWorkload(project, slug) !== undefined; number += 1) slug = `${wanted}-${number}`;
    return slug;
  }
}

export function fingerprintOfReference(token: TokenReference): string {
  if (typeof token !== "string") return token.fingerprint;
  return token.startsWith("sha256:") ? token : fingerprintOf(token);
}
