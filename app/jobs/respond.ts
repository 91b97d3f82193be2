/**
 * The response to one leaked token, a step at a time: each step writes down what it is about to do before it does it,
 * so that a worker that is killed anywhere leaves a step that can be made again without doing anything twice.
 */
import { randomUUID } from "node:crypto";
import {
  blastRadiusNow,
  confirmDead,
  type RevocationProvider,
  type RevocationReport,
  revokeTokens,
  type Token,
  type Verdict,
  type VerifiedToken,
  Verifier,
} from "keyrecall";
import type { IncidentState } from "../incident.ts";
import { audit } from "../store/audit-log.ts";
import {
  changeIncident,
  eraseToken,
  findIncident,
  type IncidentChange,
  incidentFacts,
  keepToken,
  type StoredIncident,
} from "../store/incidents.ts";
import { VERSION } from "../version.ts";
import { announce } from "./announce.ts";
import type { JobContext } from "./context.ts";
import { EvidenceOfIncident } from "./evidence.ts";
import { tokenOfIncident } from "./token-of-incident.ts";

/** After containment it is asked again at these times: a revocation can be undone, or take back. */
export const LATER_CHECKS_SECONDS = [60, 3600, 86_400];
/** How long one job watches a token that is being revoked; the next one goes on. */
const WATCH_MS = 30_000;
/** Between an answer that it is dead and the question whether that holds. */
const CONFIRM_MS = 250;
/** A provider that says it has revoked, and has not, is asked anew after that; before, the request is the same one. */
const REQUEST_HOLDS_MS = 3_600_000;
const API = "InferenceKey's API";

export async function respond(context: JobContext, incidentId: string, signal: AbortSignal): Promise<void> {
  const incident = await findIncident(context.database, incidentId);
  if (incident === null) return;
  const isClosed = incident.state === "contained" || incident.state === "resolved";
  const wait = secondsToNextCheck(incident);
  if (isClosed && !incident.hasSealedToken && wait !== 0) {
    if (wait !== null) {
      await context.queue.send("respond", { incidentId }, { key: incidentId, afterSeconds: wait });
    }
    return;
  }
  const token = await tokenOfIncident(context, incident, signal);
  if (token === null) return recordUnreadable(context, incident);
  const evidence = new EvidenceOfIncident(incident);
  const { settings } = context;
  const verifier = new Verifier({
    baseUrl: settings.inferenceKeyUrl,
    userAgent: `keyrecall-app/${VERSION}`,
    projects: settings.projects,
    cache: evidence,
    signal,
  });
  try {
    await new Response(context, incident, token, verifier, evidence, signal).run();
  } finally {
    await verifier.close();
  }
}

/** Of a contained token: null where all checks were made. */
export function secondsToNextCheck(incident: StoredIncident): number | null {
  const wait = LATER_CHECKS_SECONDS[incident.checksDone];
  const { containedAt } = incident.times;
  if (wait === undefined || containedAt === null) return null;
  return Math.max(0, Math.ceil((Date.parse(containedAt) + wait * 1000 - Date.now()) / 1000));
}

class Response {
  readonly #context: JobContext;
  readonly #token: Token;
  readonly #verifier: Verifier;
  readonly #evidence: EvidenceOfIncident;
  readonly #signal: AbortSignal;
  #incident: StoredIncident;

  constructor(
    context: JobContext,
    incident: StoredIncident,
    token: Token,
    verifier: Verifier,
    evidence: EvidenceOfIncident,
    signal: AbortSignal,
  ) {
    this.#context = context;
    this.#incident = incident;
    this.#token = token;
    this.#verifier = verifier;
    this.#evidence = evidence;
    this.#signal = signal;
  }

