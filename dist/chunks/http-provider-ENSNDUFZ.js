import {
  HttpProvider
} from "./chunk-F5IDSNSH.js";
import "./chunk-7OH5CL3T.js";
import "./chunk-U52VU3KD.js";
import "./chunk-JIW5PEUP.js";
import "./chunk-6D63HNZV.js";
import "./chunk-SEWDMQ6Q.js";
export {
  HttpProvider
};
