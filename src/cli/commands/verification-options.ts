/** From flags, environment and the user's own configuration to a verifier and a provider. */
import path from "node:path";
import { type LoadedUserConfiguration, loadUserConfiguration, readSecretFile } from "../../config/load.ts";
import { isEndpoint, isSlug } from "../../core/api-hints.ts";
import { KeyrecallError } from "../../core/errors.ts";
import { VERSION } from "../../core/version.generated.ts";
import { Detector } from "../../detect/detector.ts";
import type { OwnThings } from "../../respond/blast-radius.ts";
import type { RevocationProvider } from "../../respond/revocation/provider.ts";
import { builtinRules } from "../../rules/builtin.generated.ts";
import { compileRules } from "../../rules/ruleset.ts";
import { DEFAULT_API, requireApiUrl, requireSecureUrl } from "../../verify/api-url.ts";
import { Verifier, type VerifierOptions } from "../../verify/verifier.ts";
import { defaultCacheFile, VerdictCacheFile } from "../verdict-cache-file.ts";

export interface VerificationFlags {
  readonly baseUrl?: string;
  readonly project?: string[];
  readonly workload?: string[];
  readonly userConfig?: string;
  /** Seconds for one token. */
  readonly timeout?: number;
  /** A file, true for the usual one, false for none. */
  readonly cache?: string | boolean;
}

export interface Verification {
  readonly verifier: Verifier;
  readonly own: OwnThings;
  readonly user: LoadedUserConfiguration | null;
  /** Ends connections and writes the cache. */
  readonly close: () => Promise<void>;
}

const USER_AGENT = `keyrecall/${VERSION}`;

/** @throws {KeyrecallError} before anything is sent, where a token must not go there */
export async function startVerification(
  flags: VerificationFlags,
  options: Pick<VerifierOptions, "signal" | "onProgress" | "reusesAnswers">,
): Promise<Verification> {
  const user = await loadUserConfiguration(flags.userConfig ?? null);
  const projects = [...new Set([...(flags.project ?? []), ...(user?.configuration.projects ?? [])])];
  const workloads = [...new Set([...(flags.workload ?? []), ...(user?.configuration.workloads ?? [])])];
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
    ...(cache === null ? {} : { cache }),
    ...(flags.timeout === undefined ? {} : { timeoutMs: flags.timeout * 1000 }),
    ...options,
  });
  const close = async (): Promise<void> => {
    cache?.save();
    await verifier.close();
  };
  return { verifier, own: { projects, workloads }, user, close };
}

function baseUrlOf(flags: VerificationFlags, user: LoadedUserConfiguration | null): string {
  if (flags.baseUrl !== undefined) return requireApiUrl(flags.baseUrl, "option");
  const configured = user?.configuration.baseUrl;
  if (configured !== undefined) return requireApiUrl(configured, "configuration");
  const named = process.env["INFERENCEKEY_BASE_URL"]?.trim() ?? "";
  // A blank variable counts as unset, as in the vendor's SDK.
  return named === "" ? DEFAULT_API : requireApiUrl(named, "environment");
}

/** A token in an address would stand in the logs of every server and proxy on the way. */
function requireNoToken(parts: readonly string[]): void {
  const detector = new Detector(compileRules(builtinRules));
  if (parts.every((part) => detector.find(Buffer.from(part)).length === 0)) return;
  throw new KeyrecallError("usage", "a token stands where an address, a project or a workload is named", {
    hint: "tokens come from standard input; this one was sent nowhere, but it may stand in the shell's history",
  });
}

/** They become a part of the address that is asked, where `..` would lead elsewhere. */
function requireSlugs({ project = [], workload = [] }: VerificationFlags): void {
  const wrongProject = project.find((name) => !isSlug(name));
  if (wrongProject !== undefined) {
    throw new KeyrecallError("usage", `--project ${wrongProject}: not the slug of a project`, {
      hint: "write it as it stands in the dashboard's address",
    });
  }
  const wrongWorkload = workload.find((name) => !isEndpoint(name));
  if (wrongWorkload !== undefined) {
    throw new KeyrecallError("usage", `--workload ${wrongWorkload}: not a workload of a project`, {
      hint: "write it as project/workload",
    });
  }
}

export interface ProviderFlags {
  readonly provider?: "http" | "manual";
  readonly revocationUrl?: string;
  readonly secretFile?: string[];
}

/** @throws {KeyrecallError} `usage` or `configuration` */
export async function openProvider(
  flags: ProviderFlags,
  user: LoadedUserConfiguration | null,
  signal: AbortSignal,
): Promise<RevocationProvider> {
  const configured = user?.configuration.revocation;
  const url = flags.revocationUrl ?? configured?.url;
  const kind = flags.provider ?? (url === undefined ? "manual" : "http");
  if (kind === "manual") {
    const { ManualProvider } = await import("../../respond/revocation/manual-provider.ts");
    return new ManualProvider();
  }
  if (url === undefined) {
    throw new KeyrecallError("usage", "--provider http needs the address of a provider", {
      hint: "give --revocation-url, or `revocation` in the user configuration; docs/revocation-api.md has the contract",
    });
  }
  const files =
    flags.secretFile ?? (configured?.secretFiles ?? []).map((file) => path.resolve(path.dirname(user!.file), file));
  if (files.length === 0 || files.length > 2) {
    throw new KeyrecallError("usage", "a provider needs one secret, or two while one takes the other's place", {
      hint: "give --secret-file FILE",
    });
  }
  requireNoToken([url]);
  const { HttpProvider } = await import("../../respond/revocation/http-provider.ts");
  const address = requireSecureUrl(url, flags.revocationUrl === undefined ? "the revocation URL" : "--revocation-url");
  return new HttpProvider({ url: address, secrets: files.map(readSecretFile), userAgent: USER_AGENT, signal });
}
