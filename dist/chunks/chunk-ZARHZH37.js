import {
  __commonJS
} from "./chunk-SEWDMQ6Q.js";

// builtin:fs
var require_fs = __commonJS({
  "builtin:fs"(exports, module) {
    module.exports = process.getBuiltinModule("node:fs");
  }
});

// builtin:path
var require_path = __commonJS({
  "builtin:path"(exports, module) {
    module.exports = process.getBuiltinModule("node:path");
  }
});

export {
  require_path,
  require_fs
};
