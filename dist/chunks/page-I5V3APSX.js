import {
  severity
} from "./chunk-UYFGBS4P.js";
import {
  placeOf
} from "./chunk-4B2BIL4T.js";
import {
  workloadLines
} from "./chunk-LATJWJRG.js";
import "./chunk-QLWOTBFR.js";
import {
  ALLOWED_BY,
  countsOf,
  formatBytes,
  plural,
  readingOf
} from "./chunk-OL32UFLE.js";
import "./chunk-XW6A2BDD.js";
import {
  escapeForMarkup
} from "./chunk-WXEWRWTG.js";
import {
  formatsOf
} from "./chunk-YV5PFDMU.js";
import "./chunk-SEWDMQ6Q.js";

// src/report/html/page.ts
import { createHash } from "node:crypto";

// src/report/html/script.ts
var SCRIPT = `
(() => {
  "use strict";
  const root = document.documentElement;
  const byId = (id) => document.getElementById(id);
  root.classList.add("scripted");

  const theme = byId("theme");
  const system = matchMedia("(prefers-color-scheme: dark)");
  const isDark = () => (root.dataset.theme ? root.dataset.theme === "dark" : system.matches);
  const nameTheme = () => { theme.textContent = isDark() ? "Light colours" : "Dark colours"; };
  theme.addEventListener("click", () => { root.dataset.theme = isDark() ? "light" : "dark"; nameTheme(); });
  system.addEventListener("change", nameTheme);
  nameTheme();

  addEventListener("beforeprint", () => {
    for (const details of document.querySelectorAll("details")) details.open = true;
  });

  const form = byId("filters");
  if (form === null) return;
  const tokens = [...document.querySelectorAll("article.token")];
  const lanes = new Map([...document.querySelectorAll("li[data-lane]")].map((lane) => [lane.dataset.lane, lane]));
  const texts = new Map();
  const textOf = (token) => {
    if (!texts.has(token)) texts.set(token, token.textContent.toLowerCase());
    return texts.get(token);
  };
  const apply = () => {
    const wanted = new FormData(form);
    const words = String(wanted.get("search") || "").toLowerCase().split(/\\s+/).filter((word) => word !== "");
    let shown = 0;
    for (const token of tokens) {
      const isWanted =
        ["plane", "verdict", "confidence", "allowed"].every((name) => {
          const value = wanted.get(name);
          return value === null || value === "" || token.dataset[name] === value;
        }) && words.every((word) => textOf(token).includes(word));
      token.hidden = !isWanted;
      const lane = lanes.get(token.id);
      if (lane) lane.hidden = !isWanted;
      if (isWanted) shown += 1;
    }
    byId("shown").textContent = shown === tokens.length
      ? "All " + tokens.length + " shown"
      : shown + " of " + tokens.length + " shown";
  };
  let waiting = 0;
  form.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(apply, 120); });
  form.addEventListener("reset", () => setTimeout(apply));
  form.addEventListener("submit", (event) => event.preventDefault());
  apply();
})();
`;

