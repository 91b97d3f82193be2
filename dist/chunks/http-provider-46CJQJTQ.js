import {
  HttpProvider
} from "./chunk-NJA7YMMV.js";
import "./chunk-RMH7QLIH.js";
import "./chunk-U52VU3KD.js";
import "./chunk-JIW5PEUP.js";
import "./chunk-O3REALUM.js";
import "./chunk-SEWDMQ6Q.js";
export {
  HttpProvider
};
