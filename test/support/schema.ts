// Whatever a command prints as JSON is held against its published schema.
import { readFileSync } from "node:fs";
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import type { CliRun } from "./cli.ts";

export type SchemaName = "explanation" | "revocation" | "verification";

const compiled = new Map<SchemaName, ValidateFunction>();

/** The run's standard output, once it is as the schema has it. */
export function jsonOf(run: CliRun, schema: SchemaName): unknown {
  const validate = compiled.get(schema) ?? compile(schema);
  const value: unknown = run.json;
  if (validate(value)) return value;
  throw new Error(
    `not as docs/schema/${schema}.schema.json: ${JSON.stringify(validate.errors, null, 2)}\n${run.stdout}\n${run.stderr}`,
  );
}

function compile(schema: SchemaName): ValidateFunction {
  const text = readFileSync(new URL(`../../docs/schema/${schema}.schema.json`, import.meta.url), "utf8");
  const validate = new Ajv2020({ allErrors: true, validateFormats: false }).compile(JSON.parse(text) as object);
  compiled.set(schema, validate);
  return validate;
}
