import {
  openProvider,
  startVerification
} from "./chunk-TUFK6O2J.js";
import "./chunk-WW626MDX.js";
import "./chunk-6Q7DFGK3.js";
import "./chunk-QVKLPCGU.js";
import "./chunk-CQ2FNR4F.js";
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
