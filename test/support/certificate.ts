// Certificates for tests of TLS, made when they run: a committed one would expire by itself, and its key would be a
// private key in the repository. Node can read certificates but not make them, so the few bytes of DER are put together
// here (RFC 5280, one P-256 key, signed by itself).
import { generateKeyPairSync, randomBytes, sign } from "node:crypto";
import { isIP } from "node:net";

export interface CertificateOptions {
  /** Names and IPv4 addresses that the certificate is for. */
  readonly hosts?: readonly string[];
  readonly notBefore?: Date;
  readonly notAfter?: Date;
}

export interface MadeCertificate {
  /** PEM. */
  readonly key: string;
  /** PEM; given to a client as its `ca`, it makes the client trust it. */
  readonly cert: string;
}

const DAY_MS = 86_400_000;

const TAG = {
  integer: 0x02,
  bits: 0x03,
  octets: 0x04,
  objectId: 0x06,
  text: 0x0c,
  time: 0x18,
  sequence: 0x30,
  set: 0x31,
  version: 0xa0,
  extensions: 0xa3,
  dnsName: 0x82,
  address: 0x87,
} as const;

const OBJECT_ID = {
  ecdsaWithSha256: "2a8648ce3d040302",
  commonName: "550403",
  subjectAltName: "551d11",
} as const;

export function makeCertificate(options: CertificateOptions = {}): MadeCertificate {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "prime256v1" });
  const algorithm = der(TAG.sequence, objectId("ecdsaWithSha256"));
  const name = der(TAG.sequence, der(TAG.set, der(TAG.sequence, objectId("commonName"), text("Keyrecall test"))));
  const notBefore = options.notBefore ?? new Date(Date.now() - DAY_MS);
  const notAfter = options.notAfter ?? new Date(Date.now() + DAY_MS);
  const body = der(
    TAG.sequence,
    der(TAG.version, der(TAG.integer, Buffer.of(2))),
    // A serial number is positive: its first bit is 0.
    der(TAG.integer, Buffer.concat([Buffer.of(1), randomBytes(8)])),
    algorithm,
    name,
    der(TAG.sequence, time(notBefore), time(notAfter)),
    name,
    publicKey.export({ type: "spki", format: "der" }),
    der(TAG.extensions, der(TAG.sequence, alternativeNames(options.hosts ?? ["127.0.0.1", "localhost"]))),
  );
  const certificate = der(TAG.sequence, body, algorithm, bits(sign("sha256", body, privateKey)));
  return {
    key: String(privateKey.export({ type: "pkcs8", format: "pem" })),
    cert: pem(certificate),
  };
}

function pem(certificate: Buffer): string {
  const lines = certificate.toString("base64").match(/.{1,64}/g) ?? [];
  return ["-----BEGIN CERTIFICATE-----", ...lines, "-----END CERTIFICATE-----", ""].join("\n");
}

function alternativeNames(hosts: readonly string[]): Buffer {
  const names = hosts.map((host) =>
    isIP(host) === 4 ? der(TAG.address, Buffer.from(host.split(".").map(Number))) : der(TAG.dnsName, Buffer.from(host)),
  );
  return der(TAG.sequence, objectId("subjectAltName"), der(TAG.octets, der(TAG.sequence, ...names)));
}

function objectId(name: keyof typeof OBJECT_ID): Buffer {
  return der(TAG.objectId, Buffer.from(OBJECT_ID[name], "hex"));
}

function text(value: string): Buffer {
  return der(TAG.text, Buffer.from(value));
}

/** `YYYYMMDDHHMMSSZ`. */
function time(date: Date): Buffer {
  return der(TAG.time, Buffer.from(`${date.toISOString().replaceAll(/[-:T]/g, "").slice(0, 14)}Z`));
}

/** The first byte says how many bits of the last are not used: none. */
function bits(bytes: Buffer): Buffer {
  return der(TAG.bits, Buffer.of(0), bytes);
}

function der(tag: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  return Buffer.concat([Buffer.of(tag), derLength(content.length), content]);
}

function derLength(length: number): Buffer {
  if (length < 0x80) return Buffer.of(length);
  return length < 0x100 ? Buffer.of(0x81, length) : Buffer.of(0x82, length >> 8, length & 0xff);
}
