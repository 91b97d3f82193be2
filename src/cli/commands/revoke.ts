/** `keyrecall revoke` */
import { closeSync, openSync, readSync } from "node:fs";
import { loadRules } from "../../config/load.ts";
import { KeyrecallError } from "../../core/errors.ts";
import { ExitCode, strongestExitCode } from "../../core/exit-code.ts";
import type { Token } from "../../core/token.ts";
import { escapeForTerminal } from "../../report/escape.ts";
import { rotationText } from "../../report/rotation.ts";
import { type PlannedRevocation, revocationJson, revocationText } from "../../report/verification.ts";
import type { RevocationProvider } from "../../respond/revocation/provider.ts";
import {
  type RevocationEvent,
  type RevocationReport,
  revokeTokens,
  type TokenToRevoke,
} from "../../respond/revocation/revoke.ts";
import { rotationGuide } from "../../respond/rotation.ts";
import type { Rule } from "../../rules/schema.ts";
import { colorsFor } from "../colors.ts";
import { MaskedOutput } from "../masked-output.ts";
import { readTokens } from "../token-input.ts";
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
  const output = new MaskedOutput(rules);
  try {
    const provider = await openProvider(flags, verification.user, signal);
    try {
      const tokens = await readTokens(process.stdin, rules);
      const verified = await verification.verifier.verifyAll(tokens.map((token) => ({ token })));
      const targets = tokens.map((token) => ({ token, before: verified.get(token.fingerprint)! }));
      const response = { flags, rules, output, signal, verifier: verification.verifier };
      const reports = await respond(targets, provider, {
        flags,
        rules,
        output,
        signal,
        verifier: verification.verifier,
      });
      output.write(
        flags.format === "json"
          ? revocationJson(reports, provider.name)
          : revocationText(reports, provider.name, colorsFor(flags.color)),
      );
      const left = reports.filter(({ provider: said }) => said?.status === "failed" || said?.status === "not_owned");
      sayManualSteps(
        left.filter((report) => exitCodeOf(report) !== ExitCode.clean),
        response,
      );
      return strongestExitCode(reports.map(exitCodeOf));
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
  readonly verifier: Parameters<typeof revokeTokens>[1]["verifier"];
}

async function respond(
  targets: readonly TokenToRevoke[],
  provider: RevocationProvider,
  response: Response,
): Promise<(RevocationReport | PlannedRevocation)[]> {
  const open = targets.filter(({ before }) => before.verdict.state !== "revoked");
  const { flags, output, signal, verifier } = response;
  const say = (text: string): void => output.write(text, process.stderr);
  if (flags.dryRun === true) return targets.map(plannedOf);
  if (open.length > 0) {
    if (flags.yes !== true) confirm(open, provider, say);
    if (provider.isManual) {
      sayManualSteps(open, response);
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

function plannedOf({ token, before }: TokenToRevoke): RevocationReport | PlannedRevocation {
  const state = before.verdict.state === "revoked" ? "already-dead" : "not-revoked";
  return { token, state, provider: null, before: before.verdict, verdict: before.verdict, containedAfterMs: null };
}

/** Standard input is where the tokens came from, so the terminal itself is asked. */
function confirm(open: readonly TokenToRevoke[], provider: RevocationProvider, say: (text: string) => void): void {
  const list = open.map(({ token, before }) => `  ${token.masked}  ${before.verdict.state}\n`).join("");
  let terminal: number;
  try {
    terminal = openSync("/dev/tty", "r");
  } catch {
    throw new KeyrecallError("usage", "revoking needs a yes, and there is no terminal to ask on", {
      hint: "look first with --dry-run, then give --yes",
    });
  }
  try {
    say(`These tokens will stop working, and whatever uses them:\n${list}Revoke through ${provider.name}? [y/N] `);
    const answer = Buffer.alloc(64);
    const length = readSync(terminal, answer);
    if (/^y(es)?\s*$/i.test(answer.toString("latin1", 0, length))) return;
  } finally {
    closeSync(terminal);
  }
  throw new KeyrecallError("usage", "nothing was revoked", { hint: "answer y, or give --yes" });
}

function sayManualSteps(targets: readonly { token: Token }[], { rules, output }: Response): void {
  for (const { token } of targets) {
    const rule = rules.find(({ id }) => id === token.rule)!;
    output.write(`${token.masked}\n${rotationText(rotationGuide(rule, []))}\n`, process.stderr);
  }
}

function describeEvent(event: RevocationEvent, provider: RevocationProvider): string {
  switch (event.kind) {
    case "requested":
      return provider.isManual ? "" : `asked ${provider.name} to revoke ${namesOf(event.tokens)}\n`;
    case "answered": {
      const { status, message } = event.result;
      return `${event.token.masked}: ${provider.name} says ${status}${message === null ? "" : ` (${escapeForTerminal(message)})`}\n`;
    }
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
