/**
 * What the `sh` front of the pre-commit hook asks git for: expressions that a line of every staged token matches, in whatever
 * form detection reads it, but for those that docs/hooks.md names. They may match more, which costs a start of Node.
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
  // gzip and zip in base64, and gzip in base64 twice.
  "H4sI",
  "UEsD",
  "SDRz",
  // The time can hold any byte, also one that ends the line.
  "^[[:cntrl:]][^[:print:][:cntrl:]][[:cntrl:]][[:cntrl:]](([^a]|a){4}[[:cntrl:]]|([^a]|a){0,3}$)",
];

/** The file `hooks/anchors.sh`. */
export function anchorScript(source: string, rules: readonly Rule[]): string {
  const prefixes = [...new Set(rules.map((rule) => rule.grammar.prefix))];
  const expressions = [...prefixes.flatMap(expressionsOf), ...TEXTURES, ...ROWS_OF_ESCAPES, ...ARCHIVE_CONTENT];
  const content = [...new Set(expressions)].join("|");
  const names = [...new Set(prefixes.flatMap(literalForms)), ...NAME_TEXTURES.map((texture) => texture.join(""))];
  if (content.includes("\n") || names.join("").includes("\n"))
    throw new Error("an anchor cannot hold the end of a line");
  return [
    `# Generated from ${source} by scripts/generate.ts. Do not edit.`,
    "",
    "# An extended regular expression for the lines of a difference.",
    `keyrecall_content=${quoted(content)}`,
    "",
    "# Whether one of the names, each on a line of its own, is of interest. git ends those that it quotes with a quote.",
    "keyrecall_end='\"\n'",
    "keyrecall_is_name_of_interest() {",
    "  case $1 in",
    ...names.map((name) => `  *${/^[[]/.test(name) ? name : quoted(name)}*) return 0 ;;`),
    ...ARCHIVE_SUFFIXES.map((suffix) => `  *.${anyCase(suffix)}[$keyrecall_end]*) return 0 ;;`),
    "  esac",
    "  return 1",
    "}",
    "",
  ].join("\n");
}

const DIGITS = "0123456789";
const HEX_DIGIT = `[${DIGITS}ABCDEFabcdef]`;
const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const ANY_BASE64 = `[${LETTERS}${DIGITS}+/_-]`;
/** A group of base64 that is three bytes of ASCII. */
const TEXT_GROUP = [
  "[ABCDEFGHIJKLMNOPQRSTUVWXYZabcdef]",
  "[ABCDEFGHQRSTUVWXghijklmnwxyz0123]",
  "[ABEFIJMNQRUVYZcdghklopstwx014589]",
  ANY_BASE64,
].join("");
/** Two groups that are three characters of UTF-16. */
const WIDE_GROUPS = `[ABCDEFGHIJKLMNOPQRSTUVWXYZabcdef][AQgw][AB]${ANY_BASE64}A[CDEFGH][AEIMQUYcgkosw048]A`;
const TEXT_IN_HEX = `[234567]${HEX_DIGIT}`;

/** Text that is encoded, in a row that is long enough to be no chance. */
const TEXTURES = [
  `(${TEXT_GROUP}){5}`,
  `(${WIDE_GROUPS}){2}`,
  `(${TEXT_IN_HEX}){12}`,
  `(${TEXT_IN_HEX}00){4}`,
  `(${TEXT_IN_HEX}[^[:alnum:]]{1,3}00[^[:alnum:]]{1,3}){4}`,
  `((${TEXT_IN_HEX}){1,2}[^[:alnum:]]{1,3}(0[xX])?){5}`,
];

/** The same for names, in what a shell's patterns can say. */
const NAME_TEXTURES = [Array(5).fill(TEXT_GROUP), Array(12).fill(TEXT_IN_HEX)] as string[][];

/** Letters and digits that are escaped and need not be. */
const ROWS_OF_ESCAPES = [
  `(%(25)*([uU]00)?${TEXT_IN_HEX}){4}`,
  `([\\]+(u00|x)${TEXT_IN_HEX}){4}`,
  `(&(amp;)*#[xX]?${HEX_DIGIT}+;?){4}`,
  `(=${TEXT_IN_HEX}){4}`,
];

