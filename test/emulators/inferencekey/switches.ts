// Where the vendor's documents leave room or contradict each other, the emulator can be either. Every switch names one
// such place; the first value of each list is the default.
export const SWITCHES = {
  /** `{"error":"code"}` is what the SDK reads, `{"error":{"code","message"}}` what the wire-format page shows. */
  errorShape: ["flat", "nested"],
  /** The SDK accepts a list of workloads in both shapes. */
  listShape: ["array", "envelope"],
  /** What a revoked control token gets: the tokens page says 403, the errors page 401. */
  revokedControl: ["403", "403-coded", "401"],
  /** What a revoked data token gets: both pages say 401. */
  revokedData: ["401", "403", "403-coded"],
  expiredControl: ["401", "403", "403-coded"],
  expiredData: ["401", "403", "403-coded"],
  /** What a suspended token or project gets; the documents do not speak of it. */
  suspended: ["403", "403-coded"],
  /** The body of a 403 that names none of the documented codes. */
  bareForbidden: ["generic-code", "no-code", "empty-body"],
  /** Whether the prefix alone decides that a token is on the wrong plane, or only a token that was recognised. */
  planeCheck: ["before-authentication", "after-authentication"],
  /** When a project or workload that does not exist is noticed. */
  lookup: ["after-authorization", "before-authorization", "before-authentication"],
  /** When the platform checks a body: of a workload, or the `kind` of a job. */
  validation: ["after-authorization", "before-authorization", "before-authentication"],
  /** Which is named when both the project and the scope are wrong. */
  projectCheck: ["before-scope", "after-scope"],
  /** `ensure()` lists with a token that has only the two write scopes, so these have to suffice somewhere. */
  listScope: ["read-or-write", "read"],
  /** What a data token gets for an endpoint that it was not granted; only control tokens are documented. */
  grantMismatch: ["coded", "403", "404"],
  /** What PATCH and DELETE answer for a workload of another project. */
  foreignWorkload: ["project_scope_mismatch", "404"],
  /** What a workload answers whose toggle for jobs, or for the modality, is off. */
  endpointOff: ["403-coded", "404", "400"],
} as const satisfies Readonly<Record<string, readonly [string, ...string[]]>>;

export type SwitchName = keyof typeof SWITCHES;
export type Switches = { readonly [Name in SwitchName]: (typeof SWITCHES)[Name][number] };

/** How a token that no longer works is refused. */
export type Refusal = "401" | "403" | "403-coded";

export const DEFAULT_SWITCHES: Switches = {
  errorShape: SWITCHES.errorShape[0],
  listShape: SWITCHES.listShape[0],
  revokedControl: SWITCHES.revokedControl[0],
  revokedData: SWITCHES.revokedData[0],
  expiredControl: SWITCHES.expiredControl[0],
  expiredData: SWITCHES.expiredData[0],
  suspended: SWITCHES.suspended[0],
  bareForbidden: SWITCHES.bareForbidden[0],
  planeCheck: SWITCHES.planeCheck[0],
  lookup: SWITCHES.lookup[0],
  validation: SWITCHES.validation[0],
  projectCheck: SWITCHES.projectCheck[0],
  listScope: SWITCHES.listScope[0],
  grantMismatch: SWITCHES.grantMismatch[0],
  foreignWorkload: SWITCHES.foreignWorkload[0],
  endpointOff: SWITCHES.endpointOff[0],
};

/** Reads `name=value`, as it stands on a command line. */
export function parseSwitch(text: string): Partial<Switches> {
  const [name = "", value = ""] = text.split("=", 2);
  if (!isSwitchName(name)) throw new Error(`no switch named ${name}; there are: ${Object.keys(SWITCHES).join(", ")}`);
  const values: readonly string[] = SWITCHES[name];
  if (!values.includes(value)) throw new Error(`${name} is one of ${values.join(", ")}, not ${value}`);
  return { [name]: value };
}

function isSwitchName(name: string): name is SwitchName {
  return Object.hasOwn(SWITCHES, name);
}
