import {
  readYaml
} from "./chunk-PMNM363B.js";
import "./chunk-U52VU3KD.js";
import "./chunk-SEWDMQ6Q.js";
export {
  readYaml
};
