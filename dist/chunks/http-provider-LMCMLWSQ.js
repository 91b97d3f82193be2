import {
  HttpProvider
} from "./chunk-ODIODERS.js";
import "./chunk-SSTVUY7X.js";
import "./chunk-U52VU3KD.js";
import "./chunk-JIW5PEUP.js";
import "./chunk-O3REALUM.js";
import "./chunk-SEWDMQ6Q.js";
export {
  HttpProvider
};
