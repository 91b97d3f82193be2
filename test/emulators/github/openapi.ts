// The published description of the REST API, as the judge of every request and every answer. It is large: it is read
// when the first request comes, and a validator is compiled when its operation is first used.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { Ajv, type ValidateFunction } from "ajv";
import { isRecord } from "../http/request-body.ts";
import { compileWithComponents, type Json } from "./schema-closure.ts";

type Operation = Readonly<Record<string, unknown>>;

export interface Parameter {
  readonly name: string;
  readonly in: "path" | "query" | "header";
  readonly validate: ValidateFunction;
  readonly schema: Json;
  readonly isRequired: boolean;
}

const JSON_TYPES = ["application/json", "application/scim+json"];
const require = createRequire(import.meta.url);
// Not strict: OpenAPI has words of its own. Of query parameters, text is read as what the description says.
const ajv = new Ajv({ strict: false, validateFormats: false, allErrors: true });
const coercing = new Ajv({ strict: false, validateFormats: false, coerceTypes: "array" });

let loaded: Readonly<Record<string, unknown>> | undefined;
const parametersOf = new Map<string, readonly Parameter[]>();
const requestBodies = new Map<string, ValidateFunction | undefined>();
const responses = new Map<string, ValidateFunction | "no-content" | undefined>();

/** @param route such as `GET /repos/{owner}/{repo}` */
export function findOperation(route: string): Operation | undefined {
  const [method = "", path = ""] = route.split(" ");
  const operation = at(description(), ["paths", path, method.toLowerCase()]);
  return isRecord(operation) ? operation : undefined;
}

export function parameters(route: string): readonly Parameter[] {
  const known = parametersOf.get(route);
  if (known !== undefined) return known;
  const listed = requireOperation(route)["parameters"];
  const found = (Array.isArray(listed) ? listed : []).map((entry) => {
    const parameter = resolve(entry);
    const schema = (parameter["schema"] ?? {}) as Json;
    return {
      name: String(parameter["name"]),
      in: parameter["in"] as Parameter["in"],
      schema,
      isRequired: parameter["required"] === true,
      validate: compileWithComponents(coercing, { properties: { value: schema } }, description()),
    };
  });
  parametersOf.set(route, found);
  return found;
}

/** What is wrong with a body; empty where nothing is, or where the operation takes none. */
export function problemsOfRequestBody(route: string, body: unknown): string[] {
  if (!requestBodies.has(route)) {
    const described = requireOperation(route)["requestBody"];
    const schema = isRecord(described) ? at(resolve(described), ["content", "application/json", "schema"]) : undefined;
    requestBodies.set(route, isRecord(schema) ? compileWithComponents(ajv, sharpen(schema), description()) : undefined);
  }
  const validate = requestBodies.get(route);
  const isOptional = (requireOperation(route)["requestBody"] as { required?: boolean } | undefined)?.required !== true;
  if (validate === undefined || (body === undefined && isOptional) || validate(body)) return [];
  return describeErrors(validate);
}

/** What is wrong with an answer of the emulator's own. */
export function problemsOfResponse(route: string, status: number, body: unknown): string[] {
  const key = `${route} ${status}`;
  if (!responses.has(key)) responses.set(key, responseValidator(route, status));
  const validate = responses.get(key);
  if (validate === undefined) return status < 300 ? [`${route} has no answer ${status}`] : [];
  if (validate === "no-content") return body === undefined ? [] : [`${route} answers ${status} without a body`];
  return validate(body) ? [] : describeErrors(validate);
}

function responseValidator(route: string, status: number): ValidateFunction | "no-content" | undefined {
  const described = at(requireOperation(route), ["responses", String(status)]);
  // Errors that the description leaves out (401, 403, 5xx) have the same shape everywhere.
  if (!isRecord(described)) return status >= 400 ? compiled({ $ref: "#/components/schemas/basic-error" }) : undefined;
  const content = resolve(described)["content"];
  if (!isRecord(content)) return status >= 300 ? undefined : "no-content";
  const type = JSON_TYPES.find((name) => isRecord(content[name]));
  const schema = type === undefined ? undefined : at(content, [type, "schema"]);
  return isRecord(schema) ? compiled(schema) : undefined;
}

function compiled(schema: Json): ValidateFunction {
  return compileWithComponents(ajv, schema, description());
}

/** Fields that an operation does not know are typing errors of the caller, although GitHub lets them pass in silence. */
function sharpen(schema: Json): Json {
  const isPlain = isRecord(schema["properties"]) && schema["anyOf"] === undefined && schema["oneOf"] === undefined;
  return isPlain && schema["additionalProperties"] === undefined ? { ...schema, additionalProperties: false } : schema;
}

export function describeErrors(validate: ValidateFunction): string[] {
  const seen = (validate.errors ?? []).map(({ instancePath, message, params }) => {
    const extra = typeof params["additionalProperty"] === "string" ? ` (${params["additionalProperty"]})` : "";
    return `${instancePath === "" ? "/" : instancePath} ${message ?? "is not as described"}${extra}`;
  });
  return [...new Set(seen)];
}

function requireOperation(route: string): Operation {
  const operation = findOperation(route);
  if (operation === undefined) throw new Error(`${route} is not in the description of the API`);
  return operation;
}

function description(): Readonly<Record<string, unknown>> {
  if (loaded === undefined) {
    // Not the package's index: it reads the descriptions of every server version, dereferenced too.
    const file = require.resolve("@octokit/openapi/generated/api.github.com.json");
    loaded = JSON.parse(readFileSync(file, "utf8")) as Record<string, unknown>;
    correct(loaded);
  }
  return loaded;
}

/** Where the description is wrong in itself. */
function correct(root: Readonly<Record<string, unknown>>): void {
  const set = (path: readonly string[], name: string, value: unknown): void => {
    const place = at(root, path);
    if (!isRecord(place)) throw new Error(`the description of the API has changed at ${path.join("/")}`);
    Object.assign(place, { [name]: value });
  };
  const list = ["paths", "/app/installations", "get", "responses", "200", "content", "application/json", "schema"];
  // There, an account would have to be a user and an enterprise at once.
  set(list, "items", { $ref: "#/components/schemas/installation" });
  // An issue can be without a body, also when a search finds it.
  set(["components", "schemas", "issue-search-result-item", "properties", "body"], "nullable", true);
}

function resolve(value: unknown): Readonly<Record<string, unknown>> {
  if (!isRecord(value)) throw new Error("the description of the API has a hole");
  const reference = value["$ref"];
  if (typeof reference !== "string") return value;
  return resolve(at(description(), reference.replace("#/", "").split("/")));
}

function at(value: unknown, path: readonly string[]): unknown {
  let here = value;
  for (const step of path) here = isRecord(here) ? here[step] : undefined;
  return here;
}
