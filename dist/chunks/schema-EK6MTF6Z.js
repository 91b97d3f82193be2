import {
  compileGlob
} from "./chunk-77BUEL6G.js";
import {
  ZodISODate,
  ZodISODateTime,
  ZodISODuration,
  ZodISOTime,
  _isoDate,
  _isoDateTime,
  _isoDuration,
  _isoTime,
  array,
  literal,
  object,
  strictObject,
  string,
  union
} from "./chunk-XRVXWEHU.js";
import {
  __export
} from "./chunk-SEWDMQ6Q.js";

// node_modules/zod/v4/classic/iso.js
var iso_exports = {};
__export(iso_exports, {
  ZodISODate: () => ZodISODate,
  ZodISODateTime: () => ZodISODateTime,
  ZodISODuration: () => ZodISODuration,
  ZodISOTime: () => ZodISOTime,
  date: () => date,
  datetime: () => datetime,
  duration: () => duration,
  time: () => time
});
function datetime(params) {
  return _isoDateTime(ZodISODateTime, params);
}
function date(params) {
  return _isoDate(ZodISODate, params);
}
function time(params) {
  return _isoTime(ZodISOTime, params);
}
function duration(params) {
  return _isoDuration(ZodISODuration, params);
}

// src/config/schema.ts
var fingerprint = string().regex(/^sha256:[0-9a-f]{64}$/, "must be sha256: and 64 lower-case hex digits, as reports show it");
var reason = string().regex(/\S/, "must say why");
var allowFingerprint = strictObject({
  fingerprint: fingerprint.describe("The identity of one token: it is allowed wherever it stands"),
  reason
});
var allowPath = strictObject({
  path: string().min(1).superRefine((glob, context) => {
    try {
      compileGlob(glob);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      context.addIssue({ code: "custom", message: error.message });
    }
  }).describe("A glob, relative to the root of the repository"),
  expires: iso_exports.date().describe("The last day on which the entry holds"),
  reason
});
var configurationSchema = strictObject({
  version: literal(1),
  allow: array(union([allowFingerprint, allowPath])).default([])
});
var baselineSchema = object({
  schema: literal(1),
  fingerprints: array(object({ fingerprint, masked: string(), rule: string() }))
});
export {
  baselineSchema,
  configurationSchema
};