// src/report/html/style.ts
var LIGHT = `--page:#f7f6f3;--card:#fff;--line:#dcd9d2;--text:#1c1e21;--quiet:#585c63;--link:#1f4f8f;--live:#b01e17;--live-soft:#fbe9e7;--unknown:#7d5200;--unknown-soft:#fbf0da;--unchecked:#8a4510;--unchecked-soft:#f9ecdf;--revoked:#1c6a3a;--revoked-soft:#e4f2e8;--rail:#e3e0d9;color-scheme:light`;
var DARK = `--page:#14161a;--card:#1c1f25;--line:#343841;--text:#e8e9eb;--quiet:#a9aeb7;--link:#8fb8f0;--live:#ff8d84;--live-soft:#3a1f1e;--unknown:#f0bb5c;--unknown-soft:#36290f;--unchecked:#f2a878;--unchecked-soft:#382517;--revoked:#82d39d;--revoked-soft:#173022;--rail:#2c3038;color-scheme:dark`;
var STYLE = `
:root{${LIGHT}}
@media (prefers-color-scheme:dark){:root{${DARK}}}
:root[data-theme=light]{${LIGHT}}
:root[data-theme=dark]{${DARK}}
*{box-sizing:border-box}
html{font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;-webkit-text-size-adjust:100%}
body{margin:0;background:var(--page);color:var(--text)}
.wrap{max-width:60rem;margin:0 auto;padding:1.5rem 1.25rem 4rem}
code,.mono{font:.875em/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono",monospace;overflow-wrap:anywhere}
a{color:var(--link)}
h1{font-size:clamp(1.6rem,5vw,2.4rem);line-height:1.2;letter-spacing:-.02em;font-weight:650;margin:2.2rem 0 .5rem;text-wrap:balance}
h2{font-size:1.15rem;font-weight:650;margin:2.6rem 0 .8rem}
h3{font-size:1.05rem;font-weight:650;margin:0}
h4,h3.minor{font-size:.875rem;font-weight:650;margin:1.2rem 0 .3rem}
p{margin:.5rem 0;overflow-wrap:anywhere}
ul,ol{margin:.3rem 0;padding-left:1.3rem}
li{overflow-wrap:anywhere}
.quiet{color:var(--quiet)}
.small{font-size:.875rem}
.top{display:flex;gap:1rem;align-items:center;justify-content:space-between;color:var(--quiet);font-size:.875rem}
.top strong{color:var(--text);letter-spacing:.01em}
button,select,input{font:inherit;font-size:.875rem;color:var(--text);background:var(--card);border:1px solid var(--quiet);border-radius:.4rem;padding:.35rem .6rem;min-height:2.25rem;max-width:100%}
::placeholder{color:var(--quiet);opacity:1}
button{cursor:pointer}
:focus-visible{outline:3px solid var(--link);outline-offset:2px}
.needs-script{display:none}
.scripted .needs-script{display:flex}
.card{background:var(--card);border:1px solid var(--line);border-radius:.7rem;padding:1.1rem 1.25rem;margin:0 0 1rem}
.gaps{margin-top:1.2rem;border-color:var(--unknown);border-left-width:.35rem;background:var(--unknown-soft)}
.gaps h2{margin:0 0 .3rem;color:var(--unknown)}
.gaps .quiet{color:var(--text)}
.lanes{list-style:none;margin:0;padding:0}
.lane{display:grid;grid-template-columns:13rem 1fr 8rem;gap:.9rem;align-items:center;padding:.25rem 0}
.lane.axis{padding:0}
svg.bar{display:block;width:100%;height:14px;overflow:visible}
svg.scale{display:block;width:100%;height:20px;overflow:visible}
svg.scale line{stroke:var(--quiet)}
svg.scale text{fill:var(--quiet);font-size:11px}
.rail{stroke:var(--rail);stroke-width:2}
.past{stroke:currentColor;stroke-width:2;stroke-dasharray:2 4;stroke-linecap:round}
.span{fill:currentColor}
.in{fill:currentColor;stroke:var(--card);stroke-width:1.5}
.out{fill:var(--card);stroke:currentColor;stroke-width:2}
.live{color:var(--live)}.unknown{color:var(--unknown)}.unchecked{color:var(--unchecked)}.revoked{color:var(--revoked)}
.allowed{color:var(--quiet)}
.legend{display:flex;flex-wrap:wrap;gap:.3rem 1.2rem;margin:.8rem 0 0;padding:0;list-style:none;font-size:.8125rem;color:var(--quiet)}
.legend svg{width:2.2rem;height:14px;vertical-align:-2px;margin-right:.35rem}
.badge{display:inline-block;font-size:.8125rem;font-weight:600;line-height:1.4;border-radius:1rem;padding:.1rem .6rem;border:1px solid var(--line);white-space:nowrap}
.badge.live{background:var(--live-soft);border-color:currentColor}
.badge.unknown{background:var(--unknown-soft);border-color:currentColor}
.badge.unchecked{background:var(--unchecked-soft);border-color:currentColor}
.badge.revoked{background:var(--revoked-soft);border-color:currentColor}
.head{display:flex;flex-wrap:wrap;gap:.4rem .6rem;align-items:center}
.head h3{margin-right:.3rem}
.filters{flex-wrap:wrap;gap:.7rem 1rem;align-items:end;margin:0 0 1rem}
.filters label{display:grid;gap:.15rem;font-size:.8125rem;color:var(--quiet)}
.filters label.grow{flex:1 1 12rem}
.filters output{flex-basis:100%;font-size:.875rem;color:var(--quiet)}
.token{content-visibility:auto;contain-intrinsic-size:auto 24rem;scroll-margin-top:1rem}
.token[hidden],.lane[hidden]{display:none}
.places{list-style:none;margin:.6rem 0 0;padding:0}
.places>li{padding:.45rem 0;border-top:1px solid var(--line)}
.places .facts{font-size:.875rem;color:var(--quiet)}
.columns{font-size:.9rem;display:grid;grid-template-columns:repeat(auto-fit,minmax(15rem,1fr));gap:0 1.5rem}
details{margin:.6rem 0 0}
summary{cursor:pointer;color:var(--link);font-size:.9rem;width:fit-content}
.facts-table{border-collapse:collapse;width:100%;font-size:.9rem}
.facts-table th,.facts-table td{text-align:left;vertical-align:top;padding:.3rem .8rem .3rem 0;border-top:1px solid var(--line);overflow-wrap:anywhere}
.facts-table th{font-weight:500;color:var(--quiet);width:11rem}
footer{margin-top:3rem;color:var(--quiet);font-size:.8125rem}
@media (max-width:40rem){
.wrap{padding:1rem .9rem 3rem}
.card{padding:.9rem}
.lane{grid-template-columns:1fr auto;gap:.1rem .6rem}
.lane>.track{grid-column:1/-1;grid-row:2}
.lane.axis>.gap{display:none}
.filters label{flex:1 1 8rem}
.filters select,.filters input{width:100%}
}
@media print{
:root,:root[data-theme=dark]{${LIGHT};--page:#fff}
html{font-size:12px}
.needs-script,.scripted .needs-script{display:none}
.card{break-inside:avoid-page}
.token{content-visibility:visible;break-inside:auto}
details::details-content{content-visibility:visible;display:block}
a{color:inherit;text-decoration:none}
}
@media (prefers-reduced-motion:no-preference){html{scroll-behavior:smooth}}
`;

