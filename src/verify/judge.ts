/**
 * A verdict is a difference: what the API answers to a token, against what it answers to a random one of the same
 * shape. One answer by itself says nothing, because a proxy, another environment or a check that comes before
 * authentication gives it to everybody.
 */
import type { VerdictState } from "../core/verdict.ts";
import { type ApiAnswer, describeAnswer, isOwnAnswer, type OwnAnswer } from "./answer.ts";

export interface Judgement {
  readonly state: Exclude<VerdictState, "unchecked">;
  /** Without the API's name. */
  readonly reason: string;
  /** This request told nothing about the token, and another may. */
  readonly isInconclusive: boolean;
  /** There was no answer to judge: the network, or something in between. */
  readonly isFailure: boolean;
  /** The API answered a random token otherwise. */
  readonly isDifference: boolean;
}

/** That this request of this token has answered live before. */
export interface LiveEvidence {
  /** What a random token got then, as `describeAnswer` has it. */
  readonly control: string;
}

/** 403 codes that only an authenticated token gets. Source: the vendor's errors page. */
const AUTHENTICATED_CODES: ReadonlySet<string> = new Set(["project_scope_mismatch", "scope_insufficient"]);

const DEAD_CODE = /(^|_)(revoked|expired)(_|$)/;

/** Words of codes that speak of something else than the end of a token, and that pass. */
const OTHER_REASON =
  /(^|_)(suspended|suspension|paused|quota|limit|limited|rate|billing|payment|credits?|balance|plan|subscription|trial|licen[cs]e|ip|network|region|country|geo|firewall|maintenance|endpoint|workload|project|organi[sz]ation|account|jobs?|feature)(_|$)/;

/** @param before whether this request, of this token to this API, has answered live before */
export function judge(token: ApiAnswer, control: ApiAnswer, before: LiveEvidence | null): Judgement {
  if (token.kind === "none") return failure(token.why);
  if (token.kind === "foreign") return failure(`${token.why}; that is not InferenceKey's API`);
  if (!isOwnAnswer(control)) return withoutControl(control);
  const isSame = describeAnswer(control) === describeAnswer(token);
  if (token.kind === "workloads") {
    return isSame ? undecided(token, control) : live("listed workloads", control);
  }
  switch (token.status) {
    case 401:
      return control.kind === "workloads"
        ? undecided(token, control)
        : revoked(
            isUnauthenticated(control)
              ? "does not recognise it (401), nor a random token"
              : `does not recognise it (401); a random token got ${describeAnswer(control)}`,
            !isUnauthenticated(control),
          );
    case 403:
      return judgeForbidden(token.code ?? "", token, control, before);
    case 400:
      return againstUnauthenticated(token, control, "let it through to checking the request (400)");
    case 404:
      return againstUnauthenticated(token, control, "let it through to looking for the project (404)");
    default:
      return unknown(`answered ${describeAnswer(token)}, which says nothing about it`);
  }
}

function judgeForbidden(code: string, token: OwnAnswer, control: OwnAnswer, before: LiveEvidence | null): Judgement {
  const controlAnswer = describeAnswer(control);
  const isSame = controlAnswer === describeAnswer(token);
  if (AUTHENTICATED_CODES.has(code)) {
    return isSame || isRecognised(control)
      ? undecided(token, control)
      : live(`recognised it and refused it for its scope (${code})`, control);
  }
  if (code === "wrong_credential_type") {
    return againstUnauthenticated(token, control, "recognised it as a token of the other plane");
  }
  if (OTHER_REASON.test(code)) {
    return isSame
      ? undecided(token, control)
      : inconclusive(`refused it (${describeAnswer(token)}) for a reason that can pass: look in the dashboard`, true);
  }
  if (isSame) {
    // Random tokens were told the same when this one was accepted: it has become one of them. Where they were told
    // something else, everybody is shut out now.
    return before?.control === controlAnswer
      ? revoked("refuses it as it refuses a random token (403), and accepted it before", false)
      : undecided(token, control);
  }
  if (DEAD_CODE.test(code)) {
    return revoked(`says that it is ${code.includes("expired") ? "expired" : "revoked"} (403 ${code})`, true);
  }
  if (before !== null) return revoked("refuses it (403), and accepted it before", true);
  return inconclusive(
    `refused it (${describeAnswer(token)}) and was never seen to accept it: ` +
      "it is revoked, or over its quota, suspended or shut out; the dashboard tells",
    true,
  );
}

/** What to say where a random token got no answer that can be compared with. */
export function withoutControl(control: Exclude<ApiAnswer, OwnAnswer>): Judgement {
  return failure(
    control.kind === "none"
      ? control.why
      : `${control.why}, asked about a random token; that is not InferenceKey's API`,
  );
}

/** What the API says of a token where it has said something else a moment before. */
export function unsteady(first: Judgement, second: Judgement): Judgement {
  return unknown(
    `changed its answer while it was asked: it ${first.reason}; then it ${second.reason}; ask again later`,
  );
}

/** Whether the judgement rests on a random token being told something that it is usually not. */
export function isOddBeside(token: ApiAnswer, control: ApiAnswer): boolean {
  return token.kind === "error" && token.status === 401 && !isUnauthenticated(control);
}

/** Answers that come behind authentication, if it is known that authentication comes first. */
function againstUnauthenticated(token: OwnAnswer, control: OwnAnswer, what: string): Judgement {
  return isUnauthenticated(control) ? live(what, control) : undecided(token, control);
}

function live(what: string, control: OwnAnswer): Judgement {
  return {
    state: "live",
    reason: `${what}; a random token is not recognised (${describeAnswer(control)})`,
    isInconclusive: false,
    isFailure: false,
    isDifference: true,
  };
}

function revoked(reason: string, isDifference: boolean): Judgement {
  return { state: "revoked", reason, isInconclusive: false, isFailure: false, isDifference };
}

function unknown(reason: string): Judgement {
  return { state: "unknown", reason, isInconclusive: false, isFailure: false, isDifference: false };
}

function inconclusive(reason: string, isDifference: boolean): Judgement {
  return { ...unknown(reason), isInconclusive: true, isDifference };
}

function failure(reason: string): Judgement {
  return { ...unknown(reason), isFailure: true };
}

function undecided(token: OwnAnswer, control: OwnAnswer): Judgement {
  const [own, others] = [describeAnswer(token), describeAnswer(control)];
  return inconclusive(
    own === others
      ? `answers a random token the same (${own})`
      : `answered ${own} where a random token got ${others}, which does not tell them apart`,
    own !== others,
  );
}

function isUnauthenticated(answer: ApiAnswer): boolean {
  return answer.kind === "error" && answer.status === 401;
}

/** A random token that is recognised: whatever is there recognises everything. */
function isRecognised(answer: OwnAnswer): boolean {
  return answer.kind === "workloads" || AUTHENTICATED_CODES.has(answer.code ?? "");
}
