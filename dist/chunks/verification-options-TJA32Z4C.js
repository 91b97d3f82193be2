import {
  openProvider,
  startVerification
} from "./chunk-MP2XHNFX.js";
import "./chunk-DH6TFNSH.js";
import "./chunk-EKP7VN57.js";
import "./chunk-RYGG6NHQ.js";
import "./chunk-HWHZQRO4.js";
import "./chunk-XTIAGWPS.js";
import "./chunk-A5SOBSKO.js";
import "./chunk-JIW5PEUP.js";
import "./chunk-6D63HNZV.js";
import "./chunk-6Q7DFGK3.js";
import "./chunk-BNOIKOU6.js";
import "./chunk-O7S4ABFV.js";
import "./chunk-LCFWLN64.js";
import "./chunk-QQ2TBE5L.js";
import "./chunk-U52VU3KD.js";
import "./chunk-YV5PFDMU.js";
import "./chunk-SEWDMQ6Q.js";
export {
  openProvider,
  startVerification
};
