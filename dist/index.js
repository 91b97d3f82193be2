import {
  ManualProvider
} from "./chunks/chunk-KXPDQYYY.js";
import {
  HttpProvider
} from "./chunks/chunk-SKHNMPY5.js";
import {
  scan
} from "./chunks/chunk-REE57NOI.js";
import {
  blastRadiusNow,
  blastRadiusOf
} from "./chunks/chunk-N5BVK3PW.js";
import {
  confirmDead,
  revokeTokens
} from "./chunks/chunk-FJJAIS45.js";
import {
  rotationGuide
} from "./chunks/chunk-2THB4TKU.js";
import {
  rotationMarkdown
} from "./chunks/chunk-LYABZVZF.js";
import "./chunks/chunk-KL6PRGBS.js";
import {
  Verifier
} from "./chunks/chunk-CR3KJFH5.js";
import {
  requireApiUrl,
  requireSecureUrl,
  sleep
} from "./chunks/chunk-WVZJCZRL.js";
import {
  mask
} from "./chunks/chunk-MKVQB2LE.js";
import {
  UNCHECKED
} from "./chunks/chunk-RYGG6NHQ.js";
import {
  escapeForMarkdown,
  escapeForTerminal
} from "./chunks/chunk-WXEWRWTG.js";
import "./chunks/chunk-2AKIB2QO.js";
import "./chunks/chunk-QBGYM6EC.js";
import "./chunks/chunk-65EHQVBC.js";
import "./chunks/chunk-NISJUP2M.js";
import "./chunks/chunk-BNOIKOU6.js";
import {
  Detector,
  Token
} from "./chunks/chunk-HKK6JONK.js";
import "./chunks/chunk-QQ2TBE5L.js";
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
