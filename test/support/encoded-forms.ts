// The forms in which a token can stand in a text, each with what the report calls it.
import { gzipSync } from "node:zlib";
import { zip } from "./archives.ts";

export interface EncodedForm {
  readonly encode: (raw: string) => Buffer;
  readonly encoding: readonly string[];
}

const base64 = (text: string | Buffer): string => Buffer.from(text).toString("base64");
const hex = (text: string | Buffer): string => Buffer.from(text).toString("hex");
const utf16le = (text: string): Buffer => Buffer.from(text, "utf16le");
const utf16be = (text: string): Buffer => Buffer.from(text, "utf16le").swap16();
const each = (text: string, write: (code: number) => string): string =>
  Array.from(text, (character) => write(character.charCodeAt(0))).join("");
const hexOf = (code: number, digits: number): string => code.toString(16).padStart(digits, "0");
const unicode = (text: string): string => each(text, (code) => `\\u${hexOf(code, 4)}`);
const percent = (text: string): string => each(text, (code) => `%${hexOf(code, 2)}`);
const pairs = (text: string | Buffer): string[] => hex(text).match(/../g)!;

/** Cut into lines or literals of so many characters. */
function wrapped(text: string, width: number, between: string): string {
  return text.match(new RegExp(`[^]{1,${width}}`, "g"))!.join(between);
}

/** The token in two literals. */
function cut(at: number, between: string, around: readonly [string, string] = ['"', '"']): (raw: string) => string {
  return (raw) => `${around[0]}${raw.slice(0, at)}${between}${raw.slice(at)}${around[1]}`;
}

function xxd(text: string): string {
  return dump(
    text,
    (line) =>
      line
        .toString("hex")
        .replace(/(.{4})(?=.)/g, "$1 ")
        .padEnd(39),
    ": ",
    ["", ""],
  );
}

function hexdump(text: string): string {
  const bytesOf = (line: Buffer): string => {
    const bytes = pairs(line);
    return `${bytes.slice(0, 8).join(" ")}  ${bytes.slice(8).join(" ")}`.padEnd(48);
  };
  return dump(text, bytesOf, "  ", ["|", "|"]);
}

function dump(
  text: string,
  bytesOf: (line: Buffer) => string,
  behind: string,
  bars: readonly [string, string],
): string {
  const lines: string[] = [];
  for (let at = 0; at < text.length; at += 16) {
    const line = Buffer.from(text.slice(at, at + 16));
    const characters = line.toString("latin1").replace(/[^ -~]/g, ".");
    lines.push(`${hexOf(at, 8)}${behind}${bytesOf(line)}  ${bars[0]}${characters}${bars[1]}\n`);
  }
  return `\n${lines.join("")}`;
}

function form(encode: (raw: string) => string | Buffer, ...encoding: string[]): EncodedForm {
  return { encode: (raw) => Buffer.from(encode(raw)), encoding };
}

const inBase64: Record<string, EncodedForm> = {
  "base64 at the first alignment": form((raw) => base64(raw), "base64"),
  "base64 at the second alignment": form((raw) => base64(`u${raw}:x`), "base64"),
  "base64 at the third alignment": form((raw) => base64(`ab${raw}`), "base64"),
  "base64 without padding": form((raw) => base64(raw).replace(/=+$/, ""), "base64"),
  "base64url around it": form((raw) => Buffer.from(`a>?>${raw}??>`).toString("base64url"), "base64"),
  "the auth of a docker configuration": form(
    (raw) => base64(JSON.stringify({ auths: { x: { auth: `u:${raw}` } } })),
    "base64",
  ),
  "the middle of a JWT": form(
    (raw) =>
      ['{"alg":"none"}', JSON.stringify({ key: raw }), "x"]
        .map((part) => Buffer.from(part).toString("base64url"))
        .join("."),
    "base64",
  ),
  "a data URL": form((raw) => `data:text/plain;base64,${base64(raw)}`, "base64"),
  "base64 of other bytes with it": form(
    (raw) => base64(Buffer.concat([Buffer.from([0, 255, 3, 128]), Buffer.from(raw), Buffer.from([0, 200, 7])])),
    "base64",
  ),
  ...Object.fromEntries(
    [8, 10, 13, 19, 20, 31, 32, 40, 60, 64, 76].map((width) => [
      `base64 in lines of ${width}`,
      form((raw) => wrapped(base64(`xyz${raw}.`), width, "\n"), "base64"),
    ]),
  ),
  "base64 in indented lines": form((raw) => wrapped(base64(raw), 64, "\r\n    "), "base64"),
  "base64 in narrow indented lines": form((raw) => wrapped(base64(`-${raw}`), 10, "\n      "), "base64"),
  "base64 with ends of lines as in JSON": form((raw) => `"${wrapped(base64(raw), 64, "\\n")}"`, "base64"),
  "base64 in literals": form((raw) => `"${wrapped(base64(raw), 20, '" +\n  "')}"`, "concatenation", "base64"),
  "base64 in a mail": form((raw) => wrapped(base64(`From: x\n${raw}\n`), 75, "=\n"), "quoted-printable", "base64"),
  "base64 in the lines of a comment": form((raw) => `/*\n * ${wrapped(base64(raw), 50, "\n * ")}\n */`, "base64"),
  "base64 behind two slashes on each line": form((raw) => `// ${wrapped(base64(raw), 50, "\n// ")}\n`, "base64"),
  "the content of a file in GitHub's API": form(
    (raw) => JSON.stringify({ content: `${wrapped(base64(`KEY=${raw}\nA=1\n`), 60, "\n")}\n`, encoding: "base64" }),
    "base64",
  ),
  "Basic authentication": form((raw) => `Authorization: Basic ${base64(`api:${raw}`)}\r\n`, "base64"),
  "base64 in the lines of a difference": form((raw) => `+${wrapped(base64(raw), 40, "\n+")}\n`, "base64"),
};

