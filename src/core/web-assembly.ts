/** Modules of WebAssembly that stand in the sources as text. */

/** What is used of it; the types of Node do not have it. */
interface WebAssemblyHost {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: unknown };
}

const host = (globalThis as unknown as { readonly WebAssembly?: WebAssemblyHost }).WebAssembly;

/**
 * @param module in base64; compiled when it is first needed
 * @returns makes the exports of an instance, each with a memory of its own; null where this Node or this processor has no
 *   SIMD, or none is allowed (`--jitless`)
 */
export function instantiatorOf(module: string): () => unknown {
  let compiled: object | null | undefined;
  return () => {
    if (compiled === undefined) compiled = compile(module);
    return compiled === null ? null : new host!.Instance(compiled).exports;
  };
}

function compile(module: string): object | null {
  try {
    return host === undefined ? null : new host.Module(Buffer.from(module, "base64"));
  } catch {
    return null;
  }
}
