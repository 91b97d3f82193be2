/** The published JSON Schema of the report, as zod writes it. It is not loaded at run time. */
import * as z from "zod";

const gap = z.strictObject({ what: z.string(), why: z.string() });
const count = z.int().min(0);

const commit = z.strictObject({
  commit: z.string(),
  author: z.string().nullable().describe("Name and address"),
  date: z.string().nullable().describe("ISO 8601 with the author's offset"),
});

const occurrence = z.strictObject({
  kind: z.enum([
    "blob",
    "path",
    "commit-message",
    "commit-identity",
    "tag-message",
    "tag-identity",
    "ref-name",
    "reflog",
    "index",
    "file",
    "stdin",
  ]),
  object: z.string().nullable().describe("The name of git's object that it stands in"),
  paths: z.array(z.string()),
  line: z.int().min(1).describe("In the outermost file: in an archive, where the entry begins that it is in"),
  column: z.int().min(1).describe("Bytes, from 1"),
  end: z
    .strictObject({ line: z.int().min(1), column: z.int().min(1) })
    .optional()
    .describe("Behind the last byte of an encoded token; left out where it stands there as it is"),
  encoding: z.array(z.string()),
  container: z
    .array(z.string())
    .describe("Archives that it stands in, from the outside to the inside: gzip, bzip2, tar:ENTRY, zip:ENTRY"),
  inner: z
    .strictObject({ line: z.int().min(1), column: z.int().min(1) })
    .optional()
    .describe("Where it stands in the innermost entry; left out in the name or a comment of one"),
  introducedBy: z.array(commit),
  removedBy: z.array(commit),
  refs: z.array(z.string()).describe("Refs that reach it; a reflog entry (HEAD@{1}) only where no ref does"),
  moreRefs: z.int().min(1).optional().describe("How many more refs reach it than are listed"),
  reachable: z.boolean(),
  inlineMark: z.boolean().describe("The line carries a keyrecall:allow mark"),
  variable: z.string().nullable().describe("The environment variable or key that is given the token"),
});

const identity = {
  fingerprint: z.string().regex(/^sha256:[0-9a-f]{64}$/),
  rule: z.string(),
  plane: z.enum(["control", "data"]).nullable(),
  publicId: z.string().nullable(),
  masked: z.string(),
  confidence: z.enum(["certain", "suspect"]),
};

const allowance = z.strictObject({
  by: z.enum(["fingerprint", "path", "inline", "baseline", "gitleaks-ignore"]),
  reason: z.string(),
});

const verdict = z.strictObject({
  state: z.enum(["live", "revoked", "unknown", "unchecked"]),
  reason: z.string(),
  api: z.string().optional().describe("The origin that was asked"),
  checkedAt: z.string().optional().describe("ISO 8601, UTC"),
});

const blastRadius = z.strictObject({
  summary: z.string(),
  can: z.array(z.string()),
  cannot: z.array(z.string()),
  workloads: z
    .array(
      z.strictObject({
        project: z.string(),
        slug: z.string(),
        task: z.string().nullable(),
        model: z.string().nullable(),
        backend: z.string().nullable(),
        gpu: z.boolean().describe("GPUs are provisioned for it, and go when it is deleted"),
      }),
    )
    .optional()
    .describe("Only of projects that the operator names as theirs"),
  notes: z.array(z.string()).optional(),
});

const token = z.strictObject({
  ...identity,
  allowed: allowance.nullable(),
  overruled: allowance.nullable().describe("An allowance that does not hold, because the token verifies live"),
  verdict,
  blastRadius,
  misplaced: z.array(z.string()).describe("Where it stands in a place for the other plane, or beside a token of it"),
  occurrences: z.array(occurrence).min(1),
});

export const reportSchema = z.strictObject({
  schema: z.literal(1),
  tool: z.strictObject({ name: z.literal("keyrecall"), version: z.string() }),
  scan: z.strictObject({
    source: z.enum(["history", "range", "index", "tree", "stdin"]),
    target: z.string(),
    range: z.string().optional(),
    complete: z.boolean().describe("False as soon as anything could not be read"),
    incomplete: z.array(gap),
    coverage: z.strictObject({
      refs: count,
      packs: count,
      commits: count,
      trees: count,
      blobs: count,
      tags: count,
      files: count,
      bytes: count,
      fallback: count,
      reused: count,
      skipped: z.array(gap),
    }),
    durationMs: count,
  }),
  policy: z.strictObject({
    file: z.string().nullable(),
    unused: z.array(z.string()),
    expired: z.array(z.string()),
    notUnderstood: z
      .array(z.string())
      .optional()
      .describe("Lines of an imported .gitleaksignore that say nothing here"),
  }),
  tokens: z.array(token),
});

export const verificationSchema = z.strictObject({
  schema: z.literal(1),
  tokens: z.array(z.strictObject({ ...identity, verdict, blastRadius })),
});

const rotation = z.strictObject({
  title: z.string(),
  steps: z.array(
    z.strictObject({
      what: z.string(),
      files: z
        .array(
          z.strictObject({
            path: z.string(),
            kind: z.enum(["workflow", "manifest", "environment file", "documentation", "code"]),
          }),
        )
        .optional()
        .describe("Files of the repository that read the variable"),
    }),
  ),
});

export const explanationSchema = z.strictObject({
  schema: z.literal(1),
  tokens: z.array(
    z.strictObject({
      name: z.string(),
      rule: identity.rule,
      plane: identity.plane,
      fingerprint: identity.fingerprint.optional().describe("Left out, as what follows, where a plane is explained"),
      publicId: identity.publicId.optional(),
      masked: identity.masked.optional(),
      confidence: identity.confidence.optional(),
      verdict: verdict.optional(),
      blastRadius,
      rotation,
    }),
  ),
});

export const revocationSchema = z.strictObject({
  schema: z.literal(1),
  tokens: z.array(
    z.strictObject({
      ...identity,
      state: z
        .enum(["contained", "already-dead", "dead", "still-live", "unconfirmed", "not-revoked"])
        .describe(
          "contained: live, then dead, on the same API and route; dead: it is, and was not seen live; not-revoked: a dry run",
        ),
      before: verdict,
      verdict,
      provider: z
        .strictObject({
          name: z.string(),
          status: z.enum(["revoked", "already", "not_owned", "pending", "failed"]),
          message: z.string().nullable(),
        })
        .nullable()
        .describe("What the provider said last; null where it was not asked"),
      containedAfterMs: z.int().min(0).nullable().describe("From the request to the first answer that it is dead"),
    }),
  ),
});

export const doctorSchema = z.strictObject({
  schema: z.literal(1),
  findings: z.array(
    z.strictObject({
      check: z.enum(["tools", "rules", "configuration", "hook", "action", "api"]),
      state: z
        .enum(["ok", "problem", "advice", "unknown", "skipped"])
        .describe("advice: could be better and works; unknown: could not be found out"),
      what: z.string(),
      remedy: z.string().nullable().describe("What to do about it; null where there is nothing to do"),
    }),
  ),
});
