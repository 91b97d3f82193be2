/** bzip2: one stream in one or several parts, each of blocks that are read one at a time. */
import { type ArchiveVisitor, CUT_OFF, DAMAGED, WRONG_CHECKSUM } from "./archive.ts";
import { BitReader, OutOfBits } from "./bit-reader.ts";
import { type ByteInput, need, type Steps } from "./byte-input.ts";
import { BlockDecoder, BrokenBlock } from "./bzip2-block.ts";

const HEADER_BYTES = 4;
const BLOCK_MAGIC = 0x3141_5926_5359;
const END_MAGIC = 0x1772_4538_5090;
/** The longest block of those that a compressor makes, by level; any block is shorter than the second. */
const usualBlockBytes = (level: number): number => level * 100_000 + 32 * 1024;
const MAX_BLOCK_BYTES = 4 * 1024 * 1024;

export function beginsLikeBzip2(bytes: Buffer): boolean {
  if (!hasHeader(bytes) || bytes.length < HEADER_BYTES + 6) return false;
  const magic = bytes.readUIntBE(HEADER_BYTES, 6);
  return magic === BLOCK_MAGIC || magic === END_MAGIC;
}

function hasHeader(bytes: Buffer): boolean {
  return bytes[0] === 0x42 && bytes[1] === 0x5a && bytes[2] === 0x68 && bytes[3]! >= 0x31 && bytes[3]! <= 0x39;
}

/** Behind the last part anything may follow: those bytes stand there as they are. */
export function* readBzip2(input: ByteInput, visitor: ArchiveVisitor): Steps<void> {
  visitor.confirm();
  const entry = visitor.open(null);
  const decoder = new BlockDecoder();
  do {
    visitor.begin(null);
    const level = input.take(HEADER_BYTES)[3]! - 0x30;
    const problem = yield* readBlocks(input, visitor, decoder, level, (bytes) => entry.write(bytes));
    if (problem !== null) visitor.unread(null, problem);
    if (problem !== null && problem !== WRONG_CHECKSUM) break;
    yield* need(input, HEADER_BYTES + 6);
  } while (beginsLikeBzip2(input.rest));
  entry.close();
}

/** @returns why not all could be read, or null */
function* readBlocks(
  input: ByteInput,
  visitor: ArchiveVisitor,
  decoder: BlockDecoder,
  level: number,
  onPiece: (bytes: Buffer) => void,
): Steps<string | null> {
  let problem: string | null = null;
  let skippedBits = 0;
  let total = 0;
  for (let wanted = usualBlockBytes(level); ;) {
    yield* need(input, wanted);
    const bits = new BitReader(input.rest, skippedBits);
    let checksum: number;
    let isEnd: boolean;
    try {
      const magic = bits.read48();
      isEnd = magic === END_MAGIC;
      if (!isEnd && magic !== BLOCK_MAGIC) return DAMAGED;
      checksum = bits.read32();
      if (!isEnd) decoder.read(bits, level);
    } catch (error) {
      if (error instanceof BrokenBlock) return error.message === "" ? DAMAGED : error.message;
      if (!(error instanceof OutOfBits)) throw error;
      if (input.isEnded) return CUT_OFF;
      if (wanted >= MAX_BLOCK_BYTES) return DAMAGED;
      wanted = Math.min(MAX_BLOCK_BYTES, 2 * wanted);
      continue;
    }
    const position = bits.position;
    if (isEnd) {
      input.take(Math.ceil(position / 8));
      return checksum === total ? problem : WRONG_CHECKSUM;
    }
    visitor.begin(null);
    if (decoder.write(onPiece) !== checksum) problem = WRONG_CHECKSUM;
    total = (((total << 1) | (total >>> 31)) ^ checksum) >>> 0;
    input.take(Math.floor(position / 8));
    skippedBits = position % 8;
    wanted = usualBlockBytes(level);
  }
}
