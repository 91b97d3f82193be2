/** The published shape of the user's own configuration: where tokens may be sent, and what is theirs. */
import * as z from "zod";

const slug = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/, "must be a slug, as in the dashboard's address");

/** Shorter ones stand on lines that nobody has marked. */
const signature = z.string().regex(/^[\x21-\x7e]{6,80}$/, "must be 6 to 80 printable ASCII characters without a space");

export const userConfigurationSchema = z.strictObject({
  version: z.literal(1),
  baseUrl: z.string().min(1).optional().describe("InferenceKey's API, where it is not https://api.inferencekey.com"),
  projects: z.array(slug).default([]).describe("Slugs of projects that are yours: only these are ever listed"),
  workloads: z
    .array(
      z
        .string()
        .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,127}\/[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/, "must be project/workload"),
    )
    .default([])
    .describe("project/workload of yours, to verify data-plane tokens where the API answers everything alike"),
  imports: z
    .strictObject({
      gitleaksIgnore: z
        .boolean()
        .default(false)
        .describe("Read .gitleaksignore and .betterleaksignore at the root of what is scanned on this machine"),
      allowSignatures: z
        .array(signature)
        .default([])
        .describe("Marks that count as keyrecall:allow does, such as gitleaks:allow and betterleaks:allow"),
    })
    .optional()
    .describe("What other scanners were told to ignore"),
  revocation: z
    .strictObject({
      url: z.string().min(1).describe("Serves docs/revocation-api.openapi.yaml"),
      secretFiles: z
        .array(z.string().min(1))
        .min(1)
        .max(2)
        .describe("One, or two while one secret takes the other's place; relative to this file"),
    })
    .optional()
    .describe("Whoever revokes for you; without it, the dashboard"),
});

export type UserConfiguration = z.infer<typeof userConfigurationSchema>;
