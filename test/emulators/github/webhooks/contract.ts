// The published description of webhooks, as the judge of every payload.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { Ajv, type ValidateFunction } from "ajv";
import { describeErrors } from "../openapi.ts";
import { compileWithComponents, type Json } from "../schema-closure.ts";

const require = createRequire(import.meta.url);
const ajv = new Ajv({ strict: false, validateFormats: false, allErrors: true });
const validators = new Map<string, ValidateFunction | undefined>();
let description: Json | undefined;

/** What is wrong with a payload; an event that is not described is wrong in itself. */
export function problemsOfPayload(event: string, payload: Readonly<Record<string, unknown>>): string[] {
  const action = payload["action"];
  const name = [event, ...(typeof action === "string" ? [action] : [])].join("-").replaceAll("_", "-");
  if (!validators.has(name)) validators.set(name, compile(name));
  const validate = validators.get(name);
  if (validate === undefined) return [`there is no webhook ${name}`];
  return validate(payload) ? [] : describeErrors(validate);
}

function compile(name: string): ValidateFunction | undefined {
  description ??= JSON.parse(
    readFileSync(require.resolve("@octokit/openapi-webhooks/generated/api.github.com.json"), "utf8"),
  ) as Json;
  const webhook = (description["webhooks"] as Json)[name] as { post: { requestBody: { content: Json } } } | undefined;
  if (webhook === undefined) return undefined;
  const { schema } = webhook.post.requestBody.content["application/json"] as { schema: Json };
  return compileWithComponents(ajv, schema, description);
}
