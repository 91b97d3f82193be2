// src/core/verdict.ts
var UNCHECKED = { state: "unchecked", reason: "verification was not asked for" };

export {
  UNCHECKED
};
