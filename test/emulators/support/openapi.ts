// The schemas of the published contract, read by a validator that took no part in making them.
import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import { expect } from "vitest";
import { parse } from "yaml";

const DOCUMENT = new URL("../../../docs/revocation-api.openapi.yaml", import.meta.url);

// Not strict: OpenAPI has words of its own (`discriminator`, `format: uri`) that JSON Schema does not know.
const validator = new Ajv2020({ strict: false, validateFormats: false, allErrors: true });
validator.addSchema(parse(readFileSync(DOCUMENT, "utf8")) as object, "contract");

export type ContractSchema = "Request" | "Outcome" | "Error";

/** Fails, naming every difference, where a body is not as the contract describes it. */
export function expectContract(schema: ContractSchema, body: unknown): void {
  const validate = validator.getSchema(`contract#/components/schemas/${schema}`);
  if (validate === undefined) throw new Error(`the contract has no schema ${schema}`);
  expect(validate(body), validator.errorsText(validate.errors)).toBe(true);
}
