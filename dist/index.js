import {
  ManualProvider
} from "./chunks/chunk-KXPDQYYY.js";
import {
  HttpProvider
} from "./chunks/chunk-SKHNMPY5.js";
import {
  scan
} from "./chunks/chunk-TOOHNDFG.js";
import {
  blastRadiusNow,
  blastRadiusOf
} from "./chunks/chunk-N5BVK3PW.js";
import {
  confirmDead,
  revokeTokens
} from "./chunks/chunk-FJJAIS45.js";
import {
  rotationGuide,
  rotationMarkdown
} from "./chunks/chunk-HGU7XBME.js";
import "./chunks/chunk-6A4SAM7B.js";
import {
  Verifier
} from "./chunks/chunk-CR3KJFH5.js";
import {
  requireApiUrl,
  requireSecureUrl,
  sleep
} from "./chunks/chunk-WVZJCZRL.js";
import {
  escapeForMarkdown,
  escapeForTerminal
} from "./chunks/chunk-2VCEG26J.js";
import {
  mask
} from "./chunks/chunk-X4R47LK2.js";
import {
  UNCHECKED
} from "./chunks/chunk-RYGG6NHQ.js";
import "./chunks/chunk-5STT7YKU.js";
import "./chunks/chunk-QQ2TBE5L.js";
import "./chunks/chunk-BNOIKOU6.js";
import {
  Detector,
  Token
} from "./chunks/chunk-5OCBXS53.js";
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
import "./chunks/chunk-6D63HNZV.js";
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