const inHex: Record<string, EncodedForm> = {
  hex: form((raw) => hex(raw), "hex"),
  "hex in capitals": form((raw) => hex(raw).toUpperCase(), "hex"),
  "hex with blanks": form((raw) => pairs(raw).join(" "), "hex"),
  "hex with colons": form((raw) => pairs(raw).join(":"), "hex"),
  "hex as an array": form(
    (raw) =>
      `{${pairs(raw)
        .map((pair) => `0x${pair}`)
        .join(", ")}}`,
    "hex",
  ),
  "hex as an array in lines": form(
    (raw) =>
      `{\n  ${wrapped(
        pairs(raw)
          .map((pair) => `0x${pair}, `)
          .join(""),
        48,
        "\n  ",
      )}}`,
    "hex",
  ),
  "hex in lines of an odd width": form((raw) => wrapped(hex(`abc${raw}`), 11, "\n"), "hex"),
  "hex in lines": form((raw) => wrapped(hex(raw), 32, "\n"), "hex"),
  "a dump of xxd": form((raw) => xxd(`key=${raw}\n`), "hex"),
  "a dump of hexdump -C": form((raw) => hexdump(`key=${raw}\n`), "hex"),
};

const inEscapes: Record<string, EncodedForm> = {
  "JSON escapes": form(unicode, "unicode-escape"),
  "escapes of bytes": form((raw) => each(raw, (code) => `\\x${hexOf(code, 2)}`), "unicode-escape"),
  "octal escapes": form((raw) => each(raw, (code) => `\\${code.toString(8).padStart(3, "0")}`), "unicode-escape"),
  "one octal escape": form((raw) => raw.replace(/_(?=[^_]+$)/, "\\137"), "unicode-escape"),
  "percent encoding of code points": form((raw) => each(raw, (code) => `%u${hexOf(code, 4)}`), "percent"),
  "escapes in braces": form((raw) => raw.replaceAll("k", "\\u{6B}"), "unicode-escape"),
  "escapes of eight digits": form((raw) => raw.replaceAll("k", "\\U0000006b"), "unicode-escape"),
  "an escape of the first character": form((raw) => `\\u0069${raw.slice(1)}`, "unicode-escape"),
  "an escape of the second character": form((raw) => `i\\x6B${raw.slice(2)}`, "unicode-escape"),
  "an escape of the last character": form(
    (raw) => `${raw.slice(0, -1)}\\u00${hexOf(raw.charCodeAt(raw.length - 1), 2)}`,
    "unicode-escape",
  ),
  "percent encoding": form(percent, "percent"),
  "one character in percent encoding": form((raw) => raw.replace(/_(?=[^_]+_)/, "%5F"), "percent"),
  "the first character in percent encoding": form((raw) => `%69${raw.slice(1)}`, "percent"),
  "percent encoding twice": form((raw) => raw.replaceAll("_", "%255F"), "percent", "percent"),
  "quoted-printable with a soft break": form((raw) => `${raw.slice(0, 30)}=\r\n${raw.slice(30)}`, "quoted-printable"),
  "quoted-printable with a soft break in the prefix": form(
    (raw) => `${raw.slice(0, 1)}=\n${raw.slice(1)}`,
    "quoted-printable",
  ),
  "quoted-printable escapes": form((raw) => raw.replaceAll("_", "=5F"), "quoted-printable"),
  "decimal entities": form((raw) => each(raw, (code) => `&#${code};`), "html-entity"),
  "hexadecimal entities with zeros": form((raw) => each(raw, (code) => `&#x000${hexOf(code, 2)};`), "html-entity"),
  "entities without semicolons": form((raw) => each(raw, (code) => `&#${code}`), "html-entity"),
  "a named entity": form((raw) => raw.replaceAll("_", "&lowbar;"), "html-entity"),
  "an entity of an entity": form((raw) => raw.replaceAll("_", "&amp;#95;"), "html-entity", "html-entity"),
};

