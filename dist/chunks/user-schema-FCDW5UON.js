import {
  array,
  boolean,
  literal,
  strictObject,
  string
} from "./chunk-XRVXWEHU.js";
import "./chunk-SEWDMQ6Q.js";

// src/config/user-schema.ts
var slug = string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/, "must be a slug, as in the dashboard's address");
var signature = string().regex(/^[\x21-\x7e]{6,80}$/, "must be 6 to 80 printable ASCII characters without a space");
var userConfigurationSchema = strictObject({
  version: literal(1),
  baseUrl: string().min(1).optional().describe("InferenceKey's API, where it is not https://api.inferencekey.com"),
  projects: array(slug).default([]).describe("Slugs of projects that are yours: only these are ever listed"),
  workloads: array(
    string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,127}\/[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/, "must be project/workload")
  ).default([]).describe("project/workload of yours, to verify data-plane tokens where the API answers everything alike"),
  imports: strictObject({
    gitleaksIgnore: boolean().default(false).describe("Read .gitleaksignore and .betterleaksignore at the root of what is scanned on this machine"),
    allowSignatures: array(signature).default([]).describe("Marks that count as keyrecall:allow does, such as gitleaks:allow and betterleaks:allow")
  }).optional().describe("What other scanners were told to ignore"),
  revocation: strictObject({
    url: string().min(1).describe("Serves docs/revocation-api.openapi.yaml"),
    secretFiles: array(string().min(1)).min(1).max(2).describe("One, or two while one secret takes the other's place; relative to this file")
  }).optional().describe("Whoever revokes for you; without it, the dashboard")
});
export {
  userConfigurationSchema
};
