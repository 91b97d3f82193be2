import {
  readYaml
} from "./chunk-5YWXGQHE.js";
import "./chunk-4UJKYKKR.js";
import "./chunk-U52VU3KD.js";
import "./chunk-SEWDMQ6Q.js";
export {
  readYaml
};
