import {
  confirmDead,
  revokeTokens
} from "./chunks/chunk-PECEW3DD.js";
import {
  completionScript
} from "./chunks/chunk-32RETLF3.js";
import {
  ManualProvider
} from "./chunks/chunk-KXPDQYYY.js";
import {
  HttpProvider,
  SIGNATURE_HEADER,
  signBody
} from "./chunks/chunk-NIREKKVF.js";
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
} from "./chunks/chunk-DH6TFNSH.js";
import {
  HttpClient,
  requireApiUrl,
  requireSecureUrl,
  sleep
} from "./chunks/chunk-EKP7VN57.js";
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
  KeyrecallError,
  messageOf,
  systemCodeOf
} from "./chunks/chunk-U52VU3KD.js";
import "./chunks/chunk-SEWDMQ6Q.js";
export {
  Detector,
  HttpClient,
  HttpProvider,
  KeyrecallError,
  ManualProvider,
  SIGNATURE_HEADER,
  Token,
  UNCHECKED,
  Verifier,
  blastRadiusNow,
  blastRadiusOf,
  builtinRules,
  compileRules,
  completionScript,
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
  signBody,
  sleep,
  systemCodeOf,
  tokensIn
};
