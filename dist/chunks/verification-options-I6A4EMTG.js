import {
  openProvider,
  startVerification
} from "./chunk-STDF7PAK.js";
import "./chunk-OORWJKG6.js";
import "./chunk-352LF2GJ.js";
import "./chunk-JNMDICTY.js";
import "./chunk-SSTVUY7X.js";
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
