// Everything that can go wrong between a client and an API, by name. What each does on the wire is in
// `altered-answer.ts` (another answer) and `broken-wire.ts` (no proper answer at all).

/** Another answer than the API's own, or the API's own made unusable. */
export type AnswerFault =
  /** The page of a captive portal (200) or of a proxy (401, 403). */
  | { readonly kind: "html-page"; readonly status?: number }
  | { readonly kind: "empty-body"; readonly status?: number }
  /** The API's own answer under another content type. */
  | { readonly kind: "wrong-content-type"; readonly contentType?: string }
  /** The API's own answer, cut in the middle of its JSON. */
  | { readonly kind: "invalid-json" }
  | { readonly kind: "redirect"; readonly location: string; readonly status?: number }
  | {
      readonly kind: "rate-limit";
      /** Without it there is no `Retry-After`. */
      readonly retryAfterSeconds?: number;
      readonly retryAfterForm?: "seconds" | "http-date";
    }
  /** 503 unless another 5xx is named. */
  | { readonly kind: "unavailable"; readonly status?: number; readonly retryAfterSeconds?: number }
  /** Any error in the API's own shape; `code: null` is a 403 (say) that names none. */
  | { readonly kind: "api-error"; readonly status: number; readonly code: string | null; readonly message?: string };

/** Something that is done to the connection. */
export type WireFault =
  /** Many bytes of valid JSON that never gets anywhere: 64 MiB unless told otherwise. */
  | { readonly kind: "huge-body"; readonly bytes?: number; readonly status?: number }
  | { readonly kind: "endless-body"; readonly status?: number }
  /** One header line after the other, and never the last. */
  | { readonly kind: "slow-headers"; readonly millisecondsPerLine?: number }
  /** The API's own answer, byte by byte. */
  | { readonly kind: "slow-body"; readonly millisecondsPerByte?: number }
  | { readonly kind: "hang" }
  | { readonly kind: "reset-before-headers" }
  | { readonly kind: "reset-after-headers" }
  /** Half of the API's own answer under the length of the whole, then the end of the connection. */
  | { readonly kind: "truncated-body" };

/** Delays the API's own answer, and does not stand in the way of another fault. */
export interface LatencyFault {
  readonly kind: "latency";
  readonly milliseconds: number;
}

export type Fault = (AnswerFault | WireFault | LatencyFault) & {
  /** The request takes effect before the fault is played: a server that acts and then cannot say so. */
  readonly actFirst?: boolean;
};

/** Faults that need the API's own answer, so that the request is always acted on. */
const ALTERING: ReadonlySet<Fault["kind"]> = new Set([
  "wrong-content-type",
  "invalid-json",
  "slow-body",
  "truncated-body",
  "reset-after-headers",
]);

/** Whether the request has its effect in spite of the fault. */
export function actsInSpiteOf(fault: Fault): boolean {
  return fault.actFirst === true || ALTERING.has(fault.kind);
}
