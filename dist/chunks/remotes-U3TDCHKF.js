import {
  isSameRepository,
  originOf,
  urlsOfRemote
} from "./chunk-42BA5DAD.js";
import "./chunk-65EHQVBC.js";
import "./chunk-U52VU3KD.js";
import "./chunk-SEWDMQ6Q.js";
export {
  isSameRepository,
  originOf,
  urlsOfRemote
};
