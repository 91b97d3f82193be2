import {
  Verifier,
  isWorthKeeping
} from "./chunk-DH6TFNSH.js";
import {
  DEFAULT_API,
  requireApiUrl,
  requireSecureUrl
} from "./chunk-EKP7VN57.js";
import {
  readOwnFile,
  replaceOwnFile
} from "./chunk-HWHZQRO4.js";
import {
  homeDirectory,
  loadUserConfiguration,
  readSecretFile
} from "./chunk-XTIAGWPS.js";
import {
  builtinRules
} from "./chunk-A5SOBSKO.js";
import {
  VERSION
} from "./chunk-6Q7DFGK3.js";
import {
  isEndpoint,
  isSlug
} from "./chunk-BNOIKOU6.js";
import {
  Detector
} from "./chunk-O7S4ABFV.js";
import {
  compileRules
} from "./chunk-LCFWLN64.js";
import {
  KeyrecallError
} from "./chunk-U52VU3KD.js";

// src/cli/commands/verification-options.ts
import path2 from "node:path";

// src/cli/verdict-cache-file.ts
import { mkdirSync } from "node:fs";
import path from "node:path";
var MAX_FILE_BYTES = 16 * 1024 * 1024;
function defaultCacheFile() {
  const home = homeDirectory();
  return home === null ? null : path.join(home, ".cache", "keyrecall", "verdicts.json");
}
var VerdictCacheFile = class {
  #file;
  #entries;
  #changed = /* @__PURE__ */ new Set();
  constructor(file) {
    this.#file = file;
    this.#entries = readEntries(file);
  }
  get(api, fingerprint) {
    return this.#entries.get(`${api} ${fingerprint}`) ?? null;
  }
  set(api, fingerprint, verdict) {
    const key = `${api} ${fingerprint}`;
    this.#entries.set(key, verdict);
    this.#changed.add(key);
  }
  /** Writes what still holds. That this fails costs a question the next time, and nothing else. */
  save() {
    if (this.#changed.size === 0) return;
    const all = readEntries(this.#file);
    for (const key of this.#changed) all.set(key, this.#entries.get(key));
    const now = Date.now();
    const verdicts = [...all].filter(([, verdict]) => isWorthKeeping(verdict, now));
    const text = JSON.stringify({ schema: 1, verdicts: Object.fromEntries(verdicts) });
    try {
      mkdirSync(path.dirname(this.#file), { recursive: true, mode: 448 });
      replaceOwnFile(this.#file, text);
    } catch {
    }
    this.#changed.clear();
  }
};
function readEntries(file) {
  const entries = /* @__PURE__ */ new Map();
  try {
    const text = readOwnFile(file, MAX_FILE_BYTES).toString("utf8");
    const { schema, verdicts } = JSON.parse(text);
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
  return { state, reason, checkedAt, lastLive: readLastLive(lastLive ?? {}) };
}
function readLastLive({ route, at, control }) {
  if (typeof route !== "string" || typeof at !== "string" || typeof control !== "string") return null;
  return { route, at, control };
}

// src/cli/commands/verification-options.ts
var USER_AGENT = `keyrecall/${VERSION}`;
async function startVerification(flags, options) {
  const user = await loadUserConfiguration(flags.userConfig ?? null);
  const projects = [.../* @__PURE__ */ new Set([...flags.project ?? [], ...user?.configuration.projects ?? []])];
  const workloads = [.../* @__PURE__ */ new Set([...flags.workload ?? [], ...user?.configuration.workloads ?? []])];
  requireSlugs(flags);
  const baseUrl = baseUrlOf(flags, user);
  requireNoToken([...projects, ...workloads, baseUrl]);
  const file = typeof flags.cache === "string" ? flags.cache : flags.cache === false ? null : defaultCacheFile();
  const cache = file === null ? null : new VerdictCacheFile(file);
  const verifier = new Verifier({
    baseUrl,
    userAgent: USER_AGENT,
    projects,
    workloads,
    ...cache === null ? {} : { cache },
    ...flags.timeout === void 0 ? {} : { timeoutMs: flags.timeout * 1e3 },
    ...options
  });
  const close = async () => {
    cache?.save();
    await verifier.close();
  };
  return { verifier, own: { projects, workloads }, user, close };
}
function baseUrlOf(flags, user) {
  if (flags.baseUrl !== void 0) return requireApiUrl(flags.baseUrl, "option");
  const configured = user?.configuration.baseUrl;
  if (configured !== void 0) return requireApiUrl(configured, "configuration");
  const named = process.env["INFERENCEKEY_BASE_URL"]?.trim() ?? "";
  return named === "" ? DEFAULT_API : requireApiUrl(named, "environment");
}
function requireNoToken(parts) {
  const detector = new Detector(compileRules(builtinRules));
  if (parts.every((part) => detector.find(Buffer.from(part)).length === 0)) return;
  throw new KeyrecallError("usage", "a token stands where an address, a project or a workload is named", {
    hint: "tokens come from standard input; this one was sent nowhere, but it may stand in the shell's history"
  });
}
function requireSlugs({ project = [], workload = [] }) {
  const wrongProject = project.find((name) => !isSlug(name));
  if (wrongProject !== void 0) {
    throw new KeyrecallError("usage", `--project ${wrongProject}: not the slug of a project`, {
      hint: "write it as it stands in the dashboard's address"
    });
  }
  const wrongWorkload = workload.find((name) => !isEndpoint(name));
  if (wrongWorkload !== void 0) {
    throw new KeyrecallError("usage", `--workload ${wrongWorkload}: not a workload of a project`, {
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
  requireNoToken([url]);
  const { HttpProvider } = await import("./http-provider-4YXHQPIM.js");
  const address = requireSecureUrl(url, flags.revocationUrl === void 0 ? "the revocation URL" : "--revocation-url");
  return new HttpProvider({ url: address, secrets: files.map(readSecretFile), userAgent: USER_AGENT, signal });
}

export {
  startVerification,
  openProvider
};
