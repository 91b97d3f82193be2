import {
  openProvider,
  startVerification
} from "./chunk-KG7ISZNL.js";
import "./chunk-CEGD7WSP.js";
import "./chunk-RYGG6NHQ.js";
import "./chunk-BNOIKOU6.js";
import "./chunk-KBFVNQPF.js";
import "./chunk-352LF2GJ.js";
import "./chunk-ADBWSUYU.js";
import "./chunk-U52VU3KD.js";
import "./chunk-JIW5PEUP.js";
import "./chunk-O3REALUM.js";
import "./chunk-SEWDMQ6Q.js";
export {
  openProvider,
  startVerification
};
