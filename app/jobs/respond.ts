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
import type { IncidentOccurrence, IncidentState, TextPlace } from "../incident.ts";
import { dryRunOf, modeFor, NO_POLICY } from "../policy.ts";
import { audit } from "../store/audit-log.ts";
import {
  changeIncident,
  eraseToken,
  findIncident,
  type IncidentChange,
  incidentFacts,
  keepToken,
  noteChecked,
  type StoredIncident,
} from "../store/incidents.ts";
import { findPolicy } from "../store/policies.ts";
import { VERSION } from "../version.ts";
import { announce } from "./announce.ts";
import type { JobContext } from "./context.ts";
import { EvidenceOfIncident } from "./evidence.ts";
import { notifyOf } from "./notify.ts";
import { isReadableAgain, tokenOfIncident } from "./token-of-incident.ts";

/** After containment it is asked again at these times: a revocation can be undone, or take back. */
export const LATER_CHECKS_SECONDS = [60, 3600, 86_400];
/** How long one job watches a token that is being revoked; the next one goes on. */
const WATCH_MS = 30_000;
/** Between an answer that it is dead and the question whether that holds. */
const CONFIRM_MS = 250;
/** A provider that says it has revoked, and has not, is asked anew after that; before, the request is the same one. */
const REQUEST_HOLDS_MS = 3_600_000;
/** How long a token waits until the organisation's policy was read for the first time; then it is revoked at once. */
const POLICY_WAIT_MS = 120_000;
const API = "InferenceKey's API";

export async function respond(context: JobContext, incidentId: string, signal: AbortSignal): Promise<void> {
  const incident = await findIncident(context.database, incidentId);
  if (incident === null) return;
  const isClosed = incident.state === "contained" || incident.state === "resolved";
  const wait = secondsToNextCheck(incident);
  const { checkAskedAt, verifyAskedBy } = incident;
  const isAsked = checkAskedAt !== null || verifyAskedBy !== null;
  if (isClosed && !incident.hasSealedToken && wait !== 0 && !isAsked) {
    if (wait !== null) {
      await context.queue.send("respond", { incidentId }, { key: incidentId, afterSeconds: wait });
    }
    return;
  }
  const token = await tokenOfIncident(context, incident, signal);
  if (token === null) {
    if (checkAskedAt !== null) await noteChecked(context.database, incidentId, checkAskedAt);
    return recordUnreadable(context, incident);
  }
  const evidence = new EvidenceOfIncident(incident, context.settings.inferenceKeyUrl);
  const verifier = openVerifier(context, evidence, signal);
  try {
    await new Response(context, incident, token, verifier, evidence, signal).run();
  } finally {
    await verifier.close();
  }
  if (checkAskedAt !== null) await noteChecked(context.database, incidentId, checkAskedAt);
  if (verifyAskedBy !== null) await recordAsked(context, incidentId);
}

/** Whoever wanted it to be asked finds in the issue that it was. */
async function recordAsked({ database, queue }: JobContext, incidentId: string): Promise<void> {
  const incident = await incidentFacts(database, incidentId);
  if (incident === null || incident.verifyAskedBy === null) return;
  const { verdict, verifyAskedBy } = incident;
  await database.transaction(async (transaction) => {
    await changeIncident(transaction, incidentId, { verifyAskedBy: null });
    const what = `asked again because ${verifyAskedBy} wanted it: ${verdict.state}`;
    await audit(transaction, { actor: API, action: "verified", incidentId, detail: { what } });
    await announce(queue, transaction, incidentId);
  });
}

function openVerifier({ settings }: JobContext, evidence: EvidenceOfIncident, signal: AbortSignal): Verifier {
  return new Verifier({
    baseUrl: settings.inferenceKeyUrl,
    userAgent: `keyrecall-app/${VERSION}`,
    projects: settings.projects,
    cache: evidence,
    signal,
  });
}

