// src/core/version.generated.ts
var VERSION = "0.1.0";

export {
  VERSION
};
