// Bundles the command-line tool into dist/: one small entry (dist/cli.js), the rest in chunks that are
// loaded when a command needs them; the Action (dist/action.js), which is one file; and the licences of everything that
// went in. The same sources and the
// same lock file give the same bytes on every machine.

import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { isBuiltin } from "node:module";
import { dirname, join, relative } from "node:path";
import { build, type Metafile, type Plugin } from "esbuild";
import { thirdPartyLicenses } from "./third-party-licenses.ts";

const root = join(import.meta.dirname, "..");
const dist = join(root, "dist");
const entryPoint = "dist/cli.js";

/** Of every file that Node reads at once. */
const fileBudgetBytes = 1_100_000;

/** What `keyrecall --version` may have to read before it can answer. */
const startupBudgetBytes = 16 * 1024;

/**
 * CommonJS libraries call `require("fs")`, which does not exist in an ES module. Node's built-in lookup
 * answers the same call without importing anything before the library itself is used.
 */
const requiredBuiltins: Plugin = {
  name: "required-builtins",
  setup(bundler) {
    bundler.onResolve({ filter: /^(node:)?[a-z_/]+$/ }, ({ path, kind }) =>
      kind === "require-call" && isBuiltin(path)
        ? { path: path.replace(/^node:/, ""), namespace: "builtin" }
        : undefined,
    );
    bundler.onLoad({ filter: /.*/, namespace: "builtin" }, ({ path }) => ({
      contents: `module.exports = process.getBuiltinModule(${JSON.stringify(`node:${path}`)});`,
      loader: "js",
    }));
  },
};

/** yaml offers Node a CommonJS build only; its ES module build can be cut down to what is used. */
const yamlAsModules: Plugin = {
  name: "yaml-as-modules",
  setup(bundler) {
    bundler.onResolve({ filter: /^yaml$/ }, () => ({ path: join(root, "node_modules/yaml/browser/index.js") }));
  },
};

/**
 * The library for Actions brings a client for identity tokens along, and with it an HTTP stack of its own, as large as all
 * the rest. Nothing here asks for such a token.
 */
const withoutIdentityTokens: Plugin = {
  name: "without-identity-tokens",
  setup(bundler) {
    bundler.onResolve({ filter: /^\.\/oidc-utils\.js$/ }, () => ({ path: "oidc-utils", namespace: "left-out" }));
    bundler.onLoad({ filter: /.*/, namespace: "left-out" }, () => ({
      contents: "export class OidcClient { static getIDToken() { throw new Error('left out of this bundle'); } }",
    }));
  },
};

/**
 * Of undici the parts that src/verify uses: its index brings fetch, web sockets, caches and mocks along, as large as the
 * rest of the Action. The methods that the index gives to all dispatchers are given here.
 */
const partsOfUndici: Plugin = {
  name: "parts-of-undici",
  setup(bundler) {
    bundler.onResolve({ filter: /^undici$/ }, () => ({ path: "undici", namespace: "parts" }));
    bundler.onLoad({ filter: /.*/, namespace: "parts" }, () => ({
      contents: [
        `Object.assign(require("undici/lib/dispatcher/dispatcher").prototype, require("undici/lib/api"));`,
        `exports.Agent = require("undici/lib/dispatcher/agent");`,
        `exports.Pool = require("undici/lib/dispatcher/pool");`,
        `exports.EnvHttpProxyAgent = require("undici/lib/dispatcher/env-http-proxy-agent");`,
      ].join("\n"),
      resolveDir: root,
    }));
  },
};

const result = await build({
  absWorkingDir: root,
  entryPoints: {
    cli: "src/cli/main.ts",
    index: "src/index.ts",
    "screen-worker": "src/scan/screen-worker.ts",
    "pack-worker": "src/scan/pack-worker.ts",
  },
  outdir: "dist",
  entryNames: "[name]",
  chunkNames: "chunks/[name]-[hash]",
  bundle: true,
  splitting: true,
  format: "esm",
  platform: "node",
  target: "node20.19",
  charset: "utf8",
  legalComments: "external",
  plugins: [requiredBuiltins, yamlAsModules, partsOfUndici],
  metafile: true,
  write: false,
  logLevel: "warning",
});

const demo = await build({
  absWorkingDir: root,
  entryPoints: { demo: "scripts/demo.ts" },
  outdir: "dist",
  bundle: true,
  format: "esm",
  platform: "node",
  target: "node20.19",
  charset: "utf8",
  write: false,
  logLevel: "warning",
});

const action = await build({
  absWorkingDir: root,
  entryPoints: { action: "src/action/main.ts" },
  outdir: "dist",
  bundle: true,
  format: "esm",
  platform: "node",
  target: "node24",
  charset: "utf8",
  legalComments: "external",
  // Not for reading: each step of a workflow fetches it whole.
  minify: true,
  plugins: [requiredBuiltins, yamlAsModules, withoutIdentityTokens, partsOfUndici],
  metafile: true,
  write: false,
  logLevel: "warning",
});

const startupBytes = staticallyLoadedBytes(result.metafile, entryPoint);
if (startupBytes > startupBudgetBytes) {
  throw new Error(
    `${entryPoint} loads ${startupBytes} bytes before it does anything, wanted at most ${startupBudgetBytes}: ` +
      "import what only some commands need with import() in src/cli/main.ts",
  );
}

const outputFiles = [...result.outputFiles, ...action.outputFiles, ...demo.outputFiles];
const legalComments = outputFiles.filter(({ path }) => path.endsWith(".LEGAL.txt"));
const scripts = outputFiles.filter((file) => !legalComments.includes(file));
for (const { path, contents } of scripts) {
  if (contents.byteLength > fileBudgetBytes) {
    throw new Error(`${path} has ${contents.byteLength} bytes, wanted at most ${fileBudgetBytes}`);
  }
}

await rm(dist, { recursive: true, force: true });
for (const { path, text } of scripts) {
  const isEntry = relative(root, path).replaceAll("\\", "/") === entryPoint;
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, isEntry ? `#!/usr/bin/env node\n${text.replace(/^#!.*\n/, "")}` : text, {
    mode: isEntry ? 0o755 : 0o644,
  });
}
const licenses = await thirdPartyLicenses({
  root,
  inputs: [...bundledInputs(result.metafile), ...bundledInputs(action.metafile)],
  legalComments: legalComments.map(({ text }) => text),
  readText: (path) => readFile(path, "utf8"),
});
await writeFile(join(dist, "THIRD-PARTY-LICENSES.txt"), licenses);

const totalBytes = scripts.reduce((sum, { contents }) => sum + contents.byteLength, 0);
console.log(`dist: ${scripts.length} files, ${totalBytes} bytes, ${startupBytes} of them loaded at start`);

/** Every source file of which something is left in an output. */
function bundledInputs({ outputs }: Metafile): string[] {
  return Object.values(outputs).flatMap(({ inputs }) =>
    Object.entries(inputs)
      .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
      .map(([input]) => input),
  );
}

/** The size of an output and of all that it imports before its first statement runs. */
function staticallyLoadedBytes({ outputs }: Metafile, entry: string): number {
  const seen = new Set<string>();
  const queue = [entry];
  let bytes = 0;
  for (let path = queue.pop(); path !== undefined; path = queue.pop()) {
    const output = outputs[path];
    if (output === undefined || seen.has(path)) continue;
    seen.add(path);
    bytes += output.bytes;
    queue.push(
      ...output.imports
        .filter(({ kind, external }) => kind === "import-statement" && external !== true)
        .map((imported) => imported.path),
    );
  }
  return bytes;
}
