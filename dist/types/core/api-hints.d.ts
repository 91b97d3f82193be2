/** What stands near a token about the API that it is for. All of it is scanned content: nothing here is trusted. */
export interface ApiHints {
    /** Slugs of projects. */
    readonly projects: readonly string[];
    /** `project/workload` */
    readonly endpoints: readonly string[];
    /** Hosts of APIs, with a port where one is named. */
    readonly hosts: readonly string[];
}
export declare const NO_HINTS: ApiHints;
/** A slug, as operators name it. */
export declare function isSlug(text: string): boolean;
/** `project/workload` */
export declare function isEndpoint(text: string): boolean;
