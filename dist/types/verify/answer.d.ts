/** What an answer of the API says, where it is recognisably the API's own. Source: the vendor's wire format page. */
import type { HttpResult } from "./http-client.js";
import type { Route } from "./route.js";
export interface Workload {
    readonly slug: string;
    readonly name: string | null;
    readonly task: string | null;
    readonly model: string | null;
    readonly backend: string | null;
    /** GPUs are provisioned for it, and go when it is deleted. */
    readonly gpu: boolean;
}
/** An answer that is recognisably the API's own. */
export type OwnAnswer = {
    readonly kind: "workloads";
    readonly status: 200;
    readonly workloads: readonly Workload[];
}
/** The code is null where the body is the API's own and names none. */
 | {
    readonly kind: "error";
    readonly status: number;
    readonly code: string | null;
};
export type ApiAnswer = OwnAnswer
/** Something answered, and it cannot be told that it was the API: a captive portal, a proxy, another service. */
 | {
    readonly kind: "foreign";
    readonly status: number;
    readonly why: string;
} | {
    readonly kind: "none";
    readonly why: string;
};
export declare function isOwnAnswer(answer: ApiAnswer): answer is OwnAnswer;
/** Answers are compared by this, and shown by it. */
export declare function describeAnswer(answer: ApiAnswer): string;
export declare function readAnswer(result: HttpResult, { method }: Pick<Route, "method">): ApiAnswer;
