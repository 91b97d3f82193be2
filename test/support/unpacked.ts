// What the reader of archives hands over, as a list that tests can ask.
import {
  type Contents,
  type InnerPlace,
  Unpacking,
  UNPACK_LIMITS,
  unpackWhole,
  type UnpackLimits,
} from "../../src/detect/containers/unpack.ts";

export interface Unpacked {
  /** By the steps to it, joined with ` > `. */
  readonly contents: Map<string, string>;
  readonly places: Map<string, string>;
  readonly texts: string[];
  readonly unread: string[];
  readonly leftOut: string[];
}

/** @param pieces sizes in which the bytes come, in turns; without any they come whole */
export function unpack(bytes: Buffer, pieces: readonly number[] = [], limits: Partial<UnpackLimits> = {}): Unpacked {
  const found: Unpacked = { contents: new Map(), places: new Map(), texts: [], unread: [], leftOut: [] };
  const all = { ...UNPACK_LIMITS, ...limits };
  if (pieces.length === 0) unpackWhole(bytes, listing(found), all);
  else {
    const unpacking = new Unpacking(listing(found), all);
    for (let at = 0, turn = 0; at < bytes.length; turn++) {
      const size = pieces[turn % pieces.length]!;
      // A copy that is overwritten: nobody may look at a piece later.
      const piece = Buffer.from(bytes.subarray(at, at + size));
      unpacking.write(piece);
      piece.fill(0xaa);
      at += size;
    }
    unpacking.close();
  }
  return found;
}

function listing(found: Unpacked): Contents {
  const note = ({ steps, outer }: InnerPlace, text: string): void => {
    const key = steps.join(" > ");
    found.contents.set(key, (found.contents.get(key) ?? "") + text);
    found.places.set(key, `${outer.line}:${outer.column}`);
  };
  return {
    whole: (place, bytes) => note(place, bytes.toString("latin1")),
    stream: (place) => ({
      write: (bytes) => note(place, bytes.toString("latin1")),
      close: () => note(place, ""),
    }),
    text: ({ steps }, bytes) => found.texts.push(`${steps.join(" > ")} = ${bytes.toString("latin1")}`),
    unread: (steps, why) => found.unread.push(`${steps.join(" > ")}: ${why}`),
    leftOut: (steps, why) => found.leftOut.push(`${steps.join(" > ")}: ${why}`),
  };
}
