// Makes app/dist/main.js, the command `keyrecall-app`: plain JavaScript, which any Node that the App supports runs, in less
// memory than the sources take, because nothing has to turn them into JavaScript first. Packages stay outside of it.
import { rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** @returns the program */
export async function buildApp(): Promise<string> {
  const outdir = join(root, "app/dist");
  rmSync(outdir, { recursive: true, force: true });
  await build({
    absWorkingDir: join(root, "app"),
    entryPoints: ["main.ts"],
    outdir,
    chunkNames: "chunks/[name]-[hash]",
    bundle: true,
    // A front does not load what only workers need.
    splitting: true,
    packages: "external",
    // Its paths lead the compiler to the library's sources, whose packages are not there where the App runs.
    tsconfigRaw: {},
    format: "esm",
    platform: "node",
    target: "node22.12",
    charset: "utf8",
    logLevel: "warning",
  });
  return join(outdir, "main.js");
}

if (process.argv[1] === import.meta.filename) await buildApp();
