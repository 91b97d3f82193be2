import {
  openProvider,
  startVerification
} from "./chunk-JE5G74BB.js";
import "./chunk-FVYQQUXV.js";
import "./chunk-6Q7DFGK3.js";
import "./chunk-CR3KJFH5.js";
import "./chunk-WVZJCZRL.js";
import "./chunk-RYGG6NHQ.js";
import "./chunk-BNOIKOU6.js";
import "./chunk-HKK6JONK.js";
import "./chunk-A5SOBSKO.js";
import "./chunk-LCFWLN64.js";
import "./chunk-U52VU3KD.js";
import "./chunk-JIW5PEUP.js";
import "./chunk-6D63HNZV.js";
import "./chunk-SEWDMQ6Q.js";
export {
  openProvider,
  startVerification
};
