import { inspect } from "node:util";
/** Which half of the platform a token opens. */
export type Plane = "control" | "data";
/** `certain`: the documented shape. `suspect`: the same prefix, another shape, high entropy. */
export type Confidence = "certain" | "suspect";
export interface TokenFacts {
    readonly rule: string;
    readonly plane: Plane | null;
    readonly confidence: Confidence;
    readonly prefix: string;
    /** The part that is safe to show, or null where the shape has none or is not certain. */
    readonly publicId: string | null;
    /** True where the secret has fewer than 128 random bits: then its hash can be searched for. */
    readonly isGuessable: boolean;
}
/**
 * A token's value. It shows itself as its masked form in every conversion that JavaScript makes
 * (`toString`, `toJSON`, `util.inspect`), so that a forgotten log line cannot leak it; only
 * {@link Token.reveal} gives the raw value.
 */
export declare class Token {
    #private;
    readonly rule: string;
    readonly plane: Plane | null;
    readonly confidence: Confidence;
    readonly prefix: string;
    readonly publicId: string | null;
    /** Prefix, public id and `…`: the only form that is ever printed, logged or stored in clear. */
    readonly masked: string;
    /** `sha256:` and the hex SHA-256 of the raw value: the identity of a leak everywhere. */
    readonly fingerprint: string;
    /** The fingerprint of a guessable token must not leave the machine. */
    readonly isGuessable: boolean;
    constructor(raw: string, facts: TokenFacts);
    /** The raw value, for the two places that it may go to: the vendor's API and the revocation provider. */
    reveal(): string;
    toString(): string;
    toJSON(): string;
    [inspect.custom](): string;
}
