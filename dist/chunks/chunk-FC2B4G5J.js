// src/core/api-hints.ts
var NO_HINTS = { projects: [], endpoints: [], hosts: [] };

export {
  NO_HINTS
};
