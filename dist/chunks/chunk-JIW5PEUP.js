import {
  __commonJS
} from "./chunk-SEWDMQ6Q.js";

// builtin:stream
var require_stream = __commonJS({
  "builtin:stream"(exports, module) {
    module.exports = process.getBuiltinModule("node:stream");
  }
});

// builtin:util
var require_util = __commonJS({
  "builtin:util"(exports, module) {
    module.exports = process.getBuiltinModule("node:util");
  }
});

export {
  require_util,
  require_stream
};
