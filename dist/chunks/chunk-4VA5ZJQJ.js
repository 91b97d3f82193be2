import {
  openRepository
} from "./chunk-PEBQGXPO.js";
import {
  runGit
} from "./chunk-65EHQVBC.js";
import {
  decodeByteText
} from "./chunk-QQ2TBE5L.js";
import {
  KeyrecallError
} from "./chunk-U52VU3KD.js";

// src/git/grep.ts
var MAX_FILES = 200;
async function filesWithText(repository, texts) {
  if (repository.refusal !== null) return null;
  const where = repository.workTree === null ? ["HEAD", "--"] : ["--untracked", "--exclude-standard", "--"];
  const { status, output } = await runGit(repository.git, [
    "grep",
    "--files-with-matches",
    "-z",
    "--fixed-strings",
    "--word-regexp",
    "-I",
    "--no-recurse-submodules",
    "--full-name",
    ...texts.flatMap((text) => ["-e", text]),
    ...where
  ]);
  if (status > 1) return null;
  const names = output.toString("latin1").split("\0").filter((name) => name !== "");
  const paths = names.slice(0, MAX_FILES).map((name) => decodeByteText(Buffer.from(repository.workTree === null ? name.slice(5) : name, "latin1")));
  return { paths, isCut: names.length > paths.length };
}

// src/cli/commands/consumers.ts
async function consumersOf({ variable, rotation }, signal) {
  if (variable === void 0) return { paths: [], problem: "its rule names no variable" };
  const repository = await openRepository(process.cwd(), signal).catch((error) => {
    if (error instanceof KeyrecallError) return null;
    throw error;
  });
  if (repository === null) return { paths: [], problem: "this is no repository" };
  try {
    const found = await filesWithText(repository, [variable, ...rotation.readBy]);
    return found === null ? { paths: [], problem: "git cannot read this repository" } : { ...found, problem: null };
  } finally {
    repository.dispose();
  }
}

export {
  consumersOf
};
