import {
  readRegularFile
} from "./chunk-QBGYM6EC.js";
import {
  errorLines,
  runGit,
  streamGit
} from "./chunk-65EHQVBC.js";
import {
  Damage,
  NotForUs,
  OBJECT_TYPES,
  hashOf,
  inflate
} from "./chunk-KTHQ3RLY.js";
import {
  messageOf,
  systemCodeOf
} from "./chunk-U52VU3KD.js";

// src/git/object-store.ts
import { accessSync, constants as constants2, existsSync as existsSync2, readdirSync } from "node:fs";
import path2 from "node:path";

// src/git/object-stream.ts
import { createHash, randomBytes } from "node:crypto";
var MAX_WHOLE_BLOB_BYTES = 4 * 1024 * 1024;
var MAX_WHOLE_OTHER_BYTES = 64 * 1024 * 1024;
var LINE_FEED = 10;
var REMEMBERED_BYTES = 1024;
var MAX_HEADER_BYTES = 4096;
async function readListedObjects(git, objectIds, receiver) {
  const parser = new BatchParser(receiver, objectIds);
  const format = `--batch=${parser.mark} %(objectname) %(objecttype) %(objectsize)`;
  const result = await streamGit(git, ["cat-file", format, "--buffer"], {
    input: lines(objectIds),
    onData: (bytes) => parser.push(bytes)
  });
  parser.end();
  return { ...result, completed: parser.completed, interrupted: parser.currentObjectId };
}
function* lines(items) {
  for (const item of items) yield `${item}
`;
}
var BatchParser = class {
  mark = randomBytes(16).toString("hex");
  #receiver;
  #expected;
  #pattern;
  #lastObjectId = "";
  /** The end of the object that came last. */
  #lastBytes = Buffer.allocUnsafe(REMEMBERED_BYTES);
  #lastLength = 0;
  /** Takes what cannot be told apart, up to the next mark. */
  #stray = null;
  #strayTail = Buffer.alloc(0);
  completed = 0;
  currentObjectId = null;
  #type = "blob";
  #header = Buffer.alloc(0);
  /** Bytes of the current object, its line feed not counted, that have not arrived yet; -1 between objects. */
  #remaining = -1;
  #whole = null;
  #wholeLength = 0;
  #writer = null;
  #hash = null;
  #scratch = Buffer.allocUnsafe(256 * 1024);
  /** @param expected the objects that were asked for, in order */
  constructor(receiver, expected) {
    this.#receiver = receiver;
    this.#expected = expected;
    this.#pattern = new RegExp(`^${this.mark} ([0-9a-f]{40}|[0-9a-f]{64}) (blob|tree|commit|tag) (\\d{1,15})$`);
  }
  push(bytes) {
    let position = 0;
    while (position < bytes.length) {
      if (this.#stray !== null) position = this.#readStray(bytes, position);
      else position = this.#remaining === -1 ? this.#readHeader(bytes, position) : this.#readBody(bytes, position);
    }
  }
  end() {
    if (this.#stray === null && this.#header.length > 0) this.#lose(this.#header.toString("latin1"));
    this.#stray?.write(this.#strayTail);
    this.#stray?.close();
    this.#stray = null;
  }
  /** What was printed last was longer or shorter than git said: its bytes go on to where the mark stands again. */
  #lose(taken) {
    this.#receiver.misshapen?.(this.#lastObjectId);
    this.#stray = this.#receiver.largeObject(this.#lastObjectId, "blob");
    this.#stray.write(this.#lastBytes.subarray(0, this.#lastLength));
    this.#strayTail = Buffer.from(taken, "latin1");
  }
  #readStray(bytes, position) {
    const all = Buffer.concat([this.#strayTail, bytes.subarray(position)]);
    const at = all.indexOf(`
${this.mark} `, 0, "latin1");
    if (at !== -1) {
      this.#stray?.write(all.subarray(0, at));
      this.#stray?.close();
      this.#stray = null;
      this.#strayTail = Buffer.alloc(0);
      this.push(all.subarray(at + 1));
      return bytes.length;
    }
    const keep = Math.min(all.length, this.mark.length + 2);
    this.#stray?.write(all.subarray(0, all.length - keep));
    this.#strayTail = Buffer.from(all.subarray(all.length - keep));
    return bytes.length;
  }
  #readHeader(bytes, position) {
    const end = bytes.indexOf(LINE_FEED, position);
    if (end === -1 || this.#header.length > 0) {
      const piece = bytes.subarray(position, end === -1 ? bytes.length : end);
      this.#header = Buffer.concat([this.#header, piece]);
      if (end === -1 && this.#header.length <= MAX_HEADER_BYTES) return bytes.length;
      const header = this.#header.toString("latin1");
      this.#header = Buffer.alloc(0);
      this.#begin(header);
      return end === -1 ? bytes.length : end + 1;
    }
    this.#begin(bytes.toString("latin1", position, end));
    return end + 1;
  }
  #begin(header) {
    const [, objectId = "", type = "", size = ""] = this.#pattern.exec(header) ?? [];
    if (objectId === "") {
      if (!this.#isMissing(header)) this.#lose(`${header}
`);
      return;
    }
    this.#skipTo(objectId);
    this.currentObjectId = objectId;
    this.#lastObjectId = objectId;
    this.#type = type;
    const length = Number(size);
    this.#remaining = length;
    this.#hash = null;
    if (this.#receiver.isChecked?.(objectId) === true) {
      this.#hash = createHash(objectId.length === 64 ? "sha256" : "sha1").update(`${type} ${length}\0`);
    }
    if (length > (type === "blob" ? MAX_WHOLE_BLOB_BYTES : MAX_WHOLE_OTHER_BYTES)) {
      this.#writer = this.#receiver.largeObject(objectId, this.#type);
      return;
    }
    this.#whole = null;
    this.#wholeLength = 0;
  }
  /** `<name> missing`: without a mark, so it counts only for an object that was asked for. */
  #isMissing(header) {
    const [, objectId = ""] = /^([0-9a-f]{40}|[0-9a-f]{64}) missing$/.exec(header) ?? [];
    if (objectId === "") return false;
    if (this.#expected[this.completed] !== objectId) return false;
    this.completed += 1;
    this.#receiver.missing(objectId);
    return true;
  }
  /** Objects that an earlier one, by its wrong length, has swallowed. */
  #skipTo(objectId) {
    if (this.#expected[this.completed] === objectId) return;
    const position = Math.max(this.completed, this.#expected.indexOf(objectId, this.completed));
    for (const swallowed of this.#expected.slice(this.completed, position)) this.#receiver.missing(swallowed);
    this.completed = position;
  }
  #readBody(bytes, position) {
    if (this.#remaining === 0) {
      this.#finish();
      if (bytes[position] === LINE_FEED) return position + 1;
      this.#lose("");
      return position;
    }
    const take = Math.min(this.#remaining, bytes.length - position);
    const piece = bytes.subarray(position, position + take);
    this.#remaining -= take;
    this.#hash?.update(piece);
    this.#lastLength = piece.copy(this.#lastBytes, 0, Math.max(0, take - REMEMBERED_BYTES));
    if (this.#writer !== null) this.#writer.write(piece);
    else if (this.#remaining === 0 && this.#wholeLength === 0) this.#whole = piece;
    else this.#append(piece);
    if (this.#remaining === 0) this.#deliver();
    return position + take;
  }
  #append(piece) {
    const needed = this.#wholeLength + piece.length + this.#remaining;
    if (this.#scratch.length < needed) {
      const larger = Buffer.allocUnsafe(needed);
      this.#scratch.copy(larger, 0, 0, this.#wholeLength);
      this.#scratch = larger;
    }
    piece.copy(this.#scratch, this.#wholeLength);
    this.#wholeLength += piece.length;
    this.#whole = this.#scratch.subarray(0, this.#wholeLength);
  }
  /** The bytes are only valid in the piece that they arrived in, so they go out before its line feed is read. */
  #deliver() {
    if (this.#writer !== null || this.#whole === null) return;
    this.#receiver.object(this.currentObjectId ?? "", this.#type, this.#whole);
    this.#whole = null;
    this.#wholeLength = -1;
  }
  #finish() {
    if (this.#writer !== null) this.#writer.close();
    else if (this.#wholeLength === 0) this.#receiver.object(this.currentObjectId ?? "", this.#type, EMPTY);
    if (this.#hash !== null && this.#hash.digest("hex") !== this.#lastObjectId) {
      this.#receiver.misnamed?.(this.#lastObjectId);
    }
    this.#hash = null;
    this.#writer = null;
    this.#remaining = -1;
    this.currentObjectId = null;
    this.completed += 1;
  }
};
var EMPTY = Buffer.alloc(0);

// src/git/storage/loose-object.ts
import { closeSync, constants, fstatSync, openSync, readFileSync } from "node:fs";
var MAX_FILE_BYTES = 4 * 1024 * 1024;
var MAX_OBJECT_BYTES = 16 * 1024 * 1024;
var CHUNK_BYTES = 16 * 1024;
var MAX_HEADER_BYTES2 = 32;
function readLooseObject(file, objectId) {
  const { buffer, consumed, inputBytes } = inflateFile(file);
  const end = buffer.indexOf(0);
  const head = buffer.toString("latin1", 0, Math.min(end, MAX_HEADER_BYTES2));
  const [, type = "", digits = ""] = /^([a-z]+) (0|[1-9][0-9]{0,14})$/.exec(head) ?? [];
  if (end === -1 || !OBJECT_TYPES.includes(type)) throw new Damage("has no header that says what it is");
  const bytes = buffer.subarray(end + 1);
  if (bytes.length !== Number(digits)) throw new Damage(`is ${bytes.length} bytes long and says ${digits}`);
  if (consumed !== inputBytes) throw new Damage("is followed by bytes that are no part of it");
  const idBytes = objectId.length === 64 ? 32 : 20;
  if (hashOf(buffer, idBytes).toString("hex") !== objectId) throw new Damage("is another object than its name says");
  return { type, bytes };
}
function inflateFile(file) {
  const packed = readFile(file);
  const { buffer, consumed } = inflate(packed, MAX_OBJECT_BYTES, CHUNK_BYTES);
  return { buffer, consumed, inputBytes: packed.length };
}
function readFile(file) {
  const descriptor = openSync(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    const stat = fstatSync(descriptor);
    if (!stat.isFile()) throw new Damage("is not a regular file");
    if (stat.size > MAX_FILE_BYTES) throw new NotForUs(`takes ${stat.size} bytes`);
    return readFileSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

// src/git/storage/object-directories.ts
import { existsSync } from "node:fs";
import path from "node:path";
function listObjectDirectories(objectDirectory, borrowed, onGap) {
  const found = /* @__PURE__ */ new Set();
  const open = [objectDirectory, ...splitList(borrowed ?? "").map((one) => path.resolve(objectDirectory, one))];
  for (let next = 0; next < open.length; next++) {
    const directory = open[next];
    if (found.has(directory)) continue;
    if (next > 0 && !existsSync(directory)) {
      onGap({ what: `alternate object store ${directory}`, why: "does not exist or cannot be reached" });
      continue;
    }
    found.add(directory);
    open.push(...alternatesOf(directory, onGap));
  }
  return [...found];
}
function alternatesOf(objectDirectory, onGap) {
  const file = path.join(objectDirectory, "info", "alternates");
  if (!existsSync(file)) return [];
  try {
    return readRegularFile(file).toString("utf8").split("\n").filter((line) => line !== "" && !line.startsWith("#")).map((line) => path.resolve(objectDirectory, unquote(line)));
  } catch (error) {
    onGap({ what: file, why: `cannot be read: ${messageOf(error)}` });
    return [];
  }
}
function splitList(list) {
  const paths = [];
  let rest = list;
  while (rest !== "") {
    const quoted = rest.startsWith('"') ? /^"(?:[^"\\]|\\.)*"/.exec(rest)?.[0] ?? null : null;
    const end = quoted === null ? rest.indexOf(path.delimiter) : quoted.length;
    const one = end === -1 ? rest : rest.slice(0, end);
    if (one !== "") paths.push(unquote(one));
    rest = end === -1 ? "" : rest.slice(quoted === null ? end + 1 : rest.indexOf(path.delimiter, end) + 1 || rest.length);
  }
  return paths;
}
function unquote(line) {
  if (!line.startsWith('"') || !line.endsWith('"')) return line;
  const escapes = { n: "\n", t: "	", r: "\r", a: "\x07", b: "\b", f: "\f", v: "\v" };
  const bytes = Buffer.from(line.slice(1, -1)).toString("latin1");
  const raw = bytes.replace(
    /\\([0-7]{3}|.)/g,
    (_, code) => code.length === 3 ? String.fromCharCode(Number.parseInt(code, 8)) : escapes[code] ?? code
  );
  return Buffer.from(raw, "latin1").toString("utf8");
}

// src/git/object-store.ts
var MAX_LOOSE_LIST = 1e3;
async function readObjects(repository, objectIds, receiver, onGap) {
  const rest = objectIds.slice(readLooseFirst(repository, objectIds, receiver));
  if (rest.length === 0) return;
  const present = repository.hasPromisorRemote ? await presentObjects(repository, rest, receiver, onGap) : rest;
  await readPresent(repository, present, receiver, onGap);
}
function readLooseFirst(repository, objectIds, receiver) {
  if (objectIds.length === 0 || objectIds.length > MAX_LOOSE_LIST) return 0;
  const directories = objectDirectoriesOf(repository);
  for (const [position, objectId] of objectIds.entries()) {
    const object = readLoose(directories, objectId);
    if (object === null) return position;
    receiver.object(objectId, object.type, object.bytes);
  }
  return objectIds.length;
}
function readLoose(directories, objectId) {
  for (const directory of directories) {
    try {
      const object = readLooseObject(path2.join(directory, objectId.slice(0, 2), objectId.slice(2)), objectId);
      return object.bytes.length > MAX_WHOLE_BLOB_BYTES ? null : object;
    } catch (error) {
      if (systemCodeOf(error) === "ENOENT") continue;
      if (error instanceof Damage || error instanceof NotForUs || systemCodeOf(error) !== void 0) return null;
      throw error;
    }
  }
  return null;
}
function objectDirectoriesOf({ objectDirectory, git }) {
  const environment = { ...process.env, ...git.environment };
  return listObjectDirectories(objectDirectory, environment["GIT_ALTERNATE_OBJECT_DIRECTORIES"], () => {
  });
}
async function presentObjects(repository, objectIds, receiver, onGap) {
  if (objectIds.length === 0) return [];
  const wanted = new Set(objectIds);
  const present = /* @__PURE__ */ new Set();
  const onLine = (line) => {
    const objectId = line.toString("latin1");
    if (wanted.has(objectId)) present.add(objectId);
  };
  await listStore(repository, "%(objectname)", onLine, onGap);
  for (const objectId of wanted) if (!present.has(objectId)) receiver.missing(objectId);
  return objectIds.filter((objectId) => present.has(objectId));
}
async function readPresent(repository, objectIds, receiver, onGap) {
  let position = 0;
  while (position < objectIds.length) {
    const rest = position === 0 ? objectIds : objectIds.slice(position);
    const result = await readListedObjects(repository.git, rest, receiver);
    if (result.status === 0) return;
    position += result.completed;
    const damaged = result.interrupted ?? objectIds[position];
    if (damaged === void 0) {
      onGap(storeGap(errorLines(result.errorText).join("; ")));
      return;
    }
    onGap(damagedObject(damaged, result));
    position += 1;
  }
}
function damagedObject(objectId, result) {
  const why = errorLines(result.errorText).join("; ") || `git cat-file ended with ${result.status}`;
  return { what: `object ${objectId}`, why: `damaged: ${why}; fetch it again from another copy` };
}
function storeGap(why) {
  return { what: "object store", why: `${why}; run git fsck` };
}
async function listObjectIds(repository, onGap) {
  const objectIds = [];
  await listStore(repository, "%(objectname)", (line) => objectIds.push(line.toString("latin1")), onGap);
  return objectIds;
}
async function listCommitIds(repository, onGap) {
  const prefix = Buffer.from("commit ");
  const commits = [];
  const onLine = (line) => {
    if (line.subarray(0, prefix.length).equals(prefix)) commits.push(line.toString("latin1", prefix.length));
  };
  await listStore(repository, "%(objecttype) %(objectname)", onLine, onGap);
  return commits;
}
async function listStore(repository, format, onLine, onGap) {
  let rest = Buffer.alloc(0);
  const { status, errorText } = await streamGit(
    repository.git,
    ["cat-file", "--batch-all-objects", "--unordered", "--buffer", `--batch-check=${format}`],
    {
      onData(bytes) {
        const all = rest.length === 0 ? bytes : Buffer.concat([rest, bytes]);
        let start = 0;
        for (let end = all.indexOf(10); end !== -1; end = all.indexOf(10, start)) {
          onLine(all.subarray(start, end));
          start = end + 1;
        }
        rest = all.subarray(start);
      }
    }
  );
  if (status !== 0) onGap(storeGap(errorLines(errorText).join("; ")));
}
async function typesOf(repository, objectIds, onGap) {
  const { status, output, errorText } = await runGit(
    repository.git,
    ["cat-file", "--batch-check=%(objectname) %(objecttype)"],
    objectIds.map((objectId) => `${objectId}
`)
  );
  if (status !== 0) onGap(storeGap(errorLines(errorText).join("; ")));
  const types = output.toString("latin1").split("\n").map((line) => [line.slice(0, line.indexOf(" ")), line.slice(line.indexOf(" ") + 1)]);
  return new Map(types.filter(([, type]) => type !== "missing" && type !== ""));
}
async function missingObjects(repository, objectIds, onGap) {
  if (objectIds.length === 0) return [];
  const types = await typesOf(repository, objectIds, onGap);
  return objectIds.filter((objectId) => !types.has(objectId));
}
function surveyStore(objectDirectory, seen = /* @__PURE__ */ new Set()) {
  const loose = /* @__PURE__ */ new Set();
  if (seen.has(objectDirectory)) return { packs: 0, loose, gaps: [] };
  seen.add(objectDirectory);
  const gaps = [];
  const top = listDirectory(objectDirectory, gaps);
  for (const name of top) {
    if (!/^[0-9a-f]{2}$/.test(name)) continue;
    for (const rest of listDirectory(path2.join(objectDirectory, name), gaps)) loose.add(name + rest);
  }
  const names = new Set(top.includes("pack") ? listDirectory(path2.join(objectDirectory, "pack"), gaps) : []);
  const packs = [...names].filter((name) => name.endsWith(".pack"));
  for (const name of names) {
    if (/\.(pack|idx)$/.test(name)) checkReadable(path2.join(objectDirectory, "pack", name), gaps);
    if (name.endsWith(".pack") && !names.has(name.replace(/\.pack$/, ".idx"))) {
      gaps.push({ what: `pack ${name}`, why: "has no index, so git cannot read it; run git index-pack on it" });
    }
    if (name.endsWith(".idx") && !names.has(name.replace(/\.idx$/, ".pack"))) {
      const pack = name.replace(/\.idx$/, ".pack");
      gaps.push({ what: `pack ${pack}`, why: "is missing, its index is there; fetch its objects again" });
    }
  }
  let count = packs.length;
  for (const directory of alternatesOf(objectDirectory, (gap) => gaps.push(gap))) {
    if (!existsSync2(directory)) {
      gaps.push({ what: `alternate object store ${directory}`, why: "does not exist or cannot be reached" });
      continue;
    }
    const survey = surveyStore(directory, seen);
    count += survey.packs;
    for (const objectId of survey.loose) loose.add(objectId);
    gaps.push(...survey.gaps);
  }
  return { packs: count, loose, gaps };
}
function checkReadable(file, gaps) {
  try {
    accessSync(file, constants2.R_OK);
  } catch (error) {
    gaps.push({ what: `file ${file}`, why: `cannot be read: ${messageOf(error)}` });
  }
}
function listDirectory(directory, gaps) {
  try {
    return readdirSync(directory);
  } catch (error) {
    gaps.push({ what: `directory ${directory}`, why: `cannot be read: ${messageOf(error)}` });
    return [];
  }
}
async function findMissingObjects(repository) {
  const { status, output, errorText } = await runGit(repository.git, [
    "rev-list",
    "--objects",
    "--all",
    "--reflog",
    "--indexed-objects",
    "--missing=print",
    "--quiet"
  ]);
  const objectIds = output.toString("latin1").split("\n").filter((line) => line.startsWith("?")).map((line) => line.slice(1));
  const failure = status === 0 ? null : { what: "reachable history", why: `${errorLines(errorText).join("; ")}; run git fsck` };
  return { objectIds, failure };
}
function gapOfMissing(repository, objectId) {
  const why = repository.isPartial ? "left out of this partial clone; run git fetch --refetch in it, or scan a full clone" : "missing from the repository; fetch it again from another copy";
  return { what: `object ${objectId}`, why };
}

export {
  readLooseObject,
  readObjects,
  objectDirectoriesOf,
  listObjectIds,
  listCommitIds,
  typesOf,
  missingObjects,
  surveyStore,
  findMissingObjects,
  gapOfMissing
};
