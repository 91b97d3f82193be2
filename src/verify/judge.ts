/**
 * A verdict is a difference: what the API answers to a token, against what it answers to a random one of the same
 * shape. One answer by itself says nothing, because a proxy, another environment or a check that comes before
 * authentication gives it to everybody.
 */
import type { VerdictState } from "../core/verdict.ts";
import type { ApiAnswer } from "./answer.ts";

export interface Judgement {
  readonly state: Exclude<VerdictState, "unchecked">;
  /** Without the API's name. */
  readonly reason: string;
  /** The API told nothing about the token, and another request may. */
  readonly isInconclusive: boolean;
  /** There was no answer to judge: the network, or something in between. */
  readonly isFailure: boolean;
}

/** 403 codes that only an authenticated token gets. Source: the vendor's errors page. */
const AUTHENTICATED_CODES: ReadonlySet<string> = new Set(["project_scope_mismatch", "scope_insufficient"]);

const DEAD_CODE = /(^|_)(revoked|expired)(_|$)/;

/** @param wasLive whether this request, of this token to this API, has answered live before */
export function judge(token: ApiAnswer, control: ApiAnswer, wasLive: boolean): Judgement {
  if (token.kind === "none") return failure(token.why);
  if (token.kind === "foreign") return failure(`${token.why}; that is not InferenceKey's API`);
  const isSame = control.kind === token.kind && describe(control) === describe(token);
  if (token.kind === "workloads") {
    if (isOwnAnswer(control) && !isSame) return live("listed workloads", control);
    return undecided(token, control);
  }
  const code = token.code ?? "";
  switch (token.status) {
    case 401:
      if (isUnauthenticated(control)) return revoked("does not recognise it (401), nor a random token");
      if (!isOwnAnswer(control)) return undecided(token, control);
      return unknown(`refused it (401), and gave a random token another answer (${describe(control)})`);
    case 403:
      if (isSame) return undecided(token, control);
      if (AUTHENTICATED_CODES.has(code)) {
        return isOwnAnswer(control)
          ? live(`recognised it and refused it for its scope (${code})`, control)
          : undecided(token, control);
      }
      if (DEAD_CODE.test(code))
        return revoked(`says that it is ${code.includes("expired") ? "expired" : "revoked"} (403 ${code})`);
      if (code === "wrong_credential_type")
        return againstUnauthenticated(token, control, "recognised it as a token of the other plane");
      if (wasLive) return revoked("refuses it (403), and accepted it before");
      return unknown(
        `refused it (${describe(token)}) and was never seen to accept it: revoked, or over quota, suspended or blocked`,
      );
    case 400:
      return againstUnauthenticated(token, control, "let it through to checking the request (400)");
    case 404:
      return againstUnauthenticated(token, control, "let it through to looking for the project (404)");
    default:
      return unknown(`answered ${describe(token)}, which says nothing about it`);
  }
}

/** Answers that come behind authentication, if it is known that authentication comes first. */
function againstUnauthenticated(token: ApiAnswer, control: ApiAnswer, what: string): Judgement {
  return isUnauthenticated(control) ? live(what, control) : undecided(token, control);
}

function live(what: string, control: ApiAnswer): Judgement {
  return {
    state: "live",
    reason: `${what}; a random token is not recognised (${describe(control)})`,
    isInconclusive: false,
    isFailure: false,
  };
}

function revoked(reason: string): Judgement {
  return { state: "revoked", reason, isInconclusive: false, isFailure: false };
}

function unknown(reason: string): Judgement {
  return { state: "unknown", reason, isInconclusive: false, isFailure: false };
}

function failure(reason: string): Judgement {
  return { state: "unknown", reason, isInconclusive: false, isFailure: true };
}

function undecided(token: ApiAnswer, control: ApiAnswer): Judgement {
  if (!isOwnAnswer(control)) {
    return failure(
      `answered ${describe(token)}, and what it answers to a random token could not be told: it ${control.why}`,
    );
  }
  return {
    state: "unknown",
    reason:
      describe(token) === describe(control)
        ? `answers a random token the same (${describe(token)})`
        : `answered ${describe(token)} where a random token got ${describe(control)}, which does not tell them apart`,
    isInconclusive: true,
    isFailure: false,
  };
}

type OwnAnswer = Extract<ApiAnswer, { kind: "workloads" | "error" }>;

function isOwnAnswer(answer: ApiAnswer): answer is OwnAnswer {
  return answer.kind === "workloads" || answer.kind === "error";
}

function isUnauthenticated(answer: ApiAnswer): boolean {
  return answer.kind === "error" && answer.status === 401;
}

function describe(answer: ApiAnswer): string {
  if (answer.kind === "workloads") return "200 with workloads";
  if (answer.kind === "error") return answer.code === null ? String(answer.status) : `${answer.status} ${answer.code}`;
  return answer.why;
}
