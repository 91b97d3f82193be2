/** What stands near a token about the API that it is for. All of it is scanned content: nothing here is trusted. */
export interface ApiHints {
  /** Slugs of projects. */
  readonly projects: readonly string[];
  /** `project/workload` */
  readonly endpoints: readonly string[];
  /** Hosts of APIs, with a port where one is named. */
  readonly hosts: readonly string[];
}

export const NO_HINTS: ApiHints = { projects: [], endpoints: [], hosts: [] };

const SLUG = "[A-Za-z0-9][A-Za-z0-9._-]{0,127}";
const SLUG_ONLY = new RegExp(`^${SLUG}$`);
const ENDPOINT_ONLY = new RegExp(`^${SLUG}/${SLUG}$`);

/** A slug, as operators name it. */
export function isSlug(text: string): boolean {
  return SLUG_ONLY.test(text);
}

/** `project/workload` */
export function isEndpoint(text: string): boolean {
  return ENDPOINT_ONLY.test(text);
}
