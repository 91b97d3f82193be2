/** What a program wants to have scanned, and what the engine is told. */
import path from "node:path";
import { Readable } from "node:stream";
import { KeyrecallError } from "../core/errors.ts";
import type { ScanSource } from "../scan/scan.ts";

export type Source =
  /** Everything that a repository keeps: every object and name, reachable or not. */
  | { readonly kind: "history"; readonly path?: string }
  /** What each commit of a range brings in: `main..HEAD`. */
  | { readonly kind: "range"; readonly path?: string; readonly range: string }
  /** What the next commit would bring in. */
  | { readonly kind: "staged"; readonly path?: string }
  /** A working tree, a directory or a file; `includeIgnored` takes what git ignores too. */
  | { readonly kind: "tree"; readonly path?: string; readonly includeIgnored?: boolean }
  /** Bytes as they come; as a patch, what it adds counts. */
  | {
      readonly kind: "stream";
      readonly stream: AsyncIterable<Uint8Array | string> | Iterable<Uint8Array | string>;
      readonly isPatch?: boolean;
    }
  | { readonly kind: "text"; readonly text: string; readonly isPatch?: boolean }
  | { readonly kind: "bytes"; readonly bytes: Uint8Array; readonly isPatch?: boolean };

/** @throws {KeyrecallError} `usage` */
export function engineSource(source: Source): ScanSource {
  switch (source.kind) {
    case "history":
      return { kind: "history", path: absolute(source.path) };
    case "range":
      return { kind: "range", path: absolute(source.path), range: source.range };
    case "staged":
      return { kind: "index", path: absolute(source.path) };
    case "tree":
      return {
        kind: "tree",
        path: source.path === undefined ? null : absolute(source.path),
        directory: process.cwd(),
        useIgnoreRules: source.includeIgnored !== true,
      };
    case "stream":
      return { kind: "stdin", input: asBytes(source.stream), isPatch: source.isPatch === true };
    case "text":
      return { kind: "stdin", input: asBytes([source.text]), isPatch: source.isPatch === true };
    case "bytes":
      return { kind: "stdin", input: asBytes([source.bytes]), isPatch: source.isPatch === true };
    default:
      throw new KeyrecallError(
        "usage",
        `there is no source of the kind ${String((source as { kind: unknown }).kind)}`,
        {
          hint: "it is one of history, range, staged, tree, stream, text, bytes",
        },
      );
  }
}

/** How the source is named in the report. */
export function targetOf(source: Source): string {
  switch (source.kind) {
    case "stream":
    case "text":
    case "bytes":
      return "-";
    default:
      return source.path ?? ".";
  }
}

function absolute(name: string | undefined): string {
  return path.resolve(name ?? ".");
}

function asBytes(pieces: AsyncIterable<Uint8Array | string> | Iterable<Uint8Array | string>): Readable {
  return Readable.from(bytesOf(pieces), { objectMode: false });
}

/** An empty piece would end the stream. */
async function* bytesOf(
  pieces: AsyncIterable<Uint8Array | string> | Iterable<Uint8Array | string>,
): AsyncGenerator<Buffer> {
  for await (const piece of pieces) {
    const bytes =
      typeof piece === "string"
        ? Buffer.from(piece, "utf8")
        : Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength);
    if (bytes.length > 0) yield bytes;
  }
}
