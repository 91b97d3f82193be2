import {
  __commonJS
} from "./chunk-SEWDMQ6Q.js";

// builtin:events
var require_events = __commonJS({
  "builtin:events"(exports, module) {
    module.exports = process.getBuiltinModule("node:events");
  }
});

export {
  require_events
};
