/** The published shape of an organisation's policy. The generator reads it, so it needs nothing that is built. */
import * as z from "zod";

const MAX_ENTRIES = 100;

const login = z
  .string()
  .regex(/^[A-Za-z0-9](?:[A-Za-z0-9_-]{0,98})$/, "must be a login of GitHub, without @")
  .describe("A login of GitHub, without @");
const repositoryName = z
  .string()
  .regex(
    /^(?!\.{1,2}$)[A-Za-z0-9._-]{1,100}$/,
    "must be the name of a repository of the organisation, without its owner",
  )
  .describe("The name of a repository of the organisation, without its owner");
const mode = z.enum(["at-once", "on-approval"]);

/** Strict: a field that is not known could be one that was meant to hold something back. */
export const policySchema = z.strictObject({
  version: z.literal(1),
  revocation: z
    .strictObject({
      default: mode.default("at-once").describe("When a token that works is revoked"),
      exceptions: z
        .array(
          z.strictObject({
            revoke: mode,
            planes: z
              .array(z.enum(["control", "data"]))
              .min(1)
              .max(2)
              .optional()
              .describe("Both, where none is named"),
            repositories: z
              .array(repositoryName)
              .min(1)
              .max(MAX_ENTRIES)
              .optional()
              .describe("All, where none is named"),
          }),
        )
        .max(MAX_ENTRIES)
        .default([])
        .describe("The first that fits a place counts; of several places the strictest"),
    })
    .prefault({}),
  approvers: z
    .strictObject({
      users: z.array(login).max(MAX_ENTRIES).default([]),
      teams: z
        .array(z.string().regex(/^[a-z0-9](?:[a-z0-9_-]{0,99})$/, "must be a team's name as in its address, without @"))
        .max(MAX_ENTRIES)
        .default([])
        .describe("As in the team's address, without the organisation"),
    })
    .prefault({}),
  issues: z
    .strictObject({
      repository: repositoryName.optional().describe("A private repository: all rotation issues go there"),
      assignees: z.array(login).max(10).default([]).describe("Assigned to every rotation issue"),
    })
    .prefault({}),
  dryRun: z
    .strictObject({ until: z.iso.date().describe("Nothing is revoked until the end of that day (UTC)") })
    .optional(),
});

export type PolicyFile = z.infer<typeof policySchema>;
export type RevocationMode = z.infer<typeof mode>;
