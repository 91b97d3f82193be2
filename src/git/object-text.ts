/** The fields of commits, tags and trees, found in their raw bytes. Source: gitformat-pack and git-hash-object's checks. */

export interface ObjectField {
  readonly kind: "message" | "identity";
  /** Where the field's text begins in the object. */
  readonly start: number;
  readonly end: number;
}

const LINE_FEED = 0x0a;

/** The field of a commit or tag that an offset stands in: an identity's text, or the message with all other headers. */
export function fieldAt(bytes: Buffer, offset: number): ObjectField {
  let start = 0;
  while (start < bytes.length) {
    const lineEnd = bytes.indexOf(LINE_FEED, start);
    const end = lineEnd === -1 ? bytes.length : lineEnd;
    // An empty line ends the headers.
    if (end === start) return { kind: "message", start: start + 1, end: bytes.length };
    if (offset < end) {
      const header = /^(?:author|committer|tagger) /.exec(bytes.toString("latin1", start, Math.min(end, start + 16)));
      if (header === null) return { kind: "message", start, end };
      return { kind: "identity", start: start + header[0].length, end };
    }
    start = end + 1;
  }
  return { kind: "message", start: 0, end: bytes.length };
}

export interface Identity {
  /** `Name <address>` */
  readonly text: Buffer;
  /** ISO 8601 with the offset of its author, or null where the time is not readable. */
  readonly date: string | null;
}

/** The author of a commit, or null where the object has none that can be read. */
export function authorOf(commit: Buffer): Identity | null {
  const start = commit.indexOf("\nauthor ");
  const headersEnd = commit.indexOf("\n\n");
  if (start === -1 || (headersEnd !== -1 && start > headersEnd)) return null;
  const lineEnd = commit.indexOf(LINE_FEED, start + 1);
  const line = commit.subarray(start + "\nauthor ".length, lineEnd === -1 ? commit.length : lineEnd);
  const time = / (-?\d{1,18}) ([+-])(\d\d)(\d\d)$/.exec(line.toString("latin1"));
  if (time === null) return { text: line, date: null };
  const [whole, seconds, sign, hours, minutes] = time;
  const offsetMinutes = (sign === "-" ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
  return { text: line.subarray(0, line.length - whole.length), date: isoDate(Number(seconds), offsetMinutes) };
}

function isoDate(seconds: number, offsetMinutes: number): string | null {
  const local = new Date((seconds + offsetMinutes * 60) * 1000);
  if (Number.isNaN(local.getTime())) return null;
  if (offsetMinutes === 0) return local.toISOString().replace(".000Z", "Z");
  const absolute = Math.abs(offsetMinutes);
  const pad = (value: number): string => String(value).padStart(2, "0");
  const offset = `${offsetMinutes < 0 ? "-" : "+"}${pad(Math.floor(absolute / 60))}:${pad(absolute % 60)}`;
  return local.toISOString().replace(".000Z", offset);
}

/** The name of the tree entry that an offset stands in, or null where it stands elsewhere or the tree is damaged. */
export function entryNameAt(
  tree: Buffer,
  offset: number,
  objectIdLength: 40 | 64,
): { name: Buffer; start: number } | null {
  let position = 0;
  while (position < tree.length) {
    const space = tree.indexOf(0x20, position);
    const zero = space === -1 ? -1 : tree.indexOf(0, space);
    if (zero === -1) return null;
    const next = zero + 1 + objectIdLength / 2;
    if (offset < next) {
      return offset > space && offset < zero ? { name: tree.subarray(space + 1, zero), start: space + 1 } : null;
    }
    position = next;
  }
  return null;
}
