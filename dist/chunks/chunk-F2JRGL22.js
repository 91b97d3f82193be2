import {
  blastRadiusNow,
  blastRadiusOf
} from "./chunk-N5BVK3PW.js";

// src/respond/token-answers.ts
var LISTS_AT_A_TIME = 8;
async function verifyTokens(targets, { verifier, own }, rules, signal) {
  const verified = await verifier.verifyUntilInterrupted(targets);
  const tokens = [...new Map(targets.map(({ token }) => [token.fingerprint, token])).values()];
  const answers = /* @__PURE__ */ new Map();
  let next = 0;
  const work = async () => {
    for (let token = tokens[next++]; token !== void 0; token = tokens[next++]) {
      const { verdict, isFailure } = verified.get(token.fingerprint);
      const { rule: ruleId } = token;
      const rule = rules.find(({ id }) => id === ruleId);
      let blastRadius = blastRadiusOf(rule);
      try {
        if (!signal.aborted) blastRadius = await blastRadiusNow(rule, token, verdict, verifier, own);
      } catch (error) {
        if (!signal.aborted) throw error;
      }
      answers.set(token.fingerprint, { token, verdict, blastRadius, isFailure });
    }
  };
  await Promise.all(Array.from({ length: LISTS_AT_A_TIME }, work));
  return answers;
}

export {
  verifyTokens
};
