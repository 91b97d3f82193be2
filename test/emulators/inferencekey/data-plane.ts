// What the data routes do once a request has passed every check. From here on it costs money: a workload's process is
// woken, or a job is queued.
import { randomUUID } from "node:crypto";
import { jsonAnswer, type Answer } from "../http/answer.ts";
import { isRecord } from "../http/request-body.ts";
import type { Case } from "./checks.ts";
import type { Outcome } from "./control-plane.ts";
import type { Workload } from "./workload.ts";

const CREATED = 1_750_000_000;

export function performData(request: Case): Outcome {
  const { route, workload, state } = request;
  if (workload === undefined) throw new Error("a request passed the checks without its workload");
  if (route.name === "jobs") return { answer: jsonAnswer(202, { job_id: randomUUID() }), effect: "job" };
  const refusal = state.behaviourOf(workload).processAnswers;
  const answer = refusal === undefined ? infer(request, workload) : processError(refusal);
  return { answer, effect: "inference" };
}

function infer({ route, body }: Case, workload: Workload): Answer {
  const fields = isRecord(body) ? body : {};
  switch (route.name) {
    case "embeddings":
      return embed(fields, workload);
    case "rerank":
      return rerank(fields, workload);
    default:
      return chat(fields, workload);
  }
}

type Fields = Readonly<Record<string, unknown>>;

function chat(fields: Fields, workload: Workload): Answer {
  const messages = fields["messages"];
  const last: unknown = Array.isArray(messages) ? messages.at(-1) : undefined;
  if (!isRecord(last)) return processError(400);
  const content = `You said: ${String(last["content"])}`;
  return fields["stream"] === true ? streamChat(content) : jsonAnswer(200, completion(content, workload));
}

function completion(content: string, { model_name: model }: Workload): unknown {
  const choices = [{ index: 0, message: { role: "assistant", content }, finish_reason: "stop" }];
  const usage = { prompt_tokens: 7, completion_tokens: 11, total_tokens: 18 };
  return { id: "chatcmpl-emulated", object: "chat.completion", created: CREATED, model, choices, usage };
}

function streamChat(content: string): Answer {
  const deltas = [...content.split(/(?<= )/).map((word) => ({ content: word })), {}];
  const frames = deltas.map((delta, index) => {
    const finish = index === deltas.length - 1 ? "stop" : null;
    const choices = [{ index: 0, delta, finish_reason: finish }];
    return `data: ${JSON.stringify({ id: "chatcmpl-emulated", object: "chat.completion.chunk", choices })}\n\n`;
  });
  return { status: 200, headers: { "content-type": "text/event-stream" }, body: `${frames.join("")}data: [DONE]\n\n` };
}

function embed(fields: Fields, { model_name: model }: Workload): Answer {
  const input = fields["input"];
  const texts: unknown[] = Array.isArray(input) ? input : [input];
  if (!texts.every((text) => typeof text === "string")) return processError(400);
  const data = texts.map((text, index) => ({ object: "embedding", index, embedding: [text.length, index, 0.5] }));
  const usage = { prompt_tokens: texts.length, total_tokens: texts.length };
  return jsonAnswer(200, { object: "list", model, data, usage });
}

/** Longer documents score higher: predictable is all that is wanted of it. */
function rerank(fields: Fields, { model_name: model }: Workload): Answer {
  const { documents, top_n: top } = fields;
  if (!Array.isArray(documents) || typeof fields["query"] !== "string") return processError(400);
  const results = documents
    .map((document, index) => ({ index, relevance_score: String(document).length / 100 }))
    .toSorted((left, right) => right.relevance_score - left.relevance_score)
    .slice(0, typeof top === "number" ? top : documents.length);
  return jsonAnswer(200, { model, results });
}

/** The process's own error, in the shape that such servers use: the platform's look similar, and mean something else. */
function processError(status: 400 | 401): Answer {
  const message = status === 401 ? "Incorrect API key provided." : "Invalid request.";
  const type = status === 401 ? "invalid_api_key" : "invalid_request_error";
  return jsonAnswer(status, { error: { message, type, param: null, code: status } });
}
