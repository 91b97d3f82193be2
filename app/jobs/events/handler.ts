import type { Delivery } from "../../store/deliveries.ts";
import type { JobContext } from "../context.ts";

/** Can be made again from its beginning at any time. @returns a sentence for people */
export type EventHandler = (context: JobContext, delivery: Delivery, signal: AbortSignal) => Promise<string>;
