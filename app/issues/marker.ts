/** The hidden lines by which the App knows its own issues and steps again. */
import { createHash } from "node:crypto";
import type { Incident } from "../incident.ts";

/**
 * Honoured only as a line of its own: strangers' texts are rendered without line breaks, so that none of them can make
 * one. What can be guessed from its hash is named by the incident's id instead.
 */
export function markerOf({ fingerprint, publicId, id }: Pick<Incident, "fingerprint" | "publicId" | "id">): string {
  const name = publicId === "" ? `id:${createHash("sha256").update(id).digest("hex")}` : fingerprint;
  return `<!-- keyrecall:incident ${name} -->`;
}

export function hasMarker(body: string, marker: string): boolean {
  return body.split("\n").some((line) => line.trim() === marker);
}
