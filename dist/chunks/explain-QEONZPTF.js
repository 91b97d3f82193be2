import {
  blastRadiusNow,
  blastRadiusOf
} from "./chunk-6QBBSWIT.js";
import {
  rotationGuide,
  rotationMarkdown,
  rotationText
} from "./chunk-SPDEC2F6.js";
import {
  readTokens
} from "./chunk-MXJ25QSV.js";
import {
  MaskedOutput
} from "./chunk-7B4UAEXS.js";
import {
  colorsFor,
  startVerification
} from "./chunk-J5CFDY7Z.js";
import "./chunk-FAXX2T5O.js";
import {
  blastRadiusLines,
  verdictWord
} from "./chunk-RSNUAYSX.js";
import {
  UNCHECKED,
  toJson
} from "./chunk-HQ6VOY23.js";
import "./chunk-OUW7B544.js";
import {
  openRepository,
  runGit
} from "./chunk-2HXKVXJ2.js";
import {
  escapeForMarkdown,
  escapeForTerminal
} from "./chunk-2IKMF2LE.js";
import "./chunk-FC2B4G5J.js";
import {
  loadRules
} from "./chunk-IWSNM7W5.js";
import {
  ExitCode
} from "./chunk-5GGIWBK5.js";
import "./chunk-352LF2GJ.js";
import {
  decodeByteText
} from "./chunk-ZAKHNU3H.js";
import "./chunk-ADBWSUYU.js";
import "./chunk-LCFWLN64.js";
import {
  KeyrecallError
} from "./chunk-U52VU3KD.js";
import "./chunk-JIW5PEUP.js";
import "./chunk-O3REALUM.js";
import "./chunk-SEWDMQ6Q.js";

// src/git/grep.ts
var MAX_FILES = 200;
async function filesWithText(repository, text) {
  if (repository.refusal !== null) return [];
  const where = repository.workTree === null ? ["HEAD", "--"] : ["--untracked", "--exclude-standard", "--"];
  const { output } = await runGit(repository.git, [
    "grep",
    "--files-with-matches",
    "-z",
    "--fixed-strings",
    "--word-regexp",
    "-I",
    "--no-recurse-submodules",
    "--full-name",
    "-e",
    text,
    ...where
  ]);
  return output.toString("latin1").split("\0").filter((name) => name !== "").slice(0, MAX_FILES).map((name) => decodeByteText(Buffer.from(name.replace(/^HEAD:/, ""), "latin1")));
}

// src/report/explanation.ts
function explanationText(explanations, colors) {
  return explanations.map(
    ({ name, token, verdict, blastRadius, rotation }) => [
      colors.bold(token === null ? name : `${token.masked}  ${name}`),
      ...verdict === null || verdict.state === "unchecked" ? [] : [`  ${verdictWord(verdict, colors)}: ${escapeForTerminal(verdict.reason)}`],
      ...blastRadiusLines(blastRadius),
      "",
      rotationText(rotation)
    ].join("\n")
  ).join("\n");
}
function explanationMarkdown(explanations) {
  return explanations.map(({ name, token, verdict, blastRadius, rotation }) => {
    const { summary, can, cannot, workloads = [], notes = [] } = blastRadius;
    return [
      `## ${token === null ? name : `${name} ${escapeForMarkdown(token.masked)}`}`,
      "",
      ...verdict === null || verdict.state === "unchecked" ? [] : [`**${verdict.state}**: ${escapeForMarkdown(verdict.reason)}`, ""],
      `Whoever has it ${summary}.`,
      "",
      ...can.map((one) => `- can ${one}`),
      ...cannot.map((one) => `- cannot ${one}`),
      ...workloads.map(
        ({ project, slug, gpu }) => `- at risk: ${escapeForMarkdown(`${project}/${slug}`)}${gpu ? ", GPUs provisioned" : ""}`
      ),
      ...notes.map((note) => `- note: ${escapeForMarkdown(note)}`),
      "",
      rotationMarkdown(rotation)
    ].join("\n");
  }).join("\n");
}
function explanationJson(explanations) {
  const tokens = explanations.map(({ name, token, verdict, blastRadius, rotation }) => ({
    name,
    ...token === null ? {} : { fingerprint: token.fingerprint, masked: token.masked },
    ...verdict === null ? {} : { verdict },
    blastRadius,
    rotation
  }));
  return `${toJson({ schema: 1, tokens })}
`;
}

// src/cli/commands/explain.ts
async function runExplain(plane, flags, signal) {
  const rules = await loadRules(flags.rules ?? []);
  if (plane !== void 0 && flags.verify === true) {
    throw new KeyrecallError("usage", "--verify is for tokens on standard input, not for a plane", {
      hint: "leave the plane out and give the token there"
    });
  }
  const explanations = plane === void 0 ? await explainTokens(rules, flags, signal) : await explainPlane(plane, rules, signal);
  const format = { text: explanationText, json: explanationJson, markdown: explanationMarkdown }[flags.format];
  new MaskedOutput(rules).write(format(explanations, colorsFor(flags.color)));
  return ExitCode.clean;
}
async function explainPlane(plane, rules, signal) {
  const ofPlane = rules.filter((rule) => rule.plane === plane);
  const explanations = [];
  for (const rule of ofPlane) {
    const rotation = rotationGuide(rule, await consumersOf(rule, signal));
    explanations.push({ name: rule.name, token: null, verdict: null, blastRadius: blastRadiusOf(rule), rotation });
  }
  return explanations;
}
async function explainTokens(rules, flags, signal) {
  const tokens = await readTokens(process.stdin, rules);
  const verification = flags.verify === true ? await startVerification(flags, { signal }) : null;
  try {
    const verified = await verification?.verifier.verifyAll(tokens.map((token) => ({ token })));
    const explanations = [];
    for (const token of tokens) {
      const rule = rules.find(({ id }) => id === token.rule);
      const verdict = verified?.get(token.fingerprint)?.verdict ?? UNCHECKED;
      const blastRadius = verification === null ? blastRadiusOf(rule) : await blastRadiusNow(rule, token, verdict, verification.verifier, verification.projects);
      const rotation = rotationGuide(rule, await consumersOf(rule, signal));
      explanations.push({ name: rule.name, token, verdict, blastRadius, rotation });
    }
    return explanations;
  } finally {
    await verification?.close();
  }
}
async function consumersOf(rule, signal) {
  if (rule.variable === void 0) return [];
  const repository = await openRepository(process.cwd(), signal).catch((error) => {
    if (error instanceof KeyrecallError) return null;
    throw error;
  });
  if (repository === null) return [];
  try {
    return await filesWithText(repository, rule.variable);
  } finally {
    repository.dispose();
  }
}
export {
  runExplain
};