/** What stands on a line of a token's beginning, whole or cut, and in each form. */
function expressionsOf(prefix: string): string[] {
  const [first, second, third, fourth, fifth] = Array.from({ length: 5 }, (_, index) => {
    const character = prefix.charAt(index);
    return character === "" ? "[[:graph:]]" : escapeExpression(character);
  }) as [string, string, string, string, string];
  return [
    `${first}${second}${third}`,
    `(^|[^[:alnum:]])${second}${third}(${fourth}|["'\`%&=\\])`,
    `["'\`]${third}(${fourth}|["'\`%&=\\])`,
    `^[^[:alnum:]]*${third}${fourth}${fifth}`,
    ...base64Grams(prefix),
    ...[0, 1, 2].flatMap((index) => hexPair(prefix, index)),
    wideExpression(prefix),
    ...escapesOf(prefix),
  ];
}

/** Escapes of the characters of a prefix, in each way of writing them. */
function escapesOf(prefix: string): string[] {
  const characters = [...new Set(prefix)];
  const hex = `(${characters.map((character) => anyCase(hexOf(character))).join("|")})`;
  const decimal = `(${characters.map((character) => character.charCodeAt(0)).join("|")})`;
  // An equals sign in front of two digits is too usual for less than its neighbours.
  const inMails = Array.from(prefix, (character, index) => {
    const before = index === 0 ? "" : `(${escapeExpression(prefix.charAt(index - 1))}|${HEX_DIGIT})`;
    const next = index + 1 === prefix.length ? "" : `(${escapeExpression(prefix.charAt(index + 1))}|=)`;
    return `${before}=${anyCase(hexOf(character))}${next}`;
  });
  return [
    `%(25)*([uU]00)?${hex}`,
    `[\\]+(u00|x|U000000|[ux][{]0*)${hex}`,
    `[\\](${characters.map((character) => character.charCodeAt(0).toString(8).padStart(3, "0")).join("|")})`,
    `&(amp;)*#(0*${decimal}|[xX]0*${hex})`,
    ...(prefix.includes("_") ? ["&lowbar;", "&UnderBar;"] : []),
    ...inMails,
  ];
}

function hexOf(text: string): string {
  return Buffer.from(text, "latin1").toString("hex");
}

/** Two characters of the prefix in hex, with what can stand between them on a line. */
function hexPair(prefix: string, index: number): string[] {
  const pair = prefix.slice(index, index + 2);
  if (pair.length < 2) return [anyCase(hexOf(pair))];
  return [`${anyCase(hexOf(pair.charAt(0)))}([^[:alnum:]]{1,3}(0[xX])?)?${anyCase(hexOf(pair.charAt(1)))}`];
}

/** The beginning of a token in text, in base64 at each of its three alignments, and in hex. */
function literalForms(prefix: string): string[] {
  const hex = hexOf(prefix.slice(0, 3));
  return [
    prefix.slice(0, 3),
    ...base64Grams(prefix),
    hex,
    hex.toUpperCase(),
    ...new Set(Array.from(prefix, (one) => `%${hexOf(one).toUpperCase()}`)),
    ...new Set(Array.from(prefix, (one) => `%${hexOf(one)}`)),
    "&#",
  ];
}

/** Groups of four of those characters that depend on the prefix alone, in both alphabets. */
function base64Grams(prefix: string): string[] {
  return [0, 1, 2].flatMap((offset) => {
    const bytes = Buffer.concat([Buffer.alloc(offset), Buffer.from(prefix, "latin1")]);
    const [start, end] = [Math.ceil((8 * offset) / 6), Math.floor((8 * bytes.length) / 6)];
    return (["base64", "base64url"] as const).flatMap((encoding) => {
      const text = bytes.toString(encoding).slice(start, end);
      return [...new Set([text.slice(0, 4), text.slice(4, 8).length === 4 ? text.slice(4, 8) : text.slice(-4)])];
    });
  });
}

/** UTF-16 in either byte order: `.` does not match a zero byte everywhere, `[^a]` does. */
function wideExpression(prefix: string): string {
  return [...prefix].map(escapeExpression).join("[^a]");
}

function escapeExpression(literal: string): string {
  return literal.replace(/[.[\]{}()*+?^$|\\]/g, (character) => (character === "^" ? "\\^" : `[${character}]`));
}

function anyCase(text: string): string {
  return text.replace(/[a-z]/g, (letter) => `[${letter}${letter.toUpperCase()}]`);
}

/** A word of a shell. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
