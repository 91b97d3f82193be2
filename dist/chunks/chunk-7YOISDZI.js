import {
  homeDirectory,
  loadUserConfiguration,
  readSecretFile
} from "./chunk-OHHAJD3F.js";
import {
  VERSION
} from "./chunk-352LF2GJ.js";
import {
  Verifier,
  isWorthKeeping
} from "./chunk-F2MDE6U4.js";
import {
  STEERING_CHARACTERS,
  escapeForTerminal
} from "./chunk-P4S6G3QW.js";
import {
  DEFAULT_API,
  requireApiUrl,
  requireSecureUrl
} from "./chunk-RMH7QLIH.js";
import {
  KeyrecallError
} from "./chunk-U52VU3KD.js";
import {
  __commonJS,
  __toESM
} from "./chunk-SEWDMQ6Q.js";

// node_modules/picocolors/picocolors.js
var require_picocolors = __commonJS({
  "node_modules/picocolors/picocolors.js"(exports, module) {
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
    const said = provider === null || provider.status === "pending" ? [] : [
      `  ${providerName} said: ${provider.status}${provider.message === null ? "" : ` (${escapeForTerminal(provider.message)})`}`
    ];
    const isLie = state === "still-live" && (provider?.status === "revoked" || provider?.status === "already");
    return [
      `${colors.bold(token.masked)}  ${kindOf(token)} · ${STATE_WORDS[state](colors)}${timeOf(report)}`,
      `  ${escapeForTerminal(verdict.reason)}`,
      ...said,
      ...isLie ? [
        colors.red(
          `  ${providerName} says that it is revoked, and it is not: the API still accepts it. Revoke it in the dashboard now.`
        )
      ] : [],
      ""
    ].join("\n");
  }).join("\n");
}
function blastRadiusLines({ summary, can, cannot, workloads = [], notes = [] }) {
  return [
    `  Whoever has it ${escapeForTerminal(summary)}.`,
    ...can.map((one) => `    can     ${one}`),
    ...cannot.map((one) => `    cannot  ${one}`),
    ...workloads.slice(0, MAX_WORKLOADS).map((workload) => `    at risk ${escapeForTerminal(describeWorkload(workload))}`),
    ...workloads.length > MAX_WORKLOADS ? [`    … and ${workloads.length - MAX_WORKLOADS} more workloads`] : [],
    ...notes.map((note) => `    note    ${escapeForTerminal(note)}`)
  ];
}
var MAX_WORKLOADS = 20;
function describeWorkload({ project, slug, task, model, backend, gpu }) {
  const facts = [task, model, backend, gpu ? "GPUs provisioned" : "no GPU"].filter((fact) => fact !== null);
  return `${project}/${slug} (${facts.join(", ")})`;
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
  return containedAfterMs === null ? "" : ` after ${(containedAfterMs / 1e3).toFixed(1)} s`;
}

// src/cli/colors.ts
var import_picocolors = __toESM(require_picocolors(), 1);
function colorsFor(isWanted, toFile = false) {
  const isTerminal = !toFile && process.stdout.isTTY && process.env["TERM"] !== "dumb";
  return import_picocolors.default.createColors(isTerminal && isWanted && (process.env["NO_COLOR"] ?? "") === "");
}

// src/cli/commands/verification-options.ts
import path2 from "node:path";

