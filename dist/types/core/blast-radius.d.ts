/** What whoever holds a token can do with it. */
export interface BlastRadius {
    readonly summary: string;
    readonly can: readonly string[];
    readonly cannot: readonly string[];
    /** What is there to be damaged: only of projects that the operator names as theirs. */
    readonly workloads?: readonly WorkloadAtRisk[];
    /** How sure the rest is. */
    readonly notes?: readonly string[];
}
export interface WorkloadAtRisk {
    readonly project: string;
    readonly slug: string;
    readonly task: string | null;
    readonly model: string | null;
    readonly backend: string | null;
    /** GPUs are provisioned for it, and go when it is deleted. */
    readonly gpu: boolean;
}
