/** The lines that git gives to hooks that see refs change. Source: githooks, `pre-push` and `pre-receive`. */
import { KeyrecallError } from "../core/errors.ts";
import type { RefUpdate } from "../git/outgoing.ts";

/** `<local ref> <local id> <remote ref> <remote id>`, of which the first is as it was typed; a deletion brings nothing. @throws {KeyrecallError} `usage` */
export function readPushLines(text: string): RefUpdate[] {
  return readLines(text, /^.+ ([0-9a-f]{40,64}) (\S+) ([0-9a-f]{40,64})$/, ([newId = "", ref = "", oldId = ""]) => ({
    ref,
    newId,
    oldId,
  }));
}

/** `<old id> <new id> <ref>`. @throws {KeyrecallError} `usage` */
export function readReceiveLines(text: string): RefUpdate[] {
  return readLines(text, /^([0-9a-f]{40,64}) ([0-9a-f]{40,64}) (\S+)$/, ([oldId = "", newId = "", ref = ""]) => ({
    ref,
    newId,
    oldId,
  }));
}

function readLines(
  text: string,
  pattern: RegExp,
  toUpdate: (fields: string[]) => { ref: string; newId: string; oldId: string },
): RefUpdate[] {
  const lines = text.split("\n").map((line) => line.replace(/\r$/, ""));
  return lines.flatMap((line, index): RefUpdate[] => {
    if (line === "") return [];
    const fields = pattern.exec(line)?.slice(1);
    if (fields === undefined) {
      throw new KeyrecallError("usage", `line ${index + 1} of standard input is not one that git gives to this hook`, {
        hint: "the hook has to hand on its standard input as it came; for lefthook that is use_stdin: true",
      });
    }
    const { ref, newId, oldId } = toUpdate(fields);
    return isNull(newId) ? [] : [{ ref, newId, oldId: isNull(oldId) ? null : oldId }];
  });
}

/** Zeros stand for a ref that is not there, in either length of object names. */
function isNull(objectId: string): boolean {
  return /^0+$/.test(objectId);
}
