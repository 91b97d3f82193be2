import {
  STEERING_CHARACTERS,
  escapeForTerminal
} from "./chunk-2VCEG26J.js";
import {
  __commonJS,
  __toESM
} from "./chunk-SEWDMQ6Q.js";

// ../app/node_modules/picocolors/picocolors.js
var require_picocolors = __commonJS({
  "../app/node_modules/picocolors/picocolors.js"(exports, module) {
    var p = process || {};
    var argv = p.argv || [];
    var env = p.env || {};
    var isColorSupported = !(!!env.NO_COLOR || argv.includes("--no-color")) && (!!env.FORCE_COLOR || argv.includes("--color") || p.platform === "win32" || (p.stdout || {}).isTTY && env.TERM !== "dumb" || !!env.CI);
    var formatter = (open, close, replace = open) => (input) => {
      let string = "" + input, index = string.indexOf(close, open.length);
      return ~index ? open + replaceClose(string, close, replace, index) + close : open + string + close;
    };
    var replaceClose = (string, close, replace, index) => {
      let result = "", cursor = 0;
      do {
        result += string.substring(cursor, index) + replace;
        cursor = index + close.length;
        index = string.indexOf(close, cursor);
      } while (~index);
      return result + string.substring(cursor);
    };
    var createColors = (enabled = isColorSupported) => {
      let f = enabled ? formatter : () => String;
      return {
        isColorSupported: enabled,
        reset: f("\x1B[0m", "\x1B[0m"),
        bold: f("\x1B[1m", "\x1B[22m", "\x1B[22m\x1B[1m"),
        dim: f("\x1B[2m", "\x1B[22m", "\x1B[22m\x1B[2m"),
        italic: f("\x1B[3m", "\x1B[23m"),
        underline: f("\x1B[4m", "\x1B[24m"),
        inverse: f("\x1B[7m", "\x1B[27m"),
        hidden: f("\x1B[8m", "\x1B[28m"),
        strikethrough: f("\x1B[9m", "\x1B[29m"),
        black: f("\x1B[30m", "\x1B[39m"),
        red: f("\x1B[31m", "\x1B[39m"),
        green: f("\x1B[32m", "\x1B[39m"),
        yellow: f("\x1B[33m", "\x1B[39m"),
        blue: f("\x1B[34m", "\x1B[39m"),
        magenta: f("\x1B[35m", "\x1B[39m"),
        cyan: f("\x1B[36m", "\x1B[39m"),
        white: f("\x1B[37m", "\x1B[39m"),
        gray: f("\x1B[90m", "\x1B[39m"),
        bgBlack: f("\x1B[40m", "\x1B[49m"),
        bgRed: f("\x1B[41m", "\x1B[49m"),
        bgGreen: f("\x1B[42m", "\x1B[49m"),
        bgYellow: f("\x1B[43m", "\x1B[49m"),
        bgBlue: f("\x1B[44m", "\x1B[49m"),
        bgMagenta: f("\x1B[45m", "\x1B[49m"),
        bgCyan: f("\x1B[46m", "\x1B[49m"),
        bgWhite: f("\x1B[47m", "\x1B[49m"),
        blackBright: f("\x1B[90m", "\x1B[39m"),
        redBright: f("\x1B[91m", "\x1B[39m"),
        greenBright: f("\x1B[92m", "\x1B[39m"),
        yellowBright: f("\x1B[93m", "\x1B[39m"),
        blueBright: f("\x1B[94m", "\x1B[39m"),
        magentaBright: f("\x1B[95m", "\x1B[39m"),
        cyanBright: f("\x1B[96m", "\x1B[39m"),
        whiteBright: f("\x1B[97m", "\x1B[39m"),
        bgBlackBright: f("\x1B[100m", "\x1B[49m"),
        bgRedBright: f("\x1B[101m", "\x1B[49m"),
        bgGreenBright: f("\x1B[102m", "\x1B[49m"),
        bgYellowBright: f("\x1B[103m", "\x1B[49m"),
        bgBlueBright: f("\x1B[104m", "\x1B[49m"),
        bgMagentaBright: f("\x1B[105m", "\x1B[49m"),
        bgCyanBright: f("\x1B[106m", "\x1B[49m"),
        bgWhiteBright: f("\x1B[107m", "\x1B[49m")
      };
    };
    module.exports = createColors();
    module.exports.createColors = createColors;
  }
});

// src/report/json.ts
function* formatJson(report) {
  const { tokens, ...rest } = report;
  yield* withList(rest, "tokens", tokens, formatToken, "");
  yield "\n";
}
function* formatToken(token, indent) {
  const { occurrences, ...rest } = token;
  yield* withList(rest, "occurrences", occurrences, formatValue, indent);
}
function* formatValue(value, indent) {
  yield toJson(value).replaceAll("\n", `
${indent}`);
}
function* withList(fields, name, items, format, indent) {
  const text = toJson(fields).replaceAll("\n", `
${indent}`);
  yield text.slice(0, text.lastIndexOf("\n"));
  if (items.length === 0) {
    yield `,
${indent}  "${name}": []
${indent}}`;
    return;
  }
  yield `,
${indent}  "${name}": [`;
  const itemIndent = `${indent}    `;
  for (const [position, item] of items.entries()) {
    yield position === 0 ? `
${itemIndent}` : `,
${itemIndent}`;
    yield* format(item, itemIndent);
  }
  yield `
${indent}  ]
${indent}}`;
}
function toJson(value) {
  return JSON.stringify(value, null, 2).replace(
    STEERING_CHARACTERS,
    (character) => character === "\n" ? character : `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`
  );
}

