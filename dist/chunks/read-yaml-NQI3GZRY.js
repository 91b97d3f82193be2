import {
  readYaml
} from "./chunk-47JVWNZW.js";
import "./chunk-U52VU3KD.js";
import "./chunk-SEWDMQ6Q.js";
export {
  readYaml
};
