import {
  openProvider,
  startVerification
} from "./chunk-OYW4LIZT.js";
import "./chunk-ZG6GM3I7.js";
import "./chunk-6Q7DFGK3.js";
import "./chunk-QIUBOZHK.js";
import "./chunk-IZAP3JOU.js";
import "./chunk-RYGG6NHQ.js";
import "./chunk-BNOIKOU6.js";
import "./chunk-A5SOBSKO.js";
import "./chunk-U52VU3KD.js";
import "./chunk-JIW5PEUP.js";
import "./chunk-O3REALUM.js";
import "./chunk-SEWDMQ6Q.js";
export {
  openProvider,
  startVerification
};
