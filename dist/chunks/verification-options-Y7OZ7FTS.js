import {
  openProvider,
  startVerification
} from "./chunk-TUQZTHMB.js";
import "./chunk-MN43BUUL.js";
import "./chunk-352LF2GJ.js";
import "./chunk-ZGB45KPS.js";
import "./chunk-UEWVBQW2.js";
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
