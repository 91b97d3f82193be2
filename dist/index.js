import {
  confirmDead,
  revokeTokens
} from "./chunks/chunk-MHJLOABJ.js";
import {
  ManualProvider
} from "./chunks/chunk-KXPDQYYY.js";
import {
  HttpProvider
} from "./chunks/chunk-XFILGMZX.js";
import {
  scan
} from "./chunks/chunk-DP3TKI6C.js";
import {
  rotationGuide
} from "./chunks/chunk-2THB4TKU.js";
import {
  rotationMarkdown
} from "./chunks/chunk-LYABZVZF.js";
import "./chunks/chunk-SG6PBRFY.js";
import {
  Verifier
} from "./chunks/chunk-CAZJDDBW.js";
import {
  requireApiUrl,
  requireSecureUrl,
  sleep
} from "./chunks/chunk-VWYEDEMN.js";
import {
  blastRadiusNow,
  blastRadiusOf
} from "./chunks/chunk-N5BVK3PW.js";
import {
  mask
} from "./chunks/chunk-MKVQB2LE.js";
import {
  UNCHECKED
} from "./chunks/chunk-RYGG6NHQ.js";
import "./chunks/chunk-JIW5PEUP.js";
import "./chunks/chunk-6D63HNZV.js";
import {
  escapeForMarkdown,
  escapeForTerminal
} from "./chunks/chunk-WXEWRWTG.js";
import "./chunks/chunk-2AKIB2QO.js";
import "./chunks/chunk-QBGYM6EC.js";
import "./chunks/chunk-65EHQVBC.js";
import {
  tokensIn
} from "./chunks/chunk-K77QDRKB.js";
import "./chunks/chunk-BNOIKOU6.js";
import "./chunks/chunk-Q7AOUTZL.js";
import "./chunks/chunk-Y42I36HO.js";
import {
  Detector,
  Token
} from "./chunks/chunk-PP2DBMPH.js";
import "./chunks/chunk-QQ2TBE5L.js";
import {
  builtinRules
} from "./chunks/chunk-A5SOBSKO.js";
import {
  compileRules
} from "./chunks/chunk-LCFWLN64.js";
import {
  readYaml
} from "./chunks/chunk-QLCUYZGY.js";
import "./chunks/chunk-4UJKYKKR.js";
import {
  KeyrecallError,
  messageOf,
  systemCodeOf
} from "./chunks/chunk-U52VU3KD.js";
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
  readYaml,
  requireApiUrl,
  requireSecureUrl,
  revokeTokens,
  rotationGuide,
  rotationMarkdown,
  scan,
  sleep,
  systemCodeOf,
  tokensIn
};
