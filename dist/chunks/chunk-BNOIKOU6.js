// src/core/api-hints.ts
var NO_HINTS = { projects: [], endpoints: [], hosts: [] };
var SLUG = "[A-Za-z0-9][A-Za-z0-9._-]{0,127}";
var SLUG_ONLY = new RegExp(`^${SLUG}$`);
var ENDPOINT_ONLY = new RegExp(`^${SLUG}/${SLUG}$`);
function isSlug(text) {
  return SLUG_ONLY.test(text);
}
function isEndpoint(text) {
  return ENDPOINT_ONLY.test(text);
}

export {
  NO_HINTS,
  isSlug,
  isEndpoint
};