/** What the API says of it at this moment, written down nowhere; null where the token can be had no more. */
export async function askNow(
  context: JobContext,
  incident: StoredIncident,
  signal: AbortSignal,
): Promise<Verdict | null> {
  const token = await tokenOfIncident(context, incident, signal);
  if (token === null) return null;
  const evidence = new EvidenceOfIncident(incident, context.settings.inferenceKeyUrl);
  const verifier = openVerifier(context, evidence, signal);
  try {
    const verified = await verifier.verify({ token, hints: incident.hints });
    const isRefused = verified.verdict.state === "revoked" && incident.wasLive;
    return isRefused && evidence.otherApi !== null
      ? refusedElsewhere(verified, evidence.otherApi).verdict
      : verified.verdict;
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
        if (this.#incident.wasLive && this.#evidence.otherApi !== null) {
          return this.#recordUnknown(refusedElsewhere(verified, this.#evidence.otherApi));
        }
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

  async #recordUnknown({ verdict }: Pick<VerifiedToken, "verdict">): Promise<void> {
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
    const decision = await whatIsDone(this.#context, this.#incident);
    if (decision.kind === "later") return this.#change({}, [], 1);
    if (decision.kind === "withhold") return this.#leaveToPeople(decision);
    const provider = this.#context.openProvider!();
    try {
      await this.#revokeThrough(provider, before);
    } finally {
      await provider.close();
    }
  }

  async #leaveToPeople({ why, awaitsApproval }: Withheld): Promise<void> {
    const isNews = this.#incident.manualBecause !== why;
    await this.#change(
      { manualBecause: why, awaitsApproval },
      isNews ? [{ actor: "keyrecall", action: "revocation-withheld", what: `not revoked by the App: ${why}` }] : [],
      backoffSeconds(this.#incident),
    );
  }

  async #revokeThrough(provider: RevocationProvider, before: VerifiedToken): Promise<void> {
    const { revocationKey, manualBecause } = this.#incident;
    if (revocationKey === null) {
      // Written down before it is asked for: whoever goes on after a crash asks for the same.
      const hasFailed = manualBecause?.startsWith(provider.name) ?? false;
      await this.#change(
        {
          state: "revoking",
          revocationKey: randomUUID(),
          revokeRequestedAt: new Date(),
          awaitsApproval: false,
          manualBecause: hasFailed ? manualBecause : null,
        },
        [{ actor: "keyrecall", action: "revocation-requested", what: `asked ${provider.name} to revoke it` }],
      );
    }
    const idempotencyKey = this.#incident.revocationKey!;
    const [place] = this.#incident.occurrences;
    const askedAt = Date.now();
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
    if (report !== undefined) await this.#recordRevocation(report, provider.name, askedAt);
  }

  /** @param askedAt of this request; the one that was written down can be of an earlier attempt */
  async #recordRevocation(report: RevocationReport, providerName: string, askedAt: number): Promise<void> {
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
      const deadAt = after === null ? new Date() : new Date(askedAt + after);
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
      {
        state: "contained",
        verdict,
        containedAt: deadAt,
        checksDone: 0,
        revocationKey: null,
        awaitsApproval: false,
        ...change,
      },
      [{ actor: API, action: "contained", what }],
      LATER_CHECKS_SECONDS[0],
      this.#whenDead(0),
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
          // Who approved it, or closed it, did so of what was known then.
          approvedBy: null,
          resolution: null,
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
      isDead ? this.#whenDead(checksDone) : "leaves",
    );
  }

  /** What has no place in git from which it can be read again is kept until all checks are made. */
  #whenDead(checksDone: number): "erases" | "keeps" {
    const isNeeded = checksDone < LATER_CHECKS_SECONDS.length;
    return isNeeded && !isReadableAgain(this.#incident) ? "keeps" : "erases";
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
      await notifyOf(this.#context, transaction, id);
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

/** Dead where it is asked now, which says nothing of where it was live. */
function refusedElsewhere({ verdict }: VerifiedToken, otherApi: string): { verdict: Verdict } {
  const { origin } = new URL(otherApi);
  const reason = `${verdict.reason}; it was live at ${origin}, which the App is not set to ask any more`;
  return { verdict: { ...verdict, state: "unknown", reason } };
}

interface Withheld {
  readonly kind: "withhold";
  readonly why: string;
  readonly awaitsApproval: boolean;
}

/** Whether the App revokes now: what the operator says comes first, then the organisation's policy. */
export async function whatIsDone(
  { settings, openProvider, database, queue }: JobContext,
  incident: StoredIncident,
): Promise<Withheld | { readonly kind: "revoke" | "later" }> {
  const withhold = (why: string, awaitsApproval = false): Withheld => ({ kind: "withhold", why, awaitsApproval });
  if (openProvider === null) return withhold("no revocation provider is configured");
  const today = new Date().toISOString().slice(0, 10);
  const { dryRunUntil, policyBounds } = settings;
  if (dryRunUntil !== null && today <= dryRunUntil) return withhold(`a dry run, until ${dryRunUntil}`);
  const { accountId, approvedBy, times } = incident;
  const stored = await findPolicy(database, accountId);
  if (stored?.isKnown !== true && Date.now() - Date.parse(times.foundAt) < POLICY_WAIT_MS) {
    if (!(await queue.has("policy", { accountId }))) await queue.send("policy", { accountId });
    return { kind: "later" };
  }
  const policy = stored?.policy ?? NO_POLICY;
  const until = dryRunOf(policy, policyBounds, today);
  if (until !== null) return withhold(`a dry run by the organisation's policy, until ${until}`);
  if (approvedBy === null && modeFor(policy, incident, policyBounds) === "on-approval") {
    return withhold("by the organisation's policy somebody has to approve it, with /keyrecall approve", true);
  }
  return { kind: "revoke" };
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
  if (place?.text != null) return { url: place.text.url ?? "", source: sourceOf(place.kind, place.text) };
  if (place?.commit == null) return { url: "", source: "unknown" };
  const { repository, commit, path, line } = place;
  const encoded = path?.split("/").map(encodeURIComponent).join("/");
  const at = encoded === undefined ? `commit/${commit}` : `blob/${commit}/${encoded}#L${line}`;
  return { url: `${serverUrl}/${repository.fullName}/${at}`, source: "commit" };
}

/** GitHub's words, where it has one. */
function sourceOf(kind: IncidentOccurrence["kind"], { part, url }: TextPlace): string {
  switch (kind) {
    case "issue":
      return part === "title" ? "issue_title" : "issue_description";
    case "issue-comment":
      return url?.includes("/pull/") === true ? "pull_request_comment" : "issue_comment";
    case "pull-request":
      return part === "title" ? "pull_request_title" : "pull_request_description";
    case "review":
    case "review-comment":
      return "pull_request_comment";
    case "discussion":
      return part === "title" ? "discussion_title" : "discussion_body";
    case "discussion-comment":
      return "discussion_comment";
    case "commit-comment":
      return "commit_comment";
    default:
      return "unknown";
  }
}

/** Without the token nothing can be asked; where it is not known to be dead, people have to act. */
async function recordUnreadable(context: JobContext, incident: StoredIncident): Promise<void> {
  const { database, queue } = context;
  const isClosed = incident.state === "contained" || incident.state === "resolved";
  const verdict: Verdict = { ...incident.verdict, state: "unknown", reason: UNREADABLE };
  const isNews = isClosed || incident.state !== "unverifiable" || incident.verdict.reason !== UNREADABLE;
  await database.transaction(async (transaction) => {
    await changeIncident(transaction, incident.id, {
      verifyAskedBy: null,
      ...(isClosed ? { checksDone: LATER_CHECKS_SECONDS.length } : { state: "unverifiable", verdict }),
    });
    // Whoever asked is answered, however often that is said.
    if (!isNews && incident.verifyAskedBy === null) return;
    await audit(transaction, {
      actor: "keyrecall",
      action: "verified",
      incidentId: incident.id,
      detail: { what: `could not be checked again: ${UNREADABLE}` },
    });
    await notifyOf(context, transaction, incident.id);
    await announce(queue, transaction, incident.id);
  });
}

const UNREADABLE = "none of its places can be read any more";
