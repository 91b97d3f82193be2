/** A problem that the schema cannot express, found in data that fits the schema. */
export interface FieldProblem {
    readonly path: readonly PropertyKey[];
    readonly message: string;
}
/** What of a schema is asked: zod's fit, and whoever imports this need not have zod. */
export interface YamlSchema<Value> {
    safeParse(value: unknown, options?: {
        readonly error?: (issue: {
            readonly input?: unknown;
        }) => string | undefined;
    }): {
        readonly success: true;
        readonly data: Value;
    } | {
        readonly success: false;
        readonly error: {
            readonly issues: readonly SchemaIssue[];
        };
    };
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
export declare function readYaml<Value>(file: string, text: string, schema: YamlSchema<Value>, check?: (value: Value) => FieldProblem[]): Value;
