/** What was found, by the place that it was found in. */
import { encodeByteText } from "../core/byte-text.ts";
import type { Detector } from "../detect/detector.ts";
import type { Find } from "./collector.ts";
import type { TokenLookup } from "./trace.ts";

const NONE: ReadonlySet<string> = new Set();

export class TokenIndex implements TokenLookup {
  readonly #detector: Detector;
  readonly blobFinds = new Map<string, Find[]>();
  readonly #inBlob = new Map<string, Set<string>>();
  readonly #inPath = new Map<string, ReadonlySet<string>>();

  constructor(detector: Detector, finds: readonly Find[]) {
    this.#detector = detector;
    for (const find of finds) {
      if (find.place.kind !== "blob") continue;
      const { objectId } = find.place;
      const known = this.blobFinds.get(objectId);
      if (known === undefined) this.blobFinds.set(objectId, [find]);
      else known.push(find);
      const fingerprints = this.#inBlob.get(objectId) ?? new Set();
      this.#inBlob.set(objectId, fingerprints.add(find.token.fingerprint));
    }
  }

  inBlob(objectId: string): ReadonlySet<string> {
    return this.#inBlob.get(objectId) ?? NONE;
  }

  inPath(path: string): ReadonlySet<string> {
    let fingerprints = this.#inPath.get(path);
    if (fingerprints === undefined) {
      const hits = this.#detector.find(encodeByteText(path));
      fingerprints = hits.length === 0 ? NONE : new Set(hits.map((hit) => hit.token.fingerprint));
      if (this.#inPath.size < 10_000) this.#inPath.set(path, fingerprints);
    }
    return fingerprints;
  }

  /** Whether the raw bytes of a path, one character each, hold a token. */
  isInRawPath(rawPath: string): boolean {
    return this.#detector.find(Buffer.from(rawPath, "latin1")).length > 0;
  }
}
