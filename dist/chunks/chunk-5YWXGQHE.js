import {
  LineCounter,
  isNode,
  parseDocument
} from "./chunk-4UJKYKKR.js";
import {
  KeyrecallError
} from "./chunk-U52VU3KD.js";

// src/rules/read-yaml.ts
var MAX_ALIAS_COUNT = 50;
function readYaml(file, text, schema, check = () => []) {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const [syntaxError] = document.errors;
  if (syntaxError) {
    const { line } = lines.linePos(syntaxError.pos[0]);
    const message = firstLine(syntaxError.message).replace(/ at line \d+, column \d+:$/, "");
    throw configurationError([`${file}:${line}: ${message}`]);
  }
  let value;
  try {
    value = document.toJS({ maxAliasCount: MAX_ALIAS_COUNT });
  } catch (error) {
    throw configurationError([`${file}:1: ${error instanceof Error ? error.message : String(error)}`]);
  }
  const result = schema.safeParse(value, {
    error: ({ input }) => input === void 0 ? "is missing" : void 0
  });
  const problems = result.success ? check(result.data) : flattenIssues(result.error.issues).map((issue) => ({ path: issue.path, message: issue.message }));
  if (problems.length > 0 || !result.success) {
    throw configurationError(
      problems.map(
        (problem) => `${file}:${lineOf(document, lines, problem.path)}: ${fieldName(problem.path)}: ${problem.message}`
      )
    );
  }
  return result.data;
}
function configurationError(problems) {
  return new KeyrecallError("configuration", problems.join("\n"), {
    hint: "correct the file; the schemas are published beside it in docs/schema and rules"
  });
}
function firstLine(message) {
  return message.split("\n", 1)[0] ?? message;
}
function flattenIssues(issues) {
  return issues.flatMap((issue) => {
    if (issue.code === "unrecognized_keys") {
      return (issue.keys ?? []).map((key) => ({ ...issue, path: [...issue.path, key], message: "unknown field" }));
    }
    const [first, ...others] = issue.code === "invalid_union" ? issue.errors ?? [] : [];
    if (first === void 0) return [issue];
    const best = others.reduce((a, b) => b.length < a.length ? b : a, first);
    return flattenIssues(best.map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] })));
  });
}
function fieldName(path) {
  return path.reduce(
    (name, key) => typeof key === "number" ? `${name}[${key}]` : name === "" ? String(key) : `${name}.${String(key)}`,
    ""
  ) || "(the file)";
}
function lineOf(document, lines, path) {
  for (let length = path.length; length > 0; length--) {
    const node = document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return lines.linePos(node.range[0]).line;
  }
  return 1;
}

export {
  readYaml
};
