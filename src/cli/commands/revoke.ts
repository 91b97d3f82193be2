/** `keyrecall revoke` */
import { loadRules } from "../../config/load.ts";
import { KeyrecallError } from "../../core/errors.ts";
import { ExitCode, strongestExitCode } from "../../core/exit-code.ts";
import type { Token } from "../../core/token.ts";
import { escapeForTerminal } from "../../report/escape.ts";
import { rotationText } from "../../report/rotation.ts";
import {
  contradictionOf,
  describeResult,
  type PlannedRevocation,
  revocationJson,
  revocationText,
} from "../../report/verification.ts";
import type { RevocationProvider } from "../../respond/revocation/provider.ts";
import {
  confirmDead,
  type RevocationEvent,
  type RevocationReport,
  revokeTokens,
  type TokenToRevoke,
} from "../../respond/revocation/revoke.ts";
import { rotationGuide } from "../../respond/rotation.ts";
import type { Rule } from "../../rules/schema.ts";
import type { Verifier } from "../../verify/verifier.ts";
import { colorsFor } from "../colors.ts";
import { MaskedOutput } from "../masked-output.ts";
import { askOnTerminal } from "../terminal-question.ts";
import { readTokens } from "../token-input.ts";
import { consumersOf } from "./consumers.ts";
import { openProvider, type ProviderFlags, startVerification, type VerificationFlags } from "./verification-options.ts";

export interface RevokeFlags extends VerificationFlags, ProviderFlags {
  readonly dryRun?: boolean;
  readonly yes?: boolean;
  /** Seconds. */
  readonly wait?: number;
  readonly format: "text" | "json";
  readonly color: boolean;
}

/** A provider acts at once; a person has to be found, woken and logged in. */
const WAIT_SECONDS = { http: 120, manual: 1800 };

export async function runRevoke(flags: RevokeFlags, signal: AbortSignal): Promise<ExitCode> {
  const rules = await loadRules([]);
  const verification = await startVerification(flags, { signal });
  try {
    const provider = await openProvider(flags, verification.user, signal);
    try {
      const { verifier } = verification;
      const tokens = await readTokens(process.stdin, rules);
      const verified = await verifier.verifyAll(tokens.map((token) => ({ token })));
      const found = tokens.map((token) => ({ token, before: verified.get(token.fingerprint)! }));
      const targets = await confirmDead(found, { verifier, signal });
      const response = { flags, rules, output: new MaskedOutput(rules), signal, verifier, provider };
      const { reports, isInterrupted } = await respond(targets, response);
      await sayHowItEnded(reports, response);
      return strongestExitCode([...reports.map(exitCodeOf), ...(isInterrupted ? [ExitCode.interrupted] : [])]);
    } finally {
      await provider.close();
    }
  } finally {
    await verification.close();
  }
}

interface Response {
  readonly flags: RevokeFlags;
  readonly rules: readonly Rule[];
  readonly output: MaskedOutput;
  readonly signal: AbortSignal;
  readonly verifier: Verifier;
  readonly provider: RevocationProvider;
}

type AnyReport = RevocationReport | PlannedRevocation;

async function respond(
  targets: readonly TokenToRevoke[],
  response: Response,
): Promise<{ reports: readonly AnyReport[]; isInterrupted: boolean }> {
  const { flags, output, signal, verifier, provider } = response;
  const say = (text: string): void => output.write(text, process.stderr);
  if (flags.dryRun === true) return { reports: targets.map(plannedOf), isInterrupted: false };
  const open = targets.filter(({ before }) => before.verdict.state !== "revoked");
  if (open.length > 0) {
    if (flags.yes !== true) await confirm(open, provider, say, signal);
    if (provider.isManual) {
      await sayManualSteps(open, response);
      say("Watching until they are dead; Ctrl-C ends that.\n");
    }
  }
  return revokeTokens(targets, {
    verifier,
    provider,
    waitMs: 1000 * (flags.wait ?? (provider.isManual ? WAIT_SECONDS.manual : WAIT_SECONDS.http)),
    signal,
    onEvent: (event) => say(describeEvent(event, provider)),
  });
}

async function sayHowItEnded(reports: readonly AnyReport[], response: Response): Promise<void> {
  const { flags, output, provider } = response;
  if (flags.format === "json") {
    output.write(revocationJson(reports, provider.name));
    for (const report of reports) {
      const contradiction = contradictionOf(report, provider.name);
      if (contradiction !== null) output.write(`${report.token.masked}: ${contradiction}\n`, process.stderr);
    }
  } else {
    output.write(revocationText(reports, provider.name, colorsFor(flags.color)));
  }
  // Whoever revokes by hand has the steps already.
  if (provider.isManual) return;
  await sayManualSteps(
    reports.filter((report) => exitCodeOf(report) !== ExitCode.clean),
    response,
  );
}

function plannedOf({ token, before }: TokenToRevoke): RevocationReport | PlannedRevocation {
  const state = before.verdict.state === "revoked" ? "already-dead" : "not-revoked";
  return { token, state, provider: null, before: before.verdict, verdict: before.verdict, containedAfterMs: null };
}

async function confirm(
  open: readonly TokenToRevoke[],
  provider: RevocationProvider,
  say: (text: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const list = open.map(({ token, before }) => `  ${token.masked}  ${before.verdict.state}\n`).join("");
  const answer = await askOnTerminal(
    () =>
      say(`These tokens will stop working, and whatever uses them:\n${list}Revoke through ${provider.name}? [y/N] `),
    signal,
  );
  if (answer === null) {
    throw new KeyrecallError("usage", "revoking needs a yes, and there is no terminal to ask on", {
      hint: "look first with --dry-run, then give --yes",
    });
  }
  if (/^y(es)?$/i.test(answer.trim())) return;
  throw new KeyrecallError("usage", "nothing was revoked", { hint: "answer y, or give --yes" });
}

async function sayManualSteps(
  targets: readonly { token: Token }[],
  { rules, output, signal }: Response,
): Promise<void> {
  for (const { token } of targets) {
    const rule = rules.find(({ id }) => id === token.rule)!;
    // What is known by now is worth saying also where Ctrl-C ended the rest.
    const search = signal.aborted ? { paths: [], problem: "interrupted" } : await consumersOf(rule, signal);
    output.write(`${token.masked}\n${rotationText(rotationGuide(rule, search))}\n`, process.stderr);
  }
}

function describeEvent(event: RevocationEvent, provider: RevocationProvider): string {
  switch (event.kind) {
    case "requested":
      return provider.isManual ? "" : `asked ${provider.name} to revoke ${namesOf(event.tokens)}\n`;
    case "answered":
      return `${event.token.masked}: ${provider.name} says ${describeResult(event.result)}\n`;
    case "verified":
      return `${event.token.masked}: ${event.verdict.state}: ${escapeForTerminal(event.verdict.reason)}\n`;
  }
}

function namesOf(tokens: readonly Token[]): string {
  const [first] = tokens;
  return tokens.length === 1 && first !== undefined ? first.masked : `${tokens.length} tokens`;
}

function exitCodeOf({ state }: RevocationReport | PlannedRevocation): ExitCode {
  switch (state) {
    case "contained":
    case "already-dead":
    case "dead":
    case "not-revoked":
      return ExitCode.clean;
    case "still-live":
      return ExitCode.stillLive;
    case "unconfirmed":
      return ExitCode.responseFailed;
  }
}
