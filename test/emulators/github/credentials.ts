// Who asks: an App by a JWT, an installation by its token, a user by theirs, or nobody.
import { createHash, createPublicKey, createVerify, generateKeyPairSync, randomBytes, randomUUID } from "node:crypto";
import { parseJson, isRecord } from "../http/request-body.ts";
import { GitHubError } from "./github-error.ts";
import type { Account, Installation, Permissions } from "./world/entities.ts";

export interface InstallationToken {
  readonly installation: Installation;
  readonly permissions: Permissions;
  /** All that the installation covers, unless it was narrowed down. */
  readonly repositories: ReadonlySet<number> | "all";
  readonly expiresAt: Date;
}

export type Principal =
  | { readonly kind: "anonymous" }
  | { readonly kind: "app" }
  | { readonly kind: "installation"; readonly token: InstallationToken }
  | { readonly kind: "user"; readonly account: Account };

/** Making one takes a while; all emulators of a process share it. */
let defaultKey: string | undefined;

export type TokenFormat = "stateless" | "opaque";

const LONGEST_JWT_SECONDS = 600;
const badCredentials = new GitHubError(401, "Bad credentials");

export class Credentials {
  readonly appId: number;
  readonly clientId: string;
  readonly privateKeyPem: string;
  private readonly publicKey;
  private readonly installationTokens = new Map<string, InstallationToken>();
  private readonly userTokens = new Map<string, Account>();
  private readonly codes = new Set<string>();
  /** How far the clock of GitHub is ahead of the App's. */
  clockSkewSeconds = 0;

  constructor(app: { readonly id: number; readonly clientId: string; readonly privateKey?: string }) {
    this.appId = app.id;
    this.clientId = app.clientId;
    this.privateKeyPem = app.privateKey ?? (defaultKey ??= makePrivateKey());
    this.publicKey = createPublicKey(this.privateKeyPem);
  }

  /** @param header the value of `Authorization` */
  identify(header: string | undefined): Principal {
    const raw = secretOf(header);
    if (raw === undefined) return { kind: "anonymous" };
    if (isAppJwt(raw)) {
      this.verifyJwt(raw);
      return { kind: "app" };
    }
    const account = this.userTokens.get(digest(raw));
    if (account !== undefined) return { kind: "user", account };
    const token = this.installationTokens.get(digest(raw));
    if (token === undefined || token.expiresAt.getTime() <= Date.now()) throw badCredentials;
    if (token.installation.isDeleted) throw badCredentials;
    if (token.installation.suspendedAt !== null) throw new GitHubError(403, "This installation has been suspended");
    return { kind: "installation", token };
  }

  /** What a manifest is traded in by. */
  mintCode(): string {
    const raw = randomBytes(20).toString("hex");
    this.codes.add(digest(raw));
    return raw;
  }

  /** @returns whether it was good; it is so one time */
  spendCode(raw: string): boolean {
    return this.codes.delete(digest(raw));
  }

  mintInstallationToken(token: InstallationToken, format: TokenFormat): string {
    const raw =
      format === "opaque"
        ? `ghs_${randomBytes(27).toString("base64url").replaceAll(/[-_]/g, "x")}`
        : this.stateless(token);
    this.installationTokens.set(digest(raw), token);
    return raw;
  }

  mintUserToken(account: Account): string {
    const raw = `ghp_${randomBytes(27).toString("base64url").replaceAll(/[-_]/g, "x")}`;
    this.userTokens.set(digest(raw), account);
    return raw;
  }

  /** Ends a token that a client holds, by itself or all that an installation has. */
  forget(match: (token: InstallationToken) => boolean): void {
    for (const [key, token] of this.installationTokens) if (match(token)) this.installationTokens.delete(key);
  }

  /** The new format: long, with two dots and with underscores inside. */
  private stateless(token: InstallationToken): string {
    const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");
    const header = part({ alg: "ES256", kid: randomBytes(16).toString("hex"), typ: "JWT" });
    const claims = part({
      exp: Math.floor(token.expiresAt.getTime() / 1000),
      iat: Math.floor(Date.now() / 1000),
      iid: token.installation.id,
      iss: "api.github.com",
      jti: randomUUID(),
      salt: randomBytes(72).toString("hex"),
    });
    return `ghs_${this.appId}_${header}.${claims}.${randomBytes(64).toString("base64url")}`;
  }

  private verifyJwt(raw: string): void {
    const [header = "", claims = "", signature = ""] = raw.split(".");
    const head = parseJson(Buffer.from(header, "base64url"));
    const body = parseJson(Buffer.from(claims, "base64url"));
    if (!isRecord(head) || !isRecord(body)) throw jwtError("A JSON web token could not be decoded");
    const { iat, exp, iss } = body;
    const verify = createVerify("RSA-SHA256").update(`${header}.${claims}`);
    if (String(iss) !== String(this.appId) && iss !== this.clientId) throw jwtError("Integration not found", 404);
    if (head["alg"] !== "RS256" || !verify.verify(this.publicKey, Buffer.from(signature, "base64url"))) {
      throw jwtError("A JSON web token could not be decoded");
    }
    const now = Math.floor(Date.now() / 1000) + this.clockSkewSeconds;
    if (typeof iat !== "number") throw jwtError("Missing 'issued at' claim ('iat') in assertion");
    if (typeof exp !== "number") throw jwtError("Missing 'expiration' claim ('exp') in assertion");
    if (iat > now) {
      throw jwtError(
        "'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued",
      );
    }
    if (exp <= now)
      throw jwtError(
        "'Expiration time' claim ('exp') must be a numeric value representing the future time at which the assertion expires",
      );
    if (exp > now + LONGEST_JWT_SECONDS || exp - iat > LONGEST_JWT_SECONDS) {
      throw jwtError("'Expiration time' claim ('exp') is too far in the future");
    }
  }
}

function jwtError(message: string, status = 401): GitHubError {
  return new GitHubError(status, message);
}

/** The secret of `Bearer x`, `token x`, or of the password in `Basic`. */
export function secretOf(header: string | undefined): string | undefined {
  const [, scheme = "", value] = /^(\w+) +(\S+)$/.exec(header ?? "") ?? [];
  if (value === undefined) return undefined;
  if (scheme.toLowerCase() !== "basic") return value;
  return Buffer.from(value, "base64").toString("utf8").split(":").slice(1).join(":");
}

/** Whether a secret is the JWT of an App; tokens of installations have dots too. */
export function isAppJwt(raw: string): boolean {
  return /^eyJ[\w-]+\.[\w-]+\.[\w-]*$/.test(raw);
}

function digest(raw: string): string {
  return createHash("sha256").update(raw).digest("hex");
}

function makePrivateKey(): string {
  const { privateKey } = generateKeyPairSync("rsa", {
    modulusLength: 2048,
    privateKeyEncoding: { type: "pkcs1", format: "pem" },
    publicKeyEncoding: { type: "spki", format: "pem" },
  });
  return privateKey;
}