const inLiterals: Record<string, EncodedForm> = {
  "JavaScript: +": form(cut(3, '" +\n  "'), "concatenation"),
  "JavaScript: a template": form(
    (raw) => `\`${raw.slice(0, 4)}\${'${raw.slice(4, 8)}'}${raw.slice(8)}\``,
    "concatenation",
  ),
  "JavaScript: an array of characters": form((raw) => `['${[...raw].join("', '")}'].join('')`, "concatenation"),
  "JavaScript: pairs of characters": form((raw) => `"${wrapped(raw, 2, '" + "')}"`, "concatenation"),
  "Java: a builder": form((raw) => `s.append("${wrapped(raw, 30, '").append("')}")`, "concatenation"),
  "Java: a builder in statements": form(
    (raw) => `s.append("${raw.slice(0, 3)}");\n    s.append("${raw.slice(3)}");`,
    "concatenation",
  ),
  "Rust: push_str": form(
    (raw) => `s.push_str("${raw.slice(0, 7)}");\n    s.push_str("${raw.slice(7)}");`,
    "concatenation",
  ),
  "C: strcat": form((raw) => `strcat(s, "${raw.slice(0, 1)}"); strcat(s, "${raw.slice(1)}");`, "concatenation"),
  "Fortran: //": form(cut(9, "' // '", ["'", "'"]), "concatenation"),
  "Haskell: a gap": form(cut(5, "\\\n    \\"), "concatenation"),
  "Python: literals beside each other": form(cut(2, "'\n     '", ["'", "'"]), "concatenation"),
  "Python: with a comment and a prefix": form(cut(7, "'  # the id\n     f'", ["'", "'"]), "concatenation"),
  "Python: a line that goes on": form(cut(40, "' \\\n    '", ["'", "'"]), "concatenation"),
  "C: with a comment": form(cut(4, '" /* and "then */ "'), "concatenation"),
  "C: within a literal": form(cut(5, "\\\n"), "concatenation"),
  "Go: +": form(cut(1, '" +\n\t\t"'), "concatenation"),
  "PHP: .": form(cut(6, "' . '", ["'", "'"]), "concatenation"),
  "Lua: ..": form(cut(1, '" .. "'), "concatenation"),
  "Visual Basic: & _": form(cut(4, '" & _\r\n    "'), "concatenation"),
  "SQL: ||": form(cut(4, "' || '", ["'", "'"]), "concatenation"),
  "Elixir: <>": form(cut(8, '" <> "'), "concatenation"),
  "Haskell: ++": form(cut(8, '" ++ "'), "concatenation"),
  "Ruby: <<": form((raw) => `s << "${raw.slice(0, 9)}"\ns << "${raw.slice(9)}"`, "concatenation"),
  "a variable that grows": form((raw) => `key = "${raw.slice(0, 5)}";\nkey += "${raw.slice(5)}";`, "concatenation"),
  "shell: a line that goes on": form(cut(4, "\\\n"), "concatenation"),
  "shell: two kinds of quotes": form(cut(4, "'\"", ["'", '"']), "concatenation"),
  "PowerShell: a line that goes on": form(cut(20, "`\n"), "concatenation"),
  "cmd: a line that goes on": form(cut(20, "^\r\n"), "concatenation"),
  "YAML: a folded line": form(cut(14, "\\\n      "), "concatenation"),
  "a difference": form((raw) => `+  "${raw.slice(0, 4)}" +\n+  "${raw.slice(4)}"\n`, "concatenation"),
  "a notebook": form(
    (raw) => `"k = \\"${raw.slice(0, 14)}\\" +\\n",\n   "    \\"${raw.slice(14)}\\"\\n"`,
    "concatenation",
  ),
};

const inArchives: Record<string, EncodedForm> = {
  "base64 of gzip": form((raw) => base64(gzipSync(`KEY=${raw}\n`)), "base64", "gzip"),
  "base64 of gzip in lines": form(
    (raw) => `content: !!binary |\n    ${wrapped(base64(gzipSync(`A=1\nKEY=${raw}\n`)), 60, "\n    ")}\n`,
    "base64",
    "gzip",
  ),
  "a release of Helm": form(
    (raw) => base64(base64(gzipSync(JSON.stringify({ manifest: `data:\n  KEY: ${base64(raw)}\n` })))),
    "base64",
    "base64",
    "gzip",
    "base64",
  ),
  "base64 of a zip archive": form((raw) => base64(zip([{ name: ".env", content: Buffer.from(raw) }])), "base64", "zip"),
  "base64 of archives in a list": form(
    (raw) => JSON.stringify(["1", "22", raw, "333"].map((content) => base64(gzipSync(content)).replace(/=+$/, ""))),
    "base64",
    "gzip",
  ),
};

