/** YAML checked against a schema, with errors that name file, line and field. */
import { LineCounter, isNode, parseDocument, type Document } from "yaml";
import { KeyrecallError } from "../core/errors.ts";

/** Aliases multiply what a small file expands to; nothing that Keyrecall reads needs many. */
const MAX_ALIAS_COUNT = 50;

/** A problem that the schema cannot express, found in data that fits the schema. */
export interface FieldProblem {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/** What of a schema is asked: zod's fit, and whoever imports this need not have zod. */
export interface YamlSchema<Value> {
  safeParse(
    value: unknown,
    options?: { readonly error?: (issue: { readonly input?: unknown }) => string | undefined },
  ):
    | { readonly success: true; readonly data: Value }
    | { readonly success: false; readonly error: { readonly issues: readonly SchemaIssue[] } };
}

export interface SchemaIssue {
  readonly code?: string;
  readonly path: readonly PropertyKey[];
  readonly message: string;
  readonly keys?: readonly string[];
  readonly errors?: readonly (readonly SchemaIssue[])[];
}

/**
 * Parses and validates `text`.
 *
 * @param file the name that errors show
 * @param check finds problems across fields, after the schema holds
 * @throws {KeyrecallError} `configuration`, one line for each problem: `file:line: field: what is wrong`
 */
export function readYaml<Value>(
  file: string,
  text: string,
  schema: YamlSchema<Value>,
  check: (value: Value) => FieldProblem[] = () => [],
): Value {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const [syntaxError] = document.errors;
  if (syntaxError) {
    const { line } = lines.linePos(syntaxError.pos[0]);
    // The parser says the place once more.
    const message = firstLine(syntaxError.message).replace(/ at line \d+, column \d+:$/, "");
    throw configurationError([`${file}:${line}: ${message}`]);
  }
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: MAX_ALIAS_COUNT });
  } catch (error) {
    throw configurationError([`${file}:1: ${error instanceof Error ? error.message : String(error)}`]);
  }
  const result = schema.safeParse(value, {
    error: ({ input }) => (input === undefined ? "is missing" : undefined),
  });
  const problems = result.success
    ? check(result.data)
    : flattenIssues(result.error.issues).map((issue) => ({ path: issue.path, message: issue.message }));
  if (problems.length > 0 || !result.success) {
    throw configurationError(
      problems.map(
        (problem) => `${file}:${lineOf(document, lines, problem.path)}: ${fieldName(problem.path)}: ${problem.message}`,
      ),
    );
  }
  return result.data;
}

function configurationError(problems: string[]): KeyrecallError {
  return new KeyrecallError("configuration", problems.join("\n"), {
    hint: "correct the file; the schemas are published beside it in docs/schema and rules",
  });
}

function firstLine(message: string): string {
  return message.split("\n", 1)[0] ?? message;
}

/** A union reports its branches; the branch that got furthest is the one that its author meant. */
function flattenIssues(issues: readonly SchemaIssue[]): SchemaIssue[] {
  return issues.flatMap((issue) => {
    if (issue.code === "unrecognized_keys") {
      return (issue.keys ?? []).map((key) => ({ ...issue, path: [...issue.path, key], message: "unknown field" }));
    }
    const [first, ...others] = issue.code === "invalid_union" ? (issue.errors ?? []) : [];
    if (first === undefined) return [issue];
    const best = others.reduce((a, b) => (b.length < a.length ? b : a), first);
    return flattenIssues(best.map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] })));
  });
}

function fieldName(path: readonly PropertyKey[]): string {
  return (
    path.reduce<string>(
      (name, key) =>
        typeof key === "number" ? `${name}[${key}]` : name === "" ? String(key) : `${name}.${String(key)}`,
      "",
    ) || "(the file)"
  );
}

/** The line of the field, or of its nearest parent that stands in the file. */
function lineOf(document: Document, lines: LineCounter, path: readonly PropertyKey[]): number {
  for (let length = path.length; length > 0; length--) {
    const node = document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return lines.linePos(node.range[0]).line;
  }
  return 1;
}
