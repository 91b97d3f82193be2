import {
  resolveTarget
} from "./chunk-GPF7DXG7.js";
import "./chunk-U52VU3KD.js";
import "./chunk-SEWDMQ6Q.js";
export {
  resolveTarget
};