const inMoreWays: Record<string, EncodedForm> = {
  "Visual Basic: a variable and more": form(
    (raw) => `k = "${raw.slice(0, 20)}"\r\nk = k & "${raw.slice(20)}"`,
    "concatenation",
  ),
  "Python: a variable and more": form(
    (raw) => `key = "${raw.slice(0, 4)}"\nkey = key + "${raw.slice(4)}"`,
    "concatenation",
  ),
  "Lua: \\z": form(cut(12, "\\z\n    "), "concatenation"),
  "Julia: *": form(cut(12, '" * "'), "concatenation"),
  "C++: suffixes": form((raw) => `"${raw.slice(0, 9)}"s + "${raw.slice(9)}"s`, "concatenation"),
  "hex of a .reg file": form(
    (raw) =>
      `"k"=hex(2):${wrapped(
        pairs(utf16le(raw))
          .map((pair) => `${pair},`)
          .join(""),
        75,
        "\\\r\n  ",
      )}00,00`,
    "hex",
    "utf-16le",
  ),
  "a dump of od": form(
    (raw) =>
      `${pairs(`key=${raw}\n`)
        .map((pair, index) => `${index % 16 === 0 ? `\n${index.toString(8).padStart(7, "0")}` : ""} ${pair}`)
        .join("")}\n`,
    "hex",
  ),
};

const nested: Record<string, EncodedForm> = {
  "base64 of base64": form((raw) => base64(base64(raw)), "base64", "base64"),
  "base64 four times": form((raw) => base64(base64(base64(base64(raw)))), "base64", "base64", "base64", "base64"),
  "a command for PowerShell": form((raw) => base64(utf16le(`$key = '${raw}'`)), "base64", "utf-16le"),
  "base64 of UTF-16, big end first": form((raw) => base64(utf16be(raw)), "base64", "utf-16be"),
  "hex of base64": form((raw) => hex(base64(raw)), "hex", "base64"),
  "base64 of hex": form((raw) => base64(hex(raw)), "base64", "hex"),
  "hex of UTF-16": form((raw) => hex(utf16le(raw)), "hex", "utf-16le"),
  "percent-encoded base64": form((raw) => percent(base64(raw)), "percent", "base64"),
  "base64 with its padding percent-encoded": form(
    (raw) => encodeURIComponent(base64(raw.length % 3 === 2 ? raw : `${raw}:`)),
    "percent",
    "base64",
  ),
  "base64 of percent encoding": form((raw) => base64(percent(raw)), "base64", "percent"),
  "base64 in JSON escapes": form((raw) => unicode(base64(raw)), "unicode-escape", "base64"),
  "JSON in JSON": form((raw) => JSON.stringify(unicode(raw)), "unicode-escape", "unicode-escape"),
  "JSON in JSON in JSON": form(
    (raw) => JSON.stringify(JSON.stringify(unicode(raw))),
    "unicode-escape",
    "unicode-escape",
    "unicode-escape",
  ),
  "escapes of quoted-printable in JSON": form(
    (raw) =>
      JSON.stringify(
        each(
          each(raw, (code) => `=${hexOf(code, 2).toUpperCase()}`),
          (code) => `\\x${hexOf(code, 2)}`,
        ),
      ),
    "unicode-escape",
    "unicode-escape",
    "quoted-printable",
  ),
  "percent encoding of all, twice": form((raw) => encodeURIComponent(percent(raw)), "percent", "percent"),
  "escapes in a literal of two": form(
    (raw) => `"${raw.slice(0, 14)}" + "${unicode(raw.slice(14, 20))}${raw.slice(20)}"`,
    "unicode-escape",
    "concatenation",
  ),
};

/** Forms of UTF-16 text: all that is around them has to be UTF-16 too. */
export const WIDE_FORMS: Readonly<Record<string, EncodedForm>> = {
  "literals in UTF-16": form((raw) => utf16le(`"${raw.slice(0, 3)}" + "${raw.slice(3)}"`), "utf-16le", "concatenation"),
  "base64 in UTF-16": form((raw) => utf16le(`  secret: ${base64(raw)}`), "utf-16le", "base64"),
  "base64 in UTF-16, big end first": form((raw) => utf16be(`  secret: ${base64(raw)}`), "utf-16be", "base64"),
};

export const ENCODED_FORMS: Readonly<Record<string, EncodedForm>> = {
  ...inBase64,
  ...inArchives,
  ...inMoreWays,
  ...inHex,
  ...inEscapes,
  ...inLiterals,
  ...nested,
};
