// One request and its answer, with whatever fault is meant for it.
import type { IncomingMessage, ServerResponse } from "node:http";
import { alterAnswer } from "./altered-answer.ts";
import { sendAnswer, type Answer, type ApiError } from "./answer.ts";
import { breakWire, pause } from "./broken-wire.ts";
import type { Misfortune } from "./fault-queue.ts";
import { actsInSpiteOf, type Fault, type LatencyFault, type WireFault } from "./faults.ts";

export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** Does what the request asks for, and gives the API's own answer. */
  readonly act: () => Promise<Answer>;
  /** Writes an error in the shape of this API. */
  readonly describe: (error: ApiError) => Answer;
}

const NOTHING: Answer = { status: 200, headers: { "content-type": "application/json" }, body: "{}" };

const WIRE_FAULTS: ReadonlySet<string> = new Set<WireFault["kind"]>([
  "huge-body",
  "endless-body",
  "slow-headers",
  "slow-body",
  "hang",
  "reset-before-headers",
  "reset-after-headers",
  "truncated-body",
]);

export async function answerExchange(exchange: Exchange, { delayMilliseconds, fault }: Misfortune): Promise<void> {
  const { request, response } = exchange;
  if (delayMilliseconds > 0) await pause(response, delayMilliseconds);
  const own = fault === undefined || actsInSpiteOf(fault) ? await exchange.act() : NOTHING;
  if (fault === undefined) sendAnswer(response, own);
  else if (isWireFault(fault)) await breakWire(fault, own, request, response);
  else sendAnswer(response, alterAnswer(fault, own, exchange.describe));
}

function isWireFault(fault: Exclude<Fault, LatencyFault>): fault is WireFault {
  return WIRE_FAULTS.has(fault.kind);
}