// src/cli/verdict-cache-file.ts
import { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
var MAX_FILE_BYTES = 16 * 1024 * 1024;
function defaultCacheFile() {
  const home = homeDirectory();
  return home === null ? null : path.join(home, ".cache", "keyrecall", "verdicts.json");
}
var VerdictCacheFile = class {
  #file;
  #entries;
  #isChanged = false;
  constructor(file) {
    this.#file = file;
    this.#entries = readEntries(file);
  }
  get(api, fingerprint) {
    return this.#entries.get(`${api} ${fingerprint}`) ?? null;
  }
  set(api, fingerprint, verdict) {
    this.#entries.set(`${api} ${fingerprint}`, verdict);
    this.#isChanged = true;
  }
  /** Writes what still holds. That this fails costs a question the next time, and nothing else. */
  save() {
    if (!this.#isChanged) return;
    const now = Date.now();
    const verdicts = [...this.#entries].filter(([, verdict]) => isWorthKeeping(verdict, now));
    try {
      mkdirSync(path.dirname(this.#file), { recursive: true, mode: 448 });
      const temporary = `${this.#file}.${process.pid}`;
      writeFileSync(temporary, JSON.stringify({ schema: 1, verdicts: Object.fromEntries(verdicts) }), { mode: 384 });
      renameSync(temporary, this.#file);
    } catch {
    }
  }
};
function readEntries(file) {
  const entries = /* @__PURE__ */ new Map();
  try {
    const stat = statSync(file);
    const isOwn = process.getuid === void 0 || stat.uid === process.getuid() && (stat.mode & 18) === 0;
    if (!isOwn || stat.size > MAX_FILE_BYTES) return entries;
    const { schema, verdicts } = JSON.parse(readFileSync(file, "utf8"));
    if (schema !== 1) return entries;
    for (const [key, value] of Object.entries(verdicts)) {
      const verdict = readVerdict(value);
      if (verdict !== null) entries.set(key, verdict);
    }
  } catch {
  }
  return entries;
}
function readVerdict({ state, reason, checkedAt, lastLive }) {
  if (state !== "live" && state !== "revoked") return null;
  if (typeof reason !== "string" || typeof checkedAt !== "string") return null;
  const { route, at } = lastLive ?? {};
  const evidence = typeof route === "string" && typeof at === "string" ? { route, at } : null;
  return { state, reason, checkedAt, lastLive: evidence };
}

// src/cli/commands/verification-options.ts
var USER_AGENT = `keyrecall/${VERSION}`;
async function startVerification(flags, options) {
  const user = await loadUserConfiguration(flags.userConfig ?? null);
  const projects = [.../* @__PURE__ */ new Set([...flags.project ?? [], ...user?.configuration.projects ?? []])];
  const workloads = [.../* @__PURE__ */ new Set([...flags.workload ?? [], ...user?.configuration.workloads ?? []])];
  requireEndpoints(flags.workload ?? []);
  const file = typeof flags.cache === "string" ? flags.cache : flags.cache === false ? null : defaultCacheFile();
  const cache = file === null ? null : new VerdictCacheFile(file);
  const verifier = new Verifier({
    baseUrl: baseUrlOf(flags, user),
    userAgent: USER_AGENT,
    projects,
    workloads,
    ...cache === null ? {} : { cache },
    ...options
  });
  const close = async () => {
    cache?.save();
    await verifier.close();
  };
  return { verifier, projects, user, close };
}
function baseUrlOf(flags, user) {
  if (flags.baseUrl !== void 0) return requireApiUrl(flags.baseUrl, "option");
  const configured = user?.configuration.baseUrl;
  if (configured !== void 0) return requireApiUrl(configured, "configuration");
  const named = process.env["INFERENCEKEY_BASE_URL"]?.trim() ?? "";
  return named === "" ? DEFAULT_API : requireApiUrl(named, "environment");
}
function requireEndpoints(workloads) {
  for (const workload of workloads) {
    if (/^[^/\s]+\/[^/\s]+$/.test(workload)) continue;
    throw new KeyrecallError("usage", `--workload ${workload}: not a workload of a project`, {
      hint: "write it as project/workload"
    });
  }
}
async function openProvider(flags, user, signal) {
  const configured = user?.configuration.revocation;
  const url = flags.revocationUrl ?? configured?.url;
  const kind = flags.provider ?? (url === void 0 ? "manual" : "http");
  if (kind === "manual") {
    const { ManualProvider } = await import("./manual-provider-7MYKK5VU.js");
    return new ManualProvider();
  }
  if (url === void 0) {
    throw new KeyrecallError("usage", "--provider http needs the address of a provider", {
      hint: "give --revocation-url, or `revocation` in the user configuration; docs/revocation-api.md has the contract"
    });
  }
  const files = flags.secretFile ?? (configured?.secretFiles ?? []).map((file) => path2.resolve(path2.dirname(user.file), file));
  if (files.length === 0 || files.length > 2) {
    throw new KeyrecallError("usage", "a provider needs one secret, or two while one takes the other's place", {
      hint: "give --secret-file FILE"
    });
  }
  const { HttpProvider } = await import("./http-provider-46CJQJTQ.js");
  const address = requireSecureUrl(url, flags.revocationUrl === void 0 ? "the revocation URL" : "--revocation-url");
  return new HttpProvider({ url: address, secrets: files.map(readSecretFile), userAgent: USER_AGENT, signal });
}

export {
  formatJson,
  toJson,
  verificationJson,
  verificationText,
  revocationJson,
  revocationText,
  blastRadiusLines,
  verdictWord,
  colorsFor,
  startVerification,
  openProvider
};
