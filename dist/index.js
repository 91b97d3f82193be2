import {
  ManualProvider
} from "./chunks/chunk-KXPDQYYY.js";
import {
  HttpProvider
} from "./chunks/chunk-NJA7YMMV.js";
import {
  scan
} from "./chunks/chunk-HOJKU6AG.js";
import "./chunks/chunk-VCVNTZDQ.js";
import {
  blastRadiusNow,
  blastRadiusOf
} from "./chunks/chunk-6QBBSWIT.js";
import {
  rotationGuide,
  rotationMarkdown
} from "./chunks/chunk-SPDEC2F6.js";
import {
  UNCHECKED,
  Verifier
} from "./chunks/chunk-F2MDE6U4.js";
import {
  escapeForMarkdown,
  escapeForTerminal
} from "./chunks/chunk-2IKMF2LE.js";
import {
  requireApiUrl,
  requireSecureUrl,
  sleep
} from "./chunks/chunk-RMH7QLIH.js";
import "./chunks/chunk-FC2B4G5J.js";
import {
  mask
} from "./chunks/chunk-NYQGGBFR.js";
import "./chunks/chunk-TWE5OWYF.js";
import {
  Detector,
  Token
} from "./chunks/chunk-2HUI7EAM.js";
import {
  builtinRules
} from "./chunks/chunk-ADBWSUYU.js";
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
  escapeForMarkdown,
  escapeForTerminal,
  mask,
  messageOf,
  requireApiUrl,
  requireSecureUrl,
  rotationGuide,
  rotationMarkdown,
  scan,
  sleep,
  systemCodeOf
};
