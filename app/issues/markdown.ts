/** Whatever strangers wrote, made harmless for the Markdown of GitHub, and short. No token of the known kinds passes. */
import { builtinRules, compileRules, Detector, escapeForMarkdown, escapeForTerminal, mask } from "keyrecall";

const detector = new Detector(compileRules(builtinRules), { minConfidence: "suspect" });

const MAX_NAME = 160;
const MAX_SENTENCE = 600;

/** Masks tokens first: a token that is cut is none to the detector, and most of its secret all the same. */
function safe(text: string, max: number): string {
  return cut(mask(detector, text), max);
}

export function holdsToken(text: string): boolean {
  return mask(detector, text) !== text;
}

export function cut(text: string, max: number): string {
  if (text.length <= max) return text;
  const kept = text.slice(0, Math.max(0, max - 1));
  return `${/[\ud800-\udbff]$/.test(kept) ? kept.slice(0, -1) : kept}…`;
}

/** A name, path, message or identity, as a code span. */
export function code(text: string, max: number = MAX_NAME): string {
  return escapeForMarkdown(safe(text, max));
}

/** For places that are no Markdown, such as titles and annotations: one line, nothing invisible. */
export function plain(text: string, max: number = MAX_NAME): string {
  return cut(escapeForTerminal(safe(text, max)), max);
}

/**
 * A sentence that may quote strangers: words and numbers stay, anything else becomes a code span, which is the only
 * place where no parser and no filter of GitHub sees mentions, references, addresses or HTML.
 */
export function prose(text: string, max: number = MAX_SENTENCE): string {
  return safe(text, max)
    .split(/\s+/u)
    .filter((word) => word !== "")
    .map((word) => (isPlainWord(word) ? word : asSpan(word)))
    .join(" ");
}

/** A bracket before a word, and what ends a sentence after it, stay outside of its span. */
function asSpan(word: string): string {
  const [, open = "", inner = word, close = ""] = /^(\(?)(.*?)(\)?[.,;:]?)$/su.exec(word) ?? [];
  return inner === "" ? escapeForMarkdown(word) : `${open}${escapeForMarkdown(inner)}${close}`;
}

const WORD = /^[("']*[A-Za-z]+(?:['’-][A-Za-z]+)*[)"'.,:;!?…]*$/;
const NUMBER = /^\(?\d{1,6}(?:[.,:]\d{1,6}){0,3}%?[).,:;!?…]*$/;
const DASH = /^[—–-]$/;
/** What could be the short name of a commit, or begin an address. */
const LINKED = /^[("']*(?:[0-9a-f]{7,}|www)(?![A-Za-z])/i;

function isPlainWord(word: string): boolean {
  return (WORD.test(word) || NUMBER.test(word) || DASH.test(word)) && !LINKED.test(word);
}

const SAFE_URL = /^https?:\/\/[A-Za-z0-9.:-]+(?:\/[A-Za-z0-9._~%:+-]+)+(?:#[A-Za-z][A-Za-z_]*-?\d+)?$/;

/** A link whose text is a code span; only the span where address or text could be read as anything else. */
export function link(text: string, url: string): string {
  // Parsers differ about which of brackets and backticks comes first.
  const isSafe = SAFE_URL.test(url) && !/[`[\]]/.test(text) && !holdsToken(decodeURIComponentOr(url));
  return isSafe ? `[${code(text)}](${url})` : code(text);
}

function decodeURIComponentOr(url: string): string {
  try {
    return decodeURIComponent(url);
  } catch {
    return url;
  }
}

/** How much of a list is shown. */
export interface Budget {
  readonly items: number;
  readonly bytes: number;
}

/** The first lines of a list, as many as the budget allows, and a last one that says how many are left. */
export function boundedLines<Item>(
  items: readonly Item[],
  budget: Budget,
  line: (item: Item) => string,
  more: (left: number) => string = (left) => `- … and ${left} more`,
): string[] {
  const lines: string[] = [];
  let bytes = 0;
  for (const item of items.slice(0, budget.items)) {
    const next = line(item);
    bytes += Buffer.byteLength(next) + 1;
    if (bytes > budget.bytes) break;
    lines.push(next);
  }
  return lines.length === items.length ? lines : [...lines, more(items.length - lines.length)];
}

export function tableRow(...cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |`;
}

export function tableHead(...names: readonly string[]): string[] {
  return [tableRow(...names), tableRow(...names.map(() => "---"))];
}
