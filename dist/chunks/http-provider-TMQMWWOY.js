import {
  HttpProvider
} from "./chunk-SKHNMPY5.js";
import "./chunk-WVZJCZRL.js";
import "./chunk-U52VU3KD.js";
import "./chunk-JIW5PEUP.js";
import "./chunk-6D63HNZV.js";
import "./chunk-SEWDMQ6Q.js";
export {
  HttpProvider
};
