/** From the sources a worker is a file beside this one; from the bundle it is an entry beside the others. */
export function workerUrl(name: "pack-worker" | "screen-worker"): URL {
  if (import.meta.url.endsWith(".ts")) return new URL(`./${name}.ts`, import.meta.url);
  const isChunk = /\/chunks\/[^/]+$/.test(import.meta.url);
  return new URL(isChunk ? `../${name}.js` : `./${name}.js`, import.meta.url);
}
