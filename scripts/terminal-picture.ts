// Draws what a terminal showed as an SVG: text with the colours of ANSI, wrapped where the terminal ends.

export interface PictureOptions {
  readonly title: string;
  readonly columns: number;
}

interface Run {
  readonly text: string;
  readonly classes: readonly string[];
}

const FONT_SIZE = 13;
const CHARACTER_WIDTH = 7.8;
const LINE_HEIGHT = 18;
const PADDING = 16;
const BAR_HEIGHT = 30;

/** Text, border and so on by the reader's colour scheme; both have a contrast of 4.5 or more. */
const STYLE = `
  text { font: ${FONT_SIZE}px ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; fill: #d1d7e0; white-space: pre; }
  .card { fill: #0d1117; stroke: #3d444d; }
  .bar { fill: #9198a1; }
  .bold { font-weight: 700; }
  .dim { fill: #9198a1; }
  .red { fill: #ff7b72; }
  .green { fill: #56d364; }
  .yellow { fill: #e3b341; }
  .cyan { fill: #76e3ea; }
  @media (prefers-color-scheme: light) {
    text { fill: #1f2328; }
    .card { fill: #f6f8fa; stroke: #d1d9e0; }
    .bar, .dim { fill: #59636e; }
    .red { fill: #c21c28; }
    .green { fill: #116329; }
    .yellow { fill: #7d4e00; }
    .cyan { fill: #0a5c73; }
  }
`;

export function drawTerminal(output: string, { title, columns }: PictureOptions): string {
  const lines = readLines(output).flatMap((line) => wrap(line, columns));
  const width = Math.ceil(columns * CHARACTER_WIDTH + 2 * PADDING);
  const height = BAR_HEIGHT + lines.length * LINE_HEIGHT + PADDING;
  const rows = lines.map((line, index) => drawLine(line, BAR_HEIGHT + (index + 1) * LINE_HEIGHT - 4));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="title">`,
    `<title id="title">${escapeXml(title)}</title>`,
    `<style>${STYLE}</style>`,
    `<rect class="card" x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="8"/>`,
    `<text class="bar" x="${PADDING}" y="20">${escapeXml(title)}</text>`,
    ...rows.filter((row) => row !== ""),
    "</svg>",
    "",
  ].join("\n");
}

const CLASSES: Readonly<Record<string, string>> = {
  "1": "bold",
  "2": "dim",
  "31": "red",
  "32": "green",
  "33": "yellow",
  "36": "cyan",
};
const WEIGHTS: ReadonlySet<string> = new Set(["bold", "dim"]);

/** Lines of runs; what a line showed before it was cleared is gone. */
function readLines(output: string): Run[][] {
  // oxlint-disable-next-line no-control-regex
  const pieces = output.replaceAll("\r\n", "\n").split(/(\u001b\[[0-9;]*[A-Za-z]|\r|\n)/);
  const lines: Run[][] = [[]];
  let classes: string[] = [];
  for (const piece of pieces) {
    if (piece === "\n") lines.push([]);
    else if (piece === "\r") lines[lines.length - 1] = [];
    else if (piece.startsWith("\u001b[")) {
      const codes = piece.endsWith("m") ? piece.slice(2, -1).split(";") : [];
      for (const code of codes) classes = afterCode(classes, code);
    } else if (piece !== "") lines.at(-1)?.push({ text: piece, classes });
  }
  while (lines.length > 0 && lines.at(-1)?.length === 0) lines.pop();
  while (lines.length > 0 && lines[0]?.length === 0) lines.shift();
  return lines;
}

function afterCode(classes: readonly string[], code: string): string[] {
  const added = CLASSES[code];
  if (added !== undefined) return [...classes, added];
  if (code === "22") return classes.filter((name) => !WEIGHTS.has(name));
  if (code === "39") return classes.filter((name) => WEIGHTS.has(name));
  return code === "0" || code === "" ? [] : [...classes];
}

/** Breaks between words, and goes on below the indentation of the line. */
function wrap(line: readonly Run[], columns: number): Run[][] {
  const indent = /^ */.exec(line.map(({ text }) => text).join(""))![0].length;
  const continued = " ".repeat(indent + 2);
  const rows: Run[][] = [[]];
  let used = 0;
  for (const { text, classes } of line) {
    for (const word of text.split(/(?<= )(?=[^ ])/)) {
      const length = [...word.trimEnd()].length;
      if (used + length > columns && used > continued.length) {
        rows.push([{ text: continued, classes: [] }]);
        used = continued.length;
      }
      rows.at(-1)?.push({ text: word, classes });
      used += [...word].length;
    }
  }
  return rows;
}

function drawLine(runs: readonly Run[], y: number): string {
  const joined: Run[] = [];
  for (const run of runs) {
    const last = joined.at(-1);
    if (last?.classes.join() === run.classes.join()) joined.splice(-1, 1, { ...run, text: last.text + run.text });
    else joined.push(run);
  }
  const spans: string[] = [];
  let column = 0;
  for (const { text, classes } of joined) {
    const length = [...text].length;
    const x = (PADDING + column * CHARACTER_WIDTH).toFixed(1);
    const name = classes.length === 0 ? "" : ` class="${classes.join(" ")}"`;
    // The width is said, so that no font of the reader's moves what follows.
    if (text.trim() !== "") {
      const start = text.length - text.trimStart().length;
      const shown = text.trim();
      const from = start === 0 ? x : (PADDING + (column + start) * CHARACTER_WIDTH).toFixed(1);
      const textLength = ([...shown].length * CHARACTER_WIDTH).toFixed(1);
      spans.push(
        `<text${name} x="${from}" y="${y}" textLength="${textLength}" lengthAdjust="spacingAndGlyphs">${escapeXml(shown)}</text>`,
      );
    }
    column += length;
  }
  return spans.join("");
}

function escapeXml(text: string): string {
  return (
    text
      .replaceAll("&", "&amp;")
      .replaceAll("<", "&lt;")
      .replaceAll(">", "&gt;")
      .replaceAll('"', "&quot;")
      // oxlint-disable-next-line no-control-regex
      .replaceAll(/[\u0000-\u0008\u000b-\u001f\u007f]/g, "�")
  );
}
