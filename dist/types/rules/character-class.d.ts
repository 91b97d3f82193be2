/** The characters that a run of a grammar may hold. Names are those of RFC 4648 and of POSIX. */
declare const CLASSES: {
    readonly digit: "0123456789";
    readonly hex: "0123456789abcdefABCDEF";
    readonly lower: "abcdefghijklmnopqrstuvwxyz";
    readonly upper: "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    readonly alnum: "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    readonly word: "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_";
    readonly base32: "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    readonly base64: "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ+/";
    readonly base64url: "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_-";
};
export type CharacterClassName = keyof typeof CLASSES;
export declare const CHARACTER_CLASS_NAMES: [CharacterClassName, ...CharacterClassName[]];
/** 256 entries: 1 where a byte is of the class. */
export declare function characterClassTable(name: CharacterClassName): Uint8Array;
/** The random bits that one character of the class carries; hex counts one case only, as issuers write one. */
export declare function bitsPerCharacter(name: CharacterClassName): number;
export {};
