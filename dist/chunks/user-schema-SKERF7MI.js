import {
  array,
  literal,
  strictObject,
  string
} from "./chunk-BQHJT4V7.js";
import "./chunk-SEWDMQ6Q.js";

// src/config/user-schema.ts
var slug = string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/, "must be a slug, as in the dashboard's address");
var userConfigurationSchema = strictObject({
  version: literal(1),
  baseUrl: string().min(1).optional().describe("InferenceKey's API, where it is not https://api.inferencekey.com"),
  projects: array(slug).default([]).describe("Slugs of projects that are yours: only these are ever listed"),
  workloads: array(
    string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,127}\/[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/, "must be project/workload")
  ).default([]).describe("project/workload of yours, to verify data-plane tokens where the API answers everything alike"),
  revocation: strictObject({
    url: string().min(1).describe("Serves docs/revocation-api.openapi.yaml"),
    secretFiles: array(string().min(1)).min(1).max(2).describe("One, or two while one secret takes the other's place; relative to this file")
  }).optional().describe("Whoever revokes for you; without it, the dashboard")
});
export {
  userConfigurationSchema
};
