import {
  readYaml
} from "./chunk-GTL7HYQ4.js";
import "./chunk-6E7MFPLW.js";
import "./chunk-U52VU3KD.js";
import "./chunk-SEWDMQ6Q.js";
export {
  readYaml
};
