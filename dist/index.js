import {
  confirmDead,
  revokeTokens
} from "./chunks/chunk-MHJLOABJ.js";
import {
  rotationGuide,
  rotationMarkdown
} from "./chunks/chunk-2RHALJUX.js";
import {
  ManualProvider
} from "./chunks/chunk-KXPDQYYY.js";
import {
  HttpProvider
} from "./chunks/chunk-XFILGMZX.js";
import {
  scan
} from "./chunks/chunk-4A5MCLZ7.js";
import "./chunks/chunk-GPF7DXG7.js";
import {
  Verifier
} from "./chunks/chunk-CAZJDDBW.js";
import {
  requireApiUrl,
  requireSecureUrl,
  sleep
} from "./chunks/chunk-VWYEDEMN.js";
import "./chunks/chunk-JIW5PEUP.js";
import "./chunks/chunk-6D63HNZV.js";
import {
  blastRadiusNow,
  blastRadiusOf
} from "./chunks/chunk-N5BVK3PW.js";
import {
  mask
} from "./chunks/chunk-4TIZA4I4.js";
import {
  UNCHECKED
} from "./chunks/chunk-RYGG6NHQ.js";
import "./chunks/chunk-2AKIB2QO.js";
import "./chunks/chunk-QS3ZY3AO.js";
import "./chunks/chunk-QBGYM6EC.js";
import "./chunks/chunk-65EHQVBC.js";
import "./chunks/chunk-NTX3CKWM.js";
import "./chunks/chunk-BNOIKOU6.js";
import {
  Detector,
  Token
} from "./chunks/chunk-JNELUEUO.js";
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
import {
  escapeForMarkdown,
  escapeForTerminal
} from "./chunks/chunk-WXEWRWTG.js";
import "./chunks/chunk-QQ2TBE5L.js";
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
