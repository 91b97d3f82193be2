// JSON Schemas out of an OpenAPI description: each is compiled with those components only that it refers to, because
// the whole takes a validator many seconds.
import type { Ajv, ValidateFunction } from "ajv";
import { isRecord } from "../http/request-body.ts";

export type Json = Readonly<Record<string, unknown>>;

const COMPONENT = /^#\/components\/schemas\/(.+)$/;

/** @param root the description that the schema's references point into */
export function compileWithComponents(ajv: Pick<Ajv, "compile">, schema: Json, root: Json): ValidateFunction {
  const all = (root["components"] as Json)["schemas"] as Json;
  const used: Record<string, unknown> = {};
  const todo: unknown[] = [schema];
  while (todo.length > 0) {
    const value = todo.pop();
    if (Array.isArray(value)) todo.push(...(value as unknown[]));
    if (!isRecord(value)) continue;
    const [, name] = COMPONENT.exec(String(value["$ref"])) ?? [];
    if (name !== undefined && !(name in used)) {
      used[name] = nullableAsType(all[name]);
      todo.push(all[name]);
    }
    todo.push(...Object.values(value));
  }
  return ajv.compile({ ...(nullableAsType(schema) as Json), components: { schemas: used } });
}

/** `nullable` beside a choice or a reference, which JSON Schema does not have, as a choice of null. */
function nullableAsType(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((entry) => nullableAsType(entry));
  if (!isRecord(value)) return value;
  const { nullable, ...rest } = Object.fromEntries(
    Object.entries(value).map(([name, entry]) => [name, nullableAsType(entry)]),
  );
  if (nullable !== true) return nullable === undefined || typeof nullable === "boolean" ? rest : { ...rest, nullable };
  return { anyOf: [rest, { type: "null" }] };
}
