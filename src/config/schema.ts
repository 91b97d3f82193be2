/** The published shapes of the configuration file and of a baseline. */
import * as z from "zod";
import { compileGlob } from "./glob.ts";

const fingerprint = z
  .string()
  .regex(/^sha256:[0-9a-f]{64}$/, "must be sha256: and 64 lower-case hex digits, as reports show it");
const reason = z.string().regex(/\S/, "must say why");

const allowFingerprint = z.strictObject({
  fingerprint: fingerprint.describe("The identity of one token: it is allowed wherever it stands"),
  reason,
});

const allowPath = z.strictObject({
  path: z
    .string()
    .min(1)
    .superRefine((glob, context) => {
      try {
        compileGlob(glob);
      } catch (error) {
        if (!(error instanceof RangeError)) throw error;
        context.addIssue({ code: "custom", message: error.message });
      }
    })
    .describe("A glob, relative to the root of the repository"),
  expires: z.iso.date().describe("The last day on which the entry holds"),
  reason,
});

export const configurationSchema = z.strictObject({
  version: z.literal(1),
  allow: z.array(z.union([allowFingerprint, allowPath])).default([]),
});

export const baselineSchema = z.object({
  schema: z.literal(1),
  fingerprints: z.array(z.object({ fingerprint, masked: z.string(), rule: z.string() })),
});

export type Configuration = z.infer<typeof configurationSchema>;
export type AllowEntry = Configuration["allow"][number];
export type Baseline = z.infer<typeof baselineSchema>;
