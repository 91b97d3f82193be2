// Every JSON report that a test sees is held against the published schema.
import { readFileSync } from "node:fs";
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import type { Report } from "./report.ts";

let validate: ValidateFunction | undefined;

export function validateReport(value: unknown): Report {
  validate ??= compileSchema();
  if (validate(value)) return value as Report;
  const errors = validate.errors?.map(
    (error) => `${error.instancePath} ${error.message}: ${JSON.stringify(error.params)}`,
  );
  throw new Error(`the report does not follow docs/schema/report.schema.json:\n${errors?.join("\n")}`);
}

function compileSchema(): ValidateFunction {
  const text = readFileSync(new URL("../../docs/schema/report.schema.json", import.meta.url), "utf8");
  return new Ajv2020({ allErrors: true, validateFormats: false }).compile(JSON.parse(text) as object);
}
