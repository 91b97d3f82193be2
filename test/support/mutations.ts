// Bytes of a real file, cut and changed: a reader gives what it can, or says in its own words why it cannot.
import { expect } from "vitest";
import { Damage, NotForUs } from "../../src/git/storage/damage.ts";
import { randomHex } from "./token.ts";

const MUTATIONS = 300;

/**
 * @param read throws {@link Damage} or {@link NotForUs}, and nothing else
 * @param seal makes checksums fit again, so that what they guard is read too
 */
export function expectNamedFaults(
  valid: Buffer,
  read: (bytes: Buffer) => unknown,
  seal: (bytes: Buffer) => Buffer = (bytes) => bytes,
): void {
  read(Buffer.from(valid));
  const cuts = Array.from({ length: Math.min(valid.length, 200) }, (_, step) =>
    Math.floor((step * valid.length) / Math.min(valid.length, 200)),
  );
  for (const cut of cuts) attempt(Buffer.from(valid.subarray(0, cut)), `cut at ${cut}`);
  for (let number = 0; number < MUTATIONS; number++) {
    const bytes = Buffer.from(valid);
    const dice = Buffer.from(randomHex(`mutation ${number} ${valid.length}`, 32), "hex");
    for (let change = 0; change <= number % 3; change++) {
      const at = dice.readUInt32BE(change * 4) % bytes.length;
      const value = dice[12 + change]!;
      // Large, small and close values: lengths and counts that nearly fit are the ones that lead astray.
      bytes[at] = [value, 0xff, 0, bytes[at]! + 1, bytes[at]! - 1, 0x80][value % 6]! & 0xff;
    }
    attempt(number % 4 === 0 ? bytes : seal(bytes), `mutation ${number}`);
  }

  function attempt(bytes: Buffer, what: string): void {
    try {
      read(bytes);
    } catch (error) {
      expect(error instanceof Damage || error instanceof NotForUs, `${what}: ${String(error)}`).toBe(true);
    }
  }
}
