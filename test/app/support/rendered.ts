// What a text becomes on GitHub, as far as a Markdown parser and the filters behind it go.
import { Lexer, type Token, type Tokens } from "marked";

export interface Rendered {
  readonly links: readonly string[];
  readonly images: readonly string[];
  /** HTML, without comments. */
  readonly html: readonly string[];
  /** What the filters for mentions, references and addresses look at: text outside of code. */
  readonly text: string;
  readonly code: readonly string[];
  readonly tables: readonly Tokens.Table[];
  readonly headings: readonly string[];
  readonly emphasis: readonly string[];
  readonly checkboxes: number;
}

export function render(markdown: string): Rendered {
  const rendered = {
    links: [] as string[],
    images: [] as string[],
    html: [] as string[],
    text: "",
    code: [] as string[],
    tables: [] as Tokens.Table[],
    headings: [] as string[],
    emphasis: [] as string[],
    checkboxes: 0,
  };
  const visit = (token: Token): void => {
    switch (token.type) {
      case "link":
        rendered.links.push((token as Tokens.Link).href);
        break;
      case "image":
        rendered.images.push((token as Tokens.Image).href);
        break;
      case "html":
      case "tag": {
        const raw = token.raw.replace(/<!--(?!-?>)(?:(?!-->)[\s\S])*-->/g, "").trim();
        if (raw !== "") rendered.html.push(raw);
        break;
      }
      case "codespan":
      case "code":
        rendered.code.push((token as Tokens.Codespan).text);
        break;
      case "heading":
        rendered.headings.push((token as Tokens.Heading).text);
        break;
      case "strong":
      case "em":
      case "del":
        rendered.emphasis.push((token as Tokens.Strong).text);
        break;
      case "list_item":
        if ((token as Tokens.ListItem).task) rendered.checkboxes += 1;
        break;
      case "table": {
        const table = token as Tokens.Table;
        rendered.tables.push(table);
        for (const cell of [table.header, ...table.rows].flat()) for (const child of cell.tokens) visit(child);
        return;
      }
      default:
        break;
    }
    const children = "tokens" in token ? token.tokens : undefined;
    if (children !== undefined) for (const child of children) visit(child);
    else if (token.type === "list") for (const item of (token as Tokens.List).items) visit(item);
    else if (token.type === "text" || token.type === "escape") rendered.text += ` ${(token as Tokens.Text).text}`;
  };
  for (const token of new Lexer({ gfm: true }).lex(markdown)) visit(token);
  return rendered;
}

/** What GitHub turns into links in plain text: mentions, issues, commits, addresses. */
export function referencesIn(text: string): string[] {
  return [
    /(?:^|[^A-Za-z0-9_`])@[A-Za-z0-9][A-Za-z0-9-]*/g,
    /#\d+/g,
    /\bGH-\d+/gi,
    /\b[0-9a-f]{7,40}\b/g,
    /\b(?:https?|ftp):\/\//gi,
    /\bwww\./gi,
    /[A-Za-z0-9._+-]+@[A-Za-z0-9-]+/g,
    /\b(?:mailto|xmpp):\S/gi,
    /:[a-z+-][a-z0-9_+-]*:/g,
  ].flatMap((pattern) => text.match(pattern) ?? []);
}
