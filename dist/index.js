import {
  ManualProvider
} from "./chunks/chunk-KXPDQYYY.js";
import {
  HttpProvider
} from "./chunks/chunk-FXHIDRXS.js";
import {
  scan
} from "./chunks/chunk-L6BKVOTT.js";
import {
  blastRadiusNow,
  blastRadiusOf
} from "./chunks/chunk-N5BVK3PW.js";
import {
  confirmDead,
  revokeTokens
} from "./chunks/chunk-PL4TRCYS.js";
import {
  rotationGuide,
  rotationMarkdown
} from "./chunks/chunk-QAD2JNJY.js";
import "./chunks/chunk-XK3ZS3YR.js";
import {
  Verifier
} from "./chunks/chunk-JNMDICTY.js";
import {
  requireApiUrl,
  requireSecureUrl,
  sleep
} from "./chunks/chunk-SSTVUY7X.js";
import {
  escapeForMarkdown,
  escapeForTerminal
} from "./chunks/chunk-P4S6G3QW.js";
import {
  mask
} from "./chunks/chunk-QBSY3LCJ.js";
import {
  UNCHECKED
} from "./chunks/chunk-RYGG6NHQ.js";
import "./chunks/chunk-BNOIKOU6.js";
import "./chunks/chunk-MYIBFIEY.js";
import {
  Detector,
  Token
} from "./chunks/chunk-ARZHV6UX.js";
import {
  builtinRules
} from "./chunks/chunk-A5SOBSKO.js";
import {
  compileRules
} from "./chunks/chunk-LCFWLN64.js";
import {
  KeyrecallError,
  messageOf,
  systemCodeOf
} from "./chunks/chunk-U52VU3KD.js";
import "./chunks/chunk-JIW5PEUP.js";
import "./chunks/chunk-O3REALUM.js";
import "./chunks/chunk-SEWDMQ6Q.js";
export {
  Detector,
  HttpProvider,
  KeyrecallError,
  ManualProvider,
  Token,
  UNCHECKED,
  Verifier,
  blastRadiusNow,
  blastRadiusOf,
  builtinRules,
  compileRules,
  confirmDead,
  escapeForMarkdown,
  escapeForTerminal,
  mask,
  messageOf,
  requireApiUrl,
  requireSecureUrl,
  revokeTokens,
  rotationGuide,
  rotationMarkdown,
  scan,
  sleep,
  systemCodeOf
};