// src/report/verification.ts
function verificationJson(reports) {
  const tokens = reports.map(({ token, verdict, blastRadius }) => ({ ...identityOf(token), verdict, blastRadius }));
  return `${toJson({ schema: 1, tokens })}
`;
}
function verificationText(reports, colors) {
  return reports.map(
    ({ token, verdict, blastRadius }) => [
      `${colors.bold(token.masked)}  ${kindOf(token)} · ${verdictWord(verdict, colors)}`,
      `  ${escapeForTerminal(verdict.reason)}`,
      ...verdict.state === "revoked" ? [] : blastRadiusLines(blastRadius),
      ""
    ].join("\n")
  ).join("\n");
}
function revocationJson(reports, providerName) {
  const tokens = reports.map((report) => ({
    ...identityOf(report.token),
    state: report.state,
    before: report.before,
    verdict: report.verdict,
    provider: report.provider === null ? null : { name: providerName, ...report.provider },
    containedAfterMs: report.containedAfterMs
  }));
  return `${toJson({ schema: 1, tokens })}
`;
}
function revocationText(reports, providerName, colors) {
  return reports.map((report) => {
    const { token, state, provider, verdict } = report;
    const contradiction = contradictionOf(report, providerName);
    return [
      `${colors.bold(token.masked)}  ${kindOf(token)} · ${STATE_WORDS[state](colors)}${timeOf(report)}`,
      `  ${escapeForTerminal(verdict.reason)}`,
      ...state === "already-dead" ? [`  ${ALREADY_DEAD}`] : [],
      ...state === "not-revoked" ? [`  It would be revoked through ${providerName}.`] : [],
      ...provider === null || isSilent(provider) ? [] : [`  ${providerName} said: ${describeResult(provider)}`],
      ...contradiction === null ? [] : [`  ${colors.red(contradiction)}`],
      ""
    ].join("\n");
  }).join("\n");
}
var ALREADY_DEAD = "Nobody was asked to revoke it. If it is for another API of InferenceKey, name that: --base-url";
function contradictionOf({ state, provider }, providerName) {
  if (state !== "still-live" || provider?.status !== "revoked" && provider?.status !== "already") return null;
  return `${providerName} says that it is revoked, and it is not: the API still accepts it. Revoke it in the dashboard now.`;
}
function isSilent({ status, message }) {
  return status === "pending" && message === null;
}
function describeResult({ status, message }) {
  return `${status}${message === null ? "" : ` (${escapeForTerminal(message)})`}`;
}
function blastRadiusLines({ summary, can, cannot, workloads = [], notes = [] }) {
  return [
    `  Whoever has it ${escapeForTerminal(summary)}.`,
    ...can.map((one) => `    can     ${escapeForTerminal(one)}`),
    ...cannot.map((one) => `    cannot  ${escapeForTerminal(one)}`),
    ...workloadLines(workloads).map((line) => `    at risk ${escapeForTerminal(line)}`),
    ...notes.map((note) => `    note    ${escapeForTerminal(note)}`)
  ];
}
var MAX_WORKLOADS = 20;
function workloadLines(workloads) {
  const lines = workloads.slice(0, MAX_WORKLOADS).map(({ project, slug, task, model, backend, gpu }) => {
    const facts = [task, model, backend, gpu ? "GPUs provisioned" : "no GPU"].filter((fact) => fact !== null);
    return `${project}/${slug} (${facts.join(", ")})`;
  });
  const hidden = workloads.length - lines.length;
  return hidden > 0 ? [...lines, `and ${hidden} more (all of them with --format json)`] : lines;
}
function identityOf({ fingerprint, rule, plane, publicId, masked, confidence }) {
  return { fingerprint, rule, plane, publicId, masked, confidence };
}
function kindOf({ plane, rule }) {
  return plane === null ? rule : `${plane} plane`;
}
function verdictWord({ state }, colors) {
  switch (state) {
    case "live":
      return colors.red(colors.bold("live"));
    case "revoked":
      return colors.green("revoked");
    case "unknown":
      return colors.yellow("unknown");
    case "unchecked":
      return "not verified";
  }
}
var STATE_WORDS = {
  contained: (colors) => colors.green("contained"),
  "already-dead": (colors) => colors.green("already dead"),
  dead: (colors) => colors.green("dead (not seen live before)"),
  "still-live": (colors) => colors.red(colors.bold("still live")),
  unconfirmed: (colors) => colors.yellow("unconfirmed"),
  "not-revoked": (colors) => colors.yellow("would be revoked")
};
function timeOf({ containedAfterMs }) {
  if (containedAfterMs === null) return "";
  return containedAfterMs < 1e3 ? ` after ${containedAfterMs} ms` : ` after ${(containedAfterMs / 1e3).toFixed(1)} s`;
}

// src/cli/colors.ts
var import_picocolors = __toESM(require_picocolors(), 1);
function colorsFor(isWanted, toFile = false) {
  const isTerminal = !toFile && process.stdout.isTTY && process.env["TERM"] !== "dumb";
  return import_picocolors.default.createColors(isTerminal && isWanted && (process.env["NO_COLOR"] ?? "") === "");
}

export {
  formatJson,
  toJson,
  verificationJson,
  verificationText,
  revocationJson,
  revocationText,
  contradictionOf,
  describeResult,
  blastRadiusLines,
  workloadLines,
  identityOf,
  verdictWord,
  colorsFor
};
