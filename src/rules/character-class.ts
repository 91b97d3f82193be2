/** The characters that a run of a grammar may hold. Names are those of RFC 4648 and of POSIX. */
const CLASSES = {
  digit: "0123456789",
  hex: "0123456789abcdefABCDEF",
  lower: "abcdefghijklmnopqrstuvwxyz",
  upper: "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
  alnum: "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
  word: "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_",
  base32: "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567",
  base64: "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ+/",
  base64url: "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_-",
} as const;

export type CharacterClassName = keyof typeof CLASSES;

export const CHARACTER_CLASS_NAMES = Object.keys(CLASSES) as [CharacterClassName, ...CharacterClassName[]];

/** 256 entries: 1 where a byte is of the class. */
export function characterClassTable(name: CharacterClassName): Uint8Array {
  const table = new Uint8Array(256);
  for (const character of CLASSES[name]) table[character.charCodeAt(0)] = 1;
  return table;
}

/** The random bits that one character of the class carries; hex counts one case only, as issuers write one. */
export function bitsPerCharacter(name: CharacterClassName): number {
  return name === "hex" ? 4 : Math.log2(CLASSES[name].length);
}
