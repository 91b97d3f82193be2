/** The blast radius of one token: what its plane can do, and where the operator may know, to what. */
import type { BlastRadius } from "../core/blast-radius.js";
import type { Token } from "../core/token.js";
import type { Verdict } from "../core/verdict.js";
import type { Rule } from "../rules/schema.js";
import type { Verifier } from "../verify/verifier.js";
/** What the rule says of every token of its kind. */
export declare function blastRadiusOf({ blastRadius: { summary, can, cannot } }: Rule): BlastRadius;
/** What the operator says is theirs. */
export interface OwnThings {
    /** Slugs of projects. */
    readonly projects: readonly string[];
    /** `project/workload` */
    readonly workloads: readonly string[];
}
/**
 * Adds what a live token reaches of the operator's own: the workloads of a project for a control token, and which of
 * the named workloads a data token opens. It is asked with the token itself, and never about what is not named.
 */
export declare function blastRadiusNow(rule: Rule, token: Token, verdict: Verdict, verifier: Verifier, { projects, workloads }: OwnThings): Promise<BlastRadius>;
