// The types of the library: what the compiler declares of src/index.ts and of all that it names, and nothing else. Whoever
// installs the package has none of its libraries, so no declaration may name one.

import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { isBuiltin } from "node:module";
import { dirname, join, relative } from "node:path";
import { promisify } from "node:util";

interface Options {
  readonly root: string;
  readonly entry: string;
  readonly dist: string;
}

/** Of these, programs need some types only; the rest is written in words of a library. */
const REDUCED: Readonly<Record<string, string>> = {
  "rules/schema.d.ts": 'export type { Rule, RulePart } from "./rule.js";\n',
};

/** @returns how many files it wrote */
export async function writeDeclarations({ root, entry, dist }: Options): Promise<number> {
  await mkdir(join(root, "node_modules/.cache"), { recursive: true });
  const emitted = await mkdtemp(join(root, "node_modules/.cache/declarations-"));
  try {
    await compile(root, entry, emitted);
    const files = await reachable(emitted, "index.d.ts");
    for (const [file, text] of files) await write(join(dist, "types", file), text);
    await write(join(dist, "index.d.ts"), 'export * from "./types/index.js";\n');
    return files.size + 1;
  } finally {
    await rm(emitted, { recursive: true, force: true });
  }
}

async function compile(root: string, entry: string, outDir: string): Promise<void> {
  const configuration = join(outDir, "tsconfig.json");
  await writeFile(
    configuration,
    JSON.stringify({
      extends: join(root, "tsconfig.json"),
      compilerOptions: {
        noEmit: false,
        declaration: true,
        emitDeclarationOnly: true,
        outDir,
        rootDir: join(root, "src"),
        typeRoots: [join(root, "node_modules/@types")],
        paths: {},
      },
      include: [],
      files: [join(root, entry)],
    }),
  );
  const compiler = join(root, "node_modules/typescript/bin/tsc");
  await promisify(execFile)(process.execPath, [compiler, "--project", configuration]);
}

const IMPORT = /(\bfrom |\bimport\()"([^"]+)"/g;

/** By their names below `folder`, with what they import named as it stands in the package. */
async function reachable(folder: string, entry: string): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  const queue = [entry];
  for (let file = queue.pop(); file !== undefined; file = queue.pop()) {
    if (files.has(file)) continue;
    const text = REDUCED[file] ?? (await readFile(join(folder, file), "utf8"));
    files.set(
      file,
      text.replaceAll(IMPORT, (_, before: string, name: string) => `${before}"${name.replace(/\.ts$/, ".js")}"`),
    );
    for (const [, , name = ""] of text.matchAll(IMPORT)) {
      if (name.startsWith(".")) {
        const target = join(folder, dirname(file), name.replace(/\.(?:ts|js)$/, ".d.ts"));
        queue.push(relative(folder, target).replaceAll("\\", "/"));
      } else if (!isBuiltin(name)) {
        throw new Error(`the declarations of ${file} name ${name}, which nobody has who installs the package`);
      }
    }
  }
  return files;
}

async function write(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
}
