import {
  consumersOf
} from "./chunk-4VA5ZJQJ.js";
import {
  readTokens
} from "./chunk-4MJIHYP2.js";
import {
  MaskedOutput
} from "./chunk-TFELEZRF.js";
import {
  startVerification
} from "./chunk-MP2XHNFX.js";
import {
  colorsFor
} from "./chunk-LJTDFDZZ.js";
import {
  blastRadiusLines,
  identityOf,
  verdictWord,
  workloadLines
} from "./chunk-LATJWJRG.js";
import {
  toJson
} from "./chunk-QLWOTBFR.js";
import {
  rotationGuide
} from "./chunk-2THB4TKU.js";
import {
  rotationMarkdown,
  rotationText
} from "./chunk-LYABZVZF.js";
import "./chunk-PEBQGXPO.js";
import "./chunk-QBGYM6EC.js";
import "./chunk-65EHQVBC.js";
import "./chunk-DH6TFNSH.js";
import "./chunk-EKP7VN57.js";
import {
  blastRadiusNow,
  blastRadiusOf
} from "./chunk-N5BVK3PW.js";
import "./chunk-RYGG6NHQ.js";
import {
  ExitCode
} from "./chunk-5GGIWBK5.js";
import "./chunk-T52IQ7HH.js";
import "./chunk-HWHZQRO4.js";
import {
  loadRules
} from "./chunk-XTIAGWPS.js";
import "./chunk-A5SOBSKO.js";
import "./chunk-JIW5PEUP.js";
import "./chunk-6D63HNZV.js";
import {
  escapeForMarkdown,
  escapeForTerminal
} from "./chunk-WXEWRWTG.js";
import "./chunk-6Q7DFGK3.js";
import "./chunk-BNOIKOU6.js";
import "./chunk-O7S4ABFV.js";
import "./chunk-LCFWLN64.js";
import "./chunk-QQ2TBE5L.js";
import {
  KeyrecallError
} from "./chunk-U52VU3KD.js";
import "./chunk-YV5PFDMU.js";
import "./chunk-SEWDMQ6Q.js";

// src/report/explanation.ts
function explanationText(explanations, colors) {
  return explanations.map(
    ({ name, token, verdict, blastRadius, rotation }) => [
      colors.bold(token === null ? name : `${token.masked}  ${name}`),
      ...verdict === null ? [] : [`  ${verdictWord(verdict, colors)}: ${escapeForTerminal(verdict.reason)}`],
      ...verdict?.state === "revoked" ? [`  ${NO_MORE}`] : [],
      ...blastRadiusLines(blastRadius),
      "",
      rotationText(rotation)
    ].join("\n")
  ).join("\n");
}
var WORDS = {
  live: "live",
  revoked: "revoked",
  unknown: "unknown",
  unchecked: "not verified"
};
var NO_MORE = "Nobody can do anything with it any more; while it worked:";
function explanationMarkdown(explanations) {
  return explanations.map(({ name, token, verdict, blastRadius, rotation }) => {
    const { summary, can, cannot, workloads = [], notes = [] } = blastRadius;
    return [
      `## ${token === null ? name : `${name} ${escapeForMarkdown(token.masked)}`}`,
      "",
      ...verdict === null ? [] : [`**${WORDS[verdict.state]}**: ${escapeForMarkdown(verdict.reason)}`, ""],
      ...verdict?.state === "revoked" ? [NO_MORE, ""] : [],
      `Whoever has it ${summary}.`,
      "",
      ...can.map((one) => `- can ${one}`),
      ...cannot.map((one) => `- cannot ${one}`),
      ...workloadLines(workloads).map((line) => `- at risk: ${escapeForMarkdown(line)}`),
      ...notes.map((note) => `- note: ${escapeForMarkdown(note)}`),
      "",
      rotationMarkdown(rotation)
    ].join("\n");
  }).join("\n");
}
function explanationJson(explanations) {
  const tokens = explanations.map(({ name, rule, plane, token, verdict, blastRadius, rotation }) => ({
    name,
    ...token === null ? { rule, plane } : identityOf(token),
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
  const { explanations, hasFailure } = plane === void 0 ? await explainTokens(rules, flags, signal) : { explanations: await explainPlane(plane, rules, signal), hasFailure: false };
  const format = { text: explanationText, json: explanationJson, markdown: explanationMarkdown }[flags.format];
  new MaskedOutput(rules).write(format(explanations, colorsFor(flags.color)));
  return hasFailure ? ExitCode.responseFailed : ExitCode.clean;
}
var NOT_ASKED = { state: "unchecked", reason: "--verify asks the API whether it works" };
async function explainPlane(plane, rules, signal) {
  const ofPlane = rules.filter((rule) => rule.plane === plane);
  const explanations = [];
  for (const rule of ofPlane) {
    const rotation = rotationGuide(rule, await consumersOf(rule, signal));
    explanations.push({ ...namesOf(rule), token: null, verdict: null, blastRadius: blastRadiusOf(rule), rotation });
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
      const verdict = verified?.get(token.fingerprint)?.verdict ?? NOT_ASKED;
      const blastRadius = verification === null ? blastRadiusOf(rule) : await blastRadiusNow(rule, token, verdict, verification.verifier, verification.own);
      const rotation = rotationGuide(rule, await consumersOf(rule, signal));
      explanations.push({ ...namesOf(rule), token, verdict, blastRadius, rotation });
    }
    return { explanations, hasFailure: [...verified?.values() ?? []].some(({ isFailure }) => isFailure) };
  } finally {
    await verification?.close();
  }
}
function namesOf({ id, name, plane }) {
  return { name, rule: id, plane: plane ?? null };
}
export {
  runExplain
};
