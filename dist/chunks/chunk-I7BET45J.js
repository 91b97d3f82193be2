import {
  __commonJS
} from "./chunk-SEWDMQ6Q.js";

// builtin:fs
var require_fs = __commonJS({
  "builtin:fs"(exports, module) {
    module.exports = process.getBuiltinModule("node:fs");
  }
});

export {
  require_fs
};
