/**
 * Seals what is stored and could hold a token: AES-256-GCM under a key of the operator's. The first key seals, all
 * of them open, so that a key is changed by putting the new one in front. What a seal is for is bound to it, so that
 * one value cannot be put in the place of another.
 */
import { createCipheriv, createDecipheriv, createHash, randomBytes } from "node:crypto";
import { SettingsError } from "../settings-error.ts";

const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const KEY_ID_BYTES = 4;
const VERSION = 1;
/** Version and key. */
export const SEAL_HEAD_BYTES = 1 + KEY_ID_BYTES;

export class Sealer {
  readonly #keys: readonly { readonly id: Buffer; readonly key: Buffer }[];

  /**
   * @param keys base64 of 32 bytes each, the one that seals first
   * @throws {SettingsError} where there is none, or one is no key
   */
  constructor(keys: readonly string[]) {
    if (keys[0] === undefined || keys[0] === "") {
      throw new SettingsError("KEYRECALL_SEAL_KEY is not set", "make one: openssl rand -base64 32");
    }
    this.#keys = keys.map((text) => {
      const key = Buffer.from(text, "base64");
      if (key.length !== KEY_BYTES || !/^[A-Za-z0-9+/]{43}=$/.test(text)) {
        throw new SettingsError(
          "KEYRECALL_SEAL_KEY is not the base64 of 32 bytes",
          "make one: openssl rand -base64 32",
        );
      }
      return { id: createHash("sha256").update(key).digest().subarray(0, KEY_ID_BYTES), key };
    });
  }

  /** Hex, as it stands in front of what the first key has sealed. */
  get currentKeyId(): string {
    return this.#keys[0]!.id.toString("hex");
  }

  get previousKeyIds(): string[] {
    return this.#keys
      .slice(1)
      .map(({ id }) => id.toString("hex"))
      .filter((id) => id !== this.currentKeyId);
  }

  /** @param purpose what the value is for, and of what: `delivery 3f2a…` */
  seal(plain: Buffer, purpose: string): Buffer {
    const { id, key } = this.#keys[0]!;
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv("aes-256-gcm", key, nonce).setAAD(Buffer.from(purpose));
    const sealed = Buffer.concat([cipher.update(plain), cipher.final()]);
    return Buffer.concat([Buffer.from([VERSION]), id, nonce, cipher.getAuthTag(), sealed]);
  }

  /** @param head the first {@link SEAL_HEAD_BYTES} bytes of a sealed value */
  hasKeyOf(head: Uint8Array): boolean {
    return head[0] === VERSION && this.#keys.some(({ id }) => id.equals(head.subarray(1, SEAL_HEAD_BYTES)));
  }

  /** @throws {UnsealError} where no key fits, or the value was changed or is another's */
  open(value: Uint8Array, purpose: string): Buffer {
    const bytes = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
    const id = bytes.subarray(1, 1 + KEY_ID_BYTES);
    const fitting = this.#keys.find((one) => one.id.equals(id));
    if (bytes[0] !== VERSION || fitting === undefined) throw new UnsealError("no key of KEYRECALL_SEAL_KEY opens it");
    const nonceEnd = 1 + KEY_ID_BYTES + NONCE_BYTES;
    // A shorter tag would be easier to forge.
    if (bytes.length < nonceEnd + TAG_BYTES) throw new UnsealError("it was cut");
    const nonce = bytes.subarray(1 + KEY_ID_BYTES, nonceEnd);
    const decipher = createDecipheriv("aes-256-gcm", fitting.key, nonce, { authTagLength: TAG_BYTES })
      .setAAD(Buffer.from(purpose))
      .setAuthTag(bytes.subarray(nonceEnd, nonceEnd + TAG_BYTES));
    try {
      return Buffer.concat([decipher.update(bytes.subarray(nonceEnd + TAG_BYTES)), decipher.final()]);
    } catch {
      throw new UnsealError("it was changed, or is another's");
    }
  }
}

export class UnsealError extends Error {
  constructor(why: string) {
    super(`a sealed value cannot be opened: ${why}`);
    this.name = "UnsealError";
  }
}
