import {
  completionScript
} from "./chunk-32RETLF3.js";
import "./chunk-SEWDMQ6Q.js";
export {
  completionScript
};
