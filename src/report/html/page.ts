/** The report as one page that needs nothing beside itself: no network, no other file, no script for reading it. */
import { createHash } from "node:crypto";
import type { Gap } from "../../core/gap.ts";
import type { CommitFacts } from "../../scan/occurrence.ts";
import type { Report, ReportedOccurrence, ReportedToken } from "../../scan/report.ts";
import { escapeForMarkup } from "../escape.ts";
import { severity } from "../places.ts";
import { placeOf } from "../text.ts";
import { workloadLines } from "../verification.ts";
import { ALLOWED_BY, countsOf, formatBytes, plural, readingOf } from "../words.ts";
import { SCRIPT } from "./script.ts";
import { STYLE } from "./style.ts";
import { joinSpans, type Span, spanOf, TimeAxis } from "./time-line.ts";

export interface HtmlOptions {
  /** Milliseconds since the epoch: the end of each time line. */
  readonly now: number;
  /** How to rotate, by rule. */
  readonly rotation: ReadonlyMap<string, { readonly steps: readonly string[] }>;
}

const MAX_LANES = 30;
const OPEN_PLACES = 5;
/** Places of a token with a time line of their own; the others have their dates. */
const MAX_BARS = 12;
/** With more tokens than that a browser has enough to draw with the places that are open. */
const MANY_TOKENS = 100;
const MAX_PLACES = 200;
const MAX_REFS = 3;
const OPEN_GAPS = 10;

/** In pieces, each of whole elements: a report can be longer than any one string. */
export function* formatHtml(report: Report, options: HtmlOptions): Generator<string> {
  const counted = report.tokens
    .filter((token) => token.allowed === null)
    .toSorted((a, b) => severity(a, READER) - severity(b, READER));
  const allowed = report.tokens.filter((token) => token.allowed !== null);
  const tokens = [...counted, ...allowed];
  const sentence = headline(counted, report.scan.complete);
  yield head(sentence);
  yield* intro(report, sentence, options);
  yield* gapSection(report.scan.incomplete);
  yield overview(counted, options);
  if (tokens.length > 0) {
    yield `<section aria-labelledby="tokens"><h2 id="tokens">Tokens</h2>\n`;
    yield filters(tokens);
    const bars = tokens.length > MANY_TOKENS ? OPEN_PLACES : MAX_BARS;
    for (const [index, token] of tokens.entries()) yield* tokenCard(token, index, { ...options, bars });
    yield "</section>\n";
  }
  yield* coverageSection(report);
  yield* policySection(report);
  yield `<footer><p>Made by Keyrecall ${escapeForMarkup(report.tool.version)} on ${timeTag(new Date(options.now).toISOString())}. Tokens stand here in masked form only: prefix, public id and “…”. What Git's history says is what its commits say: authors and dates are theirs.</p></footer>\n`;
  yield `</div>\n<script>${SCRIPT}</script>\n</body>\n</html>\n`;
}

/** Whoever opens the page may know all that it holds. */
const READER = { isPublic: false };

