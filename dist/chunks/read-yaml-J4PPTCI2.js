import {
  readYaml
} from "./chunk-DKZAQ7PK.js";
import "./chunk-ZXIQRVFO.js";
import "./chunk-U52VU3KD.js";
import "./chunk-SEWDMQ6Q.js";
export {
  readYaml
};
