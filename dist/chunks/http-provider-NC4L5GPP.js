import {
  HttpProvider
} from "./chunk-QNJZCVX3.js";
import "./chunk-IZAP3JOU.js";
import "./chunk-U52VU3KD.js";
import "./chunk-JIW5PEUP.js";
import "./chunk-O3REALUM.js";
import "./chunk-SEWDMQ6Q.js";
export {
  HttpProvider
};
