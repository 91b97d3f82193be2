import {
  HttpProvider
} from "./chunk-NIREKKVF.js";
import "./chunk-EKP7VN57.js";
import "./chunk-JIW5PEUP.js";
import "./chunk-6D63HNZV.js";
import "./chunk-U52VU3KD.js";
import "./chunk-SEWDMQ6Q.js";
export {
  HttpProvider
};
