/** Texts as they are written in TOML and YAML. */

/** A string in double quotes, for TOML, YAML and JSON alike. */
export function quoted(text: string): string {
  // TOML wants the one control character escaped that JSON leaves as it is.
  return JSON.stringify(text).replaceAll("\u007f", String.raw`\u007f`);
}

/** A pattern as it is, where TOML can have it so: people read and change it. */
export function literalToml(pattern: string): string {
  return pattern.includes("'") ? quoted(pattern) : `'''${pattern}'''`;
}

export function comments(lines: readonly string[]): string[] {
  return lines.map((line) => `# ${line}`);
}
