/** Ordinary text to search: the sources, headers and documents that this repository's dependencies come with. */
import { readFileSync } from "node:fs";
import fastGlob from "fast-glob";
import { root } from "./tools.ts";

export interface Sample {
  readonly name: string;
  /** One buffer a file, as a scan reads them. */
  readonly files: readonly Buffer[];
  readonly bytes: number;
}

const SCRIPTS = /\.[cm]?[jt]s$/;
const HEADERS = /\.h$/;
const PROSE = /\.(?:md|markdown|txt)$|(?:^|\/)(?:licen[cs]e|changelog|readme)[^/]*$/i;

/** Lines of a minified file are longer than anyone writes them. */
const MINIFIED_LINE_BYTES = 500;
const LINE_FEED = 0x0a;

export function readSamples(directories: readonly string[]): Sample[] {
  const scripts: Buffer[] = [];
  const headers: Buffer[] = [];
  const prose: Buffer[] = [];
  const minified: Buffer[] = [];
  for (const file of listFiles(directories)) {
    const kind = SCRIPTS.test(file) ? scripts : HEADERS.test(file) ? headers : PROSE.test(file) ? prose : null;
    if (kind === null) continue;
    const bytes = readFileSync(file);
    (kind === scripts && isMinified(bytes) ? minified : kind).push(bytes);
  }
  const samples = [
    sample("scripts and their types", scripts),
    sample("C headers", headers),
    sample("prose", prose),
    sample("minified scripts", minified),
  ].filter(({ bytes }) => bytes > 0);
  return [
    sample(
      "all of it",
      samples.flatMap(({ files }) => files),
    ),
    ...samples,
  ];
}

function listFiles(directories: readonly string[]): string[] {
  return directories
    .flatMap((directory) =>
      fastGlob.sync("**", { cwd: directory, dot: true, absolute: true, followSymbolicLinks: false }),
    )
    .toSorted();
}

function isMinified(bytes: Buffer): boolean {
  let lines = 1;
  for (let at = bytes.indexOf(LINE_FEED); at !== -1; at = bytes.indexOf(LINE_FEED, at + 1)) lines += 1;
  return bytes.length / lines > MINIFIED_LINE_BYTES;
}

function sample(name: string, files: readonly Buffer[]): Sample {
  return { name, files, bytes: files.reduce((sum, { length }) => sum + length, 0) };
}

export const dependencies = `${root}/node_modules`;
