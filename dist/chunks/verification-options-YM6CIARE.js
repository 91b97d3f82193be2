import {
  openProvider,
  startVerification
} from "./chunk-5JKBDMO4.js";
import "./chunk-ZG6GM3I7.js";
import "./chunk-6Q7DFGK3.js";
import "./chunk-ZT6UYQFS.js";
import "./chunk-7OH5CL3T.js";
import "./chunk-RYGG6NHQ.js";
import "./chunk-BNOIKOU6.js";
import "./chunk-A5SOBSKO.js";
import "./chunk-U52VU3KD.js";
import "./chunk-JIW5PEUP.js";
import "./chunk-6D63HNZV.js";
import "./chunk-SEWDMQ6Q.js";
export {
  openProvider,
  startVerification
};
