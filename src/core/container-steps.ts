/** The way into an archive: steps from the outside to the inside, each `FORMAT` or `FORMAT:ENTRY`. */

/** The names on the way. Formats of one thing only have none. */
export function entryNamesOf(steps: readonly string[]): string[] {
  return steps.flatMap((step) => (step.includes(":") ? [step.slice(step.indexOf(":") + 1)] : []));
}

/** The formats on the way. */
export function formatsOf(steps: readonly string[]): string[] {
  return steps.map((step) => step.replace(/:.*$/s, ""));
}
