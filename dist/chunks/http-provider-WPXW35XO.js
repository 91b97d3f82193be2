import {
  HttpProvider
} from "./chunk-EB2MWRZ2.js";
import "./chunk-UEWVBQW2.js";
import "./chunk-U52VU3KD.js";
import "./chunk-JIW5PEUP.js";
import "./chunk-O3REALUM.js";
import "./chunk-SEWDMQ6Q.js";
export {
  HttpProvider
};
