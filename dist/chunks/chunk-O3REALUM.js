import {
  __commonJS
} from "./chunk-SEWDMQ6Q.js";

// builtin:path
var require_path = __commonJS({
  "builtin:path"(exports, module) {
    module.exports = process.getBuiltinModule("node:path");
  }
});

// builtin:events
var require_events = __commonJS({
  "builtin:events"(exports, module) {
    module.exports = process.getBuiltinModule("node:events");
  }
});

export {
  require_events,
  require_path
};
