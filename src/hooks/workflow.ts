/** Workflows of GitHub Actions that use keyrecall. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { isScalar, LineCounter, parseDocument, visit } from "yaml";

export interface ActionUse {
  /** Relative to the top of the working tree. */
  readonly file: string;
  readonly line: number;
  /** Behind the `@`; null for an action of the same repository. */
  readonly ref: string | null;
  /** The version that the ref or the comment behind it names. */
  readonly version: string | null;
  readonly isPinned: boolean;
  readonly onPullRequests: boolean;
}

export interface Workflows {
  readonly uses: readonly ActionUse[];
  /** Files that are no YAML, with what is wrong. */
  readonly broken: readonly { readonly file: string; readonly why: string }[];
}

const DIRECTORY = ".github/workflows";

export function readWorkflows(top: string): Workflows {
  const directory = path.join(top, DIRECTORY);
  const names = existsSync(directory) ? readdirSync(directory).filter((name) => /\.ya?ml$/.test(name)) : [];
  const uses: ActionUse[] = [];
  const broken: { file: string; why: string }[] = [];
  for (const name of names.toSorted()) {
    const file = `${DIRECTORY}/${name}`;
    const lines = new LineCounter();
    const text = readFileSync(path.join(directory, name), "utf8");
    const document = parseDocument(text, { lineCounter: lines });
    const [error] = document.errors;
    if (error !== undefined) {
      broken.push({ file, why: error.message.split("\n", 1)[0] ?? "" });
      continue;
    }
    const onPullRequests = /\bpull_request(_target)?\b/.test(
      JSON.stringify(document.get("on") ?? document.get(true)) ?? "",
    );
    visit(document, {
      Pair(_, { key, value }) {
        if (!isScalar(key) || key.value !== "uses" || !isScalar(value) || typeof value.value !== "string") return;
        const action = value.value;
        if (!isKeyrecall(action, top)) return;
        const at = action.lastIndexOf("@");
        const ref = at === -1 ? null : action.slice(at + 1);
        const { line } = lines.linePos(value.range?.[0] ?? 0);
        const comment = /#\s*(v?\d+(?:\.\d+)*)/.exec(text.split("\n")[line - 1] ?? "")?.[1];
        const version = /^v?\d+(\.\d+)*$/.test(ref ?? "") ? ref : (comment ?? null);
        const isPinned = ref === null || /^([0-9a-f]{40}|[0-9a-f]{64})$/.test(ref);
        uses.push({ file, line, ref, version, isPinned, onPullRequests });
      },
    });
  }
  return { uses, broken };
}

/** `owner/keyrecall@ref`, also a directory in it; in keyrecall's own repository `./`. */
function isKeyrecall(action: string, top: string): boolean {
  if (/^[\w.-]+\/keyrecall(\/[^@]*)?@/i.test(action)) return true;
  if (!/^\.\/?$/.test(action)) return false;
  const definition = path.join(top, "action.yml");
  return existsSync(definition) && /^name:\s*["']?keyrecall/im.test(readFileSync(definition, "utf8"));
}

/** Whether a version as it is written (`v1`, `1.2`) leaves the current one out, and stands before it. */
export function isOlder(written: string, current: string): boolean {
  const [a, b] = [written.replace(/^v/, ""), current].map((version) => version.split(/[.-]/, 3).map(Number));
  for (const [index, number] of a!.entries()) {
    const other = b![index] ?? 0;
    if (number !== other) return number < other;
  }
  return false;
}
