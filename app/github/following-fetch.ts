/** A fetch that keeps the method of a redirected request and stays on its origin; nothing waits forever. */

const MAX_HOPS = 3;
/** Far above any answer that is asked for. */
const MAX_BYTES = 32 * 1024 * 1024;
const REDIRECTS = new Set([301, 302, 307, 308]);

/**
 * A renamed repository answers with its new address, for creating calls too. The fetch of the platform turns those into
 * a GET, whose success would pass for an issue that was never opened.
 */
export function followingFetch(baseUrl: string, timeoutMs: number, closing: AbortSignal): typeof globalThis.fetch {
  const { origin } = new URL(baseUrl);
  return async (input, init = {}) => {
    const signal = AbortSignal.any([closing, AbortSignal.timeout(timeoutMs), ...(init.signal ? [init.signal] : [])]);
    let url = typeof input === "string" ? input : input instanceof URL ? input.href : input.url;
    for (let hops = 0; ; hops += 1) {
      if (new URL(url).origin !== origin) throw new Error("an address outside of GitHub's API was not asked");
      const response = await fetch(url, { ...init, signal, redirect: "manual" });
      const location = response.headers.get("location");
      if (!REDIRECTS.has(response.status) || location === null) return bounded(response);
      await response.body?.cancel();
      if (hops === MAX_HOPS) throw new Error("redirected too often");
      url = new URL(location, url).href;
    }
  };
}

/** An answer without end fails instead of filling the memory. */
function bounded(response: Response): Response {
  if (response.body === null) return response;
  let bytes = 0;
  const body = response.body.pipeThrough(
    new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
      transform: (chunk, controller) => {
        bytes += chunk.byteLength;
        if (bytes > MAX_BYTES) controller.error(new Error("the answer is too long"));
        else controller.enqueue(chunk);
      },
    }),
  );
  const { status, statusText, headers, url } = response;
  return Object.defineProperty(new Response(body, { status, statusText, headers }), "url", { value: url });
}
