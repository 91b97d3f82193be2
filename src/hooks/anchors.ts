/**
 * What the `sh` front of the pre-commit hook asks git for: expressions that every staged token in a form with a literal
 * anchor matches. They may match more, which costs a start of Node, and never less.
 */
import type { Rule } from "../rules/schema.ts";

/** Names of archives, and of compressed files, in any case. */
const ARCHIVE_SUFFIXES = (
  "zip jar war ear aar whl egg apk aab ipa vsix nupkg xpi crx epub docx xlsx pptx odt ods odp npz " +
  "tar tgz tbz tbz2 txz tzst gz bz2 xz zst lzma lz4 br 7z rar"
).split(" ");

/**
 * How archives begin, wherever a line of a difference shows it: zip and its central directory, tar, bzip2, and gzip by
 * the classes of its first bytes (1f 8b 08, flags, a time, one more), because arguments of a program on Windows cannot
 * carry bytes that are no text.
 */
const ARCHIVE_CONTENT = [
  "PK[[:cntrl:]][[:cntrl:]]",
  "ustar",
  "BZh[1-9]1AY",
  // The time can hold any byte, also one that ends the line.
  "^[[:cntrl:]][^[:print:][:cntrl:]][[:cntrl:]][[:cntrl:]](([^a]|a){4}[[:cntrl:]]|([^a]|a){0,3}$)",
];

/** The file `hooks/anchors.sh`. */
export function anchorScript(source: string, rules: readonly Rule[]): string {
  const prefixes = [...new Set(rules.map((rule) => rule.grammar.prefix))];
  const literals = prefixes.flatMap(literalForms);
  const content = [...literals.map(escapeExpression), ...prefixes.map(wideExpression), ...ARCHIVE_CONTENT].join("|");
  if (/['\n]/.test(content)) throw new Error("an anchor cannot stand between single quotes of sh");
  return [
    `# Generated from ${source} by scripts/generate.ts. Do not edit.`,
    "",
    "# An extended regular expression for the lines of a difference.",
    `keyrecall_content='${content}'`,
    "",
    "# Whether one of the names, each on a line of its own, is of interest. git ends those that it quotes with a quote.",
    "keyrecall_end='\"\n'",
    "keyrecall_is_name_of_interest() {",
    "  case $1 in",
    `  ${literals.map((literal) => `*'${literal}'*`).join(" | ")}) return 0 ;;`,
    ...ARCHIVE_SUFFIXES.map((suffix) => `  *.${anyCase(suffix)}[$keyrecall_end]*) return 0 ;;`),
    "  esac",
    "  return 1",
    "}",
    "",
  ].join("\n");
}

/** The prefix as it stands in text, in base64 at each of its three alignments, and in hex. */
function literalForms(prefix: string): string[] {
  const hex = Buffer.from(prefix, "latin1").toString("hex");
  return [...new Set([prefix, ...[0, 1, 2].flatMap((offset) => base64Forms(prefix, offset)), hex, hex.toUpperCase()])];
}

/** Those characters that depend on the prefix alone, in both alphabets. */
function base64Forms(prefix: string, offset: number): string[] {
  const bytes = Buffer.concat([Buffer.alloc(offset), Buffer.from(prefix, "latin1")]);
  const [start, end] = [Math.ceil((8 * offset) / 6), Math.floor((8 * bytes.length) / 6)];
  return (["base64", "base64url"] as const).map((encoding) => bytes.toString(encoding).slice(start, end));
}

/** UTF-16 in either byte order: `.` does not match a zero byte everywhere, `[^a]` does. */
function wideExpression(prefix: string): string {
  return [...prefix].map(escapeExpression).join("[^a]");
}

function escapeExpression(literal: string): string {
  return literal.replace(/[.[\]{}()*+?^$|\\]/g, (character) => (character === "^" ? "\\^" : `[${character}]`));
}

function anyCase(suffix: string): string {
  return suffix.replace(/[a-z]/g, (letter) => `[${letter}${letter.toUpperCase()}]`);
}
