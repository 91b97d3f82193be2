export declare const SIGNATURE_HEADER = "x-inferencekey-signature";
/** @param secrets one, or two while one takes the other's place: a signature by each of them */
export declare function signBody(body: string, secrets: readonly string[], unixSeconds: number): string;