function head(sentence: string): string {
  const policy = [
    "default-src 'none'",
    `style-src '${hashOf(STYLE)}'`,
    `script-src '${hashOf(SCRIPT)}'`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="robots" content="noindex">
<title>Keyrecall: ${escapeForMarkup(sentence)}</title>
<style>${STYLE}</style>
</head>
<body>
<div class="wrap">
`;
}

function hashOf(text: string): string {
  return `sha256-${createHash("sha256").update(text).digest("base64")}`;
}

/** Everything in one sentence. */
function headline(tokens: readonly ReportedToken[], isComplete: boolean): string {
  const gap = isComplete ? "" : ", and not everything could be read";
  if (tokens.length === 0) return `No leaked token found${gap}.`;
  return `${plural(tokens.length, "token")} found, ${stateSentence(tokens)}${gap}.`;
}

function stateSentence(tokens: readonly ReportedToken[]): string {
  const count = (state: ReportedToken["verdict"]["state"]): number =>
    tokens.filter(({ verdict }) => verdict.state === state).length;
  const [live, revoked, unknown, unchecked] = [count("live"), count("revoked"), count("unknown"), count("unchecked")];
  const all = tokens.length;
  if (unchecked === all) return "not verified";
  if (revoked === all) return all === 1 ? "revoked" : "all revoked";
  const open = [
    ...(unknown > 0 ? [`${number(unknown)} could not be told`] : []),
    ...(unchecked > 0 ? [`${number(unchecked)} not verified`] : []),
  ];
  const works = live === 0 ? "none seen to work" : `${number(live)} still ${live === 1 ? "works" : "work"}`;
  return [works, ...open].join(", ");
}

function* intro({ scan, tokens }: Report, sentence: string, { now }: HtmlOptions): Generator<string> {
  const source = SOURCES[scan.source];
  const range = scan.range === undefined ? "" : ` <code>${escapeForMarkup(scan.range)}</code>`;
  yield `<header>
<div class="top"><span><strong>Keyrecall</strong> · ${timeTag(new Date(now).toISOString())}</span><span class="needs-script"><button type="button" id="theme">Dark colours</button></span></div>
</header>
<main>
<h1>${escapeForMarkup(sentence)}</h1>
<p class="quiet">Read: ${source}${range} (<code>${escapeForMarkup(scan.target)}</code>): ${escapeForMarkup(readingOf(scan))}</p>
`;
  if (tokens.some(({ allowed }) => allowed === null)) {
    yield `<p>A token that was pushed is leaked, also where a later commit takes it out again: only rotating it helps.</p>\n`;
  }
}

const SOURCES: Readonly<Record<Report["scan"]["source"], string>> = {
  history: "the whole history",
  range: "the commits",
  index: "what is staged",
  tree: "the files",
  stdin: "standard input",
};

function* gapSection(gaps: readonly Gap[]): Generator<string> {
  if (gaps.length === 0) return;
  yield `<section class="card gaps" aria-labelledby="gaps"><h2 id="gaps">Not everything could be read</h2>
<p>A token can stand where nobody looked. ${escapeForMarkup(plural(gaps.length, "place"))}:</p>\n<ul>\n`;
  for (const gap of gaps.slice(0, OPEN_GAPS)) yield gapItem(gap);
  yield "</ul>\n";
  yield* moreItems(gaps.slice(OPEN_GAPS));
  yield "</section>\n";
}

function* moreItems(gaps: readonly Gap[]): Generator<string> {
  if (gaps.length === 0) return;
  yield `<details><summary>${number(gaps.length)} more</summary><ul>\n`;
  for (const gap of gaps) yield gapItem(gap);
  yield "</ul></details>\n";
}

function gapItem({ what, why }: Gap): string {
  return `<li><code>${escapeForMarkup(what)}</code>: ${escapeForMarkup(why)}</li>\n`;
}

/** All tokens on one scale: the picture of the page. */
function overview(tokens: readonly ReportedToken[], { now }: HtmlOptions): string {
  const rows = tokens.flatMap((token, index) => {
    const span = joinSpans(spansOf(token, now));
    return span === null ? [] : [{ token, index, span }];
  });
  if (rows.length === 0) return "";
  const axis = new TimeAxis(Math.min(...rows.map(({ span }) => span.from)), now);
  const lanes = rows
    .slice(0, MAX_LANES)
    .map(
      ({ token, index, span }) =>
        `<li class="lane" data-lane="${idOf(index)}"><a class="mono" href="#${idOf(index)}">${escapeForMarkup(token.masked)}</a><span class="track">${axis.bar(span, token.verdict.state)}</span><span class="small ${token.verdict.state}">${STATES[token.verdict.state]}</span></li>\n`,
    );
  const hidden = rows.length - MAX_LANES;
  return `<section aria-labelledby="time"><h2 id="time">From leak to today</h2>
<div class="card">
<ul class="lanes">
${lanes.join("")}</ul>
<div class="lane axis"><span class="gap"></span><span class="track">${axis.scale()}</span><span class="gap"></span></div>
${hidden > 0 ? `<p class="small quiet">${escapeForMarkup(plural(hidden, "more token"))} below.</p>` : ""}
<ul class="legend"><li>${LEGEND.place}in place</li><li>${LEGEND.history}taken out, still in the history</li><li>${LEGEND.in}a commit brought it in</li><li>${LEGEND.out}a commit took it out</li></ul>
</div>
</section>
`;
}

const LEGEND = {
  place: `<svg aria-hidden="true"><rect class="span" x="2" y="4" width="31" height="6" rx="3"/></svg>`,
  history: `<svg aria-hidden="true"><line class="past" x1="2" x2="33" y1="7" y2="7"/></svg>`,
  in: `<svg aria-hidden="true"><circle class="in" cx="17" cy="7" r="4"/></svg>`,
  out: `<svg aria-hidden="true"><circle class="out" cx="17" cy="7" r="4"/></svg>`,
};

function spansOf({ occurrences }: ReportedToken, now: number): Span[] {
  return occurrences.flatMap((occurrence) => spanOf(occurrence, now) ?? []);
}

const STATES: Readonly<Record<ReportedToken["verdict"]["state"], string>> = {
  live: "still works",
  revoked: "revoked",
  unknown: "unknown",
  unchecked: "not verified",
};

function idOf(index: number): string {
  return `token-${index + 1}`;
}

function filters(tokens: readonly ReportedToken[]): string {
  const select = (name: string, label: string, options: readonly (readonly [string, string])[]): string => {
    if (options.length < 2) return "";
    const items = options.map(
      ([value, text]) => `<option value="${escapeForMarkup(value)}">${escapeForMarkup(text)}</option>`,
    );
    return `<label>${label}<select name="${name}"><option value="">all</option>${items.join("")}</select></label>\n`;
  };
  const distinct = (of: (token: ReportedToken) => string): string[] => [...new Set(tokens.map(of))].toSorted();
  const same = (values: readonly string[]): [string, string][] => values.map((value) => [value, value]);
  return `<form id="filters" class="filters needs-script" role="search" aria-label="Filter the tokens">
<label class="grow">Search<input type="search" name="search" placeholder="path, author, commit, ref" autocomplete="off" spellcheck="false"></label>
${select("plane", "Plane", same(distinct(planeOf)))}${select(
    "verdict",
    "Verdict",
    distinct(({ verdict }) => verdict.state).map((state) => [state, STATES[state as keyof typeof STATES]]),
  )}${select("confidence", "Confidence", same(distinct(({ confidence }) => confidence)))}${select(
    "allowed",
    "Allowed",
    distinct(isAllowed).map((value) => [value, value === "yes" ? "only allowed" : "not allowed"]),
  )}<button type="reset">Show all</button>
<output id="shown" aria-live="polite"></output>
</form>
`;
}

function planeOf({ plane, rule }: ReportedToken): string {
  return plane ?? rule;
}

function isAllowed({ allowed }: ReportedToken): "yes" | "no" {
  return allowed === null ? "no" : "yes";
}

interface CardOptions extends HtmlOptions {
  readonly bars: number;
}

function* tokenCard(token: ReportedToken, index: number, options: CardOptions): Generator<string> {
  const { masked, plane, rule, confidence, verdict, allowed, publicId, fingerprint } = token;
  const kind = plane === null ? rule : `${plane} plane`;
  const data = `data-plane="${escapeForMarkup(planeOf(token))}" data-verdict="${verdict.state}" data-confidence="${confidence}" data-allowed="${isAllowed(token)}"`;
  yield `<article class="card token" id="${idOf(index)}" aria-labelledby="${idOf(index)}-name" ${data}>
<div class="head"><h3 id="${idOf(index)}-name"><code>${escapeForMarkup(masked)}</code></h3><span class="badge ${verdict.state}">${STATES[verdict.state]}</span><span class="badge">${escapeForMarkup(kind)}</span>${confidence === "suspect" ? `<span class="badge">suspect</span>` : ""}${allowed === null ? "" : `<span class="badge">allowed</span>`}</div>
${[...allowanceLines(token), ...verdictLines(token), ...atStake(token), ...misplacedLines(token)].join("")}`;
  yield* placesOf(token, options);
  yield `${rotationOf(token, options)}${
    // The hash of what can be guessed does not leave the machine.
    publicId === null ? "" : `<p class="small quiet">Fingerprint <code>${escapeForMarkup(fingerprint)}</code></p>\n`
  }</article>\n`;
}

function allowanceLines({ allowed, overruled }: ReportedToken): string[] {
  return [
    ...(allowed === null
      ? []
      : [`<p>Allowed ${ALLOWED_BY[allowed.by]}, and not counted: ${escapeForMarkup(allowed.reason)}</p>\n`]),
    ...(overruled === null
      ? []
      : [`<p>Allowed (${escapeForMarkup(overruled.reason)}), and counted all the same: it verifies live.</p>\n`]),
  ];
}

function verdictLines({ verdict }: ReportedToken): string[] {
  if (verdict.state === "unchecked") return [];
  const { api, checkedAt } = verdict;
  const asked = [
    // Most reasons name it.
    ...(api === undefined || verdict.reason.includes(api) ? [] : [`by <code>${escapeForMarkup(api)}</code>`]),
    ...(checkedAt === undefined ? [] : [`on ${timeTag(checkedAt)}`]),
  ];
  const note = asked.length === 0 ? "" : ` <span class="quiet">(told ${asked.join(" ")})</span>`;
  return [
    `<p><strong class="${verdict.state}">${sentenceStart(STATES[verdict.state])}</strong>: ${escapeForMarkup(verdict.reason)}${note}</p>\n`,
  ];
}

/** A dead token opens nothing. */
function atStake({ verdict, blastRadius }: ReportedToken): string[] {
  if (verdict.state === "revoked") return [];
  const { summary, can, cannot, workloads = [], notes = [] } = blastRadius;
  const list = (title: string, items: readonly string[]): string =>
    items.length === 0
      ? ""
      : `<div><h4>${title}</h4><ul>${items.map((item) => `<li>${escapeForMarkup(item)}</li>`).join("")}</ul></div>`;
  const lists = [
    list("Can", can),
    list("Cannot", cannot),
    list("At risk", workloadLines(workloads)),
    list("Notes", notes),
  ].join("");
  return [
    `<p>Whoever has it ${escapeForMarkup(summary)}.</p>\n`,
    lists === ""
      ? ""
      : `<details${workloads.length > 0 ? " open" : ""}><summary>What a holder can do</summary><div class="columns">${lists}</div></details>\n`,
  ];
}

function misplacedLines({ misplaced }: ReportedToken): string[] {
  return misplaced.map((text) => `<p>Misplaced: ${escapeForMarkup(text)}.</p>\n`);
}

function* placesOf(token: ReportedToken, { now, bars }: CardOptions): Generator<string> {
  const { occurrences, verdict, allowed } = token;
  const spans = spansOf(token, now);
  const axis = spans.length === 0 ? null : new TimeAxis(Math.min(...spans.map(({ from }) => from)), now);
  const tone = allowed === null ? verdict.state : "allowed";
  const shown = occurrences.slice(0, MAX_PLACES);
  const item = (occurrence: ReportedOccurrence, position: number): string => {
    const span = axis === null || position >= bars ? null : spanOf(occurrence, now);
    return placeItem(occurrence, span === null ? "" : axis!.bar(span, tone));
  };
  yield `<h4>${escapeForMarkup(plural(occurrences.length, "place"))}</h4>\n<ul class="places">\n`;
  yield shown
    .slice(0, OPEN_PLACES)
    .map((occurrence, position) => item(occurrence, position))
    .join("");
  yield "</ul>\n";
  if (axis !== null) yield `${axis.scale()}\n`;
  if (shown.length <= OPEN_PLACES) return;
  yield `<details><summary>${number(occurrences.length - OPEN_PLACES)} more</summary>\n<ul class="places">\n`;
  for (const [position, occurrence] of shown.slice(OPEN_PLACES).entries())
    yield item(occurrence, OPEN_PLACES + position);
  yield "</ul>\n";
  const hidden = occurrences.length - shown.length;
  if (hidden > 0) yield `<p class="small">${number(hidden)} more are in the JSON report only.</p>\n`;
  yield "</details>\n";
}

function placeItem(occurrence: ReportedOccurrence, bar: string): string {
  const others = occurrence.paths.length - 1;
  const form = [...occurrence.encoding, ...occurrence.container].join(", ");
  const facts = [
    ...(form === "" ? [] : [escapeForMarkup(form)]),
    ...(occurrence.inlineMark ? ["marked keyrecall:allow"] : []),
    ...commitFacts("in with", occurrence.introducedBy),
    ...commitFacts("out with", occurrence.removedBy),
    ...refFacts(occurrence),
  ];
  return `<li><code>${escapeForMarkup(placeOf(occurrence))}</code>${others > 0 ? ` and ${escapeForMarkup(plural(others, "other path"))}` : ""}${facts.length === 0 ? "" : `<div class="facts">${facts.join(" · ")}</div>`}${bar}</li>\n`;
}

function commitFacts(verb: string, commits: readonly CommitFacts[]): string[] {
  const [first] = commits;
  if (first === undefined) return [];
  const author = first.author === null ? "" : ` by ${escapeForMarkup(first.author)}`;
  const date = first.date === null ? "" : `, ${timeTag(first.date)}`;
  const more = commits.length > 1 ? ` and ${escapeForMarkup(plural(commits.length - 1, "other commit"))}` : "";
  return [`${verb} <code>${escapeForMarkup(first.commit.slice(0, 12))}</code>${author}${date}${more}`];
}

function refFacts({ kind, refs, moreRefs = 0, reachable }: ReportedOccurrence): string[] {
  if (kind === "ref-name" || kind === "reflog") return [];
  if (!reachable) return ["no ref reaches it"];
  if (refs.length === 0) return [];
  const shown = refs.slice(0, MAX_REFS).map((ref) => `<code>${escapeForMarkup(ref)}</code>`);
  const hidden = refs.length + moreRefs - shown.length;
  return [`on ${shown.join(", ")}${hidden > 0 ? ` and ${escapeForMarkup(plural(hidden, "other ref"))}` : ""}`];
}

function rotationOf({ rule, verdict, allowed }: ReportedToken, { rotation }: HtmlOptions): string {
  const steps = rotation.get(rule)?.steps ?? [];
  if (steps.length === 0 || verdict.state === "revoked" || allowed !== null) return "";
  return `<h4>Next</h4><ol>${steps.map((step) => `<li>${escapeForMarkup(step)}</li>`).join("")}</ol>\n`;
}

function* coverageSection({ scan }: Report): Generator<string> {
  const rows: [string, string][] = [
    ["Source", SOURCES[scan.source]],
    ["Target", scan.target],
    ...(scan.range === undefined ? [] : ([["Range", scan.range]] as [string, string][])),
    [
      "Complete",
      scan.complete ? "yes: everything was read" : `no: ${plural(scan.incomplete.length, "place")} not read`,
    ],
    ...countsOf(scan).map(({ noun, count }): [string, string] => [sentenceStart(`${noun}s`), number(count)]),
    ["Bytes", formatBytes(scan.coverage.bytes)],
  ];
  yield `<section aria-labelledby="coverage"><h2 id="coverage">What was read</h2>
<div class="card">
<table class="facts-table"><tbody>
${rows.map(([name, value]) => `<tr><th scope="row">${name}</th><td>${escapeForMarkup(value)}</td></tr>`).join("\n")}
</tbody></table>\n`;
  const { skipped } = scan.coverage;
  if (skipped.length > 0) {
    yield `<h3 class="minor">Left out, as no part of it</h3>\n<ul>\n`;
    for (const gap of skipped.slice(0, OPEN_GAPS)) yield gapItem(gap);
    yield "</ul>\n";
    yield* moreItems(skipped.slice(OPEN_GAPS));
  }
  yield "</div>\n</section>\n";
}

function* policySection({ policy }: Report): Generator<string> {
  const entries = [
    ...policy.expired.map((entry) => `expired: ${entry}`),
    ...policy.unused.map((entry) => `not needed: ${entry}`),
  ];
  if (entries.length > 0) {
    yield `<section aria-labelledby="policy"><h2 id="policy">Allowances to take out</h2>\n<div class="card"><p>In <code>${escapeForMarkup(policy.file ?? "the configuration")}</code>:</p><ul>\n`;
    for (const entry of entries) yield `<li>${escapeForMarkup(entry)}</li>\n`;
    yield "</ul></div>\n</section>\n";
  }
  yield "</main>\n";
}

function timeTag(date: string): string {
  const isDate = /^\d{4}-\d\d-\d\dT/.test(date);
  return isDate
    ? `<time datetime="${escapeForMarkup(date)}">${escapeForMarkup(date.slice(0, 10))}</time>`
    : escapeForMarkup(date);
}

function sentenceStart(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

function number(count: number): string {
  return count.toLocaleString("en");
}