// src/report/html/time-line.ts
var MAX_MARKS = 12;
var HOUR = 36e5;
var DAY = 24 * HOUR;
var MAX_TICKS = 5;
function spanOf({ introducedBy, removedBy }, now) {
  const timesOf = (commits) => commits.flatMap(({ date }) => {
    const time = Date.parse(date ?? "");
    return Number.isNaN(time) ? [] : [Math.min(Math.max(time, 0), now)];
  });
  const came = timesOf(introducedBy);
  if (came.length === 0) return null;
  const went = timesOf(removedBy);
  const from = Math.min(...came);
  const until = removedBy.length === 0 ? null : Math.max(from, ...went);
  const marks = [
    ...came.map((at) => ({ at, isRemoval: false })),
    ...went.map((at) => ({ at: Math.max(at, from), isRemoval: true }))
  ];
  return { from, until, marks: marks.slice(0, MAX_MARKS) };
}
function joinSpans(spans) {
  if (spans.length === 0) return null;
  const from = Math.min(...spans.map((span) => span.from));
  const isOpen = spans.some((span) => span.until === null);
  const until = isOpen ? null : Math.max(...spans.map((span) => span.until ?? 0));
  const marks = [{ at: from, isRemoval: false }, ...until === null ? [] : [{ at: until, isRemoval: true }]];
  return { from, until, marks };
}
var TimeAxis = class {
  #start;
  #end;
  constructor(start, now) {
    this.#start = Math.min(start, now - HOUR);
    this.#end = now;
  }
  /** One line; its words stand beside it. */
  bar({ from, until, marks }, tone) {
    const end = until ?? this.#end;
    const left = this.#x(from);
    return [
      `<svg class="bar ${tone}" aria-hidden="true">`,
      `<line class="rail" x1="0" x2="100%" y1="7" y2="7"/>`,
      ...until === null ? [] : [`<line class="past" x1="${this.#x(until)}%" x2="100%" y1="7" y2="7"/>`],
      `<rect class="span" x="${left}%" y="4" width="${round(Math.max(this.#x(end) - left, 0.4))}%" height="6" rx="3"/>`,
      ...marks.map(
        ({ at, isRemoval }) => `<circle class="${isRemoval ? "out" : "in"}" cx="${this.#x(at)}%" cy="7" r="4"/>`
      ),
      "</svg>"
    ].join("");
  }
  scale() {
    const ticks = this.#ticks();
    return [
      `<svg class="scale" aria-hidden="true">`,
      ...ticks.flatMap(({ at, label }) => {
        const x = this.#x(at);
        return [
          `<line x1="${x}%" x2="${x}%" y1="0" y2="4"/>`,
          `<text x="${x}%" y="16" text-anchor="${x < 6 ? "start" : "middle"}">${label}</text>`
        ];
      }),
      `<line x1="100%" x2="100%" y1="0" y2="4"/><text x="100%" y="16" text-anchor="end">today</text>`,
      "</svg>"
    ].join("");
  }
  #x(time) {
    const share = (time - this.#start) / (this.#end - this.#start);
    return round(1 + 99 * Math.min(Math.max(share, 0), 1));
  }
  #ticks() {
    const length = this.#end - this.#start;
    const isShown = ({ at }) => at >= this.#start && this.#x(at) < 86;
    if (length < 3 * DAY) {
      const step = stepOf(length / HOUR, [1, 2, 3, 6, 12, 24]) * HOUR;
      return every(this.#start, this.#end, step).filter(isShown);
    }
    if (length < 90 * DAY) {
      const step = stepOf(length / DAY, [1, 2, 5, 7, 14, 30]) * DAY;
      return every(this.#start, this.#end, step).filter(isShown);
    }
    const months = stepOf(length / (30 * DAY), [1, 2, 3, 6, 12, 24, 60, 120, 240]);
    const first = new Date(this.#start).getUTCFullYear();
    const last = new Date(this.#end).getUTCFullYear();
    const ticks = [];
    for (let month = 0; month <= (last - first + 1) * 12; month++) {
      const at = Date.UTC(first, month);
      if ((first * 12 + month) % months !== 0) continue;
      ticks.push({ at, label: new Date(at).toISOString().slice(0, months % 12 === 0 ? 4 : 7) });
    }
    return ticks.filter(isShown);
  }
};
function stepOf(units, steps) {
  return steps.find((step) => units / step <= MAX_TICKS) ?? steps.at(-1);
}
function every(start, end, step) {
  const ticks = [];
  for (let at = Math.ceil(start / step) * step; at < end; at += step) {
    const text = new Date(at).toISOString();
    ticks.push({ at, label: step < DAY ? `${text.slice(11, 16)} UTC` : text.slice(5, 10) });
  }
  return ticks;
}
function round(value) {
  return Math.round(value * 100) / 100;
}

// src/report/html/page.ts
var MAX_LANES = 30;
var OPEN_PLACES = 5;
var MAX_BARS = 12;
var MANY_TOKENS = 100;
var MAX_PLACES = 200;
var MAX_REFS = 3;
var OPEN_GAPS = 10;
function* formatHtml(report, options) {
  const counted = report.tokens.filter((token) => token.allowed === null).toSorted((a, b) => severity(a, READER) - severity(b, READER));
  const allowed = report.tokens.filter((token) => token.allowed !== null);
  const tokens = [...counted, ...allowed];
  const sentence = headline(counted, report.scan.complete);
  yield head(sentence);
  yield* intro(report, sentence, options);
  yield* gapSection(report.scan.incomplete);
  yield overview(counted, options);
  if (tokens.length > 0) {
    yield `<section aria-labelledby="tokens"><h2 id="tokens">Tokens</h2>
`;
    yield filters(tokens);
    const bars = tokens.length > MANY_TOKENS ? OPEN_PLACES : MAX_BARS;
    for (const [index, token] of tokens.entries()) yield* tokenCard(token, index, { ...options, bars });
    yield "</section>\n";
  }
  yield* coverageSection(report);
  yield* policySection(report);
  yield `<footer><p>Made by Keyrecall ${escapeForMarkup(report.tool.version)} on ${timeTag(new Date(options.now).toISOString())}. Tokens stand here in masked form only: prefix, public id and “…”. What Git's history says is what its commits say: authors and dates are theirs.</p></footer>
`;
  yield `</div>
<script>${SCRIPT}</script>
</body>
</html>
`;
}
var READER = { isPublic: false };
function head(sentence) {
  const policy = [
    "default-src 'none'",
    `style-src '${hashOf(STYLE)}'`,
    `script-src '${hashOf(SCRIPT)}'`,
    "base-uri 'none'",
    "form-action 'none'"
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
function hashOf(text) {
  return `sha256-${createHash("sha256").update(text).digest("base64")}`;
}
function headline(tokens, isComplete) {
  const gap = isComplete ? "" : ", and not everything could be read";
  if (tokens.length === 0) return `No leaked token found${gap}.`;
  return `${plural(tokens.length, "token")} found, ${stateSentence(tokens)}${gap}.`;
}
function stateSentence(tokens) {
  const count = (state) => tokens.filter(({ verdict }) => verdict.state === state).length;
  const [live, revoked, unknown, unchecked] = [count("live"), count("revoked"), count("unknown"), count("unchecked")];
  const all = tokens.length;
  if (unchecked === all) return "not verified";
  if (revoked === all) return all === 1 ? "revoked" : "all revoked";
  const open = [
    ...unknown > 0 ? [`${number(unknown)} could not be told`] : [],
    ...unchecked > 0 ? [`${number(unchecked)} not verified`] : []
  ];
  const works = live === 0 ? "none seen to work" : `${number(live)} still ${live === 1 ? "works" : "work"}`;
  return [works, ...open].join(", ");
}
function* intro({ scan, tokens }, sentence, { now }) {
  const source = SOURCES[scan.source];
  const range = scan.range === void 0 ? "" : ` <code>${escapeForMarkup(scan.range)}</code>`;
  yield `<header>
<div class="top"><span><strong>Keyrecall</strong> · ${timeTag(new Date(now).toISOString())}</span><span class="needs-script"><button type="button" id="theme">Dark colours</button></span></div>
</header>
<main>
<h1>${escapeForMarkup(sentence)}</h1>
<p class="quiet">Read: ${source}${range} (<code>${escapeForMarkup(scan.target)}</code>): ${escapeForMarkup(readingOf(scan))}</p>
`;
  if (tokens.some(({ allowed }) => allowed === null)) {
    yield `<p>A token that was pushed is leaked, also where a later commit takes it out again: only rotating it helps.</p>
`;
  }
}
var SOURCES = {
  history: "the whole history",
  range: "the commits",
  index: "what is staged",
  tree: "the files",
  stdin: "standard input"
};
function* gapSection(gaps) {
  if (gaps.length === 0) return;
  yield `<section class="card gaps" aria-labelledby="gaps"><h2 id="gaps">Not everything could be read</h2>
<p>A token can stand where nobody looked. ${escapeForMarkup(plural(gaps.length, "place"))}:</p>
<ul>
`;
  for (const gap of gaps.slice(0, OPEN_GAPS)) yield gapItem(gap);
  yield "</ul>\n";
  yield* moreItems(gaps.slice(OPEN_GAPS));
  yield "</section>\n";
}
function* moreItems(gaps) {
  if (gaps.length === 0) return;
  yield `<details><summary>${number(gaps.length)} more</summary><ul>
`;
  for (const gap of gaps) yield gapItem(gap);
  yield "</ul></details>\n";
}
function gapItem({ what, why }) {
  return `<li><code>${escapeForMarkup(what)}</code>: ${escapeForMarkup(why)}</li>
`;
}
function overview(tokens, { now }) {
  const rows = tokens.flatMap((token, index) => {
    const span = joinSpans(spansOf(token, now));
    return span === null ? [] : [{ token, index, span }];
  });
  if (rows.length === 0) return "";
  const axis = new TimeAxis(Math.min(...rows.map(({ span }) => span.from)), now);
  const lanes = rows.slice(0, MAX_LANES).map(
    ({ token, index, span }) => `<li class="lane" data-lane="${idOf(index)}"><a class="mono" href="#${idOf(index)}">${escapeForMarkup(token.masked)}</a><span class="track">${axis.bar(span, token.verdict.state)}</span><span class="small ${token.verdict.state}">${STATES[token.verdict.state]}</span></li>
`
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
var LEGEND = {
  place: `<svg aria-hidden="true"><rect class="span" x="2" y="4" width="31" height="6" rx="3"/></svg>`,
  history: `<svg aria-hidden="true"><line class="past" x1="2" x2="33" y1="7" y2="7"/></svg>`,
  in: `<svg aria-hidden="true"><circle class="in" cx="17" cy="7" r="4"/></svg>`,
  out: `<svg aria-hidden="true"><circle class="out" cx="17" cy="7" r="4"/></svg>`
};
function spansOf({ occurrences }, now) {
  return occurrences.flatMap((occurrence) => spanOf(occurrence, now) ?? []);
}
var STATES = {
  live: "still works",
  revoked: "revoked",
  unknown: "unknown",
  unchecked: "not verified"
};
function idOf(index) {
  return `token-${index + 1}`;
}
function filters(tokens) {
  const select = (name, label, options) => {
    if (options.length < 2) return "";
    const items = options.map(
      ([value, text]) => `<option value="${escapeForMarkup(value)}">${escapeForMarkup(text)}</option>`
    );
    return `<label>${label}<select name="${name}"><option value="">all</option>${items.join("")}</select></label>
`;
  };
  const distinct = (of) => [...new Set(tokens.map(of))].toSorted();
  const same = (values) => values.map((value) => [value, value]);
  return `<form id="filters" class="filters needs-script" role="search" aria-label="Filter the tokens">
<label class="grow">Search<input type="search" name="search" placeholder="path, author, commit, ref" autocomplete="off" spellcheck="false"></label>
${select("plane", "Plane", same(distinct(planeOf)))}${select(
    "verdict",
    "Verdict",
    distinct(({ verdict }) => verdict.state).map((state) => [state, STATES[state]])
  )}${select("confidence", "Confidence", same(distinct(({ confidence }) => confidence)))}${select(
    "allowed",
    "Allowed",
    distinct(isAllowed).map((value) => [value, value === "yes" ? "only allowed" : "not allowed"])
  )}<button type="reset">Show all</button>
<output id="shown" aria-live="polite"></output>
</form>
`;
}
function planeOf({ plane, rule }) {
  return plane ?? rule;
}
function isAllowed({ allowed }) {
  return allowed === null ? "no" : "yes";
}
function* tokenCard(token, index, options) {
  const { masked, plane, rule, confidence, verdict, allowed, publicId, fingerprint } = token;
  const kind = plane === null ? rule : `${plane} plane`;
  const data = `data-plane="${escapeForMarkup(planeOf(token))}" data-verdict="${verdict.state}" data-confidence="${confidence}" data-allowed="${isAllowed(token)}"`;
  yield `<article class="card token" id="${idOf(index)}" aria-labelledby="${idOf(index)}-name" ${data}>
<div class="head"><h3 id="${idOf(index)}-name"><code>${escapeForMarkup(masked)}</code></h3><span class="badge ${verdict.state}">${STATES[verdict.state]}</span><span class="badge">${escapeForMarkup(kind)}</span>${confidence === "suspect" ? `<span class="badge">suspect</span>` : ""}${allowed === null ? "" : `<span class="badge">allowed</span>`}</div>
${[...allowanceLines(token), ...verdictLines(token), ...atStake(token), ...misplacedLines(token)].join("")}`;
  yield* placesOf(token, options);
  yield `${rotationOf(token, options)}${// The hash of what can be guessed does not leave the machine.
  publicId === null ? "" : `<p class="small quiet">Fingerprint <code>${escapeForMarkup(fingerprint)}</code></p>
`}</article>
`;
}
function allowanceLines({ allowed, overruled }) {
  return [
    ...allowed === null ? [] : [`<p>Allowed ${ALLOWED_BY[allowed.by]}, and not counted: ${escapeForMarkup(allowed.reason)}</p>
`],
    ...overruled === null ? [] : [`<p>Allowed (${escapeForMarkup(overruled.reason)}), and counted all the same: it verifies live.</p>
`]
  ];
}
function verdictLines({ verdict }) {
  if (verdict.state === "unchecked") return [];
  const { api, checkedAt } = verdict;
  const asked = [
    // Most reasons name it.
    ...api === void 0 || verdict.reason.includes(api) ? [] : [`by <code>${escapeForMarkup(api)}</code>`],
    ...checkedAt === void 0 ? [] : [`on ${timeTag(checkedAt)}`]
  ];
  const note = asked.length === 0 ? "" : ` <span class="quiet">(told ${asked.join(" ")})</span>`;
  return [
    `<p><strong class="${verdict.state}">${sentenceStart(STATES[verdict.state])}</strong>: ${escapeForMarkup(verdict.reason)}${note}</p>
`
  ];
}
function atStake({ verdict, blastRadius }) {
  if (verdict.state === "revoked") return [];
  const { summary, can, cannot, workloads = [], notes = [] } = blastRadius;
  const list = (title, items) => items.length === 0 ? "" : `<div><h4>${title}</h4><ul>${items.map((item) => `<li>${escapeForMarkup(item)}</li>`).join("")}</ul></div>`;
  const lists = [
    list("Can", can),
    list("Cannot", cannot),
    list("At risk", workloadLines(workloads)),
    list("Notes", notes)
  ].join("");
  return [
    `<p>Whoever has it ${escapeForMarkup(summary)}.</p>
`,
    lists === "" ? "" : `<details${workloads.length > 0 ? " open" : ""}><summary>What a holder can do</summary><div class="columns">${lists}</div></details>
`
  ];
}
function misplacedLines({ misplaced }) {
  return misplaced.map((text) => `<p>Misplaced: ${escapeForMarkup(text)}.</p>
`);
}
function* placesOf(token, { now, bars }) {
  const { occurrences, verdict, allowed } = token;
  const spans = spansOf(token, now);
  const axis = spans.length === 0 ? null : new TimeAxis(Math.min(...spans.map(({ from }) => from)), now);
  const tone = allowed === null ? verdict.state : "allowed";
  const shown = occurrences.slice(0, MAX_PLACES);
  const item = (occurrence, position) => {
    const span = axis === null || position >= bars ? null : spanOf(occurrence, now);
    return placeItem(occurrence, span === null ? "" : axis.bar(span, tone));
  };
  yield `<h4>${escapeForMarkup(plural(occurrences.length, "place"))}</h4>
<ul class="places">
`;
  yield shown.slice(0, OPEN_PLACES).map((occurrence, position) => item(occurrence, position)).join("");
  yield "</ul>\n";
  if (axis !== null) yield `${axis.scale()}
`;
  if (shown.length <= OPEN_PLACES) return;
  yield `<details><summary>${number(occurrences.length - OPEN_PLACES)} more</summary>
<ul class="places">
`;
  for (const [position, occurrence] of shown.slice(OPEN_PLACES).entries())
    yield item(occurrence, OPEN_PLACES + position);
  yield "</ul>\n";
  const hidden = occurrences.length - shown.length;
  if (hidden > 0) yield `<p class="small">${number(hidden)} more are in the JSON report only.</p>
`;
  yield "</details>\n";
}
function placeItem(occurrence, bar) {
  const others = occurrence.paths.length - 1;
  const form = [...occurrence.encoding, ...formatsOf(occurrence.container)].join(", ");
  const facts = [
    ...form === "" ? [] : [escapeForMarkup(form)],
    ...occurrence.inlineMark ? ["marked keyrecall:allow"] : [],
    ...commitFacts("in with", occurrence.introducedBy),
    ...commitFacts("out with", occurrence.removedBy),
    ...refFacts(occurrence)
  ];
  return `<li><code>${escapeForMarkup(placeOf(occurrence))}</code>${others > 0 ? ` and ${escapeForMarkup(plural(others, "other path"))}` : ""}${facts.length === 0 ? "" : `<div class="facts">${facts.join(" · ")}</div>`}${bar}</li>
`;
}
function commitFacts(verb, commits) {
  const [first] = commits;
  if (first === void 0) return [];
  const author = first.author === null ? "" : ` by ${escapeForMarkup(first.author)}`;
  const date = first.date === null ? "" : `, ${timeTag(first.date)}`;
  const more = commits.length > 1 ? ` and ${escapeForMarkup(plural(commits.length - 1, "other commit"))}` : "";
  return [`${verb} <code>${escapeForMarkup(first.commit.slice(0, 12))}</code>${author}${date}${more}`];
}
function refFacts({ kind, refs, moreRefs = 0, reachable }) {
  if (kind === "ref-name" || kind === "reflog") return [];
  if (!reachable) return ["no ref reaches it"];
  if (refs.length === 0) return [];
  const shown = refs.slice(0, MAX_REFS).map((ref) => `<code>${escapeForMarkup(ref)}</code>`);
  const hidden = refs.length + moreRefs - shown.length;
  return [`on ${shown.join(", ")}${hidden > 0 ? ` and ${escapeForMarkup(plural(hidden, "other ref"))}` : ""}`];
}
function rotationOf({ rule, verdict, allowed }, { rotation }) {
  const steps = rotation.get(rule)?.steps ?? [];
  if (steps.length === 0 || verdict.state === "revoked" || allowed !== null) return "";
  return `<h4>Next</h4><ol>${steps.map((step) => `<li>${escapeForMarkup(step)}</li>`).join("")}</ol>
`;
}
function* coverageSection({ scan }) {
  const rows = [
    ["Source", SOURCES[scan.source]],
    ["Target", scan.target],
    ...scan.range === void 0 ? [] : [["Range", scan.range]],
    [
      "Complete",
      scan.complete ? "yes: everything was read" : `no: ${plural(scan.incomplete.length, "place")} not read`
    ],
    ...countsOf(scan).map(({ noun, count }) => [sentenceStart(`${noun}s`), number(count)]),
    ["Bytes", formatBytes(scan.coverage.bytes)]
  ];
  yield `<section aria-labelledby="coverage"><h2 id="coverage">What was read</h2>
<div class="card">
<table class="facts-table"><tbody>
${rows.map(([name, value]) => `<tr><th scope="row">${name}</th><td>${escapeForMarkup(value)}</td></tr>`).join("\n")}
</tbody></table>
`;
  const { skipped } = scan.coverage;
  if (skipped.length > 0) {
    yield `<h3 class="minor">Left out, as no part of it</h3>
<ul>
`;
    for (const gap of skipped.slice(0, OPEN_GAPS)) yield gapItem(gap);
    yield "</ul>\n";
    yield* moreItems(skipped.slice(OPEN_GAPS));
  }
  yield "</div>\n</section>\n";
}
function* policySection({ policy }) {
  const entries = [
    ...policy.expired.map((entry) => `expired: ${entry}`),
    ...policy.unused.map((entry) => `not needed: ${entry}`)
  ];
  if (entries.length > 0) {
    yield `<section aria-labelledby="policy"><h2 id="policy">Allowances to take out</h2>
<div class="card"><p>In <code>${escapeForMarkup(policy.file ?? "the configuration")}</code>:</p><ul>
`;
    for (const entry of entries) yield `<li>${escapeForMarkup(entry)}</li>
`;
    yield "</ul></div>\n</section>\n";
  }
  yield "</main>\n";
}
function timeTag(date) {
  const isDate = /^\d{4}-\d\d-\d\dT/.test(date);
  return isDate ? `<time datetime="${escapeForMarkup(date)}">${escapeForMarkup(date.slice(0, 10))}</time>` : escapeForMarkup(date);
}
function sentenceStart(text) {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
function number(count) {
  return count.toLocaleString("en");
}
export {
  formatHtml
};