  async run(): Promise<void> {
    const { hints } = this.#incident;
    const first = await this.#verifier.verify({ token: this.#token, hints });
    const [{ before: verified } = { before: first }] = await confirmDead(
      [{ token: this.#token, hints, before: first }],
      { verifier: this.#verifier, confirmMs: CONFIRM_MS, signal: this.#signal },
    );
    if (this.#isClosed()) return this.#checkAgain(verified);
    switch (verified.verdict.state) {
      case "live":
        await this.#recordLive(verified);
        return this.#revoke(verified);
      case "revoked":
        return this.#contain(verified.verdict, new Date());
      default:
        return this.#recordUnknown(verified);
    }
  }

  #isClosed(): boolean {
    return this.#incident.state === "contained" || this.#incident.state === "resolved";
  }

  async #recordLive(verified: VerifiedToken): Promise<void> {
    const isFirst = !this.#incident.wasLive || this.#incident.times.verifiedAt === null;
    const rule = this.#context.rules.find(({ id }) => id === this.#incident.rule);
    // While it lives it can be asked what it opens; afterwards nobody can.
    const blastRadius =
      rule === undefined || !isFirst
        ? this.#incident.blastRadius
        : await blastRadiusNow(rule, this.#token, verified.verdict, this.#verifier, {
            projects: this.#context.settings.projects,
            workloads: [],
          });
    await this.#change(
      {
        state: this.#incident.state === "revoking" ? "revoking" : "verified",
        verdict: verified.verdict,
        wasLive: true,
        liveEvidence: this.#evidence.lastLive,
        blastRadius,
        ...(isFirst ? { verifiedAt: new Date() } : {}),
      },
      isFirst || this.#incident.verdict.state !== "live"
        ? [{ actor: API, action: "verified", what: "verified live" }]
        : [],
    );
  }

