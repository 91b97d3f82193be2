import {
  ManualProvider
} from "./chunks/chunk-KXPDQYYY.js";
import {
  HttpProvider
} from "./chunks/chunk-EB2MWRZ2.js";
import {
  scan
} from "./chunks/chunk-4HTW6TXC.js";
import {
  blastRadiusNow,
  blastRadiusOf
} from "./chunks/chunk-N5BVK3PW.js";
import {
  confirmDead,
  revokeTokens
} from "./chunks/chunk-PL2WLSSM.js";
import {
  rotationGuide,
  rotationMarkdown
} from "./chunks/chunk-QAD2JNJY.js";
import "./chunks/chunk-VC5PRAL6.js";
import {
  Verifier
} from "./chunks/chunk-ZGB45KPS.js";
import {
  requireApiUrl,
  requireSecureUrl,
  sleep
} from "./chunks/chunk-UEWVBQW2.js";
import {
  escapeForMarkdown,
  escapeForTerminal
} from "./chunks/chunk-P4S6G3QW.js";
import {
  mask
} from "./chunks/chunk-SXPDBYPK.js";
import {
  UNCHECKED
} from "./chunks/chunk-RYGG6NHQ.js";
import "./chunks/chunk-BNOIKOU6.js";
import "./chunks/chunk-V646VGFP.js";
import {
  Detector,
  Token
} from "./chunks/chunk-EAKL67WH.js";
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
