import type { ApiAnswer } from "./answer.js";
import { type Route } from "./route.js";
/** In a project that may exist, a workload that does not. */
export declare function missingWorkloadRoute(project: string): Route;
export interface Reach {
    /** Whether it opens the workload; null where the API does not tell. */
    readonly workload: boolean | null;
    /** Whether it opens every workload of the project, later ones included; null where the API does not tell. */
    readonly project: boolean | null;
}
/**
 * Each answer is to a job of a kind that does not exist.
 *
 * @param nowhere in nobody's project
 * @param there at the workload
 * @param missing at a workload of the same project that does not exist
 */
export declare function readReach(nowhere: ApiAnswer, there: ApiAnswer, missing: ApiAnswer): Reach;
