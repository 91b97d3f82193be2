import {
  HttpProvider
} from "./chunk-NOJ7URBU.js";
import "./chunk-CQ2FNR4F.js";
import "./chunk-U52VU3KD.js";
import "./chunk-JIW5PEUP.js";
import "./chunk-O3REALUM.js";
import "./chunk-SEWDMQ6Q.js";
export {
  HttpProvider
};