  async #recordUnknown({ verdict }: VerifiedToken): Promise<void> {
    const { state: before, wasLive } = this.#incident;
    const isNews = this.#incident.verdict.reason !== verdict.reason;
    // What was seen to work does not become a riddle because the API is silent for a while.
    const state: IncidentState = wasLive && (before === "revoking" || before === "verified") ? before : "unverifiable";
    await this.#change(
      { state, verdict },
      isNews ? [{ actor: API, action: "verified", what: `does not tell whether it works: ${verdict.reason}` }] : [],
      backoffSeconds(this.#incident),
    );
  }

  async #revoke(before: VerifiedToken): Promise<void> {
    const withheld = whyManual(this.#context);
    if (withheld !== null) return this.#leaveToPeople(withheld);
    const provider = this.#context.openProvider!();
    try {
      await this.#revokeThrough(provider, before);
    } finally {
      await provider.close();
    }
  }

  async #leaveToPeople(why: string): Promise<void> {
    const isNews = this.#incident.manualBecause !== why;
    await this.#change(
      { manualBecause: why },
      isNews ? [{ actor: "keyrecall", action: "revocation-withheld", what: `not revoked by the App: ${why}` }] : [],
      backoffSeconds(this.#incident),
    );
  }

  async #revokeThrough(provider: RevocationProvider, before: VerifiedToken): Promise<void> {
    const { revocationKey, manualBecause } = this.#incident;
    const idempotencyKey = revocationKey ?? randomUUID();
    if (revocationKey === null) {
      // Written down before it is asked for: whoever goes on after a crash asks for the same.
      const hasFailed = manualBecause?.startsWith(provider.name) ?? false;
      await this.#change(
        {
          state: "revoking",
          revocationKey: idempotencyKey,
          revokeRequestedAt: new Date(),
          manualBecause: hasFailed ? manualBecause : null,
        },
        [{ actor: "keyrecall", action: "revocation-requested", what: `asked ${provider.name} to revoke it` }],
      );
    }
    const [place] = this.#incident.occurrences;
    const { reports } = await revokeTokens(
      [
        {
          token: this.#token,
          hints: this.#incident.hints,
          before,
          leak: leakOf(place, this.#context.settings.gitHubServerUrl),
        },
      ],
      {
        verifier: this.#verifier,
        provider,
        idempotencyKey,
        waitMs: WATCH_MS,
        confirmMs: CONFIRM_MS,
        signal: this.#signal,
      },
    );
    const [report] = reports;
    if (report !== undefined) await this.#recordRevocation(report, provider.name);
  }

  async #recordRevocation(report: RevocationReport, providerName: string): Promise<void> {
    const { provider: said, state, verdict } = report;
    if (said !== null) {
      await audit(this.#context.database, {
        actor: providerName,
        action: "revocation-answered",
        incidentId: this.#incident.id,
        detail: { what: `answered: ${said.status}${said.message === null ? "" : ` (${said.message})`}` },
      });
    }
    this.#signal.throwIfAborted();
    if (state === "contained" || state === "dead" || state === "already-dead") {
      const after = report.containedAfterMs;
      const deadAt =
        after === null ? new Date() : new Date(Date.parse(this.#incident.times.revokeRequestedAt!) + after);
      const didRevoke = said?.status === "revoked" || said?.status === "already";
      return this.#contain(verdict, deadAt, didRevoke ? { manualBecause: null } : {});
    }
    const isRefused = (said?.status === "failed" || said?.status === "not_owned") && said.isUnanswered !== true;
    const isSpent = Date.now() - Date.parse(this.#incident.times.revokeRequestedAt!) > REQUEST_HOLDS_MS;
    await this.#change(
      {
        verdict,
        // The same request would get the same answer; a later one is a new one.
        ...(isRefused ? { state: "verified" as const } : {}),
        ...(isRefused || isSpent ? { revocationKey: null } : {}),
        manualBecause: whyNotRevoked(report, providerName) ?? this.#incident.manualBecause,
      },
      [],
      backoffSeconds(this.#incident),
    );
  }

  async #contain(verdict: Verdict, deadAt: Date, change: IncidentChange = {}): Promise<void> {
    const { wasLive } = this.#incident;
    const what = wasLive ? "confirmed dead" : "dead already when it was found";
    await this.#change(
      { state: "contained", verdict, containedAt: deadAt, checksDone: 0, revocationKey: null, ...change },
      [{ actor: API, action: "contained", what }],
      LATER_CHECKS_SECONDS[0],
      "erases",
    );
    if (wasLive) {
      const seconds = (deadAt.getTime() - Date.parse(this.#incident.times.receivedAt)) / 1000;
      this.#context.metrics.exposure.observe(Math.max(0, seconds));
    }
  }

  /** A contained token, at its time or because it was found once more. */
  async #checkAgain({ verdict }: VerifiedToken): Promise<void> {
    if (verdict.state === "live") {
      await this.#change(
        {
          state: "reopened",
          verdict,
          wasLive: true,
          liveEvidence: this.#evidence.lastLive,
          containedAt: null,
          revokeRequestedAt: null,
          revocationKey: null,
          manualBecause: null,
          resurfacedAt: new Date(),
        },
        [{ actor: API, action: "reopened", what: "accepts it again" }],
        0,
        "keeps",
      );
      return;
    }
    const isDue = secondsToNextCheck(this.#incident) === 0;
    const isDead = verdict.state === "revoked";
    const checksDone = this.#incident.checksDone + (isDue && isDead ? 1 : 0);
    const wait = isDead ? secondsToNextCheck({ ...this.#incident, checksDone }) : backoffSeconds(this.#incident);
    await this.#change(
      { checksDone, ...(isDead ? { verdict } : {}) },
      isDead ? [{ actor: API, action: "still-dead", what: "still refuses it" }] : [],
      wait ?? undefined,
      isDead ? "erases" : "leaves",
    );
  }

  /**
   * Writes what is known now, says so in the log, and sends what has to follow, all or nothing.
   *
   * @param againAfterSeconds when the response goes on
   * @param token whether it is needed any more, or again
   */
  async #change(
    change: IncidentChange,
    lines: readonly { actor: string; action: Parameters<typeof audit>[1]["action"]; what: string }[],
    againAfterSeconds?: number,
    token: "erases" | "keeps" | "leaves" = "leaves",
  ): Promise<void> {
    const { database, queue, sealer } = this.#context;
    const { id } = this.#incident;
    // People are told of what they would see: a question that was only asked again is none of it.
    const isVisible =
      lines.length > 0 ||
      (change.state !== undefined && change.state !== this.#incident.state) ||
      (change.manualBecause !== undefined && change.manualBecause !== this.#incident.manualBecause);
    await database.transaction(async (transaction) => {
      await changeIncident(transaction, id, change);
      for (const { actor, action, what } of lines) {
        await audit(transaction, { actor, action, incidentId: id, detail: { what } });
      }
      if (token === "erases") await eraseToken(transaction, id);
      if (token === "keeps") await keepToken(transaction, sealer, id, this.#token);
      if (againAfterSeconds !== undefined) {
        await queue.send(
          "respond",
          { incidentId: id },
          {
            key: id,
            afterSeconds: againAfterSeconds,
            // What only history holds waits for what was pushed just now.
            priority: this.#incident.isOnlyInHistory && !this.#incident.wasLive ? -1 : 0,
            within: transaction.boss,
          },
        );
      }
      if (isVisible) await announce(queue, transaction, id);
    });
    const changed = await incidentFacts(database, id);
    if (changed !== null) this.#incident = { ...this.#incident, ...changed };
  }
}

/** Why the App does not revoke, or null. */
function whyManual({ settings, openProvider }: JobContext): string | null {
  if (openProvider === null) return "no revocation provider is configured";
  const { dryRunUntil } = settings;
  if (dryRunUntil !== null && new Date().toISOString().slice(0, 10) <= dryRunUntil) {
    return `a dry run, until ${dryRunUntil}`;
  }
  return null;
}

/** What a provider that did not do it says, or does not say, for people; null where it is still about to. */
function whyNotRevoked({ provider: said, state }: RevocationReport, name: string): string | null {
  if (said === null || said.status === "pending") return null;
  if (said.isUnanswered === true) return `${name} gave no answer that could be read`;
  if (said.status === "failed" || said.status === "not_owned") return `${name} answered ${said.status}`;
  return state === "still-live" ? `${name} says that it is revoked, and the API still accepts it` : null;
}

/** From seconds to an hour, the longer it goes on the less often. */
function backoffSeconds({ times, resurfacedAt }: StoredIncident): number {
  const begin = Math.max(Date.parse(times.verifiedAt ?? times.foundAt), Date.parse(resurfacedAt ?? times.foundAt));
  const age = (Date.now() - begin) / 1000;
  return Math.round(Math.min(3600, Math.max(5, age / 4)));
}

function leakOf(
  place: StoredIncident["occurrences"][number] | undefined,
  serverUrl: string,
): { url: string; source: string } {
  if (place?.commit == null) return { url: "", source: "unknown" };
  const { repository, commit, path, line } = place;
  const encoded = path?.split("/").map(encodeURIComponent).join("/");
  const at = encoded === undefined ? `commit/${commit}` : `blob/${commit}/${encoded}#L${line}`;
  return { url: `${serverUrl}/${repository.fullName}/${at}`, source: "commit" };
}

async function recordUnreadable({ database, queue }: JobContext, incident: StoredIncident): Promise<void> {
  await database.transaction(async (transaction) => {
    await audit(transaction, {
      actor: "keyrecall",
      action: "verified",
      incidentId: incident.id,
      detail: { what: "could not be checked again: none of its places can be read any more" },
    });
    // Of a closed one nothing more can be asked; of another somebody has to, as the issue says.
    const isClosed = incident.state === "contained" || incident.state === "resolved";
    await changeIncident(
      transaction,
      incident.id,
      isClosed ? { checksDone: LATER_CHECKS_SECONDS.length } : { state: "unverifiable" },
    );
    await queue.send("issue", { incidentId: incident.id }, { key: incident.id, within: transaction.boss });
  });
}
